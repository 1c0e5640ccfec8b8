//! Which definitions of third parties' tools an admin has approved: one item for each third party with the
//! hashes, and one for each tool with the definition, for comparing it with a later one.

use crate::engine::catalog::schema::SETTINGS_TABLE;
use crate::engine::catalog::{Catalog, CatalogError};
use crate::engine::tools::{Class, Context, Effect, Operation, ToolError, choices};
use crate::model::tool::AwsResource;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// How often a change is tried when somebody else changes the item at the same moment.
const TRIES: u32 = 4;

/// What has been approved of one third party, by the tool's own name.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Approvals {
    version: u32,
    /// The approvals.
    pub tools: BTreeMap<String, Approval>,
}

/// An approval.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Approval {
    /// The SHA-256 of the definition.
    pub sha256: String,
    /// Who approved it.
    pub by: String,
    /// When, RFC 3339 in UTC.
    pub since: String,
}

#[derive(Serialize, Deserialize)]
struct Stored {
    definition: String,
}

impl Approvals {
    /// What is stored.
    ///
    /// # Errors
    /// What AWS says.
    pub async fn read(catalog: &Catalog, server: &str) -> Result<Self, CatalogError> {
        Ok(catalog.setting::<Self>(&hashes(server)).await?.unwrap_or_default())
    }

    /// The definition that was approved last.
    pub(super) async fn definition(
        catalog: &Catalog,
        server: &str,
        tool: &str,
    ) -> Result<Option<String>, CatalogError> {
        let stored = catalog.setting::<Stored>(&definition(server, tool)).await?;
        Ok(stored.map(|stored| stored.definition))
    }

    /// Whether this was read before the other, so that it must not take its place.
    pub fn is_older_than(&self, other: &Self) -> bool {
        self.version < other.version
    }
}

fn hashes(server: &str) -> String {
    format!("approvedTools#{server}")
}

fn definition(server: &str, tool: &str) -> String {
    format!("approvedTool#{server}#{tool}")
}

/// What is approved.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ApproveToolInput {
    /// The third party.
    pub server: String,
    /// The tool's own name.
    pub tool: String,
    /// The hash of the definition that the admin saw.
    pub sha256: String,
    /// The definition.
    #[serde(skip)]
    pub definition: String,
}

/// Approves the definition of a tool.
pub struct ApproveTool;

impl Operation for ApproveTool {
    const NAME: &'static str = "approve_tool";
    const EFFECT: Effect = Effect::Replaces;
    const CLASS: Class = Class::Page;
    type Input = ApproveToolInput;
    type Output = Approvals;

    fn resources(_: &ApproveToolInput, _: &Catalog) -> Result<Vec<AwsResource>, ToolError> {
        Ok(vec![choices::dynamodb("PutItem", SETTINGS_TABLE)])
    }

    async fn run(input: ApproveToolInput, context: Context) -> Result<Approvals, ToolError> {
        let ApproveToolInput { server, tool, sha256, definition: text } = input;
        let catalog = &context.catalog;
        catalog.set_setting(&definition(&server, &tool), &Stored { definition: text }).await?;
        let since = context.now.strftime("%Y-%m-%dT%H:%M:%SZ").to_string();
        let approval = Approval { sha256, by: context.actor.clone(), since };
        let mut tries = 0;
        loop {
            let read = catalog.setting::<Approvals>(&hashes(&server)).await?;
            let version = read.as_ref().map(|approvals| approvals.version);
            let mut approvals = read.unwrap_or_default();
            approvals.tools.insert(tool.clone(), approval.clone());
            approvals.version += 1;
            tries += 1;
            match catalog
                .replace_setting("list of approved tools", &hashes(&server), &approvals, version)
                .await
            {
                Ok(()) => return Ok(approvals),
                Err(CatalogError::Conflict { .. }) if tries < TRIES => {}
                Err(error) => return Err(error.into()),
            }
        }
    }
}
