//! The entries of the knowledge base by name, page by page.

use super::knowledge::default_base;
use crate::engine::catalog::{Catalog, decode_token, encode_token};
use crate::engine::knowledge::{resource, source};
use crate::engine::tools::{Class, Context, Effect, Operation, ToolError};
use crate::model::tool::AwsResource;
use serde::Serialize;

/// Which entries.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ListKnowledgeEntriesInput {
    /// How many at most.
    pub most: u32,
    /// Where the page begins.
    pub cursor: Option<String>,
}

/// Entries.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EntryNames {
    /// Their names in the bucket of the knowledge base.
    pub names: Vec<String>,
    /// Where the next page begins; none on the last.
    pub next_cursor: Option<String>,
}

/// Lists entries.
pub struct ListKnowledgeEntries;

impl Operation for ListKnowledgeEntries {
    const NAME: &'static str = "list_knowledge_entries";
    const EFFECT: Effect = Effect::Reads;
    const CLASS: Class = Class::Call;
    type Input = ListKnowledgeEntriesInput;
    type Output = EntryNames;

    fn resources(_: &ListKnowledgeEntriesInput, catalog: &Catalog) -> Result<Vec<AwsResource>, ToolError> {
        Ok(vec![resource("ListDataSources", default_base(catalog)?)])
    }

    async fn run(input: ListKnowledgeEntriesInput, context: Context) -> Result<EntryNames, ToolError> {
        let base = default_base(&context.catalog)?;
        let asked = format!("entries of {base}");
        let token = input.cursor.map(|cursor| decode_token(&cursor, &asked)).transpose()?;
        let (names, next) = source::entries(&context.catalog, base, input.most, token).await?;
        Ok(EntryNames { names, next_cursor: next.map(|token| encode_token(&token, &asked)) })
    }
}
