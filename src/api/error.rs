//! How the one error that crosses the seam travels with server functions.

pub use crate::model::error::{AppError, ErrorKind};
pub use crate::model::field::FieldError;

use leptos::prelude::ServerFnErrorErr;
use leptos::server_fn::codec::JsonEncoding;
use leptos::server_fn::error::FromServerFnError;

/// What the HTTP library says of a body that is longer than it may be.
const BEYOND_LIMIT: &str = "length limit exceeded";

impl FromServerFnError for AppError {
    type Encoder = JsonEncoding;

    fn from_server_fn_error(error: ServerFnErrorErr) -> Self {
        match error {
            ServerFnErrorErr::Request(detail) => Self::new(
                ErrorKind::Unavailable,
                format!("Patchline could not be reached ({detail})."),
                "Check the connection, then try again.",
            ),
            ServerFnErrorErr::Deserialization(detail) if detail.contains(BEYOND_LIMIT) => Self::new(
                ErrorKind::TooLarge,
                "The request is larger than 24 MiB.",
                "Send less at once. Audio is sent in full from the page of “Upload an audio file”.",
            ),
            ServerFnErrorErr::Args(detail)
            | ServerFnErrorErr::MissingArg(detail)
            | ServerFnErrorErr::Deserialization(detail) => Self::new(
                ErrorKind::Invalid,
                format!("The request was not understood: {detail}."),
                "Reload the page; it may be older than the server.",
            ),
            other => Self::new(ErrorKind::Internal, format!("The request failed: {other}."), "Try again."),
        }
    }
}
