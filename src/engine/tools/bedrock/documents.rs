//! `list_knowledge_documents`.

use super::choice;
use crate::engine::catalog::{Catalog, decode_token, encode_token};
use crate::engine::knowledge::documents::{self, Listed, State};
use crate::engine::knowledge::resource;
use crate::engine::tools::{Class, Content, Context, Effect, Operation, Server, Tool, ToolError};
use crate::model::tool::AwsResource;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// Which documents to list.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ListDocumentsInput {
    /// The knowledge base.
    #[schemars(title = "Knowledge base")]
    pub knowledge_base_id: Option<String>,
    /// How many documents at most.
    #[schemars(title = "Documents on a page", range(min = 1, max = 100))]
    #[serde(default = "default_results")]
    pub max_results: u32,
    /// Where the page begins: `nextToken` of the page before.
    #[schemars(title = "Next page")]
    pub next_token: Option<String>,
}

fn default_results() -> u32 {
    50
}

/// A page of documents.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct DocumentPage {
    /// The knowledge base.
    #[schemars(title = "Knowledge base")]
    pub knowledge_base_id: String,
    /// The documents in the order of their names; entries are not among them.
    pub documents: Vec<DocumentView>,
    /// The token of the next page; none on the last.
    pub next_token: Option<String>,
}

/// A document of a knowledge base.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct DocumentView {
    /// Its name in the bucket of the knowledge base.
    pub file_name: String,
    /// Its title, where one is stored with it.
    pub title: Option<String>,
    /// Size in bytes.
    #[schemars(title = "Size")]
    pub size_bytes: u64,
    /// When it was stored, RFC 3339 in UTC.
    #[schemars(title = "Stored")]
    pub last_modified: Option<String>,
    /// Who added it, where known.
    pub added_by: Option<String>,
    /// How many pages it has, where known.
    pub pages: Option<u32>,
    /// How many of its pages have no text and cannot be found, where known.
    pub pages_without_text: Option<u32>,
    /// How many passages it is searched by, where known.
    pub passages: Option<u32>,
    /// Whether it can be found.
    pub state: DocumentState,
    /// Why it could not be read, or why that is not known.
    pub problem: Option<String>,
    /// Whether it comes with Patchline and cannot be removed.
    #[schemars(title = "Comes with Patchline")]
    pub is_shipped: bool,
    /// Whether it belongs to the sample label.
    pub sample: bool,
}

/// Whether a document can be found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub enum DocumentState {
    /// It is searched.
    Indexed,
    /// It is not read yet.
    Waiting,
    /// It could not be read.
    Failed,
    /// Bedrock does not say whether it could be read.
    Unknown,
}

impl From<Listed> for DocumentView {
    fn from(listed: Listed) -> Self {
        let (state, problem) = match listed.state {
            State::Indexed => (DocumentState::Indexed, None),
            State::Waiting => (DocumentState::Waiting, None),
            State::Failed(reason) => (DocumentState::Failed, Some(reason)),
            State::Unknown(reason) => (DocumentState::Unknown, Some(reason)),
        };
        Self {
            file_name: listed.key,
            title: listed.title,
            size_bytes: listed.bytes,
            last_modified: listed.last_modified,
            added_by: listed.added_by,
            pages: listed.pages,
            pages_without_text: listed.pages_without_text,
            passages: listed.passages,
            state,
            problem,
            is_shipped: listed.is_shipped,
            sample: listed.sample,
        }
    }
}

/// Lists the documents of a knowledge base.
pub struct ListKnowledgeDocuments;

impl Operation for ListKnowledgeDocuments {
    const NAME: &'static str = "list_knowledge_documents";
    const EFFECT: Effect = Effect::Reads;
    const CLASS: Class = Class::Call;
    type Input = ListDocumentsInput;
    type Output = DocumentPage;

    fn resources(input: &ListDocumentsInput, catalog: &Catalog) -> Result<Vec<AwsResource>, ToolError> {
        Ok(vec![resource("ListIngestionJobs", choice::base(input.knowledge_base_id.as_deref(), catalog)?)])
    }

    async fn run(input: ListDocumentsInput, context: Context) -> Result<DocumentPage, ToolError> {
        let catalog = &context.catalog;
        let base = choice::base(input.knowledge_base_id.as_deref(), catalog)?;
        let asked = format!("documents of {base}");
        let wrong = |message: String| ToolError::field("nextToken", message);
        let after = input.next_token.map(|token| decode_token(&token, &asked)).transpose();
        let after = after.map_err(|error| wrong(error.to_string()))?.unwrap_or_default();
        let (source, mut keys) = documents::keys(catalog, base).await?;
        keys.retain(|document| document.key > after);
        let limit = usize::try_from(input.max_results).unwrap_or(usize::MAX);
        let has_more = keys.len() > limit;
        keys.truncate(limit);
        let next_token = keys.last().filter(|_| has_more).map(|last| encode_token(&last.key, &asked));
        let listed = documents::describe(catalog, base, &source, keys).await?;
        Ok(DocumentPage {
            knowledge_base_id: base.to_owned(),
            documents: listed.into_iter().map(DocumentView::from).collect(),
            next_token,
        })
    }
}

impl Tool for ListKnowledgeDocuments {
    const SERVER: Server = Server::Bedrock;
    const CONTENT: Content = Content::Untrusted;
    const TITLE: &'static str = "List documents of a knowledge base";
    const DESCRIPTION: &'static str = "Lists the documents of a knowledge base with their state: indexed, waiting, or \
        why they could not be read; with pages and passages where they are known.";

    fn complete_schema(schema: &mut Value, catalog: &Catalog) {
        choice::offer_bases(schema, catalog);
    }
}
