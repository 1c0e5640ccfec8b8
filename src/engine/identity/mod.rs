//! Who people are: accounts, passwords, sign-in, sessions; and whoever is behind keys and access tokens.

mod accounts;
mod again;
mod attempts;
mod confirm;
mod demo;
mod email;
mod error;
mod installation;
pub mod issuers;
pub mod keys;
mod links;
pub mod openid;
mod passwords;
mod recent;
mod resume;
mod session_store;
mod sign_in;
pub mod tokens;
mod used_up;

pub use crate::engine::catalog::users::User;
pub use error::IdentityError;
pub use links::Link;
pub use resume::{Device, SessionInList, SignedIn, Unrecognised};
pub use session_store::DynamoDbSessions;
pub use sign_in::Welcome;

use super::catalog::Catalog;
use super::config::Config;
use super::gateway::Principal;
use keys::{LetIn, Owners};
use openid::OpenId;
use passwords::Passwords;
use recent::{Asked, Recent};
use resume::RecentSession;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokens::Tokens;
use tokio::sync::OnceCell;
use used_up::UsedUp;

/// How long a session lives at most, however much it is used, unless sessions may be idle for longer.
const LONGEST_SESSION: Duration = Duration::from_hours(8);

/// Knows people. Cloning is cheap.
#[derive(Debug, Clone)]
pub struct Identity {
    catalog: Arc<Catalog>,
    passwords: Passwords,
    openid: Option<OpenId>,
    tokens: Tokens,
    demo: bool,
    idle: Duration,
    confirm_after: Duration,
    installation: Arc<OnceCell<String>>,
    owners_of_keys: Owners,
    recent_keys: Arc<Recent<LetIn>>,
    /// Those of access tokens who have an account.
    recent_people: Arc<Recent<Principal>>,
    /// By the digests of their ids.
    recent_sessions: Arc<Recent<RecentSession>>,
    used_up: Arc<UsedUp>,
}

impl Identity {
    /// Over a catalogue's tables of people and sessions. The accounts of the demo are of use with `demo` only.
    pub fn new(catalog: Arc<Catalog>, config: &Config, demo: bool) -> Self {
        let openid = config.openid.as_ref().map(OpenId::new);
        let (passwords, tokens, installation) = (Passwords::new(), Tokens::new(config), Arc::default());
        let (idle, confirm_after) = (config.session_timeout, config.confirm_after);
        Self {
            catalog,
            passwords,
            openid,
            tokens,
            demo,
            idle,
            confirm_after,
            installation,
            owners_of_keys: Owners::default(),
            recent_keys: Arc::new(Recent::new()),
            recent_people: Arc::new(Recent::new()),
            recent_sessions: Arc::new(Recent::new()),
            used_up: Arc::default(),
        }
    }

    /// After how much silence a session ends.
    pub fn idle_timeout(&self) -> Duration {
        self.idle
    }

    /// After how long a session ends, however much it is used.
    pub fn longest_session(&self) -> Duration {
        LONGEST_SESSION.max(self.idle)
    }

    /// Where sessions are kept.
    pub fn session_store(&self) -> DynamoDbSessions {
        DynamoDbSessions::new(Arc::clone(&self.catalog), Arc::clone(&self.recent_sessions))
    }

    /// The store is asked now, for what may be believed a moment later, too.
    fn asking(&self) -> Asked {
        Asked { at: Instant::now(), changes: self.catalog.account_changes.so_far() }
    }

    /// Whether somebody may be signed in at all.
    fn may_sign_in(&self, user: &User) -> bool {
        !user.disabled && (self.demo || !user.demo)
    }
}

/// Somebody, as the gateway knows them.
fn principal_of(user: &User) -> Principal {
    let somebody = Principal::new(user.id.clone(), user.name.clone(), user.role);
    Principal { artists: user.artists.clone(), ..somebody }
}
