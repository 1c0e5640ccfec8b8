//! Callers who were recognised a moment ago, so that a program that calls often, and a page with what it loads, do not
//! ask the store each time.
//!
//! What is kept is what the store said [`LIFETIME`] ago at most, and none of it holds any more once an account, a key
//! or a session was changed through this process. Only those are kept who were let in, and no secret.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// How long it is believed what the store has said. For so long a key that was revoked, a session that was ended, or
/// either of whose owner the role was changed, may work at other instances as before.
const LIFETIME: Duration = Duration::from_secs(1);

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
        self.changes == now.changes && now.at.saturating_duration_since(self.at) < LIFETIME
    }
}

/// What is known of callers, by what names them.
#[derive(Debug)]
pub(super) struct Recent<T>(Mutex<HashMap<String, Seen<T>>>);

#[derive(Debug)]
struct Seen<T> {
    caller: Arc<T>,
    asked: Asked,
}

impl<T> Recent<T> {
    /// Nobody is known yet.
    pub(super) fn new() -> Self {
        Self(Mutex::new(HashMap::new()))
    }

    /// What is known of a caller; none where the store has to be asked.
    pub(super) fn of(&self, name: &str, now: Asked) -> Option<Arc<T>> {
        let seen = self.seen();
        let found = seen.get(name).filter(|seen| seen.asked.holds(now))?;
        Some(Arc::clone(&found.caller))
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
        seen.insert(name.to_owned(), Seen { caller: Arc::clone(&caller), asked });
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

    #[test]
    fn what_the_store_has_said_is_believed_for_a_second() {
        let (recent, begun) = (Recent::new(), Instant::now());
        let after = |millis| Asked { at: begun + Duration::from_millis(millis), changes: 7 };
        recent.keep("key", "Ana", after(0));
        assert_eq!(recent.of("key", after(999)).as_deref(), Some(&"Ana"));
        assert_eq!(recent.of("key", after(1_000)), None);
        assert_eq!(recent.of("another key", after(0)), None);
    }

    #[test]
    fn nothing_holds_that_was_asked_before_a_change_by_this_process() {
        let (recent, at) = (Recent::new(), Instant::now());
        let before = Asked { at, changes: 7 };
        let after = Asked { changes: 8, ..before };
        recent.keep("key", "Ana", before);
        assert_eq!(recent.of("key", after), None);
        // Whoever asked before the change and is answered after it brings what was.
        recent.keep("key", "Ana", before);
        assert_eq!(recent.of("key", after), None);
        recent.keep("key", "Ana, disabled", after);
        assert_eq!(recent.of("key", after).as_deref(), Some(&"Ana, disabled"));
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
