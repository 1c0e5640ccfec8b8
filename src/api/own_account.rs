//! One's own account: who one is, where one is signed in, what one did.
//!
//! The password is changed, and all sessions are ended, by plain forms only: both change the cookie.

use super::error::AppError;
use crate::model::acting_program::ActingPrograms;
use crate::model::confirmation::WaysToConfirm;
use crate::model::own_account::{DeedBy, Deeds, OwnAccount};
use leptos::prelude::*;

/// The caller's account, with their sessions.
///
/// # Errors
/// When the tables of people and sessions cannot be read.
#[server(prefix = "/fn", endpoint = "account", input = leptos::server_fn::codec::GetUrl)]
pub async fn view_account() -> Result<OwnAccount, AppError> {
    super::caller::caller()?.own_account().await
}

/// How the caller can show once more who they are, before a change that asks for it.
///
/// # Errors
/// When the table of people cannot be read.
#[server(prefix = "/fn", endpoint = "ways-to-confirm", input = leptos::server_fn::codec::GetUrl)]
pub async fn find_ways_to_confirm() -> Result<WaysToConfirm, AppError> {
    super::caller::caller()?.ways_to_confirm().await
}

/// What the caller, their keys and agents for them did, or one kind of these, the newest first.
///
/// # Errors
/// When the audit log cannot be read.
#[server(prefix = "/fn", endpoint = "own-activity", input = leptos::server_fn::codec::GetUrl)]
pub async fn own_activity(by: Option<DeedBy>) -> Result<Deeds, AppError> {
    super::caller::caller()?.own_activity(by).await
}

/// The programs that act for the caller with access tokens, the one that called last first.
///
/// # Errors
/// When the audit log cannot be read.
#[server(prefix = "/fn", endpoint = "own-programs", input = leptos::server_fn::codec::GetUrl)]
pub async fn own_programs() -> Result<ActingPrograms, AppError> {
    super::caller::caller()?.own_programs().await
}

/// Ends a session of the caller. What is not theirs is left alone.
///
/// # Errors
/// When the table of sessions cannot be written.
#[server(prefix = "/fn", endpoint = "end-own-session")]
pub async fn end_own_session(session: String) -> Result<(), AppError> {
    super::caller::caller()?.end_own_session(session).await
}
