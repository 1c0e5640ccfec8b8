//! The server `bedrock`: searching the knowledge base, answers with sources, and its documents.

mod add_document;
mod ask_model;
mod choice;
mod documents;
mod insights;
mod insights_stream;
mod list_bases;
mod remove_document;
mod search;
mod views;

pub use add_document::{
    AddKnowledgeDocument, AddedDocument, StreamKnowledgeDocument, StreamKnowledgeDocumentInput,
};
pub use ask_model::{AnsweredQuestion, AskModelForTask, AskModelInput, Purpose};
pub use documents::{DocumentState, DocumentView, ListDocumentsInput, ListKnowledgeDocuments};
pub use insights::{CitationView, GenerateMusicInsights, Insights, InsightsInput};
pub use insights_stream::{InsightsListener, InsightsStep, StreamInsightsInput, StreamMusicInsights};
pub use list_bases::ListKnowledgeBases;
pub use remove_document::{RemoveDocumentInput, RemoveKnowledgeDocument};
pub use search::{Kind, MusicKnowledgeSearch, SearchInput, SearchOutput};
pub use views::{CalculationView, EntryView, PlaceView, SourceView, SpanView};
