//! For whom programs call with access tokens: a short list for each person beside the audit log, and their calls.

use super::activity::Beyond;
use super::item::{self, Item, table_resource};
use super::records::Records;
use super::schema::{AUDIT_BY_PRINCIPAL, AUDIT_TABLE};
use super::{Catalog, CatalogError};
use crate::engine::aws::AwsFailure;
use aws_sdk_dynamodb::types::AttributeValue;
use jiff::Timestamp;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use ulid::Ulid;

/// What is read of a call.
const PARTS: &str = "#id, #time, #principal, #bearer";

/// A call that has ended, in the name of whoever asks. One that was passed on is on record at two instances, and counts
/// where it came in.
const WANTED: &str = "#phase = :outcome AND #onBehalfOf = :owner AND attribute_not_exists(#passedOn)";

/// The attributes that the expressions name.
const NAMES: [&str; 7] = ["id", "time", "principal", "bearer", "phase", "onBehalfOf", "passedOn"];

/// That a program called with access tokens in somebody's name.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct KeptProgram {
    /// `programs#<id of the person>`.
    log: String,
    /// The principal of its records.
    id: String,
    /// When it may be forgotten, epoch seconds.
    expires_at: i64,
}

fn partition(owner: &str) -> String {
    format!("programs#{owner}")
}

impl Catalog {
    /// Notes that a program calls with access tokens in somebody's name. `principal` is the one of its records.
    pub(crate) async fn note_program(
        &self,
        owner: &str,
        principal: &str,
        expires_at: i64,
    ) -> Result<(), CatalogError> {
        let kept = KeptProgram { log: partition(owner), id: principal.to_owned(), expires_at };
        self.put_beside_audit(item::write("acting program", principal, &kept)?).await
    }

    /// The principals of the programs that called with access tokens in somebody's name.
    pub(crate) async fn programs_for(&self, owner: &str) -> Result<Vec<String>, CatalogError> {
        let found = self.query_beside_audit(&partition(owner)).await?;
        Ok(found.iter().map(|found| item::text(found, "id").to_owned()).collect())
    }

    /// The calls that a program made in somebody's name since a moment, the newest first, `most` of them at most. No
    /// record of anybody else is read.
    pub(crate) async fn program_calls<T: DeserializeOwned>(
        &self,
        (principal, owner): (&str, &str),
        since: Timestamp,
        most: usize,
    ) -> Result<(Records<T>, Beyond), CatalogError> {
        let text = |text: &str| AttributeValue::S(text.to_owned());
        let since = Ulid::from_parts(u64::try_from(since.as_millisecond()).unwrap_or_default(), 0);
        let mut query = self
            .aws
            .dynamodb_lists
            .query()
            .table_name(AUDIT_TABLE)
            .index_name(AUDIT_BY_PRINCIPAL)
            .key_condition_expression("#principal = :principal AND #id >= :since")
            .filter_expression(WANTED)
            .projection_expression(PARTS)
            .expression_attribute_values(":principal", text(principal))
            .expression_attribute_values(":since", text(&since.to_string()))
            .expression_attribute_values(":outcome", text("outcome"))
            .expression_attribute_values(":owner", text(owner))
            .scan_index_forward(false);
        for name in NAMES {
            query = query.expression_attribute_names(format!("#{name}"), name);
        }
        let (mut items, mut start) = (Vec::<Item>::new(), None);
        let beyond = loop {
            let page = query.clone().set_exclusive_start_key(start).send().await;
            let page =
                page.map_err(|error| AwsFailure::from_sdk(table_resource("Query", AUDIT_TABLE), &error))?;
            items.extend(page.items.unwrap_or_default());
            start = page.last_evaluated_key.filter(|key| !key.is_empty());
            if items.len() > most || (items.len() == most && start.is_some()) {
                items.truncate(most);
                break Beyond::More;
            }
            if start.is_none() {
                break Beyond::Nothing;
            }
        };
        Ok((Records::read("audit record", "id", items), beyond))
    }
}
