//! Whether a result says of itself that it is sample data.

use serde_json::Value;

/// Whether some of a result is generated sample data: a record or an analysis with `sample`, a row of figures whose
/// `source` is the sample label, or a file with that in its metadata.
pub fn is_sample(result: &Value) -> bool {
    match result {
        Value::Object(object) => object.iter().any(|(name, value)| match (name.as_str(), value) {
            ("sample", Value::Bool(sample)) => *sample,
            ("sample", Value::String(sample)) => sample == "true",
            ("source", Value::String(source)) => source == "sample",
            (_, value) => is_sample(value),
        }),
        Value::Array(items) => items.iter().any(is_sample),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn records_analyses_figures_and_files_tell_that_they_are_sample_data() {
        for told in [
            json!({ "rows": [{ "title": "Mine", "sample": false }, { "title": "Dawn", "sample": true }] }),
            json!({ "momentum": 3, "sample": true }),
            json!({ "rows": [{ "streams": 7, "source": "sample" }] }),
            json!({ "fileName": "a.wav", "metadata": { "sample": "true" } }),
        ] {
            assert!(is_sample(&told), "{told}");
        }
    }

    #[test]
    fn other_uses_of_the_word_tell_nothing() {
        for other in [
            json!({ "rows": [{ "title": "sample", "sample": false }] }),
            json!({ "rows": [{ "streams": 7, "source": "a report" }] }),
            json!({ "columns": ["sample"], "sample": [["1"]] }),
            json!("sample"),
        ] {
            assert!(!is_sample(&other), "{other}");
        }
    }
}
