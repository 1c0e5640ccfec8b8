//! Removes events that their groups no longer keep, now and then.

use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;

use super::operations::Operations;
use super::store::StoreError;
use crate::embedded_aws::periodic::Periodic;

/// Readers do not see expired events anyway; this only frees their place.
const INTERVAL: Duration = Duration::from_mins(1);

/// Begins to remove them.
pub(super) fn begin(operations: Arc<Operations>) -> Periodic {
    Periodic::start("the removal of expired log events", INTERVAL, move || {
        let events = operations.remove_expired(Timestamp::now().as_millisecond())?;
        if events > 0 {
            tracing::debug!(events, "removed expired log events");
        }
        Ok::<_, StoreError>(())
    })
}
