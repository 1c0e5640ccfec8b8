//! The repository of imports: what is known of each, and the work that is open.
//!
//! An import is written by whoever has the version that it was made from. The work on it has a lease with an epoch;
//! each batch that it writes moves the lease's position on in the same transaction, so that what a killed process
//! has written is known exactly, and one that has lost its lease writes nothing any more.

pub(crate) mod batch;
pub(crate) mod exchange_rates;
pub(crate) mod kept;

use super::condition::held;
use super::item::{self, Item, table_resource};
use super::records::Records;
use super::schema::IMPORTS_TABLE;
use super::{Catalog, CatalogError};
use crate::engine::aws::AwsFailure;
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
    /// How many have lost it one after the other without giving it back and without coming any further.
    #[serde(default)]
    pub(crate) lost: u32,
    /// How far it was when it was lost last.
    #[serde(default)]
    pub(crate) lost_at: Position,
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
            lost: 0,
            lost_at: Position::default(),
        }
    }

    /// It with its next holder. Whoever held it before and has not given it back has lost it.
    fn claimed(&self, holder: &str, alive_until: i64) -> Self {
        let (lost, lost_at) = match (self.holder.is_empty(), self.position == self.lost_at) {
            (true, _) => (self.lost, self.lost_at),
            (false, true) => (self.lost + 1, self.position),
            (false, false) => (1, self.position),
        };
        let holder = holder.to_owned();
        Self { epoch: self.epoch + 1, holder, alive_until, lost, lost_at, ..self.clone() }
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
    /// The import that brought it; none where that was not kept.
    #[serde(default)]
    import_id: Option<String>,
    /// What was known before it.
    #[serde(default)]
    before: Option<BroughtBefore>,
}

/// What was known of a source before an import: undoing that puts it back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct BroughtBefore {
    last_day: Date,
    brought_at: String,
    import_id: Option<String>,
}

impl KeptSource {
    /// What an import has brought.
    pub(crate) fn new(
        platform: &str,
        source: &str,
        last_day: Date,
        brought_at: &str,
        import_id: &str,
    ) -> Self {
        Self {
            kind: SOURCES.to_owned(),
            id: source_id(platform, source),
            platform: platform.to_owned(),
            source: source.to_owned(),
            last_day,
            brought_at: brought_at.to_owned(),
            import_id: Some(import_id.to_owned()),
            before: None,
        }
    }

    /// It after what is known of the source.
    fn after(self, known: &Self) -> Self {
        let before = if known.import_id == self.import_id {
            // The same import has noted it already.
            known.before.clone()
        } else {
            let (brought_at, import_id) = (known.brought_at.clone(), known.import_id.clone());
            Some(BroughtBefore { last_day: known.last_day, brought_at, import_id })
        };
        Self { before, ..self }
    }

    /// It without what an import has brought: what was known before it, or nothing.
    fn without(self, import: &str) -> Option<Self> {
        let before = self.before.filter(|before| before.import_id.as_deref() != Some(import));
        if self.import_id.as_deref() != Some(import) {
            return Some(Self { before, ..self });
        }
        let BroughtBefore { last_day, brought_at, import_id } = before?;
        Some(Self {
            kind: self.kind,
            id: self.id,
            platform: self.platform,
            source: self.source,
            last_day,
            brought_at,
            import_id,
            before: None,
        })
    }
}

/// An import that found what another has written at the same place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct KeptMeeting {
    kind: String,
    /// The later import.
    pub(crate) id: String,
    /// Which time it was written.
    pub(crate) run: u32,
}

/// The partition of those that found what an import has written.
fn met(earlier: &str) -> String {
    format!("met#{earlier}")
}

impl Catalog {
    /// Remembers that an import, written for the so-manieth time, found what an earlier one has written.
    pub(crate) async fn note_meeting(
        &self,
        earlier: &str,
        later: &str,
        run: u32,
    ) -> Result<(), CatalogError> {
        let meeting = KeptMeeting { kind: met(earlier), id: later.to_owned(), run };
        let put = self.aws.dynamodb.put_item().table_name(IMPORTS_TABLE);
        let put = put.set_item(Some(item::write("meeting of imports", later, &meeting)?));
        put.send().await.map_err(|error| AwsFailure::from_sdk(resource("PutItem"), &error))?;
        Ok(())
    }

    /// The imports that found what an earlier one has written.
    pub(crate) async fn import_meetings(&self, earlier: &str) -> Result<Records<KeptMeeting>, CatalogError> {
        Ok(Records::read("meeting of imports", "id", self.kind_of_import(&met(earlier)).await?))
    }

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
        let answer = request.send().await;
        held(answer.map_err(|error| AwsFailure::from_transaction(resource("PutItem"), &error)))
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

    /// All imports, the newest first.
    pub(crate) async fn all_imports(&self) -> Result<Records<KeptImport>, CatalogError> {
        let mut found = self.kind_of_import(IMPORTS).await?;
        found.reverse();
        Ok(Records::read(WHAT, "id", found))
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
    pub(crate) async fn note_source(&self, source: KeptSource) -> Result<(), CatalogError> {
        let known = self.import_item(SOURCES, &source.id).await?;
        let known: Option<KeptSource> =
            known.map(|known| item::read("source of figures", &source.id, known)).transpose()?;
        let source = match &known {
            Some(known) => source.after(known),
            None => source,
        };
        let put = self
            .aws
            .dynamodb
            .put_item()
            .table_name(IMPORTS_TABLE)
            .set_item(Some(item::write("source of figures", &source.id, &source)?))
            .condition_expression("attribute_not_exists(#id) OR #last <= :last")
            .expression_attribute_names("#id", "id")
            .expression_attribute_names("#last", "lastDay")
            .expression_attribute_values(":last", text(&source.last_day.to_string()));
        held(put.send().await.map_err(|error| AwsFailure::from_sdk(resource("PutItem"), &error))).map(drop)
    }

    /// Forgets what an import has brought of a source, and knows again what was known before it.
    pub(crate) async fn forget_source(
        &self,
        platform: &str,
        source: &str,
        import: &str,
    ) -> Result<(), CatalogError> {
        let id = source_id(platform, source);
        let Some(known) = self.import_item(SOURCES, &id).await? else { return Ok(()) };
        let known: KeptSource = item::read("source of figures", &id, known)?;
        let brought_at = text(&known.brought_at);
        let is_as_read = "#brought = :brought";
        let Some(left) = known.without(import) else {
            let delete = self
                .aws
                .dynamodb
                .delete_item()
                .table_name(IMPORTS_TABLE)
                .key("kind", text(SOURCES))
                .key("id", text(&id))
                .condition_expression(is_as_read)
                .expression_attribute_names("#brought", "broughtAt")
                .expression_attribute_values(":brought", brought_at);
            let answer = delete.send().await;
            return held(answer.map_err(|error| AwsFailure::from_sdk(resource("DeleteItem"), &error)))
                .map(drop);
        };
        let put = self
            .aws
            .dynamodb
            .put_item()
            .table_name(IMPORTS_TABLE)
            .set_item(Some(item::write("source of figures", &id, &left)?))
            .condition_expression(is_as_read)
            .expression_attribute_names("#brought", "broughtAt")
            .expression_attribute_values(":brought", brought_at);
        held(put.send().await.map_err(|error| AwsFailure::from_sdk(resource("PutItem"), &error))).map(drop)
    }

    /// Takes the lease of work as it was read. None where somebody else was faster.
    pub(crate) async fn claim_work(
        &self,
        open: &OpenWork,
        holder: &str,
        alive_until: i64,
    ) -> Result<Option<OpenWork>, CatalogError> {
        let claimed = open.claimed(holder, alive_until);
        let lost_at = item::write("position", &open.id, &claimed.lost_at).map(AttributeValue::M)?;
        let update = self
            .aws
            .dynamodb
            .update_item()
            .table_name(IMPORTS_TABLE)
            .key("kind", text(OPEN))
            .key("id", text(&open.id))
            .update_expression(
                "SET #epoch = :next, #holder = :holder, #until = :until, #lost = :lost, #lostAt = :lostAt",
            )
            .condition_expression("#epoch = :epoch AND #until = :before")
            .expression_attribute_names("#lost", "lost")
            .expression_attribute_names("#lostAt", "lostAt")
            .expression_attribute_values(":lost", number(claimed.lost.into()))
            .expression_attribute_values(":lostAt", lost_at)
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

    /// Says until when the holder of a lease is alive. False where somebody else has it.
    pub(crate) async fn renew_work(&self, open: &OpenWork, alive_until: i64) -> Result<bool, CatalogError> {
        self.hold_work(open, &open.holder, alive_until).await
    }

    /// Gives a lease back; it is taken up by others from a moment on.
    pub(crate) async fn give_work_back(&self, open: &OpenWork, from: i64) -> Result<bool, CatalogError> {
        self.hold_work(open, "", from).await
    }

    async fn hold_work(&self, open: &OpenWork, holder: &str, alive_until: i64) -> Result<bool, CatalogError> {
        let update = self
            .aws
            .dynamodb
            .update_item()
            .table_name(IMPORTS_TABLE)
            .key("kind", text(OPEN))
            .key("id", text(&open.id))
            .update_expression("SET #until = :until, #holder = :holder")
            .condition_expression("#epoch = :epoch")
            .expression_attribute_names("#holder", "holder")
            .expression_attribute_values(":holder", text(holder))
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

fn source_id(platform: &str, source: &str) -> String {
    format!("{platform}#{source}")
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn work_that_is_lost_again_and_again_at_the_same_place_is_known() {
        let mut open = OpenWork::waiting("imp", Job::Run).claimed("one", 0);
        assert_eq!(open.lost, 0, "nobody held it before");
        for lost in 1..=3 {
            open = open.claimed("another", 0);
            assert_eq!(open.lost, lost);
        }
        open.position.done = 99;
        assert_eq!(open.claimed("next", 0).lost, 1, "it came further");
        open.holder.clear();
        assert_eq!(open.claimed("next", 0).lost, 3, "it was given back");
    }
}
