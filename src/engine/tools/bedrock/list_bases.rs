//! `list_knowledge_bases`.

use crate::engine::catalog::{Catalog, CatalogError};
use crate::engine::knowledge::base::{self, Ingestion, IngestionState};
use crate::engine::knowledge::{documents, resource};
use crate::engine::tools::{Class, Content, Context, Effect, Operation, Server, Tool, ToolError};
use crate::model::tool::AwsResource;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Nothing is asked.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ListBasesInput {}

/// The knowledge bases that may be asked.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Bases {
    /// In the order of the configuration; the first is the default.
    #[schemars(title = "Knowledge bases")]
    pub knowledge_bases: Vec<BaseView>,
    /// The models that may write answers; the first is the default.
    pub models: Vec<String>,
}

/// A knowledge base.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct BaseView {
    /// Its id.
    #[schemars(title = "Knowledge base")]
    pub knowledge_base_id: String,
    /// What people call it.
    pub name: Option<String>,
    /// What it holds.
    pub description: Option<String>,
    /// Bedrock's word for its state, for instance `ACTIVE`.
    pub status: Option<String>,
    /// The model that compares the meaning of question and passage; none where only words are compared.
    pub embedding_model: Option<String>,
    /// How many documents it has beside entries.
    pub documents: Option<u64>,
    /// How many documents the last complete ingestion looked at, entries included.
    pub documents_read: Option<u64>,
    /// When the last complete ingestion began, RFC 3339 in UTC.
    #[schemars(title = "Last read")]
    pub last_ingestion: Option<String>,
    /// Whether an ingestion is under way.
    #[schemars(title = "Being read now")]
    pub is_ingesting: bool,
    /// Documents that could not be read, with the reason.
    pub failed_documents: Vec<String>,
    /// Why nothing more can be said of it; none when all is well.
    pub problem: Option<String>,
}

/// Lists the knowledge bases.
pub struct ListKnowledgeBases;

impl Operation for ListKnowledgeBases {
    const NAME: &'static str = "list_knowledge_bases";
    const EFFECT: Effect = Effect::Reads;
    const CLASS: Class = Class::Call;
    type Input = ListBasesInput;
    type Output = Bases;

    fn resources(_input: &ListBasesInput, catalog: &Catalog) -> Result<Vec<AwsResource>, ToolError> {
        Ok(catalog.knowledge.bases.iter().map(|base| resource("GetKnowledgeBase", base)).collect())
    }

    async fn run(_input: ListBasesInput, context: Context) -> Result<Bases, ToolError> {
        let catalog = &context.catalog;
        let mut knowledge_bases = Vec::with_capacity(catalog.knowledge.bases.len());
        for id in &catalog.knowledge.bases {
            // One that is away must not hide the others.
            let view = describe(catalog, id).await.unwrap_or_else(|error| BaseView {
                knowledge_base_id: id.clone(),
                problem: Some(error.to_string()),
                ..BaseView::unknown()
            });
            knowledge_bases.push(view);
        }
        Ok(Bases { knowledge_bases, models: catalog.knowledge.models.clone() })
    }
}

impl BaseView {
    fn unknown() -> Self {
        Self {
            knowledge_base_id: String::new(),
            name: None,
            description: None,
            status: None,
            embedding_model: None,
            documents: None,
            documents_read: None,
            last_ingestion: None,
            is_ingesting: false,
            failed_documents: Vec::new(),
            problem: None,
        }
    }
}

async fn describe(catalog: &Catalog, id: &str) -> Result<BaseView, CatalogError> {
    let known = base::base(catalog, id).await?;
    let (source, documents) = documents::keys(catalog, id).await?;
    let ingestions = base::ingestions(catalog, id, &source, 5).await?;
    let complete: Option<&Ingestion> = ingestions.iter().find(|job| job.state == IngestionState::Complete);
    Ok(BaseView {
        knowledge_base_id: known.id,
        name: Some(known.name),
        description: known.description,
        status: Some(known.status),
        embedding_model: known.embedding_model,
        documents: Some(documents.len() as u64),
        documents_read: complete.map(|job| job.scanned),
        last_ingestion: complete.and_then(|job| job.began).map(|time| time.to_string()),
        is_ingesting: ingestions.first().is_some_and(|job| job.state == IngestionState::Running),
        failed_documents: failed_documents(&ingestions),
        problem: None,
    })
}

/// What the newest ingestion that has ended could not read. One that is running says nothing of it yet.
fn failed_documents(ingestions: &[Ingestion]) -> Vec<String> {
    let ended = ingestions.iter().find(|job| job.has_ended());
    ended.map(|job| job.reasons.clone()).unwrap_or_default()
}

impl Tool for ListKnowledgeBases {
    const SERVER: Server = Server::Bedrock;
    const CONTENT: Content = Content::Trusted;
    const TITLE: &'static str = "List knowledge bases";
    const DESCRIPTION: &'static str = "Lists the knowledge bases and models that may be used, with the number of \
        documents, when Bedrock last read them, and the documents that could not be read.";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn failed_documents_stay_listed_while_the_next_ingestion_runs() {
        let job = |state, reasons: &[&str]| Ingestion {
            state,
            began: None,
            scanned: 1,
            failed: reasons.len() as u64,
            reasons: reasons.iter().map(|reason| (*reason).to_owned()).collect(),
        };
        let running = job(IngestionState::Running, &[]);
        let ended = job(IngestionState::Complete, &["s3://b/a.pdf: damaged"]);
        let older = job(IngestionState::Complete, &["s3://b/old.pdf: damaged"]);
        assert_eq!(failed_documents(&[running, ended, older]), ["s3://b/a.pdf: damaged"]);
        assert!(failed_documents(&[]).is_empty());
    }
}
