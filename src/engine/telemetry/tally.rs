//! Counts calls minute by minute, with the distribution of how long they took.

use super::call::{Call, Outcome};
use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// Calls that went to a tool which does not exist are counted under this name, so that no caller
/// decides how many metrics there are.
pub(super) const UNKNOWN: &str = "unknown";

/// What calls are told apart by. Never a user.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Dimensions {
    pub(super) server: &'static str,
    pub(super) tool: String,
    pub(super) outcome: Outcome,
}

/// The calls of one minute.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Counted {
    /// How many.
    pub(super) calls: u64,
    /// How long they took: milliseconds with three significant digits, and how often. Keyed by the bits
    /// of the number, which for positive numbers have its order.
    pub(super) durations: BTreeMap<u64, u32>,
}

impl Counted {
    /// Adds other calls.
    pub(super) fn add(&mut self, other: &Counted) {
        self.calls += other.calls;
        for (bits, count) in &other.durations {
            let total = self.durations.entry(*bits).or_default();
            *total = total.saturating_add(*count);
        }
    }

    /// Milliseconds, and how many calls took as long.
    pub(super) fn durations(&self) -> impl Iterator<Item = (f64, f64)> {
        self.durations.iter().map(|(bits, count)| (f64::from_bits(*bits), f64::from(*count)))
    }
}

/// The calls of a minute by dimensions. The key is the minute: epoch seconds divided by 60.
pub(super) type Minutes = BTreeMap<i64, BTreeMap<Dimensions, Counted>>;

/// The greatest share of its places that each server had in use, by minute.
pub(super) type Peaks = BTreeMap<(i64, &'static str), f64>;

/// Counts that wait to be published.
#[derive(Debug, Default)]
pub(super) struct Tally {
    minutes: Mutex<Minutes>,
    peaks: Mutex<Peaks>,
    lost_lines: Mutex<u64>,
}

/// Minutes that wait while `CloudWatch` is away. Older ones are dropped.
const MOST_MINUTES: usize = 180;

/// More servers than there are.
const MOST_SERVERS: usize = 16;

impl Tally {
    /// Counts a call of a tool.
    pub(super) fn count(&self, call: &Call<'_>) {
        let dimensions = Dimensions {
            server: call.server.unwrap_or(UNKNOWN),
            tool: if call.server.is_some() { call.tool.to_owned() } else { UNKNOWN.to_owned() },
            outcome: call.outcome,
        };
        let bits = three_digits(call.milliseconds()).to_bits();
        let mut minutes = lock(&self.minutes);
        let minute = minutes.entry(call.time.as_second().div_euclid(60)).or_default();
        let counted = minute.entry(dimensions).or_default();
        counted.calls += 1;
        let count = counted.durations.entry(bits).or_default();
        *count = count.saturating_add(1);
    }

    /// Notes which share of its places a server has in use.
    pub(super) fn note_peak(&self, minute: i64, server: &'static str, share: f64) {
        let mut peaks = lock(&self.peaks);
        let peak = peaks.entry((minute, server)).or_default();
        *peak = peak.max(share);
        while peaks.len() > MOST_MINUTES * MOST_SERVERS {
            peaks.pop_first();
        }
    }

    /// Takes the peaks of the minutes before one.
    pub(super) fn take_peaks_before(&self, minute: i64) -> Peaks {
        let mut peaks = lock(&self.peaks);
        let later = peaks.split_off(&(minute, ""));
        std::mem::replace(&mut *peaks, later)
    }

    /// Counts lines that were lost.
    pub(super) fn count_lost(&self, lines: u64) {
        *lock(&self.lost_lines) += lines;
    }

    /// Takes the lines lost since the last time.
    pub(super) fn take_lost(&self) -> u64 {
        std::mem::take(&mut *lock(&self.lost_lines))
    }

    /// Takes what was counted before a minute; all of it with `i64::MAX`.
    pub(super) fn take_before(&self, minute: i64) -> Minutes {
        let mut minutes = lock(&self.minutes);
        let later = minutes.split_off(&minute);
        std::mem::replace(&mut *minutes, later)
    }

    /// Puts back what could not be published.
    pub(super) fn put_back(&self, returned: Minutes) {
        let mut minutes = lock(&self.minutes);
        for (minute, counts) in returned {
            let kept = minutes.entry(minute).or_default();
            for (dimensions, counted) in counts {
                kept.entry(dimensions).or_default().add(&counted);
            }
        }
        while minutes.len() > MOST_MINUTES {
            minutes.pop_first();
        }
    }
}

/// A panic elsewhere leaves counts that are still right.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Rounds to three significant digits: an error of at most 0.5 %, and at most 900 different values for
/// each power of ten.
fn three_digits(milliseconds: f64) -> f64 {
    if milliseconds <= 0.0 || !milliseconds.is_finite() {
        return 0.0;
    }
    let scale = 10_f64.powf(2.0 - milliseconds.log10().floor());
    (milliseconds * scale).round() / scale
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::telemetry::call::CallEvent;
    use std::time::Duration;

    fn call(time: &str, server: Option<&'static str>, micros: u64) -> Call<'static> {
        Call {
            time: time.parse().expect("a time"),
            event: CallEvent::ToolCall,
            request_id: "req_1",
            principal: "somebody",
            role: "admin",
            server,
            tool: "get_contract",
            outcome: Outcome::Ok,
            error_kind: None,
            error: None,
            duration: Duration::from_micros(micros),
            source: "rest",
            session: None,
        }
    }

    #[test]
    fn calls_of_a_minute_are_added_up_with_their_durations() {
        let tally = Tally::default();
        for micros in [1000, 1000, 2500] {
            tally.count(&call("2026-11-24T09:30:10Z", Some("s3"), micros));
        }
        tally.count(&call("2026-11-24T09:31:00Z", Some("s3"), 1000));
        let minute = 1_795_512_600 / 60;
        let taken = tally.take_before(minute + 1);
        assert_eq!(taken.keys().copied().collect::<Vec<_>>(), [minute]);
        let counted = taken[&minute].values().next().expect("a count");
        assert_eq!(counted.calls, 3);
        assert_eq!(counted.durations().collect::<Vec<_>>(), [(1.0, 2.0), (2.5, 1.0)]);
        tally.put_back(taken);
        assert_eq!(tally.take_before(i64::MAX).len(), 2);
    }

    #[test]
    fn no_caller_decides_how_many_metrics_there_are() {
        let tally = Tally::default();
        for name in ["a", "b", "c"] {
            tally.count(&Call { tool: name, ..call("2026-11-24T09:30:10Z", None, 1) });
        }
        let taken = tally.take_before(i64::MAX);
        let dimensions: Vec<_> = taken.values().flat_map(BTreeMap::keys).collect();
        assert_eq!(
            dimensions,
            [&Dimensions { server: UNKNOWN, tool: UNKNOWN.to_owned(), outcome: Outcome::Ok }]
        );
    }

    #[test]
    fn durations_keep_three_digits() {
        assert_eq!(three_digits(1234.5).to_string(), "1230");
        assert_eq!(three_digits(0.012_345).to_string(), "0.0123");
        assert_eq!(three_digits(999.9).to_string(), "1000");
        assert_eq!(three_digits(0.0).to_string(), "0");
    }

    #[test]
    fn the_greatest_share_of_a_minute_is_kept() {
        let tally = Tally::default();
        for share in [0.2, 0.9, 0.5] {
            tally.note_peak(7, "s3", share);
        }
        tally.note_peak(8, "s3", 0.1);
        assert_eq!(tally.take_peaks_before(8).into_iter().collect::<Vec<_>>(), [((7, "s3"), 0.9)]);
        assert_eq!(tally.take_peaks_before(i64::MAX).len(), 1);
    }

    #[test]
    fn what_waits_is_bounded() {
        let tally = Tally::default();
        let minutes = (0..1000).map(|minute| (minute, BTreeMap::new())).collect();
        tally.put_back(minutes);
        assert_eq!(tally.take_before(i64::MAX).len(), MOST_MINUTES);
    }
}
