//! What the form asks for, given a tool's schema.

use super::*;
use serde_json::json;

fn only(schema: &Value) -> Field {
    let fields = fields(schema);
    assert_eq!(fields.len(), 1, "expected one field in {fields:?}");
    fields.into_iter().next().unwrap()
}

fn property(schema: &Value) -> Field {
    only(&json!({ "type": "object", "properties": { "value": schema } }))
}

#[test]
fn required_fields_come_first_in_the_order_of_the_schema_and_a_file_last() {
    let fields = fields(&json!({
        "type": "object",
        "properties": {
            "fileContent": { "type": "string", "contentEncoding": "base64" },
            "artistId": { "type": "string" },
            "limit": { "type": "integer" },
            "tableName": { "type": "string" }
        },
        "required": ["fileContent", "tableName", "artistId"]
    }));
    let names: Vec<&str> = fields.iter().map(|field| field.name.as_str()).collect();
    assert_eq!(names, ["tableName", "artistId", "limit", "fileContent"]);
    assert_eq!(fields.iter().map(|field| field.required).collect::<Vec<_>>(), [true, true, false, true]);
}

#[test]
fn a_field_takes_title_and_help_from_the_schema_and_else_reads_its_name_aloud() {
    let field = property(&json!({ "type": "string", "title": "Bucket", "description": "Where it lies." }));
    assert_eq!((field.label.as_str(), field.help.as_str()), ("Bucket", "Where it lies."));
}

#[test]
fn an_optional_argument_in_the_manner_of_schemars_is_an_optional_field_of_its_own_kind() {
    for schema in [
        json!({ "type": ["integer", "null"], "minimum": 1, "maximum": 100 }),
        json!({ "anyOf": [{ "type": "integer", "minimum": 1, "maximum": 100 }, { "type": "null" }] }),
    ] {
        let whole = json!({ "type": "object", "properties": { "value": schema }, "required": ["value"] });
        let field = only(&whole);
        assert!(!field.required, "null is allowed, so nothing need be given");
        let Kind::Number(rules) = field.kind else { panic!("{:?}", field.kind) };
        assert!(rules.integer);
        assert_eq!(rules.minimum, Some(Bound { value: 1.0, exclusive: false }));
        assert_eq!(rules.maximum, Some(Bound { value: 100.0, exclusive: false }));
    }
}

#[test]
fn references_are_followed_and_the_words_beside_them_win() {
    let field = only(&json!({
        "type": "object",
        "properties": { "range": { "$ref": "#/$defs/Range", "description": "How far back." } },
        "$defs": { "Range": { "type": "string", "enum": ["1h", "24h", "7d"], "description": "A range." } }
    }));
    assert_eq!(field.help, "How far back.");
    let Kind::Choice(choices) = field.kind else { panic!("{:?}", field.kind) };
    assert_eq!(choices.iter().map(|choice| choice.label.as_str()).collect::<Vec<_>>(), ["1h", "24h", "7d"]);
}

#[test]
fn an_optional_reference_to_an_enumeration_is_a_choice() {
    let field = only(&json!({
        "type": "object",
        "properties": { "status": { "anyOf": [{ "$ref": "#/$defs/Status" }, { "type": "null" }] } },
        "$defs": { "Status": { "oneOf": [
            { "const": "draft", "description": "Not yet out." },
            { "const": "released", "title": "Out", "description": "In the shops." }
        ] } }
    }));
    let Kind::Choice(choices) = field.kind else { panic!("{:?}", field.kind) };
    assert_eq!(choices.iter().map(|choice| choice.label.as_str()).collect::<Vec<_>>(), ["draft", "Out"]);
}

#[test]
fn a_schema_that_refers_to_itself_ends_in_json_text() {
    let field = only(&json!({
        "type": "object",
        "properties": { "node": { "$ref": "#/$defs/Node" } },
        "$defs": { "Node": { "type": "object", "properties": { "child": { "$ref": "#/$defs/Node" } } } }
    }));
    let mut kind = field.kind;
    let mut depth = 0;
    while let Kind::Group(fields) = kind {
        kind = fields.into_iter().next().unwrap().kind;
        depth += 1;
    }
    assert_eq!(kind, Kind::Json(JsonShape::Object));
    assert_eq!(depth, MAX_DEPTH);

    let endless = json!({ "$ref": "#/$defs/A", "$defs": { "A": { "$ref": "#/$defs/A" } } });
    assert_eq!(fields(&endless), []);
}

#[test]
fn strings_become_the_field_that_suits_their_format() {
    assert_eq!(property(&json!({ "type": "string", "format": "date" })).kind, Kind::Date);
    assert_eq!(property(&json!({ "type": "string", "format": "date-time" })).kind, Kind::DateTime);
    assert_eq!(
        property(&json!({ "type": "string", "contentEncoding": "base64", "maxLength": 4000 })).kind,
        Kind::File(FileRules { max_length: Some(4000), media_type: None })
    );
    assert_eq!(
        property(&json!({ "type": "string", "minLength": 1, "maxLength": 9, "pattern": "^a" })).kind,
        Kind::Text(TextRules { min_length: Some(1), max_length: Some(9), pattern: Some("^a".to_owned()) })
    );
}

#[test]
fn the_largest_file_is_what_the_longest_base64_text_can_hold() {
    assert_eq!(FileRules { max_length: Some(4000), media_type: None }.max_bytes(), Some(3000));
}

#[test]
fn a_boolean_is_a_switch_only_where_it_has_an_answer_from_the_start() {
    let required =
        json!({ "type": "object", "properties": { "dry": { "type": "boolean" } }, "required": ["dry"] });
    assert_eq!(only(&required).kind, Kind::Switch);
    assert_eq!(property(&json!({ "type": "boolean", "default": true })).kind, Kind::Switch);
    let Kind::Choice(choices) = property(&json!({ "type": "boolean" })).kind else { panic!("not a choice") };
    assert_eq!(choices.len(), 2);
}

#[test]
fn lists_of_texts_are_lines_and_other_lists_are_json() {
    let Kind::Lines(rules) =
        property(&json!({ "type": "array", "items": { "type": "string" }, "maxItems": 3 })).kind
    else {
        panic!("not lines")
    };
    assert_eq!(rules.max_items, Some(3));
    let numbers = property(&json!({ "type": "array", "items": { "type": "integer" } }));
    assert_eq!(numbers.kind, Kind::Json(JsonShape::Array));
}

#[test]
fn objects_are_groups_pairs_or_json_by_what_the_schema_knows_of_them() {
    let pairs = property(&json!({ "type": "object", "additionalProperties": { "type": "string" } }));
    assert_eq!(pairs.kind, Kind::Pairs);
    let free = property(&json!({ "type": "object", "additionalProperties": true }));
    assert_eq!(free.kind, Kind::Json(JsonShape::Object));

    let open = property(&json!({
        "type": "object", "properties": { "title": { "type": "string" } }, "additionalProperties": true
    }));
    let Kind::Group(fields) = open.kind else { panic!("not a group") };
    let paths: Vec<&str> = fields.iter().map(|field| field.path.as_str()).collect();
    assert_eq!(paths, ["value.title", "value.*"]);
}

#[test]
fn an_object_that_may_be_left_out_does_not_fill_itself_with_defaults() {
    let group = property(&json!({
        "type": "object",
        "properties": { "loud": { "type": "boolean", "default": true }, "size": { "type": "integer", "default": 4 } }
    }));
    let Kind::Group(fields) = group.kind else { panic!("not a group") };
    assert!(fields.iter().all(|field| field.default.is_none()));
    assert!(fields.iter().all(|field| field.kind != Kind::Switch));
}

#[test]
fn what_the_form_does_not_understand_is_asked_for_as_json() {
    let mixed = property(&json!({ "anyOf": [{ "type": "string" }, { "type": "integer" }] }));
    assert_eq!(mixed.kind, Kind::Json(JsonShape::Any));
    assert_eq!(property(&json!(true)).kind, Kind::Json(JsonShape::Any));
}

proptest::proptest! {
    #[test]
    fn no_schema_however_odd_stops_the_page(text in r#"[{}\[\]":,a-z$#/0-9 ]{0,80}"#, key in "[a-zA-Z$]{1,20}") {
        let value = serde_json::from_str(&text).unwrap_or(Value::String(text));
        let _ = fields(&value);
        let _ = fields(&json!({ "type": "object", "properties": { &key: value }, "required": [&key] }));
        let _ = humanise(&key);
    }
}
