//! How the servers of tools are.

use super::error::AppError;
use crate::model::fleet::{FleetView, Overall};
use leptos::prelude::*;

/// The fleet, or one server of it, with its history.
///
/// # Errors
/// `NotFound` when there is no such server.
#[server(prefix = "/fn", endpoint = "fleet", input = leptos::server_fn::codec::GetUrl)]
pub async fn view_fleet(server: Option<String>) -> Result<FleetView, AppError> {
    super::caller::caller()?.view_fleet(server).await
}

/// All servers in words, for whoever is signed in. Nothing of the label, so nothing is recorded.
///
/// # Errors
/// When nobody is signed in, or Patchline cannot be reached.
#[server(prefix = "/fn", endpoint = "overall-health", input = leptos::server_fn::codec::GetUrl)]
pub async fn overall_health() -> Result<Overall, AppError> {
    Ok(super::caller::caller()?.engine.gateway.overall())
}
