//! Why an operation did not do what was asked.

use crate::engine::aws::AwsFailure;
use crate::engine::catalog::{CatalogError, CursorError};
use crate::engine::monitoring::insights::LogQueryError;
use crate::model::field::FieldError;
use crate::model::tool::Choice;
use std::time::Duration;

/// An operation that failed.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum ToolError {
    /// Arguments are wrong.
    #[error("{}", .0.iter().map(|f| format!("{}: {}", f.field, f.message)).collect::<Vec<_>>().join("; "))]
    Invalid(Vec<FieldError>),
    /// A bucket or table is not one of those that are configured for the purpose.
    #[error("the {what} {name:?} is not configured for this; allowed: {}", allowed.join(", "))]
    NotConfigured {
        /// `bucket`, `table`, `knowledge base` or `model`.
        what: &'static str,
        /// The argument that named it.
        field: &'static str,
        /// Its name.
        name: String,
        /// What is allowed instead.
        allowed: Vec<String>,
    },
    /// The content is larger than allowed.
    #[error("{field} is too large: {detail}")]
    TooLarge {
        /// The argument.
        field: &'static str,
        /// The limit, and what to do instead.
        detail: String,
    },
    /// The arguments mean several things, and only the caller knows which.
    #[error("{message}")]
    Ambiguous {
        /// What means several things. A full sentence.
        message: String,
        /// What there is to choose from.
        choice: Box<Choice>,
    },
    /// Something that this call needs is switched off, or takes longer than it may.
    #[error("{0}")]
    NotAvailable(String),
    /// It is not done, for a reason that lies in what it is about.
    #[error("{}", .0.message)]
    Refused(Box<Refusal>),
    /// The result cannot be written as JSON.
    #[error("the result of {tool} cannot be written as JSON: {detail}")]
    Unwritable {
        /// The tool.
        tool: &'static str,
        /// Why not.
        detail: String,
    },
    /// The catalogue could not do it.
    #[error(transparent)]
    Catalog(#[from] CatalogError),
}

/// Why something is not done, in words for whoever asked for it.
#[derive(Debug, Clone, PartialEq)]
pub struct Refusal {
    /// The kind.
    pub kind: RefusalKind,
    /// What happened, to what. A full sentence.
    pub message: String,
    /// What can be done about it. A full sentence.
    pub remedy: String,
    /// What is wrong with single arguments.
    pub fields: Vec<FieldError>,
    /// After how long another try makes sense, where that is known.
    pub retry_after: Option<Duration>,
}

/// The kinds of refusals.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RefusalKind {
    /// What was sent is wrong.
    Invalid,
    /// It may not be done, whoever asks for it.
    Forbidden,
    /// It does not fit how things are.
    Conflict,
    /// It is there already.
    Exists,
    /// It was tried too often.
    TooManyRequests,
    /// What it needs is away or full.
    Unavailable,
    /// A mistake of ours.
    Internal,
}

impl ToolError {
    /// One wrong argument.
    pub fn field(field: impl Into<String>, message: impl Into<String>) -> Self {
        Self::Invalid(vec![FieldError::new(field, message)])
    }
}

impl From<AwsFailure> for ToolError {
    fn from(failure: AwsFailure) -> Self {
        Self::Catalog(failure.into())
    }
}

impl From<CursorError> for ToolError {
    fn from(error: CursorError) -> Self {
        Self::field("cursor", error.to_string())
    }
}

impl From<LogQueryError> for ToolError {
    fn from(error: LogQueryError) -> Self {
        match error {
            LogQueryError::Malformed(text) => ToolError::field("query", text),
            LogQueryError::TooSlow { limit, scanned } => ToolError::NotAvailable(format!(
                "The query was stopped after {} s, with {scanned} records read. Choose a shorter time range \
                 or a longer time limit.",
                limit.as_secs()
            )),
            LogQueryError::Ended(how) => ToolError::NotAvailable(format!(
                "CloudWatch Logs ended the query without a result: {how}. Try again with a shorter time \
                 range, or let the query hold less at once: group by fewer fields, and sort fewer rows."
            )),
            LogQueryError::Aws(failure) => failure.into(),
        }
    }
}
