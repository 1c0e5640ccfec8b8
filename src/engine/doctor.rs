//! `patchline doctor`: checks what Patchline needs in AWS, and says what is missing and how to get it.

use super::aws::{AwsClients, AwsFailure, Embedded, FailureKind};
use super::catalog::schema::{Key, TableDefinition};
use super::catalog::{Catalog, CatalogError};
use super::config::{Config, MailFrom};
use super::database::locate;
use super::identity::issuers::Issuer;
use super::knowledge;
use super::mail;
use super::monitoring::{groups, metrics};
use std::fmt::Write;

/// One thing that was checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// What was checked, for instance `table artists`.
    pub what: String,
    /// What is wrong and what to do; none when all is well.
    pub problem: Option<String>,
}

/// Checks every table, bucket, log group, database and knowledge base of the configuration, whether notices by e-mail
/// could be sent, the provider at which people sign in, and the authorization servers whose tokens are taken.
///
/// # Errors
/// When the embedded AWS cannot make its own tables, buckets and log groups.
pub async fn examine(config: &Config, embedded: Option<&Embedded>) -> Result<Vec<Finding>, CatalogError> {
    let aws = AwsClients::connect(config, embedded).await;
    aws.calls.keep_to_list();
    let catalog = Catalog::new(aws.clone(), config);
    if embedded.is_some() {
        catalog.create_missing().await?;
    }
    let mut findings = Vec::new();
    for table in catalog.table_definitions() {
        let problem = examine_table(&catalog, &table).await;
        findings.push(Finding { what: format!("table {}", table.name), problem });
    }
    for bucket in config.buckets.all() {
        let problem = examine_bucket(&catalog, bucket, config.region.as_deref()).await;
        findings.push(Finding { what: format!("bucket {bucket}"), problem });
    }
    if let Some(bucket) = &config.audit_bucket {
        let problem = examine_audit_bucket(&catalog, bucket, config, embedded.is_some()).await;
        findings.push(Finding { what: format!("bucket {bucket}"), problem });
    }
    if config.servers.cloudwatch {
        findings.extend(examine_logs(config, &aws, embedded.is_some()).await?);
    }
    if config.servers.rds {
        findings.extend(examine_databases(config, &aws).await);
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
    if let Some(from) = &config.mail_from {
        let problem = examine_mail(&aws, from).await;
        findings.push(Finding { what: format!("e-mails from {}", from.address()), problem });
    }
    if let Some(openid) = &config.openid {
        let problem = Issuer::new(openid.issuer.clone()).check().await.err();
        let problem = problem.map(|error| {
            format!("{error}. Check PATCHLINE_OIDC_ISSUER, and whether this machine reaches it.")
        });
        findings.push(Finding { what: format!("provider {}", openid.issuer.url), problem });
    }
    for known in &config.token_issuers {
        let problem = Issuer::new(known.issuer.clone()).check().await.err();
        let problem = problem
            .map(|error| format!("{error}. Check MCP_TOKEN_ISSUERS, and whether this machine reaches it."));
        findings.push(Finding { what: format!("authorization server {}", known.issuer.url), problem });
    }
    Ok(findings)
}

/// Whether a table is there and has its indexes, which one that an older version has asked for may be without.
async fn examine_table(catalog: &Catalog, table: &TableDefinition) -> Option<String> {
    let missing = match catalog.missing_indexes(table).await {
        Ok(missing) => missing,
        Err(failure) => return Some(explain(&failure, || creation(table))),
    };
    let names: Vec<_> = missing.iter().map(|(name, _)| *name).collect();
    // DynamoDB makes one after the other.
    let commands: Vec<_> = missing.iter().map(|(name, key)| creation_of_index(table, name, *key)).collect();
    (!missing.is_empty()).then(|| {
        format!("has no index {}. Make it: {}", names.join(" and no index "), commands.join(", and then: "))
    })
}

/// Whether a bucket is there and keeps versions, without which an overwritten file would be lost.
async fn examine_bucket(catalog: &Catalog, bucket: &str, region: Option<&str>) -> Option<String> {
    let switch_on = format!(
        "aws s3api put-bucket-versioning --bucket {bucket} --versioning-configuration Status=Enabled"
    );
    let create = || format!("aws s3api create-bucket --bucket {bucket}{} && {switch_on}", place(region));
    if let Err(failure) = catalog.check_bucket(bucket).await {
        return Some(explain(&failure, create));
    }
    match catalog.keeps_versions(bucket).await {
        Ok(true) => None,
        Ok(false) => Some(format!(
            "keeps no versions, so a file that is stored over another one replaces it for good. Switch them \
             on: {switch_on}"
        )),
        Err(failure) => Some(explain(&failure, create)),
    }
}

/// Whether the bucket of the audit log's checkpoints is there, and nobody can remove what is in it. The embedded
/// S3 has no such lock: its files lie on this machine.
async fn examine_audit_bucket(
    catalog: &Catalog,
    bucket: &str,
    config: &Config,
    is_embedded: bool,
) -> Option<String> {
    let lock = format!(
        "aws s3api put-object-lock-configuration --bucket {bucket} --object-lock-configuration \
         'ObjectLockEnabled=Enabled,Rule={{DefaultRetention={{Mode=COMPLIANCE,Days={}}}}}'",
        config.audit_retention.all
    );
    let create = || {
        let place = place(config.region.as_deref());
        format!("aws s3api create-bucket --bucket {bucket} --object-lock-enabled-for-bucket{place} && {lock}")
    };
    if let Err(failure) = catalog.check_bucket(bucket).await {
        return Some(explain(&failure, create));
    }
    if is_embedded {
        return None;
    }
    match catalog.locks_objects(bucket).await {
        Ok(true) => None,
        Ok(false) => Some(format!("does not keep what is put into it. Have it keep that: {lock}")),
        Err(failure) => Some(explain(&failure, create)),
    }
}

/// The log groups that are read or written, and the metrics.
async fn examine_logs(config: &Config, aws: &AwsClients, create: bool) -> Result<Vec<Finding>, CatalogError> {
    let monitoring = &config.monitoring;
    let mut findings = Vec::new();
    for name in monitoring.all_groups(config.audit) {
        if create {
            groups::create(aws, name).await?;
        }
        let problem = match groups::describe(aws, name).await {
            Ok(Some(_)) => None,
            Ok(None) => Some(format!(
                "does not exist. Make it: aws logs create-log-group --log-group-name {name} && aws logs \
                 put-retention-policy --log-group-name {name} --retention-in-days 30"
            )),
            Err(failure) => Some(explain(&failure, String::new)),
        };
        findings.push(Finding { what: format!("log group {name}"), problem });
    }
    if monitoring.groups.application().is_none() {
        findings.push(Finding {
            what: "log group of Patchline's own log".to_owned(),
            problem: Some("none of CLOUDWATCH_LOG_GROUPS contains the word application.".to_owned()),
        });
    }
    let listed = metrics::check(aws, &monitoring.namespace).await.err();
    let problem = listed.map(|failure| explain(&failure, String::new));
    findings.push(Finding { what: format!("metrics of {}", monitoring.namespace), problem });
    Ok(findings)
}

/// The databases, and what the Data API needs to reach them.
async fn examine_databases(config: &Config, aws: &AwsClients) -> Vec<Finding> {
    let mut findings = Vec::new();
    for database in config.databases.all() {
        let problem = match locate::describe(aws, database).await {
            Ok(None) => Some("there is neither an instance nor a cluster of this name.".to_owned()),
            Ok(Some(facts)) if facts.data_api == Some(false) => Some(format!(
                "its Data API is switched off. Switch it on: aws rds enable-http-endpoint --resource-arn {}",
                facts.arn
            )),
            Ok(Some(facts)) if database.secret_arn.is_none() && facts.managed_secret.is_none() => {
                Some(format!(
                    "no secret is known for it. Name that of a user who may only read: \
                     RDS_INSTANCES={}@arn:aws:secretsmanager:…",
                    database.name
                ))
            }
            Ok(Some(_)) => None,
            Err(failure) => Some(explain(&failure, String::new)),
        };
        findings.push(Finding { what: format!("database {}", database.name), problem });
    }
    if findings.is_empty() {
        let problem = Some("ENABLE_RDS is true, and RDS_INSTANCES names none.".to_owned());
        findings.push(Finding { what: "databases".to_owned(), problem });
    }
    findings
}

/// Whether SES sends, and knows the sender: the address itself, or its domain.
async fn examine_mail(aws: &AwsClients, from: &MailFrom) -> Option<String> {
    match what_keeps_mail(aws, from.address()).await {
        Ok(problem) => problem,
        Err(failure) => Some(explain(&failure, String::new)),
    }
}

/// What keeps SES from sending from an address.
async fn what_keeps_mail(aws: &AwsClients, address: &str) -> Result<Option<String>, AwsFailure> {
    if !mail::is_sending(aws).await? {
        return Ok(Some("SES does not send for this account. Its console says why.".to_owned()));
    }
    let domain = address.split_once('@').map_or(address, |(_, domain)| domain);
    if mail::is_verified(aws, address).await? || mail::is_verified(aws, domain).await? {
        return Ok(None);
    }
    Ok(Some(format!(
        "SES may not send from it. Verify it, or its domain: aws sesv2 create-email-identity \
         --email-identity {address}"
    )))
}

fn explain(failure: &AwsFailure, creation: impl Fn() -> String) -> String {
    let action = &failure.resource.action;
    match failure.kind {
        FailureKind::NoResource | FailureKind::NotFound => format!("does not exist. Make it: {}", creation()),
        FailureKind::Denied => format!(
            "the permission {action} is missing ({}). `patchline iam-policy` prints all that are needed.",
            failure.code
        ),
        FailureKind::Throttled => format!("the account's limit of {action} is reached ({}).", failure.code),
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

/// The command that gives a table that is there an index.
fn creation_of_index(table: &TableDefinition, name: &str, key: Key) -> String {
    let attributes = [Some(key.partition), key.sort].into_iter().flatten();
    let attributes: Vec<_> = attributes.map(|name| format!("AttributeName={name},AttributeType=S")).collect();
    let element = |name: &str, kind: &str| format!(r#"{{"AttributeName": "{name}", "KeyType": "{kind}"}}"#);
    let sort = key.sort.map(|sort| format!(", {}", element(sort, "RANGE"))).unwrap_or_default();
    format!(
        "aws dynamodb update-table --table-name {} --attribute-definitions {} --global-secondary-index-updates \
         '[{{\"Create\": {{\"IndexName\": \"{name}\", \"KeySchema\": [{}{sort}], \"Projection\": \
         {{\"ProjectionType\": \"ALL\"}}}}}}]'",
        table.name,
        attributes.join(" "),
        element(key.partition, "HASH"),
    )
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_index_that_is_missing_has_a_command_that_makes_it() {
        let key = Key { partition: "principal", sort: Some("id") };
        let table = TableDefinition {
            name: "patchline-audit".to_owned(),
            key: Key { partition: "logHour", sort: Some("id") },
            indexes: vec![("by-principal", key)],
            expiry: Some("expiresAt"),
        };
        let command = creation_of_index(&table, "by-principal", key);
        let (asked, updates) = command.split_once(" --global-secondary-index-updates ").expect("an update");
        assert_eq!(
            asked,
            "aws dynamodb update-table --table-name patchline-audit --attribute-definitions \
             AttributeName=principal,AttributeType=S AttributeName=id,AttributeType=S"
        );
        let updates: serde_json::Value = serde_json::from_str(updates.trim_matches('\'')).expect("JSON");
        let create = &updates[0]["Create"];
        assert_eq!(create["IndexName"], "by-principal");
        assert_eq!(create["KeySchema"][0]["AttributeName"], "principal");
        assert_eq!(create["KeySchema"][1], serde_json::json!({ "AttributeName": "id", "KeyType": "RANGE" }));
        assert_eq!(create["Projection"]["ProjectionType"], "ALL");
    }
}
