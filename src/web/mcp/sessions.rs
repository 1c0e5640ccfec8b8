//! The sessions of clients of the older era: whose each is, who was there last, and how many there may be.

use super::door::LONGEST;
use crate::web::caller::Caller;
use moka::future::Cache;
use rmcp::transport::streamable_http_server::session::local::LocalSessionManager;
use std::sync::Arc;
use std::time::Duration;

/// The most sessions of one address at the same time.
const MOST: usize = 1_000;

/// For how long it counts who was there last: a client that listens has come again by then.
const PRESENT: Duration = LONGEST.saturating_add(Duration::from_mins(1));

/// Who has which session.
#[derive(Clone)]
pub(super) struct Sessions {
    open: Arc<LocalSessionManager>,
    owners: Cache<String, Arc<str>>,
    callers: Callers,
}

/// Who was there last in which session, as the door has found out.
#[derive(Clone)]
pub(super) struct Callers(Cache<String, Caller>);

impl Sessions {
    pub(super) fn new(open: Arc<LocalSessionManager>, idle: Duration) -> Self {
        // An owner is remembered for longer than the session lives.
        let owners = Cache::builder().time_to_idle(idle.saturating_mul(2) + Duration::from_mins(5)).build();
        Self { open, owners, callers: Callers::new() }
    }

    /// Who was there last.
    pub(super) fn callers(&self) -> &Callers {
        &self.callers
    }

    /// Whether there is room for one more.
    pub(super) async fn has_room(&self) -> bool {
        self.open.sessions.read().await.len() < MOST
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

impl Callers {
    fn new() -> Self {
        Self(Cache::builder().time_to_live(PRESENT).build())
    }

    /// The door has let in a request of a session.
    pub(super) async fn seen(&self, session: &str, caller: &Caller) {
        self.0.insert(session.to_owned(), caller.clone()).await;
    }

    /// Who was there last, with what they might do then; none where that is too long ago, or their token has
    /// expired since.
    pub(super) async fn last(&self, session: &str) -> Option<Caller> {
        let caller = self.0.get(session).await?;
        let is_over = caller.principal.time_left().is_some_and(|left| left.is_zero());
        (!is_over).then_some(caller)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::gateway::{Channel, KeyUse, Origin, Principal, Role, TokenUse};
    use crate::model::key::KeyScope;

    fn caller(taken_until: Option<u64>) -> Caller {
        let token = TokenUse { scopes: Vec::new(), scope_prefix: String::new(), taken_until };
        let (scope, ceiling) = (KeyScope::AllTools, Role::Artist);
        let in_use = KeyUse { owner: "usr_1".to_owned(), scope, ceiling, token: Some(token) };
        let principal = Principal::new("token:studio", "Mira", Role::Artist);
        let principal = Principal { key: Some(Arc::new(in_use)), ..principal };
        Caller { principal, origin: Origin::new(Channel::Mcp, None) }
    }

    #[tokio::test]
    async fn whose_token_has_expired_is_there_again_with_the_next_one() {
        let callers = Callers::new();
        assert!(callers.last("one").await.is_none(), "nobody was there");
        callers.seen("one", &caller(Some(1))).await;
        assert!(callers.last("one").await.is_none(), "it expired long ago");
        for taken_until in [Some(u64::MAX), None] {
            callers.seen("one", &caller(taken_until)).await;
            assert!(callers.last("one").await.is_some(), "{taken_until:?}");
        }
    }
}
