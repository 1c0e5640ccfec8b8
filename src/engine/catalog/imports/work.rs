//! The work that is open on imports, each with a lease that says who is at it and how far it is.

use super::{OPEN, number, resource, text};
use crate::engine::aws::AwsFailure;
use crate::engine::catalog::condition::held;
use crate::engine::catalog::item;
use crate::engine::catalog::records::Records;
use crate::engine::catalog::schema::IMPORTS_TABLE;
use crate::engine::catalog::{Catalog, CatalogError};
use aws_sdk_dynamodb::operation::update_item::builders::UpdateItemFluentBuilder;
use aws_sdk_dynamodb::types::AttributeValue;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

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

impl Catalog {
    /// The work that is open on an import.
    pub(crate) async fn open_work(&self, id: &str) -> Result<Option<OpenWork>, CatalogError> {
        let found = self.import_item(OPEN, id).await?;
        found.map(|found| item::read("open work", id, found)).transpose()
    }

    /// All work that is open, the oldest import first.
    pub(crate) async fn all_open_work(&self) -> Result<Records<OpenWork>, CatalogError> {
        Ok(Records::read("open work", "id", self.kind_of_import(OPEN).await?))
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
            .update_work(open)
            .update_expression(
                "SET #epoch = :next, #holder = :holder, #until = :until, #lost = :lost, #lostAt = :lostAt",
            )
            .condition_expression("#epoch = :epoch AND #until = :before")
            .expression_attribute_names("#lost", "lost")
            .expression_attribute_names("#lostAt", "lostAt")
            .expression_attribute_values(":lost", number(claimed.lost.into()))
            .expression_attribute_values(":lostAt", lost_at)
            .expression_attribute_values(":next", number(claimed.epoch.into()))
            .expression_attribute_values(":holder", text(holder))
            .expression_attribute_values(":until", number(alive_until))
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
            .update_work(open)
            .update_expression("SET #until = :until, #holder = :holder")
            .condition_expression("#epoch = :epoch")
            .expression_attribute_values(":holder", text(holder))
            .expression_attribute_values(":until", number(alive_until));
        held(update.send().await.map_err(|error| AwsFailure::from_sdk(resource("UpdateItem"), &error)))
    }

    /// A change of work that depends on the epoch in which it was read.
    fn update_work(&self, open: &OpenWork) -> UpdateItemFluentBuilder {
        self.aws
            .dynamodb
            .update_item()
            .table_name(IMPORTS_TABLE)
            .key("kind", text(OPEN))
            .key("id", text(&open.id))
            .expression_attribute_names("#epoch", "epoch")
            .expression_attribute_names("#holder", "holder")
            .expression_attribute_names("#until", "aliveUntil")
            .expression_attribute_values(":epoch", number(open.epoch.into()))
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
