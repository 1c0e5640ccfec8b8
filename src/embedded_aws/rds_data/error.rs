//! The errors of the Data API, as it models them.

use http::StatusCode;

use crate::embedded_aws::fault::Fault;

/// Why a statement was not run, or failed.
#[derive(Debug, thiserror::Error)]
pub(super) enum DataApiError {
    /// The request is wrong, or asks for what is not implemented.
    #[error("{0}")]
    BadRequest(String),
    /// There is no such database.
    #[error("{0}")]
    DatabaseNotFound(String),
    /// There is no such secret.
    #[error("{0}")]
    InvalidSecret(String),
    /// There is no such transaction: there are none.
    #[error("Transaction {0} is not found")]
    TransactionNotFound(String),
    /// The database refused the statement.
    #[error("{0}")]
    Database(String),
    /// The result has no form that was asked for.
    #[error("{0}")]
    UnsupportedResult(String),
    /// The result is too large.
    #[error("Database returned more than the allowed response size limit")]
    TooLarge,
    /// The statement ran for too long, and left nothing behind.
    #[error("Request timed out: the statement ran for more than {0} seconds and was ended")]
    TimedOut(f32),
    /// The runtime was shut down, or the work panicked.
    #[error("the operation ended unexpectedly")]
    Interrupted,
}

impl DataApiError {
    /// As it goes over the wire.
    pub(super) fn fault(&self) -> Fault {
        let (status, code) = match self {
            Self::BadRequest(_) | Self::TooLarge => (StatusCode::BAD_REQUEST, "BadRequestException"),
            Self::DatabaseNotFound(_) => (StatusCode::NOT_FOUND, "DatabaseNotFoundException"),
            Self::InvalidSecret(_) => (StatusCode::BAD_REQUEST, "InvalidSecretException"),
            Self::TransactionNotFound(_) => (StatusCode::NOT_FOUND, "TransactionNotFoundException"),
            Self::Database(_) => (StatusCode::BAD_REQUEST, "DatabaseErrorException"),
            Self::UnsupportedResult(_) => (StatusCode::BAD_REQUEST, "UnsupportedResultException"),
            Self::TimedOut(_) => (StatusCode::BAD_REQUEST, "StatementTimeoutException"),
            Self::Interrupted => (StatusCode::INTERNAL_SERVER_ERROR, "InternalServerErrorException"),
        };
        Fault::new(status, code, self.to_string())
    }
}

impl From<rusqlite::Error> for DataApiError {
    fn from(error: rusqlite::Error) -> Self {
        match error {
            rusqlite::Error::MultipleStatement => {
                Self::BadRequest("Multistatements aren't supported: send one statement".to_owned())
            }
            other => Self::Database(other.to_string()),
        }
    }
}
