//! The reports on recordings, and what recordings sound like: long, in a table of their own, so that lists stay
//! quick to read.

use super::{WHAT, id};
use crate::engine::aws::AwsFailure;
use crate::engine::catalog::item::table_resource;
use crate::engine::catalog::schema::RECORDING_REPORTS_TABLE;
use crate::engine::catalog::tasks::{pack, unpack};
use crate::engine::catalog::{Catalog, CatalogError};
use crate::model::recording::RecordingReport;
use crate::music::audio::AcousticPrint;
use aws_sdk_dynamodb::primitives::Blob;
use aws_sdk_dynamodb::types::AttributeValue;
use std::collections::HashMap;

impl Catalog {
    /// Keeps the report on a content of a recording, and what it sounds like; older ones are replaced.
    pub(crate) async fn keep_report(
        &self,
        bucket: &str,
        key: &str,
        etag: &str,
        report: &RecordingReport,
        print: &AcousticPrint,
    ) -> Result<(), CatalogError> {
        let id = id(bucket, key);
        let text = serde_json::to_string(report).map_err(|error| unreadable(&id, &error))?;
        let numbers: Vec<u8> = print.numbers().iter().flat_map(|number| number.to_le_bytes()).collect();
        let request = self
            .aws
            .dynamodb
            .put_item()
            .table_name(RECORDING_REPORTS_TABLE)
            .item("id", AttributeValue::S(id.clone()))
            .item("etag", AttributeValue::S(etag.to_owned()))
            .item("report", pack(WHAT, &id, &text)?);
        let request = if numbers.is_empty() {
            request
        } else {
            request.item("print", AttributeValue::B(Blob::new(numbers)))
        };
        request.send().await.map_err(|error| {
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

    /// What a content of a recording sounds like, if that is kept.
    pub(crate) async fn print(&self, id: &str, etag: &str) -> Result<Option<AcousticPrint>, CatalogError> {
        let answer = self
            .aws
            .dynamodb
            .get_item()
            .table_name(RECORDING_REPORTS_TABLE)
            .key("id", AttributeValue::S(id.to_owned()))
            .projection_expression("#etag, #print")
            .expression_attribute_names("#etag", "etag")
            .expression_attribute_names("#print", "print")
            .consistent_read(true)
            .send()
            .await
            .map_err(|error| {
                AwsFailure::from_sdk(table_resource("GetItem", RECORDING_REPORTS_TABLE), &error)
            })?;
        Ok(answer.item.and_then(|found| read_print(&found, etag)))
    }
}

/// What a content sounds like, as it is kept; none where the item is about another content, or is older than prints.
fn read_print(item: &HashMap<String, AttributeValue>, etag: &str) -> Option<AcousticPrint> {
    let about = item.get("etag")?.as_s().ok()?;
    let bytes = item.get("print")?.as_b().ok()?.as_ref();
    let numbers = bytes.chunks_exact(4).filter_map(|four| Some(u32::from_le_bytes(four.try_into().ok()?)));
    (about == etag).then(|| numbers.collect::<Vec<_>>().into())
}

fn unreadable(id: &str, error: &serde_json::Error) -> CatalogError {
    CatalogError::Unreadable { what: "report", id: id.to_owned(), detail: error.to_string() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_print_counts_for_its_content_only() {
        let print = AcousticPrint::from(vec![1, u32::MAX]);
        let bytes: Vec<u8> = print.numbers().iter().flat_map(|number| number.to_le_bytes()).collect();
        let item = HashMap::from([
            ("etag".to_owned(), AttributeValue::S("\"a\"".to_owned())),
            ("print".to_owned(), AttributeValue::B(Blob::new(bytes))),
        ]);
        assert_eq!(read_print(&item, "\"a\""), Some(print));
        assert_eq!((read_print(&item, "\"b\""), read_print(&HashMap::new(), "\"a\"")), (None, None));
    }
}
