//! The repository of waivers: findings of a release that somebody has decided to live with.

use super::item::{self, table_resource};
use super::schema::WAIVERS_TABLE;
use super::{Catalog, CatalogError};
use crate::engine::aws::AwsFailure;
use crate::model::tool::AwsResource;
use aws_sdk_dynamodb::types::AttributeValue;
use serde::{Deserialize, Serialize};

/// A waiver as it is kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct KeptWaiver {
    /// The release.
    pub(crate) release: String,
    /// What the finding is about, the code of its rule, and what was found: see [`KeptWaiver::name`].
    pub(crate) finding: String,
    /// Who has waived it.
    pub(crate) by: String,
    /// When, RFC 3339 in UTC.
    pub(crate) at: String,
    /// Why.
    pub(crate) reason: String,
}

impl KeptWaiver {
    /// Names a finding within a release. Another finding of the same rule, and the same one in another content, have
    /// another fingerprint.
    pub(crate) fn name(subject: &str, code: &str, fingerprint: &str) -> String {
        format!("{subject}#{code}#{fingerprint}")
    }

    /// What it is about and the code of its rule, for people.
    pub(crate) fn subject_and_code(&self) -> (&str, &str) {
        let mut parts = self.finding.split('#');
        (parts.next().unwrap_or_default(), parts.next().unwrap_or_default())
    }
}

impl Catalog {
    /// The waivers of a release. There are few: one for each finding at most.
    pub(crate) async fn waivers(&self, release: &str) -> Result<Vec<KeptWaiver>, CatalogError> {
        let answer = self
            .aws
            .dynamodb
            .query()
            .table_name(WAIVERS_TABLE)
            .key_condition_expression("#release = :release")
            .expression_attribute_names("#release", "release")
            .expression_attribute_values(":release", AttributeValue::S(release.to_owned()))
            .consistent_read(true)
            .send()
            .await
            .map_err(|error| AwsFailure::from_sdk(resource("Query"), &error))?;
        let found = answer.items.unwrap_or_default().into_iter();
        found.map(|found| item::read("waiver", release, found)).collect()
    }

    /// Keeps a waiver; one for the same finding is replaced.
    pub(crate) async fn keep_waiver(&self, waiver: &KeptWaiver) -> Result<(), CatalogError> {
        let written = item::write("waiver", &waiver.finding, waiver)?;
        let request = self.aws.dynamodb.put_item().table_name(WAIVERS_TABLE).set_item(Some(written));
        let sent = request.send().await;
        sent.map(drop).map_err(|error| AwsFailure::from_sdk(resource("PutItem"), &error).into())
    }

    /// Removes a waiver; one that is not there is no error.
    pub(crate) async fn remove_waiver(&self, release: &str, finding: &str) -> Result<(), CatalogError> {
        let sent = self
            .aws
            .dynamodb
            .delete_item()
            .table_name(WAIVERS_TABLE)
            .key("release", AttributeValue::S(release.to_owned()))
            .key("finding", AttributeValue::S(finding.to_owned()))
            .send()
            .await;
        sent.map(drop).map_err(|error| AwsFailure::from_sdk(resource("DeleteItem"), &error).into())
    }
}

fn resource(action: &str) -> AwsResource {
    table_resource(action, WAIVERS_TABLE)
}
