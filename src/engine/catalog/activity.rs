//! What one principal did, and what everybody did lately, as the audit table has it.

use super::item::table_resource;
use super::records::Records;
use super::schema::{AUDIT_BY_PRINCIPAL, AUDIT_TABLE};
use super::{Catalog, CatalogError};
use crate::engine::aws::AwsFailure;
use aws_sdk_dynamodb::types::AttributeValue;
use serde::de::DeserializeOwned;
use std::collections::HashMap;

/// What is read of the records of everybody.
const PARTS: [&str; 12] = [
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
    "policies",
    "wouldDeny",
];

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

    /// The calls of everybody that ended since a moment (RFC 3339 in UTC), in no order, and whether these are
    /// all: it stops reading when it has `most` of them. Their arguments are not read.
    pub(crate) async fn calls_since<T: DeserializeOwned>(
        &self,
        since: &str,
        most: usize,
    ) -> Result<(Records<T>, bool), CatalogError> {
        let alias = |name: &str| (format!("#{name}"), name.to_owned());
        let names: HashMap<String, String> = PARTS.into_iter().chain(["phase"]).map(alias).collect();
        let wanted = PARTS.map(|name| format!("#{name}")).join(", ");
        let mut items = Vec::new();
        let mut start = None;
        loop {
            let page = self
                .aws
                .dynamodb_lists
                .scan()
                .table_name(AUDIT_TABLE)
                .projection_expression(&wanted)
                // What has no operation is no record of a call.
                .filter_expression("#time >= :since AND #phase = :outcome AND attribute_exists(#operation)")
                .set_expression_attribute_names(Some(names.clone()))
                .expression_attribute_values(":since", AttributeValue::S(since.to_owned()))
                .expression_attribute_values(":outcome", AttributeValue::S("outcome".to_owned()))
                .set_exclusive_start_key(start)
                .send()
                .await
                .map_err(|error| AwsFailure::from_sdk(table_resource("Scan", AUDIT_TABLE), &error))?;
            items.extend(page.items.unwrap_or_default());
            start = page.last_evaluated_key.filter(|key| !key.is_empty());
            if start.is_none() || items.len() >= most {
                break;
            }
        }
        let are_all = start.is_none() && items.len() <= most;
        items.truncate(most);
        Ok((Records::read("audit record", "id", items), are_all))
    }
}
