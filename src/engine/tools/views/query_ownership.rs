//! Whose a log query is: its rows, its progress and its end are for who started it only.
//!
//! AWS answers whoever knows the id of a query, whatever log group it was asked of and by whom. So an id
//! is written down when a query is started, for all instances to see, and asked for before it is used.

use crate::engine::catalog::{Catalog, CatalogError};
use crate::engine::tools::{Context, ToolError, choices};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

/// How long AWS keeps the result of a query.
const KEPT: SignedDuration = SignedDuration::from_hours(7 * 24);

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct StartedQuery {
    owner: String,
    log_group_name: String,
    /// Epoch seconds.
    expires_at: i64,
}

/// Writes down that the caller has started a query of a log group.
pub(super) async fn claim(context: &Context, query_id: &str, group: &str) -> Result<(), CatalogError> {
    let expires = context.now.checked_add(KEPT).unwrap_or(Timestamp::MAX);
    let started = StartedQuery {
        owner: context.owner.clone(),
        log_group_name: group.to_owned(),
        expires_at: expires.as_second(),
    };
    context.catalog.set_setting(&setting(query_id), &started).await
}

/// Lets only those through who have started the query, and only while its log group may be asked.
///
/// # Errors
/// `NotFound` for a query of somebody else, as for one that does not exist.
pub(super) async fn check(context: &Context, query_id: &str) -> Result<(), ToolError> {
    let started = find(&context.catalog, query_id).await?;
    let own = started.filter(|started| started.owner == context.owner);
    let own = own.ok_or_else(|| CatalogError::NotFound { what: "log query", id: query_id.to_owned() })?;
    choices::log_group(Some(&own.log_group_name), &context.catalog)?;
    Ok(())
}

async fn find(catalog: &Catalog, query_id: &str) -> Result<Option<StartedQuery>, CatalogError> {
    catalog.setting(&setting(query_id)).await
}

fn setting(query_id: &str) -> String {
    format!("logQuery#{query_id}")
}
