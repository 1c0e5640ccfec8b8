//! The reports on recordings: long texts, in a table of their own, so that lists stay quick to read.

use super::{WHAT, id};
use crate::engine::aws::AwsFailure;
use crate::engine::catalog::item::table_resource;
use crate::engine::catalog::schema::RECORDING_REPORTS_TABLE;
use crate::engine::catalog::tasks::{pack, unpack};
use crate::engine::catalog::{Catalog, CatalogError};
use crate::model::recording::RecordingReport;
use aws_sdk_dynamodb::types::AttributeValue;

impl Catalog {
    /// Keeps the report on a content of a recording; an older one is replaced.
    pub(crate) async fn keep_report(
        &self,
        bucket: &str,
        key: &str,
        etag: &str,
        report: &RecordingReport,
    ) -> Result<(), CatalogError> {
        let id = id(bucket, key);
        let text = serde_json::to_string(report).map_err(|error| unreadable(&id, &error))?;
        self.aws
            .dynamodb
            .put_item()
            .table_name(RECORDING_REPORTS_TABLE)
            .item("id", AttributeValue::S(id.clone()))
            .item("etag", AttributeValue::S(etag.to_owned()))
            .item("report", pack(WHAT, &id, &text)?)
            .send()
            .await
            .map_err(|error| {
                AwsFailure::from_sdk(table_resource("PutItem", RECORDING_REPORTS_TABLE), &error)
            })?;
        Ok(())
    }

    /// The report on a content of a recording, if there is one.
    pub(crate) async fn report(
        &self,
        bucket: &str,
        key: &str,
        etag: &str,
    ) -> Result<Option<RecordingReport>, CatalogError> {
        let id = id(bucket, key);
        let answer = self
            .aws
            .dynamodb
            .get_item()
            .table_name(RECORDING_REPORTS_TABLE)
            .key("id", AttributeValue::S(id.clone()))
            .consistent_read(true)
            .send()
            .await
            .map_err(|error| {
                AwsFailure::from_sdk(table_resource("GetItem", RECORDING_REPORTS_TABLE), &error)
            })?;
        let Some(found) = answer.item else { return Ok(None) };
        if found.get("etag").and_then(|value| value.as_s().ok()).is_none_or(|of| of != etag) {
            return Ok(None);
        }
        let text = unpack(WHAT, &id, found.get("report"))?;
        serde_json::from_str(&text).map(Some).map_err(|error| unreadable(&id, &error))
    }
}

fn unreadable(id: &str, error: &serde_json::Error) -> CatalogError {
    CatalogError::Unreadable { what: "report", id: id.to_owned(), detail: error.to_string() }
}
