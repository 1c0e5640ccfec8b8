//! Buckets and tables as arguments: defaults, allow lists, and the choices shown in schemas.

use super::ToolError;
use crate::engine::catalog::Catalog;
use crate::engine::config::{BucketRole, Database, TableRole};
use crate::model::tool::AwsResource;
use serde_json::{Value, json};

/// The arguments that name a place of an allow list.
const PLACES: [&str; 6] =
    ["bucketName", "tableName", "logGroupName", "instanceName", "knowledgeBaseId", "modelId"];

/// Whether an argument names a place of an allow list: something that is not on it is forbidden, not wrong.
pub(crate) fn names_a_place(argument: &str) -> bool {
    PLACES.contains(&argument)
}

/// The bucket that an argument names, or the default for the purpose.
pub(super) fn bucket<'a>(
    named: Option<&'a str>,
    role: BucketRole,
    catalog: &'a Catalog,
) -> Result<&'a str, ToolError> {
    let Some(name) = named else { return Ok(catalog.buckets.default_of(role)) };
    catalog.buckets.of(role).find(|known| *known == name).ok_or_else(|| ToolError::NotConfigured {
        what: "bucket",
        field: "bucketName",
        name: name.to_owned(),
        allowed: catalog.buckets.of(role).map(str::to_owned).collect(),
    })
}

/// The table that an argument names, or the default for the purpose.
pub(super) fn table<'a>(
    named: Option<&'a str>,
    role: TableRole,
    catalog: &'a Catalog,
) -> Result<&'a str, ToolError> {
    let Some(name) = named else { return Ok(catalog.table(role)) };
    catalog.tables.of(role).find(|known| *known == name).ok_or_else(|| ToolError::NotConfigured {
        what: "table",
        field: "tableName",
        name: name.to_owned(),
        allowed: catalog.tables.of(role).map(str::to_owned).collect(),
    })
}

/// Writes the allowed buckets into a schema.
pub(super) fn offer_buckets(schema: &mut Value, role: BucketRole, catalog: &Catalog) {
    offer(schema, "bucketName", catalog.buckets.of(role).collect());
}

/// Writes the allowed tables into a schema.
pub(super) fn offer_tables(schema: &mut Value, role: TableRole, catalog: &Catalog) {
    offer(schema, "tableName", catalog.tables.of(role).collect());
}

/// Says in a schema what an argument is for this tool, where several tools share their arguments.
pub(super) fn refine(schema: &mut Value, property: &str, words: &Value) {
    if let (Some(property), Some(words)) = (schema["properties"][property].as_object_mut(), words.as_object())
    {
        property.extend(words.clone());
    }
}

fn offer(schema: &mut Value, property: &str, choices: Vec<&str>) {
    if let Some(property) = schema["properties"][property].as_object_mut() {
        property.insert("type".to_owned(), json!("string"));
        property.insert("default".to_owned(), json!(choices.first()));
        property.insert("enum".to_owned(), json!(choices));
    }
}

/// The log group that an argument names, or the default.
pub(super) fn log_group<'a>(named: Option<&'a str>, catalog: &'a Catalog) -> Result<&'a str, ToolError> {
    let groups = &catalog.monitoring.groups;
    let Some(name) = named else { return Ok(groups.default_group()) };
    groups.find(name).ok_or_else(|| ToolError::NotConfigured {
        what: "log group",
        field: "logGroupName",
        name: name.to_owned(),
        allowed: groups.all().map(str::to_owned).collect(),
    })
}

/// The database that an argument names, or the default.
pub(super) fn database<'a>(named: Option<&str>, catalog: &'a Catalog) -> Result<&'a Database, ToolError> {
    let databases = &catalog.databases;
    match databases.find(named) {
        Some(database) => Ok(database),
        None if databases.all().next().is_none() => Err(ToolError::NotAvailable(
            "No database is configured. Name those that may be read in RDS_INSTANCES.".to_owned(),
        )),
        None => Err(ToolError::NotConfigured {
            what: "database",
            field: "instanceName",
            name: named.unwrap_or_default().to_owned(),
            allowed: databases.all().map(|database| database.name.clone()).collect(),
        }),
    }
}

/// Writes the allowed log groups into a schema.
pub(super) fn offer_log_groups(schema: &mut Value, first: &str, catalog: &Catalog) {
    let others = catalog.monitoring.groups.all().filter(|name| *name != first);
    let first = catalog.monitoring.groups.find(first);
    offer(schema, "logGroupName", first.into_iter().chain(others).collect());
}

/// Writes the allowed databases into a schema; none are offered where none are configured.
pub(super) fn offer_databases(schema: &mut Value, catalog: &Catalog) {
    let names: Vec<_> = catalog.databases.all().map(|database| database.name.as_str()).collect();
    if !names.is_empty() {
        offer(schema, "instanceName", names);
    }
}

/// A log group that a call touches.
pub(super) fn logs(action: &str, group: &str) -> AwsResource {
    AwsResource { service: "logs".to_owned(), action: format!("logs:{action}"), name: group.to_owned() }
}

/// Metrics that a call reads.
pub(super) fn metrics(action: &str, namespace: &str) -> AwsResource {
    let action = format!("cloudwatch:{action}");
    AwsResource { service: "cloudwatch".to_owned(), action, name: namespace.to_owned() }
}

/// A bucket or file that a call touches.
pub(super) fn s3(action: &str, bucket: &str, key: &str) -> AwsResource {
    let name = if key.is_empty() { bucket.to_owned() } else { format!("{bucket}/{key}") };
    AwsResource { service: "s3".to_owned(), action: format!("s3:{action}"), name }
}

/// A table that a call touches.
pub(super) fn dynamodb(action: &str, table: &str) -> AwsResource {
    let action = format!("dynamodb:{action}");
    AwsResource { service: "dynamodb".to_owned(), action, name: table.to_owned() }
}
