//! The repository of imports: what is known of each, and the work that is open.
//!
//! An import is written by whoever has the version that it was made from. The work on it has a lease with an epoch;
//! each batch that it writes moves the lease's position on in the same transaction, so that what a killed process
//! has written is known exactly, and one that has lost its lease writes nothing any more.

pub(crate) mod batch;
pub(crate) mod exchange_rates;
pub(crate) mod kept;
mod sources;
mod work;

pub(crate) use sources::KeptSource;
pub(crate) use work::{Job, OpenWork, Position};

use super::condition::held;
use super::item::{self, Item, table_resource};
use super::records::Records;
use super::schema::IMPORTS_TABLE;
use super::{Catalog, CatalogError};
use crate::engine::aws::AwsFailure;
use crate::model::tool::AwsResource;
use aws_sdk_dynamodb::types::{AttributeValue, Put, TransactWriteItem};
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
