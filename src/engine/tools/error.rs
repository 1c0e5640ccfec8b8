//! Why an operation did not do what was asked.

use crate::engine::aws::AwsFailure;
use crate::engine::catalog::{CatalogError, CursorError};
use crate::engine::monitoring::insights::LogQueryError;
use crate::engine::spending::{ModelError, OverBudget};
use crate::model::field::FieldError;
use crate::model::tool::Choice;
use std::time::Duration;

/// After how long it makes sense to look whether another call of a model may begin.
const SLOT_WAIT: Duration = Duration::from_secs(5);

const SECONDS_OF_A_DAY: u32 = 24 * 60 * 60;

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
    /// It is more than whoever asks may do at this moment, or may spend today.
    #[error("{}", .0.message)]
    OverLimit(Box<OverLimit>),
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

/// What somebody has no more of, in words for them.
#[derive(Debug, Clone, PartialEq)]
pub struct OverLimit {
    /// Which limit it is, and how much of it is used. A full sentence.
    pub message: String,
    /// What can be done about it. A full sentence.
    pub remedy: String,
    /// After how long another try makes sense.
    pub retry_after: Duration,
    /// The limit in figures, where it is one for each span of time.
    pub limit: Option<LimitReached>,
}

/// A limit that was reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LimitReached {
    /// What it is called: `default` for all calls, `tool` for those of one tool, `dollars` for a budget.
    pub name: &'static str,
    /// How much it allows.
    pub most: u64,
    /// How much of that is left: less than was asked for.
    pub left: u64,
    /// In how many seconds.
    pub window: u32,
    /// What is counted, where that is not calls.
    pub unit: Option<&'static str>,
}

impl LimitReached {
    /// A limit of calls a minute, of which none is left.
    pub fn calls(name: &'static str, per_minute: u32) -> Self {
        Self { name, most: per_minute.into(), left: 0, window: 60, unit: None }
    }
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

impl From<ModelError> for ToolError {
    fn from(error: ModelError) -> Self {
        let message = error.to_string();
        match error {
            ModelError::Catalog(error) => error.into(),
            ModelError::OverBudget(over) => ToolError::OverLimit(Box::new(over_budget(&over))),
            ModelError::TooManyAtOnce(_) => ToolError::OverLimit(Box::new(OverLimit {
                message,
                remedy: "Wait until one of them has ended, then try again.".to_owned(),
                retry_after: SLOT_WAIT,
                limit: None,
            })),
        }
    }
}

fn over_budget(over: &OverBudget) -> OverLimit {
    let (budget, left) = over.figures();
    let limit = LimitReached {
        name: "dollars",
        most: budget.0,
        left: left.0,
        window: SECONDS_OF_A_DAY,
        unit: Some("micro-dollars"),
    };
    OverLimit {
        message: over.message(),
        remedy: over.remedy(),
        retry_after: over.retry_after(),
        limit: Some(limit),
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
