//! What the last minute of calls was like: how many, how many failed, how long they took.

use super::Moment;
use std::collections::VecDeque;
use std::time::Duration;

/// The time that counts as now.
const MINUTE: Duration = Duration::from_mins(1);

/// The most calls that are remembered one by one for the response time.
const REMEMBERED: usize = 256;

/// How long a slot of the counts is, in seconds.
const SLOT: u64 = 5;

/// The calls of the last minute.
#[derive(Debug, Default)]
pub(super) struct Window {
    slots: VecDeque<Slot>,
    durations: VecDeque<(Moment, Duration)>,
}

#[derive(Debug)]
struct Slot {
    number: u64,
    calls: u32,
    failures: u32,
}

/// The figures of a minute.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(super) struct Figures {
    /// Calls that ended.
    pub(super) calls: u32,
    /// Those that failed by the server's fault.
    pub(super) failures: u32,
    /// Half of them took at most this, in milliseconds; none without calls.
    pub(super) median_ms: Option<f64>,
    /// 95 of 100 took at most this.
    pub(super) p95_ms: Option<f64>,
}

impl Figures {
    /// The share of calls that failed; none without calls.
    pub(super) fn error_rate(self) -> Option<f64> {
        (self.calls > 0).then(|| f64::from(self.failures) / f64::from(self.calls))
    }
}

impl Window {
    /// Notes a call that ended.
    pub(super) fn note(&mut self, at: Moment, took: Duration, failed: bool) {
        self.forget(at);
        let number = at.as_secs() / SLOT;
        if self.slots.back().is_none_or(|slot| slot.number < number) {
            self.slots.push_back(Slot { number, calls: 0, failures: 0 });
        }
        if let Some(slot) = self.slots.back_mut() {
            slot.calls = slot.calls.saturating_add(1);
            slot.failures = slot.failures.saturating_add(u32::from(failed));
        }
        if self.durations.len() == REMEMBERED {
            self.durations.pop_front();
        }
        self.durations.push_back((at, took));
    }

    /// The figures of the minute before a moment.
    pub(super) fn figures(&mut self, at: Moment) -> Figures {
        self.forget(at);
        let mut took: Vec<Duration> = self.durations.iter().map(|(_, took)| *took).collect();
        took.sort_unstable();
        Figures {
            calls: self.slots.iter().map(|slot| slot.calls).sum(),
            failures: self.slots.iter().map(|slot| slot.failures).sum(),
            median_ms: percentile(&took, 50),
            p95_ms: percentile(&took, 95),
        }
    }

    fn forget(&mut self, at: Moment) {
        let oldest = at.saturating_sub(MINUTE);
        while self.slots.front().is_some_and(|slot| (slot.number + 1) * SLOT <= oldest.as_secs()) {
            self.slots.pop_front();
        }
        while self.durations.front().is_some_and(|(then, _)| *then < oldest) {
            self.durations.pop_front();
        }
    }
}

/// The smallest value that so many of 100 do not exceed.
fn percentile(sorted: &[Duration], percent: usize) -> Option<f64> {
    let rank = (sorted.len() * percent).div_ceil(100).max(1);
    sorted.get(rank - 1).map(|took| took.as_secs_f64() * 1000.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(second: u64) -> Moment {
        Duration::from_secs(second)
    }

    #[test]
    fn tells_of_the_last_minute_only() {
        let mut window = Window::default();
        for second in 0..30 {
            window.note(at(second), Duration::from_millis(second + 1), second % 3 == 0);
        }
        let figures = window.figures(at(30));
        assert_eq!((figures.calls, figures.failures), (30, 10));
        assert_eq!((figures.median_ms, figures.p95_ms), (Some(15.0), Some(29.0)));
        assert_eq!(figures.error_rate(), Some(1.0 / 3.0));
        assert_eq!(window.figures(at(200)), Figures::default());
    }

    #[test]
    fn what_is_remembered_is_bounded() {
        let mut window = Window::default();
        for _ in 0..10_000 {
            window.note(at(1), Duration::from_millis(1), false);
        }
        assert_eq!(window.durations.len(), REMEMBERED);
        assert_eq!(window.figures(at(2)).calls, 10_000);
    }
}
