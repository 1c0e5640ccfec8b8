//! What a sign-in at the provider changes of an account: an operation at the door like any other change.

use super::refusal::of_sign_in;
use super::table;
use crate::engine::catalog::Catalog;
use crate::engine::catalog::schema::USERS_TABLE;
use crate::engine::identity::openid::AccountChange;
use crate::engine::identity::{Identity, User};
use crate::engine::tools::{Class, Context, Effect, Operation, ToolError};
use crate::model::role::Role;
use crate::model::tool::AwsResource;
use serde::Serialize;

/// Makes an account, joins it with somebody at the provider, gives it the role that their groups say, or ends
/// the sessions of whoever is in no group any more.
pub(super) struct ChangeAccountAtSignIn;

/// Which account, and what is changed.
#[derive(Debug, Clone, Serialize)]
pub(super) struct ChangeAccountAtSignInInput {
    #[serde(skip)]
    identity: Identity,
    #[serde(skip)]
    change: AccountChange,
    user: String,
    what: &'static str,
    role: Role,
}

impl ChangeAccountAtSignInInput {
    pub(super) fn new(identity: Identity, change: AccountChange) -> Self {
        let (user, what, role) = (change.user().to_owned(), change.word(), change.role());
        Self { identity, change, user, what, role }
    }
}

impl Operation for ChangeAccountAtSignIn {
    const NAME: &'static str = "change_account_at_sign_in";
    const EFFECT: Effect = Effect::Replaces;
    const CLASS: Class = Class::Page;
    type Input = ChangeAccountAtSignInInput;
    type Output = User;

    fn resources(_: &ChangeAccountAtSignInInput, _: &Catalog) -> Result<Vec<AwsResource>, ToolError> {
        Ok(vec![table("PutItem", USERS_TABLE)])
    }

    async fn run(input: ChangeAccountAtSignInInput, _: Context) -> Result<User, ToolError> {
        input.identity.change_at_sign_in(input.change).await.map_err(of_sign_in)
    }
}
