//! The repository of the audit log: records, the checkpoints of each log, and which hours have records.

use super::item::{self, Item, table_resource};
use super::schema::{AUDIT_CHECKPOINTS_TABLE, AUDIT_TABLE};
use super::{Catalog, CatalogError};
use crate::engine::aws::AwsFailure;
use crate::engine::sealing::{PublicKey, SECRET, Segment, SigningKey};
use crate::model::audit::{AuditRecord, instance_of};
use crate::model::merkle::Hash;
use aws_sdk_dynamodb::types::AttributeValue;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// What they are called in messages.
const RECORD: &str = "audit record";
const CHECKPOINT: &str = "audit checkpoint";

/// A checkpoint as it is kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct KeptCheckpoint {
    /// `checkpoint#<instance>`.
    pub log: String,
    /// How many records it covers, with zeros before, so that they are in order.
    pub id: String,
    /// How many records the checkpoint before covers.
    pub from: u64,
    /// The peaks of the tree there, in base64.
    pub peaks: String,
    /// The hashes of the records since, in base64.
    pub leaves: String,
    /// The signed note.
    pub note: String,
    /// When it may be removed, epoch seconds.
    pub expires_at: i64,
}

impl KeptCheckpoint {
    /// The partition of an instance's checkpoints.
    pub fn partition(instance: &str) -> String {
        format!("checkpoint#{instance}")
    }

    /// The sort key of the checkpoint that covers so many records.
    pub fn key(size: u64) -> String {
        format!("{size:020}")
    }

    /// The instance whose log it is of.
    pub fn instance(&self) -> &str {
        instance_of(&self.log)
    }

    /// As it is compared. What cannot be decoded does not lead to any root.
    pub(crate) fn segment(&self) -> Segment {
        Segment {
            from: self.from,
            peaks: hashes(&self.peaks),
            leaves: hashes(&self.leaves),
            note: self.note.clone(),
        }
    }
}

fn hashes(encoded: &str) -> Vec<Hash> {
    let bytes = STANDARD.decode(encoded).unwrap_or_default();
    bytes.chunks(32).filter_map(|chunk| Hash::try_from(chunk).ok()).collect()
}

/// That an instance has records in an hour.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct KeptHour {
    log: String,
    id: String,
    expires_at: i64,
}

/// An hour in which an instance has records.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct AuditHour {
    /// The hour of the day, two digits.
    pub hour: String,
    /// The instance.
    pub instance: String,
    /// The partition of the records.
    pub log_hour: String,
}

fn hours_of(day: &str) -> String {
    format!("hours#{day}")
}

impl Catalog {
    /// Keeps a checkpoint.
    pub(crate) async fn keep_checkpoint(&self, checkpoint: &KeptCheckpoint) -> Result<(), CatalogError> {
        self.put_beside_audit(item::write(CHECKPOINT, &checkpoint.id, checkpoint)?).await
    }

    /// Notes that there are records in a `log#<instance>#<yyyymmddhh>`.
    pub(crate) async fn note_audit_hour(&self, log_hour: &str, expires_at: i64) -> Result<(), CatalogError> {
        let moment = log_hour.rsplit('#').next().unwrap_or_default();
        let (day, hour) = moment.split_at_checked(8).unwrap_or((moment, ""));
        let id = format!("{hour}#{}", instance_of(log_hour));
        let kept = KeptHour { log: hours_of(day), id, expires_at };
        self.put_beside_audit(item::write("audit hour", log_hour, &kept)?).await
    }

    pub(super) async fn put_beside_audit(&self, item: Item) -> Result<(), CatalogError> {
        let put = self.aws.dynamodb.put_item().table_name(AUDIT_CHECKPOINTS_TABLE).set_item(Some(item));
        put.send().await.map_err(|error| {
            AwsFailure::from_sdk(table_resource("PutItem", AUDIT_CHECKPOINTS_TABLE), &error)
        })?;
        Ok(())
    }

    /// The hours of a day (UTC) that have records, the latest first.
    pub(crate) async fn audit_hours(&self, day: Date) -> Result<Vec<AuditHour>, CatalogError> {
        let day = day.strftime("%Y%m%d").to_string();
        let found = self.query_beside_audit(&hours_of(&day)).await?;
        let hour = |found: Item| {
            let (hour, instance) = item::text(&found, "id").split_once('#')?;
            let log_hour = format!("log#{instance}#{day}{hour}");
            Some(AuditHour { hour: hour.to_owned(), instance: instance.to_owned(), log_hour })
        };
        let mut hours: Vec<_> = found.into_iter().filter_map(hour).collect();
        hours.sort();
        hours.reverse();
        Ok(hours)
    }

    /// The records of an hour of an instance before one of them, the newest first, a page of them.
    pub(crate) async fn audit_records(
        &self,
        log_hour: &str,
        before: Option<&str>,
        limit: i32,
    ) -> Result<Vec<AuditRecord>, CatalogError> {
        let query = self
            .aws
            .dynamodb
            .query()
            .table_name(AUDIT_TABLE)
            .expression_attribute_names("#hour", "logHour")
            .expression_attribute_values(":hour", AttributeValue::S(log_hour.to_owned()))
            .scan_index_forward(false)
            .limit(limit);
        let query = match before {
            None => query.key_condition_expression("#hour = :hour"),
            Some(id) => query
                .key_condition_expression("#hour = :hour AND #id < :id")
                .expression_attribute_names("#id", "id")
                .expression_attribute_values(":id", AttributeValue::S(id.to_owned())),
        };
        let answer = query
            .send()
            .await
            .map_err(|error| AwsFailure::from_sdk(table_resource("Query", AUDIT_TABLE), &error))?;
        answer.items.unwrap_or_default().into_iter().map(record).collect()
    }

    /// A record; none where there is none of that name.
    pub(crate) async fn audit_record(
        &self,
        log_hour: &str,
        id: &str,
    ) -> Result<Option<AuditRecord>, CatalogError> {
        let answer = self
            .aws
            .dynamodb
            .get_item()
            .table_name(AUDIT_TABLE)
            .key("logHour", AttributeValue::S(log_hour.to_owned()))
            .key("id", AttributeValue::S(id.to_owned()))
            .consistent_read(true)
            .send()
            .await
            .map_err(|error| AwsFailure::from_sdk(table_resource("GetItem", AUDIT_TABLE), &error))?;
        answer.item.map(record).transpose()
    }

    /// The first checkpoint that covers the record at a place; none while there is none yet.
    pub(crate) async fn checkpoint_over(
        &self,
        instance: &str,
        seq: u64,
    ) -> Result<Option<KeptCheckpoint>, CatalogError> {
        let answer = self
            .aws
            .dynamodb
            .query()
            .table_name(AUDIT_CHECKPOINTS_TABLE)
            .key_condition_expression("#log = :log AND #id >= :id")
            .expression_attribute_names("#log", "log")
            .expression_attribute_names("#id", "id")
            .expression_attribute_values(":log", AttributeValue::S(KeptCheckpoint::partition(instance)))
            .expression_attribute_values(":id", AttributeValue::S(KeptCheckpoint::key(seq.saturating_add(1))))
            .consistent_read(true)
            .limit(1)
            .send()
            .await
            .map_err(|error| {
                AwsFailure::from_sdk(table_resource("Query", AUDIT_CHECKPOINTS_TABLE), &error)
            })?;
        answer.items.unwrap_or_default().into_iter().next().map(checkpoint).transpose()
    }

    /// The key that the instances over this store sign with; none where there is none yet.
    ///
    /// # Errors
    /// What AWS says.
    pub async fn audit_key(&self) -> Result<Option<PublicKey>, CatalogError> {
        let Some(seed) = self.existing_secret(SECRET).await? else { return Ok(None) };
        let key = SigningKey::from_seed(&seed).map_err(|error| CatalogError::Unreadable {
            what: "secret",
            id: SECRET.to_owned(),
            detail: error.to_string(),
        })?;
        Ok(Some(key.public()))
    }

    /// Looks at every checkpoint of every log, in no order. What cannot be read as one is told by its name.
    pub(crate) async fn for_each_checkpoint(
        &self,
        mut look: impl FnMut(Result<KeptCheckpoint, String>),
    ) -> Result<(), CatalogError> {
        let mut pages = self
            .aws
            .dynamodb_lists
            .scan()
            .table_name(AUDIT_CHECKPOINTS_TABLE)
            .consistent_read(true)
            .into_paginator()
            .send();
        while let Some(page) = pages.next().await {
            let page = page.map_err(|error| {
                AwsFailure::from_sdk(table_resource("Scan", AUDIT_CHECKPOINTS_TABLE), &error)
            })?;
            let items = page.items.unwrap_or_default().into_iter();
            for found in items.filter(|found| item::text(found, "log").starts_with("checkpoint#")) {
                let name = format!("{}/{}", item::text(&found, "log"), item::text(&found, "id"));
                look(checkpoint(found).map_err(|error| {
                    tracing::warn!(%error, name, "a checkpoint of the audit log cannot be read");
                    name
                }));
            }
        }
        Ok(())
    }

    /// Looks at every record of every log, in no order. What cannot be read as one is told by its name.
    pub(crate) async fn for_each_audit_record(
        &self,
        mut look: impl FnMut(Result<AuditRecord, String>),
    ) -> Result<(), CatalogError> {
        let mut pages = self
            .aws
            .dynamodb_lists
            .scan()
            .table_name(AUDIT_TABLE)
            .consistent_read(true)
            .into_paginator()
            .send();
        while let Some(page) = pages.next().await {
            let page =
                page.map_err(|error| AwsFailure::from_sdk(table_resource("Scan", AUDIT_TABLE), &error))?;
            for found in page.items.unwrap_or_default() {
                let name = format!("{}/{}", item::text(&found, "logHour"), item::text(&found, "id"));
                look(record(found).map_err(|_| name));
            }
        }
        Ok(())
    }

    pub(super) async fn query_beside_audit(&self, log: &str) -> Result<Vec<Item>, CatalogError> {
        let mut pages = self
            .aws
            .dynamodb
            .query()
            .table_name(AUDIT_CHECKPOINTS_TABLE)
            .key_condition_expression("#log = :log")
            .expression_attribute_names("#log", "log")
            .expression_attribute_values(":log", AttributeValue::S(log.to_owned()))
            .into_paginator()
            .send();
        let mut found = Vec::new();
        while let Some(page) = pages.next().await {
            let page = page.map_err(|error| {
                AwsFailure::from_sdk(table_resource("Query", AUDIT_CHECKPOINTS_TABLE), &error)
            })?;
            found.extend(page.items.unwrap_or_default());
        }
        Ok(found)
    }
}

fn record(found: Item) -> Result<AuditRecord, CatalogError> {
    let id = item::text(&found, "id").to_owned();
    item::read(RECORD, &id, found)
}

fn checkpoint(found: Item) -> Result<KeptCheckpoint, CatalogError> {
    let id = item::text(&found, "id").to_owned();
    item::read(CHECKPOINT, &id, found)
}
