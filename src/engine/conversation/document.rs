//! JSON as the SDK holds it, and back.

use aws_smithy_types::{Document, Number};
use serde_json::{Map, Value};

/// JSON as a document of the SDK.
pub(super) fn of(json: &Value) -> Document {
    match json {
        Value::Null => Document::Null,
        Value::Bool(value) => Document::Bool(*value),
        Value::Number(number) => Document::Number(number_of(number)),
        Value::String(text) => Document::String(text.clone()),
        Value::Array(items) => Document::Array(items.iter().map(of).collect()),
        Value::Object(fields) => {
            Document::Object(fields.iter().map(|(name, value)| (name.clone(), of(value))).collect())
        }
    }
}

fn number_of(number: &serde_json::Number) -> Number {
    match (number.as_u64(), number.as_i64()) {
        (Some(whole), _) => Number::PosInt(whole),
        (None, Some(whole)) => Number::NegInt(whole),
        (None, None) => Number::Float(number.as_f64().unwrap_or_default()),
    }
}

/// A document of the SDK as JSON. The fields of objects come in alphabetical order, since the SDK knows none.
pub(super) fn to_json(document: &Document) -> Value {
    match document {
        Document::Null => Value::Null,
        Document::Bool(value) => Value::Bool(*value),
        Document::Number(Number::PosInt(whole)) => Value::from(*whole),
        Document::Number(Number::NegInt(whole)) => Value::from(*whole),
        Document::Number(Number::Float(number)) => Value::from(*number),
        Document::String(text) => Value::String(text.clone()),
        Document::Array(items) => Value::Array(items.iter().map(to_json).collect()),
        Document::Object(fields) => {
            let mut fields: Vec<_> = fields.iter().collect();
            fields.sort_unstable_by_key(|(name, _)| name.as_str());
            let fields = fields.into_iter().map(|(name, value)| (name.clone(), to_json(value)));
            Value::Object(fields.collect::<Map<_, _>>())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn json_comes_back_as_it_was() {
        let json = json!({ "a": [1, -2, 0.5, true, null], "b": { "c": "text" } });
        assert_eq!(to_json(&of(&json)), json);
    }
}
