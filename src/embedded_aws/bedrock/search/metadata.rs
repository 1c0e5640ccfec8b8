//! What is known about a document beside its text: the attributes of `<key>.metadata.json`, and which of them it is
//! found by.

use std::collections::BTreeMap;

/// The attributes of a document by name.
pub(crate) type Metadata = BTreeMap<String, Value>;

/// What a metadata file says.
#[derive(Debug, Default, Clone, PartialEq)]
pub(crate) struct Sidecar {
    /// The attributes.
    pub(crate) metadata: Metadata,
    /// What the document is found by beside its text: the lines of attributes with `includeForEmbedding`, and the
    /// strings of their lists.
    pub(crate) phrases: Vec<String>,
}

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

    /// Its texts, each of which says something for itself.
    fn phrases(&self) -> Vec<String> {
        let texts = match self {
            Self::Text(text) => text.lines().map(str::to_owned).collect(),
            Self::List(items) => items.clone(),
            Self::Number(number) => vec![number.to_string()],
            Self::Flag(flag) => vec![flag.to_string()],
        };
        texts.into_iter().filter(|text| !text.trim().is_empty()).collect()
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
    /// Something else than true or false where a file says whether an attribute is searched.
    #[error("includeForEmbedding of the attribute {name} of its metadata file is neither true nor false")]
    Include {
        /// The attribute.
        name: String,
    },
}

/// Reads the content of a metadata file.
///
/// An attribute is a plain value, or an object whose `value` has a `type` and, after that type, a
/// `stringValue`, `numberValue`, `booleanValue` or `stringListValue`, both as Bedrock takes them. Only the second form
/// can have `includeForEmbedding`.
///
/// # Errors
/// What is wrong with it.
pub(crate) fn parse(bytes: &[u8]) -> Result<Sidecar, MetadataError> {
    let form = |reason: String| MetadataError::Form { reason };
    let json: serde_json::Value = serde_json::from_slice(bytes).map_err(|error| form(error.to_string()))?;
    let attributes = json
        .get("metadataAttributes")
        .and_then(serde_json::Value::as_object)
        .ok_or_else(|| form("metadataAttributes is missing or no object".to_owned()))?;
    let mut sidecar = Sidecar::default();
    for (name, json) in attributes {
        let value = typed(json).and_then(Value::from_json);
        let value = value.ok_or_else(|| MetadataError::Kind { name: name.clone() })?;
        if is_included(json).ok_or_else(|| MetadataError::Include { name: name.clone() })? {
            sidecar.phrases.extend(value.phrases());
        }
        sidecar.metadata.insert(name.clone(), value);
    }
    Ok(sidecar)
}

/// Whether a document is found by an attribute, too; none where the file says neither.
fn is_included(json: &serde_json::Value) -> Option<bool> {
    json.get("includeForEmbedding").map_or(Some(false), serde_json::Value::as_bool)
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
    use crate::fuzzing;

    #[test]
    fn attributes_come_in_two_forms() {
        let json = br#"{"metadataAttributes": {
            "topic": "rates", "year": 2026, "checked": true, "places": ["US", "CA"],
            "tier": {"value": {"type": "STRING", "stringValue": "statute"}, "includeForEmbedding": true}
        }}"#;
        let metadata = parse(json).unwrap().metadata;
        assert_eq!(metadata["topic"], Value::Text("rates".to_owned()));
        assert_eq!(metadata["year"].to_json(), serde_json::json!(2026));
        assert_eq!(metadata["checked"], Value::Flag(true));
        assert_eq!(metadata["places"], Value::List(vec!["US".to_owned(), "CA".to_owned()]));
        assert_eq!(metadata["tier"], Value::Text("statute".to_owned()));
    }

    #[test]
    fn a_document_is_found_by_the_attributes_that_are_included() {
        let json = br#"{"metadataAttributes": {
            "a": {"value": {"type": "STRING", "stringValue": "How loud?\n\nToo loud?"}, "includeForEmbedding": true},
            "b": {"value": {"type": "STRING_LIST", "stringListValue": ["LUFS"]}, "includeForEmbedding": true},
            "c": {"value": {"type": "NUMBER", "numberValue": -14}, "includeForEmbedding": true},
            "d": {"value": {"type": "STRING", "stringValue": "not this"}, "includeForEmbedding": false},
            "e": {"value": {"type": "STRING", "stringValue": "nor this"}},
            "f": "nor this"
        }}"#;
        let sidecar = parse(json).unwrap();
        assert_eq!(sidecar.phrases, ["How loud?", "Too loud?", "LUFS", "-14"]);
        assert_eq!(sidecar.metadata.len(), 6);
    }

    #[test]
    fn wrong_files_are_refused() {
        assert!(matches!(parse(b"{"), Err(MetadataError::Form { .. })));
        assert!(matches!(parse(b"{}"), Err(MetadataError::Form { .. })));
        let nested = parse(br#"{"metadataAttributes": {"a": {"b": 1}}}"#);
        assert_eq!(nested, Err(MetadataError::Kind { name: "a".to_owned() }));
        let null = parse(br#"{"metadataAttributes": {"a": null}}"#);
        assert_eq!(null, Err(MetadataError::Kind { name: "a".to_owned() }));
        let unclear = br#"{"metadataAttributes": {
            "a": {"value": {"type": "STRING", "stringValue": "x"}, "includeForEmbedding": "yes"}
        }}"#;
        assert_eq!(parse(unclear), Err(MetadataError::Include { name: "a".to_owned() }));
    }

    #[test]
    fn fuzz_metadata_of_a_document() {
        let seed: &[u8] = br#"{"metadataAttributes": {"topic": "rates", "year": 2026, "places": ["US", "CA"],
            "tier": {"value": {"type": "STRING", "stringValue": "statute"}, "includeForEmbedding": true}}}"#;
        fuzzing::bytes(400, &[seed], &["{\"value\":", "\"type\":", "[", "true", "1e308", "}"], |bytes| {
            let Ok(sidecar) = parse(bytes) else { return };
            let json: serde_json::Value = serde_json::from_slice(bytes).unwrap();
            let written = json["metadataAttributes"].as_object().unwrap();
            assert_eq!(sidecar.metadata.len(), written.len(), "no attribute is lost");
        });
    }
}
