//! Uploads that have landed and were listened to, as the table of recordings has them by day.

use super::item::{Item, table_resource};
use super::{Catalog, CatalogError};
use crate::engine::aws::{AwsFailure, FailureKind};
use aws_sdk_dynamodb::types::AttributeValue;
use jiff::Timestamp;

/// The table of recordings, and its index by the day on which they were listened to.
const RECORDINGS_TABLE: &str = "patchline-recordings";
const BY_DAY: &str = "by_day";

/// An upload that was listened to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Landed {
    /// Its bucket.
    pub(crate) bucket: String,
    /// Its name in the bucket.
    pub(crate) file_name: String,
    /// When it was listened to, RFC 3339 in UTC.
    pub(crate) processed_at: String,
    /// What it came to: `pass`, `warn`, `fail`; empty where it could not be read.
    pub(crate) verdict: String,
}

impl Catalog {
    /// The uploads of a day of UTC that were listened to from the second of a moment on, the oldest first. None where nothing is
    /// listened to here.
    pub(crate) async fn landed(&self, since: Timestamp, day: &str) -> Result<Vec<Landed>, CatalogError> {
        let resource = || table_resource("Query", RECORDINGS_TABLE);
        let mut pages = self
            .aws
            .dynamodb
            .query()
            .table_name(RECORDINGS_TABLE)
            .index_name(BY_DAY)
            .key_condition_expression("#day = :day AND #processed >= :since")
            .expression_attribute_names("#day", "day")
            .expression_attribute_names("#processed", "processedAt")
            .expression_attribute_values(":day", AttributeValue::S(day.to_owned()))
            .expression_attribute_values(":since", AttributeValue::S(second(since)))
            .into_paginator()
            .send();
        let mut found = Vec::new();
        while let Some(page) = pages.next().await {
            match page.map_err(|error| AwsFailure::from_sdk(resource(), &error)) {
                Ok(page) => found.extend(page.items.unwrap_or_default().iter().filter_map(landed)),
                Err(failure) if failure.kind == FailureKind::NoResource => return Ok(Vec::new()),
                Err(failure) => return Err(failure.into()),
            }
        }
        Ok(found)
    }
}

/// The second of a moment, in the order of the index: what was listened to within it has more behind it.
fn second(moment: Timestamp) -> String {
    moment.strftime("%Y-%m-%dT%H:%M:%S").to_string()
}

/// What an item says; none where it does not say which file it is about.
fn landed(found: &Item) -> Option<Landed> {
    let text = |name: &str| found.get(name).and_then(|value| value.as_s().ok()).cloned();
    Some(Landed {
        bucket: text("bucket")?,
        file_name: text("key")?,
        processed_at: text("processedAt")?,
        verdict: text("verdict").unwrap_or_default(),
    })
}
