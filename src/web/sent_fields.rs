//! A form of a page as it was sent: who sent it, and its fields, of which some may stand several times.

use super::router::AppState;
use super::visitors;
use crate::engine::gateway::{CallError, CallErrorKind, Channel, Origin, Principal};
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

    /// Names and values.
    ///
    /// # Errors
    /// `Invalid` where they could not be read.
    pub(super) fn fields(&self) -> Result<&[(String, String)], CallError> {
        match &self.read {
            Ok(Form(fields)) => Ok(fields),
            Err(rejection) => Err(unreadable(rejection)),
        }
    }

    /// Records that this form, by its name in the audit log, is refused.
    pub(super) fn refused(&self, state: &AppState, form: &str, error: CallError) -> CallError {
        state.engine.gateway.refused(&self.visitor, &self.origin, form, error)
    }
}

/// The value of a field; empty where there is none.
pub(super) fn field<'f>(fields: &'f [(String, String)], name: &str) -> &'f str {
    let found = fields.iter().find(|(known, _)| known == name);
    found.map_or("", |(_, value)| value.as_str())
}

/// Why nothing is done with a form that could not be read.
pub(super) fn unreadable(rejection: &FormRejection) -> CallError {
    let message = format!("The form could not be read: {}.", rejection.body_text());
    CallError::new(CallErrorKind::Invalid, message, "Fill it in again.")
}
