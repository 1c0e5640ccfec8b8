//! Removes items whose time to live is over.

use std::time::Duration;

use dynoxide::{Database, DynoxideError};

use crate::embedded_aws::periodic::Periodic;

/// AWS takes up to days; half a minute is soon enough for people and rare enough for the disk.
const INTERVAL: Duration = Duration::from_secs(30);

/// Begins to remove them, now and then.
pub(super) fn begin(database: Database) -> Periodic {
    Periodic::start("the removal of expired items", INTERVAL, move || {
        let items = database.sweep_ttl()?;
        if items > 0 {
            tracing::debug!(items, "removed expired items");
        }
        Ok::<_, DynoxideError>(())
    })
}
