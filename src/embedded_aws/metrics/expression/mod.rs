//! Metric math: the small part of it that is implemented, as text, as a tree, and as numbers.
//!
//! `+ - * /` between numbers, ids and lists, `SUM` and `AVG`, and `METRICS`. Everything else is
//! refused by name.

mod evaluate;
mod lexer;
mod parser;

pub(super) use self::evaluate::{Quantity, Series, evaluate};
pub(super) use self::parser::{Expression, parse};

/// Why an expression cannot be evaluated.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(super) enum ExpressionError {
    /// A character that belongs to no word of the language.
    #[error("unexpected {character:?} at position {position}")]
    Character {
        /// The character.
        character: char,
        /// Its place, from 1.
        position: usize,
    },
    /// A text without its closing quotation mark.
    #[error("the text that begins at position {0} does not end")]
    OpenText(usize),
    /// Something else should stand there.
    #[error("expected {expected} at position {position}")]
    Expected {
        /// What.
        expected: &'static str,
        /// Where, from 1.
        position: usize,
    },
    /// The end of the expression should not be there yet.
    #[error("expected {0} at the end")]
    Ended(&'static str),
    /// A function that is not implemented.
    #[error("the embedded AWS implements the functions SUM, AVG and METRICS only, not {0}")]
    Function(String),
    /// Parentheses within parentheses within parentheses …
    #[error("the expression is nested more deeply than {0} times")]
    TooDeep(usize),
    /// An id that no query has.
    #[error("there is no query with the id {0}")]
    UnknownId(String),
    /// Kinds that do not go together.
    #[error("{0}")]
    Kinds(&'static str),
    /// Metrics of different periods.
    #[error("the metrics of an expression must have the same period")]
    Periods,
}
