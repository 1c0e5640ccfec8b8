//! The forms of the pages of audio: `POST /audio` stores one or several files as they come, without JavaScript;
//! `POST /audio/{id}` has a recording checked again, or states its tempo and key.

use super::router::AppState;
use super::sent_fields::{SentFields, field};
use super::{pages, sent_file, upload, visitors};
use crate::api::error::AppError;
use crate::engine::gateway::policy::is_for_own_artists;
use crate::engine::gateway::{CallError, CallErrorKind, Channel, Origin, Principal};
use crate::engine::tools::Operation;
use crate::engine::tools::s3::{StreamAudio, StreamAudioInput};
use crate::engine::tools::views::{ProcessRecording, StateTempoAndKey, StateTempoAndKeyInput, ViewFileUses};
use crate::model::recording::RecordingAsked;
use crate::model::release_file::{FilePurpose, FileUses, FileUsesAsked};
use crate::model::tempo_and_key::TempoAndKeyForm;
use crate::pages::audio::address::{self, FILES, FOLDER, OVERWRITE, REPLACE_NAMED};
use crate::pages::audio::tempo_and_key::{CHANGE, PANEL, STATE, TAKE_BACK};
use crate::pages::audio::{AudioOutcome, FileOutcome, TypedUpload};
use axum::extract::multipart::Field;
use axum::extract::{ConnectInfo, FromRequest, Multipart, Path, Request, State};
use axum::response::{IntoResponse, Redirect, Response};
use futures::StreamExt;
use futures::stream;
use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::Arc;
use tokio::sync::Mutex;

/// What the audit log calls a form that could not be read.
const FORM: &str = "POST /audio";
/// The same for those on the page of a recording.
const PAGE_FORM: &str = "POST /audio/{id}";

/// The most files of a form.
const MOST_FILES: usize = 500;

/// Who sends a form.
struct Sender<'a> {
    state: &'a AppState,
    person: Principal,
    origin: Origin,
}

/// Stores the files of the form, each as it comes, and leads to the list; where one was refused, the page says why.
pub(super) async fn upload(State(state): State<AppState>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let address = parts.extensions.get::<ConnectInfo<SocketAddr>>().map(|info| info.0.ip());
    let origin = visitors::with_session(Origin::new(Channel::Page, address), &parts);
    let sender = Sender { state: &state, person: visitors::principal(&parts), origin };
    if let Some(error) = sender.refused_at_once().await {
        upload::read_on(&Arc::new(Mutex::new(body.into_data_stream()))).await;
        let outcome = AudioOutcome { error: Some(error), ..AudioOutcome::default() };
        return pages::with(&state, parts, outcome).await;
    }
    let mut typed = TypedUpload::default();
    let request = Request::from_parts(parts.clone(), body);
    let files = match Multipart::from_request(request, &()).await {
        Ok(form) => sender.store_all(form, &mut typed).await.map_err(|detail| unreadable(&detail)),
        Err(rejection) => Err(unreadable(&rejection.body_text())),
    };
    let outcome = match files {
        Ok(files) if files.is_empty() => {
            let message = "No file was picked.";
            let error =
                CallError::new(CallErrorKind::Invalid, message, "Pick one or several, then press Upload.");
            AudioOutcome { files, error: Some(sender.refused(error)), typed, stated: None }
        }
        Ok(files) if files.iter().all(|file| file.error.is_none()) => {
            return Redirect::to(address::PATH).into_response();
        }
        Ok(files) => AudioOutcome { files, error: None, typed, stated: None },
        Err(error) => {
            AudioOutcome { files: Vec::new(), error: Some(sender.refused(error)), typed, stated: None }
        }
    };
    pages::with(&state, parts, outcome).await
}

/// Does what the button says that was pressed on the page of a recording; where it cannot be done, the page says why and
/// keeps what was typed.
pub(super) async fn change(
    State(state): State<AppState>,
    Path(id): Path<String>,
    request: Request,
) -> Response {
    let sent = SentFields::of(request).await;
    let fields = match sent.fields() {
        Ok(fields) => fields,
        Err(error) => {
            let error = AppError::from(sent.refused(&state, PAGE_FORM, error));
            let outcome = AudioOutcome { error: Some(error), ..AudioOutcome::default() };
            return pages::with(&state, sent.parts, outcome).await;
        }
    };
    let form = match field(fields, CHANGE) {
        STATE => TempoAndKeyForm::of_fields(fields),
        TAKE_BACK => TempoAndKeyForm::of_fields(fields).taken_back(),
        _ => return again(&state, id, sent).await,
    };
    let page = address::of_recording(&id);
    let input = StateTempoAndKeyInput { id, form: form.clone() };
    match state.engine.gateway.call::<StateTempoAndKey>(&sent.visitor, &sent.origin, input).await {
        Ok(_) => Redirect::to(&format!("{page}#{PANEL}")).into_response(),
        Err(error) => {
            let error = Some(AppError::from(error));
            let outcome = AudioOutcome { error, stated: Some(form), ..AudioOutcome::default() };
            pages::with(&state, sent.parts, outcome).await
        }
    }
}

/// Has a recording checked again.
async fn again(state: &AppState, id: String, sent: SentFields) -> Response {
    let page = address::of_recording(&id);
    let asked = RecordingAsked::alone(id);
    match state.engine.gateway.call::<ProcessRecording>(&sent.visitor, &sent.origin, asked).await {
        Ok(_) => Redirect::to(&page).into_response(),
        Err(error) => {
            let outcome = AudioOutcome { error: Some(AppError::from(error)), ..AudioOutcome::default() };
            pages::with(state, sent.parts, outcome).await
        }
    }
}

/// Which files a form replaces that have the name of one of its own.
#[derive(Clone, Copy)]
struct Replaces {
    /// Any.
    files: bool,
    /// Also those that releases name as masters.
    masters: bool,
}

impl Sender<'_> {
    fn refused(&self, error: CallError) -> AppError {
        AppError::from(self.state.engine.gateway.refused(&self.person, &self.origin, FORM, error))
    }

    /// The folder that was typed, or the usual one of whoever sends the form.
    fn folder(&self, typed: &str) -> String {
        if !typed.is_empty() {
            return typed.to_owned();
        }
        let own = self.person.artists.first();
        match own.filter(|_| is_for_own_artists(StreamAudio::NAME, self.person.role)) {
            Some(artist) => format!("artists/{artist}"),
            None => "masters".to_owned(),
        }
    }

    /// Why whoever sends the form may store nothing, where that is so: then nothing of it is read.
    async fn refused_at_once(&self) -> Option<AppError> {
        let gateway = &self.state.engine.gateway;
        if gateway.offers(&self.person, StreamAudio::NAME) {
            return None;
        }
        let input = StreamAudioInput {
            bucket_name: None,
            file_name: format!("{}/file", self.folder("")),
            announced_bytes: None,
            metadata: BTreeMap::new(),
            overwrite: false,
            content: stream::empty().boxed(),
        };
        gateway.call::<StreamAudio>(&self.person, &self.origin, input).await.err().map(AppError::from)
    }

    /// Stores each file. What is typed beside them is noted as far as the form was read.
    async fn store_all(
        &self,
        mut form: Multipart,
        typed: &mut TypedUpload,
    ) -> Result<Vec<FileOutcome>, String> {
        let mut masters = false;
        let mut outcomes = Vec::new();
        while let Some(mut field) = form.next_field().await.map_err(sent_file::in_words)? {
            let part = field.name().unwrap_or_default().to_owned();
            match part.as_str() {
                FOLDER => {
                    let folder = sent_file::text(&mut field).await?;
                    folder.trim().trim_matches('/').clone_into(&mut typed.folder);
                }
                OVERWRITE => typed.overwrite = sent_file::text(&mut field).await? == "true",
                REPLACE_NAMED => masters = sent_file::text(&mut field).await? == "true",
                FILES => {
                    let name = field.file_name().unwrap_or_default().to_owned();
                    // A form sends an empty part where no file was picked.
                    if name.is_empty() {
                        continue;
                    }
                    if outcomes.len() >= MOST_FILES {
                        let message = format!("A form can have at most {MOST_FILES} files.");
                        let error = CallError::new(
                            CallErrorKind::Invalid,
                            message,
                            "Send this one and those after it once more.",
                        );
                        outcomes.push(FileOutcome { name, error: Some(self.refused(error)), uses: None });
                        break;
                    }
                    let file_name = address::within(&self.folder(&typed.folder), &name);
                    let replaces = Replaces { files: typed.overwrite, masters };
                    let (error, uses) = match self.kept_as_master(&file_name, replaces).await {
                        Ok(()) => (self.store(file_name, replaces.files, &mut field).await, None),
                        Err((error, uses)) => (Some(error), uses),
                    };
                    outcomes.push(FileOutcome { name, error, uses });
                }
                _ => {}
            }
        }
        Ok(outcomes)
    }

    /// Refuses to replace what releases name, where nobody has agreed to that: with the releases.
    async fn kept_as_master(
        &self,
        file_name: &str,
        replaces: Replaces,
    ) -> Result<(), (AppError, Option<FileUses>)> {
        if !replaces.files || replaces.masters {
            return Ok(());
        }
        let file_names = vec![file_name.to_owned()];
        let asked = FileUsesAsked { purpose: FilePurpose::Master, file_names, except: None };
        let answer = self.state.engine.gateway.call::<ViewFileUses>(&self.person, &self.origin, asked).await;
        let found = answer.map_err(|error| (AppError::from(error), None))?.output;
        let uses = found.into_iter().next().unwrap_or_default();
        if uses.is_empty() {
            return Ok(());
        }
        let message = format!("{file_name} was not replaced: releases name it as a master.");
        let remedy = "Tick that those are replaced, too, and send it again, or upload it under another name.";
        Err((self.refused(CallError::new(CallErrorKind::Conflict, message, remedy)), Some(uses)))
    }

    /// Stores a file; the reason where it was refused.
    async fn store(&self, file_name: String, overwrite: bool, field: &mut Field<'_>) -> Option<AppError> {
        let (pieces, content) = sent_file::pieces();
        let input = StreamAudioInput {
            bucket_name: None,
            file_name,
            announced_bytes: None,
            metadata: BTreeMap::new(),
            overwrite,
            content,
        };
        let call = self.state.engine.gateway.call::<StreamAudio>(&self.person, &self.origin, input);
        let (answer, ()) = tokio::join!(call, sent_file::pass_on(field, pieces));
        answer.err().map(AppError::from)
    }
}

fn unreadable(detail: &str) -> CallError {
    let message = format!("The form could not be read: {detail}.");
    CallError::new(CallErrorKind::Invalid, message, "Send it again.")
}
