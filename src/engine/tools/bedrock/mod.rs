//! The server `bedrock`: searching the knowledge base, answers with sources, and its documents.

mod add_document;
mod choice;
mod documents;
mod insights;
mod list_bases;
mod remove_document;
mod search;
mod views;

pub use add_document::{
    AddKnowledgeDocument, AddedDocument, StreamKnowledgeDocument, StreamKnowledgeDocumentInput,
};
pub use documents::ListKnowledgeDocuments;
pub use insights::GenerateMusicInsights;
pub use list_bases::ListKnowledgeBases;
pub use remove_document::RemoveKnowledgeDocument;
pub use search::MusicKnowledgeSearch;
