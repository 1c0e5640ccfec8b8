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

impl Catalog {
    /// The newest records of a principal, the newest first: `most` of them, or fewer where they are large.
    pub(crate) async fn records_of<T: DeserializeOwned>(
        &self,
        principal: &str,
        most: i32,
    ) -> Result<Records<T>, CatalogError> {
        let answer = self
            .aws
            .dynamodb
            .query()
            .table_name(AUDIT_TABLE)
            .index_name(AUDIT_BY_PRINCIPAL)
            .key_condition_expression("#principal = :principal")
            .expression_attribute_names("#principal", "principal")
            .expression_attribute_values(":principal", AttributeValue::S(principal.to_owned()))
            .scan_index_forward(false)
            .limit(most)
            .send()
            .await
            .map_err(|error| AwsFailure::from_sdk(table_resource("Query", AUDIT_TABLE), &error))?;
        Ok(Records::read("audit record", "id", answer.items.unwrap_or_default()))
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
        let mut items = Vec::new();
        // Its future is kilobytes large, and is moved.
        let reading = Box::pin(self.read_calls(since, until, most, &mut items));
        let are_all = match tokio::time::timeout(patience, reading).await {
            Ok(are_all) => are_all?,
            // What was read until then is the latest.
            Err(_) => false,
        };
        items.truncate(most);
        Ok((Records::read("audit record", "id", items), are_all))
    }

    /// True where these are all.
    async fn read_calls(
        &self,
        since: Timestamp,
        until: Timestamp,
        most: usize,
        items: &mut Vec<Item>,
    ) -> Result<bool, CatalogError> {
        // A record can stand in the hour before the one in which its call ended.
        let first = since.checked_sub(SignedDuration::from_hours(1)).unwrap_or(since);
        let (first_day, first_hour) = (day_of(first), first.strftime("%Y%m%d%H").to_string());
        // When the clock was set back over midnight, the latest records stand in hours of tomorrow.
        let mut next = Some(day_of(until).tomorrow().unwrap_or(Date::MAX));
        while let Some(day) = next.filter(|day| *day >= first_day) {
            for AuditHour { log_hour, .. } in self.audit_hours(day).await? {
                let hour = log_hour.rsplit('#').next().unwrap_or_default();
                if hour >= first_hour.as_str() && !self.read_hour(&log_hour, since, most, items).await? {
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
        since: Timestamp,
        most: usize,
        items: &mut Vec<Item>,
    ) -> Result<bool, CatalogError> {
        let alias = |name: &str| (format!("#{name}"), name.to_owned());
        let names: HashMap<String, String> =
            PARTS.into_iter().chain(["phase", "logHour"]).map(alias).collect();
        let wanted = PARTS.map(|name| format!("#{name}")).join(", ");
        let since = since.strftime("%Y-%m-%dT%H:%M:%SZ").to_string();
        let mut start = None;
        loop {
            // One more would be one too many, so whatever is left is not read.
            if items.len() > most {
                return Ok(false);
            }
            let page = self
                .aws
                .dynamodb_lists
                .query()
                .table_name(AUDIT_TABLE)
                .key_condition_expression("#logHour = :hour")
                .scan_index_forward(false)
                .projection_expression(&wanted)
                // What has no operation is no record of a call.
                .filter_expression("#time >= :since AND #phase = :outcome AND attribute_exists(#operation)")
                .set_expression_attribute_names(Some(names.clone()))
                .expression_attribute_values(":hour", AttributeValue::S(log_hour.to_owned()))
                .expression_attribute_values(":since", AttributeValue::S(since.clone()))
                .expression_attribute_values(":outcome", AttributeValue::S("outcome".to_owned()))
                .set_exclusive_start_key(start)
                .send()
                .await
                .map_err(|error| AwsFailure::from_sdk(table_resource("Query", AUDIT_TABLE), &error))?;
            items.extend(page.items.unwrap_or_default());
            start = page.last_evaluated_key.filter(|key| !key.is_empty());
            if start.is_none() {
                return Ok(items.len() <= most);
            }
        }
    }
}

fn day_of(moment: Timestamp) -> Date {
    moment.to_zoned(TimeZone::UTC).date()
}
