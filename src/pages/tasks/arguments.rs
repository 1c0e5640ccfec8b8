//! The arguments of a step as people read them, beside exactly what is sent.

use crate::components::date::short_date;
use crate::components::name::humanise;
use jiff::civil::Date;
use serde_json::{Map, Value};

/// Each argument with its name in words; of an object what is in it. What is a list of more than words stays JSON.
pub(super) fn in_words(arguments: &Value) -> Vec<(String, String)> {
    let mut told = Vec::new();
    if let Value::Object(arguments) = arguments {
        tell(arguments, &mut told);
    }
    told
}

fn tell(arguments: &Map<String, Value>, told: &mut Vec<(String, String)>) {
    for (name, value) in arguments {
        match value {
            Value::Object(within) => tell(within, told),
            value => told.push((humanise(name), value_in_words(value))),
        }
    }
}

/// A value in words; a day as people read it.
pub(super) fn value_in_words(value: &Value) -> String {
    match value {
        Value::Null => "nothing".to_owned(),
        Value::Bool(true) => "yes".to_owned(),
        Value::Bool(false) => "no".to_owned(),
        Value::String(text) if text.trim().is_empty() => "nothing".to_owned(),
        // A moment has a day, too, and more.
        Value::String(text) if text.len() != "2027-01-15".len() => text.clone(),
        Value::String(text) => text.parse::<Date>().map_or_else(|_| text.clone(), short_date),
        Value::Array(items) if items.is_empty() => "nothing".to_owned(),
        Value::Array(items) if items.iter().all(Value::is_string) => {
            items.iter().filter_map(Value::as_str).collect::<Vec<_>>().join(", ")
        }
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_change_of_a_date_is_read_without_knowing_json() {
        let arguments = json!({
            "releaseId": "rel_1",
            "expectedVersion": 3,
            "updateData": { "releaseDate": "2027-01-15", "grid": "", "territories": ["NO", "SE"] }
        });
        let told = in_words(&arguments);
        let has = |name: &str, value: &str| told.contains(&(name.to_owned(), value.to_owned()));
        assert!(has("Release ID", "rel_1") && has("Expected version", "3"), "{told:?}");
        assert!(has("Release date", &short_date(Date::constant(2027, 1, 15))), "{told:?}");
        assert!(has("Grid", "nothing") && has("Territories", "NO, SE"), "{told:?}");
    }

    #[test]
    fn what_is_no_words_stays_as_it_is() {
        assert_eq!(value_in_words(&json!([{ "a": 1 }])), r#"[{"a":1}]"#);
        assert_eq!(value_in_words(&json!("2027-01-15T10:00:00Z")), "2027-01-15T10:00:00Z");
        assert!(in_words(&json!("x")).is_empty());
    }
}
