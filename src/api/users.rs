//! The people who may sign in, for admins.

use super::error::AppError;
use crate::model::role::Role;
use crate::model::user::{UserChange, UserChanged, UserView};
use crate::model::user_artists::{ArtistsForm, UserArtists};
use crate::model::user_sessions::UserSessions;
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
    #[server(default)] artists: Vec<String>,
    #[server(default)] session: String,
) -> Result<UserChanged, AppError> {
    let form = crate::model::user::UserForm { change, user, name, email, role, artists, session };
    super::caller::caller()?.change_user(form).await
}

/// Somebody's artists, or those that are chosen for them at the moment, and others that are looked for.
///
/// # Errors
/// `Forbidden` for whoever is no admin; `NotFound` where there is no such account.
#[server(prefix = "/fn", endpoint = "user-artists", input = leptos::server_fn::codec::Json)]
pub async fn find_user_artists(form: ArtistsForm) -> Result<UserArtists, AppError> {
    super::caller::caller()?.user_artists(form).await
}

/// Where somebody is signed in.
///
/// # Errors
/// `Forbidden` for whoever is no admin; `NotFound` where there is no such account.
#[server(prefix = "/fn", endpoint = "user-sessions", input = leptos::server_fn::codec::GetUrl)]
pub async fn list_user_sessions(user: String) -> Result<UserSessions, AppError> {
    super::caller::caller()?.user_sessions(user).await
}
