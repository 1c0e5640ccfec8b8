//! The quarantine of recordings: until one was listened to, and for good where it is no audio, it is opened only to who
//! brought it and to those who may have it processed. Every way to the content of a file asks here.

use super::{Refusal, RefusalKind, ToolError};
use crate::engine::catalog::Catalog;
use crate::engine::catalog::recordings::KeptRecording;
use crate::engine::config::BucketRole;
use crate::model::recording::RecordingState;
use std::time::Duration;

/// After how long it makes sense to ask again for a recording that is being checked.
const LOOK_AGAIN: Duration = Duration::from_secs(15);

/// Whether this content of a file may be opened by a person who may not have it processed. Only recordings are held
/// back. A `Refused` says why.
pub(super) async fn check_release(
    catalog: &Catalog,
    bucket: &str,
    key: &str,
    etag: &str,
    owner: &str,
) -> Result<(), ToolError> {
    if catalog.buckets.role_of(bucket) != Some(BucketRole::Audio) {
        return Ok(());
    }
    let known = catalog.recording(bucket, key).await?;
    let Err(held) = of_record(known.as_ref(), etag, owner) else { return Ok(()) };
    // The record is about the newest content. It remembers those before that were heard, and of the last one the
    // report may still be there.
    let Some(known) = known.filter(|known| known.etag != etag) else { return Err(held) };
    let was_heard = known.heard_before(etag).is_some()
        || catalog.report(bucket, key, etag).await?.is_some_and(|report| report.report.format.is_some());
    if was_heard { Ok(()) } else { Err(held) }
}

/// What the record says of this content. What it says of another content counts for nothing.
fn of_record(known: Option<&KeptRecording>, etag: &str, owner: &str) -> Result<(), ToolError> {
    let held = |message: String, remedy: &str, retry_after| {
        Err(ToolError::Refused(Box::new(Refusal {
            kind: RefusalKind::Conflict,
            message,
            remedy: remedy.to_owned(),
            fields: Vec::new(),
            retry_after,
        })))
    };
    // What comes by an address that was given away has no fingerprint before somebody has looked at it.
    let is_about = |known: &KeptRecording| known.etag == etag || known.state == RecordingState::Announced;
    match known.filter(|known| is_about(known)) {
        Some(known) if known.uploader.as_deref() == Some(owner) => Ok(()),
        Some(known) if known.state.is_released() => Ok(()),
        Some(known) if known.state == RecordingState::Unreadable => {
            let why = known.why.as_deref().unwrap_or("nothing of it could be read");
            let message =
                format!("This file is held back, because it is no recording that can be played: {why}.");
            held(message, "Ask whoever uploaded it for another one.", None)
        }
        None if known.is_some_and(|known| !known.state.is_open()) => held(
            "This content of the recording is held back, because only the newest is known to have been checked."
                .to_owned(),
            "Open the newest version. If it was stored just now, try again in a minute.",
            Some(LOOK_AGAIN),
        ),
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
        let of = |state: &str, owner| of_record(Some(&kept(state)), "\"1\"", owner).is_ok();
        for state in ["waiting", "processing", "unreadable", "announced"] {
            assert!(of(state, "usr_1") && !of(state, "usr_2"), "{state}");
        }
        for state in ["passed", "warned", "failed"] {
            assert!(of(state, "usr_2"), "{state}");
        }
        assert!(of_record(None, "", "usr_1").is_err());
    }

    #[test]
    fn what_was_found_of_one_content_says_nothing_of_another() {
        for (state, owner) in [("passed", "usr_2"), ("passed", "usr_1"), ("waiting", "usr_1")] {
            assert!(of_record(Some(&kept(state)), "\"2\"", owner).is_err(), "{state} for {owner}");
        }
    }

    #[test]
    fn whoever_is_held_off_is_told_why() {
        let error = of_record(Some(&kept("unreadable")), "\"1\"", "usr_2").expect_err("it is held back");
        assert!(error.to_string().contains("this is a script"), "{error}");
    }
}
