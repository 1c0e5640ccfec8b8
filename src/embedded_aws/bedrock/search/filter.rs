//! Filters by metadata: all operators of Bedrock's `RetrievalFilter`, with its rules.
//!
//! A comparison finds documents that have the attribute; `notEquals` alone also finds those that do
//! not, as Bedrock's documentation of the operators has it.

use std::cmp::Ordering;

use serde_json::Value as Json;

use super::metadata::{Metadata, Value};

/// How many conditions a group has (`RetrievalFilter`, `andAll` and `orAll`).
const GROUP_SIZE: std::ops::RangeInclusive<usize> = 2..=5;
/// The length of an attribute's name (`FilterAttribute`, `key`).
const LONGEST_KEY: usize = 100;

/// Why a filter is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub(crate) struct FilterError(String);

/// A condition on the metadata of a document.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Filter {
    /// All of these.
    All(Vec<Filter>),
    /// One of these.
    Any(Vec<Filter>),
    /// A comparison with one attribute.
    Attribute {
        /// The attribute's name.
        key: String,
        /// The comparison.
        test: Test,
    },
}

/// A comparison with a value.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Test {
    /// `equals`
    Equals(Value),
    /// `notEquals`
    NotEquals(Value),
    /// `greaterThan`, `greaterThanOrEquals`, `lessThan`, `lessThanOrEquals`: the orderings that fit.
    Compares(f64, &'static [Ordering]),
    /// `in`
    In(Vec<Value>),
    /// `notIn`
    NotIn(Vec<Value>),
    /// `startsWith`
    StartsWith(String),
    /// `listContains`
    ListContains(String),
    /// `stringContains`
    StringContains(String),
}

impl Filter {
    /// Reads a filter.
    ///
    /// # Errors
    /// When it breaks a rule of Bedrock's.
    pub(crate) fn parse(json: &Json) -> Result<Self, FilterError> {
        Self::parse_within(json, 0)
    }

    /// Groups may hold groups, and these only comparisons.
    fn parse_within(json: &Json, groups: usize) -> Result<Self, FilterError> {
        let object = json.as_object().ok_or_else(|| refuse("a filter must be an object"))?;
        let mut operators = object.iter();
        let (Some((operator, operand)), None) = (operators.next(), operators.next()) else {
            return Err(refuse("a filter must have exactly one operator"));
        };
        let group = |operand: &Json| {
            if groups == 2 {
                return Err(refuse("andAll and orAll can be nested one level deep only"));
            }
            let members = operand.as_array().filter(|members| GROUP_SIZE.contains(&members.len()));
            let members = members.ok_or_else(|| {
                refuse(format!("{operator} must have {} to {} filters", GROUP_SIZE.start(), GROUP_SIZE.end()))
            })?;
            members.iter().map(|member| Self::parse_within(member, groups + 1)).collect()
        };
        match operator.as_str() {
            "andAll" => Ok(Self::All(group(operand)?)),
            "orAll" => Ok(Self::Any(group(operand)?)),
            _ => parse_attribute(operator, operand),
        }
    }

    /// Whether a document with this metadata fulfils the condition.
    pub(crate) fn matches(&self, metadata: &Metadata) -> bool {
        match self {
            Self::All(filters) => filters.iter().all(|filter| filter.matches(metadata)),
            Self::Any(filters) => filters.iter().any(|filter| filter.matches(metadata)),
            Self::Attribute { key, test } => match metadata.get(key) {
                Some(value) => test.holds(value),
                None => matches!(test, Test::NotEquals(_)),
            },
        }
    }
}

fn parse_attribute(operator: &str, operand: &Json) -> Result<Filter, FilterError> {
    use Ordering::{Equal, Greater, Less};
    let key = operand.get("key").and_then(Json::as_str).unwrap_or_default();
    let length = key.chars().count();
    if length == 0 || length > LONGEST_KEY {
        return Err(refuse(format!("the key of {operator} must have 1 to {LONGEST_KEY} characters")));
    }
    let json = operand.get("value").ok_or_else(|| refuse(format!("the value of {operator} is missing")))?;
    let wrong = |kind: &str| refuse(format!("the value of {operator} for {key} must be {kind}"));
    let string = || json.as_str().map(str::to_owned).ok_or_else(|| wrong("a string"));
    let number = || json.as_f64().ok_or_else(|| wrong("a number"));
    let scalar = |json: &Json| match Value::from_json(json) {
        Some(Value::List(_)) | None => Err(wrong("a string, a number or a boolean")),
        Some(value) => Ok(value),
    };
    let scalars = || match json.as_array() {
        Some(items) if !items.is_empty() => items.iter().map(scalar).collect::<Result<Vec<_>, _>>(),
        _ => Err(wrong("a list with at least one value")),
    };
    let test = match operator {
        "equals" => Test::Equals(scalar(json)?),
        "notEquals" => Test::NotEquals(scalar(json)?),
        "greaterThan" => Test::Compares(number()?, &[Greater]),
        "greaterThanOrEquals" => Test::Compares(number()?, &[Greater, Equal]),
        "lessThan" => Test::Compares(number()?, &[Less]),
        "lessThanOrEquals" => Test::Compares(number()?, &[Less, Equal]),
        "in" => Test::In(scalars()?),
        "notIn" => Test::NotIn(scalars()?),
        "startsWith" => Test::StartsWith(string()?),
        "listContains" => Test::ListContains(string()?),
        "stringContains" => Test::StringContains(string()?),
        _ => return Err(refuse(format!("there is no filter operator {operator}"))),
    };
    Ok(Filter::Attribute { key: key.to_owned(), test })
}

impl Test {
    fn holds(&self, value: &Value) -> bool {
        match self {
            Self::Equals(expected) => same(value, expected),
            Self::NotEquals(expected) => !same(value, expected),
            Self::Compares(bound, fitting) => match value {
                Value::Number(number) => number
                    .as_f64()
                    .and_then(|number| number.partial_cmp(bound))
                    .is_some_and(|ordering| fitting.contains(&ordering)),
                Value::Text(_) | Value::Flag(_) | Value::List(_) => false,
            },
            Self::In(expected) => expected.iter().any(|expected| same(value, expected)),
            Self::NotIn(expected) => !expected.iter().any(|expected| same(value, expected)),
            Self::StartsWith(prefix) => matches!(value, Value::Text(text) if text.starts_with(prefix)),
            Self::ListContains(item) => matches!(value, Value::List(items) if items.contains(item)),
            Self::StringContains(part) => match value {
                Value::Text(text) => text.contains(part),
                Value::List(items) => items.iter().any(|item| item.contains(part)),
                Value::Number(_) | Value::Flag(_) => false,
            },
        }
    }
}

/// Numbers are the same when their values are: 1 is 1.0.
fn same(value: &Value, expected: &Value) -> bool {
    match (value, expected) {
        (Value::Number(value), Value::Number(expected)) => value.as_f64() == expected.as_f64(),
        _ => value == expected,
    }
}

fn refuse(reason: impl Into<String>) -> FilterError {
    FilterError(reason.into())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::fuzzing;

    fn matches(filter: &Json) -> bool {
        let json = json!({ "topic": "rates", "year": 2026, "checked": true, "places": ["US", "CA"] });
        let metadata = json
            .as_object()
            .unwrap()
            .iter()
            .map(|(name, value)| (name.clone(), Value::from_json(value).unwrap()))
            .collect();
        Filter::parse(filter).unwrap().matches(&metadata)
    }

    #[test]
    fn each_operator_tells_what_fits_from_what_does_not() {
        for (operator, key, fits, does_not) in [
            ("equals", "topic", json!("rates"), json!("rights")),
            ("equals", "year", json!(2026.0), json!("2026")),
            ("equals", "checked", json!(true), json!(false)),
            ("notEquals", "topic", json!("rights"), json!("rates")),
            ("greaterThan", "year", json!(2025), json!(2026)),
            ("greaterThanOrEquals", "year", json!(2026), json!(2027)),
            ("lessThan", "year", json!(2027), json!(2026)),
            ("lessThanOrEquals", "year", json!(2026), json!(2025)),
            ("in", "topic", json!(["a", "rates"]), json!(["a", "b"])),
            ("notIn", "topic", json!(["a", "b"]), json!(["a", "rates"])),
            ("startsWith", "topic", json!("ra"), json!("tes")),
            ("listContains", "places", json!("US"), json!("U")),
            ("stringContains", "topic", json!("ate"), json!("xyz")),
            ("stringContains", "places", json!("C"), json!("X")),
        ] {
            let filter = |value: &Json| json!({ operator: { "key": key, "value": value } });
            assert!(matches(&filter(&fits)), "{operator} {fits}");
            assert!(!matches(&filter(&does_not)), "{operator} {does_not}");
        }
    }

    #[test]
    fn a_missing_attribute_only_is_not_equal() {
        assert!(matches(&json!({ "notEquals": { "key": "other", "value": 1 } })));
        assert!(!matches(&json!({ "equals": { "key": "other", "value": 1 } })));
        assert!(!matches(&json!({ "notIn": { "key": "other", "value": [1] } })));
    }

    #[test]
    fn groups_combine() {
        let yes = json!({ "equals": { "key": "topic", "value": "rates" } });
        let no = json!({ "equals": { "key": "topic", "value": "rights" } });
        assert!(matches(&json!({ "andAll": [yes, yes] })));
        assert!(!matches(&json!({ "andAll": [yes, no] })));
        assert!(matches(&json!({ "orAll": [no, yes] })));
        assert!(!matches(&json!({ "orAll": [no, no] })));
        assert!(matches(&json!({ "andAll": [yes, { "orAll": [no, yes] }] })));
    }

    #[test]
    fn rules_are_kept() {
        let one = json!({ "equals": { "key": "a", "value": "b" } });
        for wrong in [
            json!({}),
            json!({ "equals": { "key": "a", "value": 1 }, "notEquals": { "key": "a", "value": 1 } }),
            json!({ "like": { "key": "a", "value": 1 } }),
            json!({ "equals": { "key": "", "value": 1 } }),
            json!({ "equals": { "key": "k".repeat(101), "value": 1 } }),
            json!({ "equals": { "key": "a" } }),
            json!({ "equals": { "key": "a", "value": [1] } }),
            json!({ "greaterThan": { "key": "a", "value": "1" } }),
            json!({ "in": { "key": "a", "value": "b" } }),
            json!({ "in": { "key": "a", "value": [] } }),
            json!({ "startsWith": { "key": "a", "value": 1 } }),
            json!({ "andAll": [one] }),
            json!({ "orAll": [one, one, one, one, one, one] }),
            json!({ "andAll": [one, { "orAll": [one, { "andAll": [one, one] }] }] }),
        ] {
            assert!(Filter::parse(&wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn fuzz_filter_of_documents() {
        let seeds = [
            r#"{"andAll":[{"equals":{"key":"topic","value":"rates"}},{"orAll":[{"lessThan":{"key":"year","value":2027}},{"in":{"key":"topic","value":["a"]}}]}]}"#,
            r#"{"stringContains":{"key":"places","value":"C"}}"#,
        ];
        let words = ["\"andAll\":[", "{\"orAll\":[", "\"key\":", "\"value\":", "[1]", "]}", "1e308"];
        fuzzing::text(500, &seeds, &words, |text| {
            let Ok(json) = serde_json::from_str::<Json>(text) else { return };
            if Filter::parse(&json).is_ok() {
                assert_eq!(json.as_object().map(serde_json::Map::len), Some(1), "one operator");
                let matched = matches(&json);
                assert_eq!(matches(&json), matched);
            }
        });
    }
}
