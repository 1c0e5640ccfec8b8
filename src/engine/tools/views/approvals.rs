//! Which definitions of third parties' tools an admin has approved: one item for each third party with the
//! hashes, and one for each tool with the definition, for comparing it with a later one.

use crate::engine::catalog::schema::SETTINGS_TABLE;
use crate::engine::catalog::{Catalog, CatalogError, Counted};
use crate::engine::tools::{Class, Context, Effect, Operation, ToolError, choices};
use crate::model::tool::AwsResource;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

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

impl Counted for Approvals {
    const WHAT: &'static str = "list of approved tools";

    fn version(&mut self) -> &mut u32 {
        &mut self.version
    }
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
        catalog
            .change_setting::<Approvals, ToolError>(&hashes(&server), |approvals| {
                approvals.tools.insert(tool.clone(), approval.clone());
                Ok(())
            })
            .await
    }
}
