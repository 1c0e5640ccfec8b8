//! Changes of records as they are stored: values read once and written in one form, by whom, and when.

use crate::engine::catalog::versioned::Update;
use crate::engine::tools::{Context, ToolError};
use crate::model::field::FieldError;
use serde::Serialize;
use serde_json::{Map, Value};
use std::fmt::Display;
use std::str::FromStr;

/// Puts a new value into the form in which it is stored, or says what is wrong with it. Nothing, and an empty text,
/// stay as they are.
pub(super) fn canonical<T: FromStr<Err: Display> + Display>(
    field: &str,
    value: &mut Option<String>,
    wrong: &mut Vec<FieldError>,
) {
    let Some(text) = value.as_deref().filter(|text| !text.is_empty()) else { return };
    match text.parse::<T>() {
        Ok(read) => *value = Some(read.to_string()),
        Err(error) => wrong.push(FieldError::new(format!("updateData.{field}"), error.to_string())),
    }
}

/// Says where a text has blanks around it, or characters that cannot be seen.
pub(super) fn in_one_line(field: &str, text: &str, wrong: &mut Vec<FieldError>) {
    if text.trim() != text || text.chars().any(char::is_control) {
        wrong.push(FieldError::new(
            format!("updateData.{field}"),
            "a text in one line is needed, without blanks at the beginning or end",
        ));
    }
}

/// The attributes that a change sets, where nothing is wrong with it.
pub(super) fn named_values(
    change: &impl Serialize,
    wrong: Vec<FieldError>,
) -> Result<Map<String, Value>, ToolError> {
    if !wrong.is_empty() {
        return Err(ToolError::Invalid(wrong));
    }
    match serde_json::to_value(change) {
        Ok(Value::Object(values)) if !values.is_empty() => Ok(values),
        _ => Err(ToolError::field("updateData", "name at least one attribute to change")),
    }
}

/// The change that a call makes of a record whose version its caller has seen.
pub(super) fn update(expected_version: u32, values: Map<String, Value>, context: &Context) -> Update {
    Update {
        expected_version,
        values,
        updated_by: context.actor.clone(),
        updated_at: context.now.to_string(),
        change: context.change.clone(),
    }
}
