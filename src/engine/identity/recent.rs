//! Callers who were recognised a moment ago, so that a program that calls often, and a page with what it loads, do not
//! ask the store each time.
//!
//! What is kept is what the store said [`LIFETIME`] ago at most, and none of it holds any more once an account, a key
//! or a session was changed through this process; that a session is used changes nothing of it. Only those are kept who
//! were let in, and no secret. Of programs that go on calling the store is asked anew while the last answer still holds,
//! so that none of their calls waits for it.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// How long it is believed what the store has said. For so long a key that was revoked, a session that was ended, or
/// either of whose owner the role was changed, may work at other instances as before.
const LIFETIME: Duration = Duration::from_secs(1);

/// From when on the store is asked anew of somebody who calls.
const ASKED_ANEW_AFTER: Duration = Duration::from_millis(500);

/// Of how many callers it is kept.
const MOST: usize = 10_000;

/// When the store is asked.
#[derive(Debug, Clone, Copy)]
pub(super) struct Asked {
    /// The moment before it is asked.
    pub(super) at: Instant,
    /// How many changes of accounts, keys and sessions this process had made by then.
    pub(super) changes: u64,
}

impl Asked {
    /// Whether what was said then may still be believed.
    fn holds(self, now: Self) -> bool {
        self.changes == now.changes && self.age(now) < LIFETIME
    }

    fn age(self, now: Self) -> Duration {
        now.at.saturating_duration_since(self.at)
    }
}

/// What is known of callers, by what names them.
#[derive(Debug)]
pub(super) struct Recent<T>(Mutex<HashMap<String, Seen<T>>>);

#[derive(Debug)]
struct Seen<T> {
    caller: Arc<T>,
    asked: Asked,
    /// Whether the store is being asked anew.
    asked_anew: bool,
}

/// What is known of a caller.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Known<T> {
    /// What the store has said.
    pub(super) caller: Arc<T>,
    /// Whether it is for whoever has asked to have the store asked anew, beside the call. True for one of them.
    pub(super) ask_anew: bool,
}

impl<T> Recent<T> {
    /// Nobody is known yet.
    pub(super) fn new() -> Self {
        Self(Mutex::new(HashMap::new()))
    }

    /// What is known of a caller; none where the store has to be asked.
    pub(super) fn of(&self, name: &str, now: Asked) -> Option<Known<T>> {
        let mut seen = self.seen();
        let found = seen.get_mut(name).filter(|seen| seen.asked.holds(now))?;
        let ask_anew = !found.asked_anew && found.asked.age(now) >= ASKED_ANEW_AFTER;
        found.asked_anew |= ask_anew;
        Some(Known { caller: Arc::clone(&found.caller), ask_anew })
    }

    /// What was kept of a caller last, also where it does not hold any more.
    pub(super) fn last(&self, name: &str) -> Option<Arc<T>> {
        self.seen().get(name).map(|seen| Arc::clone(&seen.caller))
    }

    /// Somebody is not let in any more: whoever comes next hears of the store why.
    pub(super) fn forget(&self, name: &str) {
        self.seen().remove(name);
    }

    /// Keeps what the store has said of somebody when it was asked, and hands it back.
    pub(super) fn keep(&self, name: &str, caller: T, asked: Asked) -> Arc<T> {
        let caller = Arc::new(caller);
        let mut seen = self.seen();
        if seen.len() >= MOST {
            seen.retain(|_, seen| seen.asked.holds(asked));
            if seen.len() >= MOST {
                seen.clear();
            }
        }
        seen.insert(name.to_owned(), Seen { caller: Arc::clone(&caller), asked, asked_anew: false });
        caller
    }

    fn seen(&self) -> MutexGuard<'_, HashMap<String, Seen<T>>> {
        // What is kept here is whole at any moment, so a thread that panicked has not spoilt it.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Whom it knows.
    fn known(recent: &Recent<&'static str>, name: &str, now: Asked) -> Option<&'static str> {
        recent.of(name, now).map(|known| *known.caller)
    }

    #[test]
    fn what_the_store_has_said_is_believed_for_a_second() {
        let (recent, begun) = (Recent::new(), Instant::now());
        let after = |millis| Asked { at: begun + Duration::from_millis(millis), changes: 7 };
        recent.keep("key", "Ana", after(0));
        assert_eq!(known(&recent, "key", after(999)), Some("Ana"));
        assert_eq!(known(&recent, "key", after(1_000)), None);
        assert_eq!(recent.last("key").as_deref(), Some(&"Ana"), "which is remembered for comparing");
        assert_eq!(known(&recent, "another key", after(0)), None);
    }

    #[test]
    fn one_of_those_who_call_has_the_store_asked_anew_before_the_second_is_over() {
        let (recent, begun) = (Recent::new(), Instant::now());
        let after = |millis| Asked { at: begun + Duration::from_millis(millis), changes: 7 };
        let asks_anew = |millis| recent.of("key", after(millis)).map(|known| known.ask_anew);
        recent.keep("key", "Ana", after(0));
        assert_eq!(asks_anew(499), Some(false));
        assert_eq!(asks_anew(500), Some(true));
        assert_eq!(asks_anew(501), Some(false), "one is enough");
        // The store was asked at 500 ms, and has answered later.
        recent.keep("key", "Ana", after(500));
        assert_eq!(asks_anew(999), Some(false));
        assert_eq!(asks_anew(1_000), Some(true));
        assert_eq!(asks_anew(1_499), Some(false));
        assert_eq!(
            asks_anew(1_500),
            None,
            "no answer is believed for longer, whatever became of the last question"
        );
    }

    #[test]
    fn who_is_not_let_in_any_more_is_not_known() {
        let recent = Recent::new();
        let now = Asked { at: Instant::now(), changes: 0 };
        recent.keep("key", "Ana", now);
        recent.forget("key");
        assert_eq!(known(&recent, "key", now), None);
        assert_eq!(recent.last("key"), None);
    }

    #[test]
    fn nothing_holds_that_was_asked_before_a_change_by_this_process() {
        let (recent, at) = (Recent::new(), Instant::now());
        let before = Asked { at, changes: 7 };
        let after = Asked { changes: 8, ..before };
        recent.keep("key", "Ana", before);
        assert_eq!(known(&recent, "key", after), None);
        // Whoever asked before the change and is answered after it brings what was.
        recent.keep("key", "Ana", before);
        assert_eq!(known(&recent, "key", after), None);
        recent.keep("key", "Ana, disabled", after);
        assert_eq!(known(&recent, "key", after), Some("Ana, disabled"));
    }

    #[test]
    fn no_more_is_kept_than_there_is_place_for() {
        let (recent, at) = (Recent::new(), Instant::now());
        for number in 0..=MOST {
            recent.keep(&number.to_string(), (), Asked { at, changes: 0 });
        }
        assert!(recent.seen().len() <= MOST);
    }
}
