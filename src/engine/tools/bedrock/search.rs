//! `music_knowledge_search`.

use super::choice;
use super::views::{CalculationView, SourceView};
use crate::engine::catalog::{Catalog, decode_token, encode_token};
use crate::engine::knowledge::entry::Tier;
use crate::engine::knowledge::{self, Only, Search};
use crate::engine::tools::{Class, Content, Context, Effect, Operation, Server, Tool, ToolError};
use crate::model::tool::AwsResource;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// What is searched.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SearchInput {
    /// The question, or some words. It may name a day (`in 2024`, `in March 2025`), a country and
    /// figures (`a 6:10 song`).
    #[schemars(title = "Question", length(min = 1, max = 2000))]
    pub query: String,
    /// The knowledge base.
    #[schemars(title = "Knowledge base")]
    pub knowledge_base_id: Option<String>,
    /// How many results at most.
    #[schemars(title = "Results on a page", range(min = 1, max = 50))]
    #[serde(default = "default_results")]
    pub max_results: u32,
    /// The day for which the answer is to hold when the question names none. Today where the label is, unless given.
    #[schemars(title = "As of", extend("format" = "date"))]
    pub as_of: Option<String>,
    /// Only entries that hold in this country (`US`, `JP`), and those that hold worldwide.
    #[schemars(title = "Jurisdiction", regex(pattern = r"^([A-Z]{2}|worldwide)$"))]
    pub jurisdiction: Option<String>,
    /// Only entries of this topic, for instance `rates`.
    #[schemars(title = "Topic", length(min = 1, max = 100))]
    pub topic: Option<String>,
    /// Only entries from sources of this weight.
    #[schemars(title = "Weight of the source")]
    pub tier: Option<Tier>,
    /// Only entries with their sources, or only documents.
    #[schemars(title = "Only")]
    pub only: Option<Kind>,
    /// Where the page begins: `nextToken` of the page before.
    #[schemars(title = "Next page")]
    pub next_token: Option<String>,
}

fn default_results() -> u32 {
    5
}

/// A kind of results.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub enum Kind {
    /// Facts with their sources.
    Entries,
    /// Other documents.
    Documents,
}

/// What was found.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct SearchOutput {
    /// The knowledge base.
    #[schemars(title = "Knowledge base")]
    pub knowledge_base_id: String,
    /// The days that the question was taken to ask about.
    pub as_of: Vec<String>,
    /// Whether nothing in the knowledge base answers the question. What comes nearest is listed all the same.
    #[schemars(title = "Not in the knowledge base")]
    pub not_in_knowledge_base: bool,
    /// What to tell people about the results.
    pub message: String,
    /// The result of a sum, where the question asks for one.
    pub calculation: Option<CalculationView>,
    /// The results, the best first.
    pub results: Vec<SourceView>,
    /// The token of the next page; none on the last.
    pub next_token: Option<String>,
}

/// Searches a knowledge base.
pub struct MusicKnowledgeSearch;

impl Operation for MusicKnowledgeSearch {
    const NAME: &'static str = "music_knowledge_search";
    const EFFECT: Effect = Effect::Reads;
    const CLASS: Class = Class::Call;
    type Input = SearchInput;
    type Output = SearchOutput;

    fn resources(input: &SearchInput, catalog: &Catalog) -> Result<Vec<AwsResource>, ToolError> {
        let base = choice::base(input.knowledge_base_id.as_deref(), catalog)?;
        if input.query.trim().is_empty() {
            return Err(ToolError::field("query", "a question or some words are needed"));
        }
        Ok(vec![crate::engine::knowledge::resource("Retrieve", base)])
    }

    async fn run(input: SearchInput, context: Context) -> Result<SearchOutput, ToolError> {
        let catalog = &context.catalog;
        let base = choice::base(input.knowledge_base_id.as_deref(), catalog)?.to_owned();
        let only = input.only.map(|kind| match kind {
            Kind::Entries => Only::Entries,
            Kind::Documents => Only::Documents,
        });
        let entries_only = input.jurisdiction.is_some() || input.topic.is_some() || input.tier.is_some();
        if only == Some(Only::Documents) && entries_only {
            let message =
                "documents have no jurisdiction, topic or weight; leave those away, or search entries";
            return Err(ToolError::field("only", message));
        }
        let search = Search {
            base: base.clone(),
            question: input.query.trim().to_owned(),
            today: choice::day(input.as_of.as_deref(), context.now, &catalog.time_zone)?,
            jurisdiction: input.jurisdiction,
            topic: input.topic,
            tier: input.tier,
            only,
        };
        let asked = format!("{search:?}");
        let start = offset(input.next_token.as_deref(), &asked)?;
        let found = knowledge::search(catalog, &search, &context.purse, context.now).await?;
        let limit = usize::try_from(input.max_results).unwrap_or(usize::MAX);
        let hits = &found.ranking.hits;
        let results: Vec<SourceView> =
            hits.iter().skip(start).take(limit).map(|hit| SourceView::of(&found.question, hit)).collect();
        let end = start + results.len();
        let is_last = end >= hits.len() || results.is_empty();
        Ok(SearchOutput {
            knowledge_base_id: base,
            as_of: found.question.days.iter().map(ToString::to_string).collect(),
            not_in_knowledge_base: !found.ranking.is_known,
            message: message(found.ranking.is_known, hits.is_empty()).to_owned(),
            calculation: found.calculation.as_ref().map(CalculationView::of),
            results,
            next_token: (!is_last).then(|| encode_token(&end.to_string(), &asked)),
        })
    }
}

fn message(is_known: bool, is_empty: bool) -> &'static str {
    match (is_known, is_empty) {
        (true, _) => "Check the source, its date and its confidence before you rely on a figure.",
        (false, false) => "This is not in the knowledge base. The results only come nearest to it.",
        (false, true) => "This is not in the knowledge base.",
    }
}

fn offset(token: Option<&str>, asked: &str) -> Result<usize, ToolError> {
    let Some(token) = token else { return Ok(0) };
    let wrong = |message: String| ToolError::field("nextToken", message);
    let text = decode_token(token, asked).map_err(|error| wrong(error.to_string()))?;
    text.parse().map_err(|_| wrong("this is not a token that Patchline gave out".to_owned()))
}

impl Tool for MusicKnowledgeSearch {
    const SERVER: Server = Server::Bedrock;
    const CONTENT: Content = Content::Untrusted;
    const TITLE: &'static str = "Search the knowledge base";
    const DESCRIPTION: &'static str = "Searches facts and documents about rights, royalties, rates, delivery, \
        release and contracts. Prefers what was in force on the asked day and the weightier source; every fact \
        comes with its source, its days of effect and how sure it is. Works out simple sums, such as the \
        mechanical for a song of 6:10, and says when the knowledge base does not know.";

    fn complete_schema(schema: &mut Value, catalog: &Catalog) {
        choice::offer_bases(schema, catalog);
    }
}
