//! The forms of `/admin/users`: `POST /admin/users` invites somebody or changes an account, and leads back to
//! the page. A link is in the answer itself, as it is shown once.

use super::router::AppState;
use super::{confirm, pages, visitors};
use crate::api::error::AppError;
use crate::engine::gateway::{CallError, CallErrorKind, Channel, Origin, Principal};
use crate::model::user::{UserChange, UserChanged, UserForm};
use crate::model::user_artists::ArtistsForm;
use crate::pages::users::artists::ArtistsOutcome;
use crate::pages::users::{PATH, UserFormOutcome};
use axum::body::{Body, Bytes};
use axum::extract::{ConnectInfo, Form, FromRequest, Request, State};
use axum::http::header;
use axum::http::request::Parts;
use axum::response::{IntoResponse, Redirect, Response};
use std::net::SocketAddr;

/// What the audit log calls a form that could not be read.
const FORM: &str = "POST /admin/users";

/// The most bytes that a form may have: somebody may have many artists.
pub(super) const LARGEST_FORM: usize = 64 * 1024;

/// Does it; where it cannot be done, the page says why.
pub(super) async fn submit(State(state): State<AppState>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let address = parts.extensions.get::<ConnectInfo<SocketAddr>>().map(|info| info.0.ip());
    let origin = visitors::with_session(Origin::new(Channel::Page, address), &parts);
    let visitor = visitors::principal(&parts);
    let unread = |reason: String| {
        let message = format!("The form could not be read: {reason}.");
        let error = CallError::new(CallErrorKind::Invalid, message, "Fill it in again.");
        let error = state.engine.gateway.refused(&visitor, &origin, FORM, error);
        UserFormOutcome { result: Err(AppError::from(error)), typed: None }
    };
    let request = Request::from_parts(parts.clone(), body);
    let body = match Bytes::from_request(request, &()).await {
        Ok(body) => body,
        Err(rejection) => {
            let outcome = unread(rejection.body_text());
            return pages::with(&state, parts, outcome).await;
        }
    };
    // Each form is read twice, as only that of artists has several values under one name.
    let fields = Form::<Vec<(String, String)>>::from_request(again(&parts, &body), &()).await;
    if let Ok(Form(fields)) = &fields
        && text(fields, "change") == UserChange::Artists.id()
    {
        return artists(&state, parts, &visitor, &origin, fields).await;
    }
    let host = parts.headers.get(header::HOST).and_then(|host| host.to_str().ok()).map(str::to_owned);
    let form = match Form::<UserForm>::from_request(again(&parts, &body), &()).await {
        Ok(Form(form)) => form,
        Err(rejection) => {
            let outcome = unread(rejection.body_text());
            return pages::with(&state, parts, outcome).await;
        }
    };
    let typed = Some(form.clone()).filter(|form| form.change == UserChange::Invite);
    match state.engine.people().change(&visitor, &origin, form, host.as_deref()).await {
        Ok(changed) if changed.link.is_none() => done(&changed),
        Ok(changed) => pages::with(&state, parts, UserFormOutcome { result: Ok(changed), typed: None }).await,
        Err(error) => {
            if let Some(way) = confirm::of_error(&error, &parts) {
                return way;
            }
            let result = Err(AppError::from(error));
            pages::with(&state, parts, UserFormOutcome { result, typed }).await
        }
    }
}

/// The form of somebody's artists: more of them are looked for, or they are saved. What is chosen stays chosen.
async fn artists(
    state: &AppState,
    parts: Parts,
    visitor: &Principal,
    origin: &Origin,
    fields: &[(String, String)],
) -> Response {
    let chosen = fields.iter().filter(|(name, _)| name == "artists").map(|(_, id)| id.clone());
    let chosen: Vec<String> = chosen.collect();
    let (user, find) = (text(fields, "user").to_owned(), text(fields, "find").to_owned());
    let typed = ArtistsForm { user: user.clone(), chosen: Some(chosen.clone()), find };
    if text(fields, "step") == "find" {
        return pages::with(state, parts, ArtistsOutcome { typed, error: None }).await;
    }
    let form = UserForm {
        change: UserChange::Artists,
        user,
        name: String::new(),
        email: String::new(),
        role: None,
        artists: chosen,
        session: String::new(),
    };
    match state.engine.people().change(visitor, origin, form, None).await {
        Ok(changed) => done(&changed),
        Err(error) => {
            if let Some(way) = confirm::of_error(&error, &parts) {
                return way;
            }
            let error = Some(AppError::from(error));
            pages::with(state, parts, ArtistsOutcome { typed, error }).await
        }
    }
}

/// Leads back to the page, which says what was done.
fn done(changed: &UserChanged) -> Response {
    let UserChanged { change, user, .. } = changed;
    let address = format!("{PATH}?done={}&user={user}", change.id());
    let address = match change {
        // The others of theirs are shown again.
        UserChange::EndSession => format!("{address}&sessions={user}"),
        _ => address,
    };
    Redirect::to(&address).into_response()
}

/// The same request once more, to be read in another way.
fn again(parts: &Parts, body: &Bytes) -> Request {
    Request::from_parts(parts.clone(), Body::from(body.clone()))
}

fn text<'f>(fields: &'f [(String, String)], name: &str) -> &'f str {
    fields.iter().find(|(known, _)| known == name).map_or("", |(_, value)| value.as_str())
}
