//! The sessions of clients of the older era: whose each is, and how many there may be.

use moka::future::Cache;
use rmcp::transport::streamable_http_server::session::local::LocalSessionManager;
use std::sync::Arc;
use std::time::Duration;

/// The most sessions of one address at the same time.
const MOST: usize = 1_000;

/// Who has which session.
#[derive(Clone)]
pub(super) struct Sessions {
    sessions: Arc<LocalSessionManager>,
    owners: Cache<String, Arc<str>>,
}

impl Sessions {
    pub(super) fn new(sessions: Arc<LocalSessionManager>, idle: Duration) -> Self {
        // An owner is remembered for longer than the session lives.
        let owners = Cache::builder().time_to_idle(idle.saturating_mul(2) + Duration::from_mins(5)).build();
        Self { sessions, owners }
    }

    /// Whether there is room for one more.
    pub(super) async fn has_room(&self) -> bool {
        self.sessions.sessions.read().await.len() < MOST
    }

    /// A session was begun.
    pub(super) async fn begun(&self, session: &str, principal: &str) {
        self.owners.insert(session.to_owned(), principal.into()).await;
    }

    /// Whether a session is the principal's. One that is not known is nobody's.
    pub(super) async fn is_of(&self, session: &str, principal: &str) -> bool {
        self.owners.get(session).await.is_some_and(|owner| *owner == *principal)
    }
}
