//! The form of `/admin/settings`: `POST /admin/settings` sets limits and budgets, and leads back to the page.

use super::router::AppState;
use super::{confirm, pages, visitors};
use crate::api::error::AppError;
use crate::engine::gateway::{CallError, CallErrorKind, Channel, Origin};
use crate::model::settings::LimitsForm;
use crate::pages::settings::{FailedLimits, PATH};
use axum::extract::{ConnectInfo, Form, FromRequest, Request, State};
use axum::response::{IntoResponse, Redirect, Response};
use std::net::SocketAddr;

/// What the audit log calls a form that could not be read.
const FORM: &str = "POST /admin/settings";

/// Does it; where it cannot be done, the page says why and keeps what was typed.
pub(super) async fn submit(State(state): State<AppState>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let address = parts.extensions.get::<ConnectInfo<SocketAddr>>().map(|info| info.0.ip());
    let origin = visitors::with_session(Origin::new(Channel::Page, address), &parts);
    let visitor = visitors::principal(&parts);
    let request = Request::from_parts(parts.clone(), body);
    let form = Form::<Vec<(String, String)>>::from_request(request, &()).await;
    let (result, typed) = match form {
        Ok(Form(fields)) => {
            let typed = LimitsForm::of_fields(fields);
            let changed = state.engine.gateway.change_limits(&visitor, &origin, typed.clone()).await;
            (changed.map(|answer| answer.output), Some(typed))
        }
        Err(rejection) => {
            let message = format!("The form could not be read: {}.", rejection.body_text());
            let error = CallError::new(CallErrorKind::Invalid, message, "Fill it in again.");
            (Err(state.engine.gateway.refused(&visitor, &origin, FORM, error)), None)
        }
    };
    match result {
        Ok(version) => Redirect::to(&format!("{PATH}?saved={}", version.version)).into_response(),
        Err(error) => match confirm::of_error(&error, &parts) {
            Some(way) => way,
            None => pages::with(&state, parts, FailedLimits { error: AppError::from(error), typed }).await,
        },
    }
}
