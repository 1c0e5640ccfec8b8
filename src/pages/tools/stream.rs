//! Audio that is too large for a call: the page sends it as a stream, and shows the answer as that of a run.

use super::form::base64::readable_size;
use super::form::entries::Entries;
use super::form::rules::{Field, Kind};
use crate::api::error::{AppError, ErrorKind, FieldError};
use crate::model::tool::{AwsResource, ToolDescription, ToolRun};
use crate::pages::query_string;
use serde::Deserialize;
use serde_json::{Map, Value};

/// The tool whose file may come as a stream.
const TOOL: &str = "upload_audio_file";
/// Where the stream goes.
const ROUTE: &str = "/upload/audio";
/// What the route calls the stream in its messages.
const STREAM: &str = "file";

/// A file that was picked for a stream. Its bytes stay in the file field until they are sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LargeFile {
    /// Where the argument stands that it takes the place of.
    pub path: String,
    /// Its size.
    pub bytes: u64,
}

/// How far a stream is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Transfer {
    /// Bytes that are on their way or there.
    pub sent: u64,
    /// Bytes of the file.
    pub total: u64,
    /// How long it took so far.
    pub millis: f64,
}

/// What the route answered.
#[derive(Debug, Clone, PartialEq)]
pub struct Reply {
    /// The HTTP status; 0 when there was no answer.
    pub status: u16,
    /// The body.
    pub body: String,
    /// Names the call in the audit log.
    pub request_id: Option<String>,
}

/// What the route says of a file that it stored: of the call, and of the file.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Stored {
    resources: Vec<AwsResource>,
    duration_micros: u64,
    #[serde(flatten)]
    file: Map<String, Value>,
}

/// Whether a larger file of this tool can be sent as a stream.
pub fn streams(tool: &ToolDescription) -> bool {
    tool.name == TOOL
}

/// The address that takes the stream, with the other arguments.
pub fn address(arguments: &Map<String, Value>) -> String {
    let text = |name: &str| arguments.get(name).and_then(Value::as_str).unwrap_or_default();
    let overwrites = arguments.get("overwrite").and_then(Value::as_bool).unwrap_or_default();
    let metadata = arguments.get("metadata").map(Value::to_string).unwrap_or_default();
    query_string::address(
        ROUTE,
        &[
            ("fileName", text("fileName")),
            ("bucketName", text("bucketName")),
            ("overwrite", if overwrites { "true" } else { "" }),
            ("metadata", &metadata),
        ],
    )
}

/// The answer as that of a run of the tool. Messages about the stream go to the field of the file.
///
/// # Errors
/// What the route found wrong; that the connection broke off; an answer that is not understood.
pub fn read_reply(file: &LargeFile, reply: &Reply) -> Result<ToolRun, AppError> {
    if reply.status == 0 {
        return Err(AppError::new(
            ErrorKind::Unavailable,
            "The connection broke off before the file was stored.",
            "Check the connection, then run the tool again.",
        ));
    }
    if reply.status == 201
        && let Ok(Stored { resources, duration_micros, file }) = serde_json::from_str(&reply.body)
    {
        return Ok(ToolRun {
            tool: TOOL.to_owned(),
            request_id: reply.request_id.clone().unwrap_or_default(),
            result: Value::Object(file),
            resources,
            duration_micros,
        });
    }
    let Ok(Refusal { error }) = serde_json::from_str(&reply.body) else {
        let message =
            format!("Patchline answered with the status {} instead of the stored file.", reply.status);
        return Err(AppError::new(ErrorKind::Internal, message, "Try again."));
    };
    Err(at_file(error, &file.path))
}

/// The error with what is said of the stream at the field of the file.
#[must_use]
pub fn at_file(mut error: AppError, path: &str) -> AppError {
    for wrong in error.fields.iter_mut().filter(|wrong| wrong.field == STREAM) {
        path.clone_into(&mut wrong.field);
    }
    error
}

/// An error as the routes of machines answer it.
#[derive(Deserialize)]
struct Refusal {
    error: AppError,
}

/// Adds to the message at base64 text that is too large for a call which other way there is: a picked file
/// is sent as a stream.
pub fn name_other_ways(
    tool: &ToolDescription,
    fields: &[Field],
    entries: &Entries,
    errors: &mut [FieldError],
) {
    if !streams(tool) {
        return;
    }
    for error in errors {
        let too_large = fields.iter().any(|field| match &field.kind {
            Kind::File(rules) => {
                field.path == error.field
                    && rules.max_length.is_some_and(|most| entries.text(&field.path).len() > most)
            }
            _ => false,
        });
        if too_large {
            error
                .message
                .push_str(" Pick it as a file instead: files of any size up to 5 GiB are sent as they are.");
        }
    }
}

impl Transfer {
    /// From 0 to 1.
    #[expect(clippy::cast_precision_loss, reason = "a share is shown in whole percent")]
    pub fn share(self) -> f64 {
        if self.total == 0 { 0.0 } else { (self.sent as f64 / self.total as f64).min(1.0) }
    }

    /// `12.0 MB of 40.0 MB, 30 %, 6.0 MB/s`.
    pub fn words(self) -> String {
        let (sent, total) = (readable_size(self.sent), readable_size(self.total));
        let mut words = format!("{sent} of {total}, {:.0}\u{a0}%", (self.share() * 100.0).floor());
        if let Some(speed) = self.bytes_a_second() {
            words.push_str(", ");
            words.push_str(&readable_size(speed));
            words.push_str("/s");
        }
        words
    }

    /// None while nothing has been measured.
    #[expect(
        clippy::cast_precision_loss,
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a speed is shown with one decimal"
    )]
    fn bytes_a_second(self) -> Option<u64> {
        (self.millis > 0.0 && self.sent > 0).then(|| (self.sent as f64 * 1000.0 / self.millis) as u64)
    }
}

/// Sends the file that stands in the field at its path, and tells how far it is. Dropping the future
/// ends the sending.
///
/// # Errors
/// As [`read_reply`].
#[cfg(feature = "hydrate")]
pub async fn send(
    file: &LargeFile,
    arguments: &Map<String, Value>,
    progress: impl Fn(Transfer) + 'static,
) -> Result<ToolRun, AppError> {
    let reply = super::sending::send(file, &address(arguments), progress).await;
    read_reply(file, &reply.unwrap_or(Reply { status: 0, body: String::new(), request_id: None }))
}

/// On the server there is no picked file.
///
/// # Errors
/// Always.
#[cfg(not(feature = "hydrate"))]
#[expect(clippy::unused_async, reason = "as in the browser")]
pub async fn send(
    _: &LargeFile,
    _: &Map<String, Value>,
    _: impl Fn(Transfer) + 'static,
) -> Result<ToolRun, AppError> {
    Err(AppError::new(ErrorKind::Internal, "Only a browser sends a picked file.", ""))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn large() -> LargeFile {
        LargeFile { path: "fileContent".to_owned(), bytes: 40_000_000 }
    }

    fn reply(status: u16, body: &Value) -> Reply {
        Reply { status, body: body.to_string(), request_id: Some("req-1".to_owned()) }
    }

    #[test]
    fn the_address_has_every_argument_but_the_file() {
        let arguments = json!({
            "fileName": "a b.wav", "bucketName": "patchline-audio", "overwrite": true, "metadata": { "isrc": "é" }
        });
        assert_eq!(
            address(arguments.as_object().unwrap()),
            "/upload/audio?fileName=a%20b.wav&bucketName=patchline-audio&overwrite=true\
             &metadata=%7B%22isrc%22%3A%22%C3%A9%22%7D"
        );
        let least = json!({ "fileName": "a.wav", "overwrite": false });
        assert_eq!(address(least.as_object().unwrap()), "/upload/audio?fileName=a.wav");
    }

    #[test]
    fn a_stored_file_is_the_result_of_the_tool() {
        let touched = json!({ "service": "s3", "action": "s3:PutObject", "name": "patchline-audio/a.wav" });
        let body = json!({ "fileName": "a.wav", "resources": [touched], "durationMicros": 1_500_000 });
        let run = read_reply(&large(), &reply(201, &body)).unwrap();
        assert_eq!((run.request_id.as_str(), run.duration_micros), ("req-1", 1_500_000));
        assert_eq!(run.resources[0].name, "patchline-audio/a.wav");
        assert_eq!(run.result, json!({ "fileName": "a.wav" }));
    }

    #[test]
    fn what_is_wrong_with_the_stream_is_said_at_the_file() {
        let body = json!({ "error": {
            "kind": "invalid", "message": "No audio.", "remedy": "", "requestId": "req-2",
            "fields": [{ "field": "file", "message": "no audio" }]
        } });
        let error = read_reply(&large(), &reply(400, &body)).unwrap_err();
        assert_eq!((error.kind, error.request_id.as_deref()), (ErrorKind::Invalid, Some("req-2")));
        assert_eq!(error.fields[0].field, "fileContent");
    }

    #[test]
    fn no_answer_and_a_strange_answer_are_told_apart() {
        assert_eq!(read_reply(&large(), &reply(0, &json!(""))).unwrap_err().kind, ErrorKind::Unavailable);
        let strange = read_reply(&large(), &reply(502, &json!("Bad gateway"))).unwrap_err();
        assert_eq!(strange.kind, ErrorKind::Internal);
        assert!(strange.message.contains("502"), "{strange}");
    }

    #[test]
    fn progress_reads_as_bytes_share_and_speed() {
        let transfer = Transfer { sent: 12_000_000, total: 40_000_000, millis: 2000.0 };
        assert_eq!(transfer.words(), "12.0 MB of 40.0 MB, 30\u{a0}%, 6.0 MB/s");
        let begun = Transfer { sent: 0, total: 40_000_000, millis: 0.0 };
        assert_eq!(begun.words(), "0 bytes of 40.0 MB, 0\u{a0}%");
    }
}
