//! The repository of imports: what is known of each, and the work that is open.
//!
//! An import is written by whoever has the version that it was made from. The work on it has a lease with an epoch;
//! each batch that it writes moves the lease's position on in the same transaction, so that what a killed process
//! has written is known exactly, and one that has lost its lease writes nothing any more.

pub(crate) mod batch;
pub(crate) mod kept;

use super::item::{self, Item, table_resource};
use super::records::Records;
use super::schema::IMPORTS_TABLE;
use super::{Catalog, CatalogError};
use crate::engine::aws::{AwsFailure, FailureKind};
use crate::model::tool::AwsResource;
use aws_sdk_dynamodb::types::{AttributeValue, Put, TransactWriteItem};
use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// What one is called in messages.
const WHAT: &str = "import";

/// The partition of all imports, of the open work, and of what is known of the freshness of sources.
const IMPORTS: &str = "imports";
const OPEN: &str = "open work";
const SOURCES: &str = "sources";

/// An import as it is kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct KeptImport {
    kind: String,
    /// Its id: newest last in the order of text.
    pub(crate) id: String,
    /// Counts its changes.
    pub(crate) version: u32,
    /// The digest of its file.
    pub(crate) sha256: String,
    /// All of it, as JSON.
    pub(crate) content: String,
}

impl KeptImport {
    /// One of this id.
    pub(crate) fn new(id: &str, version: u32, sha256: &str, content: String) -> Self {
        Self { kind: IMPORTS.to_owned(), id: id.to_owned(), version, sha256: sha256.to_owned(), content }
    }
}

/// Which work is open.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) enum Job {
    /// Reading the file and comparing it.
    Check,
    /// Writing.
    Run,
    /// Putting back what was there before.
    Undo,
}

/// How far the work is. All of it moves on with each batch.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Position {
    /// The part that is being done; of undoing, the file of what was there before.
    pub(crate) part: u32,
    /// Entries of it that are looked after.
    pub(crate) within: u64,
    /// Entries of all parts that are looked after.
    pub(crate) done: u64,
    /// Of how many, as far as that is known.
    pub(crate) of: u64,
    /// Entries that were added, or taken away again.
    pub(crate) added: u64,
    /// Entries that took the place of others, or were put back.
    pub(crate) replaced: u64,
    /// Entries that were as they should be.
    pub(crate) same: u64,
    /// Entries that were left because somebody has changed them since.
    pub(crate) changed_since: u64,
}

/// Work that is open, with its lease.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct OpenWork {
    kind: String,
    /// The import.
    pub(crate) id: String,
    /// Which work it is.
    pub(crate) job: Job,
    /// Counts who has held it.
    pub(crate) epoch: u32,
    /// Who holds it; empty where nobody does yet.
    pub(crate) holder: String,
    /// Until when its holder counts as alive, in milliseconds since 1970.
    pub(crate) alive_until: i64,
    /// How far it is.
    pub(crate) position: Position,
}

impl OpenWork {
    /// Work that nobody has begun yet.
    pub(crate) fn waiting(id: &str, job: Job) -> Self {
        Self {
            kind: OPEN.to_owned(),
            id: id.to_owned(),
            job,
            epoch: 0,
            holder: String::new(),
            alive_until: 0,
            position: Position::default(),
        }
    }

    /// Whether nobody is known to be at it.
    pub(crate) fn is_free(&self, now: Timestamp) -> bool {
        self.alive_until < now.as_millisecond()
    }
}

/// The last day of a platform that a kind of export has brought.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct KeptSource {
    kind: String,
    id: String,
    /// The platform's id.
    pub(crate) platform: String,
    /// What brought it.
    pub(crate) source: String,
    /// The last day.
    pub(crate) last_day: Date,
    /// When it was brought, RFC 3339 in UTC.
    pub(crate) brought_at: String,
}

impl KeptSource {
    /// What an import has brought.
    pub(crate) fn new(platform: &str, source: &str, last_day: Date, brought_at: &str) -> Self {
        Self {
            kind: SOURCES.to_owned(),
            id: format!("{platform}#{source}"),
            platform: platform.to_owned(),
            source: source.to_owned(),
            last_day,
            brought_at: brought_at.to_owned(),
        }
    }
}

impl Catalog {
    /// Keeps an import with the work that is open on it, both or none. False where it was changed meanwhile, or work
    /// on it is open already. `before` is the version it was made from; none for a new one.
    pub(crate) async fn put_import(
        &self,
        import: &KeptImport,
        before: Option<u32>,
        open: Option<&OpenWork>,
    ) -> Result<bool, CatalogError> {
        let put =
            Put::builder().table_name(IMPORTS_TABLE).set_item(Some(item::write(WHAT, &import.id, import)?));
        let put = match before {
            None => {
                put.condition_expression("attribute_not_exists(#id)").expression_attribute_names("#id", "id")
            }
            Some(version) => put
                .condition_expression("#version = :version")
                .expression_attribute_names("#version", "version")
                .expression_attribute_values(":version", number(version.into())),
        };
        let mut request = self.aws.dynamodb.transact_write_items().transact_items(written(&import.id, put)?);
        if let Some(open) = open {
            let put = Put::builder()
                .table_name(IMPORTS_TABLE)
                .set_item(Some(item::write("open work", &open.id, open)?))
                .condition_expression("attribute_not_exists(#id)")
                .expression_attribute_names("#id", "id");
            request = request.transact_items(written(&open.id, put)?);
        }
        let Err(error) = request.send().await else { return Ok(true) };
        let failure = AwsFailure::from_transaction(resource("PutItem"), &error);
        if failure.kind == FailureKind::Condition { Ok(false) } else { Err(failure.into()) }
    }

    /// An import; `NotFound` where there is none of this id.
    pub(crate) async fn import(&self, id: &str) -> Result<KeptImport, CatalogError> {
        let found = self.import_item(IMPORTS, id).await?;
        let found = found.ok_or_else(|| CatalogError::NotFound { what: WHAT, id: id.to_owned() })?;
        item::read(WHAT, id, found)
    }

    async fn import_item(&self, kind: &str, id: &str) -> Result<Option<Item>, CatalogError> {
        if id.is_empty() || id.len() > 100 {
            return Ok(None);
        }
        let answer = self
            .aws
            .dynamodb
            .get_item()
            .table_name(IMPORTS_TABLE)
            .key("kind", text(kind))
            .key("id", text(id))
            .consistent_read(true)
            .send()
            .await
            .map_err(|error| AwsFailure::from_sdk(resource("GetItem"), &error))?;
        Ok(answer.item)
    }

    /// The newest imports, at most so many, and whether there are more.
    pub(crate) async fn imports(&self, most: i32) -> Result<(Records<KeptImport>, bool), CatalogError> {
        let answer = self
            .aws
            .dynamodb
            .query()
            .table_name(IMPORTS_TABLE)
            .key_condition_expression("#kind = :kind")
            .expression_attribute_names("#kind", "kind")
            .expression_attribute_values(":kind", text(IMPORTS))
            .scan_index_forward(false)
            .consistent_read(true)
            .limit(most)
            .send()
            .await
            .map_err(|error| AwsFailure::from_sdk(resource("Query"), &error))?;
        let more = answer.last_evaluated_key.is_some_and(|key| !key.is_empty());
        Ok((Records::read(WHAT, "id", answer.items.unwrap_or_default()), more))
    }

    /// The work that is open on an import.
    pub(crate) async fn open_work(&self, id: &str) -> Result<Option<OpenWork>, CatalogError> {
        let found = self.import_item(OPEN, id).await?;
        found.map(|found| item::read("open work", id, found)).transpose()
    }

    /// All work that is open, the oldest import first.
    pub(crate) async fn all_open_work(&self) -> Result<Records<OpenWork>, CatalogError> {
        Ok(Records::read("open work", "id", self.kind_of_import(OPEN).await?))
    }

    /// What each kind of export has brought of each platform.
    pub(crate) async fn import_sources(&self) -> Result<Records<KeptSource>, CatalogError> {
        Ok(Records::read("source of figures", "id", self.kind_of_import(SOURCES).await?))
    }

    async fn kind_of_import(&self, kind: &str) -> Result<Vec<Item>, CatalogError> {
        let mut pages = self
            .aws
            .dynamodb
            .query()
            .table_name(IMPORTS_TABLE)
            .key_condition_expression("#kind = :kind")
            .expression_attribute_names("#kind", "kind")
            .expression_attribute_values(":kind", text(kind))
            .consistent_read(true)
            .into_paginator()
            .send();
        let mut found = Vec::new();
        while let Some(page) = pages.next().await {
            let page = page.map_err(|error| AwsFailure::from_sdk(resource("Query"), &error))?;
            found.extend(page.items.unwrap_or_default());
        }
        Ok(found)
    }

    /// Remembers what an import has brought, unless something newer was brought before.
    pub(crate) async fn note_source(&self, source: &KeptSource) -> Result<(), CatalogError> {
        let put = self
            .aws
            .dynamodb
            .put_item()
            .table_name(IMPORTS_TABLE)
            .set_item(Some(item::write("source of figures", &source.id, source)?))
            .condition_expression("attribute_not_exists(#id) OR #last <= :last")
            .expression_attribute_names("#id", "id")
            .expression_attribute_names("#last", "lastDay")
            .expression_attribute_values(":last", text(&source.last_day.to_string()));
        held(put.send().await.map_err(|error| AwsFailure::from_sdk(resource("PutItem"), &error))).map(drop)
    }

    /// Takes the lease of work as it was read. None where somebody else was faster.
    pub(crate) async fn claim_work(
        &self,
        open: &OpenWork,
        holder: &str,
        alive_until: i64,
    ) -> Result<Option<OpenWork>, CatalogError> {
        let claimed =
            OpenWork { epoch: open.epoch + 1, holder: holder.to_owned(), alive_until, ..open.clone() };
        let update = self
            .aws
            .dynamodb
            .update_item()
            .table_name(IMPORTS_TABLE)
            .key("kind", text(OPEN))
            .key("id", text(&open.id))
            .update_expression("SET #epoch = :next, #holder = :holder, #until = :until")
            .condition_expression("#epoch = :epoch AND #until = :before")
            .expression_attribute_names("#epoch", "epoch")
            .expression_attribute_names("#holder", "holder")
            .expression_attribute_names("#until", "aliveUntil")
            .expression_attribute_values(":next", number(claimed.epoch.into()))
            .expression_attribute_values(":holder", text(holder))
            .expression_attribute_values(":until", number(alive_until))
            .expression_attribute_values(":epoch", number(open.epoch.into()))
            .expression_attribute_values(":before", number(open.alive_until));
        held(update.send().await.map_err(|error| AwsFailure::from_sdk(resource("UpdateItem"), &error)))
            .map(|held| held.then_some(claimed))
    }

    /// Says until when the holder of a lease is alive; a moment that has passed gives it back. False where somebody
    /// else has it.
    pub(crate) async fn renew_work(&self, open: &OpenWork, alive_until: i64) -> Result<bool, CatalogError> {
        let update = self
            .aws
            .dynamodb
            .update_item()
            .table_name(IMPORTS_TABLE)
            .key("kind", text(OPEN))
            .key("id", text(&open.id))
            .update_expression("SET #until = :until")
            .condition_expression("#epoch = :epoch")
            .expression_attribute_names("#epoch", "epoch")
            .expression_attribute_names("#until", "aliveUntil")
            .expression_attribute_values(":until", number(alive_until))
            .expression_attribute_values(":epoch", number(open.epoch.into()));
        held(update.send().await.map_err(|error| AwsFailure::from_sdk(resource("UpdateItem"), &error)))
    }

    /// Says that work is open no more. Where somebody else has it by now, nothing happens.
    pub(crate) async fn close_work(&self, open: &OpenWork) -> Result<(), CatalogError> {
        let delete = self
            .aws
            .dynamodb
            .delete_item()
            .table_name(IMPORTS_TABLE)
            .key("kind", text(OPEN))
            .key("id", text(&open.id))
            .condition_expression("#epoch = :epoch")
            .expression_attribute_names("#epoch", "epoch")
            .expression_attribute_values(":epoch", number(open.epoch.into()));
        held(delete.send().await.map_err(|error| AwsFailure::from_sdk(resource("DeleteItem"), &error)))
            .map(drop)
    }
}

fn written(
    id: &str,
    put: aws_sdk_dynamodb::types::builders::PutBuilder,
) -> Result<TransactWriteItem, CatalogError> {
    let put = put.build().map_err(|error| unreadable(id, error.to_string()))?;
    Ok(TransactWriteItem::builder().put(put).build())
}

fn unreadable(id: &str, detail: String) -> CatalogError {
    CatalogError::Unreadable { what: WHAT, id: id.to_owned(), detail }
}

fn number(number: i64) -> AttributeValue {
    AttributeValue::N(number.to_string())
}

fn text(text: &str) -> AttributeValue {
    AttributeValue::S(text.to_owned())
}

fn resource(action: &str) -> AwsResource {
    table_resource(action, IMPORTS_TABLE)
}

/// Whether the condition of a write held.
fn held<T>(answer: Result<T, AwsFailure>) -> Result<bool, CatalogError> {
    match answer {
        Ok(_) => Ok(true),
        Err(failure) if failure.kind == FailureKind::Condition => Ok(false),
        Err(failure) => Err(failure.into()),
    }
}
