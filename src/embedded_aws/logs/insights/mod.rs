//! Logs Insights: the query language, from its text to the rows of a result.
//!
//! A text is split into words (`lexer`), read into a syntax tree (`parser`), and planned (`plan`) into
//! stages through which events go one by one (`execution`). Nothing here knows where events are kept.
//!
//! The language is that of "`CloudWatch` Logs Insights query language" in the user guide; commands and
//! functions that are not implemented are refused by name.

mod aggregation;
mod calendar;
mod error;
mod evaluate;
mod execution;
mod functions;
mod json_fields;
mod lexer;
mod memory;
mod parser;
mod patterns;
mod plan;
mod row;
mod syntax;
mod token;
mod value;

#[cfg(test)]
mod tests;

pub(crate) use self::error::QueryError;
pub(crate) use self::execution::{Execution, ExecutionError, ResultRow};
pub(crate) use self::plan::Plan;

/// How many rows a query returns that does not say, as AWS has it.
pub(crate) const DEFAULT_ROWS: usize = 10_000;
/// The most rows that a query returns, as AWS has it.
pub(crate) const MOST_ROWS: usize = 100_000;

/// Makes a query ready to run; `limit` is how many rows are wanted when it does not say.
///
/// # Errors
/// When the query is not of the language: what was expected, and where.
pub(crate) fn compile(query: &str, limit: Option<usize>) -> Result<Plan, QueryError> {
    Plan::of(parser::parse(query)?, limit.unwrap_or(DEFAULT_ROWS).min(MOST_ROWS))
}
