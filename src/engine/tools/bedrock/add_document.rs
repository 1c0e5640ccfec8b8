//! `add_knowledge_document`, and the streaming upload behind `/upload/document`.

use super::choice;
use crate::document::LARGEST_FILE;
use crate::engine::catalog::objects::next_chunk;
use crate::engine::catalog::{Catalog, ObjectKey};
use crate::engine::knowledge::base::Started;
use crate::engine::knowledge::documents::{self, Added, NewDocument};
use crate::engine::knowledge::resource;
use crate::engine::tools::content::{self, MAX_BASE64_LENGTH};
use crate::engine::tools::{Class, Content, Context, Effect, Operation, Server, Tool, ToolError};
use crate::model::tool::AwsResource;
use bytes::{Bytes, BytesMut};
use futures::stream::BoxStream;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// A document, given whole.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct AddDocumentInput {
    /// The knowledge base.
    #[schemars(title = "Knowledge base")]
    pub knowledge_base_id: Option<String>,
    /// The name it gets, for instance `mira-contract.pdf`.
    #[schemars(title = "File name", length(min = 1, max = 900))]
    pub file_name: String,
    /// A PDF, a DOCX, plain text or Markdown in UTF-8, at most 16 MiB. Larger ones, up to 50 MiB, are
    /// sent to `/upload/document`.
    #[schemars(title = "Document", length(min = 1, max = MAX_BASE64_LENGTH), extend("contentEncoding" = "base64"))]
    pub file_content: String,
    /// The title that results show. The document's own, unless given.
    #[schemars(title = "Title", length(min = 1, max = 300))]
    pub title: Option<String>,
    /// Replace a document of the same name.
    #[schemars(title = "Replace")]
    #[serde(default)]
    pub overwrite: bool,
}

/// A document that was added.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct AddedDocument {
    /// The knowledge base.
    #[schemars(title = "Knowledge base")]
    pub knowledge_base_id: String,
    /// Its name in the bucket of the knowledge base.
    pub file_name: String,
    /// Its title.
    pub title: String,
    /// The media type, as found in the content.
    #[schemars(title = "Media type")]
    pub content_type: String,
    /// Size in bytes.
    #[schemars(title = "Size")]
    pub size_bytes: u64,
    /// How many pages it has, in formats that have pages.
    pub pages: Option<u32>,
    /// How many of its pages have no text and cannot be found, as those of a scan.
    pub pages_without_text: u32,
    /// How many passages it is searched by.
    pub passages: u32,
    /// Whether Bedrock reads it now.
    #[schemars(title = "Taken up at once")]
    pub ingestion_started: bool,
    /// Why Bedrock does not read it now; the document is stored all the same.
    #[schemars(title = "Why it is not taken up yet")]
    pub ingestion_problem: Option<String>,
}

/// Adds a document.
pub struct AddKnowledgeDocument;

impl Operation for AddKnowledgeDocument {
    const NAME: &'static str = "add_knowledge_document";
    const EFFECT: Effect = Effect::Replaces;
    const CLASS: Class = Class::Call;
    type Input = AddDocumentInput;
    type Output = AddedDocument;

    fn resources(input: &AddDocumentInput, catalog: &Catalog) -> Result<Vec<AwsResource>, ToolError> {
        touched(input.knowledge_base_id.as_deref(), &input.file_name, catalog)
    }

    async fn run(input: AddDocumentInput, context: Context) -> Result<AddedDocument, ToolError> {
        let base = choice::base(input.knowledge_base_id.as_deref(), &context.catalog)?;
        let bytes = content::decode(&input.file_content, "send the file to /upload/document instead")?;
        let new = NewDocument {
            name: key(&input.file_name)?,
            title: input.title,
            overwrite: input.overwrite,
            content: bytes,
            added_by: context.actor.clone(),
            change: context.change.clone(),
        };
        let added = documents::add(&context.catalog, base, new, &context.purse).await;
        Ok(view(base, added.map_err(|error| choice::refused(error, "fileContent"))?))
    }
}

impl Tool for AddKnowledgeDocument {
    const SERVER: Server = Server::Bedrock;
    const CONTENT: Content = Content::Untrusted;
    const TITLE: &'static str = "Add a document to a knowledge base";
    const DESCRIPTION: &'static str = "Adds a document (PDF, DOCX, Markdown or plain text), so that it is found with \
        its page. It is read first: encrypted, scanned or broken files are refused with the reason, and nothing is \
        stored.";

    fn complete_schema(schema: &mut Value, catalog: &Catalog) {
        choice::offer_bases(schema, catalog);
    }
}

/// A document as a stream. The stream itself is not recorded.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct StreamKnowledgeDocumentInput {
    /// The knowledge base; none for the default.
    pub knowledge_base_id: Option<String>,
    /// The name it gets.
    pub file_name: String,
    /// The title; none for the document's own.
    pub title: Option<String>,
    /// The size that the sender announced.
    pub announced_bytes: Option<u64>,
    /// Whether a document of the same name is replaced.
    pub overwrite: bool,
    /// The bytes.
    #[serde(skip)]
    pub content: BoxStream<'static, Result<Bytes, String>>,
}

/// Adds a document of up to 50 MiB. It is held in memory, since it is read whole before it is stored.
pub struct StreamKnowledgeDocument;

impl Operation for StreamKnowledgeDocument {
    const NAME: &'static str = "upload_knowledge_document";
    const EFFECT: Effect = Effect::Replaces;
    const CLASS: Class = Class::Transfer;
    type Input = StreamKnowledgeDocumentInput;
    type Output = AddedDocument;

    fn resources(
        input: &StreamKnowledgeDocumentInput,
        catalog: &Catalog,
    ) -> Result<Vec<AwsResource>, ToolError> {
        if input.announced_bytes.is_some_and(|bytes| bytes > LARGEST_FILE) {
            return Err(too_large());
        }
        touched(input.knowledge_base_id.as_deref(), &input.file_name, catalog)
    }

    async fn run(input: StreamKnowledgeDocumentInput, context: Context) -> Result<AddedDocument, ToolError> {
        let base = choice::base(input.knowledge_base_id.as_deref(), &context.catalog)?.to_owned();
        let new = NewDocument {
            name: key(&input.file_name)?,
            title: input.title,
            overwrite: input.overwrite,
            content: whole(input.content).await?,
            added_by: context.actor.clone(),
            change: context.change.clone(),
        };
        let added = documents::add(&context.catalog, &base, new, &context.purse).await;
        Ok(view(&base, added.map_err(|error| choice::refused(error, "file"))?))
    }
}

/// Reads a stream to its end, unless it becomes too large.
async fn whole(mut content: BoxStream<'static, Result<Bytes, String>>) -> Result<Bytes, ToolError> {
    let mut whole = BytesMut::new();
    while let Some(chunk) = next_chunk(&mut content).await? {
        if (whole.len() + chunk.len()) as u64 > LARGEST_FILE {
            return Err(too_large());
        }
        whole.extend_from_slice(&chunk);
    }
    Ok(whole.freeze())
}

fn too_large() -> ToolError {
    let detail = format!("at most {} MiB are read; split the document", LARGEST_FILE / (1024 * 1024));
    ToolError::TooLarge { field: "file", detail }
}

fn touched(base: Option<&str>, name: &str, catalog: &Catalog) -> Result<Vec<AwsResource>, ToolError> {
    key(name)?;
    Ok(vec![resource("StartIngestionJob", choice::base(base, catalog)?)])
}

fn key(name: &str) -> Result<ObjectKey, ToolError> {
    name.parse().map_err(|error| ToolError::field("fileName", format!("{error}")))
}

fn view(base: &str, added: Added) -> AddedDocument {
    AddedDocument {
        knowledge_base_id: base.to_owned(),
        file_name: added.key,
        title: added.title,
        content_type: added.format.to_owned(),
        size_bytes: added.bytes,
        pages: added.pages,
        pages_without_text: added.pages_without_text,
        passages: added.passages,
        ingestion_started: added.ingestion == Started::Now,
        ingestion_problem: added.ingestion.problem(),
    }
}
