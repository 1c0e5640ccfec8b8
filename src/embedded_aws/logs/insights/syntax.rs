//! The syntax tree of a query.

use std::ops::Range;

use super::calendar::Period;
use super::functions::Function;
use super::patterns::Pattern;
use super::value::Value;

/// A command of the pipeline.
#[derive(Debug, Clone)]
pub(super) enum Command {
    /// Adds columns to the result.
    Fields(Vec<Column>),
    /// Makes these the columns of the result.
    Display(Vec<Column>),
    /// Keeps rows of which this is true.
    Filter(Expression<Operand>),
    /// Takes values out of a text.
    Parse(Extraction),
    /// Makes one row of each group.
    Stats {
        /// What is computed of each group.
        columns: Vec<Column>,
        /// What makes a group; none for one group of all rows.
        by: Vec<Column>,
    },
    /// Orders rows.
    Sort(Vec<SortKey>),
    /// Keeps the first rows.
    Limit(usize),
    /// Keeps the first row of those that agree in all these.
    Dedup(Vec<Column>),
}

/// An expression and what its column is called.
#[derive(Debug, Clone)]
pub(super) struct Column {
    /// What is computed.
    pub(super) expression: Expression<Operand>,
    /// The expression as it is written; of a field its name without backticks.
    pub(super) written: String,
    /// The name after `as`.
    pub(super) alias: Option<String>,
}

impl Column {
    /// What the column is called.
    pub(super) fn name(&self) -> &str {
        self.alias.as_deref().unwrap_or(&self.written)
    }
}

/// What rows are ordered by.
#[derive(Debug, Clone)]
pub(super) struct SortKey {
    /// What is compared.
    pub(super) column: Column,
    /// Whether the greatest comes first.
    pub(super) is_descending: bool,
}

/// A `parse` command.
#[derive(Debug, Clone)]
pub(super) struct Extraction {
    /// The text that is looked at.
    pub(super) subject: Expression<Operand>,
    /// What finds the values, one in each named group.
    pub(super) pattern: Pattern,
    /// The fields that the values go to, with the number of the group.
    pub(super) fields: Vec<(usize, String)>,
}

/// What an expression can refer to in a query as it is written.
#[derive(Debug, Clone)]
pub(super) enum Operand {
    /// A field by its name, and where in the query.
    Field(String, Range<usize>),
    /// A value that is computed of all rows of a group.
    Aggregate(Box<Aggregate>),
}

/// A function of all rows of a group.
#[derive(Debug, Clone)]
pub(super) struct Aggregate {
    /// Which.
    pub(super) kind: AggregateKind,
    /// Of what; nothing for `count(*)`.
    pub(super) argument: Option<Expression<Operand>>,
    /// As it is written.
    pub(super) written: String,
    /// The place in the query.
    pub(super) span: Range<usize>,
}

/// The functions of `stats`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum AggregateKind {
    /// How many rows have the field; all rows without one.
    Count,
    /// How many different values there are.
    CountDistinct,
    /// The sum of the numbers.
    Sum,
    /// Their mean.
    Average,
    /// The least number.
    Minimum,
    /// The greatest number.
    Maximum,
    /// The value at or below which so many percent of the numbers are.
    Percentile(f64),
    /// The standard deviation of the numbers as a whole population.
    StandardDeviation,
    /// The value in the row with the earliest timestamp.
    Earliest,
    /// The value in the row with the latest timestamp.
    Latest,
    /// The value that `sort` puts first.
    SortsFirst,
    /// The value that `sort` puts last.
    SortsLast,
}

/// What is computed of one row. `R` is what it refers to: an [`Operand`] as written, or a place where
/// the value is found once the query is planned.
#[derive(Debug, Clone)]
pub(super) enum Expression<R> {
    Literal(Value),
    Reference(R),
    Negate(Box<Self>),
    Not(Box<Self>),
    /// Whether all are true.
    All(Vec<Self>),
    /// Whether one is true.
    Any(Vec<Self>),
    Arithmetic(Operator, Box<Self>, Box<Self>),
    Compare(Comparison, Box<Self>, Box<Self>),
    /// Whether a text contains another.
    Contains(Box<Self>, String),
    /// Whether a text has a match.
    Matches(Box<Self>, Pattern),
    /// Whether a value equals one of these.
    OneOf(Box<Self>, Vec<Self>),
    Call(Function, Vec<Self>),
    /// The beginning of the period that a time falls into.
    Floor(Box<Self>, Period),
    /// The end of the period that a time falls into.
    Ceiling(Box<Self>, Period),
}

/// `+ - * / % ^`
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Operator {
    Add,
    Subtract,
    Multiply,
    Divide,
    Remainder,
    Power,
}

/// `= != < <= > >=`
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Comparison {
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

impl<R> Expression<R> {
    /// The same expression with each reference replaced.
    pub(super) fn replace<S, E>(
        self,
        replacement: &mut impl FnMut(R) -> Result<S, E>,
    ) -> Result<Expression<S>, E> {
        Ok(match self {
            Self::Literal(value) => Expression::Literal(value),
            Self::Reference(reference) => Expression::Reference(replacement(reference)?),
            Self::Negate(inner) => Expression::Negate(replace_one(*inner, replacement)?),
            Self::Not(inner) => Expression::Not(replace_one(*inner, replacement)?),
            Self::All(conditions) => Expression::All(replace_all(conditions, replacement)?),
            Self::Any(conditions) => Expression::Any(replace_all(conditions, replacement)?),
            Self::Arithmetic(operator, left, right) => Expression::Arithmetic(
                operator,
                replace_one(*left, replacement)?,
                replace_one(*right, replacement)?,
            ),
            Self::Compare(comparison, left, right) => Expression::Compare(
                comparison,
                replace_one(*left, replacement)?,
                replace_one(*right, replacement)?,
            ),
            Self::Contains(inner, text) => Expression::Contains(replace_one(*inner, replacement)?, text),
            Self::Matches(inner, pattern) => Expression::Matches(replace_one(*inner, replacement)?, pattern),
            Self::OneOf(inner, options) => {
                Expression::OneOf(replace_one(*inner, replacement)?, replace_all(options, replacement)?)
            }
            Self::Call(function, arguments) => {
                Expression::Call(function, replace_all(arguments, replacement)?)
            }
            Self::Floor(inner, period) => Expression::Floor(replace_one(*inner, replacement)?, period),
            Self::Ceiling(inner, period) => Expression::Ceiling(replace_one(*inner, replacement)?, period),
        })
    }
}

fn replace_one<R, S, E>(
    expression: Expression<R>,
    replacement: &mut impl FnMut(R) -> Result<S, E>,
) -> Result<Box<Expression<S>>, E> {
    Ok(Box::new(expression.replace(replacement)?))
}

fn replace_all<R, S, E>(
    expressions: Vec<Expression<R>>,
    replacement: &mut impl FnMut(R) -> Result<S, E>,
) -> Result<Vec<Expression<S>>, E> {
    expressions.into_iter().map(|expression| expression.replace(replacement)).collect()
}
