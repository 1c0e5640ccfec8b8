//! The one error that crosses the seam to the browser: what happened, to what, and what to do.

use super::field::FieldError;
use super::tool::Choice;
use serde::{Deserialize, Serialize};
use std::fmt;

/// An error as a person meets it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AppError {
    /// What the page should do about it.
    pub kind: ErrorKind,
    /// What happened, to what. A full sentence.
    pub message: String,
    /// What the person can do. A full sentence; empty where nothing helps.
    pub remedy: String,
    /// What is wrong with single arguments, for the form.
    pub fields: Vec<FieldError>,
    /// What the person may choose from, where the arguments mean several things.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub choice: Option<Box<Choice>>,
    /// Before which operation the person has to show once more who they are, where they have to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub confirm: Option<String>,
    /// Names the call in the audit log; none when it never reached the door.
    pub request_id: Option<String>,
}

/// What sort of error it is, by its effect on the page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum ErrorKind {
    /// Arguments are wrong: show it at the form. HTTP 400.
    Invalid,
    /// Nobody is signed in. HTTP 401.
    Unauthenticated,
    /// The caller may not. HTTP 403.
    Forbidden,
    /// The caller may, once they have shown again who they are. HTTP 403.
    ConfirmIdentity,
    /// The thing is not there. HTTP 404.
    NotFound,
    /// It does not fit what is stored, mostly because somebody changed that meanwhile: reload, then decide.
    /// HTTP 409.
    #[serde(alias = "keyReused")]
    Conflict,
    /// What was to be made is there already: choose another name, or replace it. HTTP 409.
    Exists,
    /// The arguments mean several things: show what there is to choose from. HTTP 409.
    Choose,
    /// The thing is larger than allowed. HTTP 413.
    TooLarge,
    /// Too many calls: wait. HTTP 429.
    TooManyRequests,
    /// A service behind the tool is away or out of space: try again. HTTP 503.
    Unavailable,
    /// Our mistake; the log has the details under the request id. HTTP 500.
    Internal,
}

impl AppError {
    /// An error without field messages and without a request id.
    pub fn new(kind: ErrorKind, message: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self {
            kind,
            message: message.into(),
            remedy: remedy.into(),
            fields: Vec::new(),
            choice: None,
            confirm: None,
            request_id: None,
        }
    }

    /// The HTTP status that says the same.
    pub fn status_code(&self) -> u16 {
        match self.kind {
            ErrorKind::Invalid => 400,
            ErrorKind::Unauthenticated => 401,
            ErrorKind::Forbidden | ErrorKind::ConfirmIdentity => 403,
            ErrorKind::NotFound => 404,
            ErrorKind::Conflict | ErrorKind::Exists | ErrorKind::Choose => 409,
            ErrorKind::TooLarge => 413,
            ErrorKind::TooManyRequests => 429,
            ErrorKind::Unavailable => 503,
            ErrorKind::Internal => 500,
        }
    }
}

impl fmt::Display for AppError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.message)?;
        if !self.remedy.is_empty() {
            write!(formatter, " {}", self.remedy)?;
        }
        Ok(())
    }
}

impl std::error::Error for AppError {}
