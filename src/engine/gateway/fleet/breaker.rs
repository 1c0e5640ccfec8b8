//! The circuit breaker of a server: where more than half of its calls fail, the next are refused at once
//! for a while, then one is tried.

use super::Moment;
use std::collections::VecDeque;
use std::time::Duration;

/// Calls that are looked at. Before there are as many, the circuit stays closed.
const CALLS: usize = 100;

/// How long an open circuit refuses calls.
const COOLDOWN: Duration = Duration::from_secs(10);

/// How long the one call that is tried may take before another is.
const TRIAL: Duration = Duration::from_secs(30);

/// What the breaker remembers.
#[derive(Debug, Default)]
pub(super) struct Breaker {
    /// Whether each of the last calls failed.
    failed: VecDeque<bool>,
    state: State,
}

#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
enum State {
    #[default]
    Closed,
    /// Calls are refused until then.
    Open(Moment),
    /// One call is on trial; another one when it has not ended by then.
    Trying(Moment),
}

impl Breaker {
    /// Whether a call may go on.
    ///
    /// # Errors
    /// After how long another try makes sense.
    pub(super) fn admit(&mut self, at: Moment) -> Result<(), Duration> {
        match self.state {
            State::Closed => Ok(()),
            State::Open(until) | State::Trying(until) if at < until => Err(until.saturating_sub(at)),
            State::Open(_) | State::Trying(_) => {
                self.state = State::Trying(at + TRIAL);
                Ok(())
            }
        }
    }

    /// Notes how a call ended.
    pub(super) fn note(&mut self, at: Moment, failed: bool) {
        match (self.state, failed) {
            (State::Trying(_) | State::Open(_), false) => *self = Self::default(),
            (State::Trying(_), true) => self.state = State::Open(at + COOLDOWN),
            // Calls that began before the circuit opened.
            (State::Open(_), true) => {}
            (State::Closed, _) => {
                if self.failed.len() == CALLS {
                    self.failed.pop_front();
                }
                self.failed.push_back(failed);
                let failures = self.failed.iter().filter(|failed| **failed).count();
                if self.failed.len() == CALLS && failures * 2 > CALLS {
                    self.state = State::Open(at + COOLDOWN);
                }
            }
        }
    }

    /// Whether calls are being refused.
    pub(super) fn is_open(&self) -> bool {
        self.state != State::Closed
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const START: Moment = Duration::from_secs(1000);

    fn opened() -> Breaker {
        let mut breaker = Breaker::default();
        for _ in 0..CALLS {
            breaker.note(START, true);
        }
        breaker
    }

    #[test]
    fn opens_when_most_of_a_hundred_calls_fail_and_closes_after_one_that_works() {
        let mut breaker = opened();
        assert_eq!(breaker.admit(START), Err(COOLDOWN));
        assert_eq!(breaker.admit(START + COOLDOWN), Ok(()), "one is tried");
        assert!(breaker.admit(START + COOLDOWN).is_err(), "and only one");
        breaker.note(START + COOLDOWN, false);
        assert_eq!((breaker.is_open(), breaker.admit(START + COOLDOWN)), (false, Ok(())));
    }

    #[test]
    fn stays_open_after_a_trial_that_fails() {
        let mut breaker = opened();
        breaker.admit(START + COOLDOWN).expect("one is tried");
        breaker.note(START + COOLDOWN, true);
        assert_eq!(breaker.admit(START + COOLDOWN), Err(COOLDOWN));
    }

    #[test]
    fn a_trial_that_never_ends_does_not_keep_the_circuit_open() {
        let mut breaker = opened();
        breaker.admit(START + COOLDOWN).expect("one is tried");
        assert_eq!(breaker.admit(START + COOLDOWN + TRIAL), Ok(()));
    }

    proptest! {
        #[test]
        fn never_opens_while_half_of_the_calls_work(good_first in any::<bool>(), calls in 0..500_usize) {
            let mut breaker = Breaker::default();
            for call in 0..calls {
                breaker.note(START, (call % 2 == 0) != good_first);
                prop_assert_eq!(breaker.admit(START), Ok(()));
            }
        }
    }
}
