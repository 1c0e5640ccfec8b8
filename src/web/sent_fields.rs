//! A form of a page as it was sent: who sent it, and its fields, of which some may stand several times.

use super::visitors;
use crate::engine::gateway::{Channel, Origin, Principal};
use axum::extract::rejection::FormRejection;
use axum::extract::{ConnectInfo, Form, FromRequest, Request};
use axum::http::request::Parts;
use std::net::SocketAddr;

/// What was sent.
pub(super) struct SentFields {
    /// All of the request but its body.
    pub(super) parts: Parts,
    /// Where it comes from.
    pub(super) origin: Origin,
    /// Who sent it.
    pub(super) visitor: Principal,
    /// Names and values, or why they could not be read.
    pub(super) read: Result<Form<Vec<(String, String)>>, FormRejection>,
}

impl SentFields {
    /// Reads a request.
    pub(super) async fn of(request: Request) -> Self {
        let (parts, body) = request.into_parts();
        let address = parts.extensions.get::<ConnectInfo<SocketAddr>>().map(|info| info.0.ip());
        let origin = visitors::with_session(Origin::new(Channel::Page, address), &parts);
        let visitor = visitors::principal(&parts);
        let request = Request::from_parts(parts.clone(), body);
        let read = Form::from_request(request, &()).await;
        Self { parts, origin, visitor, read }
    }
}
