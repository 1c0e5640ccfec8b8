//! The forms of a release's files: `POST /releases/{id}/files` stores a new cover, or a new master of a track, names it in
//! the record where it has another name than the one before, and leads to the check of the release.

use super::router::AppState;
use super::{pages, sent_file, visitors};
use crate::api::error::AppError;
use crate::engine::Engine;
use crate::engine::gateway::{CallError, CallErrorKind, Channel, Origin, Principal};
use crate::engine::tools::Operation;
use crate::engine::tools::dynamodb::{
    ReleaseChange, TrackChange, UpdateReleaseData, UpdateReleaseInput, UpdateTrackData, UpdateTrackInput,
};
use crate::engine::tools::s3::{StreamAudio, StreamAudioInput, UploadArtwork, UploadInput};
use crate::engine::tools::views::ViewRelease;
use crate::model::identifier::ReleaseId;
use crate::model::release::Release;
use crate::model::release_file::FilePlace;
use crate::pages::releases::files::{FILE, FailedFile, SUBJECT, VERSION};
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

/// A release whose file is replaced, and by what name.
struct Target {
    release: Release,
    place: FilePlace,
    /// The name of the new file.
    key: String,
}

impl Target {
    /// Whether the record has to name another file than it does.
    fn is_renamed(&self) -> bool {
        self.place.named.as_deref() != Some(self.key.as_str())
    }
}

impl Sender<'_> {
    /// Reads the form to its end, whatever comes of its file: a browser that is not read from shows no answer.
    async fn keep(&self, release: &str, mut form: Multipart, subject: &mut String) -> Result<(), CallError> {
        let mut version = String::new();
        let mut kept = None;
        let unreadable = |error| self.unreadable(&sent_file::in_words(error));
        while let Some(mut field) = form.next_field().await.map_err(unreadable)? {
            let part = field.name().unwrap_or_default().to_owned();
            match part.as_str() {
                SUBJECT => *subject = self.text(&mut field).await?,
                VERSION => version = self.text(&mut field).await?,
                FILE if kept.is_none() => {
                    kept = Some(self.replace(release, subject, &version, &mut field).await);
                }
                _ => {}
            }
        }
        kept.unwrap_or_else(|| Err(self.no_file()))
    }

    async fn text(&self, field: &mut Field<'_>) -> Result<String, CallError> {
        sent_file::text(field).await.map_err(|detail| self.unreadable(&detail))
    }

    /// Stores the file, and names it in the record where it has another name than the one before.
    async fn replace(
        &self,
        release: &str,
        subject: &str,
        version: &str,
        field: &mut Field<'_>,
    ) -> Result<(), CallError> {
        let file_name = field.file_name().unwrap_or_default().to_owned();
        // A form sends an empty part where no file was picked.
        if file_name.is_empty() {
            return Err(self.no_file());
        }
        let target = self.target(release, subject, version, &file_name).await?;
        if target.place.track.is_some() {
            self.store_master(&target, field).await?;
        } else {
            self.store_cover(&target, field).await?;
        }
        if !target.is_renamed() {
            return Ok(());
        }
        let key = target.key.clone();
        self.name_it(target).await.map_err(|error| stored_but_not_named(error, &key))
    }

    /// Which file it is about. Nothing is stored where somebody else has changed the release since it was shown, or
    /// where the new file could not be named in it.
    async fn target(
        &self,
        release: &str,
        subject: &str,
        version: &str,
        file_name: &str,
    ) -> Result<Target, CallError> {
        let gateway = &self.engine.gateway;
        let release_id = release.parse::<ReleaseId>().map_err(|error| {
            let message = format!("There is no such release: {error}.");
            self.refused(CallErrorKind::NotFound, message, "Go back to the list of releases.")
        })?;
        let release = gateway.call::<ViewRelease>(self.person, self.origin, release_id).await?.output.release;
        let Some(place) = FilePlace::of(&release, subject) else {
            let message = "The release has no such track any more.".to_owned();
            return Err(self.refused(CallErrorKind::NotFound, message, "Choose one of its tracks."));
        };
        if version.parse::<u32>().ok() != Some(release.version) {
            let message = "The release has been changed since you opened this page. Nothing was stored.";
            let remedy = "Look which file it names now, and pick yours once more.";
            return Err(self.refused(CallErrorKind::Conflict, message.to_owned(), remedy));
        }
        let key = place.new_name(file_name);
        let target = Target { release, place, key };
        let naming =
            if target.place.track.is_some() { UpdateTrackData::NAME } else { UpdateReleaseData::NAME };
        if target.is_renamed() && !gateway.offers(self.person, naming) {
            let message = format!(
                "The file would be stored as {}, which the release does not name, and you may not change what it names.",
                target.key
            );
            let remedy = "Send a file with the same ending, or ask an admin to name the new one.";
            return Err(self.refused(CallErrorKind::Forbidden, message, remedy));
        }
        Ok(target)
    }

    async fn store_master(&self, target: &Target, field: &mut Field<'_>) -> Result<(), CallError> {
        let (pieces, content) = sent_file::pieces();
        let input = StreamAudioInput {
            bucket_name: None,
            file_name: target.key.clone(),
            announced_bytes: None,
            metadata: BTreeMap::new(),
            overwrite: true,
            content,
        };
        let call = self.engine.gateway.call::<StreamAudio>(self.person, self.origin, input);
        let (answer, ()) = tokio::join!(call, sent_file::pass_on(field, pieces));
        answer.map(drop)
    }

    async fn store_cover(&self, target: &Target, field: &mut Field<'_>) -> Result<(), CallError> {
        let read =
            sent_file::within(field, LARGEST_COVER).await.map_err(|detail| self.unreadable(&detail))?;
        let Some(bytes) = read else {
            let message = "The cover has more than 16 MiB.".to_owned();
            return Err(self.refused(CallErrorKind::TooLarge, message, "Export it with fewer pixels."));
        };
        let input = UploadInput {
            bucket_name: None,
            file_name: target.key.clone(),
            file_content: STANDARD.encode(bytes),
            metadata: BTreeMap::new(),
            overwrite: true,
        };
        self.engine.gateway.call::<UploadArtwork>(self.person, self.origin, input).await.map(drop)
    }

    /// Names the new file in the record.
    async fn name_it(&self, target: Target) -> Result<(), CallError> {
        let gateway = &self.engine.gateway;
        let Target { release, place, key } = target;
        let (release_id, expected_version) = (release.release_id.to_string(), release.version);
        if let Some(track_id) = place.track {
            let update_data = TrackChange { audio: Some(key), ..TrackChange::default() };
            let track_id = track_id.to_string();
            let input =
                UpdateTrackInput { table_name: None, release_id, track_id, expected_version, update_data };
            return gateway.call::<UpdateTrackData>(self.person, self.origin, input).await.map(drop);
        }
        let update_data = ReleaseChange { artwork: Some(key), ..ReleaseChange::default() };
        let input = UpdateReleaseInput { table_name: None, release_id, expected_version, update_data };
        gateway.call::<UpdateReleaseData>(self.person, self.origin, input).await.map(drop)
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

/// That a file is stored must not look like a failure of all, or gigabytes are sent once more.
fn stored_but_not_named(error: CallError, key: &str) -> CallError {
    let message =
        format!("The file is stored as {key}, but the release does not name it yet. {}", error.message);
    let remedy = format!("Enter {key} among the details of the release or of its track.");
    CallError { message, remedy, ..error }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_that_is_stored_is_not_sent_again_because_somebody_was_faster_meanwhile() {
        let overtaken = CallError::new(CallErrorKind::Conflict, "It has been changed.", "Read it again.");
        let told = stored_but_not_named(overtaken, "artists/art_1/rel_1/trk_1.wav");
        assert_eq!(told.kind, CallErrorKind::Conflict);
        assert!(
            told.message.starts_with("The file is stored as artists/art_1/rel_1/trk_1.wav"),
            "{}",
            told.message
        );
        assert!(told.message.ends_with("It has been changed."), "{}", told.message);
        assert!(told.remedy.contains("artists/art_1/rel_1/trk_1.wav"), "{}", told.remedy);
    }
}
