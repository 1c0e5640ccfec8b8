//! The people who may sign in, for admins.

use super::error::AppError;
use crate::model::role::Role;
use crate::model::user::{UserChange, UserChanged, UserView};
use leptos::prelude::*;

/// Everybody who may sign in, or might again.
///
/// # Errors
/// `Forbidden` for whoever is no admin.
#[server(prefix = "/fn", endpoint = "users", input = leptos::server_fn::codec::GetUrl)]
pub async fn list_users() -> Result<Vec<UserView>, AppError> {
    super::caller::caller()?.users().await
}

/// Invites somebody, or changes an account. The arguments are the fields of the page's forms.
///
/// # Errors
/// `Forbidden` for whoever is no admin, and for accounts of the sample label; `Invalid` for a name or an
/// address that cannot be taken; `Exists` for an address that somebody has; `Conflict` where nobody would be
/// left who may change accounts.
#[server(prefix = "/fn", endpoint = "change-user")]
pub async fn change_user(
    change: UserChange,
    #[server(default)] user: String,
    #[server(default)] name: String,
    #[server(default)] email: String,
    role: Option<Role>,
) -> Result<UserChanged, AppError> {
    let form = crate::model::user::UserForm { change, user, name, email, role };
    super::caller::caller()?.change_user(form).await
}
