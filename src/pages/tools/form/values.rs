//! From what stands in the form to the arguments of the call, with a message for each field that is wrong.
//!
//! The same reading serves the browser, before it asks the server, and the server, for a form that
//! was sent without JavaScript. The tool's own check against its schema remains the last word.

use super::base64;
use super::entries::Entries;
use super::pattern;
use super::rules::{
    Bound, Choice, FURTHER, Field, FileRules, JsonShape, Kind, ListRules, NumberRules, TextRules,
};
use crate::api::error::FieldError;
use crate::components::decimal::read_decimal;
use serde_json::{Map, Number, Value};

/// What a form says.
#[derive(Debug, Clone, PartialEq)]
pub struct Reading {
    /// The arguments that could be read.
    pub arguments: Map<String, Value>,
    /// What is wrong, in the order of the fields.
    pub errors: Vec<FieldError>,
}

/// Reads the arguments out of the form.
pub fn read(fields: &[Field], entries: &Entries) -> Reading {
    let mut reading = Reading { arguments: Map::new(), errors: Vec::new() };
    for field in fields {
        match read_field(field, entries, &mut reading.errors) {
            Some(Value::Object(further)) if field.kind == Kind::Further => {
                add_further(&mut reading, fields, field, further);
            }
            Some(value) => {
                reading.arguments.insert(field.name.clone(), value);
            }
            None => {}
        }
    }
    reading
}

/// Finds the field that shows an error which the server found at a path: the field itself, else
/// the nearest one around it, `attributes` for `attributes[2]`.
pub fn field_for<'a>(fields: &'a [Field], path: &str) -> Option<&'a Field> {
    let inside = |field: &&Field| {
        path.strip_prefix(field.path.as_str())
            .is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '[']))
    };
    let field = fields.iter().find(inside)?;
    let Kind::Group(children) = &field.kind else { return Some(field) };
    field_for(children, path)
        .or_else(|| children.iter().find(|child| child.kind == Kind::Further))
        .or(Some(field))
}

fn read_field(field: &Field, entries: &Entries, errors: &mut Vec<FieldError>) -> Option<Value> {
    if let Kind::Group(children) = &field.kind {
        return read_group(field, children, entries, errors);
    }
    let text = entries.text(&field.path);
    if text.is_empty() {
        if field.required && required_when_empty(&field.kind) {
            errors.push(error(field, "This is needed.".to_owned()));
        }
        return if field.kind == Kind::Switch && (field.required || field.default.is_some()) {
            Some(Value::Bool(false))
        } else {
            empty_value(field)
        };
    }
    match value(&field.kind, text) {
        Ok(value) => Some(value),
        Err(message) => {
            errors.push(error(field, message));
            None
        }
    }
}

fn read_group(
    field: &Field,
    children: &[Field],
    entries: &Entries,
    errors: &mut Vec<FieldError>,
) -> Option<Value> {
    let inner = read(children, entries);
    let untouched = inner.arguments.is_empty() && !any_entry(children, entries);
    if untouched && !field.required {
        return None;
    }
    errors.extend(inner.errors);
    Some(Value::Object(inner.arguments))
}

fn any_entry(fields: &[Field], entries: &Entries) -> bool {
    fields.iter().any(|field| match &field.kind {
        Kind::Group(children) => any_entry(children, entries),
        _ => !entries.text(&field.path).is_empty(),
    })
}

/// A list or a set of pairs may be required and empty; anything else needs a word.
fn required_when_empty(kind: &Kind) -> bool {
    match kind {
        Kind::Switch | Kind::Pairs => false,
        Kind::Lines(rules) => rules.min_items.is_some_and(|least| least > 0),
        _ => true,
    }
}

fn empty_value(field: &Field) -> Option<Value> {
    match &field.kind {
        Kind::Lines(rules) if field.required && rules.min_items.unwrap_or(0) == 0 => {
            Some(Value::Array(Vec::new()))
        }
        Kind::Pairs if field.required => Some(Value::Object(Map::new())),
        _ => None,
    }
}

fn add_further(reading: &mut Reading, fields: &[Field], field: &Field, further: Map<String, Value>) {
    for (name, value) in further {
        if name != FURTHER && fields.iter().any(|other| other.name == name) {
            let message = format!("“{name}” has a field of its own; give it there.");
            reading.errors.push(error(field, message));
        } else {
            reading.arguments.insert(name, value);
        }
    }
}

fn error(field: &Field, message: String) -> FieldError {
    FieldError { field: field.path.clone(), message }
}

/// Reads one text that is not empty.
fn value(kind: &Kind, text: &str) -> Result<Value, String> {
    match kind {
        Kind::Text(rules) => checked_text(rules, text).map(|()| text.into()),
        Kind::Number(rules) => number(rules, text.trim()),
        Kind::Switch => switch(text),
        Kind::Choice(choices) => choose(choices, text),
        Kind::Date => date(text.trim()),
        Kind::DateTime => moment(text.trim()),
        Kind::File(rules) => file(rules, text),
        Kind::Lines(rules) => list(rules, text),
        Kind::Pairs => pairs(text),
        Kind::Json(shape) => json(*shape, text),
        Kind::Further => json(JsonShape::Object, text),
        Kind::Group(_) => Err("This has fields of its own.".to_owned()),
    }
}

fn checked_text(rules: &TextRules, text: &str) -> Result<(), String> {
    let length = text.chars().count();
    if let Some(least) = rules.min_length.filter(|least| length < *least) {
        return Err(format!("Give at least {}; this has {length}.", characters(least)));
    }
    if let Some(most) = rules.max_length.filter(|most| length > *most) {
        return Err(format!("Give at most {}; this has {length}.", characters(most)));
    }
    match &rules.pattern {
        Some(pattern) if pattern::matches(pattern, text) == Some(false) => {
            Err(format!("This does not have the form that is asked for: {pattern}"))
        }
        _ => Ok(()),
    }
}

fn characters(count: usize) -> String {
    if count == 1 { "1 character".to_owned() } else { format!("{count} characters") }
}

fn number(rules: &NumberRules, text: &str) -> Result<Value, String> {
    let (number, size) = if rules.integer { whole_number(text)? } else { decimal_number(text)? };
    if let Some(message) = rules.minimum.and_then(|bound| below(bound, size)) {
        return Err(message);
    }
    if let Some(message) = rules.maximum.and_then(|bound| above(bound, size)) {
        return Err(message);
    }
    if let Some(step) = rules.multiple_of {
        let steps = size / step;
        if (steps - steps.round()).abs() > 1e-9 * steps.abs().max(1.0) {
            return Err(format!("Give a multiple of {step}."));
        }
    }
    Ok(Value::Number(number))
}

fn whole_number(text: &str) -> Result<(Number, f64), String> {
    let number = text
        .parse::<i64>()
        .map(Number::from)
        .or_else(|_| text.parse::<u64>().map(Number::from))
        .map_err(|_| "Give a whole number.".to_owned())?;
    let size = number.as_f64().unwrap_or(f64::NAN);
    Ok((number, size))
}

fn decimal_number(text: &str) -> Result<(Number, f64), String> {
    if let Ok(whole) = whole_number(text) {
        return Ok(whole);
    }
    let size =
        read_decimal(text).ok_or_else(|| "Give a number, with a point before the decimals.".to_owned())?;
    let number = Number::from_f64(size).ok_or_else(|| "Give a finite number.".to_owned())?;
    Ok((number, size))
}

fn below(bound: Bound, size: f64) -> Option<String> {
    match bound {
        Bound { value, exclusive: false } if size < value => Some(format!("Give {value} or more.")),
        Bound { value, exclusive: true } if size <= value => Some(format!("Give more than {value}.")),
        _ => None,
    }
}

fn above(bound: Bound, size: f64) -> Option<String> {
    match bound {
        Bound { value, exclusive: false } if size > value => Some(format!("Give {value} or less.")),
        Bound { value, exclusive: true } if size >= value => Some(format!("Give less than {value}.")),
        _ => None,
    }
}

fn switch(text: &str) -> Result<Value, String> {
    match text {
        "true" | "on" => Ok(Value::Bool(true)),
        "false" => Ok(Value::Bool(false)),
        other => Err(format!("Answer yes or no; “{other}” is neither.")),
    }
}

fn choose(choices: &[Choice], text: &str) -> Result<Value, String> {
    choices
        .iter()
        .find(|choice| choice.text() == text)
        .map(|choice| choice.value.clone())
        .ok_or_else(|| format!("Choose one of the list; “{text}” is not in it."))
}

fn date(text: &str) -> Result<Value, String> {
    let date: jiff::civil::Date =
        text.parse().map_err(|_| "Give a date as year-month-day: 2026-11-22.".to_owned())?;
    Ok(date.to_string().into())
}

/// A moment with an offset as it is, one without in UTC.
fn moment(text: &str) -> Result<Value, String> {
    if let Ok(moment) = text.parse::<jiff::Timestamp>() {
        return Ok(moment.to_string().into());
    }
    let moment = text.parse::<jiff::civil::DateTime>().ok().and_then(|local| {
        let zoned = local.to_zoned(jiff::tz::TimeZone::UTC).ok()?;
        Some(zoned.timestamp().to_string())
    });
    moment.map(Value::from).ok_or_else(|| "Give a date and a time in UTC: 2026-11-22T18:30.".to_owned())
}

fn file(rules: &FileRules, text: &str) -> Result<Value, String> {
    let text: String = text.split_ascii_whitespace().collect();
    base64::check(&text)?;
    if let Some(most) = rules.max_length.filter(|most| text.len() > *most) {
        return Err(format!(
            "This file has {}; at most {} are allowed.",
            base64::readable_size(base64::decoded_length(&text)),
            base64::readable_size(most as u64 / 4 * 3)
        ));
    }
    Ok(text.into())
}

fn list(rules: &ListRules, text: &str) -> Result<Value, String> {
    let items = list_items(text)?;
    let count = items.len();
    if let Some(least) = rules.min_items.filter(|least| count < *least) {
        return Err(format!("Give at least {least}, one a line; this has {count}."));
    }
    if let Some(most) = rules.max_items.filter(|most| count > *most) {
        return Err(format!("Give at most {most}; this has {count}."));
    }
    for (index, item) in items.iter().enumerate() {
        checked_text(&rules.item, item).map_err(|message| format!("Line {}: {message}", index + 1))?;
        if rules.unique && items[..index].contains(item) {
            return Err(format!("“{item}” is there twice."));
        }
    }
    Ok(items.into())
}

fn list_items(text: &str) -> Result<Vec<String>, String> {
    if text.trim_start().starts_with('[') {
        return serde_json::from_str(text)
            .map_err(|error| format!("This begins like a JSON list of texts, but is none: {error}."));
    }
    Ok(text.lines().map(str::trim).filter(|line| !line.is_empty()).map(str::to_owned).collect())
}

fn pairs(text: &str) -> Result<Value, String> {
    if text.trim_start().starts_with('{') {
        let pairs: std::collections::BTreeMap<String, String> = serde_json::from_str(text)
            .map_err(|error| format!("This begins like a JSON object of texts, but is none: {error}."))?;
        return Ok(Value::Object(pairs.into_iter().map(|(name, text)| (name, text.into())).collect()));
    }
    let mut pairs = Map::new();
    for (index, line) in text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()) {
        let (name, text) = line
            .split_once(':')
            .map(|(name, text)| (name.trim(), text.trim()))
            .filter(|(name, _)| !name.is_empty())
            .ok_or_else(|| format!("Line {}: write a name, a colon and a text.", index + 1))?;
        if pairs.insert(name.to_owned(), text.into()).is_some() {
            return Err(format!("“{name}” is there twice."));
        }
    }
    Ok(Value::Object(pairs))
}

fn json(shape: JsonShape, text: &str) -> Result<Value, String> {
    let value: Value = serde_json::from_str(text).map_err(|error| format!("This is not JSON: {error}."))?;
    match (shape, &value) {
        (JsonShape::Any, _) | (JsonShape::Object, Value::Object(_)) | (JsonShape::Array, Value::Array(_)) => {
            Ok(value)
        }
        (JsonShape::Object, _) => Err("Give a JSON object: {\"name\": \"value\"}.".to_owned()),
        (JsonShape::Array, _) => Err("Give a JSON list: [1, 2].".to_owned()),
    }
}

#[cfg(test)]
#[path = "values_tests.rs"]
mod tests;
