//! One's own automations, and for admins those of everybody. They are made and changed by plain forms.

use super::error::AppError;
use crate::model::automation::{AutomationList, AutomationPage, AutomationView};
use leptos::prelude::*;

/// The caller's automations, and what there is to choose from for another.
///
/// # Errors
/// When nobody is signed in, or the automations cannot be read.
#[server(prefix = "/fn", endpoint = "automations", input = leptos::server_fn::codec::GetUrl)]
pub async fn own_automations() -> Result<AutomationList, AppError> {
    super::caller::caller()?.automations().await
}

/// The automations of everybody.
///
/// # Errors
/// `Forbidden` for whoever is no admin.
#[server(prefix = "/fn", endpoint = "all-automations", input = leptos::server_fn::codec::GetUrl)]
pub async fn all_automations() -> Result<Vec<AutomationView>, AppError> {
    super::caller::caller()?.all_automations().await
}

/// An automation of the caller, with what it ran.
///
/// # Errors
/// `NotFound` where there is none of this id, or it is somebody else's.
#[server(prefix = "/fn", endpoint = "automation", input = leptos::server_fn::codec::Json)]
pub async fn own_automation(id: String) -> Result<AutomationPage, AppError> {
    super::caller::caller()?.automation(&id).await
}

/// How many answers of their automations the caller has not looked at yet.
///
/// # Errors
/// When nobody is signed in, or the store cannot be read.
#[server(prefix = "/fn", endpoint = "unread-answers", input = leptos::server_fn::codec::GetUrl)]
pub async fn unread_answers() -> Result<u32, AppError> {
    super::caller::caller()?.unread_answers().await
}
