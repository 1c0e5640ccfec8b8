//! Room for results in memory, of all runs of this process together. Results lie in the journal; a run reads them
//! back for as long as it needs them, and holds room for them meanwhile. Whoever waits holds none.

use std::sync::Arc;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// How much the steps of one run may find together, as JSON, in bytes.
pub(super) const MOST_FOUND: usize = 16 * 1024 * 1024;

/// How much all runs may hold together, in units of [`UNIT`] bytes: as much as four of the largest.
const UNITS: u32 = 64 * 1024;
const UNIT: usize = 1024;

/// The room of this process. Cloning is cheap.
#[derive(Debug, Clone)]
pub(super) struct Room(Arc<Semaphore>);

impl Default for Room {
    fn default() -> Self {
        Self(Arc::new(Semaphore::new(UNITS as usize)))
    }
}

impl Room {
    /// Waits until so many bytes may be held. All that one run needs is asked for at once, so that two never wait
    /// for each other.
    pub(super) async fn take(&self, bytes: usize) -> Option<OwnedSemaphorePermit> {
        let units = u32::try_from(bytes.div_ceil(UNIT)).unwrap_or(UNITS).min(UNITS);
        // It is closed by nobody.
        Arc::clone(&self.0).acquire_many_owned(units).await.ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures::FutureExt;

    #[tokio::test]
    async fn what_does_not_fit_waits_until_others_have_let_go() {
        let room = Room::default();
        let mut held = Vec::new();
        for _ in 0..4 {
            held.push(room.take(MOST_FOUND).now_or_never().expect("it fits"));
        }
        let mut more = Box::pin(room.take(1));
        assert!(more.as_mut().now_or_never().is_none());
        held.pop();
        assert!(more.now_or_never().is_some());
        assert!(room.take(0).now_or_never().is_some(), "nothing needs no room");
    }
}
