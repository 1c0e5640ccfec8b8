//! What the page of sign-in needs to know before anybody is known.

use super::error::AppError;
use crate::model::role::Role;
use leptos::prelude::*;

/// The demo accounts that can be chosen with one click; none where the demo is off.
///
/// # Errors
/// When Patchline cannot be reached.
#[server(prefix = "/fn", endpoint = "demo-roles", input = leptos::server_fn::codec::GetUrl)]
pub async fn demo_roles() -> Result<Vec<Role>, AppError> {
    Ok(super::caller::engine()?.identity.demo_roles())
}
