//! What is known about a document beside its text: the attributes of `<key>.metadata.json`.

use std::collections::BTreeMap;

/// The attributes of a document by name.
pub(crate) type Metadata = BTreeMap<String, Value>;

/// A value of an attribute.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Value {
    /// A string.
    Text(String),
    /// A number.
    Number(serde_json::Number),
    /// True or false.
    Flag(bool),
    /// Several strings.
    List(Vec<String>),
}

impl Value {
    /// The value as JSON.
    pub(crate) fn to_json(&self) -> serde_json::Value {
        match self {
            Self::Text(text) => text.as_str().into(),
            Self::Number(number) => number.clone().into(),
            Self::Flag(flag) => (*flag).into(),
            Self::List(items) => items.clone().into(),
        }
    }

    /// Reads a value; none when it is of another kind.
    pub(crate) fn from_json(json: &serde_json::Value) -> Option<Self> {
        Some(match json {
            serde_json::Value::String(text) => Self::Text(text.clone()),
            serde_json::Value::Number(number) => Self::Number(number.clone()),
            serde_json::Value::Bool(flag) => Self::Flag(*flag),
            serde_json::Value::Array(items) => {
                let items = items.iter().map(|item| item.as_str().map(str::to_owned));
                Self::List(items.collect::<Option<Vec<_>>>()?)
            }
            serde_json::Value::Null | serde_json::Value::Object(_) => return None,
        })
    }
}

/// Why a metadata file cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum MetadataError {
    /// Not JSON, or without the object `metadataAttributes`.
    #[error("its metadata file is not JSON with an object metadataAttributes: {reason}")]
    Form {
        /// What is wrong.
        reason: String,
    },
    /// An attribute of a kind that there is not.
    #[error("the attribute {name} of its metadata file is no string, number, boolean or list of strings")]
    Kind {
        /// The attribute.
        name: String,
    },
}

/// Reads the content of a metadata file.
///
/// An attribute is a plain value, or an object whose `value` has a `type` and, after that type, a
/// `stringValue`, `numberValue`, `booleanValue` or `stringListValue`, both as Bedrock takes them.
///
/// # Errors
/// What is wrong with it.
pub(crate) fn parse(bytes: &[u8]) -> Result<Metadata, MetadataError> {
    let form = |reason: String| MetadataError::Form { reason };
    let json: serde_json::Value = serde_json::from_slice(bytes).map_err(|error| form(error.to_string()))?;
    let attributes = json
        .get("metadataAttributes")
        .and_then(serde_json::Value::as_object)
        .ok_or_else(|| form("metadataAttributes is missing or no object".to_owned()))?;
    let read = attributes.iter().map(|(name, json)| {
        let value = typed(json).and_then(Value::from_json);
        value.map(|value| (name.clone(), value)).ok_or_else(|| MetadataError::Kind { name: name.clone() })
    });
    read.collect()
}

fn typed(json: &serde_json::Value) -> Option<&serde_json::Value> {
    if !json.is_object() {
        return Some(json);
    }
    let value = json.get("value")?;
    value.get(match value.get("type")?.as_str()? {
        "STRING" => "stringValue",
        "NUMBER" => "numberValue",
        "BOOLEAN" => "booleanValue",
        "STRING_LIST" => "stringListValue",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn attributes_come_in_two_forms() {
        let json = br#"{"metadataAttributes": {
            "topic": "rates", "year": 2026, "checked": true, "places": ["US", "CA"],
            "tier": {"value": {"type": "STRING", "stringValue": "statute"}, "includeForEmbedding": true}
        }}"#;
        let metadata = parse(json).unwrap();
        assert_eq!(metadata["topic"], Value::Text("rates".to_owned()));
        assert_eq!(metadata["year"].to_json(), serde_json::json!(2026));
        assert_eq!(metadata["checked"], Value::Flag(true));
        assert_eq!(metadata["places"], Value::List(vec!["US".to_owned(), "CA".to_owned()]));
        assert_eq!(metadata["tier"], Value::Text("statute".to_owned()));
    }

    #[test]
    fn wrong_files_are_refused() {
        assert!(matches!(parse(b"{"), Err(MetadataError::Form { .. })));
        assert!(matches!(parse(b"{}"), Err(MetadataError::Form { .. })));
        let nested = parse(br#"{"metadataAttributes": {"a": {"b": 1}}}"#);
        assert_eq!(nested, Err(MetadataError::Kind { name: "a".to_owned() }));
        let null = parse(br#"{"metadataAttributes": {"a": null}}"#);
        assert_eq!(null, Err(MetadataError::Kind { name: "a".to_owned() }));
    }
}
