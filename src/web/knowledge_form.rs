//! The forms of `/knowledge` without JavaScript: `POST /knowledge?view=documents` adds or removes documents,
//! then leads back to the list; what was refused is said on the page that is the answer.

use super::caller::Caller;
use super::pages;
use super::router::AppState;
use crate::api::error::AppError;
use crate::document::LARGEST_FILE;
use crate::engine::gateway::{CallError, CallErrorKind, Channel};
use crate::engine::tools::bedrock::{
    RemoveDocumentInput, RemoveKnowledgeDocument, StreamKnowledgeDocument, StreamKnowledgeDocumentInput,
};
use crate::pages::knowledge::RefusedDocument;
use crate::pages::knowledge::address::{Address, Done};
use crate::pages::knowledge::upload::{FILE, INTENT, NAME, OVERWRITE, REMOVE};
use axum::body::Bytes;
use axum::extract::multipart::MultipartError;
use axum::extract::{FromRequest, FromRequestParts, Multipart, Request, State};
use axum::http::{Method, StatusCode};
use axum::response::{IntoResponse, Redirect, Response};
use futures::StreamExt;
use futures::stream;
use leptos::prelude::provide_context;

/// The largest form: a document with what is around it.
#[expect(clippy::cast_possible_truncation, reason = "50 MB have room in 32 bits")]
pub(super) const LARGEST_FORM: usize = LARGEST_FILE as usize + 64 * 1024;

/// What the audit log calls a form that came to nothing.
const FORM: &str = "POST /knowledge";

/// What the form says.
#[derive(Default)]
struct Form {
    intent: String,
    name: String,
    overwrite: bool,
    files: Vec<(String, Bytes)>,
}

/// Does what the form says.
pub(super) async fn submit(State(state): State<AppState>, request: Request) -> Response {
    let (mut parts, body) = request.into_parts();
    let mut page = parts.clone();
    page.method = Method::GET;
    let caller = match Caller::from_request_parts(&mut parts, &state).await {
        Ok(mut caller) => {
            caller.origin.channel = Channel::Page;
            caller
        }
        Err(refused) => return refused.into_response(),
    };
    let form = match Multipart::from_request(Request::from_parts(parts, body), &()).await {
        Ok(multipart) => {
            read(multipart).await.map_err(|error| unreadable(error.status(), &error.to_string()))
        }
        Err(rejection) => Err(unreadable(rejection.status(), &rejection.body_text())),
    };
    let outcome = match form {
        Ok(form) => perform(&state, &caller, form).await,
        Err(error) => Err(refused(&state, &caller, error)),
    };
    match outcome {
        Ok(done) => {
            let address = Address { done: Some(done), ..Address::of_documents() };
            Redirect::to(&address.write()).into_response()
        }
        Err(error) => {
            let context = pages::context(&state);
            let context = move || {
                context();
                provide_context(RefusedDocument(error.clone()));
            };
            let page = Request::from_parts(page, axum::body::Body::empty());
            let render = leptos_axum::render_app_async_with_context(context, pages::document(&state));
            render(page).await.into_response()
        }
    }
}

async fn perform(state: &AppState, caller: &Caller, form: Form) -> Result<Done, AppError> {
    let gateway = &state.engine.gateway;
    if form.intent == REMOVE {
        let input = RemoveDocumentInput { knowledge_base_id: None, file_name: form.name.clone() };
        let removed = gateway.call::<RemoveKnowledgeDocument>(&caller.principal, &caller.origin, input).await;
        removed.map_err(AppError::from)?;
        return Ok(Done::Removed(form.name));
    }
    let mut added = None;
    for (name, content) in form.files {
        let input = StreamKnowledgeDocumentInput {
            knowledge_base_id: None,
            file_name: name,
            title: None,
            announced_bytes: u64::try_from(content.len()).ok(),
            overwrite: form.overwrite,
            content: stream::iter([Ok(content)]).boxed(),
        };
        let answer = gateway.call::<StreamKnowledgeDocument>(&caller.principal, &caller.origin, input).await;
        added = Some(answer.map_err(|error: CallError| AppError::from(error))?.output.file_name);
    }
    added.map(Done::Added).ok_or_else(|| {
        let nothing =
            CallError::new(CallErrorKind::Invalid, "No file was picked.", "Pick a file, then press Add.");
        refused(state, caller, nothing)
    })
}

/// Records a form with which nothing could be done.
fn refused(state: &AppState, caller: &Caller, error: CallError) -> AppError {
    state.engine.gateway.refused(&caller.principal, &caller.origin, FORM, error).into()
}

async fn read(mut multipart: Multipart) -> Result<Form, MultipartError> {
    let mut form = Form::default();
    while let Some(field) = multipart.next_field().await? {
        let name = field.name().unwrap_or_default().to_owned();
        match name.as_str() {
            INTENT => form.intent = field.text().await?,
            NAME => form.name = field.text().await?,
            OVERWRITE => form.overwrite = field.text().await? == "true",
            FILE => {
                let file = field.file_name().unwrap_or_default().to_owned();
                // A form sends an empty part where no file was picked.
                if !file.is_empty() {
                    form.files.push((file, field.bytes().await?));
                }
            }
            _ => {}
        }
    }
    Ok(form)
}

fn unreadable(status: StatusCode, detail: &str) -> CallError {
    if status == StatusCode::PAYLOAD_TOO_LARGE {
        let message = "The files have more than 50 MB together.";
        let remedy = "Split the document, or add one file after the other.";
        CallError::new(CallErrorKind::TooLarge, message, remedy)
    } else {
        let message = format!("The form could not be read: {detail}.");
        CallError::new(CallErrorKind::Invalid, message, "Send it again.")
    }
}
