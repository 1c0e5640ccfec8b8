//! Opening a file of the label, whole or in part, for players and pictures.

use crate::engine::catalog::objects::reading;
use crate::engine::catalog::recordings::KeptRecording;
use crate::engine::catalog::{Catalog, ObjectBody, ObjectKey};
use crate::engine::config::BucketRole;
use crate::engine::tools::pictures::{self, Wanted};
use crate::engine::tools::{Class, Context, Effect, Operation, Refusal, RefusalKind, ToolError, choices};
use crate::model::recording::RecordingState;
use crate::model::tool::AwsResource;
use serde::Serialize;
use std::time::Duration;

/// After how long it makes sense to ask again for a recording that is being checked.
const LOOK_AGAIN: Duration = Duration::from_secs(15);

/// Which file, and which part of it.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct OpenFileInput {
    /// The bucket.
    pub bucket_name: String,
    /// The file's name in the bucket.
    pub file_name: ObjectKey,
    /// Which version of it; the newest where none is named.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub version_id: Option<String>,
    /// The value of the HTTP header `Range`.
    pub range: Option<String>,
    /// The longest side of a picture in pixels; as large as it is where none is named.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub size: Option<u32>,
    /// Whether whoever asks may hear what nobody has listened to yet.
    #[serde(skip)]
    pub before_release: bool,
}

/// Opens a file.
pub struct OpenFile;

impl Operation for OpenFile {
    const NAME: &'static str = "open_file";
    const EFFECT: Effect = Effect::Reads;
    const CLASS: Class = Class::Page;
    type Input = OpenFileInput;
    type Output = ObjectBody;

    fn resources(input: &OpenFileInput, catalog: &Catalog) -> Result<Vec<AwsResource>, ToolError> {
        if catalog.buckets.role_of(&input.bucket_name).is_none() {
            return Err(ToolError::NotConfigured {
                what: "bucket",
                field: "bucketName",
                name: input.bucket_name.clone(),
                allowed: catalog.buckets.all().map(str::to_owned).collect(),
            });
        }
        let action = reading(input.version_id.as_deref());
        Ok(vec![choices::s3(action, &input.bucket_name, input.file_name.as_str())])
    }

    async fn run(input: OpenFileInput, context: Context) -> Result<ObjectBody, ToolError> {
        let OpenFileInput { bucket_name, file_name, version_id, range, size, before_release } = input;
        let (version, range) = (version_id.as_deref(), range.as_deref());
        if context.catalog.buckets.role_of(&bucket_name) == Some(BucketRole::Artwork) {
            let wanted = Wanted { bucket: &bucket_name, key: &file_name, version, range, side: size };
            return pictures::open(wanted, &context).await;
        }
        let catalog = &context.catalog;
        let opened = catalog.open_object(&bucket_name, &file_name, version, range).await?;
        let is_audio = catalog.buckets.role_of(&bucket_name) == Some(BucketRole::Audio);
        if is_audio && !before_release {
            let known = catalog.recording(&bucket_name, file_name.as_str()).await?;
            check_release(known.as_ref(), &opened.etag, &context.owner)?;
        }
        Ok(opened)
    }
}

/// A recording is in quarantine until it was listened to, and stays there where it is no audio: then only who
/// brought it, and who may have it processed, may open it.
fn check_release(known: Option<&KeptRecording>, etag: &str, owner: &str) -> Result<(), ToolError> {
    let held = |message: String, remedy: &str, retry_after| {
        Err(ToolError::Refused(Box::new(Refusal {
            kind: RefusalKind::Conflict,
            message,
            remedy: remedy.to_owned(),
            fields: Vec::new(),
            retry_after,
        })))
    };
    match known {
        Some(known) if known.uploader.as_deref() == Some(owner) => Ok(()),
        // An older content was listened to in its time.
        Some(known) if known.state.is_released() => Ok(()),
        Some(known) if known.state == RecordingState::Unreadable && known.etag == etag => {
            let why = known.why.as_deref().unwrap_or("nothing of it could be read");
            let message =
                format!("This file is held back, because it is no recording that can be played: {why}.");
            held(message, "Ask whoever uploaded it for another one.", None)
        }
        _ => held(
            "This recording is held back until it has been checked.".to_owned(),
            "Try again in a minute; the page Audio says how far it is.",
            Some(LOOK_AGAIN),
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn kept(state: &str) -> KeptRecording {
        serde_json::from_value(json!({
            "id": "patchline-audio/a.wav", "bucket": "patchline-audio", "key": "a.wav", "version": 2,
            "etag": "\"1\"", "bytes": 9, "uploader": "usr_1", "sample": false, "state": state, "line": {},
            "why": "this is a script", "day": "open", "processedAt": "2026-11-27T00:00:00Z", "epoch": 1,
            "holder": "", "aliveUntil": 0, "progress": 0
        }))
        .expect("a recording")
    }

    #[test]
    fn what_nobody_has_listened_to_is_for_its_uploader_only() {
        let of = |state: &str, owner| check_release(Some(&kept(state)), "\"1\"", owner).is_ok();
        for state in ["waiting", "processing", "unreadable", "announced"] {
            assert!(of(state, "usr_1") && !of(state, "usr_2"), "{state}");
        }
        for state in ["passed", "warned", "failed"] {
            assert!(of(state, "usr_2"), "{state}");
        }
        assert!(check_release(None, "", "usr_1").is_err());
    }

    #[test]
    fn whoever_is_held_off_is_told_why() {
        let error = check_release(Some(&kept("unreadable")), "\"1\"", "usr_2").expect_err("it is held back");
        assert!(error.to_string().contains("this is a script"), "{error}");
    }
}
