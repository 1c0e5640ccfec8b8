//! What stands in the form: texts, as they are typed.

use super::rules::{Field, Kind, plain_text};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use std::collections::BTreeMap;

/// The text of each field under its path. A switch holds `true` or `false`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entries(BTreeMap<String, String>);

impl Entries {
    /// What a form starts with: the defaults of the schema.
    pub fn defaults(fields: &[Field]) -> Self {
        let mut entries = Self::default();
        entries.fill_defaults(fields);
        entries
    }

    /// The defaults, with arguments over them. An argument for which the form has no field is left
    /// out; [`unknown_arguments`] names those.
    pub fn from_arguments(fields: &[Field], arguments: &Map<String, Value>) -> Self {
        let mut entries = Self::defaults(fields);
        entries.fill(fields, arguments);
        entries
    }

    /// The text at a path; empty when there is none.
    pub fn text(&self, path: &str) -> &str {
        self.0.get(path).map_or("", String::as_str)
    }

    /// Writes the text at a path.
    pub fn set(&mut self, path: &str, text: String) {
        if text.is_empty() {
            self.0.remove(path);
        } else {
            self.0.insert(path.to_owned(), text);
        }
    }

    /// Takes the files out, once they are sent.
    pub fn remove_files(&mut self, fields: &[Field]) {
        for field in fields {
            match &field.kind {
                Kind::File(_) => self.set(&field.path, String::new()),
                Kind::Group(children) => self.remove_files(children),
                _ => {}
            }
        }
    }

    fn fill_defaults(&mut self, fields: &[Field]) {
        for field in fields {
            match (&field.kind, &field.default) {
                (Kind::Group(children), None) => self.fill_defaults(children),
                (_, Some(default)) => self.fill_field(field, default),
                (Kind::Switch, None) => self.set(&field.path, "false".to_owned()),
                (_, None) => {}
            }
        }
    }

    fn fill(&mut self, fields: &[Field], arguments: &Map<String, Value>) {
        for field in fields {
            if field.kind == Kind::Further {
                let further = further(fields, arguments);
                if !further.is_empty() {
                    self.set(&field.path, pretty(&Value::Object(further)));
                }
            } else if let Some(value) = arguments.get(&field.name) {
                self.fill_field(field, value);
            }
        }
    }

    fn fill_field(&mut self, field: &Field, value: &Value) {
        match (&field.kind, value) {
            (Kind::Group(children), Value::Object(object)) => self.fill(children, object),
            (Kind::Group(_), _) => {}
            (kind, value) => self.set(&field.path, as_text(kind, value)),
        }
    }
}

/// The arguments of a link for which the form has no field.
pub fn unknown_arguments(fields: &[Field], arguments: &Map<String, Value>) -> Vec<String> {
    if fields.iter().any(|field| field.kind == Kind::Further) {
        return Vec::new();
    }
    further(fields, arguments).keys().cloned().collect()
}

/// Arguments without the files in them, which are too large for an address.
pub fn without_files(fields: &[Field], arguments: &Map<String, Value>) -> Map<String, Value> {
    let is_file =
        |name: &str| fields.iter().any(|field| field.name == name && matches!(field.kind, Kind::File(_)));
    arguments
        .iter()
        .filter(|(name, _)| !is_file(name))
        .map(|(name, value)| (name.clone(), value.clone()))
        .collect()
}

fn further(fields: &[Field], arguments: &Map<String, Value>) -> Map<String, Value> {
    let known = |name: &str| fields.iter().any(|field| field.kind != Kind::Further && field.name == name);
    arguments
        .iter()
        .filter(|(name, _)| !known(name))
        .map(|(name, value)| (name.clone(), value.clone()))
        .collect()
}

fn as_text(kind: &Kind, value: &Value) -> String {
    match (kind, value) {
        // In a field for JSON text a text needs its quotation marks, and `null` its name.
        (Kind::Json(_) | Kind::Further, value) => pretty(value),
        (Kind::Lines(_), Value::Array(items)) => lines(items).unwrap_or_else(|| pretty(value)),
        (Kind::Pairs, Value::Object(pairs)) => pair_lines(pairs).unwrap_or_else(|| pretty(value)),
        (Kind::DateTime, Value::String(text)) => local_moment(text).unwrap_or_else(|| text.clone()),
        (_, value) => plain_text(value),
    }
}

/// One text a line, unless that would change them.
fn lines(items: &[Value]) -> Option<String> {
    let texts: Vec<&str> = items.iter().map(Value::as_str).collect::<Option<_>>()?;
    let faithful =
        texts.iter().all(|text| !text.contains(['\n', '\r']) && !text.is_empty() && text.trim() == *text)
            && texts.first().is_none_or(|first| !first.starts_with('['));
    faithful.then(|| texts.join("\n"))
}

/// `name: text`, one a line, unless that would change them.
fn pair_lines(pairs: &Map<String, Value>) -> Option<String> {
    let mut lines = Vec::new();
    for (name, value) in pairs {
        let text = value.as_str()?;
        let plain = |part: &str| !part.contains(['\n', '\r']) && part.trim() == part;
        let faithful =
            plain(name) && plain(text) && !name.contains(':') && !name.is_empty() && !name.starts_with('{');
        if !faithful {
            return None;
        }
        lines.push(format!("{name}: {text}"));
    }
    Some(lines.join("\n"))
}

/// A moment as the browser's date and time field wants it, in UTC.
fn local_moment(text: &str) -> Option<String> {
    let moment: jiff::Timestamp = text.parse().ok()?;
    Some(jiff::tz::TimeZone::UTC.to_datetime(moment).to_string())
}

/// JSON on several lines.
fn pretty(value: &Value) -> String {
    format!("{value:#}")
}

#[cfg(test)]
mod tests {
    use super::super::schema;
    use super::*;
    use serde_json::json;

    fn fields(properties: Value) -> Vec<Field> {
        schema::fields(&json!({ "type": "object", "properties": properties }))
    }

    fn filled(properties: Value, arguments: Value) -> Entries {
        let Value::Object(arguments) = arguments else { panic!("arguments are an object") };
        Entries::from_arguments(&fields(properties), &arguments)
    }

    #[test]
    fn a_form_starts_with_the_defaults_and_a_link_overrides_them() {
        let properties = json!({
            "limit": { "type": "integer", "default": 20 },
            "newestFirst": { "type": "boolean", "default": true }
        });
        let defaults = Entries::defaults(&fields(properties.clone()));
        assert_eq!((defaults.text("limit"), defaults.text("newestFirst")), ("20", "true"));
        let linked = filled(properties, json!({ "limit": 5 }));
        assert_eq!((linked.text("limit"), linked.text("newestFirst")), ("5", "true"));
    }

    #[test]
    fn nested_arguments_fill_the_fields_below() {
        let entries = filled(
            json!({ "updateData": {
                "type": "object", "properties": { "title": { "type": "string" } }, "additionalProperties": true
            } }),
            json!({ "updateData": { "title": "Low Tide", "mood": "calm" } }),
        );
        assert_eq!(entries.text("updateData.title"), "Low Tide");
        assert_eq!(entries.text("updateData.*"), "{\n  \"mood\": \"calm\"\n}");
    }

    #[test]
    fn lists_and_pairs_are_written_one_a_line_unless_that_would_change_them() {
        let properties = json!({
            "list": { "type": "array", "items": { "type": "string" } },
            "pairs": { "type": "object", "additionalProperties": { "type": "string" } }
        });
        let plain =
            filled(properties.clone(), json!({ "list": ["a", "b"], "pairs": { "isrc": "X", "take": "2" } }));
        assert_eq!((plain.text("list"), plain.text("pairs")), ("a\nb", "isrc: X\ntake: 2"));
        let odd = filled(properties, json!({ "list": ["a\nb"], "pairs": { "a:b": "c" } }));
        assert_eq!(odd.text("list"), "[\n  \"a\\nb\"\n]");
        assert_eq!(odd.text("pairs"), "{\n  \"a:b\": \"c\"\n}");
    }

    #[test]
    fn a_moment_is_shown_in_utc() {
        let entries = filled(
            json!({ "startTime": { "type": "string", "format": "date-time" } }),
            json!({ "startTime": "2026-11-22T10:00:00+02:00" }),
        );
        assert_eq!(entries.text("startTime"), "2026-11-22T08:00:00");
    }

    #[test]
    fn files_do_not_travel_in_addresses() {
        let fields =
            fields(json!({ "content": { "type": "string", "contentEncoding": "base64" }, "name": {} }));
        let Value::Object(arguments) = json!({ "content": "TWFu", "name": "x" }) else { unreachable!() };
        assert_eq!(Value::Object(without_files(&fields, &arguments)), json!({ "name": "x" }));
        let mut entries = Entries::from_arguments(&fields, &arguments);
        entries.remove_files(&fields);
        assert_eq!(entries.text("content"), "");
    }

    #[test]
    fn arguments_without_a_field_are_named() {
        let fields = fields(json!({ "limit": { "type": "integer" } }));
        let Value::Object(arguments) = json!({ "limit": 1, "limmit": 2 }) else { unreachable!() };
        assert_eq!(unknown_arguments(&fields, &arguments), ["limmit"]);
    }
}
