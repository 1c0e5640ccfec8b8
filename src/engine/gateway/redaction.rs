//! What of a call's arguments may be recorded: no file contents, no secrets, nothing without end.

use serde::Serialize;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

/// The longest text that is recorded as it is, in bytes.
const MAX_TEXT: usize = 1024;

/// The most entries of a list that are recorded.
const MAX_ENTRIES: usize = 20;

/// Names of arguments whose value is never recorded.
const SECRET_WORDS: [&str; 5] = ["password", "secret", "token", "authorization", "apikey"];

/// The arguments as they are recorded.
pub(super) fn arguments(input: &impl Serialize) -> Value {
    serde_json::to_value(input).map_or(Value::Null, redacted)
}

fn redacted(value: Value) -> Value {
    match value {
        Value::Object(entries) => entries
            .into_iter()
            .map(|(name, value)| {
                let secret = SECRET_WORDS.iter().any(|word| name.to_lowercase().contains(word));
                let value = if secret { json!("(hidden)") } else { redacted(value) };
                (name, value)
            })
            .collect(),
        Value::Array(entries) => {
            let more = entries.len().saturating_sub(MAX_ENTRIES);
            let mut kept: Vec<_> = entries.into_iter().take(MAX_ENTRIES).map(redacted).collect();
            if more > 0 {
                kept.push(json!(format!("(and {more} more)")));
            }
            Value::Array(kept)
        }
        Value::String(text) if text.len() > MAX_TEXT => {
            json!({ "bytes": text.len(), "sha256": digest(text.as_bytes()) })
        }
        Value::String(text) => Value::String(visible(&text)),
        other => other,
    }
}

/// Line breaks and characters that turn the reading direction could forge what an admin reads.
fn visible(text: &str) -> String {
    text.chars()
        .map(|c| match c {
            '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' => '\u{FFFD}',
            c if c.is_control() => '\u{FFFD}',
            c => c,
        })
        .collect()
}

/// The SHA-256 of bytes, in hexadecimal digits.
pub(super) fn digest(bytes: &[u8]) -> String {
    hex::encode(Sha256::digest(bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_files_content_leaves_only_its_size_and_digest() {
        let recorded = arguments(&json!({ "fileContent": "A".repeat(5000) }));
        assert_eq!(recorded["fileContent"]["bytes"], 5000);
        assert!(!recorded.to_string().contains("AAAA"));
    }

    #[test]
    fn secrets_are_hidden_by_name_at_any_depth() {
        let recorded = arguments(&json!({ "a": [{ "apiKey": "pl_live_1" }], "Password": "x" }));
        assert_eq!(recorded, json!({ "a": [{ "apiKey": "(hidden)" }], "Password": "(hidden)" }));
    }

    #[test]
    fn line_breaks_cannot_forge_a_record() {
        assert_eq!(arguments(&json!("a\nb\u{202E}c")), json!("a\u{FFFD}b\u{FFFD}c"));
    }

    #[test]
    fn long_lists_are_cut_and_say_so() {
        let recorded = arguments(&json!((0..25).collect::<Vec<_>>()));
        assert_eq!(recorded[20], "(and 5 more)");
    }
}
