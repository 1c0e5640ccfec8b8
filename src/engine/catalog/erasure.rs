//! Erases what of somebody's audit records is personal. Their hashes stay, so the log is proven all the same.

use super::item::{self, table_resource};
use super::schema::AUDIT_TABLE;
use super::{Catalog, CatalogError};
use crate::engine::aws::{AwsFailure, FailureKind};
use aws_sdk_dynamodb::types::AttributeValue;

/// What is erased: the salt, without which the digest tells nothing of the rest, and the rest.
const ERASED: [(&str, &str); 7] = [
    ("#salt", "salt"),
    ("#address", "address"),
    ("#arguments", "arguments"),
    ("#digest", "argumentsSha256"),
    ("#resources", "resources"),
    ("#error", "error"),
    ("#bearer", "bearer"),
];

impl Catalog {
    /// Erases it from every record of what somebody did, or a program in their name, and tells from how many.
    ///
    /// For whom a program calls stands in no index, so the whole log is read.
    pub(crate) async fn erase_payloads_of(&self, principal: &str) -> Result<u64, CatalogError> {
        let mut pages = self
            .aws
            .dynamodb_lists
            .scan()
            .table_name(AUDIT_TABLE)
            .filter_expression("attribute_exists(#salt) AND (#principal = :who OR #owner = :who)")
            .consistent_read(true)
            .expression_attribute_names("#principal", "principal")
            .expression_attribute_names("#owner", "onBehalfOf")
            .expression_attribute_names("#salt", "salt")
            .expression_attribute_values(":who", AttributeValue::S(principal.to_owned()))
            .into_paginator()
            .send();
        let mut erased = 0;
        while let Some(page) = pages.next().await {
            let page =
                page.map_err(|error| AwsFailure::from_sdk(table_resource("Scan", AUDIT_TABLE), &error))?;
            for found in page.items.unwrap_or_default() {
                self.erase_payload(item::text(&found, "logHour"), item::text(&found, "id")).await?;
                erased += 1;
            }
        }
        Ok(erased)
    }

    async fn erase_payload(&self, log_hour: &str, id: &str) -> Result<(), CatalogError> {
        let names = ERASED.map(|(name, _)| name).join(", ");
        let mut update = self
            .aws
            .dynamodb_lists
            .update_item()
            .table_name(AUDIT_TABLE)
            .key("logHour", AttributeValue::S(log_hour.to_owned()))
            .key("id", AttributeValue::S(id.to_owned()))
            .update_expression(format!("REMOVE {names}"))
            // One that has been removed meanwhile does not come back without anything in it.
            .condition_expression("attribute_exists(#salt)");
        for (name, attribute) in ERASED {
            update = update.expression_attribute_names(name, attribute);
        }
        let Err(error) = update.send().await else { return Ok(()) };
        let failure = AwsFailure::from_sdk(table_resource("UpdateItem", AUDIT_TABLE), &error);
        match failure.kind {
            FailureKind::Condition => Ok(()),
            _ => Err(failure.into()),
        }
    }
}
