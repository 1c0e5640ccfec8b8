//! The forms of `/admin/users`: `POST /admin/users` invites somebody or changes an account, and leads back to
//! the page. A link is in the answer itself, as it is shown once.

use super::router::AppState;
use super::{pages, visitors};
use crate::api::error::AppError;
use crate::engine::gateway::{CallError, CallErrorKind, Channel, Origin};
use crate::model::user::{UserChange, UserForm};
use crate::pages::users::{PATH, UserFormOutcome};
use axum::extract::{ConnectInfo, Form, FromRequest, Request, State};
use axum::http::header;
use axum::response::{IntoResponse, Redirect, Response};
use std::net::SocketAddr;

/// What the audit log calls a form that could not be read.
const FORM: &str = "POST /admin/users";

/// Does it; where it cannot be done, the page says why.
pub(super) async fn submit(State(state): State<AppState>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let address = parts.extensions.get::<ConnectInfo<SocketAddr>>().map(|info| info.0.ip());
    let origin = visitors::with_session(Origin::new(Channel::Page, address), &parts);
    let visitor = visitors::principal(&parts);
    let host = parts.headers.get(header::HOST).and_then(|host| host.to_str().ok()).map(str::to_owned);
    let form = Form::<UserForm>::from_request(Request::from_parts(parts.clone(), body), &()).await;
    let (result, typed) = match form {
        Ok(Form(form)) => {
            let people = state.engine.people();
            let typed = Some(form.clone()).filter(|form| form.change == UserChange::Invite);
            (people.change(&visitor, &origin, form, host.as_deref()).await, typed)
        }
        Err(rejection) => {
            let message = format!("The form could not be read: {}.", rejection.body_text());
            let error = CallError::new(CallErrorKind::Invalid, message, "Fill it in again.");
            (Err(state.engine.gateway.refused(&visitor, &origin, FORM, error)), None)
        }
    };
    match result {
        Ok(changed) if changed.link.is_none() => {
            let address = format!("{PATH}?done={}&user={}", changed.change.id(), changed.user);
            Redirect::to(&address).into_response()
        }
        Ok(changed) => pages::with(&state, parts, UserFormOutcome { result: Ok(changed), typed: None }).await,
        Err(error) => {
            let result = Err(AppError::from(error));
            pages::with(&state, parts, UserFormOutcome { result, typed }).await
        }
    }
}
