//! Reads the calls of the last days, so that the door can tell what rules would have done to them.

use crate::engine::catalog::schema::{AUDIT_CHECKPOINTS_TABLE, AUDIT_TABLE, USERS_TABLE};
use crate::engine::catalog::{Catalog, CatalogError};
use crate::engine::tools::{Class, Context, Effect, Operation, ToolError, choices};
use crate::model::policy_review::DAYS;
use crate::model::role::Role;
use crate::model::tool::AwsResource;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use std::collections::HashMap;
use std::time::Duration;
use tokio::sync::Mutex;

/// The most calls that are looked at: some seconds of work.
const MOST: usize = 20_000;

/// How long they are read; what is older than what was read until then is not looked at.
const PATIENCE: Duration = Duration::from_secs(10);

/// Held while the calls are read: twenty thousand of them are enough for one process to have in hand at a time.
static READING: Mutex<()> = Mutex::const_new(());

/// Reads the calls of the last days.
pub struct ReviewPolicy;

/// Why they are read.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ReviewPolicyInput {
    /// What would be changed, in a few words; empty where nothing is proposed.
    pub proposed: String,
}

/// What is read of a call.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RecordedCall {
    /// When it ended, RFC 3339 in UTC.
    pub time: String,
    /// What was decided.
    pub decision: String,
    /// Who called.
    pub principal: String,
    /// For whom, where a key of theirs called.
    #[serde(default)]
    pub on_behalf_of: Option<String>,
    /// As what.
    pub role: Role,
    /// By which face.
    pub channel: String,
    /// From where.
    #[serde(default)]
    pub address: Option<String>,
    /// What was asked.
    pub operation: String,
    /// What it touched, as far as that was known when it was decided.
    #[serde(default)]
    pub resources: Vec<AwsResource>,
    /// How many bytes it was to store, where that was known when it was decided.
    #[serde(default)]
    pub size: Option<u64>,
    /// The policies that decided.
    #[serde(default)]
    pub policies: Vec<String>,
    /// The rules that would have denied it, and were only to say so.
    #[serde(default)]
    pub would_deny: Vec<String>,
}

/// The calls of the last days.
#[derive(Debug, Clone, Default)]
pub struct RecordedCalls {
    /// Since when, RFC 3339 in UTC.
    pub since: String,
    /// The calls, those of the latest hours first.
    pub calls: Vec<RecordedCall>,
    /// Whether these are all.
    pub are_all: bool,
    /// How many records could not be read.
    pub unreadable: u32,
    /// How people are called, by their ids.
    pub names: HashMap<String, String>,
}

impl Operation for ReviewPolicy {
    const NAME: &'static str = "review_policy";
    const EFFECT: Effect = Effect::Reads;
    const CLASS: Class = Class::Page;
    type Input = ReviewPolicyInput;
    type Output = RecordedCalls;

    fn resources(_: &ReviewPolicyInput, _: &Catalog) -> Result<Vec<AwsResource>, ToolError> {
        Ok(vec![
            choices::dynamodb("Query", AUDIT_TABLE),
            choices::dynamodb("Query", AUDIT_CHECKPOINTS_TABLE),
            choices::dynamodb("Scan", USERS_TABLE),
        ])
    }

    async fn run(_: ReviewPolicyInput, context: Context) -> Result<RecordedCalls, ToolError> {
        let catalog = &context.catalog;
        let since = since(context.now);
        let reading = READING.lock().await;
        let (records, are_all) =
            catalog.calls_between::<RecordedCall>((since, context.now), MOST, PATIENCE).await?;
        drop(reading);
        let names = names(catalog).await?;
        let since = since.strftime("%Y-%m-%dT%H:%M:%SZ").to_string();
        Ok(RecordedCalls { since, calls: records.to_vec(), are_all, unreadable: records.unreadable, names })
    }
}

async fn names(catalog: &Catalog) -> Result<HashMap<String, String>, CatalogError> {
    let users = catalog.users().await?;
    Ok(users.into_iter().map(|user| (user.id, user.name)).collect())
}

fn since(now: Timestamp) -> Timestamp {
    let days = SignedDuration::from_hours(i64::from(DAYS) * 24);
    // The calendar of timestamps begins long before anybody called.
    now.checked_sub(days).unwrap_or(Timestamp::UNIX_EPOCH)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_days_begin_at_the_same_time_of_the_day() {
        let now: Timestamp = "2026-11-24T09:30:15.5Z".parse().expect("a moment");
        assert_eq!(since(now).to_string(), "2026-11-17T09:30:15.5Z");
    }
}
