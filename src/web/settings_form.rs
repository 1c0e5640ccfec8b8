//! The form of `/admin/settings`: `POST /admin/settings` sets limits and budgets, and leads back to the page.

use super::router::AppState;
use super::sent_fields::{SentFields, unreadable};
use super::{confirm, pages};
use crate::api::error::AppError;
use crate::model::settings::LimitsForm;
use crate::pages::settings::{FailedLimits, PATH};
use axum::extract::{Form, Request, State};
use axum::response::{IntoResponse, Redirect, Response};

/// What the audit log calls a form that could not be read.
const FORM: &str = "POST /admin/settings";

/// Does it; where it cannot be done, the page says why and keeps what was typed.
pub(super) async fn submit(State(state): State<AppState>, request: Request) -> Response {
    let SentFields { parts, origin, visitor, read } = SentFields::of(request).await;
    let (result, typed) = match read {
        Ok(Form(fields)) => {
            let typed = LimitsForm::of_fields(fields);
            let changed = state.engine.gateway.change_limits(&visitor, &origin, typed.clone()).await;
            (changed.map(|answer| answer.output), Some(typed))
        }
        Err(rejection) => {
            let error = unreadable(&rejection);
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
