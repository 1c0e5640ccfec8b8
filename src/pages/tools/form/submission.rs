//! A form as it arrives without JavaScript, turned into the arguments of a call.

use super::entries::Entries;
use super::rules::Field;
use super::schema;
use super::values;
use crate::api::error::FieldError;
use serde_json::Value;

/// The arguments of a tool, an object, out of the fields of its submitted form. The name of a field is the
/// path of the argument: `updateData.releaseDate`. Fields that the schema does not know are not looked at.
///
/// # Errors
/// A message for each field that is wrong.
pub fn arguments_from_fields(schema: &Value, fields: &[(String, String)]) -> Result<Value, Vec<FieldError>> {
    let form = schema::fields(schema);
    let reading = values::read(&form, &entries_from_fields(&form, fields));
    if reading.errors.is_empty() { Ok(Value::Object(reading.arguments)) } else { Err(reading.errors) }
}

/// What stands in the submitted form.
///
/// A name may come twice: a switch sends `false` and, when it is on, `true` after it; base64 comes
/// from the file field or from the text field. The last text that is not empty counts.
pub fn entries_from_fields(form: &[Field], fields: &[(String, String)]) -> Entries {
    let mut entries = Entries::default();
    for (name, text) in fields.iter().filter(|(_, text)| !text.is_empty()) {
        if values::field_for(form, name).is_some_and(|field| field.path == *name) {
            // Forms send line ends as CR LF, whatever was typed.
            entries.set(name, text.replace("\r\n", "\n"));
        }
    }
    entries
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn sent(schema: &Value, fields: &[(&str, &str)]) -> Result<Value, Vec<FieldError>> {
        let fields: Vec<_> =
            fields.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect();
        arguments_from_fields(schema, &fields)
    }

    fn update_release() -> Value {
        json!({
            "type": "object",
            "properties": {
                "tableName": { "type": "string", "minLength": 1 },
                "releaseId": { "type": "string", "minLength": 1 },
                "expectedVersion": { "type": ["integer", "null"], "minimum": 1 },
                "updateData": {
                    "type": "object",
                    "properties": {
                        "releaseDate": { "type": ["string", "null"], "format": "date" },
                        "explicit": { "type": ["boolean", "null"] }
                    },
                    "additionalProperties": true
                }
            },
            "required": ["tableName", "releaseId", "updateData"]
        })
    }

    #[test]
    fn names_with_dots_become_nested_arguments() {
        let arguments = sent(
            &update_release(),
            &[
                ("tableName", "releases"),
                ("releaseId", "rel-1"),
                ("expectedVersion", "3"),
                ("updateData.releaseDate", "2027-01-15"),
                ("updateData.explicit", "false"),
                ("updateData.*", r#"{"mood": "calm"}"#),
            ],
        );
        assert_eq!(
            arguments,
            Ok(json!({
                "tableName": "releases",
                "releaseId": "rel-1",
                "expectedVersion": 3,
                "updateData": { "releaseDate": "2027-01-15", "explicit": false, "mood": "calm" }
            }))
        );
    }

    #[test]
    fn every_wrong_field_is_named_by_its_path() {
        let errors = sent(&update_release(), &[("releaseId", "rel-1"), ("updateData.releaseDate", "soon")]);
        let paths: Vec<String> = errors.unwrap_err().into_iter().map(|error| error.field).collect();
        assert_eq!(paths, ["tableName", "updateData.releaseDate"]);
    }

    #[test]
    fn a_switch_is_on_when_its_true_follows_its_false() {
        let schema = json!({
            "type": "object", "properties": { "dry": { "type": "boolean" } }, "required": ["dry"]
        });
        assert_eq!(sent(&schema, &[("dry", "false"), ("dry", "true")]), Ok(json!({ "dry": true })));
        assert_eq!(sent(&schema, &[("dry", "false")]), Ok(json!({ "dry": false })));
    }

    #[test]
    fn base64_comes_from_the_file_field_or_from_the_text_beside_it() {
        let schema = json!({
            "type": "object",
            "properties": { "fileContent": { "type": "string", "contentEncoding": "base64" } },
            "required": ["fileContent"]
        });
        for fields in
            [[("fileContent", "TWFu"), ("fileContent", "")], [("fileContent", ""), ("fileContent", "TWFu")]]
        {
            assert_eq!(sent(&schema, &fields), Ok(json!({ "fileContent": "TWFu" })));
        }
    }

    #[test]
    fn fields_of_the_page_itself_and_line_ends_of_the_browser_do_no_harm() {
        let schema = json!({ "type": "object", "properties": { "prompt": { "type": "string" } } });
        let arguments = sent(&schema, &[("_confirmed", "yes"), ("tool", "x"), ("prompt", "one\r\ntwo")]);
        assert_eq!(arguments, Ok(json!({ "prompt": "one\ntwo" })));
    }
}
