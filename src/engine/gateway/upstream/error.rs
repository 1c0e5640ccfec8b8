//! Why another MCP server did not do what it was asked.

use rmcp::service::{ClientInitializeError, ServiceError};
use rmcp::transport::streamable_http_client::StreamableHttpError;
use std::error::Error;
use std::time::Duration;

/// The longest text of another server that is passed on to people, in characters.
const LONGEST_DETAIL: usize = 300;

/// An answer that did not come, or is none.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum UpstreamError {
    /// Nobody answers there; nothing was sent.
    #[error("it cannot be reached ({0})")]
    NotReached(String),
    /// It wants another key, or one at all.
    #[error("it does not accept the key")]
    KeyRefused,
    /// It wants an authorization, or one that reaches further: the words of its refusal.
    #[error("it does not accept what was authorized")]
    AuthorizationWanted(String),
    /// The authorization that it wants was not to be had.
    #[error("it wants an authorization, which failed: {0}")]
    NotAuthorized(String),
    /// It takes no more for now.
    #[error("it takes no more calls for now (HTTP 429)")]
    Busy,
    /// It answers with a failure of its own.
    #[error("it answered with HTTP {0}")]
    Status(u16),
    /// No answer in time.
    #[error("it did not answer within {} s", .0.as_secs())]
    TimedOut(Duration),
    /// More than is read.
    #[error("its answer is larger than {} MiB, which is the most that is read", .0 / (1024 * 1024))]
    TooLarge(usize),
    /// The connection ended in the middle.
    #[error("the connection broke off ({0})")]
    BrokenOff(String),
    /// It says that the request is wrong.
    #[error("it refused the request: {message} ({code})")]
    Refused {
        /// The code of JSON-RPC.
        code: i32,
        /// Its words.
        message: String,
    },
    /// It does not keep to the protocol, or to its own definitions.
    #[error("it does not keep to what it promised: {0}")]
    Lies(String),
}

impl UpstreamError {
    /// Whether it is certain that nothing was begun there.
    pub(in crate::engine::gateway) fn nothing_was_done(&self) -> bool {
        matches!(
            self,
            Self::NotReached(_)
                | Self::KeyRefused
                | Self::AuthorizationWanted(_)
                | Self::NotAuthorized(_)
                | Self::Busy
                | Self::Refused { .. }
        )
    }

    /// The word for its kind.
    pub(super) fn id(&self) -> &'static str {
        match self {
            Self::NotReached(_) => "not_reached",
            Self::KeyRefused => "key_refused",
            Self::AuthorizationWanted(_) | Self::NotAuthorized(_) => "not_authorized",
            Self::Busy => "busy",
            Self::Status(_) => "http_status",
            Self::TimedOut(_) => "timeout",
            Self::TooLarge(_) => "too_large",
            Self::BrokenOff(_) => "broken_off",
            Self::Refused { .. } => "refused",
            Self::Lies(_) => "broken_promise",
        }
    }

    /// Why a request failed. `largest` is the most that was read of an answer.
    pub(super) fn of_request(error: &ServiceError, largest: usize) -> Self {
        match error {
            ServiceError::McpError(refusal) => {
                Self::Refused { code: refusal.code.0, message: shortened(&refusal.message) }
            }
            ServiceError::TransportSend(failure) => Self::of_transport(failure.error.as_ref(), largest),
            ServiceError::Timeout { timeout } => Self::TimedOut(*timeout),
            ServiceError::UnexpectedResponse => Self::Lies("an answer of another kind".to_owned()),
            other => Self::BrokenOff(shortened(&other.to_string())),
        }
    }

    /// Why a connection did not come about.
    pub(super) fn of_connection(error: &ClientInitializeError, largest: usize) -> Self {
        match error {
            ClientInitializeError::TransportError { error, .. } => {
                Self::of_transport(error.error.as_ref(), largest)
            }
            ClientInitializeError::LegacyFallbackFailed { fallback, .. } => {
                Self::of_connection(fallback, largest)
            }
            ClientInitializeError::JsonRpcError(refusal) => {
                Self::Refused { code: refusal.code.0, message: shortened(&refusal.message) }
            }
            ClientInitializeError::ConnectionClosed(_) | ClientInitializeError::Cancelled => {
                Self::BrokenOff("before the first answer".to_owned())
            }
            other => Self::Lies(shortened(&other.to_string())),
        }
    }

    fn of_transport(error: &(dyn Error + 'static), largest: usize) -> Self {
        let mut cause = Some(error);
        while let Some(current) = cause {
            if let Some(failure) = current.downcast_ref::<StreamableHttpError<reqwest::Error>>() {
                match failure {
                    StreamableHttpError::Client(failure) => return Self::of_http(failure),
                    StreamableHttpError::HttpStatus(status) if status.status == 429 => return Self::Busy,
                    StreamableHttpError::HttpStatus(status) => return Self::Status(status.status),
                    StreamableHttpError::ResponseBodyTooLarge { .. } => return Self::TooLarge(largest),
                    StreamableHttpError::AuthRequired(_) | StreamableHttpError::InsufficientScope(_) => {
                        return Self::KeyRefused;
                    }
                    StreamableHttpError::Auth(failure) => {
                        return Self::NotAuthorized(shortened(&failure.to_string()));
                    }
                    StreamableHttpError::UnexpectedContentType(_)
                    | StreamableHttpError::Deserialize(_)
                    | StreamableHttpError::UnexpectedServerResponse(_) => {
                        return Self::Lies(shortened(&failure.to_string()));
                    }
                    _ => {}
                }
            }
            if let Some(failure) = current.downcast_ref::<reqwest::Error>() {
                return Self::of_http(failure);
            }
            cause = current.source();
        }
        Self::BrokenOff(shortened(&error.to_string()))
    }

    /// Why a plain HTTP request failed. The address is left out: people see it beside the words.
    pub(super) fn of_http(error: &reqwest::Error) -> Self {
        if error.is_connect() {
            return Self::NotReached(innermost(error));
        }
        match error.status() {
            Some(status) if status.as_u16() == 401 => Self::KeyRefused,
            Some(status) => Self::Status(status.as_u16()),
            None => Self::BrokenOff(innermost(error)),
        }
    }
}

/// The last cause, which says what happened without the way there.
fn innermost(error: &(dyn Error + 'static)) -> String {
    let mut error = error;
    while let Some(source) = error.source() {
        error = source;
    }
    shortened(&error.to_string())
}

/// Words of others, on one line and not without end.
pub(super) fn shortened(text: &str) -> String {
    let line: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    crate::engine::gateway::redaction::visible(&line.chars().take(LONGEST_DETAIL).collect::<String>())
}
