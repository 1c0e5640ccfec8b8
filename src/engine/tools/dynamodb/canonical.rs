//! Values as they are stored: read once, and written in one form.

use crate::model::field::FieldError;
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
