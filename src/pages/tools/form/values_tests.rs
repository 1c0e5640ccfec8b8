//! What the form makes of what was typed.

use super::super::schema;
use super::*;
use proptest::prelude::*;
use serde_json::json;

/// Reads one field of the given schema, which holds the given text.
fn typed(schema: Value, text: &str) -> Result<Value, String> {
    let whole = json!({ "type": "object", "properties": { "value": schema }, "required": ["value"] });
    let fields = schema::fields(&whole);
    let mut entries = Entries::default();
    entries.set("value", text.to_owned());
    let reading = read(&fields, &entries);
    match reading.errors.into_iter().next() {
        Some(error) => Err(error.message),
        None => Ok(reading.arguments.get("value").cloned().unwrap_or(Value::Null)),
    }
}

fn arguments(value: Value) -> Map<String, Value> {
    let Value::Object(object) = value else { panic!("arguments are an object") };
    object
}

#[test]
fn a_required_field_says_that_it_is_needed_and_an_optional_one_is_left_out() {
    assert_eq!(typed(json!({ "type": "string" }), ""), Err("This is needed.".to_owned()));
    assert_eq!(typed(json!({ "type": ["string", "null"] }), ""), Ok(Value::Null));
    assert_eq!(typed(json!({ "type": "array", "items": { "type": "string" } }), ""), Ok(json!([])));
}

#[test]
fn texts_keep_to_their_length_in_characters() {
    let schema = json!({ "type": "string", "minLength": 2, "maxLength": 3 });
    assert_eq!(typed(schema.clone(), "äö"), Ok(json!("äö")));
    assert_eq!(typed(schema.clone(), "ä"), Err("Give at least 2 characters; this has 1.".to_owned()));
    assert_eq!(typed(schema, "äöüß"), Err("Give at most 3 characters; this has 4.".to_owned()));
}

#[test]
fn whole_numbers_keep_to_their_limits_and_lose_no_digit() {
    let schema = json!({ "type": "integer", "minimum": 1, "exclusiveMaximum": 100 });
    assert_eq!(typed(schema.clone(), " 42 "), Ok(json!(42)));
    assert_eq!(typed(schema.clone(), "0"), Err("Give 1 or more.".to_owned()));
    assert_eq!(typed(schema.clone(), "100"), Err("Give less than 100.".to_owned()));
    assert_eq!(typed(schema, "4.5"), Err("Give a whole number.".to_owned()));
    assert_eq!(typed(json!({ "type": "integer" }), "18446744073709551615"), Ok(json!(u64::MAX)));
}

#[test]
fn decimals_keep_to_their_step() {
    let schema = json!({ "type": "number", "multipleOf": 0.1 });
    assert_eq!(typed(schema.clone(), "0.3"), Ok(json!(0.3)));
    assert_eq!(typed(schema.clone(), "0.35"), Err("Give a multiple of 0.1.".to_owned()));
    assert!(typed(schema.clone(), "NaN").is_err());
    assert!(typed(schema, "1,5").is_err());
}

#[test]
fn dates_and_moments_are_checked_and_moments_are_utc() {
    assert_eq!(typed(json!({ "type": "string", "format": "date" }), "2027-02-28"), Ok(json!("2027-02-28")));
    assert!(typed(json!({ "type": "string", "format": "date" }), "2027-02-29").is_err());
    let moment = json!({ "type": "string", "format": "date-time" });
    assert_eq!(typed(moment.clone(), "2026-11-22T18:30"), Ok(json!("2026-11-22T18:30:00Z")));
    assert_eq!(typed(moment.clone(), "2026-11-22T18:30:00+01:00"), Ok(json!("2026-11-22T17:30:00Z")));
    assert!(typed(moment, "yesterday").is_err());
}

#[test]
fn a_choice_gives_the_value_of_the_schema_not_its_text() {
    assert_eq!(typed(json!({ "enum": [1, 2] }), "2"), Ok(json!(2)));
    assert!(typed(json!({ "enum": ["a", "b"] }), "c").unwrap_err().contains("“c”"));
}

#[test]
fn a_file_is_base64_and_not_larger_than_allowed() {
    let schema = json!({ "type": "string", "contentEncoding": "base64", "maxLength": 8 });
    assert_eq!(typed(schema.clone(), "TWFu\nTWFu"), Ok(json!("TWFuTWFu")));
    assert_eq!(
        typed(schema.clone(), "TWFuTWFuTWFu"),
        Err("This file has 9 bytes; at most 6 bytes are allowed.".to_owned())
    );
    assert!(typed(schema, "a song").is_err());
}

#[test]
fn lists_are_one_a_line() {
    let schema =
        json!({ "type": "array", "items": { "type": "string", "maxLength": 3 }, "uniqueItems": true });
    assert_eq!(typed(schema.clone(), "one\n\n two \n"), Ok(json!(["one", "two"])));
    assert_eq!(typed(schema.clone(), r#"["a b"]"#), Ok(json!(["a b"])));
    assert!(typed(schema.clone(), "one\nthree").unwrap_err().starts_with("Line 2:"));
    assert_eq!(typed(schema, "one\none"), Err("“one” is there twice.".to_owned()));
}

#[test]
fn pairs_are_a_name_a_colon_and_a_text() {
    let schema = json!({ "type": "object", "additionalProperties": { "type": "string" } });
    assert_eq!(
        typed(schema.clone(), "isrc: DEA012345678\nurl: https://a.b"),
        Ok(json!({ "isrc": "DEA012345678", "url": "https://a.b" }))
    );
    assert!(typed(schema.clone(), "just words").unwrap_err().starts_with("Line 1:"));
    assert_eq!(typed(schema, "a: 1\na: 2"), Err("“a” is there twice.".to_owned()));
}

#[test]
fn json_text_is_checked_and_the_place_of_the_mistake_is_named() {
    let schema = json!({ "type": "object", "additionalProperties": true });
    assert_eq!(typed(schema.clone(), r#"{"a": [1]}"#), Ok(json!({ "a": [1] })));
    assert!(typed(schema.clone(), "{").unwrap_err().contains("line 1"));
    assert!(typed(schema, "[]").unwrap_err().contains("JSON object"));
}

#[test]
fn an_optional_object_that_nobody_touched_is_left_out_with_its_needs() {
    let fields = schema::fields(&json!({
        "type": "object",
        "properties": { "window": {
            "type": "object",
            "properties": { "from": { "type": "string" }, "to": { "type": "string" } },
            "required": ["from"]
        } }
    }));
    assert_eq!(read(&fields, &Entries::default()), Reading { arguments: Map::new(), errors: Vec::new() });
    let mut entries = Entries::default();
    entries.set("window.to", "b".to_owned());
    let errors = read(&fields, &entries).errors;
    assert_eq!(errors[0].field, "window.from");
}

#[test]
fn what_has_a_field_of_its_own_is_not_overwritten_by_the_json_beside_it() {
    let fields = schema::fields(&json!({
        "type": "object", "properties": { "title": { "type": "string" } }, "additionalProperties": true
    }));
    let mut entries = Entries::default();
    entries.set("title", "Low Tide".to_owned());
    entries.set("*", r#"{"title": "High Tide", "mood": "calm"}"#.to_owned());
    let reading = read(&fields, &entries);
    assert_eq!(Value::Object(reading.arguments), json!({ "title": "Low Tide", "mood": "calm" }));
    assert_eq!(reading.errors.len(), 1);
}

#[test]
fn an_error_of_the_server_finds_the_nearest_field() {
    let fields = schema::fields(&json!({
        "type": "object",
        "properties": {
            "attributes": { "type": "array", "items": { "type": "string" } },
            "updateData": {
                "type": "object",
                "properties": { "releaseDate": { "type": "string" } },
                "additionalProperties": true
            }
        }
    }));
    let found = |path| field_for(&fields, path).map(|field| field.path.as_str());
    assert_eq!(found("updateData.releaseDate"), Some("updateData.releaseDate"));
    assert_eq!(found("updateData.mood"), Some("updateData.*"));
    assert_eq!(found("attributes[2]"), Some("attributes"));
    assert_eq!(found("attributesOfAnother"), None);
}

/// A tool with an argument of each kind.
fn every_kind() -> Value {
    json!({
        "type": "object",
        "properties": {
            "text": { "type": "string" },
            "count": { "type": "integer" },
            "share": { "type": "number" },
            "loud": { "type": "boolean" },
            "range": { "enum": ["1h", "24h", 7] },
            "day": { "type": "string", "format": "date" },
            "list": { "type": "array", "items": { "type": "string" } },
            "pairs": { "type": "object", "additionalProperties": { "type": "string" } },
            "free": { "type": "object", "additionalProperties": true },
            "any": true,
            "group": {
                "type": "object", "properties": { "name": { "type": "string" } }, "additionalProperties": true
            }
        }
    })
}

fn texts() -> impl Strategy<Value = String> {
    "[ -~äß\n:{}\\[\\]\"]{1,12}"
}

prop_compose! {
    fn calls()(
        text in texts(),
        count in any::<i64>(),
        share in -1e9..1e9f64,
        loud in any::<bool>(),
        range in 0..3usize,
        (year, month, day) in (1990..2100u16, 1..13u8, 1..29u8),
        list in prop::collection::vec(texts(), 1..4),
        pairs in prop::collection::btree_map(texts(), texts(), 1..4),
        further in prop::collection::btree_map("[a-z]{5,8}", texts(), 1..3),
    ) -> Value {
        let mut group = json!({ "name": text });
        for (name, text) in &further {
            group[name] = text.as_str().into();
        }
        json!({
            "text": text, "count": count, "share": share, "loud": loud,
            "range": ([json!("1h"), json!("24h"), json!(7)][range]),
            "day": format!("{year}-{month:02}-{day:02}"),
            "list": list, "pairs": pairs, "free": further, "any": [count, text], "group": group
        })
    }
}

proptest! {
    #[test]
    fn a_link_fills_the_form_so_that_it_makes_the_same_call_again(call in calls()) {
        let fields = schema::fields(&every_kind());
        let call = arguments(call);
        let reading = read(&fields, &Entries::from_arguments(&fields, &call));
        prop_assert_eq!(&reading.errors, &[]);
        prop_assert_eq!(Value::Object(reading.arguments), Value::Object(call));
    }

    #[test]
    fn nothing_that_can_be_typed_stops_the_form(text in ".{0,40}") {
        let fields = schema::fields(&every_kind());
        let mut entries = Entries::default();
        for field in &fields {
            entries.set(&field.path, text.clone());
        }
        entries.set("group.name", text.clone());
        entries.set("group.*", text);
        let reading = read(&fields, &entries);
        for error in &reading.errors {
            prop_assert!(field_for(&fields, &error.field).is_some());
        }
    }
}
