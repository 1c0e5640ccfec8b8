//! Answers a question from a knowledge base, with what each part of the answer comes from.
//!
//! The passages are chosen by [`search`], so that the answer is of the asked day; a model of Bedrock then
//! writes from those alone. Where nothing fits, no model is asked.

use super::calculation::Calculation;
use super::rank::Hit;
use super::retrieve::{self, Condition};
use super::search::{Found, Search, search};
use crate::engine::aws::{AwsFailure, FailureKind};
use crate::engine::catalog::{Catalog, CatalogError};
use aws_sdk_bedrockagentruntime::types::{
    Citation as Part, KnowledgeBaseRetrieveAndGenerateConfiguration, RetrieveAndGenerateConfiguration,
    RetrieveAndGenerateInput, RetrieveAndGenerateType,
};

/// How many documents the model may write from.
const SOURCES: usize = 4;
/// How many passages of them it gets.
const PASSAGES: i32 = 6;
/// What is in the way to a good source: a passage that fits far less than the best is left out.
const OF_THE_BEST: f64 = 0.6;

/// The answer where nothing fits.
const NOT_KNOWN: &str = "This is not in the knowledge base.";

/// An answer.
#[derive(Debug, Clone, PartialEq)]
pub struct Answer {
    /// The text.
    pub text: String,
    /// Its parts with their sources.
    pub citations: Vec<Citation>,
    /// What it was written from.
    pub sources: Vec<Hit>,
    /// The sum that it begins with, where the question asks for one.
    pub calculation: Option<Calculation>,
    /// Whether the knowledge base answers at all.
    pub is_known: bool,
    /// Whether a language model wrote it.
    pub used_language_model: bool,
    /// The days that it is about.
    pub days: Vec<jiff::civil::Date>,
}

/// A part of the answer with its sources.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Citation {
    /// Where it begins in the text, in characters (Unicode scalar values).
    pub start: usize,
    /// Where it ends, exclusive.
    pub end: usize,
    /// Its words.
    pub text: String,
    /// Places in [`Answer::sources`].
    pub sources: Vec<usize>,
}

/// Answers a question by a model.
///
/// # Errors
/// What AWS says.
pub async fn answer(catalog: &Catalog, question: &Search, model: &str) -> Result<Answer, CatalogError> {
    let found = search(catalog, question).await?;
    let days = found.question.days.clone();
    if !found.ranking.is_known {
        return Ok(Answer {
            text: NOT_KNOWN.to_owned(),
            citations: Vec::new(),
            sources: Vec::new(),
            calculation: None,
            is_known: false,
            used_language_model: false,
            days,
        });
    }
    let sources = chosen(&found);
    let uris: Vec<String> = sources.iter().map(|hit| hit.passage.uri.clone()).collect();
    let (written, parts) = write(catalog, question, model, uris).await?;
    let mut text = String::new();
    let mut citations = Vec::new();
    if let Some(calculation) = &found.calculation {
        let of = |id: &String| {
            sources.iter().position(|hit| hit.entry.as_ref().is_some_and(|entry| entry.id == *id))
        };
        let places = calculation.sources.iter().filter_map(of).collect();
        text.clone_from(&calculation.text);
        let end = text.chars().count();
        citations.push(Citation { start: 0, end, text: text.clone(), sources: places });
        text.push_str("\n\n");
    }
    let before = text.chars().count();
    text.push_str(&written);
    citations.extend(parts.into_iter().filter_map(|part| citation(part, before, &sources)));
    Ok(Answer {
        text,
        citations,
        sources,
        calculation: found.calculation,
        is_known: true,
        used_language_model: catalog.knowledge.is_language_model(model),
        days,
    })
}

/// The passages to write from: of the sum, else the best of each document, as far as they fit.
fn chosen(found: &Found) -> Vec<Hit> {
    let best = found.ranking.hits.first().map_or(0.0, |hit| hit.relevance);
    let needed = found.calculation.as_ref().map_or(1, |calculation| calculation.sources.len());
    let uris = found.sources(SOURCES.max(needed));
    let hits = uris.iter().filter_map(|uri| found.ranking.hits.iter().find(|hit| hit.passage.uri == *uri));
    let kept = hits.enumerate().filter(|(place, hit)| *place < needed || hit.relevance >= best * OF_THE_BEST);
    kept.map(|(_, hit)| hit.clone()).collect()
}

async fn write(
    catalog: &Catalog,
    question: &Search,
    model: &str,
    uris: Vec<String>,
) -> Result<(String, Vec<Part>), CatalogError> {
    let retrieval = retrieve::configuration(&question.base, PASSAGES, vec![Condition::lies_at(uris)])?;
    let unsuitable = |error: aws_smithy_types::error::operation::BuildError| CatalogError::Unreadable {
        what: "request to the model",
        id: model.to_owned(),
        detail: error.to_string(),
    };
    let configuration = KnowledgeBaseRetrieveAndGenerateConfiguration::builder()
        .knowledge_base_id(&question.base)
        .model_arn(model)
        .retrieval_configuration(retrieval)
        .build()
        .map_err(unsuitable)?;
    let configuration = RetrieveAndGenerateConfiguration::builder()
        .r#type(RetrieveAndGenerateType::KnowledgeBase)
        .knowledge_base_configuration(configuration)
        .build()
        .map_err(unsuitable)?;
    let input = RetrieveAndGenerateInput::builder().text(&question.question).build().map_err(unsuitable)?;
    let answer = catalog
        .aws
        .knowledge_answers
        .retrieve_and_generate()
        .input(input)
        .retrieve_and_generate_configuration(configuration)
        .send()
        .await
        .map_err(|error| {
            blamed(
                AwsFailure::from_sdk(retrieve::resource("RetrieveAndGenerate", &question.base), &error),
                model,
            )
        })?;
    let text = answer.output.map(|output| output.text).unwrap_or_default();
    Ok((text, answer.citations.unwrap_or_default()))
}

/// A failure that is the model's is put on the model, so that the missing permission is the right one.
fn blamed(failure: AwsFailure, model: &str) -> AwsFailure {
    let lower = failure.message.to_lowercase();
    let is_of_model = lower.contains("model") || lower.contains("invokemodel");
    if is_of_model
        && matches!(failure.kind, FailureKind::Denied | FailureKind::Invalid | FailureKind::Unavailable)
    {
        AwsFailure { resource: retrieve::resource("InvokeModel", model), ..failure }
    } else {
        failure
    }
}

/// A part of the model's text, moved behind what stands before it.
fn citation(part: Part, before: usize, sources: &[Hit]) -> Option<Citation> {
    let text = part.generated_response_part?.text_response_part?;
    let span = text.span?;
    let (start, end) = (usize::try_from(span.start?).ok()?, usize::try_from(span.end?).ok()?);
    let mut places: Vec<usize> = part
        .retrieved_references
        .unwrap_or_default()
        .iter()
        .filter_map(|reference| {
            let uri = retrieve::uri(reference.location.as_ref()?);
            let same = |hit: &Hit| hit.passage.uri == uri;
            let text = reference.content.as_ref().map(|content| content.text.as_str());
            let exact = sources.iter().position(|hit| same(hit) && Some(hit.passage.text.as_str()) == text);
            exact.or_else(|| sources.iter().position(same))
        })
        .collect();
    places.dedup();
    Some(Citation {
        start: before + start,
        end: before + end,
        text: text.text.unwrap_or_default(),
        sources: places,
    })
}
