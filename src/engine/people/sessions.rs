//! Where somebody else is signed in: seeing it, and ending one of their sessions, for admins.

use super::own::in_words;
use super::refusal::refusal;
use super::table;
use crate::engine::catalog::schema::{SESSIONS_TABLE, USERS_TABLE};
use crate::engine::catalog::{Catalog, CatalogError};
use crate::engine::identity::{Identity, User};
use crate::engine::tools::{Class, Context, Effect, Operation, ToolError};
use crate::model::tool::AwsResource;
use crate::model::user_sessions::UserSessions;
use serde::Serialize;

/// Shows where somebody is signed in.
pub(super) struct ListUserSessions;

/// Whose sessions, and by which session they are seen.
#[derive(Debug, Clone, Serialize)]
pub(super) struct ListUserSessionsInput {
    #[serde(skip)]
    pub(super) identity: Identity,
    pub(super) user: String,
    /// How the id of the session begins that looks at them.
    #[serde(skip)]
    pub(super) viewed_by: Option<String>,
}

impl Operation for ListUserSessions {
    const NAME: &'static str = "list_user_sessions";
    const EFFECT: Effect = Effect::Reads;
    const CLASS: Class = Class::Page;
    type Input = ListUserSessionsInput;
    type Output = UserSessions;

    fn resources(_: &ListUserSessionsInput, _: &Catalog) -> Result<Vec<AwsResource>, ToolError> {
        Ok(vec![table("GetItem", USERS_TABLE), table("Query", SESSIONS_TABLE)])
    }

    async fn run(input: ListUserSessionsInput, _: Context) -> Result<UserSessions, ToolError> {
        let ListUserSessionsInput { identity, user, viewed_by } = input;
        let User { id, name, .. } = identity.account(&user).await.map_err(refusal)?;
        let sessions = identity.sessions_of(&id).await.map_err(refusal)?;
        let sessions = sessions.into_iter().map(|kept| in_words(kept, viewed_by.as_deref())).collect();
        Ok(UserSessions { user: id, name, sessions })
    }
}

/// Ends one session of somebody.
pub(super) struct EndUserSession;

/// Whose session, and which.
#[derive(Debug, Clone, Serialize)]
pub(super) struct EndUserSessionInput {
    #[serde(skip)]
    pub(super) identity: Identity,
    pub(super) user: String,
    pub(super) session: String,
}

impl Operation for EndUserSession {
    const NAME: &'static str = "end_user_session";
    const EFFECT: Effect = Effect::Replaces;
    const CLASS: Class = Class::Page;
    type Input = EndUserSessionInput;
    type Output = User;

    fn resources(_: &EndUserSessionInput, _: &Catalog) -> Result<Vec<AwsResource>, ToolError> {
        Ok(vec![table("DeleteItem", SESSIONS_TABLE)])
    }

    async fn run(input: EndUserSessionInput, _: Context) -> Result<User, ToolError> {
        let EndUserSessionInput { identity, user, session } = input;
        let user = identity.account(&user).await.map_err(refusal)?;
        // Whoever ends a session is told so only where it was one of this person.
        let theirs = identity.sessions_of(&user.id).await.map_err(refusal)?;
        if !theirs.iter().any(|kept| kept.id == session) {
            return Err(CatalogError::NotFound { what: "session of this person", id: session }.into());
        }
        identity.end_session_of(&user.id, &session).await.map_err(refusal)?;
        Ok(user)
    }
}
