//! Whether a server's tools could work now: a small request to everything that they need.
//!
//! Each request goes to the thing itself, in the way in which tools use it where that is cheap. A database
//! is only described: a statement would wake one that sleeps while nobody needs it.

use super::{Server, ToolError};
use crate::engine::catalog::Catalog;
use crate::engine::config::TableRole;
use crate::engine::database::locate;
use crate::engine::knowledge::base;
use crate::engine::monitoring::groups;
use futures::future::{BoxFuture, FutureExt, join_all};
use std::time::{Duration, Instant};

/// How long an answer may take.
const PATIENCE: Duration = Duration::from_secs(10);

/// One thing that was looked at.
#[derive(Debug, Clone, PartialEq)]
pub struct Check {
    /// What: `table artists`.
    pub what: String,
    /// What is wrong with it.
    pub problem: Option<ToolError>,
    /// How long the answer took.
    pub took: Duration,
}

/// Looks at everything that a server's tools need.
pub async fn probe(server: Server, catalog: &Catalog) -> Vec<Check> {
    let checks: Vec<_> = match server {
        Server::DynamoDb | Server::Music => [TableRole::Artists, TableRole::Releases, TableRole::Analytics]
            .into_iter()
            .map(|role| table(catalog, catalog.table(role)))
            .collect(),
        Server::S3 => catalog.buckets.all().map(|bucket| self::bucket(catalog, bucket)).collect(),
        Server::Bedrock => catalog.knowledge.bases.iter().map(|base| knowledge_base(catalog, base)).collect(),
        Server::CloudWatch => {
            catalog.monitoring.groups.all().map(|group| log_group(catalog, group)).collect()
        }
        Server::Rds => catalog.databases.all().map(|database| self::database(catalog, database)).collect(),
        // It needs nothing of the label's; the gateway asks it itself.
        Server::ThirdParty(_) => Vec::new(),
    };
    join_all(checks).await
}

type Checking<'a> = BoxFuture<'a, Check>;

fn table<'a>(catalog: &'a Catalog, name: &'a str) -> Checking<'a> {
    let asked = async move { catalog.try_table(name).await.map_err(ToolError::from) };
    timed(format!("table {name}"), asked).boxed()
}

fn bucket<'a>(catalog: &'a Catalog, name: &'a str) -> Checking<'a> {
    let asked = async move { catalog.check_bucket(name).await.map_err(ToolError::from) };
    timed(format!("bucket {name}"), asked).boxed()
}

fn knowledge_base<'a>(catalog: &'a Catalog, id: &'a str) -> Checking<'a> {
    let asked = async move {
        let found = base::base(catalog, id).await?;
        match found.status.as_str() {
            // While it is changed it can still be searched.
            "ACTIVE" | "UPDATING" => Ok(()),
            status => {
                let message = format!("The knowledge base {id} cannot be searched: Bedrock says {status}.");
                Err(ToolError::NotAvailable(message))
            }
        }
    };
    timed(format!("knowledge base {id}"), asked).boxed()
}

fn log_group<'a>(catalog: &'a Catalog, name: &'a str) -> Checking<'a> {
    let asked = async move {
        let found = groups::describe(&catalog.aws, name).await?;
        found.map(drop).ok_or_else(|| missing(&format!("log group {name}")))
    };
    timed(format!("log group {name}"), asked).boxed()
}

fn database<'a>(catalog: &'a Catalog, database: &'a crate::engine::config::Database) -> Checking<'a> {
    let asked = async move {
        let name = &database.name;
        let found = locate::describe(&catalog.aws, database).await?;
        let facts = found.ok_or_else(|| missing(&format!("database {name}")))?;
        match facts.status.as_deref() {
            None | Some("available" | "backing-up" | "modifying") => Ok(()),
            Some(status) => {
                Err(ToolError::NotAvailable(format!("The database {name} is not open: RDS says {status}.")))
            }
        }
    };
    timed(format!("database {}", database.name), asked).boxed()
}

fn missing(what: &str) -> ToolError {
    ToolError::NotAvailable(format!(
        "The {what} does not exist. Tell an admin: `patchline doctor` says how to make it."
    ))
}

async fn timed(what: String, asked: impl Future<Output = Result<(), ToolError>>) -> Check {
    let begun = Instant::now();
    let problem = if let Ok(answer) = tokio::time::timeout(PATIENCE, asked).await {
        answer.err()
    } else {
        let seconds = PATIENCE.as_secs();
        Some(ToolError::NotAvailable(format!("The {what} did not answer within {seconds} s.")))
    };
    Check { what, problem, took: begun.elapsed() }
}
