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

/// Says where a text is missing, or longer than it may be.
pub(super) fn needed(field: &str, text: Option<&str>, longest: usize, wrong: &mut Vec<FieldError>) {
    let Some(text) = text else { return };
    if text.is_empty() || text.chars().count() > longest {
        let message = format!("a text of 1 to {longest} characters is needed");
        wrong.push(FieldError::new(format!("updateData.{field}"), message));
    }
}

/// Says where a line of rights is not a year and an owner.
pub(super) fn year_and_owner(field: &str, text: Option<&str>, wrong: &mut Vec<FieldError>) {
    const LONGEST: usize = 120;
    let Some(text) = text else { return };
    let read = text.split_once(' ').filter(|(year, owner)| {
        year.len() == 4
            && year.bytes().all(|digit| digit.is_ascii_digit())
            && (1..=LONGEST).contains(&owner.chars().count())
            && !owner.chars().any(char::is_control)
    });
    if read.is_none() {
        let message = format!("year and owner are needed, such as 2026 Northlight; this is {text:?}");
        wrong.push(FieldError::new(format!("updateData.{field}"), message));
    }
}
