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
