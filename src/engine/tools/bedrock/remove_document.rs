//! `remove_knowledge_document`.

use super::choice;
use crate::engine::catalog::{Catalog, ObjectKey};
use crate::engine::knowledge::base::Started;
use crate::engine::knowledge::{documents, resource};
use crate::engine::tools::{Class, Content, Context, Effect, Operation, Server, Tool, ToolError};
use crate::model::tool::AwsResource;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// Which document to remove.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct RemoveDocumentInput {
    /// The knowledge base.
    #[schemars(title = "Knowledge base")]
    pub knowledge_base_id: Option<String>,
    /// The document's name as listed, for instance `documents/mira-contract.pdf`.
    #[schemars(title = "Document", length(min = 1, max = 1024))]
    pub file_name: String,
}

/// A document that was removed.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct RemovedDocument {
    /// The knowledge base.
    #[schemars(title = "Knowledge base")]
    pub knowledge_base_id: String,
    /// The document's name.
    pub file_name: String,
    /// Whether Bedrock forgets it now.
    #[schemars(title = "Taken up at once")]
    pub ingestion_started: bool,
    /// Why Bedrock does not forget it now; the document is removed all the same.
    #[schemars(title = "Why it is not taken up yet")]
    pub ingestion_problem: Option<String>,
}

/// Removes a document from a knowledge base.
pub struct RemoveKnowledgeDocument;

impl Operation for RemoveKnowledgeDocument {
    const NAME: &'static str = "remove_knowledge_document";
    const EFFECT: Effect = Effect::Replaces;
    const CLASS: Class = Class::Call;
    type Input = RemoveDocumentInput;
    type Output = RemovedDocument;

    fn resources(input: &RemoveDocumentInput, catalog: &Catalog) -> Result<Vec<AwsResource>, ToolError> {
        let base = choice::base(input.knowledge_base_id.as_deref(), catalog)?;
        key(&input.file_name)?;
        Ok(vec![resource("StartIngestionJob", base)])
    }

    async fn run(input: RemoveDocumentInput, context: Context) -> Result<RemovedDocument, ToolError> {
        let catalog = &context.catalog;
        let base = choice::base(input.knowledge_base_id.as_deref(), catalog)?;
        let started = documents::remove(catalog, base, &key(&input.file_name)?).await;
        let started = started.map_err(|error| choice::refused(error, "fileName"))?;
        Ok(RemovedDocument {
            knowledge_base_id: base.to_owned(),
            file_name: input.file_name,
            ingestion_started: started == Started::Now,
            ingestion_problem: started.problem(),
        })
    }
}

fn key(name: &str) -> Result<ObjectKey, ToolError> {
    name.parse().map_err(|error| ToolError::field("fileName", format!("{error}")))
}

impl Tool for RemoveKnowledgeDocument {
    const SERVER: Server = Server::Bedrock;
    const CONTENT: Content = Content::Trusted;
    const TITLE: &'static str = "Remove a document from a knowledge base";
    const DESCRIPTION: &'static str =
        "Removes a document, so that it is no longer found. What comes with Patchline stays.";

    fn complete_schema(schema: &mut Value, catalog: &Catalog) {
        choice::offer_bases(schema, catalog);
    }
}
