//! Why something could not be measured.

use http::StatusCode;
use std::fmt::Display;
use std::time::Duration;

/// Why something could not be measured.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Problem {
    /// Something that the measurement needs did not work.
    #[error("could not {what}: {detail}")]
    Failed {
        /// What was to be done.
        what: String,
        /// What was said about it.
        detail: String,
    },
    /// The server answered otherwise than it should.
    #[error("{path} was answered with {status}: {body}")]
    Answer {
        /// The path that was asked for.
        path: String,
        /// The status of the answer.
        status: StatusCode,
        /// The beginning of its body.
        body: String,
    },
    /// The step took longer than it may.
    #[error("it took longer than {} s", .0.as_secs())]
    OutOfTime(Duration),
}

impl Problem {
    /// What was to be done, and what came of it.
    pub(crate) fn new(what: impl Into<String>, detail: impl Display) -> Self {
        Self::Failed { what: what.into(), detail: detail.to_string() }
    }
}

/// Says what was to be done when an error came.
pub(crate) trait Because<T> {
    /// Turns the error into a [`Problem`]; `what` is a verb with its object.
    fn because(self, what: &str) -> Result<T, Problem>;
}

impl<T, E: Display> Because<T> for Result<T, E> {
    fn because(self, what: &str) -> Result<T, Problem> {
        self.map_err(|error| Problem::new(what, error))
    }
}

impl<T> Because<T> for Option<T> {
    fn because(self, what: &str) -> Result<T, Problem> {
        self.ok_or_else(|| Problem::new(what, "there is nothing"))
    }
}
