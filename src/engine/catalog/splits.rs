//! The repository of splits: who shares in what a release earns, as people have entered it.

use super::item::{self, table_resource};
use super::schema::SPLITS_TABLE;
use super::{Catalog, CatalogError};
use crate::engine::aws::{AwsFailure, FailureKind};
use crate::model::splits::ReleaseSplits;
use crate::model::tool::AwsResource;
use aws_sdk_dynamodb::types::AttributeValue;
use serde::{Deserialize, Serialize};

/// What they are called in messages.
const WHAT: &str = "splits of release";

/// The splits of a release as they are kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct KeptSplits {
    /// The release.
    pub(crate) release: String,
    /// Counts the changes.
    pub(crate) version: u32,
    /// Who shares.
    pub(crate) splits: ReleaseSplits,
    /// Who has changed them last.
    pub(crate) updated_by: String,
    /// When, RFC 3339 in UTC.
    pub(crate) updated_at: String,
}

impl Catalog {
    /// The splits of a release; none where nobody has entered them.
    pub(crate) async fn splits(&self, release: &str) -> Result<Option<KeptSplits>, CatalogError> {
        let answer = self
            .aws
            .dynamodb
            .get_item()
            .table_name(SPLITS_TABLE)
            .key("release", AttributeValue::S(release.to_owned()))
            .consistent_read(true)
            .send()
            .await
            .map_err(|error| AwsFailure::from_sdk(resource("GetItem"), &error))?;
        answer.item.map(|found| item::read(WHAT, release, found)).transpose()
    }

    /// Keeps the splits of a release, if they still are the version before.
    ///
    /// # Errors
    /// `Conflict` where somebody else was faster; else what AWS says.
    pub(crate) async fn keep_splits(&self, kept: &KeptSplits) -> Result<(), CatalogError> {
        let before = kept.version.saturating_sub(1);
        let request = self.aws.dynamodb.put_item().table_name(SPLITS_TABLE).set_item(Some(item::write(
            WHAT,
            &kept.release,
            kept,
        )?));
        let request = if before == 0 {
            request
                .condition_expression("attribute_not_exists(#release)")
                .expression_attribute_names("#release", "release")
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
                Err(CatalogError::Conflict { what: WHAT, id: kept.release.clone(), current: None })
            }
            _ => Err(failure.into()),
        }
    }
}

fn resource(action: &str) -> AwsResource {
    table_resource(action, SPLITS_TABLE)
}
