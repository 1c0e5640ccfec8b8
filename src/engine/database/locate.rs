//! Finds a database by its identifier: what the Data API needs to reach it, and what people want to know.
//!
//! A name is first looked for among the instances. An instance of an Aurora cluster is reached through
//! its cluster, as the Data API demands. A name that is no instance's may be a cluster's own. The secret
//! is the one of the configuration, or else the one that RDS manages for the master user of the cluster.

use crate::engine::aws::{AwsClients, AwsFailure, FailureKind};
use crate::engine::config::Database;
use crate::model::tool::AwsResource;
use aws_sdk_rds::types::{DbCluster, DbInstance};

/// What is known of a database.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct DatabaseFacts {
    /// What the Data API calls the database by: the cluster, or the instance that is in none.
    pub(crate) arn: String,
    /// `aurora-postgresql` and the like.
    pub(crate) engine: String,
    /// The engine's version.
    pub(crate) engine_version: Option<String>,
    /// `available` and the like.
    pub(crate) status: Option<String>,
    /// The kind of machine; none for a cluster.
    pub(crate) instance_class: Option<String>,
    /// The cluster it belongs to.
    pub(crate) cluster: Option<String>,
    /// The database that is opened.
    pub(crate) database_name: Option<String>,
    /// Whether the Data API is switched on, where AWS says.
    pub(crate) data_api: Option<bool>,
    /// The secret that RDS manages for the master user.
    pub(crate) managed_secret: Option<String>,
}

/// A database, and what is done to it.
pub(crate) fn database_resource(service: &str, action: &str, name: &str) -> AwsResource {
    AwsResource { service: service.to_owned(), action: format!("{service}:{action}"), name: name.to_owned() }
}

/// What is known of a database; none where neither an instance nor a cluster has this name.
pub(crate) async fn describe(
    aws: &AwsClients,
    database: &Database,
) -> Result<Option<DatabaseFacts>, AwsFailure> {
    let Some(instance) = instance(aws, &database.name).await? else {
        let cluster = cluster(aws, &database.name).await?;
        return Ok(cluster.map(|cluster| of_cluster(&cluster, DatabaseFacts::default())));
    };
    let facts = of_instance(&instance);
    match instance.db_cluster_identifier() {
        Some(name) => {
            let cluster = cluster(aws, name).await?;
            Ok(cluster.map(|cluster| of_cluster(&cluster, facts)))
        }
        None => Ok(Some(facts)),
    }
}

async fn instance(aws: &AwsClients, name: &str) -> Result<Option<DbInstance>, AwsFailure> {
    let answer = aws.rds.describe_db_instances().db_instance_identifier(name).send().await;
    let failure = |e| AwsFailure::from_sdk(database_resource("rds", "DescribeDBInstances", name), &e);
    match answer.map_err(failure) {
        Ok(answer) => Ok(answer.db_instances.unwrap_or_default().into_iter().next()),
        Err(failure) if failure.kind == FailureKind::NoResource => Ok(None),
        Err(failure) => Err(failure),
    }
}

async fn cluster(aws: &AwsClients, name: &str) -> Result<Option<DbCluster>, AwsFailure> {
    let answer = aws.rds.describe_db_clusters().db_cluster_identifier(name).send().await;
    let failure = |e| AwsFailure::from_sdk(database_resource("rds", "DescribeDBClusters", name), &e);
    match answer.map_err(failure) {
        Ok(answer) => Ok(answer.db_clusters.unwrap_or_default().into_iter().next()),
        Err(failure) if failure.kind == FailureKind::NoResource => Ok(None),
        Err(failure) => Err(failure),
    }
}

fn of_instance(instance: &DbInstance) -> DatabaseFacts {
    let secret = instance.master_user_secret().and_then(|secret| secret.secret_arn());
    DatabaseFacts {
        arn: instance.db_instance_arn().unwrap_or_default().to_owned(),
        engine: instance.engine().unwrap_or_default().to_owned(),
        engine_version: instance.engine_version().map(str::to_owned),
        status: instance.db_instance_status().map(str::to_owned),
        instance_class: instance.db_instance_class().map(str::to_owned),
        cluster: None,
        database_name: instance.db_name().map(str::to_owned),
        data_api: None,
        managed_secret: secret.map(str::to_owned),
    }
}

/// What the cluster says comes before what its instance says, but for the state of the instance.
fn of_cluster(cluster: &DbCluster, instance: DatabaseFacts) -> DatabaseFacts {
    let secret = cluster.master_user_secret().and_then(|secret| secret.secret_arn());
    DatabaseFacts {
        arn: cluster.db_cluster_arn().unwrap_or_default().to_owned(),
        engine: cluster.engine().unwrap_or_default().to_owned(),
        engine_version: cluster.engine_version().map(str::to_owned),
        status: instance.status.or_else(|| cluster.status().map(str::to_owned)),
        instance_class: instance.instance_class,
        cluster: cluster.db_cluster_identifier().map(str::to_owned),
        database_name: cluster.database_name().map(str::to_owned).or(instance.database_name),
        data_api: cluster.http_endpoint_enabled(),
        managed_secret: secret.map(str::to_owned),
    }
}
