//! The deadlines before a release and what comes after it, as entries of the knowledge base say them.

use super::rules::{Shelf, told};
use crate::model::release_dates::TaskView;
use crate::music::release::calendar::{Deadline, Task};
use crate::music::release::rules::Rules;

/// Days of a week.
const WEEK: i32 = 7;

/// What has a fixed number of days before the release: the entry, the task, and whether somebody else must be
/// at work that day.
const BEFORE: [(&str, &str, bool); 6] = [
    ("pitch-advised-lead", "Pitch the song to editors in Spotify for Artists", false),
    ("amazon-pitch", "Last day for a pitch to Amazon Music", false),
    ("apple-pitch", "Last day for a pitch to Apple Music, where your distributor offers one", false),
    ("spotify-pitch-deadline", "Last day for a pitch that guarantees Release Radar", false),
    ("spotify-delivery-lead", "Last day on which the delivery must have reached Spotify", true),
    ("spotify-update-lead", "Last day for corrections at Spotify", true),
];

impl From<Task> for TaskView {
    fn from(task: Task) -> Self {
        Self {
            date: task.date.to_string(),
            task: task.task,
            reason: task.reason,
            source: task.rule.map(str::to_owned),
        }
    }
}

/// The deadlines of a release. What no entry in force says is left out.
pub(super) fn of(shelf: &Shelf, rules: &Rules, own_lead: Option<i32>) -> Vec<Deadline> {
    let mut deadlines = Vec::new();
    if let Some((rule, entry)) = rules.advised_lead.and_then(|rule| Some((rule, shelf.entry(rule.id)?))) {
        deadlines.push(Deadline {
            rule: rule.id,
            days_before: rule.value.least.max(own_lead.unwrap_or(0)),
            needs_open_day: true,
            task: "Deliver masters, cover and metadata to the distributor".to_owned(),
            reason: told(entry),
        });
    }
    for (id, task, needs_open_day) in BEFORE {
        let (Some(rule), Some(entry)) = (shelf.number(id), shelf.entry(id)) else { continue };
        deadlines.push(Deadline {
            rule: rule.id,
            days_before: rule.value,
            needs_open_day,
            task: task.to_owned(),
            reason: told(entry),
        });
    }
    if let Some(entry) = shelf.entry("release-day-friday") {
        deadlines.push(Deadline {
            rule: &entry.id,
            days_before: 0,
            needs_open_day: false,
            task: "Release day: check that the release is live in every store".to_owned(),
            reason: told(entry),
        });
    }
    if let (Some(rule), Some(entry)) = (shelf.number("release-radar"), shelf.entry("release-radar")) {
        deadlines.push(Deadline {
            rule: rule.id,
            days_before: -rule.value * WEEK,
            needs_open_day: false,
            task: "The song leaves Release Radar by now".to_owned(),
            reason: told(entry),
        });
    }
    deadlines
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::release::ReleaseKind;
    use crate::music::release::calendar::backwards;
    use jiff::civil::date;

    #[test]
    fn the_calendar_of_a_january_single_is_delivered_before_christmas() {
        let shelf = Shelf::of(date(2026, 11, 22)).expect("the entries are right");
        let rules = shelf.rules(ReleaseKind::Single);
        let deadlines = of(&shelf, &rules, None);
        let tasks = backwards(date(2027, 1, 8), &deadlines, rules.closed.map(|rule| rule.value));
        let days: Vec<String> = tasks.iter().map(|task| task.date.to_string()).collect();
        assert_eq!(tasks.len(), 9, "{tasks:?}");
        assert_eq!(days.first().map(String::as_str), Some("2026-12-17"));
        assert!(tasks.iter().all(|task| task.rule.is_some_and(|id| shelf.entry(id).is_some())));
        let radar = tasks.iter().find(|task| task.task.contains("guarantees")).expect("the last day");
        assert_eq!(radar.date, date(2027, 1, 1));
    }
}
