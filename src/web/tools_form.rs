//! The form of `/tools` without JavaScript: `POST /tools?tool=…` runs the tool and answers with the page.

use super::pages;
use super::router::AppState;
use crate::engine::gateway::{CallError, CallErrorKind, Channel, Origin, Principal};
use crate::pages::tools::SubmittedForm;
use axum::extract::multipart::MultipartError;
use axum::extract::{ConnectInfo, Form, FromRequest, Multipart, Request, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use leptos::prelude::provide_context;
use std::net::SocketAddr;

/// Reads the form and renders the page with what came of it.
pub(super) async fn submit(State(state): State<AppState>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let address = parts.extensions.get::<ConnectInfo<SocketAddr>>().map(|info| info.0.ip());
    let page = Request::from_parts(parts.clone(), axum::body::Body::empty());
    let fields = match read(Request::from_parts(parts, body)).await {
        Ok(fields) => fields,
        Err(Unreadable { status, error }) => {
            let (operator, origin) = (Principal::local_operator(), Origin::new(Channel::Page, address));
            let error = state.engine.gateway.refused(&operator, &origin, "POST /tools", error);
            let text = format!("{} {} (request {})\n", error.message, error.remedy, error.request_id);
            return (status, text).into_response();
        }
    };
    let context = pages::context(&state);
    let context = move || {
        context();
        provide_context(SubmittedForm(fields.clone()));
    };
    leptos_axum::render_app_async_with_context(context, pages::document(&state))(page).await.into_response()
}

/// A form that could not be read.
struct Unreadable {
    status: StatusCode,
    error: CallError,
}

impl Unreadable {
    fn new(status: StatusCode, detail: &str) -> Self {
        let error = if status == StatusCode::PAYLOAD_TOO_LARGE {
            let message = "The form with its file is larger than 24 MiB.";
            CallError::new(
                CallErrorKind::TooLarge,
                message,
                "Send large audio to PUT /upload/audio, or to an address of create_upload_url.",
            )
        } else {
            let message = format!("The form could not be read: {detail}.");
            CallError::new(CallErrorKind::Invalid, message, "Go back and send it again.")
        };
        Self { status, error }
    }
}

async fn read(request: Request) -> Result<Vec<(String, String)>, Unreadable> {
    let multipart = request
        .headers()
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .is_some_and(|value| value.starts_with("multipart/form-data"));
    if !multipart {
        let form = Form::<Vec<(String, String)>>::from_request(request, &()).await;
        return form
            .map(|Form(fields)| fields)
            .map_err(|error| Unreadable::new(error.status(), &error.body_text()));
    }
    let form = Multipart::from_request(request, &())
        .await
        .map_err(|error| Unreadable::new(error.status(), &error.body_text()))?;
    fields(form).await.map_err(|error| Unreadable::new(error.status(), &error.to_string()))
}

/// Every field as text; the content of a file as base64, as the tools take it.
async fn fields(mut form: Multipart) -> Result<Vec<(String, String)>, MultipartError> {
    let mut fields = Vec::new();
    while let Some(field) = form.next_field().await? {
        let name = field.name().unwrap_or_default().to_owned();
        let value = match field.file_name().map(str::to_owned) {
            Some(_) => STANDARD.encode(field.bytes().await?),
            None => field.text().await?,
        };
        fields.push((name, value));
    }
    Ok(fields)
}
