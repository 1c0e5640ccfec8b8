//! What can go wrong in an operation.

use super::insights::QueryError;
use super::store::StoreError;

/// Why an operation was refused or failed.
#[derive(Debug, thiserror::Error)]
pub(crate) enum LogsError {
    /// There is no such group, stream, event or query.
    #[error("the specified {what} does not exist: {name}")]
    NotFound {
        /// What it would be, such as `log group`.
        what: &'static str,
        /// Its name.
        name: String,
    },
    /// A group or stream of that name is there already.
    #[error("the specified {what} already exists: {name}")]
    AlreadyExists {
        /// What it is.
        what: &'static str,
        /// Its name.
        name: String,
    },
    /// A parameter is missing, wrong, or asks for what is not implemented.
    #[error("{0}")]
    InvalidParameter(String),
    /// The body is not what the protocol says.
    #[error("{0}")]
    Serialization(String),
    /// The query is not of the language.
    #[error("{error}")]
    MalformedQuery {
        /// The query.
        query: String,
        /// What is wrong with it.
        error: QueryError,
    },
    /// More at once than is allowed.
    #[error("{0}")]
    LimitExceeded(String),
    /// The service has no such operation.
    #[error("the embedded AWS does not implement this operation of CloudWatch Logs")]
    UnknownOperation,
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl LogsError {
    /// A parameter that is wrong for this reason.
    pub(crate) fn invalid(message: impl Into<String>) -> Self {
        Self::InvalidParameter(message.into())
    }

    /// There is no such log group.
    pub(crate) fn no_group(name: &str) -> Self {
        Self::NotFound { what: "log group", name: name.to_owned() }
    }

    /// There is no such log stream.
    pub(crate) fn no_stream(name: &str) -> Self {
        Self::NotFound { what: "log stream", name: name.to_owned() }
    }

    /// There is no such query.
    pub(crate) fn no_query(id: &str) -> Self {
        Self::NotFound { what: "query", name: id.to_owned() }
    }
}
