//! What of a call's arguments may be recorded: no file contents, no secrets, nothing without end.

use crate::engine::telemetry::secrets::{HIDDEN, is_secret};
pub(super) use crate::engine::telemetry::secrets::{visible, without_keys};
use serde::Serialize;
use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};

/// The argument that holds a file, however small.
const FILE: &str = "fileContent";

/// The longest text that is recorded as it is, in bytes.
const MAX_TEXT: usize = 1024;

/// The most entries of a list or an object that are recorded.
const MAX_ENTRIES: usize = 20;

/// The longest name of an argument that is recorded, in characters.
const MAX_NAME: usize = 64;

/// The most bytes that the arguments of one call take in its record.
const MAX_RECORD: usize = 64 * 1024;

/// The arguments as they are recorded.
pub(super) fn arguments(input: &impl Serialize) -> Value {
    let redacted = serde_json::to_value(input).map_or(Value::Null, redacted);
    // Whatever shape it has: one record must fit the table, and must not take its neighbours along.
    let text = redacted.to_string();
    if text.len() > MAX_RECORD { summary(&text) } else { redacted }
}

fn redacted(value: Value) -> Value {
    match value {
        Value::Object(entries) => {
            let more = entries.len().saturating_sub(MAX_ENTRIES);
            let mut kept: Map<_, _> = entries.into_iter().take(MAX_ENTRIES).map(entry).collect();
            if more > 0 {
                kept.insert("(more)".to_owned(), json!(more));
            }
            Value::Object(kept)
        }
        Value::Array(entries) => {
            let more = entries.len().saturating_sub(MAX_ENTRIES);
            let mut kept: Vec<_> = entries.into_iter().take(MAX_ENTRIES).map(redacted).collect();
            if more > 0 {
                kept.push(json!(format!("(and {more} more)")));
            }
            Value::Array(kept)
        }
        Value::String(text) if text.len() > MAX_TEXT => summary(&text),
        Value::String(text) => Value::String(without_keys(&visible(&text))),
        other => other,
    }
}

fn entry((name, value): (String, Value)) -> (String, Value) {
    let value = match value {
        _ if is_secret(&name) => json!(HIDDEN),
        Value::String(text) if name == FILE => summary(&text),
        other => redacted(other),
    };
    (visible(&name.chars().take(MAX_NAME).collect::<String>()), value)
}

fn summary(text: &str) -> Value {
    json!({ "bytes": text.len(), "sha256": digest(text.as_bytes()) })
}

/// The SHA-256 of bytes, in hexadecimal digits.
pub(super) fn digest(bytes: &[u8]) -> String {
    hex::encode(Sha256::digest(bytes))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fuzzing;

    #[test]
    fn a_files_content_leaves_only_its_size_and_digest() {
        let recorded = arguments(&json!({ "fileContent": "A".repeat(5000) }));
        assert_eq!(recorded["fileContent"]["bytes"], 5000);
        assert!(!recorded.to_string().contains("AAAA"));
        let small = arguments(&json!({ "fileContent": "QSBkZWFsLg==" }));
        assert_eq!(small["fileContent"]["bytes"], 12);
    }

    #[test]
    fn secrets_are_hidden_by_name_at_any_depth() {
        let recorded = arguments(&json!({ "a": [{ "apiKey": "pl_live_1" }], "Password": "x" }));
        assert_eq!(recorded, json!({ "a": [{ "apiKey": "(hidden)" }], "Password": "(hidden)" }));
    }

    #[test]
    fn keys_inside_a_text_are_hidden_whatever_its_name_is() {
        let recorded = arguments(&json!({ "query": "filter @message like 'Bearer abc.def' or x" }));
        assert_eq!(recorded["query"], "filter @message like '(hidden)' or x");
    }

    #[test]
    fn line_breaks_cannot_forge_a_record() {
        assert_eq!(arguments(&json!("a\nb\u{202E}c")), json!("a\u{FFFD}b\u{FFFD}c"));
        assert_eq!(arguments(&json!("a\u{200E}b\u{200B}c")), json!("a\u{FFFD}b\u{FFFD}c"));
    }

    #[test]
    fn forty_thousand_arguments_do_not_burst_the_record() {
        let many: Map<_, _> = (0..40_000).map(|number| (format!("argument{number}"), json!(1))).collect();
        let recorded = arguments(&many);
        assert_eq!(recorded["(more)"], 39_980);
        let wide = json!(vec![vec!["y".repeat(1000); 20]; 20]);
        assert!(arguments(&wide).to_string().len() <= MAX_RECORD);
    }

    #[test]
    fn long_lists_are_cut_and_say_so() {
        let recorded = arguments(&json!((0..25).collect::<Vec<_>>()));
        assert_eq!(recorded[20], "(and 5 more)");
    }

    /// Nothing in what is recorded can forge a line, and nothing under a telling name is left.
    fn is_fit_to_be_recorded(value: &Value) -> bool {
        match value {
            Value::Object(entries) => entries.iter().all(|(name, value)| {
                visible(name) == *name
                    && if is_secret(name) { *value == json!(HIDDEN) } else { is_fit_to_be_recorded(value) }
            }),
            Value::Array(entries) => entries.iter().all(is_fit_to_be_recorded),
            Value::String(text) => {
                text.len() <= 3 * MAX_TEXT && visible(text) == *text && without_keys(text) == *text
            }
            _ => true,
        }
    }

    #[test]
    fn fuzz_arguments_in_a_record() {
        let seeds = [
            r#"{"fileName":"a.wav","metadata":{"accessToken":"s3cret","note":"a\nb\u202ec"},"list":[1,2,3]}"#,
            r#"{"a":[{"apiKey":"pl_1"}],"Password":{"deep":["x"]}}"#,
            r#"[["x"],"y",null,1.5,{"":""}]"#,
        ];
        let words = ["\"x\",", "[\"x\"],", "\"password\":", "{\"a\":", "\\u0000", "\\ud83c\\udfb5", "]", "}"];
        fuzzing::text(400, &seeds, &words, |text| {
            let Ok(value) = serde_json::from_str::<Value>(text) else { return };
            let recorded = arguments(&value);
            assert!(recorded.to_string().len() <= MAX_RECORD);
            assert!(is_fit_to_be_recorded(&recorded), "{recorded}");
        });
    }
}
