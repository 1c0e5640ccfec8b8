//! When somebody was there: sessions, and busy hours of the day.

use crate::model::activity::{ActivitySession, BusyHour};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use std::collections::BTreeMap;

/// A pause longer than this ends a session, in minutes.
const PAUSE: i64 = 30;

/// How many busy hours are named.
const BUSY_HOURS: usize = 3;

/// Sessions from the actions of each minute, in any order.
pub(crate) fn sessions(minutes: &[(Timestamp, u64)]) -> Vec<ActivitySession> {
    let mut by_minute: BTreeMap<i64, u64> = BTreeMap::new();
    for (minute, actions) in minutes.iter().filter(|(_, actions)| *actions > 0) {
        *by_minute.entry(minute.as_second().div_euclid(60)).or_default() += actions;
    }
    let mut sessions: Vec<(i64, i64, u64)> = Vec::new();
    for (minute, actions) in by_minute {
        match sessions.last_mut() {
            Some((_, last, sum)) if minute - *last <= PAUSE => {
                *last = minute;
                *sum += actions;
            }
            _ => sessions.push((minute, minute, actions)),
        }
    }
    let text = |minute: i64| Timestamp::from_second(minute * 60).map(|time| time.to_string());
    let session = |(first, last, actions)| {
        Some(ActivitySession { start_time: text(first).ok()?, end_time: text(last).ok()?, actions })
    };
    sessions.into_iter().filter_map(session).collect()
}

/// The hours of the day with most actions, most first; equal ones in the order of the day.
pub(crate) fn busiest_hours(minutes: &[(Timestamp, u64)], zone: &TimeZone) -> Vec<BusyHour> {
    let mut by_hour: BTreeMap<u8, u64> = BTreeMap::new();
    for (minute, actions) in minutes {
        let hour = u8::try_from(minute.to_zoned(zone.clone()).hour()).unwrap_or_default();
        *by_hour.entry(hour).or_default() += actions;
    }
    let mut hours: Vec<_> = by_hour.into_iter().map(|(hour, actions)| BusyHour { hour, actions }).collect();
    hours.retain(|hour| hour.actions > 0);
    hours.sort_by_key(|hour| std::cmp::Reverse(hour.actions));
    hours.truncate(BUSY_HOURS);
    hours
}

#[cfg(test)]
mod tests {
    use super::*;

    fn minutes(times: &[(&str, u64)]) -> Vec<(Timestamp, u64)> {
        times.iter().map(|(time, actions)| (time.parse().expect("a time"), *actions)).collect()
    }

    #[test]
    fn a_pause_of_more_than_thirty_minutes_ends_a_session() {
        let found = sessions(&minutes(&[
            ("2026-11-24T10:31:00Z", 1),
            ("2026-11-24T09:30:00Z", 2),
            ("2026-11-24T10:00:00Z", 3),
        ]));
        let ends: Vec<_> =
            found.iter().map(|s| (s.start_time.as_str(), s.end_time.as_str(), s.actions)).collect();
        assert_eq!(
            ends,
            [
                ("2026-11-24T09:30:00Z", "2026-11-24T10:00:00Z", 5),
                ("2026-11-24T10:31:00Z", "2026-11-24T10:31:00Z", 1)
            ]
        );
        assert!(sessions(&[]).is_empty());
    }

    #[test]
    fn hours_are_those_of_the_zone_also_across_a_change_of_clocks() {
        let oslo = TimeZone::get("Europe/Oslo").expect("a zone");
        // Summer time ended on 25 October 2026 at 01:00 UTC: both are 10 o'clock in Oslo.
        let found = busiest_hours(
            &minutes(&[
                ("2026-10-24T08:05:00Z", 2),
                ("2026-10-26T09:05:00Z", 2),
                ("2026-10-26T22:00:00Z", 1),
                ("2026-10-26T06:00:00Z", 1),
                ("2026-10-26T12:00:00Z", 1),
            ]),
            &oslo,
        );
        let hours: Vec<_> = found.iter().map(|hour| (hour.hour, hour.actions)).collect();
        assert_eq!(hours, [(10, 4), (7, 1), (13, 1)]);
    }
}
