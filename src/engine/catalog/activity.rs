//! What one principal did, and what everybody did lately, as the audit table has it.

use super::audit::AuditHour;
use super::item::{Item, table_resource};
use super::records::Records;
use super::schema::{AUDIT_BY_PRINCIPAL, AUDIT_TABLE};
use super::{Catalog, CatalogError};
use crate::engine::aws::AwsFailure;
use aws_sdk_dynamodb::types::AttributeValue;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use serde::de::DeserializeOwned;
use std::collections::HashMap;
use std::time::Duration;

/// What is read of the records of everybody.
const PARTS: [&str; 13] = [
    "id",
    "time",
    "decision",
    "principal",
    "onBehalfOf",
    "role",
    "channel",
    "address",
    "operation",
    "resources",
    "size",
    "policies",
    "wouldDeny",
];

/// What is read of the records of one principal.
const PARTS_OF_ONE: [&str; 13] = [
    "id",
    "time",
    "phase",
    "decision",
    "channel",
    "address",
    "requestId",
    "operation",
    "onBehalfOf",
    "task",
    "resources",
    "error",
    "errorKind",
];

/// How many records of a principal are read at once.
const PAGE: i32 = 30;

/// What the record of a call has that has ended.
const ENDED: &str = "#time >= :since AND #phase = :outcome AND attribute_exists(#operation)";

/// Whether there is more than was read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Beyond {
    /// All was read.
    Nothing,
    /// What was read is the latest.
    More,
}

/// How far the records of a principal are read.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Reach {
    /// Until so many that are wanted are found.
    pub(crate) found: usize,
    /// Until so many are read.
    pub(crate) read: usize,
}

/// Which calls are read.
struct Wanted {
    /// Those that ended since then.
    since: Timestamp,
    /// So many of them.
    most: usize,
}

impl Wanted {
    fn values(&self, log_hour: &str) -> HashMap<String, AttributeValue> {
        let since = self.since.strftime("%Y-%m-%dT%H:%M:%SZ").to_string();
        let values = [(":hour", log_hour), (":since", since.as_str()), (":outcome", "outcome")];
        let value = |(name, text): (&str, &str)| (name.to_owned(), AttributeValue::S(text.to_owned()));
        values.into_iter().map(value).collect()
    }
}

/// The parts of a record as a projection.
fn projection(parts: &[&str]) -> String {
    parts.iter().map(|name| format!("#{name}")).collect::<Vec<_>>().join(", ")
}

/// The names that expressions use: DynamoDB takes no others.
fn names(parts: &[&str], further: &[&str]) -> HashMap<String, String> {
    parts.iter().chain(further).map(|name| (format!("#{name}"), (*name).to_owned())).collect()
}

impl Catalog {
    /// The newest records of a principal that are wanted, the newest first. No further page is read once there are
    /// enough of them; what cannot be read is left out.
    pub(crate) async fn records_of<T: DeserializeOwned + Clone>(
        &self,
        principal: &str,
        reach: Reach,
        is_wanted: impl Fn(&T) -> bool,
    ) -> Result<Vec<T>, CatalogError> {
        let query = self
            .aws
            .dynamodb
            .query()
            .table_name(AUDIT_TABLE)
            .index_name(AUDIT_BY_PRINCIPAL)
            .key_condition_expression("#principal = :principal")
            .projection_expression(projection(&PARTS_OF_ONE))
            .set_expression_attribute_names(Some(names(&PARTS_OF_ONE, &["principal"])))
            .expression_attribute_values(":principal", AttributeValue::S(principal.to_owned()))
            .scan_index_forward(false)
            .limit(PAGE);
        let (mut found, mut read, mut start) = (Vec::new(), 0, None);
        while found.len() < reach.found && read < reach.read {
            let page = query.clone().set_exclusive_start_key(start).send().await;
            let page =
                page.map_err(|error| AwsFailure::from_sdk(table_resource("Query", AUDIT_TABLE), &error))?;
            let items = page.items.unwrap_or_default();
            read += items.len();
            let records: Records<T> = Records::read("audit record", "id", items);
            found.extend(records.iter().filter(|record| is_wanted(record)).cloned());
            start = page.last_evaluated_key.filter(|key| !key.is_empty());
            if start.is_none() {
                break;
            }
        }
        found.truncate(reach.found);
        Ok(found)
    }

    /// The calls of everybody that ended from one moment to another, hour by hour, the latest hour first, and
    /// whether these are all: it stops reading when it has `most` of them, or has been patient. Their arguments
    /// are not read.
    pub(crate) async fn calls_between<T: DeserializeOwned>(
        &self,
        (since, until): (Timestamp, Timestamp),
        most: usize,
        patience: Duration,
    ) -> Result<(Records<T>, bool), CatalogError> {
        let wanted = Wanted { since, most };
        let mut items = Vec::new();
        // Its future is kilobytes large, and is moved.
        let reading = Box::pin(self.read_calls(&wanted, until, &mut items));
        let are_all = match tokio::time::timeout(patience, reading).await {
            Ok(are_all) => are_all?,
            // What was read until then is the latest.
            Err(_) => false,
        };
        items.truncate(wanted.most);
        Ok((Records::read("audit record", "id", items), are_all))
    }

    /// True where these are all.
    async fn read_calls(
        &self,
        wanted: &Wanted,
        until: Timestamp,
        items: &mut Vec<Item>,
    ) -> Result<bool, CatalogError> {
        // A record can stand in the hour before the one in which its call ended.
        let first = wanted.since.checked_sub(SignedDuration::from_hours(1)).unwrap_or(wanted.since);
        let (first_day, first_hour) = (day_of(first), first.strftime("%Y%m%d%H").to_string());
        // When the clock was set back over midnight, the latest records stand in hours of tomorrow.
        let mut next = Some(day_of(until).tomorrow().unwrap_or(Date::MAX));
        while let Some(day) = next.filter(|day| *day >= first_day) {
            for AuditHour { log_hour, .. } in self.audit_hours(day).await? {
                let hour = log_hour.rsplit('#').next().unwrap_or_default();
                if hour >= first_hour.as_str() && !self.read_hour(&log_hour, wanted, items).await? {
                    return Ok(false);
                }
            }
            next = day.yesterday().ok();
        }
        Ok(true)
    }

    /// The same for an hour of an instance.
    async fn read_hour(
        &self,
        log_hour: &str,
        wanted: &Wanted,
        items: &mut Vec<Item>,
    ) -> Result<bool, CatalogError> {
        let (names, values) = (names(&PARTS, &["phase", "logHour"]), wanted.values(log_hour));
        let mut start = None;
        loop {
            // One more would be one too many, so whatever is left is not read.
            if items.len() > wanted.most {
                return Ok(false);
            }
            let page = self
                .aws
                .dynamodb_lists
                .query()
                .table_name(AUDIT_TABLE)
                .key_condition_expression("#logHour = :hour")
                .scan_index_forward(false)
                .projection_expression(projection(&PARTS))
                // What has no operation is no record of a call.
                .filter_expression(ENDED)
                .set_expression_attribute_names(Some(names.clone()))
                .set_expression_attribute_values(Some(values.clone()))
                .set_exclusive_start_key(start)
                .send()
                .await
                .map_err(|error| AwsFailure::from_sdk(table_resource("Query", AUDIT_TABLE), &error))?;
            items.extend(page.items.unwrap_or_default());
            start = page.last_evaluated_key.filter(|key| !key.is_empty());
            if start.is_none() {
                return Ok(items.len() <= wanted.most);
            }
        }
    }
}

fn day_of(moment: Timestamp) -> Date {
    moment.to_zoned(TimeZone::UTC).date()
}
