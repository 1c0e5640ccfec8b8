//! What the page of sign-in needs to know before anybody is known.

use super::error::AppError;
use crate::model::account::WaysIn;
use leptos::prelude::*;

/// How somebody can come in, besides with a password.
///
/// # Errors
/// When Patchline cannot be reached.
#[server(prefix = "/fn", endpoint = "ways-in", input = leptos::server_fn::codec::GetUrl)]
pub async fn find_ways_in() -> Result<WaysIn, AppError> {
    let engine = super::caller::engine()?;
    let identity = &engine.identity;
    Ok(WaysIn { demo: identity.demo_roles(), provider: identity.openid_name() })
}
