//! Answers a question from a knowledge base, with what each part of the answer comes from.
//!
//! The passages are chosen by [`search`], so that the answer is of the asked day; a model of Bedrock then
//! writes from those alone. Where nothing fits, no model is asked.

mod writer;

use super::calculation::Calculation;
use super::rank::Hit;
use super::retrieve;
use super::search::{Found, Search, search};
use crate::engine::catalog::Catalog;
use crate::engine::spending::{ModelError, Purse};
use jiff::Timestamp;
use writer::{Part, Piece, Writer};

/// How many documents the model may write from.
const SOURCES: usize = 4;
/// What is in the way to a good source: a passage that fits far less than the best is left out.
const OF_THE_BEST: f64 = 0.75;

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

/// What is known of an answer while it is being made.
#[derive(Debug, Clone, PartialEq)]
pub enum Step {
    /// What it is made from. Of its text there is only the sum, where there is one.
    Begun(Box<Answer>),
    /// More of the text.
    Text(String),
    /// Where a part of the text so far comes from.
    Cited(Citation),
}

/// Who wants to know of an answer while it is made.
pub trait Listener: Sync {
    /// Takes the next step; the answer goes on when it is taken.
    fn hear(&self, step: Step) -> impl Future<Output = ()> + Send;
}

/// Answers a question by a model.
///
/// # Errors
/// What AWS says; also when the purse has not enough left for the model.
pub async fn answer(
    catalog: &Catalog,
    question: &Search,
    model: &str,
    purse: &Purse,
    now: Timestamp,
) -> Result<Answer, ModelError> {
    let mut answer = begin(catalog, question, model, purse, now).await?;
    if !answer.is_known {
        return Ok(answer);
    }
    let before = length(&answer.text);
    let writer = Writer::new(catalog, question, model, &answer.sources)?;
    let call = purse.begin(model, writer::MOST, now).await?;
    let (written, parts) = match writer.write().await {
        Ok(written) => written,
        Err(error) => {
            if retrieve::was_not_done(&error) {
                call.give_back().await;
            }
            return Err(error.into());
        }
    };
    call.settle(writer::used(&question.question, &answer.sources, &written)).await;
    answer.text.push_str(&written);
    let citations: Vec<Citation> =
        parts.into_iter().filter_map(|part| citation(part, before, &answer.sources)).collect();
    answer.citations.extend(citations);
    Ok(answer)
}

/// The same, told while it is written. Nobody needs to listen to the end; what breaks off in the middle is paid
/// as if it had been written to the end.
///
/// # Errors
/// What AWS says, also in the middle; also when the purse has not enough left for the model.
pub async fn answer_stepwise(
    catalog: &Catalog,
    question: &Search,
    model: &str,
    purse: &Purse,
    now: Timestamp,
    listener: &impl Listener,
) -> Result<Answer, ModelError> {
    let mut answer = begin(catalog, question, model, purse, now).await?;
    listener.hear(Step::Begun(Box::new(answer.clone()))).await;
    if !answer.is_known {
        return Ok(answer);
    }
    let (before, begun) = (length(&answer.text), answer.text.len());
    let writer = Writer::new(catalog, question, model, &answer.sources)?;
    let call = purse.begin(model, writer::MOST, now).await?;
    let mut writing = match writer.write_stepwise().await {
        Ok(writing) => writing,
        Err(error) => {
            if retrieve::was_not_done(&error) {
                call.give_back().await;
            }
            return Err(error.into());
        }
    };
    while let Some(piece) = writing.next().await? {
        match piece {
            Piece::Text(text) => {
                answer.text.push_str(&text);
                listener.hear(Step::Text(text)).await;
            }
            Piece::Cited(part) => {
                if let Some(citation) = citation(part, before, &answer.sources) {
                    answer.citations.push(citation.clone());
                    listener.hear(Step::Cited(citation)).await;
                }
            }
        }
    }
    let written = answer.text.get(begun..).unwrap_or_default();
    call.settle(writer::used(&question.question, &answer.sources, written)).await;
    Ok(answer)
}

/// Finds what an answer is made from, and begins it with the sum.
async fn begin(
    catalog: &Catalog,
    question: &Search,
    model: &str,
    purse: &Purse,
    now: Timestamp,
) -> Result<Answer, ModelError> {
    let found = search(catalog, question, purse, now).await?;
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
    let mut text = String::new();
    let mut citations = Vec::new();
    if let Some(calculation) = &found.calculation {
        let of = |id: &String| {
            sources.iter().position(|hit| hit.entry.as_ref().is_some_and(|entry| entry.id == *id))
        };
        let places = calculation.sources.iter().filter_map(of).collect();
        text.clone_from(&calculation.text);
        let end = length(&text);
        citations.push(Citation { start: 0, end, text: text.clone(), sources: places });
        text.push_str("\n\n");
    }
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

fn length(text: &str) -> usize {
    text.chars().count()
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

/// A part of the model's text, moved behind what stands before it.
fn citation(part: Part, before: usize, sources: &[Hit]) -> Option<Citation> {
    let text = part.words?.text_response_part?;
    let span = text.span?;
    let (start, end) = (usize::try_from(span.start?).ok()?, usize::try_from(span.end?).ok()?);
    let mut places: Vec<usize> = part
        .references
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
