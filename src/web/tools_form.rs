//! The form of `/tools` without JavaScript: `POST /tools?tool=…` runs the tool and answers with the page.

use super::router::{AppState, MAX_BODY};
use super::tools_stream::Upload;
use super::{pages, visitors};
use crate::api::error::AppError;
use crate::engine::gateway::{CallError, CallErrorKind, Channel, Origin, Principal};
use crate::pages::tools::address::Address;
use crate::pages::tools::{Reached, SubmittedForm};
use axum::body::{Body, to_bytes};
use axum::extract::multipart::Field;
use axum::extract::{ConnectInfo, Form, FromRequest, Multipart, Request, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use leptos::prelude::provide_context;
use std::net::SocketAddr;

/// How much of a form that is too large is read on: a browser that still sends shows a broken connection
/// in place of the page.
const LINGER_BYTES: usize = 1024 * 1024 * 1024;

/// What the audit log calls a form that could not be read.
const FORM: &str = "POST /tools";

/// Reads the form and renders the page with what came of it.
pub(super) async fn submit(State(state): State<AppState>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let page = Request::from_parts(parts.clone(), Body::empty());
    let address = parts.extensions.get::<ConnectInfo<SocketAddr>>().map(|info| info.0.ip());
    let origin = visitors::with_session(Origin::new(Channel::Page, address), &parts);
    let reader =
        Reader::new(&state, visitors::principal(&parts), origin, parts.uri.query().unwrap_or_default());
    let form = reader.read(Request::from_parts(parts, body)).await;
    let context = pages::context(&state);
    let context = move || {
        context();
        provide_context(form.clone());
    };
    leptos_axum::render_app_async_with_context(context, pages::document(&state))(page).await.into_response()
}

/// Reads one form.
struct Reader<'a> {
    state: &'a AppState,
    operator: Principal,
    origin: Origin,
    upload: Option<Upload<'a>>,
    form: SubmittedForm,
    /// What may still be held in memory.
    room: usize,
}

/// What became of a part of a form.
enum Part {
    Read(Vec<u8>),
    TooLarge,
}

impl<'a> Reader<'a> {
    fn new(state: &'a AppState, operator: Principal, origin: Origin, query: &str) -> Self {
        let name = Address::from_query(query).tool.unwrap_or_default();
        let gateway = &state.engine.gateway;
        let upload = gateway.tool(&operator, &name).and_then(|tool| Upload::of(gateway, tool));
        Self { state, operator, origin, upload, form: SubmittedForm::default(), room: MAX_BODY }
    }

    async fn read(mut self, request: Request) -> SubmittedForm {
        let content_type = request.headers().get(header::CONTENT_TYPE);
        let multipart = content_type
            .and_then(|value| value.to_str().ok())
            .is_some_and(|value| value.starts_with("multipart/form-data"));
        let read = if multipart { self.read_parts(request).await } else { self.read_texts(request).await };
        if let Err(error) = read {
            let refused = self.state.engine.gateway.refused(&self.operator, &self.origin, FORM, error);
            self.form.reached = Reached::Ended(Err(AppError::from(refused)));
        }
        self.form
    }

    async fn read_texts(&mut self, request: Request) -> Result<(), CallError> {
        let (parts, body) = request.into_parts();
        let body = to_bytes(body, MAX_BODY).await.map_err(|_| too_large())?;
        let form = Form::<Vec<(String, String)>>::from_request(Request::from_parts(parts, body.into()), &());
        let Form(fields) = form.await.map_err(|error| unreadable(&error.body_text()))?;
        self.form.fields = fields;
        Ok(())
    }

    /// Reads part after part. Those behind one that is too large are read, too, so that what was typed
    /// there stays.
    async fn read_parts(&mut self, request: Request) -> Result<(), CallError> {
        let parts = Multipart::from_request(request, &()).await;
        let mut parts = parts.map_err(|error| unreadable(&error.body_text()))?;
        let mut whole = Ok(());
        while let Some(mut part) = parts.next_field().await.map_err(|error| unreadable(&error.to_string()))? {
            let name = part.name().unwrap_or_default().to_owned();
            let file = part.file_name().map(str::to_owned);
            if file.as_deref().is_some_and(|file| !file.is_empty())
                && let Some(upload) = self.upload.as_ref().filter(|upload| upload.takes(&name))
            {
                let reached = upload.send(&self.operator, &self.origin, &self.form.fields, &mut part).await;
                self.form.reached = reached;
                skip(&mut part).await?;
                continue;
            }
            match self.hold(&mut part).await? {
                Part::TooLarge => whole = Err(too_large()),
                Part::Read(bytes) if file.is_some() => self.form.fields.push((name, STANDARD.encode(bytes))),
                Part::Read(bytes) => {
                    self.form.fields.push((name, String::from_utf8_lossy(&bytes).into_owned()));
                }
            }
        }
        whole
    }

    /// The bytes of a part, as long as all parts together have room in memory.
    async fn hold(&mut self, part: &mut Field<'_>) -> Result<Part, CallError> {
        let mut bytes = Vec::new();
        while let Some(chunk) = part.chunk().await.map_err(|error| unreadable(&error.to_string()))? {
            if chunk.len() > self.room {
                skip(part).await?;
                return Ok(Part::TooLarge);
            }
            self.room -= chunk.len();
            bytes.extend_from_slice(&chunk);
        }
        Ok(Part::Read(bytes))
    }
}

/// Reads a part to its end without keeping it.
async fn skip(part: &mut Field<'_>) -> Result<(), CallError> {
    let mut skipped = 0;
    while let Some(chunk) = part.chunk().await.map_err(|error| unreadable(&error.to_string()))? {
        skipped += chunk.len();
        if skipped > LINGER_BYTES {
            return Err(too_large());
        }
    }
    Ok(())
}

fn too_large() -> CallError {
    let message = "The form with its file is larger than 24 MiB. Nothing was run.";
    CallError::new(CallErrorKind::TooLarge, message, "Pick a smaller file, then run the tool again.")
}

fn unreadable(detail: &str) -> CallError {
    let message = format!("The form could not be read: {}.", detail.trim_end_matches('.'));
    CallError::new(CallErrorKind::Invalid, message, "Fill it in and run the tool again.")
}
