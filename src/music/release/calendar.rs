//! The calendar backwards from a release day: what must be done by when.

use super::rules::{ClosedWeeks, plus};
use jiff::civil::Date;

/// Something that must be done so many days before the release.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Deadline {
    /// The id of the entry of the knowledge base that says so.
    pub rule: &'static str,
    /// Days before the release; below zero after it.
    pub days_before: i32,
    /// Whether somebody else must be at work that day: then it moves to before the closed weeks.
    pub needs_open_day: bool,
    /// What is to be done.
    pub task: String,
    /// Why then.
    pub reason: String,
}

/// A task with its day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Task {
    /// The day.
    pub date: Date,
    /// What is to be done.
    pub task: String,
    /// Why then.
    pub reason: String,
    /// The id of the entry that says so.
    pub rule: Option<&'static str>,
}

/// The deadlines of a release as days, in order of time.
pub fn backwards(release: Date, deadlines: &[Deadline], closed: Option<ClosedWeeks>) -> Vec<Task> {
    let mut tasks: Vec<Task> = deadlines.iter().map(|deadline| task(release, deadline, closed)).collect();
    tasks.sort_by_key(|task| task.date);
    tasks
}

fn task(release: Date, deadline: &Deadline, closed: Option<ClosedWeeks>) -> Task {
    let planned = plus(release, -deadline.days_before);
    let date = match closed.filter(|_| deadline.needs_open_day) {
        Some(closed) => closed.open_before(planned),
        None => planned,
    };
    let mut reason = deadline.reason.clone();
    if date != planned {
        reason.push_str(" Moved ahead, because stores and distributors are closed on the day itself.");
    }
    Task { date, task: deadline.task.clone(), reason, rule: Some(deadline.rule) }
}

#[cfg(test)]
mod tests {
    use super::super::rules::YearDay;
    use super::*;
    use jiff::civil::date;

    fn deadline(days_before: i32, needs_open_day: bool) -> Deadline {
        let text = |text: &str| text.to_owned();
        Deadline { rule: "a-rule", days_before, needs_open_day, task: text("do"), reason: text("Because.") }
    }

    #[test]
    fn tasks_are_in_order_and_deliveries_come_before_the_closed_weeks() {
        let closed = ClosedWeeks { from: YearDay { month: 12, day: 18 }, to: YearDay { month: 1, day: 1 } };
        let deadlines = [deadline(0, false), deadline(14, false), deadline(14, true), deadline(-28, false)];
        let tasks = backwards(date(2027, 1, 8), &deadlines, Some(closed));
        let days: Vec<Date> = tasks.iter().map(|task| task.date).collect();
        assert_eq!(days, [date(2026, 12, 17), date(2026, 12, 25), date(2027, 1, 8), date(2027, 2, 5)]);
        assert!(tasks[0].reason.contains("Moved ahead"));
    }
}
