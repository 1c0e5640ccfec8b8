//! The forms of a release's files: `POST /releases/{id}/files` stores a new cover, or a new master of a track, names it in
//! the record where it has another name than the one before, and leads to the check of the release. What another release
//! names, too, is replaced only where whoever sends the form has agreed to that; else the file gets a name of its own.

use super::router::AppState;
use super::{pages, sent_file, visitors};
use crate::api::error::AppError;
use crate::engine::Engine;
use crate::engine::gateway::{CallError, CallErrorKind, Channel, Origin, Principal};
use crate::engine::tools::dynamodb::NameReleaseFile;
use crate::engine::tools::s3::{StreamAudio, StreamAudioInput, UploadArtwork, UploadInput};
use crate::engine::tools::views::PlanReleaseFile;
use crate::model::identifier::ReleaseId;
use crate::model::release_file::{COVER, NamedReleaseFile, NewReleaseFile, stored_but_not_named};
use crate::pages::releases::files::{EVERYWHERE, FILE, FailedFile, SUBJECT, VERSION};
use axum::extract::multipart::Field;
use axum::extract::{ConnectInfo, FromRequest, Multipart, Path, Request, State};
use axum::response::{IntoResponse, Redirect, Response};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use std::collections::BTreeMap;
use std::net::SocketAddr;

/// What the audit log calls a form that could not be read.
const FORM: &str = "POST /releases/files";

/// The largest cover, in bytes: as much as a call may have.
const LARGEST_COVER: usize = 16 * 1024 * 1024;

/// Does it; where it cannot be done, the page says why.
pub(super) async fn submit(
    State(state): State<AppState>,
    Path(release): Path<String>,
    request: Request,
) -> Response {
    let (parts, body) = request.into_parts();
    let address = parts.extensions.get::<ConnectInfo<SocketAddr>>().map(|info| info.0.ip());
    let origin = visitors::with_session(Origin::new(Channel::Page, address), &parts);
    let person = visitors::principal(&parts);
    let sender = Sender { engine: &state.engine, person: &person, origin: &origin };
    let mut subject = String::new();
    let kept = match Multipart::from_request(Request::from_parts(parts.clone(), body), &()).await {
        Ok(form) => sender.keep(&release, form, &mut subject).await,
        Err(rejection) => Err(sender.unreadable(&rejection.body_text())),
    };
    match kept {
        Ok(()) => Redirect::to(&format!("/releases/{release}?checks=distributor#checks")).into_response(),
        Err(error) => pages::with(&state, parts, FailedFile { error: AppError::from(error), subject }).await,
    }
}

/// Who sent a form.
struct Sender<'a> {
    engine: &'a Engine,
    person: &'a Principal,
    origin: &'a Origin,
}

/// What a form says of its file.
#[derive(Default)]
struct Said {
    subject: String,
    version: String,
    everywhere: String,
}

impl Sender<'_> {
    /// Reads the form to its end, whatever comes of its file: a browser that is not read from shows no answer.
    async fn keep(&self, release: &str, mut form: Multipart, subject: &mut String) -> Result<(), CallError> {
        let mut said = Said::default();
        let mut kept = None;
        let unreadable = |error| self.unreadable(&sent_file::in_words(error));
        while let Some(mut field) = form.next_field().await.map_err(unreadable)? {
            let part = field.name().unwrap_or_default().to_owned();
            match part.as_str() {
                SUBJECT => {
                    said.subject = self.text(&mut field).await?;
                    subject.clone_from(&said.subject);
                }
                VERSION => said.version = self.text(&mut field).await?,
                EVERYWHERE => said.everywhere = self.text(&mut field).await?,
                FILE if kept.is_none() => kept = Some(self.replace(release, &said, &mut field).await),
                _ => {}
            }
        }
        kept.unwrap_or_else(|| Err(self.no_file()))
    }

    async fn text(&self, field: &mut Field<'_>) -> Result<String, CallError> {
        sent_file::text(field).await.map_err(|detail| self.unreadable(&detail))
    }

    /// Stores the file, and names it in the record where it has another name than the one before. Nothing is stored
    /// where somebody else has changed the release since it was shown.
    async fn replace(&self, release: &str, said: &Said, field: &mut Field<'_>) -> Result<(), CallError> {
        let file_name = field.file_name().unwrap_or_default().to_owned();
        // A form sends an empty part where no file was picked.
        if file_name.is_empty() {
            return Err(self.no_file());
        }
        let release_id = release.parse::<ReleaseId>().map_err(|error| {
            let message = format!("There is no such release: {error}.");
            self.refused(CallErrorKind::NotFound, message, "Go back to the list of releases.")
        })?;
        let new = NewReleaseFile {
            release_id: release_id.clone(),
            subject: said.subject.clone(),
            // No release has the version 0: what is no number is none that was shown.
            expected_version: said.version.parse().unwrap_or_default(),
            file_name,
            everywhere: said.everywhere.clone(),
        };
        let expected_version = new.expected_version;
        let gateway = &self.engine.gateway;
        let planned = gateway.call::<PlanReleaseFile>(self.person, self.origin, new).await?.output;
        if said.subject == COVER {
            self.store_cover(&planned.file_name, field).await?;
        } else {
            self.store_master(&planned.file_name, field).await?;
        }
        if !planned.is_renamed {
            return Ok(());
        }
        let file_name = planned.file_name;
        let subject = said.subject.clone();
        let named = NamedReleaseFile { release_id, subject, expected_version, file_name: file_name.clone() };
        let answer = gateway.call::<NameReleaseFile>(self.person, self.origin, named).await;
        answer.map(drop).map_err(|error| {
            let (message, remedy) = stored_but_not_named(&file_name, &error.message);
            CallError { message, remedy, ..error }
        })
    }

    async fn store_master(&self, file_name: &str, field: &mut Field<'_>) -> Result<(), CallError> {
        let (pieces, content) = sent_file::pieces();
        let input = StreamAudioInput {
            bucket_name: None,
            file_name: file_name.to_owned(),
            announced_bytes: None,
            metadata: BTreeMap::new(),
            overwrite: true,
            content,
        };
        let call = self.engine.gateway.call::<StreamAudio>(self.person, self.origin, input);
        let (answer, ()) = tokio::join!(call, sent_file::pass_on(field, pieces));
        answer.map(drop)
    }

    async fn store_cover(&self, file_name: &str, field: &mut Field<'_>) -> Result<(), CallError> {
        let read =
            sent_file::within(field, LARGEST_COVER).await.map_err(|detail| self.unreadable(&detail))?;
        let Some(bytes) = read else {
            let message = "The cover has more than 16 MiB.".to_owned();
            return Err(self.refused(CallErrorKind::TooLarge, message, "Export it with fewer pixels."));
        };
        let input = UploadInput {
            bucket_name: None,
            file_name: file_name.to_owned(),
            file_content: STANDARD.encode(bytes),
            metadata: BTreeMap::new(),
            overwrite: true,
        };
        self.engine.gateway.call::<UploadArtwork>(self.person, self.origin, input).await.map(drop)
    }

    fn no_file(&self) -> CallError {
        let message = "No file was picked.".to_owned();
        self.refused(CallErrorKind::Invalid, message, "Pick one, then press the button.")
    }

    fn unreadable(&self, detail: &str) -> CallError {
        let message = format!("The form could not be read: {detail}.");
        self.refused(CallErrorKind::Invalid, message, "Send it again.")
    }

    fn refused(&self, kind: CallErrorKind, message: String, remedy: &'static str) -> CallError {
        let error = CallError::new(kind, message, remedy);
        self.engine.gateway.refused(self.person, self.origin, FORM, error)
    }
}
