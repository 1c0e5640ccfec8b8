//! Who is calling, and from where.

use super::confirmation::Confirmation;
use super::idempotency::IdempotencyKey;
use super::passed_on::PassedOn;
use crate::model::audit::TokenBearer;
use crate::model::identifier::ArtistId;
use crate::model::key::KeyScope;
pub use crate::model::role::Role;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

/// Who is calling.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Principal {
    /// The id in the audit log.
    pub id: String,
    /// The name that people read.
    pub name: String,
    /// What the caller is to the label; of a key, what its owner is.
    pub role: Role,
    /// Whose key or access token it is that calls; none where neither does.
    pub key: Option<Arc<KeyUse>>,
    /// Who stands behind the access token that calls; none where none does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bearer: Option<Arc<TokenBearer>>,
    /// The artists that are the caller's own; of a key, its owner's.
    pub artists: Vec<ArtistId>,
    /// Whether the supervisor acts for the caller: it has what they have, less what rules keep from it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub by_supervisor: bool,
    /// The role that the supervisor works in for the caller, where they chose one beside their own: it has what
    /// both have, because a role that has less on the whole may have more of something.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub in_role: Option<Role>,
}

/// The key of a person, or an access token, with which a program calls.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct KeyUse {
    /// The id of the person. Of a token of nobody who has an account, what stands for whoever it names.
    pub owner: String,
    /// What the key may be used for.
    pub scope: KeyScope,
    /// The role beyond which the key has nothing, whatever its owner becomes.
    pub ceiling: Role,
    /// What a token says of itself; none of a key.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub token: Option<TokenUse>,
}

/// An access token of an authorization server.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct TokenUse {
    /// The scopes that it has, of those that are known here, without what its authorization server puts before
    /// them.
    pub scopes: Vec<String>,
    /// What its authorization server puts before each scope.
    pub scope_prefix: String,
    /// Until when it is taken, in seconds since 1970. Not told to other instances: their answers do not last.
    #[serde(skip)]
    pub taken_until: Option<u64>,
}

/// What calls.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum CallerKind {
    /// Somebody themselves.
    Person,
    /// A key.
    Key,
    /// An access token.
    Token,
}

impl CallerKind {
    /// The word for AWS.
    pub(super) fn id(self) -> &'static str {
        match self {
            CallerKind::Person => "person",
            CallerKind::Key => "key",
            CallerKind::Token => "token",
        }
    }
}

/// The keys that belong to nobody: they stand in the configuration.
const BOOTSTRAP_KEY: &str = "key:bootstrap";
const INSTANCE_KEY: &str = "key:instance";

/// Whether this is the id of a key that belongs to nobody.
pub(super) fn is_key_of_nobody(id: &str) -> bool {
    [BOOTSTRAP_KEY, INSTANCE_KEY].contains(&id)
}

impl Principal {
    /// Somebody who acts in their own name, without artists of their own.
    pub fn new(id: impl Into<String>, name: impl Into<String>, role: Role) -> Self {
        Self {
            id: id.into(),
            name: name.into(),
            role,
            key: None,
            bearer: None,
            artists: Vec::new(),
            by_supervisor: false,
            in_role: None,
        }
    }

    /// The id of whoever is behind the calls: of a key, its owner. All their keys share one budget.
    pub fn person(&self) -> &str {
        self.key.as_ref().map_or(self.id.as_str(), |key| key.owner.as_str())
    }

    /// The roles beside their own that the caller has nothing beyond: of their key or access token, and the one
    /// that the supervisor works in.
    pub(super) fn held_to(&self) -> impl Iterator<Item = Role> + use<> {
        let (own, ceiling) = (self.role, self.key.as_ref().map(|key| key.ceiling));
        [ceiling, self.in_role].into_iter().flatten().filter(move |role| *role != own)
    }

    /// The lowest of what the caller is to the label and what they are held to.
    pub fn effective_role(&self) -> Role {
        let rank = |role: &Role| Role::ALL.iter().position(|other| other == role);
        std::iter::once(self.role).chain(self.held_to()).min_by_key(rank).unwrap_or(self.role)
    }

    /// What calls.
    pub(super) fn kind(&self) -> CallerKind {
        if self.token().is_some() {
            CallerKind::Token
        } else if self.key.is_some() || is_key_of_nobody(&self.id) {
            CallerKind::Key
        } else {
            CallerKind::Person
        }
    }

    /// What the access token says of itself with which a program calls, where one does.
    pub fn token(&self) -> Option<&TokenUse> {
        self.key.as_ref()?.token.as_ref()
    }

    /// For how long the access token is taken yet with which a program calls; none where nothing ends by itself.
    pub fn time_left(&self) -> Option<Duration> {
        let now = u64::try_from(Timestamp::now().as_second()).unwrap_or_default();
        Some(Duration::from_secs(self.token()?.taken_until?.saturating_sub(now)))
    }

    /// Whoever runs a command of the program at this machine. No request is made by it.
    pub fn local_operator() -> Self {
        Self::new("local", "Local operator", Role::Admin)
    }

    /// The holder of `PATCHLINE_BOOTSTRAP_KEY`.
    pub fn bootstrap_key() -> Self {
        Self::new(BOOTSTRAP_KEY, "Bootstrap key", Role::Admin)
    }

    /// Another instance of this label, with `PATCHLINE_INSTANCE_KEY`. By itself it may do nothing: what it
    /// passes on is called by whoever called there.
    pub fn instance() -> Self {
        Self::new(INSTANCE_KEY, "Another instance", Role::Artist)
    }

    /// Somebody with credentials that are not known.
    pub fn unknown() -> Self {
        Self::new("unknown", "Unknown caller", Role::Artist)
    }
}

/// From where a call comes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Origin {
    /// Names the call in the audit log and in error reports.
    pub request_id: String,
    /// By which face.
    pub channel: Channel,
    /// The address of the caller, where it is known.
    pub address: Option<IpAddr>,
    /// The session that the call belongs to, where there is one.
    pub session: Option<String>,
    /// Whether the person of that session has shown lately who they are.
    pub confirmation: Confirmation,
    /// Tells a change that is asked for again from another change.
    pub idempotency_key: Option<IdempotencyKey>,
    /// Which instance let the call in, where that was another one. It goes no further from here.
    pub passed_on: Option<PassedOn>,
    /// The work of an agent that the call is a part of, where it is one.
    pub task: Option<OnBehalfOfTask>,
}

/// A step of an agent's work, for the record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OnBehalfOfTask {
    /// The id of the run.
    pub task: String,
    /// The id of the step of its plan.
    pub step: String,
}

/// By which face a call comes in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Channel {
    /// A page.
    Page,
    /// The REST interface.
    Rest,
    /// The Model Context Protocol.
    Mcp,
    /// A command of the program.
    Command,
    /// An automation, in the name of whoever set it.
    Schedule,
}

impl Channel {
    /// The word in records.
    pub fn id(self) -> &'static str {
        match self {
            Channel::Page => "page",
            Channel::Rest => "rest",
            Channel::Mcp => "mcp",
            Channel::Command => "command",
            Channel::Schedule => "schedule",
        }
    }
}

impl Origin {
    /// A new call.
    pub fn new(channel: Channel, address: Option<IpAddr>) -> Self {
        let request_id = format!("req_{}", ulid::Ulid::new().to_string().to_lowercase());
        Self {
            request_id,
            channel,
            address,
            session: None,
            confirmation: Confirmation::NotAsked,
            idempotency_key: None,
            passed_on: None,
            task: None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn program(role: Role, ceiling: Role, token: Option<TokenUse>) -> Principal {
        let key = KeyUse { owner: "usr_ana".to_owned(), scope: KeyScope::AllTools, ceiling, token };
        Principal { key: Some(Arc::new(key)), ..Principal::new("report", "Report", role) }
    }

    #[test]
    fn a_key_counts_as_the_lower_of_two_roles() {
        for (role, ceiling, lower) in [
            (Role::Label, Role::Producer, Role::Producer),
            (Role::Artist, Role::Label, Role::Artist),
            (Role::Admin, Role::Admin, Role::Admin),
        ] {
            assert_eq!(program(role, ceiling, None).effective_role(), lower, "{role:?}, {ceiling:?}");
        }
        assert_eq!(Principal::local_operator().effective_role(), Role::Admin);
    }

    #[test]
    fn a_caller_is_a_person_a_key_or_an_access_token_whatever_its_id() {
        let token = TokenUse { scopes: Vec::new(), scope_prefix: String::new(), taken_until: None };
        assert_eq!(program(Role::Label, Role::Label, Some(token)).kind(), CallerKind::Token);
        assert_eq!(program(Role::Label, Role::Label, None).kind(), CallerKind::Key);
        assert_eq!(Principal::bootstrap_key().kind(), CallerKind::Key);
        assert_eq!(Principal::new("usr_ana", "Ana", Role::Label).kind(), CallerKind::Person);
    }
}
