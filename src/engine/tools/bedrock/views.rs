//! What was found, as callers see it.

use crate::engine::knowledge::calculation::Calculation;
use crate::engine::knowledge::entry::{Confidence, Entry, Tier};
use crate::engine::knowledge::passage::Passage;
use crate::engine::knowledge::question::Question;
use crate::engine::knowledge::rank::{Hit, marks};
use schemars::JsonSchema;
use serde::Serialize;

/// A source of an answer: an entry, or a passage of a document.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct SourceView {
    /// The title of the entry or document.
    pub title: String,
    /// The text of the passage.
    pub text: String,
    /// Where the passage has words of the question.
    pub highlights: Vec<SpanView>,
    /// How well it answers, from 0 to 1. Comparable within one answer only.
    pub relevance: f64,
    /// Whether it was in force on the asked day; true where no days are known.
    pub in_force: bool,
    /// The entry, where the source is one.
    pub entry: Option<EntryView>,
    /// The place in a document, where the source is one.
    pub document: Option<PlaceView>,
}

/// A part of a text in characters (Unicode scalar values).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct SpanView {
    /// Where it begins.
    pub start: usize,
    /// Where it ends, exclusive.
    pub end: usize,
}

/// An entry of the knowledge base.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct EntryView {
    /// Its id, for instance `us-mechanical-work-2026`.
    pub id: String,
    /// Its topic, for instance `rates`.
    pub topic: String,
    /// The series of rows that say one thing for different periods.
    pub series: Option<String>,
    /// The fact.
    pub statement: String,
    /// A country's code of two letters, or `worldwide`.
    pub jurisdiction: String,
    /// The figure; of a range, its lower end.
    pub value: Option<f64>,
    /// The upper end of a range.
    #[schemars(title = "Upper end")]
    pub value_to: Option<f64>,
    /// What the figure counts.
    pub unit: Option<String>,
    /// First day of effect, if known.
    pub effective_from: Option<String>,
    /// Last day of effect, if known.
    pub effective_to: Option<String>,
    /// Where it was read.
    pub source_title: String,
    /// The address of the source.
    #[schemars(title = "Address of the source")]
    pub source_url: Option<String>,
    /// The weight of the source.
    pub tier: Tier,
    /// How sure it is.
    pub confidence: Confidence,
    /// When it was last compared with its source.
    pub checked_on: String,
}

/// A place in a document.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct PlaceView {
    /// The document's name in the bucket of the knowledge base.
    pub file_name: String,
    /// Its address.
    #[schemars(title = "Address")]
    pub uri: String,
    /// The page, from 1, in documents that have pages.
    pub page: Option<u32>,
    /// The headings above the passage, the highest first, where they are known.
    pub headings: Vec<String>,
    /// Where the passage stands in the text of its page, where that is known.
    pub passage: Option<SpanView>,
}

/// The result of a sum with the way to it.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct CalculationView {
    /// The way in words.
    pub text: String,
    /// The result.
    pub value: f64,
    /// What it counts.
    pub unit: String,
    /// The ids of the entries whose figures it takes, the one that decides first.
    #[schemars(title = "Sources")]
    pub source_ids: Vec<String>,
}

impl SourceView {
    pub(super) fn of(question: &Question, hit: &Hit) -> Self {
        let spans = marks(question, &hit.passage.text);
        Self {
            title: hit
                .entry
                .as_ref()
                .map_or_else(|| hit.passage.title().to_owned(), |entry| entry.title.clone()),
            text: hit.passage.text.clone(),
            highlights: spans.into_iter().map(|(start, end)| SpanView { start, end }).collect(),
            relevance: (hit.relevance * 1000.0).round() / 1000.0,
            in_force: hit.in_force,
            document: hit.entry.is_none().then(|| PlaceView::of(&hit.passage)),
            entry: hit.entry.as_ref().map(EntryView::of),
        }
    }
}

impl EntryView {
    fn of(entry: &Entry) -> Self {
        Self {
            id: entry.id.clone(),
            topic: entry.topic.clone(),
            series: entry.series.clone(),
            statement: entry.statement.clone(),
            jurisdiction: entry.jurisdiction.clone(),
            value: entry.amount.as_ref().map(|amount| amount.value),
            value_to: entry.amount.as_ref().and_then(|amount| amount.to),
            unit: entry.amount.as_ref().map(|amount| amount.unit.clone()),
            effective_from: entry.effect.from.map(|day| day.to_string()),
            effective_to: entry.effect.to.map(|day| day.to_string()),
            source_title: entry.source.title.clone(),
            source_url: entry.source.url.clone(),
            tier: entry.tier,
            confidence: entry.confidence,
            checked_on: entry.checked_on.to_string(),
        }
    }
}

impl PlaceView {
    fn of(passage: &Passage) -> Self {
        Self {
            file_name: passage.key().to_owned(),
            uri: passage.uri.clone(),
            page: passage.page(),
            headings: passage.headings(),
            passage: passage.range().map(|(start, end)| SpanView { start, end }),
        }
    }
}

impl CalculationView {
    pub(super) fn of(calculation: &Calculation) -> Self {
        Self {
            text: calculation.text.clone(),
            value: calculation.value,
            unit: calculation.unit.to_owned(),
            source_ids: calculation.sources.clone(),
        }
    }
}
