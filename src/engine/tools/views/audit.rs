//! What admins do with the audit log: read pages of records, have a single one proven, take all of them along,
//! erase what is personal.

use super::AuditRecords;
use super::audit_people::{Meant, names};
use crate::engine::catalog::schema::{AUDIT_CHECKPOINTS_TABLE, AUDIT_TABLE, USERS_TABLE};
use crate::engine::catalog::{Catalog, CatalogError};
use crate::engine::sealing::Checkpoint;
use crate::engine::tools::{Class, Context, Effect, Operation, ToolError, choices};
use crate::model::audit::{AUDIT_PAGE, AuditPage, AuditQuestion, AuditRecord, RecordProof};
use crate::model::merkle::to_hex;
use crate::model::tool::AwsResource;
use jiff::{SignedDuration, Timestamp};
use serde::Serialize;
use std::sync::Arc;

/// The most records that are looked through for one page.
pub(in crate::engine::tools) const MOST_LOOKED_AT: u32 = 5_000;

/// A record that no checkpoint covers after this long may never be covered.
const CHECKPOINT_WAIT: SignedDuration = SignedDuration::from_mins(1);

fn resources(action: &str) -> Vec<AwsResource> {
    vec![choices::dynamodb(action, AUDIT_TABLE), choices::dynamodb("Query", AUDIT_CHECKPOINTS_TABLE)]
}

/// The same, and the people whom the records name.
fn with_people() -> Vec<AwsResource> {
    let mut all = resources("Query");
    all.push(choices::dynamodb("Scan", USERS_TABLE));
    all
}

/// A record by its name; none where there is none.
async fn named(catalog: &Catalog, name: &str) -> Result<Option<AuditRecord>, CatalogError> {
    match name.rsplit_once('/') {
        Some((log_hour, id)) if !log_hour.is_empty() && !id.is_empty() => {
            catalog.audit_record(log_hour, id).await
        }
        _ => Ok(None),
    }
}

/// Why a record cannot be proven that no checkpoint covers.
fn not_covered(made: &str, now: Timestamp) -> &'static str {
    let is_fresh = made.parse::<Timestamp>().is_ok_and(|made| now.duration_since(made) <= CHECKPOINT_WAIT);
    if is_fresh {
        "No checkpoint covers this record yet. One is made within seconds while the log is written; wait a \
         moment, then verify again."
    } else {
        "No checkpoint covers this record, though one is made within seconds while a log is written. Its \
         process may have ended before, or could not write one since. Until there is one, nobody can tell \
         whether the record was changed; patchline audit verify counts such records."
    }
}

/// Shows a page of records, and one of them whole.
pub struct ViewAudit;

impl Operation for ViewAudit {
    const NAME: &'static str = "view_audit";
    const EFFECT: Effect = Effect::Reads;
    const CLASS: Class = Class::Page;
    type Input = AuditQuestion;
    type Output = AuditPage;

    fn resources(_: &AuditQuestion, _: &Catalog) -> Result<Vec<AwsResource>, ToolError> {
        Ok(with_people())
    }

    async fn run(question: AuditQuestion, context: Context) -> Result<AuditPage, ToolError> {
        let catalog = &context.catalog;
        let open = named(catalog, &question.record).await?;
        let mut log = AuditRecords::new(Arc::clone(catalog), question.clone(), context.now)?;
        let users = catalog.users().await?;
        let meant = Meant::among(&users, &question);
        let mut records = Vec::new();
        let mut next = None;
        while let Some(record) = log.look().await? {
            let id = record.id.clone();
            if meant.fits(&question, &record) {
                records.push(record);
            }
            if records.len() == AUDIT_PAGE || log.looked == MOST_LOOKED_AT {
                next = Some(id);
                break;
            }
        }
        let (from, to) = (log.from.to_string(), log.to.to_string());
        Ok(AuditPage { records, next, looked_through: log.looked, from, to, open, names: names(users) })
    }
}

/// Which record.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct VerifyRecordInput {
    /// Its name.
    pub record: String,
}

/// Gives what it takes to check that a record stands in its log.
pub struct VerifyRecord;

impl Operation for VerifyRecord {
    const NAME: &'static str = "verify_record";
    const EFFECT: Effect = Effect::Reads;
    const CLASS: Class = Class::Page;
    type Input = VerifyRecordInput;
    type Output = RecordProof;

    fn resources(_: &VerifyRecordInput, _: &Catalog) -> Result<Vec<AwsResource>, ToolError> {
        Ok(resources("GetItem"))
    }

    async fn run(input: VerifyRecordInput, context: Context) -> Result<RecordProof, ToolError> {
        let catalog = &context.catalog;
        let record = named(catalog, &input.record).await?;
        let record =
            record.ok_or(CatalogError::NotFound { what: "audit record", id: input.record.clone() })?;
        let kept = catalog.checkpoint_over(record.instance(), record.seq).await?;
        let (Some(kept), Some(key)) = (kept, catalog.audit_key().await?) else {
            return Err(ToolError::NotAvailable(not_covered(&record.time, context.now).to_owned()));
        };
        let segment = kept.segment();
        let not_right = |detail: &str| {
            ToolError::NotAvailable(format!(
                "The checkpoint over this record is not right: {detail}. Run patchline audit verify, which \
                 tells what else was changed."
            ))
        };
        let note = Checkpoint::open(&segment.note, &key).map_err(|error| not_right(&error.to_string()))?;
        if note.log != record.instance() {
            return Err(not_right("it is of another log"));
        }
        let path = segment.before().and_then(|before| before.path(&segment.leaves, record.seq));
        let path = path.ok_or_else(|| not_right("it does not cover the record"))?;
        Ok(RecordProof {
            size: note.size,
            root: to_hex(&note.root),
            path: path.iter().map(to_hex).collect(),
            time: note.time,
            checkpoint: segment.note,
            key: key.to_string(),
            record,
        })
    }
}

/// Which records, in which form.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ExportAuditInput {
    /// Which records.
    pub question: AuditQuestion,
    /// The form, for the record of the export.
    pub format: &'static str,
}

/// Gives all records that fit a question, one after the other.
pub struct ExportAudit;

impl Operation for ExportAudit {
    const NAME: &'static str = "export_audit";
    const EFFECT: Effect = Effect::Reads;
    const CLASS: Class = Class::Page;
    type Input = ExportAuditInput;
    type Output = AuditRecords;

    fn resources(_: &ExportAuditInput, _: &Catalog) -> Result<Vec<AwsResource>, ToolError> {
        Ok(with_people())
    }

    async fn run(input: ExportAuditInput, context: Context) -> Result<AuditRecords, ToolError> {
        let meant = Meant::by(&input.question, &context.catalog).await?;
        let records = AuditRecords::new(Arc::clone(&context.catalog), input.question, context.now)?;
        Ok(records.also_of(meant))
    }
}

/// Whose records.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct EraseAuditPayloadsInput {
    /// The id of the principal, or of whoever programs call for.
    pub principal: String,
}

/// Erases what is personal in all records of somebody, and tells of how many.
pub struct EraseAuditPayloads;

impl Operation for EraseAuditPayloads {
    const NAME: &'static str = "erase_audit_payloads";
    const EFFECT: Effect = Effect::Replaces;
    const CLASS: Class = Class::Page;
    type Input = EraseAuditPayloadsInput;
    type Output = u64;

    fn resources(_: &EraseAuditPayloadsInput, _: &Catalog) -> Result<Vec<AwsResource>, ToolError> {
        Ok(vec![choices::dynamodb("UpdateItem", AUDIT_TABLE)])
    }

    async fn run(input: EraseAuditPayloadsInput, context: Context) -> Result<u64, ToolError> {
        Ok(context.catalog.erase_payloads_of(&input.principal).await?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_waits_for_a_checkpoint_that_will_not_come() {
        let now = "2026-11-26T09:10:00Z".parse().expect("a time");
        assert!(not_covered("2026-11-26T09:09:58Z", now).contains("wait a moment"));
        for made in ["2026-11-26T09:08:00Z", "no time"] {
            assert!(!not_covered(made, now).contains("wait a moment"), "{made}");
        }
    }
}
