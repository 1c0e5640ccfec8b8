//! Whose a session is: beginning one, and recognising it again at each request.

use super::session_store::digest;
use super::{Identity, IdentityError, User, principal_of};
use crate::engine::catalog::sessions::KeptSession;
use crate::engine::gateway::{CallError, Confirmation, Principal};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::collections::HashMap;
use std::net::IpAddr;
use std::time::Duration;
use tower_sessions::Session;

/// Where in a session it stands who has signed in.
pub(super) const SIGNED_IN: &str = "signedIn";

/// How often it is written down at most that a session is used.
const STEP: Duration = Duration::from_mins(1);

/// The longest description of a browser that is kept, in characters.
const LONGEST_AGENT: usize = 200;

/// Who sits at the browser that makes a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignedIn {
    /// Them, for the gateway.
    pub principal: Principal,
    /// Names the session in records; opens nothing.
    pub session: String,
    /// Whether they have shown lately who they are.
    pub confirmation: Confirmation,
}

/// Why nobody knows who sits there, although a session was named.
#[derive(Debug, Clone, PartialEq)]
pub struct Unrecognised(pub CallError);

/// At what somebody sits, for their list of sessions.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Device {
    /// The address.
    pub address: Option<IpAddr>,
    /// What the browser says of itself.
    pub agent: Option<String>,
}

/// What is kept of somebody who has signed in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Kept {
    pub(super) user: String,
    generation: u32,
    /// In seconds since 1970, as the next.
    signed_in_at: i64,
    seen_at: i64,
    /// When the person has last shown who they are; never for sessions of versions that did not note it.
    #[serde(default)]
    confirmed_at: i64,
    address: Option<String>,
    agent: Option<String>,
    /// Whether the person came in by the provider of OpenID Connect, where they may be signed in still.
    #[serde(default)]
    at_provider: bool,
}

/// What was found out of a session, for as long as it may be believed.
#[derive(Debug)]
pub(super) struct RecentSession {
    principal: Principal,
    /// In seconds since 1970, as the next.
    signed_in_at: i64,
    confirmed_at: i64,
}

impl RecentSession {
    /// Whether a session says of its person what was found out. When it was used is not a part of that.
    pub(super) fn is_of(&self, kept: &Kept) -> bool {
        self.principal.id == kept.user
            && (self.signed_in_at, self.confirmed_at) == (kept.signed_in_at, kept.confirmed_at)
    }
}

/// A session in somebody's own list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SessionInList {
    /// Names it; opens nothing.
    pub id: String,
    /// When it began and was used last, in seconds since 1970.
    pub signed_in_at: i64,
    /// When it was used last, to the minute.
    pub seen_at: i64,
    /// From where.
    pub address: Option<String>,
    /// With what.
    pub agent: Option<String>,
}

impl Identity {
    /// Begins the session of somebody who has signed in, under a new id: one that was known before is of no
    /// use to anybody. `at_provider` says whether they came by the provider of OpenID Connect; a session that
    /// takes the place of one that did, did so, too.
    ///
    /// # Errors
    /// When sessions cannot be written.
    pub async fn begin(
        &self,
        session: &Session,
        user: &User,
        device: &Device,
        at_provider: bool,
    ) -> Result<SignedIn, IdentityError> {
        let now = Timestamp::now().as_second();
        let before = session.get::<Kept>(SIGNED_IN).await.map_err(|error| away(&error))?;
        let was_at_provider = before.is_some_and(|before| before.at_provider && before.user == user.id);
        session.clear().await;
        session.cycle_id().await.map_err(|error| away(&error))?;
        let kept = Kept {
            user: user.id.clone(),
            generation: user.generation,
            signed_in_at: now,
            seen_at: now,
            confirmed_at: now,
            address: device.address.map(|address| address.to_string()),
            agent: device.agent.as_ref().map(|agent| agent.chars().take(LONGEST_AGENT).collect()),
            at_provider: at_provider || was_at_provider,
        };
        session.insert(SIGNED_IN, kept).await.map_err(|error| away(&error))?;
        session.save().await.map_err(|error| away(&error))?;
        Ok(signed_in(session, user, Confirmation::Recent))
    }

    /// Notes that whoever has signed in to a session has shown once more who they are. It goes on under a new
    /// id, and ends when it would have ended. None where it has ended meanwhile, or is somebody else's.
    ///
    /// # Errors
    /// When sessions cannot be written.
    pub async fn confirm(&self, session: &Session, user: &User) -> Result<Option<SignedIn>, IdentityError> {
        // Either may have come to an end while a password was compared.
        session.load().await.map_err(|error| away(&error))?;
        let now_known = self.catalog.user(&user.id).await?;
        let Some(user) = now_known.filter(|user| self.may_sign_in(user)) else { return Ok(None) };
        let kept = session.get::<Kept>(SIGNED_IN).await.map_err(|error| away(&error))?;
        let is_own = |kept: &Kept| kept.user == user.id && kept.generation == user.generation;
        let Some(kept) = kept.filter(is_own) else { return Ok(None) };
        let now = Timestamp::now().as_second();
        session.cycle_id().await.map_err(|error| away(&error))?;
        let confirmed = Kept { seen_at: now, confirmed_at: now, ..kept };
        session.insert(SIGNED_IN, confirmed).await.map_err(|error| away(&error))?;
        session.save().await.map_err(|error| away(&error))?;
        Ok(Some(signed_in(session, &user, Confirmation::Recent)))
    }

    /// Who signed in to a session; none where nobody did, or it has ended: by time, by the person, by an
    /// admin, or because something was changed that ends all of that person's sessions.
    ///
    /// # Errors
    /// When the store cannot be asked.
    pub async fn recognise(&self, session: &Session) -> Result<Option<SignedIn>, IdentityError> {
        let Some(id) = session.id().map(|id| digest(&id)) else { return Ok(None) };
        let (asked, now) = (self.asking(), Timestamp::now().as_second());
        let recent = self.recent_sessions.of(&id, asked).map(|known| known.caller);
        let known = match recent.filter(|known| self.is_young(known.signed_in_at, now)) {
            Some(known) => known,
            None => match self.look_up(session, now).await? {
                Some(known) => self.recent_sessions.keep(&id, known, asked),
                None => return Ok(None),
            },
        };
        let is_recent = now - known.confirmed_at < seconds(self.confirm_after);
        let confirmation = if is_recent { Confirmation::Recent } else { Confirmation::Due };
        Ok(Some(SignedIn { principal: known.principal.clone(), session: id, confirmation }))
    }

    /// What the store says of a session and its person. One that does not go on is removed; one that does is noted as
    /// used, now and then.
    async fn look_up(&self, session: &Session, now: i64) -> Result<Option<RecentSession>, IdentityError> {
        let Some(kept) = session.get::<Kept>(SIGNED_IN).await.map_err(|error| away(&error))? else {
            return Ok(None);
        };
        let user = self.catalog.user(&kept.user).await?;
        let goes_on = |user: &User| {
            user.generation == kept.generation
                && self.may_sign_in(user)
                && self.is_young(kept.signed_in_at, now)
        };
        let Some(user) = user.filter(goes_on) else {
            session.flush().await.map_err(|error| away(&error))?;
            return Ok(None);
        };
        let (signed_in_at, confirmed_at) = (kept.signed_in_at, kept.confirmed_at);
        if now - kept.seen_at >= seconds(STEP.min(self.idle / 4)) {
            let seen = Kept { seen_at: now, ..kept };
            session.insert(SIGNED_IN, seen).await.map_err(|error| away(&error))?;
        }
        Ok(Some(RecentSession { principal: principal_of(&user), signed_in_at, confirmed_at }))
    }

    /// Whether a session that began then has not lived for as long as any may.
    fn is_young(&self, signed_in_at: i64, now: i64) -> bool {
        now - signed_in_at < seconds(self.longest_session())
    }

    /// Ends a session, and says whether the person had come in by the provider of OpenID Connect, where they
    /// may be signed in still.
    ///
    /// # Errors
    /// When sessions cannot be written.
    pub async fn end(&self, session: &Session) -> Result<bool, IdentityError> {
        let kept = session.get::<Kept>(SIGNED_IN).await.map_err(|error| away(&error))?;
        session.flush().await.map_err(|error| away(&error))?;
        Ok(kept.is_some_and(|kept| kept.at_provider))
    }

    /// The sessions of somebody, the one that was used last first.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn sessions_of(&self, user: &str) -> Result<Vec<SessionInList>, IdentityError> {
        let kept = self.catalog.sessions_of(user).await?;
        let generation = self.catalog.user(user).await?.map(|user| user.generation);
        let mut listed: Vec<_> = kept.into_iter().filter_map(|kept| in_list(kept, generation)).collect();
        listed.sort_by_key(|session| std::cmp::Reverse(session.seen_at));
        Ok(listed)
    }

    /// Ends one session of somebody. What is not theirs is left alone.
    ///
    /// # Errors
    /// When the store cannot be written.
    pub async fn end_session_of(&self, user: &str, id: &str) -> Result<(), IdentityError> {
        let of_user = self.catalog.session(id).await?.filter(|kept| kept.user.as_deref() == Some(user));
        if of_user.is_some() {
            self.catalog.remove_session(id).await?;
        }
        Ok(())
    }
}

fn in_list(kept: KeptSession, generation: Option<u32>) -> Option<SessionInList> {
    let mut data: HashMap<String, serde_json::Value> = serde_json::from_str(&kept.data).ok()?;
    let known: Kept = serde_json::from_value(data.remove(SIGNED_IN)?).ok()?;
    (Some(known.generation) == generation).then_some(SessionInList {
        id: kept.id,
        signed_in_at: known.signed_in_at,
        seen_at: known.seen_at,
        address: known.address,
        agent: known.agent,
    })
}

fn signed_in(session: &Session, user: &User, confirmation: Confirmation) -> SignedIn {
    SignedIn {
        principal: principal_of(user),
        session: session.id().map(|id| digest(&id)).unwrap_or_default(),
        confirmation,
    }
}

fn seconds(duration: Duration) -> i64 {
    i64::try_from(duration.as_secs()).unwrap_or(i64::MAX)
}

fn away(error: &tower_sessions::session::Error) -> IdentityError {
    IdentityError::Sessions(error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::Engine;
    use crate::engine::config::Config;
    use crate::model::role::Role;
    use std::sync::Arc;

    #[tokio::test]
    async fn that_a_session_is_used_makes_nobody_forget_whom_the_process_knows() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let path = folder.path().to_string_lossy().into_owned();
        let variable = |name: &str| match name {
            "MCP_MOCK_AWS_SERVICES" => Some("true".to_owned()),
            "MCP_DEMO_MODE" | "ENABLE_BEDROCK" => Some("false".to_owned()),
            "PATCHLINE_DATA_DIR" => Some(path.clone()),
            _ => None,
        };
        let config = Config::load(&variable, false).expect("a configuration");
        // The store is open as long as it is held.
        let (engine, _embedded) = Engine::embedded(config).await;
        let identity = &engine.identity;
        let changes = || identity.catalog.account_changes.so_far();
        let user = identity.add("Ana", "ana@label.example", Role::Label).await.expect("somebody is added");
        let store = Arc::new(identity.session_store());

        let session = Session::new(None, Arc::clone(&store), None);
        identity.begin(&session, &user, &Device::default(), false).await.expect("a session");
        let begun = session.get::<Kept>(SIGNED_IN).await.expect("an answer").expect("somebody signed in");
        // As if half an hour had passed since the last request.
        let earlier = Kept { seen_at: begun.seen_at - 1_800, ..begun.clone() };
        session.insert(SIGNED_IN, earlier).await.expect("it is set");
        session.save().await.expect("it is kept");

        let come_again = || Session::new(session.id(), Arc::clone(&store), None);
        let before = changes();
        let again = come_again();
        assert!(identity.recognise(&again).await.expect("an answer").is_some());
        again.save().await.expect("it is kept");
        let noted = come_again().get::<Kept>(SIGNED_IN).await.expect("an answer").expect("it goes on");
        assert!(noted.seen_at >= begun.seen_at, "its use is written down");
        assert_eq!(changes(), before, "and nobody has to be asked for anew");

        let other = come_again();
        let confirmed = Kept { confirmed_at: begun.confirmed_at + 1, ..noted };
        other.insert(SIGNED_IN, confirmed).await.expect("it is set");
        other.save().await.expect("it is kept");
        assert!(changes() > before, "what else is new of a session is not known yet");
    }
}
