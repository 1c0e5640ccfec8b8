//! Ids of audit records that ascend, also where many records are made within a millisecond.

use std::sync::{Mutex, PoisonError};
use ulid::Ulid;

/// The ids of one process: each greater than the one before, even when the clock is set back.
#[derive(Default)]
pub(super) struct Ids {
    last: Mutex<Ulid>,
}

impl Ids {
    pub(super) fn next(&self) -> Ulid {
        // What is kept here is whole at any moment, so a thread that panicked has not spoilt it.
        let mut last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        *last = after(*last, Ulid::new());
        *last
    }
}

/// The new id where it is greater, else the next greater one after the last.
fn after(last: Ulid, new: Ulid) -> Ulid {
    if new > last {
        return new;
    }
    // When no more ids fit into the millisecond, those of the next one begin.
    last.increment().unwrap_or_else(|| Ulid::from_parts(last.timestamp_ms() + 1, 0))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn ten_thousand_ids_ascend() {
        let ids = Ids::default();
        let made: Vec<_> = (0..10_000).map(|_| ids.next()).collect();
        assert!(made.is_sorted_by(|one, next| one < next));
    }

    #[test]
    fn threads_that_make_ids_at_the_same_time_get_different_ones() {
        let ids = Ids::default();
        let made: Vec<Ulid> = std::thread::scope(|scope| {
            let thread = || (0..2_000).map(|_| ids.next()).collect::<Vec<_>>();
            let threads = [scope.spawn(thread), scope.spawn(thread), scope.spawn(thread)];
            threads.into_iter().flat_map(|thread| thread.join().expect("it ends")).collect()
        });
        assert_eq!(made.iter().collect::<BTreeSet<_>>().len(), 6_000);
    }

    #[test]
    fn a_clock_that_is_set_back_does_not_change_the_order() {
        let last = Ulid::from_parts(2_000, 7);
        assert_eq!(after(last, Ulid::from_parts(1_000, 9)), Ulid::from_parts(2_000, 8));
    }

    #[test]
    fn a_full_millisecond_is_followed_by_the_next() {
        let last = Ulid::from_parts(2_000, u128::MAX);
        assert_eq!(after(last, Ulid::from_parts(2_000, 1)), Ulid::from_parts(2_001, 0));
    }
}
