//! Turns a condition into DynamoDB's filter expression.

use super::parser::{Expression, Path, Value};
use crate::engine::catalog::analytics::Condition;
use aws_sdk_dynamodb::types::AttributeValue;

/// The partition key: a condition on it alone decides which items are read at all.
const KEY: &str = "artistId";

/// All key attributes.
const KEYS: [&str; 2] = [KEY, "dayPlatform"];

/// The most bytes of an expression (a limit of DynamoDB).
pub(super) const MAX_EXPRESSION: usize = 4096;

pub(super) fn compile(expression: Expression) -> Condition {
    let whole = expression.clone();
    let (artist, rest) = take_artist(expression);
    // DynamoDB takes no key attribute in the filter of a query; a scan takes it.
    let (artist, rest) = match rest {
        Some(rest) if artist.is_some() && names_key(&rest) => (None, Some(whole)),
        rest => (artist, rest),
    };
    let mut compiler = Compiler { condition: Condition { artist, ..Condition::default() } };
    compiler.condition.expression = rest.map_or_else(String::new, |rest| compiler.expression(rest));
    compiler.condition
}

fn names_key(expression: &Expression) -> bool {
    match expression {
        Expression::Any(parts) | Expression::All(parts) => parts.iter().any(names_key),
        Expression::Not(inner) => names_key(inner),
        Expression::Compare(path, ..)
        | Expression::Between(path, ..)
        | Expression::In(path, _)
        | Expression::Function(_, path, _) => {
            matches!(path.as_slice(), [name] if KEYS.contains(&name.as_str()))
        }
    }
}

/// Takes `artistId = "…"` out of the outermost AND. What is left is the rest of the condition.
fn take_artist(expression: Expression) -> (Option<String>, Option<Expression>) {
    match expression {
        Expression::Compare(path, "=", Value::Text(id)) if path.as_slice() == [KEY] && !id.is_empty() => {
            (Some(id), None)
        }
        Expression::All(mut parts) => {
            let key = parts.iter().position(|part| {
                matches!(part, Expression::Compare(path, "=", Value::Text(id)) if path.as_slice() == [KEY] && !id.is_empty())
            });
            let artist = key.map(|position| parts.remove(position)).and_then(|part| take_artist(part).0);
            if parts.len() == 1 {
                return (artist, parts.pop());
            }
            (artist, Some(Expression::All(parts)))
        }
        other => (None, Some(other)),
    }
}

struct Compiler {
    condition: Condition,
}

impl Compiler {
    fn expression(&mut self, expression: Expression) -> String {
        match expression {
            Expression::Any(parts) => self.joined(parts, " OR "),
            Expression::All(parts) => self.joined(parts, " AND "),
            Expression::Not(inner) => format!("NOT {}", self.expression(*inner)),
            Expression::Compare(path, sign, value) => {
                let path = self.path(path);
                format!("{path} {sign} {}", self.value(value))
            }
            Expression::Between(path, least, most) => {
                let path = self.path(path);
                let least = self.value(least);
                format!("{path} BETWEEN {least} AND {}", self.value(most))
            }
            Expression::In(path, values) => {
                let path = self.path(path);
                let values: Vec<_> = values.into_iter().map(|value| self.value(value)).collect();
                format!("{path} IN ({})", values.join(", "))
            }
            Expression::Function(name, path, value) => {
                let path = self.path(path);
                match value {
                    Some(value) => format!("{name}({path}, {})", self.value(value)),
                    None => format!("{name}({path})"),
                }
            }
        }
    }

    fn joined(&mut self, parts: Vec<Expression>, word: &str) -> String {
        let parts: Vec<_> = parts.into_iter().map(|part| self.expression(part)).collect();
        format!("({})", parts.join(word))
    }

    fn path(&mut self, path: Path) -> String {
        let parts: Vec<_> = path
            .into_iter()
            .map(|attribute| {
                let placeholder = format!("#n{}", self.condition.names.len());
                self.condition.names.insert(placeholder.clone(), attribute);
                placeholder
            })
            .collect();
        parts.join(".")
    }

    fn value(&mut self, value: Value) -> String {
        let placeholder = format!(":v{}", self.condition.values.len());
        let value = match value {
            Value::Text(text) => AttributeValue::S(text),
            Value::Number(text) => AttributeValue::N(text),
            Value::Boolean(truth) => AttributeValue::Bool(truth),
        };
        self.condition.values.insert(placeholder.clone(), value);
        placeholder
    }
}
