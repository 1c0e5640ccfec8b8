//! For how long the process of an open change has said nothing, by the clock of this process alone: clocks may
//! differ, so what stands in the store is only compared with what stood there before.

use std::collections::HashMap;
use std::time::{Duration, Instant};

/// For how long nothing must have been said.
pub(super) const SILENCE: Duration = Duration::from_secs(30);

/// What was said last of each open change.
#[derive(Default)]
pub(super) struct Silences(HashMap<String, Said>);

struct Said {
    alive_until: i64,
    since: Instant,
}

impl Silences {
    /// Notes what stands in the store now. Whether it has been the same for so long that nobody makes the
    /// change any more.
    pub(super) fn is_long(&mut self, id: &str, alive_until: i64, now: Instant) -> bool {
        let said = self.0.entry(id.to_owned()).or_insert(Said { alive_until, since: now });
        if said.alive_until != alive_until {
            *said = Said { alive_until, since: now };
        }
        now.duration_since(said.since) >= SILENCE
    }

    /// Forgets the changes that are not open any more.
    pub(super) fn keep_only(&mut self, is_open: impl Fn(&str) -> bool) {
        self.0.retain(|id, _| is_open(id));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_stayed_the_same_long_enough_is_taken_for_left() {
        let (mut silences, begin) = (Silences::default(), Instant::now());
        let at = |seconds| begin + Duration::from_secs(seconds);
        // However long ago the time is that stands there: nothing is concluded from it.
        assert!(!silences.is_long("a", 1, at(0)));
        assert!(!silences.is_long("a", 1, at(29)));
        assert!(silences.is_long("a", 1, at(30)));
    }

    #[test]
    fn a_process_that_says_something_is_alive_whatever_its_clock_says() {
        let (mut silences, begin) = (Silences::default(), Instant::now());
        let at = |seconds| begin + Duration::from_secs(seconds);
        assert!(!silences.is_long("a", 9_000, at(0)));
        assert!(!silences.is_long("a", 8_000, at(29)), "its clock was set back");
        assert!(!silences.is_long("a", 8_000, at(58)));
        silences.keep_only(|id| id != "a");
        assert!(!silences.is_long("a", 8_000, at(70)), "it was forgotten meanwhile");
    }
}
