//! Reading tables page by page, as they are stored, for lists and for tools that show any attribute.

use super::analytics::Condition;
use super::item::{self, Item, table_resource};
use super::versioned::CHANGE;
use super::{Catalog, CatalogError, Cursor};
use crate::engine::aws::AwsFailure;

/// A page of items as they are stored, for tools that show any attribute.
#[derive(Debug)]
pub struct ItemPage {
    /// The items as JSON objects; numbers stay numbers.
    pub items: Vec<serde_json::Map<String, serde_json::Value>>,
    /// Where the next page begins; none on the last page.
    pub next: Option<Cursor>,
    /// How many items were read to find these.
    pub scanned: u32,
}

impl ItemPage {
    /// A page without items.
    pub(crate) fn empty() -> Self {
        Self { items: Vec::new(), next: None, scanned: 0 }
    }

    pub(super) fn from_items(
        what: &'static str,
        items: Vec<Item>,
        last_key: Option<Item>,
        scanned: i32,
    ) -> Result<Self, CatalogError> {
        let items = items
            .into_iter()
            .map(|found| item::read(what, "?", found).map(in_order))
            .collect::<Result<_, _>>()?;
        let scanned = u32::try_from(scanned).unwrap_or_default();
        Ok(Self { items, next: Cursor::from_last_key(last_key), scanned })
    }
}

/// The attributes by which people know a record.
const FIRST: [&str; 6] = ["releaseId", "artistId", "date", "platform", "title", "name"];

/// What is stored has no order. So that it reads the same each time, what names it comes first, then the rest
/// from A to Z. The name of the last change is for Patchline alone.
fn in_order(
    record: serde_json::Map<String, serde_json::Value>,
) -> serde_json::Map<String, serde_json::Value> {
    let mut attributes: Vec<_> = record.into_iter().filter(|(name, _)| name != CHANGE).collect();
    let place = |name: &str| FIRST.iter().position(|first| *first == name).unwrap_or(FIRST.len());
    attributes.sort_by(|(a, _), (b, _)| (place(a), a).cmp(&(place(b), b)));
    attributes.into_iter().collect()
}

impl Catalog {
    /// Every item of a table. For tables that fit in memory: artists and releases.
    pub(super) async fn scan_all(&self, table: &str) -> Result<Vec<Item>, CatalogError> {
        let mut pages = self.aws.dynamodb_lists.scan().table_name(table).into_paginator().send();
        let mut items = Vec::new();
        while let Some(page) = pages.next().await {
            let page = page.map_err(|e| AwsFailure::from_sdk(table_resource("Scan", table), &e))?;
            items.extend(page.items.unwrap_or_default());
        }
        Ok(items)
    }

    /// A page of a table as stored, with conditions on its attributes where there are any.
    pub(super) async fn scan_page(
        &self,
        table: &str,
        limit: u32,
        start: Option<Cursor>,
        condition: Option<&Condition>,
    ) -> Result<ItemPage, CatalogError> {
        let mut request = self
            .aws
            .dynamodb
            .scan()
            .table_name(table)
            .limit(limit.try_into().unwrap_or(i32::MAX))
            .set_exclusive_start_key(start.map(Cursor::into_start_key));
        if let Some(condition) = condition {
            request = request
                .filter_expression(&condition.expression)
                .set_expression_attribute_names(Some(condition.names.clone()))
                .set_expression_attribute_values(condition.values());
        }
        let answer =
            request.send().await.map_err(|e| AwsFailure::from_sdk(table_resource("Scan", table), &e))?;
        ItemPage::from_items(
            "item",
            answer.items.unwrap_or_default(),
            answer.last_evaluated_key,
            answer.scanned_count,
        )
    }
}
