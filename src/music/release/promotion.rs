//! The four phases of a promotion, and targets that come from the artist's own past.

use super::calendar::Task;
use super::percentile::quantile;
use super::rules::{Rules, plus};
use jiff::civil::Date;

/// The days of the phase before a release where no rule for pitches is known.
const USUAL_ANNOUNCEMENT: i32 = 21;

/// A phase with what is to be done in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Phase {
    /// Its name.
    pub name: &'static str,
    /// Its first day.
    pub from: Date,
    /// Its last day.
    pub to: Date,
    /// Its tasks in order of time.
    pub tasks: Vec<Task>,
}

/// Prepare, announce, release week, keep going: the four phases around a release day, with the tasks of each.
/// A task before the first phase or after the last one belongs to the nearest.
pub fn phases(start: Date, release: Date, rules: &Rules, tasks: Vec<Task>) -> Vec<Phase> {
    let announced = rules.pitch_advised.as_ref().map_or(USUAL_ANNOUNCEMENT, |rule| rule.value);
    let announce = plus(release, -announced);
    let start = start.min(plus(announce, -1));
    let mut phases = [
        ("Prepare", start, plus(announce, -1)),
        ("Announce", announce, plus(release, -1)),
        ("Release week", release, plus(release, 6)),
        ("Keep going", plus(release, 7), plus(release, 27)),
    ]
    .map(|(name, from, to)| Phase { name, from, to, tasks: Vec::new() });
    for task in tasks {
        let place = phases.iter().position(|phase| task.date <= phase.to).unwrap_or(phases.len() - 1);
        phases[place].tasks.push(task);
    }
    for phase in &mut phases {
        phase.tasks.sort_by_key(|task| task.date);
    }
    phases.into()
}

/// What to aim at: the middle and the upper quarter of what the artist's own releases did.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Target {
    /// The median; none without a release.
    pub median: Option<f64>,
    /// The 75th percentile; none with fewer than two releases.
    pub upper: Option<f64>,
    /// How many releases it comes from.
    pub releases: u32,
}

/// The target that past values make, by Hazen's plotting positions.
pub fn target(past: &[f64]) -> Target {
    Target {
        median: quantile(past, 0.5),
        upper: if past.len() >= 2 { quantile(past, 0.75) } else { None },
        releases: u32::try_from(past.len()).unwrap_or(u32::MAX),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    fn task(date: Date) -> Task {
        Task { date, task: "do".to_owned(), reason: "Because.".to_owned(), rule: None }
    }

    #[test]
    fn each_task_is_in_the_phase_of_its_day() {
        let release = date(2027, 1, 8);
        let days = [date(2027, 3, 1), date(2026, 12, 1), date(2027, 1, 1), date(2027, 1, 8)];
        let found = phases(date(2026, 11, 22), release, &Rules::default(), days.map(task).into());
        let spans: Vec<_> = found.iter().map(|phase| (phase.name, phase.tasks.len())).collect();
        assert_eq!(spans, [("Prepare", 1), ("Announce", 1), ("Release week", 1), ("Keep going", 1)]);
        assert!(found.windows(2).all(|pair| plus(pair[0].to, 1) == pair[1].from));
    }

    #[test]
    fn targets_come_from_the_past_or_not_at_all() {
        assert_eq!(target(&[]), Target { median: None, upper: None, releases: 0 });
        assert_eq!(target(&[5.0]), Target { median: Some(5.0), upper: None, releases: 1 });
        assert_eq!(target(&[1.0, 2.0, 4.0, 8.0]).upper, Some(6.0));
    }
}
