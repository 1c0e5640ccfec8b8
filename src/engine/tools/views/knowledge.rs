//! The page of the knowledge base: searching while somebody types, opening a source, the list of documents.
//!
//! Each does what the tool of the same purpose does, in the types of the page, and as part of a page: it
//! does not count as a call.

use crate::engine::catalog::{Catalog, CatalogError, ObjectKey};
use crate::engine::knowledge::documents::DocumentsError;
use crate::engine::knowledge::question::Question;
use crate::engine::knowledge::rank::marks;
use crate::engine::knowledge::source::{self, Opened, Spot};
use crate::engine::knowledge::{entry, resource};
use crate::engine::tools::bedrock::{
    self, CalculationView, CitationView, DocumentView, EntryView, Insights, InsightsStep, ListDocumentsInput,
    ListKnowledgeDocuments, MusicKnowledgeSearch, PlaceView, SearchInput, SearchOutput, SourceView, SpanView,
};
use crate::engine::tools::{Class, Context, Effect, Operation, ToolError};
use crate::model::knowledge::{
    Amount, Answer, AnswerStep, Calculation, Citation, Detail, DocumentList, DocumentRow, DocumentState,
    Entry, Findings, Kind, KnowledgeQuery, OpenedSource, Place, Source, SourceAsked, Span,
};
use crate::model::tool::AwsResource;
use jiff::civil::Date;

/// Documents on a page of the list.
const DOCUMENTS: u32 = 50;
/// The most results that are shown at once.
const MOST_RESULTS: u32 = 50;

/// Searches while somebody types.
pub struct BrowseKnowledge;

impl Operation for BrowseKnowledge {
    const NAME: &'static str = "browse_knowledge";
    const EFFECT: Effect = Effect::Reads;
    const CLASS: Class = Class::Page;
    type Input = KnowledgeQuery;
    type Output = Findings;

    fn resources(input: &KnowledgeQuery, catalog: &Catalog) -> Result<Vec<AwsResource>, ToolError> {
        MusicKnowledgeSearch::resources(&asked(input.clone()), catalog)
    }

    async fn run(input: KnowledgeQuery, context: Context) -> Result<Findings, ToolError> {
        Ok(MusicKnowledgeSearch::run(asked(input), context).await?.into())
    }
}

fn asked(query: KnowledgeQuery) -> SearchInput {
    SearchInput {
        query: query.search,
        knowledge_base_id: None,
        max_results: query.shown.clamp(1, MOST_RESULTS),
        as_of: query.as_of.map(|day| day.to_string()),
        jurisdiction: query.jurisdiction,
        topic: query.topic,
        tier: query.tier,
        only: query.only.map(|kind| match kind {
            Kind::Entries => bedrock::Kind::Entries,
            Kind::Documents => bedrock::Kind::Documents,
        }),
        next_token: None,
    }
}

/// Opens a source.
pub struct OpenKnowledgeSource;

impl Operation for OpenKnowledgeSource {
    const NAME: &'static str = "open_knowledge_source";
    const EFFECT: Effect = Effect::Reads;
    const CLASS: Class = Class::Page;
    type Input = SourceAsked;
    type Output = OpenedSource;

    fn resources(input: &SourceAsked, catalog: &Catalog) -> Result<Vec<AwsResource>, ToolError> {
        key(&input.file_name)?;
        Ok(vec![resource("ListDataSources", default_base(catalog)?)])
    }

    async fn run(input: SourceAsked, context: Context) -> Result<OpenedSource, ToolError> {
        let base = default_base(&context.catalog)?;
        let spot = Spot { page: input.page, at: input.at };
        let opened = source::open(&context.catalog, base, &key(&input.file_name)?, spot).await;
        let opened = opened.map_err(|error| match error {
            DocumentsError::Catalog(error) => ToolError::from(error),
            other => ToolError::field("fileName", other.to_string()),
        })?;
        let zone = context.catalog.time_zone.clone();
        let question = Question::read(&input.search, context.now.to_zoned(zone).date());
        Ok(opened_source(opened, input.file_name, &question))
    }
}

pub(super) fn default_base(catalog: &Catalog) -> Result<&str, ToolError> {
    let first = catalog.knowledge.bases.first().map(String::as_str);
    first.ok_or_else(|| ToolError::NotAvailable("No knowledge base is configured.".to_owned()))
}

fn key(name: &str) -> Result<ObjectKey, ToolError> {
    name.parse().map_err(|_| missing(name))
}

fn missing(name: &str) -> ToolError {
    CatalogError::NotFound { what: "source", id: name.to_owned() }.into()
}

fn opened_source(opened: Opened, file_name: String, question: &Question) -> OpenedSource {
    let spans = |text: &str| {
        marks(question, text).into_iter().map(|(start, end)| span(SpanView { start, end })).collect()
    };
    match opened {
        Opened::Entry(entry) => OpenedSource {
            source: Source {
                title: entry.title.clone(),
                marks: spans(&entry.statement),
                text: entry.statement.clone(),
                in_force: question.days.iter().any(|day| entry.effect.contains(*day)),
                detail: Detail::Entry(Box::new(stored(*entry))),
            },
            pages: None,
        },
        Opened::Page(page) => OpenedSource {
            pages: page.pages,
            source: Source {
                title: page.title,
                marks: spans(&page.text),
                text: page.text,
                in_force: true,
                detail: Detail::Document(Place {
                    file_name,
                    page: page.number,
                    headings: page.headings,
                    passage: None,
                }),
            },
        },
    }
}

fn stored(entry: entry::Entry) -> Entry {
    Entry {
        id: entry.id,
        topic: entry.topic,
        jurisdiction: entry.jurisdiction,
        amount: entry.amount.map(|amount| Amount { value: amount.value, to: amount.to, unit: amount.unit }),
        from: entry.effect.from,
        to: entry.effect.to,
        source_title: entry.source.title,
        source_url: entry.source.url,
        tier: entry.tier,
        confidence: entry.confidence,
        checked_on: Some(entry.checked_on),
    }
}

/// Lists documents, from where a token says.
pub struct BrowseDocuments;

impl Operation for BrowseDocuments {
    const NAME: &'static str = "browse_knowledge_documents";
    const EFFECT: Effect = Effect::Reads;
    const CLASS: Class = Class::Page;
    type Input = Option<String>;
    type Output = DocumentList;

    fn resources(input: &Option<String>, catalog: &Catalog) -> Result<Vec<AwsResource>, ToolError> {
        ListKnowledgeDocuments::resources(&page_after(input.clone()), catalog)
    }

    async fn run(input: Option<String>, context: Context) -> Result<DocumentList, ToolError> {
        let listed = ListKnowledgeDocuments::run(page_after(input), context).await?;
        Ok(DocumentList {
            documents: listed.documents.into_iter().map(DocumentRow::from).collect(),
            next: listed.next_token,
        })
    }
}

fn page_after(token: Option<String>) -> ListDocumentsInput {
    ListDocumentsInput { knowledge_base_id: None, max_results: DOCUMENTS, next_token: token }
}

impl From<DocumentView> for DocumentRow {
    fn from(view: DocumentView) -> Self {
        Self {
            file_name: view.file_name,
            title: view.title,
            bytes: view.size_bytes,
            stored: view.last_modified,
            added_by: view.added_by,
            pages: view.pages,
            pages_without_text: view.pages_without_text,
            passages: view.passages,
            state: match view.state {
                bedrock::DocumentState::Unknown => DocumentState::Unknown(view.problem.unwrap_or_default()),
                bedrock::DocumentState::Indexed => DocumentState::Searchable,
                bedrock::DocumentState::Waiting => DocumentState::Waiting,
                bedrock::DocumentState::Failed => {
                    DocumentState::Failed(view.problem.unwrap_or_else(|| "It could not be read.".to_owned()))
                }
            },
            is_shipped: view.is_shipped,
            sample: view.sample,
        }
    }
}

impl From<SearchOutput> for Findings {
    fn from(found: SearchOutput) -> Self {
        Self {
            days: days(&found.as_of),
            is_known: !found.not_in_knowledge_base,
            calculation: found.calculation.map(Calculation::from),
            results: found.results.into_iter().map(Source::from).collect(),
            has_more: found.next_token.is_some(),
        }
    }
}

impl From<Insights> for Answer {
    fn from(insights: Insights) -> Self {
        Self {
            citations: insights.citations.into_iter().map(Citation::from).collect(),
            sources: insights.sources.into_iter().map(Source::from).collect(),
            calculation: insights.calculation.map(Calculation::from),
            days: days(&insights.as_of),
            is_known: !insights.not_in_knowledge_base,
            model: insights.model,
            used_language_model: insights.used_language_model,
            text: insights.answer,
        }
    }
}

impl From<CitationView> for Citation {
    fn from(part: CitationView) -> Self {
        Self { span: span(part.span), sources: part.sources.into_iter().map(small).collect() }
    }
}

impl From<InsightsStep> for AnswerStep {
    fn from(step: InsightsStep) -> Self {
        match step {
            InsightsStep::Begun(insights) => Self::Begun(Box::new((*insights).into())),
            InsightsStep::Text(text) => Self::Text(text),
            InsightsStep::Cited(citation) => Self::Cited(citation.into()),
        }
    }
}

impl From<CalculationView> for Calculation {
    fn from(view: CalculationView) -> Self {
        Self { text: view.text, amount: Amount { value: view.value, to: None, unit: view.unit } }
    }
}

impl From<SourceView> for Source {
    fn from(view: SourceView) -> Self {
        let marks = view.highlights.into_iter();
        match (view.entry, view.document) {
            (Some(entry), _) => {
                // The passage of an entry has its title and its facts around the statement.
                let before = view.text.find(&entry.statement).map_or(0, |byte| count(&view.text, byte));
                let end = before + entry.statement.chars().count();
                let inside = marks.filter(|mark| mark.start >= before && mark.end <= end);
                let moved =
                    inside.map(|mark| SpanView { start: mark.start - before, end: mark.end - before });
                Self {
                    title: view.title,
                    text: entry.statement.clone(),
                    marks: moved.map(span).collect(),
                    in_force: view.in_force,
                    detail: Detail::Entry(Box::new(entry.into())),
                }
            }
            (None, place) => Self {
                title: view.title,
                text: view.text,
                marks: marks.map(span).collect(),
                in_force: view.in_force,
                detail: Detail::Document(place.map_or_else(nowhere, Place::from)),
            },
        }
    }
}

/// The characters before a byte.
fn count(text: &str, byte: usize) -> usize {
    text.get(..byte).map_or(0, |before| before.chars().count())
}

fn nowhere() -> Place {
    Place { file_name: String::new(), page: None, headings: Vec::new(), passage: None }
}

impl From<EntryView> for Entry {
    fn from(view: EntryView) -> Self {
        Self {
            amount: view.value.zip(view.unit).map(|(value, unit)| Amount { value, to: view.value_to, unit }),
            id: view.id,
            topic: view.topic,
            jurisdiction: view.jurisdiction,
            from: day(view.effective_from.as_deref()),
            to: day(view.effective_to.as_deref()),
            source_title: view.source_title,
            source_url: view.source_url,
            tier: view.tier,
            confidence: view.confidence,
            checked_on: day(Some(&view.checked_on)),
        }
    }
}

impl From<PlaceView> for Place {
    fn from(view: PlaceView) -> Self {
        Self {
            file_name: view.file_name,
            page: view.page,
            headings: view.headings,
            passage: view.passage.map(span),
        }
    }
}

fn day(text: Option<&str>) -> Option<Date> {
    text?.parse().ok()
}

fn days(texts: &[String]) -> Vec<Date> {
    texts.iter().filter_map(|text| text.parse().ok()).collect()
}

fn span(view: SpanView) -> Span {
    Span { start: small(view.start), end: small(view.end) }
}

fn small(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::knowledge::{Confidence, Tier};

    #[test]
    fn marks_of_an_entry_are_in_its_statement() {
        let entry = EntryView {
            id: "level".to_owned(),
            topic: "loudness".to_owned(),
            series: None,
            statement: "Spotify plays – at −14 LUFS.".to_owned(),
            jurisdiction: "worldwide".to_owned(),
            value: Some(-14.0),
            value_to: None,
            unit: Some("LUFS".to_owned()),
            effective_from: Some("2021-01-01".to_owned()),
            effective_to: None,
            source_title: "A page".to_owned(),
            source_url: None,
            tier: Tier::Official,
            confidence: Confidence::High,
            checked_on: "2026-11-22".to_owned(),
        };
        let view = SourceView {
            title: "Level at Spotify".to_owned(),
            text: "# Level – at Spotify\n\nSpotify plays – at −14 LUFS.\n\nworldwide.\n".to_owned(),
            highlights: vec![SpanView { start: 13, end: 20 }, SpanView { start: 22, end: 29 }],
            relevance: 1.0,
            in_force: true,
            entry: Some(entry),
            document: None,
        };
        let source = Source::from(view);
        assert_eq!(source.text, "Spotify plays – at −14 LUFS.");
        assert_eq!(source.marks, [Span { start: 0, end: 7 }]);
        let Detail::Entry(entry) = source.detail else { panic!("an entry") };
        assert_eq!(entry.from, Some(jiff::civil::date(2021, 1, 1)));
        assert_eq!(entry.amount.map(|amount| amount.value), Some(-14.0));
    }

    #[test]
    fn no_more_results_are_asked_for_than_the_search_gives() {
        let query = KnowledgeQuery { shown: 900, ..KnowledgeQuery::default() };
        assert_eq!(asked(query).max_results, 50);
        assert_eq!(asked(KnowledgeQuery::default()).max_results, 1);
    }
}
