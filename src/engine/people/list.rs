//! The list of people, for admins.

use super::refusal::refusal;
use super::{table, to_the_second};
use crate::engine::catalog::Catalog;
use crate::engine::catalog::schema::USERS_TABLE;
use crate::engine::identity::{Identity, User};
use crate::engine::tools::{Class, Context, Effect, Operation, ToolError};
use crate::model::tool::AwsResource;
use crate::model::user::{UserState, UserView};
use serde::Serialize;

/// Shows everybody.
pub(super) struct ListUsers;

/// Nothing is chosen.
#[derive(Debug, Clone, Serialize)]
pub(super) struct ListUsersInput {
    #[serde(skip)]
    pub(super) identity: Identity,
}

impl Operation for ListUsers {
    const NAME: &'static str = "list_users";
    const EFFECT: Effect = Effect::Reads;
    const CLASS: Class = Class::Page;
    type Input = ListUsersInput;
    type Output = Vec<UserView>;

    fn resources(_: &ListUsersInput, _: &Catalog) -> Result<Vec<AwsResource>, ToolError> {
        Ok(vec![table("Scan", USERS_TABLE)])
    }

    async fn run(input: ListUsersInput, context: Context) -> Result<Vec<UserView>, ToolError> {
        let users = input.identity.users().await.map_err(refusal)?;
        Ok(users.into_iter().map(|user| view(user, &context.owner)).collect())
    }
}

fn view(user: User, viewer: &str) -> UserView {
    let state = match (user.disabled, user.has_way_in()) {
        (true, _) => UserState::Disabled,
        (false, true) => UserState::Active,
        (false, false) => UserState::Invited,
    };
    UserView {
        is_viewer: user.id == viewer,
        demo: user.is_shared(),
        id: user.id,
        name: user.name,
        email: user.email,
        role: user.role,
        state,
        signed_in_at: user.signed_in_at.as_deref().map(to_the_second),
    }
}
