//! The answer of every query: rows with typed values, a cursor, and where they come from.

use crate::engine::catalog::ItemPage;
use crate::engine::tools::ToolError;
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::{Map, Value};
use std::fmt::Display;
use std::str::FromStr;

/// The most rows on a page.
pub(super) const MAX_ROWS: u32 = 1000;

/// The rows on a page when nobody says how many.
pub(super) fn usual_rows() -> u32 {
    100
}

/// The id that an argument names.
pub(super) fn id<T: FromStr<Err: Display>>(field: &str, text: &str) -> Result<T, ToolError> {
    text.parse().map_err(|error| ToolError::field(field, format!("{error}")))
}

/// Rows of a table.
#[expect(clippy::struct_field_names, reason = "the field is named as callers read it")]
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Rows {
    /// The table.
    #[schemars(title = "Table")]
    pub table_name: String,
    /// The rows, each with the attributes that were asked for. Numbers are numbers.
    pub rows: Vec<Map<String, Value>>,
    /// How many items were read to find these rows.
    #[schemars(title = "Records read")]
    pub scanned_count: u32,
    /// The cursor of the next page; none on the last.
    pub next_cursor: Option<String>,
    /// What there is to know beside the rows.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub notice: Option<String>,
}

impl Rows {
    /// No row yet.
    pub(super) fn none_of(table: &str) -> Self {
        Self {
            table_name: table.to_owned(),
            rows: Vec::new(),
            scanned_count: 0,
            next_cursor: None,
            notice: None,
        }
    }

    /// The page of a table, cut down to some attributes if any are named.
    pub(super) fn from_page(
        table: &str,
        page: ItemPage,
        attributes: &[String],
        question: &str,
    ) -> Result<Self, ToolError> {
        check_attributes(attributes)?;
        Ok(Self {
            next_cursor: page.next.map(|cursor| cursor.encode(question)),
            scanned_count: page.scanned,
            notice: without(&page.items, attributes),
            rows: page.items.into_iter().map(|row| only(row, attributes)).collect(),
            ..Self::none_of(table)
        })
    }
}

impl Rows {
    /// The record that a change has led to.
    pub(super) fn changed(table: &str, record: &impl Serialize) -> Self {
        let row = match serde_json::to_value(record) {
            Ok(Value::Object(row)) => row,
            Ok(_) | Err(_) => Map::new(),
        };
        Self { rows: vec![row], scanned_count: 1, ..Self::none_of(table) }
    }
}

fn only(row: Map<String, Value>, attributes: &[String]) -> Map<String, Value> {
    if attributes.is_empty() {
        return row;
    }
    row.into_iter().filter(|(name, _)| attributes.contains(name)).collect()
}

/// Says which attributes no row has: they may be mistyped.
fn without(rows: &[Map<String, Value>], attributes: &[String]) -> Option<String> {
    let missing: Vec<_> = attributes
        .iter()
        .filter(|name| !rows.is_empty() && !rows.iter().any(|row| row.contains_key(*name)))
        .map(String::as_str)
        .collect();
    (!missing.is_empty()).then(|| format!("No row of this page has: {}.", missing.join(", ")))
}

fn check_attributes(attributes: &[String]) -> Result<(), ToolError> {
    match attributes.iter().position(|name| name.is_empty() || name.len() > 255) {
        Some(position) => {
            Err(ToolError::field(format!("attributes.{position}"), "a name of 1 to 255 bytes is needed"))
        }
        None => Ok(()),
    }
}
