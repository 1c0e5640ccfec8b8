//! What is known to be used up: attempts that the store has refused, until it will admit the next one.
//!
//! Until then the store would say the same, so a flood of attempts does not ask it again and again, and leaves its time
//! to those who are signed in. Nothing is admitted by what is known here.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// Of how many names it is known. Of others the store is asked.
const MOST: usize = 10_000;

/// Names whose attempts are used up, and the moments of their next ones.
#[derive(Debug, Default)]
pub(super) struct UsedUp(Mutex<HashMap<String, Instant>>);

impl UsedUp {
    /// How long it takes until a name has an attempt again; none where that is not known, or over.
    pub(super) fn wait_of(&self, name: &str, now: Instant) -> Option<Duration> {
        self.known().get(name)?.checked_duration_since(now).filter(|wait| !wait.is_zero())
    }

    /// Keeps that the store, when it was asked, had the next attempt after a time.
    pub(super) fn keep(&self, name: &str, asked: Instant, wait: Duration) {
        let mut known = self.known();
        if known.len() >= MOST {
            known.retain(|_, next| *next > asked);
        }
        if known.len() < MOST {
            known.insert(name.to_owned(), asked + wait);
        }
    }

    /// The attempts of a name were forgotten.
    pub(super) fn forget(&self, name: &str) {
        self.known().remove(name);
    }

    fn known(&self) -> MutexGuard<'_, HashMap<String, Instant>> {
        // What is kept here is whole at any moment, so a thread that panicked has not spoilt it.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_used_up_is_known_until_the_next_attempt_and_not_a_moment_longer() {
        let (used_up, asked) = (UsedUp::default(), Instant::now());
        let after = |millis| asked + Duration::from_millis(millis);
        used_up.keep("one", asked, Duration::from_secs(2));
        assert_eq!(used_up.wait_of("one", after(500)), Some(Duration::from_millis(1_500)));
        assert_eq!(used_up.wait_of("one", after(2_000)), None);
        assert_eq!(used_up.wait_of("another", after(0)), None);
    }

    #[test]
    fn whoever_has_all_attempts_again_is_not_kept_away() {
        let (used_up, asked) = (UsedUp::default(), Instant::now());
        used_up.keep("one", asked, Duration::from_secs(30));
        used_up.forget("one");
        assert_eq!(used_up.wait_of("one", asked), None);
    }

    #[test]
    fn no_flood_of_names_takes_the_memory_and_those_that_are_over_make_room() {
        let (used_up, asked) = (UsedUp::default(), Instant::now());
        for number in 0..MOST {
            used_up.keep(&number.to_string(), asked, Duration::from_secs(1));
        }
        used_up.keep("too many", asked, Duration::from_secs(1));
        assert_eq!(used_up.wait_of("too many", asked), None, "of this one the store is asked");
        let later = asked + Duration::from_secs(1);
        used_up.keep("later", later, Duration::from_secs(1));
        assert_eq!(used_up.wait_of("later", later), Some(Duration::from_secs(1)));
        assert_eq!(used_up.known().len(), 1);
    }
}
