//! Between DynamoDB items and our types, keeping numbers numbers.

use super::CatalogError;
use crate::model::tool::AwsResource;
use aws_sdk_dynamodb::types::AttributeValue;
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::collections::HashMap;

/// An item as the SDK has it.
pub(crate) type Item = HashMap<String, AttributeValue>;

/// Reads an item into a type.
pub(crate) fn read<T: DeserializeOwned>(what: &'static str, id: &str, item: Item) -> Result<T, CatalogError> {
    serde_dynamo::from_item(item).map_err(|error| CatalogError::Unreadable {
        what,
        id: id.to_owned(),
        detail: error.to_string(),
    })
}

/// Writes a type as an item.
pub(crate) fn write<T: Serialize>(what: &'static str, id: &str, value: &T) -> Result<Item, CatalogError> {
    serde_dynamo::to_item(value).map_err(|error| CatalogError::Unreadable {
        what,
        id: id.to_owned(),
        detail: error.to_string(),
    })
}

/// The text of a key attribute, for messages.
pub(crate) fn text<'a>(item: &'a Item, attribute: &str) -> &'a str {
    item.get(attribute).and_then(|value| value.as_s().ok()).map_or("?", String::as_str)
}

/// A table, and what is done to it.
pub(crate) fn table_resource(action: &str, table: &str) -> AwsResource {
    AwsResource { service: "dynamodb".into(), action: format!("dynamodb:{action}"), name: table.to_owned() }
}

/// An object or a bucket, and what is done to it.
pub(crate) fn bucket_resource(action: &str, bucket: &str, key: &str) -> AwsResource {
    let name = if key.is_empty() { bucket.to_owned() } else { format!("{bucket}/{key}") };
    AwsResource { service: "s3".into(), action: format!("s3:{action}"), name }
}
