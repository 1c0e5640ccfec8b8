//! A line of a log: the time, and a JSON object as text.

use super::secrets::{HIDDEN, is_secret, visible, without_keys};
use jiff::Timestamp;
use serde_json::{Map, Value};
use std::fmt::Write;

/// The longest text in a field, in characters. The rest is cut off, which is marked.
const LONGEST_TEXT: usize = 2048;

/// The most fields of a line beyond its own.
const MOST_FIELDS: usize = 40;

/// A line, ready to be sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Line {
    /// When, epoch milliseconds.
    pub(super) time: i64,
    /// A JSON object.
    pub(super) text: String,
}

impl Line {
    /// Adds the log and the place of the record that belongs to the line, and the hash that it has there.
    pub(super) fn add_record(&mut self, log: &str, seq: u64, leaf: &str) {
        let Some(end) = self.text.strip_suffix('}').map(str::len) else { return };
        self.text.truncate(end);
        // A text takes whatever is written to it.
        let _ = write!(self.text, r#","log":"{log}","seq":{seq},"leaf":"{leaf}"}}"#);
    }
}

/// The fields of a line while it is put together.
pub(super) struct Fields(Map<String, Value>);

impl Fields {
    /// With what every line of the application log has.
    pub(super) fn new(time: Timestamp, level: &str, target: &str) -> Self {
        let mut fields = Map::new();
        fields.insert("time".to_owned(), Value::String(time.to_string()));
        fields.insert("level".to_owned(), Value::String(level.to_owned()));
        fields.insert("target".to_owned(), Value::String(target.to_owned()));
        Self(fields)
    }

    /// Adds a field under its name in lower camel case. Secrets, line breaks and endless texts do not
    /// get in; a field beyond the most is left out.
    pub(super) fn add(&mut self, name: &str, value: impl Into<Value>) {
        if self.0.len() >= MOST_FIELDS {
            return;
        }
        let value = if is_secret(name) { Value::String(HIDDEN.to_owned()) } else { clean(value.into()) };
        self.0.insert(camel_case(name), value);
    }

    /// The line.
    pub(super) fn into_line(self, time: Timestamp) -> Line {
        Line { time: time.as_millisecond(), text: Value::Object(self.0).to_string() }
    }
}

fn clean(value: Value) -> Value {
    let Value::String(text) = value else { return value };
    let text = match text.char_indices().nth(LONGEST_TEXT) {
        Some((end, _)) => format!("{} …", &text[..end]),
        None => text,
    };
    Value::String(without_keys(&visible(&text)))
}

/// `request_id` becomes `requestId`, as the product spells names everywhere.
fn camel_case(name: &str) -> String {
    let mut spelled = String::with_capacity(name.len());
    let mut upper = false;
    for c in name.trim_start_matches("r#").chars() {
        if c == '_' || c == '.' {
            upper = !spelled.is_empty();
        } else if upper {
            spelled.extend(c.to_uppercase());
            upper = false;
        } else {
            spelled.push(c);
        }
    }
    spelled
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn line(fields: &[(&str, Value)]) -> Value {
        let time: Timestamp = "2026-11-24T09:30:00.25Z".parse().expect("a time");
        let mut built = Fields::new(time, "INFO", "patchline::engine");
        for (name, value) in fields {
            built.add(name, value.clone());
        }
        let line = built.into_line(time);
        assert_eq!(line.time, 1_795_512_600_250);
        serde_json::from_str(&line.text).expect("JSON")
    }

    #[test]
    fn a_line_with_its_record_is_still_an_object() {
        let mut line = Line { time: 0, text: r#"{"tool":"x"}"#.to_owned() };
        line.add_record("01abc", 7, "ff00");
        let read: Value = serde_json::from_str(&line.text).expect("JSON");
        assert_eq!(read, json!({ "tool": "x", "log": "01abc", "seq": 7, "leaf": "ff00" }));
    }

    #[test]
    fn names_are_spelled_as_everywhere() {
        let found =
            line(&[("request_id", json!("req_1")), ("duration_ms", json!(1.5)), ("tool", json!("x"))]);
        assert_eq!(
            found,
            json!({
                "time": "2026-11-24T09:30:00.25Z", "level": "INFO", "target": "patchline::engine",
                "requestId": "req_1", "durationMs": 1.5, "tool": "x"
            })
        );
    }

    #[test]
    fn no_field_brings_a_secret_a_forged_line_or_an_endless_text() {
        let found = line(&[
            ("api_key", json!("pl_live_abc")),
            ("message", json!("a\n{\"level\":\"ERROR\"} Bearer abc")),
            ("long", json!("x".repeat(10_000))),
        ]);
        assert_eq!(found["apiKey"], "(hidden)");
        assert_eq!(found["message"], "a\u{FFFD}{\"level\":\"ERROR\"} (hidden)");
        assert_eq!(found["long"].as_str().map(str::len), Some(LONGEST_TEXT + " …".len()));
    }

    #[test]
    fn the_number_of_fields_is_bounded() {
        let many: Vec<_> = (0..1000).map(|number| (format!("field{number}"), json!(number))).collect();
        let many: Vec<_> = many.iter().map(|(name, value)| (name.as_str(), value.clone())).collect();
        assert_eq!(line(&many).as_object().map(Map::len), Some(MOST_FIELDS));
    }
}
