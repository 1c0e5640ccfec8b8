//! Tools as people and AI clients see them, and the result of running one.

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// A tool that the caller may use.
#[cfg_attr(feature = "ssr", derive(schemars::JsonSchema))]
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ToolDescription {
    /// The name, for instance `query_artist_data`.
    pub name: String,
    /// The server it belongs to: `s3`, `dynamodb` …
    pub server: String,
    /// The name that people read.
    pub title: String,
    /// What it does, in a sentence or two.
    pub description: String,
    /// JSON Schema (2020-12) of the arguments.
    pub input_schema: Value,
    /// JSON Schema (2020-12) of the result.
    pub output_schema: Value,
    /// What it does to the world.
    pub annotations: ToolAnnotations,
}

/// What a tool does to the world, as MCP names it.
#[cfg_attr(feature = "ssr", derive(schemars::JsonSchema))]
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[expect(clippy::struct_excessive_bools, reason = "the four hints are MCP's own")]
pub struct ToolAnnotations {
    /// Changes nothing.
    pub read_only_hint: bool,
    /// May overwrite or remove what was there.
    pub destructive_hint: bool,
    /// Doing it twice with the same arguments is doing it once.
    pub idempotent_hint: bool,
    /// Reaches beyond the label's own systems.
    pub open_world_hint: bool,
}

/// What a caller may choose from, where the arguments of a call mean several things.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Choice {
    /// The argument that settles it.
    pub argument: String,
    /// The argument that it takes the place of.
    pub replaces: String,
    /// What the argument may be.
    pub options: Vec<ChoiceOption>,
}

/// One thing to choose.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ChoiceOption {
    /// The value of the argument.
    pub value: String,
    /// What people know it by.
    pub title: String,
}

/// An AWS resource that a call touched.
#[cfg_attr(feature = "ssr", derive(schemars::JsonSchema))]
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AwsResource {
    /// The service: `s3`, `dynamodb` …
    pub service: String,
    /// What was done, as in an IAM policy: `s3:GetObject`.
    pub action: String,
    /// The bucket and key, the table, the index.
    pub name: String,
}

/// A finished run of a tool.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ToolRun {
    /// The tool.
    pub tool: String,
    /// Names this call in the audit log and in error reports.
    pub request_id: String,
    /// The result, as the output schema describes it.
    pub result: Value,
    /// What the call touched.
    pub resources: Vec<AwsResource>,
    /// How long it took at the door, in microseconds.
    pub duration_micros: u64,
}
