//! The errors of CloudWatch metrics, with the names that its protocols give them.

use http::StatusCode;

/// Why an operation was refused or failed.
#[derive(Debug, thiserror::Error)]
pub(super) enum MetricsError {
    /// A parameter has a value that is not allowed.
    #[error("{0}")]
    InvalidParameterValue(String),
    /// A parameter must be given.
    #[error("{0}")]
    MissingParameter(String),
    /// Parameters do not go together.
    #[error("{0}")]
    InvalidParameterCombination(String),
    /// The token does not come from this question.
    #[error("the next token is not one of this request")]
    InvalidNextToken,
    /// There is no alarm of that name.
    #[error("{0}")]
    ResourceNotFound(String),
    /// A text that must be JSON is none.
    #[error("{0}")]
    InvalidFormat(String),
    /// The request is refused for another reason, which the model does not name.
    #[error("{0}")]
    Validation(String),
    /// The body cannot be read.
    #[error("{0}")]
    Serialization(String),
    /// The body is longer than CloudWatch takes.
    #[error("the request body is longer than {0} bytes")]
    TooLarge(usize),
    /// The database failed.
    #[error("the store of the embedded CloudWatch failed: {0}")]
    Store(#[from] rusqlite::Error),
    /// The database holds what was never written to it.
    #[error("the store of the embedded CloudWatch is damaged: {0}")]
    Damaged(String),
    /// The runtime was shut down, or the work panicked.
    #[error("the operation ended unexpectedly")]
    Interrupted,
}

impl MetricsError {
    /// The HTTP status.
    pub(super) fn status(&self) -> StatusCode {
        match self {
            Self::ResourceNotFound(_) => StatusCode::NOT_FOUND,
            Self::TooLarge(_) => StatusCode::PAYLOAD_TOO_LARGE,
            Self::Store(_) | Self::Damaged(_) | Self::Interrupted => StatusCode::INTERNAL_SERVER_ERROR,
            _ => StatusCode::BAD_REQUEST,
        }
    }

    /// The name of the shape, which newer protocols write in the body.
    pub(super) fn shape(&self) -> &'static str {
        match self {
            Self::InvalidParameterValue(_) => "InvalidParameterValueException",
            Self::MissingParameter(_) => "MissingRequiredParameterException",
            Self::InvalidParameterCombination(_) => "InvalidParameterCombinationException",
            Self::InvalidNextToken => "InvalidNextToken",
            Self::ResourceNotFound(_) => "ResourceNotFound",
            Self::InvalidFormat(_) => "InvalidFormatFault",
            Self::Validation(_) => "ValidationError",
            Self::Serialization(_) => "SerializationException",
            Self::TooLarge(_) => "RequestEntityTooLargeException",
            Self::Store(_) | Self::Damaged(_) | Self::Interrupted => "InternalServiceFault",
        }
    }

    /// The code of the query protocol, by which SDKs still tell the errors apart.
    pub(super) fn query_code(&self) -> &'static str {
        match self {
            Self::InvalidParameterValue(_) => "InvalidParameterValue",
            Self::MissingParameter(_) => "MissingParameter",
            Self::InvalidParameterCombination(_) => "InvalidParameterCombination",
            Self::InvalidFormat(_) => "InvalidFormat",
            Self::Store(_) | Self::Damaged(_) | Self::Interrupted => "InternalServiceError",
            other => other.shape(),
        }
    }
}
