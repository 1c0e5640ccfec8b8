//! The knowledge base: searching, answers, sources, documents.

use super::error::AppError;
use crate::model::knowledge::{
    Answer, DocumentList, FilterChoices, Findings, KnowledgeQuery, OpenedSource, QuestionAsked, SourceAsked,
};
use leptos::prelude::*;

/// What the filters offer.
///
/// # Errors
/// When what comes with Patchline cannot be read.
#[server(prefix = "/fn", endpoint = "knowledge-choices", input = leptos::server_fn::codec::GetUrl)]
pub async fn knowledge_choices() -> Result<FilterChoices, AppError> {
    use super::error::ErrorKind;
    use crate::engine::knowledge::shipped;
    use std::collections::BTreeSet;
    super::caller::caller()?;
    let entries = shipped::entries().map_err(|error| {
        AppError::new(
            ErrorKind::Internal,
            format!("The shipped knowledge cannot be read: {error}."),
            "Tell an admin.",
        )
    })?;
    let topics: BTreeSet<&str> = entries.iter().map(|entry| entry.topic.as_str()).collect();
    let places: BTreeSet<&str> = entries.iter().map(|entry| entry.jurisdiction.as_str()).collect();
    let owned = |words: BTreeSet<&str>| words.into_iter().map(str::to_owned).collect::<Vec<String>>();
    let jurisdictions = owned(places).into_iter().filter(|code| code != "worldwide").collect();
    Ok(FilterChoices {
        topics: owned(topics),
        jurisdictions,
        entries: u32::try_from(entries.len()).unwrap_or(u32::MAX),
    })
}

/// Searches the knowledge base.
///
/// # Errors
/// When it cannot be searched.
#[server(prefix = "/fn", endpoint = "knowledge-search", input = leptos::server_fn::codec::Json)]
pub async fn search_knowledge(query: KnowledgeQuery) -> Result<Findings, AppError> {
    use crate::engine::tools::views::BrowseKnowledge;
    super::caller::caller()?.call::<BrowseKnowledge>(query).await
}

/// Answers a question from the knowledge base. Counts as a call, as a model may be asked.
///
/// # Errors
/// When no answer can be made.
#[server(prefix = "/fn", endpoint = "knowledge-answer", input = leptos::server_fn::codec::Json)]
pub async fn answer_question(asked: QuestionAsked) -> Result<Answer, AppError> {
    use crate::engine::tools::bedrock::{GenerateMusicInsights, InsightsInput};
    let input = InsightsInput {
        prompt: asked.question,
        knowledge_base_id: None,
        model_id: None,
        as_of: asked.as_of.map(|day| day.to_string()),
    };
    Ok(super::caller::caller()?.call::<GenerateMusicInsights>(input).await?.into())
}

/// Whether an answer comes piece by piece: always in the browser; in a page that the server renders only
/// where a language model takes its time, as quotes are there at once.
pub fn answers_come_in_pieces() -> bool {
    #[cfg(feature = "ssr")]
    {
        use crate::engine::Engine;
        use_context::<Engine>().is_some_and(|engine| engine.writes_answers())
    }
    #[cfg(not(feature = "ssr"))]
    true
}

/// Opens a source: an entry, or a page of a document.
///
/// # Errors
/// `NotFound` when it is not there any more.
#[server(prefix = "/fn", endpoint = "knowledge-source", input = leptos::server_fn::codec::Json)]
pub async fn open_source(asked: SourceAsked) -> Result<OpenedSource, AppError> {
    use crate::engine::tools::views::OpenKnowledgeSource;
    super::caller::caller()?.call::<OpenKnowledgeSource>(asked).await
}

/// The documents of the knowledge base, from where a token says.
///
/// # Errors
/// When they cannot be listed.
#[server(prefix = "/fn", endpoint = "knowledge-documents", input = leptos::server_fn::codec::Json)]
pub async fn browse_documents(after: Option<String>) -> Result<DocumentList, AppError> {
    use crate::engine::tools::views::BrowseDocuments;
    super::caller::caller()?.call::<BrowseDocuments>(after).await
}

/// Removes a document.
///
/// # Errors
/// When it is not there, or comes with Patchline.
#[server(prefix = "/fn", endpoint = "remove-knowledge-document", input = leptos::server_fn::codec::Json)]
pub async fn remove_document(file_name: String) -> Result<(), AppError> {
    use crate::engine::tools::bedrock::{RemoveDocumentInput, RemoveKnowledgeDocument};
    let input = RemoveDocumentInput { knowledge_base_id: None, file_name };
    super::caller::caller()?.call::<RemoveKnowledgeDocument>(input).await.map(|_| ())
}
