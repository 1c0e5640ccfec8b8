//! The queue before the ways in: those who sign in are dealt with a few at a time, so that a flood of them leaves the
//! processors to those who are signed in.

use crate::engine::identity::IdentityError;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// How long somebody waits for their turn.
const PATIENCE: Duration = Duration::from_secs(5);

/// Turns, in the order in which people came. Cloning is cheap.
#[derive(Debug, Clone)]
pub(super) struct Turns {
    places: Arc<Semaphore>,
    patience: Duration,
}

impl Turns {
    /// As many at a time as there are processors.
    pub(super) fn new() -> Self {
        let processors = std::thread::available_parallelism().map_or(1, usize::from);
        Self::with(processors, PATIENCE)
    }

    fn with(places: usize, patience: Duration) -> Self {
        Self { places: Arc::new(Semaphore::new(places)), patience }
    }

    /// Waits for a turn, which lasts until it is dropped. To be asked for when the whole form is there: whoever sends
    /// it slowly keeps nobody waiting.
    ///
    /// # Errors
    /// `Busy` where too many have come before.
    pub(super) async fn next(&self) -> Result<OwnedSemaphorePermit, IdentityError> {
        match tokio::time::timeout(self.patience, Arc::clone(&self.places).acquire_owned()).await {
            Ok(Ok(turn)) => Ok(turn),
            Ok(Err(_)) | Err(_) => Err(IdentityError::Busy),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn whoever_waits_too_long_is_told_so_and_a_turn_that_is_over_is_the_next_ones() {
        let turns = Turns::with(1, Duration::from_millis(20));
        let taken = turns.next().await.expect("the place is free");
        assert_eq!(turns.next().await.map(drop), Err(IdentityError::Busy));
        drop(taken);
        assert_eq!(turns.next().await.map(drop), Ok(()));
    }
}
