//! The forms of `/keys` and `/admin/keys`: `POST` makes a key and shows it once, or revokes one and leads back.

use super::router::AppState;
use super::sent_fields::SentFields;
use super::{confirm, pages};
use crate::api::error::AppError;
use crate::engine::gateway::{CallError, CallErrorKind, Origin, Principal};
use crate::engine::tools::views::{RevokeKey, RevokeOwnKey};
use crate::model::key::KeyRequest;
use crate::pages::keys::{KeysOutcome, NewKey};
use axum::body::Body;
use axum::extract::{Form, Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, Method, header};
use axum::response::{IntoResponse, Redirect, Response};
use leptos::prelude::provide_context;

/// Whose keys a form is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Whose {
    Own,
    Everybody,
}

impl Whose {
    fn path(self) -> &'static str {
        match self {
            Self::Own => "/keys",
            Self::Everybody => "/admin/keys",
        }
    }

    fn form(self) -> &'static str {
        match self {
            Self::Own => "POST /keys",
            Self::Everybody => "POST /admin/keys",
        }
    }
}

/// The form of one's own keys.
pub(super) async fn submit(State(state): State<AppState>, request: Request) -> Response {
    answer(&state, request, Whose::Own).await
}

/// The form of the keys of everybody.
pub(super) async fn submit_for_all(State(state): State<AppState>, request: Request) -> Response {
    answer(&state, request, Whose::Everybody).await
}

async fn answer(state: &AppState, request: Request, whose: Whose) -> Response {
    let SentFields { parts, origin, visitor: person, read } = SentFields::of(request).await;
    let outcome = match read {
        Ok(Form(fields)) => change(state, &person, &origin, whose, &fields, &parts.headers).await,
        Err(rejection) => {
            let message = format!("The form could not be read: {}.", rejection.body_text());
            let error = CallError::new(CallErrorKind::Invalid, message, "Go back and send it again.");
            let error = state.engine.gateway.refused(&person, &origin, whose.form(), error);
            Some(failed(error, KeyRequest::default()))
        }
    };
    match outcome {
        None => Redirect::to(whose.path()).into_response(),
        Some(outcome) => match confirm::instead(asked_before(&outcome), &parts) {
            Some(way) => way,
            None => show(state, parts, outcome).await,
        },
    }
}

/// Does what a button says. None where the page has nothing to say of it.
async fn change(
    state: &AppState,
    person: &Principal,
    origin: &Origin,
    whose: Whose,
    fields: &[(String, String)],
    headers: &HeaderMap,
) -> Option<KeysOutcome> {
    let engine = &state.engine;
    let field = |name: &str| fields.iter().find(|(known, _)| known == name).map(|(_, value)| value.clone());
    let id = field("id").unwrap_or_default();
    match (field("change").unwrap_or_default().as_str(), whose) {
        ("create", Whose::Own) => {
            let wish = wish(fields);
            Some(match engine.create_key(person, origin, &wish).await {
                Ok(made) => KeysOutcome::Made(NewKey { made, mcp: mcp_address(state, headers) }),
                Err(error) => failed(error, wish),
            })
        }
        ("revoke", Whose::Own) => {
            let revoked = engine.gateway.call::<RevokeOwnKey>(person, origin, id).await;
            revoked.err().map(|error| failed(error, KeyRequest::default()))
        }
        ("revoke", Whose::Everybody) => {
            let revoked = engine.gateway.call::<RevokeKey>(person, origin, id).await;
            revoked.err().map(|error| failed(error, KeyRequest::default()))
        }
        (other, _) => {
            let message = format!("A key can be made here or revoked; {other:?} is none of that.");
            let error = CallError::new(CallErrorKind::Invalid, message, "Go back to the page of keys.");
            let error = engine.gateway.refused(person, origin, whose.form(), error);
            Some(failed(error, KeyRequest::default()))
        }
    }
}

/// Before what somebody has to show once more who they are, where they have to.
fn asked_before(outcome: &KeysOutcome) -> Option<&str> {
    match outcome {
        KeysOutcome::Failed { error, .. } => error.confirm.as_deref(),
        KeysOutcome::Made(_) => None,
    }
}

fn failed(error: CallError, typed: KeyRequest) -> KeysOutcome {
    KeysOutcome::Failed { error: AppError::from(error), typed }
}

/// The wish for a key, as it was typed.
fn wish(fields: &[(String, String)]) -> KeyRequest {
    let mut wish = KeyRequest::default();
    for (name, value) in fields {
        let value = value.clone();
        match name.as_str() {
            "name" => wish.name = value,
            "scope" => wish.scope = value,
            "servers" => wish.servers.push(value),
            "role" => wish.role = value,
            "days" => wish.days = value,
            "addresses" => wish.addresses = value,
            _ => {}
        }
    }
    wish
}

/// Where AI clients find Patchline: at the name under which the browser has found it.
fn mcp_address(state: &AppState, headers: &HeaderMap) -> String {
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok()).map(str::to_owned);
    format!("http://{}/mcp", host.unwrap_or_else(|| state.engine.config.address.to_string()))
}

/// Shows the page with what came of it.
async fn show(state: &AppState, parts: Parts, outcome: KeysOutcome) -> Response {
    let context = pages::context(state);
    let context = move || {
        context();
        provide_context(outcome.clone());
    };
    let mut page = Request::from_parts(parts, Body::empty());
    *page.method_mut() = Method::GET;
    let render = leptos_axum::render_app_async_with_context(context, pages::document(state));
    render(page).await.into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wish_has_every_server_that_is_checked() {
        let fields = [("name", "Report"), ("scope", "servers"), ("servers", "s3"), ("servers", "rds")];
        let fields: Vec<_> = fields.iter().map(|(a, b)| ((*a).to_owned(), (*b).to_owned())).collect();
        let read = wish(&fields);
        assert_eq!((read.name.as_str(), read.scope.as_str()), ("Report", "servers"));
        assert_eq!(read.servers, ["s3", "rds"]);
    }
}
