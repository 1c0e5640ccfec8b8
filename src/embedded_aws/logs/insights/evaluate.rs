//! What an expression says of a row.

use std::cmp::Ordering;

use super::functions::whole;
use super::row::{Row, Source};
use super::syntax::{Comparison, Expression, Operator};
use super::value::Value;

/// An expression whose references are resolved.
pub(super) type Resolved = Expression<Source>;

impl Resolved {
    /// Its value. What cannot be computed is missing.
    pub(super) fn value(&self, row: &Row) -> Value {
        match self {
            Self::Literal(value) => value.clone(),
            Self::Reference(source) => row.value(*source),
            Self::Negate(inner) => {
                inner.value(row).number().map_or(Value::Missing, |number| Value::finite(-number))
            }
            Self::Arithmetic(operator, left, right) => operator.apply(&left.value(row), &right.value(row)),
            Self::Call(function, arguments) => {
                let values: Vec<_> = arguments.iter().map(|argument| argument.value(row)).collect();
                function.apply(&values)
            }
            Self::Floor(inner, period) => {
                time(inner, row).map_or(Value::Missing, |time| Value::Time(period.floor(time)))
            }
            Self::Ceiling(inner, period) => {
                time(inner, row).map_or(Value::Missing, |time| Value::Time(period.ceiling(time)))
            }
            Self::Not(_)
            | Self::All(_)
            | Self::Any(_)
            | Self::Compare(..)
            | Self::Contains(..)
            | Self::Matches(..)
            | Self::OneOf(..) => Value::Boolean(self.is_true(row)),
        }
    }

    /// Whether a filter lets the row through.
    ///
    /// A comparison with a missing value is false, and `!=`, `not like` and `not in` are the opposite
    /// of `=`, `like` and `in`.
    pub(super) fn is_true(&self, row: &Row) -> bool {
        match self {
            Self::Not(inner) => !inner.is_true(row),
            Self::All(conditions) => conditions.iter().all(|condition| condition.is_true(row)),
            Self::Any(conditions) => conditions.iter().any(|condition| condition.is_true(row)),
            Self::Compare(comparison, left, right) => {
                comparison.holds(left.value(row).compare(&right.value(row)))
            }
            Self::Contains(subject, text) => test(subject, row, |subject| subject.contains(text)),
            Self::Matches(subject, pattern) => test(subject, row, |subject| {
                pattern.matches(subject).unwrap_or_else(|too_hard| row.give_up(too_hard))
            }),
            Self::OneOf(subject, options) => {
                let subject = subject.value(row);
                options.iter().any(|option| subject.compare(&option.value(row)) == Some(Ordering::Equal))
            }
            other => other.value(row).is_true(),
        }
    }

    /// Calls with the value as text, if there is one, and without a copy of it where that is possible.
    pub(super) fn with_text<T>(&self, row: &Row, work: impl FnOnce(&str) -> T) -> Option<T> {
        if let Self::Reference(source) = self
            && let Some(text) = row.borrowed_text(*source)
        {
            return Some(work(text));
        }
        self.value(row).text().map(|text| work(&text))
    }
}

fn test(subject: &Resolved, row: &Row, condition: impl FnOnce(&str) -> bool) -> bool {
    subject.with_text(row, condition).unwrap_or(false)
}

/// A time: one of an event, or a number of milliseconds.
fn time(expression: &Resolved, row: &Row) -> Option<i64> {
    match expression.value(row) {
        Value::Time(time) => Some(time),
        other => other.number().and_then(whole),
    }
}

impl Comparison {
    fn holds(self, order: Option<Ordering>) -> bool {
        match self {
            Self::Equal => order == Some(Ordering::Equal),
            Self::NotEqual => order != Some(Ordering::Equal),
            Self::Less => order == Some(Ordering::Less),
            Self::LessOrEqual => order.is_some_and(Ordering::is_le),
            Self::Greater => order == Some(Ordering::Greater),
            Self::GreaterOrEqual => order.is_some_and(Ordering::is_ge),
        }
    }
}

impl Operator {
    fn apply(self, left: &Value, right: &Value) -> Value {
        let (Some(left), Some(right)) = (left.number(), right.number()) else { return Value::Missing };
        Value::finite(match self {
            Self::Add => left + right,
            Self::Subtract => left - right,
            Self::Multiply => left * right,
            Self::Divide => left / right,
            Self::Remainder => left % right,
            Self::Power => left.powf(right),
        })
    }
}
