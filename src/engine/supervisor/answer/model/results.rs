//! What steps have found, as far as a model needs it: the ends of long lists and texts are left out, so that what is
//! left stands where it stood.

use serde_json::{Value, json};

/// How much all results may have together, as JSON, in bytes.
const MOST_BYTES: usize = 96 * 1024;

/// How long lists may be at most, from try to try.
const LISTS: [usize; 6] = [200, 60, 20, 8, 4, 2];

/// How long texts may be at most, in characters, beside lists of the same place.
const TEXTS: [usize; 6] = [4_000, 1_500, 700, 300, 120, 60];

/// How much each of so many results may have, in bytes.
pub(super) fn share_of(results: usize) -> usize {
    MOST_BYTES / results.max(1)
}

/// A result with so many bytes at most. Nothing of it where even its shortest form has more.
pub(super) fn trimmed(result: &Value, most: usize) -> Value {
    let mut tries = LISTS.into_iter().zip(TEXTS).map(|(list, text)| cut(result, list, text));
    tries
        .find(|shorter| shorter.to_string().len() <= most)
        .unwrap_or_else(|| json!("It is too large to be shown here."))
}

fn cut(value: &Value, list: usize, text: usize) -> Value {
    match value {
        Value::Array(items) => items.iter().take(list).map(|item| cut(item, list, text)).collect(),
        Value::Object(fields) => {
            Value::Object(fields.iter().map(|(name, field)| (name.clone(), cut(field, list, text))).collect())
        }
        Value::String(words) => Value::String(words.chars().take(text).collect()),
        other => other.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_left_stands_where_it_stood() {
        let rows: Vec<Value> = (0..5_000).map(|row| json!({ "row": row, "text": "x".repeat(100) })).collect();
        let whole = json!({ "rows": rows, "asOf": "2026-11-25" });
        let shorter = trimmed(&whole, 10_000);
        assert!(shorter.to_string().len() <= 10_000);
        assert_eq!(shorter.pointer("/rows/3/row"), whole.pointer("/rows/3/row"));
        assert_eq!(shorter["asOf"], whole["asOf"]);
        assert_eq!(trimmed(&json!({ "a": 1 }), 10_000), json!({ "a": 1 }), "what is short stays whole");
        let wide = Value::Object((0..5_000).map(|field| (format!("f{field}"), json!(1))).collect());
        assert!(trimmed(&wide, 1_000).is_string());
    }
}
