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

/// What the record of a call has that has ended.
const ENDED: &str = "#time >= :since AND #phase = :outcome AND attribute_exists(#operation)";

/// What it has beside that where a program called with an access token of somebody. A call that was passed on is on
/// record at two instances, and counts where it came in.
const WITH_TOKEN: &str =
    "#onBehalfOf = :owner AND begins_with(#principal, :token) AND attribute_not_exists(#passedOn)";

/// Which calls are read.
struct Wanted<'a> {
    /// Those that ended since then.
    since: Timestamp,
    /// So many of them.
    most: usize,
    /// For whom programs called with access tokens, where only these calls are wanted.
    with_tokens_of: Option<&'a str>,
}

impl Wanted<'_> {
    fn filter(&self) -> String {
        if self.with_tokens_of.is_some() { format!("{ENDED} AND {WITH_TOKEN}") } else { ENDED.to_owned() }
    }

    fn projection(&self) -> String {
        let parts = PARTS.map(|name| format!("#{name}")).join(", ");
        if self.with_tokens_of.is_some() { format!("{parts}, #bearer") } else { parts }
    }

    /// The names that the expressions use: DynamoDB takes no others.
    fn names(&self) -> HashMap<String, String> {
        let further: &[&str] = if self.with_tokens_of.is_some() { &["bearer", "passedOn"] } else { &[] };
        let all = PARTS.into_iter().chain(["phase", "logHour"]).chain(further.iter().copied());
        all.map(|name| (format!("#{name}"), name.to_owned())).collect()
    }

    fn values(&self, log_hour: &str) -> HashMap<String, AttributeValue> {
        let since = self.since.strftime("%Y-%m-%dT%H:%M:%SZ").to_string();
        let mut values = vec![(":hour", log_hour), (":since", since.as_str()), (":outcome", "outcome")];
        if let Some(owner) = self.with_tokens_of {
            values.extend([(":owner", owner), (":token", "token:")]);
        }
        let value = |(name, text): (&str, &str)| (name.to_owned(), AttributeValue::S(text.to_owned()));
        values.into_iter().map(value).collect()
    }
}

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
        let wanted = Wanted { since, most, with_tokens_of: None };
        self.read_patiently(&wanted, until, patience).await
    }

    /// The same of those calls only that programs made with access tokens in somebody's name. For whom a program
    /// calls stands in no index, so the hours are read of everybody.
    pub(crate) async fn token_calls_of<T: DeserializeOwned>(
        &self,
        owner: &str,
        (since, until): (Timestamp, Timestamp),
        most: usize,
        patience: Duration,
    ) -> Result<(Records<T>, bool), CatalogError> {
        let wanted = Wanted { since, most, with_tokens_of: Some(owner) };
        self.read_patiently(&wanted, until, patience).await
    }

    async fn read_patiently<T: DeserializeOwned>(
        &self,
        wanted: &Wanted<'_>,
        until: Timestamp,
        patience: Duration,
    ) -> Result<(Records<T>, bool), CatalogError> {
        let mut items = Vec::new();
        // Its future is kilobytes large, and is moved.
        let reading = Box::pin(self.read_calls(wanted, until, &mut items));
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
        wanted: &Wanted<'_>,
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
        wanted: &Wanted<'_>,
        items: &mut Vec<Item>,
    ) -> Result<bool, CatalogError> {
        let (names, values) = (wanted.names(), wanted.values(log_hour));
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
                .projection_expression(wanted.projection())
                // What has no operation is no record of a call.
                .filter_expression(wanted.filter())
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
