//! Copies of the records of audit logs, in the bucket of the copies of their checkpoints: a line of JSON for each,
//! without what of it can be erased.

use super::item::bucket_resource;
use super::{Catalog, CatalogError};
use crate::engine::aws::{AwsFailure, FailureKind};
use crate::engine::sealing::CopiedRecord;
use crate::model::audit::AuditRecord;
use aws_sdk_s3::primitives::ByteStream;
use aws_sdk_s3::types::Object;
use std::ops::Range;

/// Between the log and the places in the name of an object.
const FOLDER: &str = "records";

/// How the name of an object ends.
const ENDING: &str = ".ndjson";

/// The name tells which places of the log lie in the object.
fn key(log: &str, places: &Range<u64>) -> String {
    format!("{log}/{FOLDER}/{:020}-{:020}{ENDING}", places.start, places.end)
}

/// The log and the places of a name; none for what is no such object.
fn places(key: &str) -> Option<(String, Range<u64>)> {
    let (log, rest) = key.split_once('/')?;
    let (from, to) = rest.strip_prefix(FOLDER)?.strip_prefix('/')?.strip_suffix(ENDING)?.split_once('-')?;
    Some((log.to_owned(), from.parse().ok()?..to.parse().ok()?))
}

impl Catalog {
    /// Whether records are copied.
    pub(crate) fn copies_records(&self) -> bool {
        self.audit_bucket.is_some() && self.audit_copies_records
    }

    /// Copies the records of these places of a log: a line for each.
    pub(crate) async fn copy_records(
        &self,
        log: &str,
        places: &Range<u64>,
        lines: Vec<u8>,
    ) -> Result<(), CatalogError> {
        let Some(bucket) = &self.audit_bucket else { return Ok(()) };
        let key = key(log, places);
        let put = self
            .aws
            .s3
            .put_object()
            .bucket(bucket)
            .key(&key)
            .content_type("application/x-ndjson")
            .if_none_match("*")
            .body(ByteStream::from(lines));
        let Err(error) = put.send().await else { return Ok(()) };
        let failure = AwsFailure::from_sdk(bucket_resource("PutObject", bucket, &key), &error);
        match failure.kind {
            // A try whose answer got lost has put it there.
            FailureKind::Condition => Ok(()),
            _ => Err(failure.into()),
        }
    }

    /// Looks at the copy of every record of every log, in no order. What cannot be read as one is told by its
    /// name.
    pub(crate) async fn for_each_copied_record(
        &self,
        mut look: impl FnMut(Result<(String, CopiedRecord), String>),
    ) -> Result<(), CatalogError> {
        if !self.copies_records() {
            return Ok(());
        }
        let Some(bucket) = &self.audit_bucket else { return Ok(()) };
        let mut pages = self.aws.s3.list_objects_v2().bucket(bucket).into_paginator().send();
        while let Some(page) = pages.next().await {
            let page = page
                .map_err(|error| AwsFailure::from_sdk(bucket_resource("ListBucket", bucket, ""), &error))?;
            for key in page.contents().iter().filter_map(Object::key) {
                let Some((log, places)) = places(key) else { continue };
                let content = self.copied(bucket, key).await?;
                let mut lines = content.lines();
                for seq in places {
                    let record = lines.next().and_then(|line| read(line, &log, seq));
                    look(record.map(|copied| (log.clone(), copied)).ok_or_else(|| format!("{key}, {seq}")));
                }
            }
        }
        Ok(())
    }

    async fn copied(&self, bucket: &str, key: &str) -> Result<String, CatalogError> {
        let resource = || bucket_resource("GetObject", bucket, key);
        let got = self.aws.s3.get_object().bucket(bucket).key(key).send().await;
        let body = got.map_err(|error| AwsFailure::from_sdk(resource(), &error))?.body;
        let unreadable = |detail: String| CatalogError::Unreadable {
            what: "copy of audit records",
            id: key.to_owned(),
            detail,
        };
        let bytes = body.collect().await.map_err(|error| unreadable(error.to_string()))?.to_vec();
        String::from_utf8(bytes).map_err(|error| unreadable(error.to_string()))
    }
}

/// A line, if it is the record of its place in its log.
fn read(line: &str, log: &str, seq: u64) -> Option<CopiedRecord> {
    let record: AuditRecord = serde_json::from_str(line).ok()?;
    let is_its = record.seq == seq && record.instance() == log;
    is_its.then(|| CopiedRecord {
        seq,
        hash: record.hash(),
        id: record.id,
        operation: record.operation,
        expires_at: record.expires_at,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_name_of_an_object_tells_the_log_and_its_places() {
        let name = key("01abc", &(256..512));
        assert_eq!(name, "01abc/records/00000000000000000256-00000000000000000512.ndjson");
        assert_eq!(places(&name), Some(("01abc".to_owned(), 256..512)));
        for other in ["01abc/00000000000000000256-ab.txt", "01abc/records/readme.txt", "records/1-2.ndjson"] {
            assert_eq!(places(other), None, "{other}");
        }
    }
}
