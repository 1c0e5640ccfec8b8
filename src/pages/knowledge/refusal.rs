//! What the routes of machines say when they refuse, as the error that pages show.

use crate::api::error::{AppError, ErrorKind};
use crate::model::field::FieldError;
use serde::Deserialize;

#[derive(Deserialize)]
struct Refusal {
    error: Refused,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Refused {
    kind: Option<ErrorKind>,
    message: String,
    #[serde(default)]
    remedy: String,
    #[serde(default)]
    fields: Vec<FieldError>,
    request_id: Option<String>,
}

/// The error of a refused request; status 0 is no answer at all.
pub fn refusal(status: u16, body: &str) -> AppError {
    let Ok(Refusal { error }) = serde_json::from_str::<Refusal>(body) else {
        return if status == 0 { unreachable_server() } else { unexpected(status) };
    };
    AppError {
        kind: error.kind.unwrap_or_else(|| kind(status)),
        message: error.message,
        remedy: error.remedy,
        fields: error.fields,
        choice: None,
        confirm: None,
        request_id: error.request_id,
    }
}

/// There was no answer.
pub fn unreachable_server() -> AppError {
    AppError::new(
        ErrorKind::Unavailable,
        "Patchline could not be reached, or the connection broke off.",
        "Check the connection, then try again.",
    )
}

fn unexpected(status: u16) -> AppError {
    AppError::new(kind(status), format!("The server answered with status {status}."), "Try again.")
}

fn kind(status: u16) -> ErrorKind {
    match status {
        400 => ErrorKind::Invalid,
        401 => ErrorKind::Unauthenticated,
        403 => ErrorKind::Forbidden,
        404 => ErrorKind::NotFound,
        409 => ErrorKind::Conflict,
        413 => ErrorKind::TooLarge,
        429 => ErrorKind::TooManyRequests,
        503 => ErrorKind::Unavailable,
        _ => ErrorKind::Internal,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_server_says_is_shown() {
        let body = r#"{"error":{"kind":"tooManyRequests","message":"Too many.","remedy":"Wait.","fields":[],"requestId":"r1"}}"#;
        let error = refusal(429, body);
        assert_eq!((error.kind, error.message.as_str()), (ErrorKind::TooManyRequests, "Too many."));
        assert_eq!(error.request_id.as_deref(), Some("r1"));
    }

    #[test]
    fn an_answer_of_something_else_is_told_by_its_status() {
        assert_eq!(refusal(502, "<html>").message, "The server answered with status 502.");
        assert_eq!(refusal(0, "").kind, ErrorKind::Unavailable);
    }
}
