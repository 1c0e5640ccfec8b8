//! `patchline doctor`: checks what Patchline needs in AWS, and says what is missing and how to get it.

use super::aws::{AwsClients, AwsFailure, Embedded, FailureKind};
use super::catalog::schema::TableDefinition;
use super::catalog::{Catalog, CatalogError};
use super::config::Config;
use super::knowledge;
use std::fmt::Write;

/// One thing that was checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// What was checked, for instance `table artists`.
    pub what: String,
    /// What is wrong and what to do; none when all is well.
    pub problem: Option<String>,
}

/// Checks every table, bucket and knowledge base of the configuration.
///
/// # Errors
/// When the embedded AWS cannot make its own tables and buckets.
pub async fn examine(config: &Config, embedded: Option<&Embedded>) -> Result<Vec<Finding>, CatalogError> {
    let catalog = Catalog::new(AwsClients::connect(config, embedded).await, config);
    if embedded.is_some() {
        catalog.create_missing().await?;
    }
    let mut findings = Vec::new();
    for table in catalog.table_definitions() {
        let problem = catalog.check_table(&table.name).await.err();
        let problem = problem.map(|failure| explain(&failure, || creation(&table)));
        findings.push(Finding { what: format!("table {}", table.name), problem });
    }
    for bucket in config.buckets.all() {
        let problem = catalog.check_bucket(bucket).await.err();
        let problem = problem.map(|failure| {
            explain(&failure, || {
                format!(
                    "aws s3api create-bucket --bucket {bucket}{} && aws s3api put-bucket-versioning \
                     --bucket {bucket} --versioning-configuration Status=Enabled",
                    place(config.region.as_deref())
                )
            })
        });
        findings.push(Finding { what: format!("bucket {bucket}"), problem });
    }
    if config.servers.bedrock {
        for base in &config.knowledge_bases {
            let problem = knowledge::base::data_source(&catalog, base).await.err().map(|error| match error {
                CatalogError::Aws(failure) => explain(&failure, || {
                    "in the Bedrock console, with an S3 bucket as its data source; then name its id in \
                     BEDROCK_KNOWLEDGE_BASES"
                        .to_owned()
                }),
                other => format!("{other}. Give it an S3 bucket as its data source."),
            });
            findings.push(Finding { what: format!("knowledge base {base}"), problem });
        }
    }
    Ok(findings)
}

fn explain(failure: &AwsFailure, creation: impl Fn() -> String) -> String {
    let action = &failure.resource.action;
    match failure.kind {
        FailureKind::NoResource | FailureKind::NotFound => format!("does not exist. Make it: {}", creation()),
        FailureKind::Denied => format!("the permission {action} is missing ({}).", failure.code),
        FailureKind::Unavailable => {
            format!("AWS cannot be reached ({}). Check region, network and credentials.", failure.code)
        }
        _ => format!("{failure}"),
    }
}

/// What the command for a bucket needs outside the region that S3 takes by itself.
fn place(region: Option<&str>) -> String {
    match region {
        Some("us-east-1") | None => String::new(),
        Some(region) => format!(" --create-bucket-configuration LocationConstraint={region}"),
    }
}

/// The command that makes a table.
fn creation(table: &TableDefinition) -> String {
    let mut command =
        format!("aws dynamodb create-table --table-name {} --billing-mode PAY_PER_REQUEST", table.name);
    let keys = || std::iter::once(table.key).chain(table.indexes.iter().map(|(_, key)| *key));
    let mut attributes: Vec<_> = keys().flat_map(|key| [Some(key.partition), key.sort]).flatten().collect();
    attributes.sort_unstable();
    attributes.dedup();
    command.push_str(" --attribute-definitions");
    for attribute in attributes {
        // Writing to a String cannot fail.
        let _ = write!(command, " AttributeName={attribute},AttributeType=S");
    }
    let _ = write!(command, " --key-schema AttributeName={},KeyType=HASH", table.key.partition);
    if let Some(sort) = table.key.sort {
        let _ = write!(command, " AttributeName={sort},KeyType=RANGE");
    }
    for (name, key) in &table.indexes {
        let sort =
            key.sort.map(|sort| format!(",{{AttributeName={sort},KeyType=RANGE}}")).unwrap_or_default();
        let _ = write!(
            command,
            " --global-secondary-indexes 'IndexName={name},KeySchema=[{{AttributeName={},KeyType=HASH}}{sort}],\
             Projection={{ProjectionType=ALL}}'",
            key.partition
        );
    }
    if let Some(attribute) = table.expiry {
        let _ = write!(
            command,
            " && aws dynamodb update-time-to-live --table-name {} --time-to-live-specification \
             Enabled=true,AttributeName={attribute}",
            table.name
        );
    }
    command
}
