//! The repository of what contracts say, as people have entered it.

use super::item::{self, Item, table_resource};
use super::schema::CONTRACT_TERMS_TABLE;
use super::{Catalog, CatalogError};
use crate::engine::aws::{AwsFailure, FailureKind};
use crate::model::contract::ContractTerms;
use crate::model::tool::AwsResource;
use aws_sdk_dynamodb::types::AttributeValue;
use serde::{Deserialize, Serialize};

/// What one is called in messages.
const WHAT: &str = "terms of contract";

/// The terms of a contract as they are kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct KeptTerms {
    /// The file: see [`KeptTerms::name`].
    pub(crate) contract: String,
    /// Counts the changes.
    pub(crate) version: u32,
    /// What it says.
    pub(crate) terms: ContractTerms,
    /// Who has changed it last.
    pub(crate) updated_by: String,
    /// When, RFC 3339 in UTC.
    pub(crate) updated_at: String,
}

impl KeptTerms {
    /// Names a contract.
    pub(crate) fn name(bucket: &str, file_name: &str) -> String {
        format!("{bucket}/{file_name}")
    }
}

impl Catalog {
    /// The terms of a contract; none where nobody has entered them.
    pub(crate) async fn contract_terms(&self, contract: &str) -> Result<Option<KeptTerms>, CatalogError> {
        let answer = self
            .aws
            .dynamodb
            .get_item()
            .table_name(CONTRACT_TERMS_TABLE)
            .key("contract", AttributeValue::S(contract.to_owned()))
            .consistent_read(true)
            .send()
            .await
            .map_err(|error| AwsFailure::from_sdk(resource("GetItem"), &error))?;
        answer.item.map(|found| item::read(WHAT, contract, found)).transpose()
    }

    /// The terms of all contracts; what cannot be read is left out and logged.
    pub(crate) async fn all_contract_terms(&self) -> Result<Vec<KeptTerms>, CatalogError> {
        let items: Vec<Item> = self.scan_all(CONTRACT_TERMS_TABLE).await?;
        let read = items.into_iter().filter_map(|found| {
            let name = item::text(&found, "contract").to_owned();
            let read = item::read::<KeptTerms>(WHAT, &name, found);
            read.inspect_err(|error| tracing::error!(%error, "terms are left out of the list")).ok()
        });
        Ok(read.collect())
    }

    /// Keeps the terms of a contract, if they still are the version before.
    ///
    /// # Errors
    /// `Conflict` where somebody else was faster; else what AWS says.
    pub(crate) async fn keep_contract_terms(&self, kept: &KeptTerms) -> Result<(), CatalogError> {
        let before = kept.version.saturating_sub(1);
        let request = self
            .aws
            .dynamodb
            .put_item()
            .table_name(CONTRACT_TERMS_TABLE)
            .set_item(Some(item::write(WHAT, &kept.contract, kept)?));
        let request = if before == 0 {
            request
                .condition_expression("attribute_not_exists(#contract)")
                .expression_attribute_names("#contract", "contract")
        } else {
            request
                .condition_expression("#version = :before")
                .expression_attribute_names("#version", "version")
                .expression_attribute_values(":before", AttributeValue::N(before.to_string()))
        };
        let Err(error) = request.send().await else { return Ok(()) };
        let failure = AwsFailure::from_sdk(resource("PutItem"), &error);
        match failure.kind {
            FailureKind::Condition => {
                Err(CatalogError::Conflict { what: WHAT, id: kept.contract.clone(), current: None })
            }
            _ => Err(failure.into()),
        }
    }
}

fn resource(action: &str) -> AwsResource {
    table_resource(action, CONTRACT_TERMS_TABLE)
}
