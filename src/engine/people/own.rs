//! What everybody may do with their own account.

use super::refusal::{of_password, refusal};
use super::{device, moment, table};
use crate::engine::catalog::Catalog;
use crate::engine::catalog::schema::{KEYS_TABLE, SESSIONS_TABLE, USERS_TABLE};
use crate::engine::identity::{Identity, SessionInList, User};
use crate::engine::tools::{Class, Context, Effect, Operation, ToolError};
use crate::model::key::KeyState;
use crate::model::own_account::{OwnAccount, OwnSession};
use crate::model::tool::AwsResource;
use secrecy::SecretString;
use serde::Serialize;

/// Shows the account with its sessions.
pub(super) struct ViewAccount;

/// By which session it is seen.
#[derive(Debug, Clone, Serialize)]
pub(super) struct ViewAccountInput {
    #[serde(skip)]
    pub(super) identity: Identity,
    /// How its id begins.
    #[serde(skip)]
    pub(super) session: Option<String>,
}

impl Operation for ViewAccount {
    const NAME: &'static str = "view_account";
    const EFFECT: Effect = Effect::Reads;
    const CLASS: Class = Class::Page;
    type Input = ViewAccountInput;
    type Output = OwnAccount;

    fn resources(_: &ViewAccountInput, _: &Catalog) -> Result<Vec<AwsResource>, ToolError> {
        let read = [("GetItem", USERS_TABLE), ("Query", SESSIONS_TABLE), ("Query", KEYS_TABLE)];
        Ok(read.map(|(action, name)| table(action, name)).to_vec())
    }

    async fn run(input: ViewAccountInput, context: Context) -> Result<OwnAccount, ToolError> {
        let ViewAccountInput { identity, session } = input;
        let user = identity.account(&context.owner).await.map_err(refusal)?;
        let sessions = identity.sessions_of(&user.id).await.map_err(refusal)?;
        let keys = context.catalog.keys_of(&user.id).await?;
        let keys = keys.iter().filter(|key| key.view(context.now).state == KeyState::Works).count();
        let User { name, email, role, password, .. } = user;
        Ok(OwnAccount {
            name,
            email,
            role,
            has_password: password.is_some(),
            keys: u32::try_from(keys).unwrap_or(u32::MAX),
            sessions: sessions.into_iter().map(|kept| in_words(kept, session.as_deref())).collect(),
        })
    }
}

/// A session for the list of it; `this` is how the id of the one begins by which the list is seen.
pub(super) fn in_words(kept: SessionInList, this: Option<&str>) -> OwnSession {
    let is_this = this.is_some_and(|this| kept.id.starts_with(this));
    OwnSession {
        id: kept.id,
        device: device::in_words(kept.agent.as_deref().unwrap_or_default()),
        address: kept.address,
        signed_in_at: moment(kept.signed_in_at),
        seen_at: moment(kept.seen_at),
        is_this,
    }
}

/// Ends one of the caller's sessions.
pub(super) struct EndOwnSession;

/// Which one.
#[derive(Debug, Clone, Serialize)]
pub(super) struct EndOwnSessionInput {
    #[serde(skip)]
    pub(super) identity: Identity,
    pub(super) session: String,
}

impl Operation for EndOwnSession {
    const NAME: &'static str = "end_own_session";
    const EFFECT: Effect = Effect::Replaces;
    const CLASS: Class = Class::Page;
    type Input = EndOwnSessionInput;
    type Output = ();

    fn resources(_: &EndOwnSessionInput, _: &Catalog) -> Result<Vec<AwsResource>, ToolError> {
        Ok(vec![table("DeleteItem", SESSIONS_TABLE)])
    }

    async fn run(input: EndOwnSessionInput, context: Context) -> Result<(), ToolError> {
        input.identity.end_session_of(&context.owner, &input.session).await.map_err(refusal)
    }
}

/// What needs to know nothing but who asks.
#[derive(Debug, Clone, Serialize)]
pub(super) struct OwnInput {
    #[serde(skip)]
    pub(super) identity: Identity,
}

/// Ends all sessions of the caller.
pub(super) struct SignOutEverywhere;

impl Operation for SignOutEverywhere {
    const NAME: &'static str = "sign_out_everywhere";
    const EFFECT: Effect = Effect::Replaces;
    const CLASS: Class = Class::Page;
    type Input = OwnInput;
    type Output = ();

    fn resources(_: &OwnInput, _: &Catalog) -> Result<Vec<AwsResource>, ToolError> {
        Ok(vec![table("PutItem", USERS_TABLE)])
    }

    async fn run(input: OwnInput, context: Context) -> Result<(), ToolError> {
        input.identity.sign_out_everywhere(&context.owner).await.map(drop).map_err(refusal)
    }
}

/// Gives the caller another password.
pub(super) struct ChangeOwnPassword;

/// Both passwords, of which nothing is recorded.
#[derive(Debug, Clone, Serialize)]
pub(super) struct ChangeOwnPasswordInput {
    #[serde(skip)]
    pub(super) identity: Identity,
    #[serde(skip)]
    pub(super) old: SecretString,
    #[serde(skip)]
    pub(super) new: SecretString,
}

impl Operation for ChangeOwnPassword {
    const NAME: &'static str = "change_own_password";
    const EFFECT: Effect = Effect::Replaces;
    const CLASS: Class = Class::Page;
    type Input = ChangeOwnPasswordInput;
    type Output = User;

    fn resources(_: &ChangeOwnPasswordInput, _: &Catalog) -> Result<Vec<AwsResource>, ToolError> {
        Ok(vec![table("PutItem", USERS_TABLE)])
    }

    async fn run(input: ChangeOwnPasswordInput, context: Context) -> Result<User, ToolError> {
        let ChangeOwnPasswordInput { identity, old, new } = input;
        identity.change_password(&context.owner, &old, &new).await.map_err(of_password)
    }
}
