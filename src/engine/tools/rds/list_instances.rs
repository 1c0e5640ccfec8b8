//! `list_database_instances`: the databases that may be read, and how they are.

use crate::engine::catalog::Catalog;
use crate::engine::database::locate::{DatabaseFacts, describe};
use crate::engine::tools::{Class, Content, Context, Effect, Operation, Server, Tool, ToolError};
use crate::model::tool::AwsResource;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Nothing has to be said.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ListInstancesInput {}

/// The databases.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct DatabaseInstances {
    /// The databases in the order of the configuration.
    #[schemars(title = "Databases")]
    pub instances: Vec<DatabaseInstance>,
}

/// A database.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct DatabaseInstance {
    /// The name to give to `query_database`.
    #[schemars(title = "Database")]
    pub instance_name: String,
    /// Whether there is such an instance or cluster.
    #[schemars(title = "Is there")]
    pub exists: bool,
    /// `available` and the like.
    pub status: Option<String>,
    /// `aurora-postgresql` and the like.
    pub engine: Option<String>,
    /// The engine's version.
    pub engine_version: Option<String>,
    /// The kind of machine.
    #[schemars(title = "Kind of machine")]
    pub instance_class: Option<String>,
    /// The cluster it belongs to.
    pub cluster: Option<String>,
    /// The database that is opened.
    #[schemars(title = "Database opened")]
    pub database_name: Option<String>,
    /// Why it cannot be queried, if so.
    pub problem: Option<String>,
}

/// Lists the databases.
pub struct ListDatabaseInstances;

impl Operation for ListDatabaseInstances {
    const NAME: &'static str = "list_database_instances";
    const EFFECT: Effect = Effect::Reads;
    const CLASS: Class = Class::Call;
    type Input = ListInstancesInput;
    type Output = DatabaseInstances;

    fn resources(_: &ListInstancesInput, catalog: &Catalog) -> Result<Vec<AwsResource>, ToolError> {
        let resource = |name: &str| AwsResource {
            service: "rds".to_owned(),
            action: "rds:DescribeDBInstances".to_owned(),
            name: name.to_owned(),
        };
        Ok(catalog.databases.all().map(|database| resource(&database.name)).collect())
    }

    async fn run(_: ListInstancesInput, context: Context) -> Result<DatabaseInstances, ToolError> {
        let catalog = &context.catalog;
        let mut instances = Vec::new();
        for database in catalog.databases.all() {
            // One that is away must not hide the others.
            instances.push(match describe(&catalog.aws, database).await {
                Ok(facts) => instance(&database.name, database.secret_arn.is_some(), facts),
                Err(failure) => DatabaseInstance {
                    problem: Some(format!("Nothing is known of it: {failure}.")),
                    ..instance(&database.name, true, None)
                },
            });
        }
        Ok(DatabaseInstances { instances })
    }
}

fn instance(name: &str, has_secret: bool, facts: Option<DatabaseFacts>) -> DatabaseInstance {
    let exists = facts.is_some();
    let facts = facts.unwrap_or_default();
    let problem = if !exists {
        Some("There is neither an instance nor a cluster of this name.")
    } else if facts.data_api == Some(false) {
        Some("The Data API of its cluster is switched off.")
    } else if !has_secret && facts.managed_secret.is_none() {
        Some("No secret is known for it: RDS_INSTANCES names none, and RDS does not manage one.")
    } else {
        None
    };
    DatabaseInstance {
        instance_name: name.to_owned(),
        exists,
        status: facts.status,
        engine: exists.then_some(facts.engine),
        engine_version: facts.engine_version,
        instance_class: facts.instance_class,
        cluster: facts.cluster,
        database_name: facts.database_name,
        problem: problem.map(str::to_owned),
    }
}

impl Tool for ListDatabaseInstances {
    const SERVER: Server = Server::Rds;
    const CONTENT: Content = Content::Trusted;
    const TITLE: &'static str = "List databases";
    const DESCRIPTION: &'static str =
        "Lists the databases that may be read, with engine, state, and what keeps one from being read.";
}
