//! An AWS error on its way to the wire: code, message and status, before a protocol gives it form.

use http::StatusCode;

/// An error as AWS models them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Fault {
    /// The HTTP status.
    pub(crate) status: StatusCode,
    /// The code that SDKs match, such as `ValidationException`.
    pub(crate) code: String,
    /// What happened, for people.
    pub(crate) message: String,
}

impl Fault {
    /// An error with this status, code and message.
    pub(crate) fn new(status: StatusCode, code: &str, message: impl Into<String>) -> Self {
        Self { status, code: code.to_owned(), message: message.into() }
    }

    /// The client's mistake, with status 400.
    pub(crate) fn sender(code: &str, message: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, code, message)
    }

    /// A body longer than the service takes.
    pub(crate) fn too_large(limit: usize) -> Self {
        Self::new(
            StatusCode::PAYLOAD_TOO_LARGE,
            "RequestEntityTooLargeException",
            format!("the request body is longer than {limit} bytes"),
        )
    }
}
