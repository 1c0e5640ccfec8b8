//! Which servers an admin keeps new calls away from, as this instance last read it.

use super::Server;
use crate::engine::gateway::{CallError, CallErrorKind};
use crate::engine::tools::views::Drains;
use crate::model::fleet::Drained;
use std::sync::{PoisonError, RwLock};
use std::time::Duration;

/// What was read last.
#[derive(Debug, Default)]
pub(super) struct KnownDrains(RwLock<Drains>);

impl KnownDrains {
    /// Takes over what was read. True when it is news.
    pub(super) fn set(&self, drains: &Drains) -> bool {
        let mut known = self.0.write().unwrap_or_else(PoisonError::into_inner);
        let news = *known != *drains && !drains.is_older_than(&known);
        if news {
            known.clone_from(drains);
        }
        news
    }

    /// Who drained a server.
    pub(super) fn of(&self, server: Server) -> Option<Drained> {
        self.0.read().unwrap_or_else(PoisonError::into_inner).servers.get(server.id()).cloned()
    }

    /// Who drained a replica of a server.
    pub(super) fn of_replica(&self, server: Server, replica: &str) -> Option<Drained> {
        let known = self.0.read().unwrap_or_else(PoisonError::into_inner);
        known.replicas.get(server.id())?.get(replica).cloned()
    }

    /// Whether a server takes new calls.
    ///
    /// # Errors
    /// Who drained it and since when.
    pub(super) fn check(&self, server: Server) -> Result<(), CallError> {
        let Some(Drained { by, since }) = self.of(server) else { return Ok(()) };
        Err(CallError {
            retry_after: Some(Duration::from_secs(30)),
            ..CallError::new(
                CallErrorKind::Unavailable,
                format!("The server {} takes no new calls: {by} drained it at {since}.", server.id()),
                "Try again when an admin has enabled it on the page Health.",
            )
        })
    }
}
