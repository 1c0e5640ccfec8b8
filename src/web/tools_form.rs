//! The form of `/tools` without JavaScript: `POST /tools?tool=…` runs the tool and answers with the page.

use super::pages;
use super::router::AppState;
use crate::pages::tools::SubmittedForm;
use axum::extract::multipart::MultipartError;
use axum::extract::{Form, FromRequest, Multipart, Request, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use leptos::prelude::provide_context;

/// Reads the form and renders the page with what came of it.
pub(super) async fn submit(State(state): State<AppState>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let page = Request::from_parts(parts.clone(), axum::body::Body::empty());
    let fields = match read(Request::from_parts(parts, body)).await {
        Ok(fields) => fields,
        Err(answer) => return answer,
    };
    let context = pages::context(&state);
    let context = move || {
        context();
        provide_context(SubmittedForm(fields.clone()));
    };
    leptos_axum::render_app_async_with_context(context, pages::document(&state))(page).await.into_response()
}

async fn read(request: Request) -> Result<Vec<(String, String)>, Response> {
    let multipart = request
        .headers()
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .is_some_and(|value| value.starts_with("multipart/form-data"));
    if !multipart {
        let form = Form::<Vec<(String, String)>>::from_request(request, &()).await;
        return form.map(|Form(fields)| fields).map_err(IntoResponse::into_response);
    }
    let form = Multipart::from_request(request, &()).await.map_err(IntoResponse::into_response)?;
    fields(form).await.map_err(|error| {
        let text = if error.status() == StatusCode::PAYLOAD_TOO_LARGE {
            "The form with its file is larger than 24 MiB. Send large audio to PUT /upload/audio, or \
             to an address of create_upload_url.\n"
                .to_owned()
        } else {
            format!("The form could not be read: {error}. Go back and send it again.\n")
        };
        (error.status(), text).into_response()
    })
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
