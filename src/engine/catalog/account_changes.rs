//! Tells whoever keeps accounts, keys or sessions for a moment that one of them was changed by this process.

use std::sync::atomic::{AtomicU64, Ordering};

/// Counts the changes of accounts, keys and sessions by this process.
#[derive(Debug, Default)]
pub(crate) struct AccountChanges(AtomicU64);

impl AccountChanges {
    /// How many there were. What was read before one of them may be wrong after it.
    pub(crate) fn so_far(&self) -> u64 {
        self.0.load(Ordering::Acquire)
    }

    /// One is being made. It counts from when this is dropped: when it is done, has failed, or nobody waits for it
    /// any more.
    pub(crate) fn making(&self) -> BeingMade<'_> {
        BeingMade(self)
    }
}

/// A change that is being made.
pub(crate) struct BeingMade<'a>(&'a AccountChanges);

impl Drop for BeingMade<'_> {
    fn drop(&mut self) {
        self.0.0.fetch_add(1, Ordering::AcqRel);
    }
}
