//! Parameters of a statement: `:name`, a value and a hint of what the text in it is.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use jiff::civil::{Date, DateTime, Time};
use rusqlite::types::Value;
use serde::Deserialize;

use super::error::DataApiError;

/// A parameter as it is sent.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct SqlParameter {
    name: Option<String>,
    value: Option<Field>,
    type_hint: Option<String>,
}

/// One value of one of these kinds.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
enum Field {
    IsNull(bool),
    BooleanValue(bool),
    LongValue(i64),
    DoubleValue(f64),
    StringValue(String),
    /// In base 64.
    BlobValue(String),
    ArrayValue(serde::de::IgnoredAny),
}

/// A parameter that can be bound.
#[derive(Debug, PartialEq)]
pub(super) struct Parameter {
    /// Without the colon.
    pub(super) name: String,
    pub(super) value: Value,
}

impl Parameter {
    pub(super) fn read(sent: SqlParameter) -> Result<Self, DataApiError> {
        let missing = |what: &str| DataApiError::BadRequest(format!("a parameter has no {what}"));
        let name = sent.name.filter(|name| !name.is_empty()).ok_or_else(|| missing("name"))?;
        let field = sent.value.ok_or_else(|| missing("value"))?;
        let refused = |why: &str| DataApiError::BadRequest(format!("the parameter {name} {why}"));
        if let Some(hint) = &sent.type_hint {
            check_hint(&field, hint).map_err(|why| refused(&why))?;
        }
        let value = match field {
            Field::IsNull(true) => Value::Null,
            Field::IsNull(false) => return Err(refused("has isNull = false and no value")),
            Field::BooleanValue(truth) => Value::Integer(i64::from(truth)),
            Field::LongValue(number) => Value::Integer(number),
            Field::DoubleValue(number) => Value::Real(number),
            Field::StringValue(text) => Value::Text(text),
            Field::BlobValue(base64) => {
                Value::Blob(STANDARD.decode(base64).map_err(|_| refused("is not in base 64"))?)
            }
            Field::ArrayValue(_) => return Err(refused("is an array; Array parameters are not supported")),
        };
        Ok(Self { name, value })
    }
}

/// A hint says what a text is; SQLite keeps it as that text, so it must be one.
fn check_hint(field: &Field, hint: &str) -> Result<(), String> {
    let text = match field {
        Field::StringValue(text) => text,
        Field::IsNull(true) => return Ok(()),
        _ => return Err(format!("has the type hint {hint}, which is for stringValue")),
    };
    let is_so = match hint {
        "DATE" => text.len() == 10 && text.parse::<Date>().is_ok(),
        "TIME" => text.parse::<Time>().is_ok() && text.contains(':'),
        "TIMESTAMP" => text.len() >= 19 && text.contains(' ') && text.parse::<DateTime>().is_ok(),
        "UUID" => is_uuid(text),
        "JSON" => serde_json::from_str::<serde::de::IgnoredAny>(text).is_ok(),
        "DECIMAL" => {
            return Err(
                "has the type hint DECIMAL; SQLite has no decimals, use longValue in minor units".to_owned()
            );
        }
        _ => return Err(format!("has the unknown type hint {hint}")),
    };
    if is_so { Ok(()) } else { Err(format!("has the type hint {hint}, and its text is none: {text}")) }
}

fn is_uuid(text: &str) -> bool {
    let groups: Vec<&str> = text.split('-').collect();
    let is_hex = text.bytes().all(|byte| byte == b'-' || byte.is_ascii_hexdigit());
    is_hex && groups.iter().map(|group| group.len()).eq([8, 4, 4, 4, 12])
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn read(parameter: serde_json::Value) -> Result<Value, String> {
        let sent: SqlParameter = serde_json::from_value(parameter).map_err(|error| error.to_string())?;
        Parameter::read(sent).map(|read| read.value).map_err(|error| error.to_string())
    }

    #[test]
    fn every_kind_of_value_has_one_in_the_database() {
        for (field, expected) in [
            (json!({"isNull": true}), Value::Null),
            (json!({"booleanValue": true}), Value::Integer(1)),
            (json!({"longValue": -5}), Value::Integer(-5)),
            (json!({"doubleValue": 1.5}), Value::Real(1.5)),
            (json!({"doubleValue": 2}), Value::Real(2.0)),
            (json!({"stringValue": "å"}), Value::Text("å".to_owned())),
            (json!({"blobValue": "AAE="}), Value::Blob(vec![0, 1])),
        ] {
            assert_eq!(read(json!({"name": "p", "value": field})), Ok(expected), "{field}");
        }
    }

    #[test]
    fn what_cannot_be_bound_is_refused() {
        for field in [
            json!({"isNull": false}),
            json!({"blobValue": "?"}),
            json!({"arrayValue": {"longValues": [1]}}),
            json!({"longValue": "5"}),
            json!({"otherValue": 1}),
        ] {
            assert!(read(json!({"name": "p", "value": field})).is_err(), "{field}");
        }
        assert!(read(json!({"value": {"longValue": 1}})).is_err());
        assert!(read(json!({"name": "p"})).is_err());
        assert!(read(json!({"name": "p", "value": {"longValue": 1}, "other": 1})).is_err());
    }

    #[test]
    fn a_hint_must_be_true() {
        let hinted = |hint: &str, text: &str| {
            read(json!({"name": "p", "value": {"stringValue": text}, "typeHint": hint})).is_ok()
        };
        for (hint, right, wrong) in [
            ("DATE", "2026-11-24", "24.11.2026"),
            ("TIME", "12:30:00.5", "noon"),
            ("TIMESTAMP", "2026-11-24 12:30:00", "2026-11-24"),
            ("UUID", "123e4567-e89b-12d3-a456-426614174000", "123e4567"),
            ("JSON", "{\"a\": 1}", "{a}"),
        ] {
            assert!(hinted(hint, right), "{hint} {right}");
            assert!(!hinted(hint, wrong), "{hint} {wrong}");
        }
        assert!(!hinted("DECIMAL", "1.5"));
        assert!(!hinted("OTHER", "x"));
        assert!(read(json!({"name": "p", "value": {"longValue": 1}, "typeHint": "DATE"})).is_err());
    }
}
