//! Knowledge bases, models and days as arguments.

use crate::document::DocumentError;
use crate::engine::catalog::Catalog;
use crate::engine::knowledge::documents::DocumentsError;
use crate::engine::tools::ToolError;
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde_json::{Value, json};

/// The knowledge base that an argument names, or the default.
pub(super) fn base<'a>(named: Option<&'a str>, catalog: &'a Catalog) -> Result<&'a str, ToolError> {
    choose("knowledge base", "knowledgeBaseId", named, &catalog.knowledge.bases)
}

/// The model that an argument names, or the default.
pub(super) fn model<'a>(named: Option<&'a str>, catalog: &'a Catalog) -> Result<&'a str, ToolError> {
    choose("model", "modelId", named, &catalog.knowledge.models)
}

fn choose<'a>(
    what: &'static str,
    field: &'static str,
    named: Option<&'a str>,
    allowed: &'a [String],
) -> Result<&'a str, ToolError> {
    let found = match named {
        Some(name) => allowed.iter().find(|known| *known == name),
        None => allowed.first(),
    };
    found.map(String::as_str).ok_or_else(|| ToolError::NotConfigured {
        what,
        field,
        name: named.unwrap_or_default().to_owned(),
        allowed: allowed.to_vec(),
    })
}

/// Writes the allowed knowledge bases into a schema.
pub(super) fn offer_bases(schema: &mut Value, catalog: &Catalog) {
    offer(schema, "knowledgeBaseId", &catalog.knowledge.bases);
}

/// Writes the allowed models into a schema.
pub(super) fn offer_models(schema: &mut Value, catalog: &Catalog) {
    offer(schema, "modelId", &catalog.knowledge.models);
}

fn offer(schema: &mut Value, property: &str, choices: &[String]) {
    if let Some(property) = schema["properties"][property].as_object_mut() {
        property.insert("type".to_owned(), json!("string"));
        property.insert("default".to_owned(), json!(choices.first()));
        property.insert("enum".to_owned(), json!(choices));
    }
}

/// The day that an argument names, or the day of the call where the label is.
pub(super) fn day(named: Option<&str>, now: Timestamp, zone: &TimeZone) -> Result<Date, ToolError> {
    let Some(text) = named else { return Ok(now.to_zoned(zone.clone()).date()) };
    text.parse().map_err(|_| ToolError::field("asOf", "a day such as 2026-01-31 is needed"))
}

/// A document that was not added or removed, as the mistake of an argument where it is one.
pub(super) fn refused(error: DocumentsError, content: &'static str) -> ToolError {
    match error {
        DocumentsError::Unreadable(error @ DocumentError::TooLarge { .. }) => {
            ToolError::TooLarge { field: content, detail: error.to_string() }
        }
        DocumentsError::Unreadable(error) => ToolError::field(content, error.to_string()),
        DocumentsError::Name(reason) => ToolError::field("fileName", reason),
        DocumentsError::Shipped => ToolError::field("fileName", error.to_string()),
        DocumentsError::Model(error) => error.into(),
        DocumentsError::Catalog(error) => error.into(),
    }
}
