//! `generate_music_insights`.

use super::choice;
use super::views::{CalculationView, SourceView, SpanView};
use crate::engine::catalog::Catalog;
use crate::engine::knowledge::question::Question;
use crate::engine::knowledge::{self, Search, resource};
use crate::engine::tools::{Class, Content, Context, Effect, Operation, Server, Tool, ToolError};
use crate::model::tool::AwsResource;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// What is asked.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct InsightsInput {
    /// The question.
    #[schemars(title = "Question", length(min = 1, max = 2000))]
    pub prompt: String,
    /// The knowledge base.
    #[schemars(title = "Knowledge base")]
    pub knowledge_base_id: Option<String>,
    /// The model that writes the answer. `local.extractive-v1` quotes the best passages and writes nothing.
    #[schemars(title = "Model")]
    pub model_id: Option<String>,
    /// The day for which the answer is to hold when the question names none. Today where the label is, unless given.
    #[schemars(title = "As of", extend("format" = "date"))]
    pub as_of: Option<String>,
}

/// An answer with its sources.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Insights {
    /// The answer.
    pub answer: String,
    /// Its parts with the sources that they come from.
    pub citations: Vec<CitationView>,
    /// The sources.
    pub sources: Vec<SourceView>,
    /// The result of a sum, where the question asks for one. The answer begins with it.
    pub calculation: Option<CalculationView>,
    /// The days that the question was taken to ask about.
    pub as_of: Vec<String>,
    /// Whether nothing in the knowledge base answers the question. No model is asked then.
    #[schemars(title = "Not in the knowledge base")]
    pub not_in_knowledge_base: bool,
    /// The model; none when none was asked.
    pub model: Option<String>,
    /// Whether a language model wrote the answer. If not, it consists of quotes.
    #[schemars(title = "Written by a language model")]
    pub used_language_model: bool,
    /// The knowledge base.
    #[schemars(title = "Knowledge base")]
    pub knowledge_base_id: String,
}

/// A part of the answer with its sources.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct CitationView {
    /// Where it stands in the answer.
    pub span: SpanView,
    /// Its words.
    pub text: String,
    /// Places in `sources`, from 0.
    pub sources: Vec<usize>,
}

/// Answers a question from a knowledge base.
pub struct GenerateMusicInsights;

impl Operation for GenerateMusicInsights {
    const NAME: &'static str = "generate_music_insights";
    const EFFECT: Effect = Effect::Reads;
    const CLASS: Class = Class::Call;
    type Input = InsightsInput;
    type Output = Insights;

    fn resources(input: &InsightsInput, catalog: &Catalog) -> Result<Vec<AwsResource>, ToolError> {
        touched(input, catalog)
    }

    async fn run(input: InsightsInput, context: Context) -> Result<Insights, ToolError> {
        let asked = Asked::of(&input, &context)?;
        let Context { catalog, purse, now, .. } = &context;
        let answer = knowledge::answer(catalog, &asked.search, asked.model, purse, *now).await?;
        Ok(asked.insights(answer))
    }
}

/// What an answer touches.
pub(super) fn touched(input: &InsightsInput, catalog: &Catalog) -> Result<Vec<AwsResource>, ToolError> {
    let base = choice::base(input.knowledge_base_id.as_deref(), catalog)?;
    let model = choice::model(input.model_id.as_deref(), catalog)?;
    if input.prompt.trim().is_empty() {
        return Err(ToolError::field("prompt", "a question is needed"));
    }
    Ok(vec![
        resource("Retrieve", base),
        resource("RetrieveAndGenerate", base),
        resource("InvokeModel", model),
    ])
}

/// What is asked, understood.
pub(super) struct Asked<'a> {
    pub(super) search: Search,
    pub(super) model: &'a str,
}

impl<'a> Asked<'a> {
    pub(super) fn of(input: &'a InsightsInput, context: &'a Context) -> Result<Self, ToolError> {
        let catalog = &context.catalog;
        let search = Search {
            base: choice::base(input.knowledge_base_id.as_deref(), catalog)?.to_owned(),
            question: input.prompt.trim().to_owned(),
            today: choice::day(input.as_of.as_deref(), context.now, &catalog.time_zone)?,
            jurisdiction: None,
            topic: None,
            tier: None,
            only: None,
        };
        Ok(Self { search, model: choice::model(input.model_id.as_deref(), catalog)? })
    }

    /// An answer, or what is known of it so far, as callers see it.
    pub(super) fn insights(&self, answer: knowledge::Answer) -> Insights {
        let question = Question::read(&self.search.question, self.search.today);
        Insights {
            citations: answer.citations.into_iter().map(CitationView::of).collect(),
            sources: answer.sources.iter().map(|hit| SourceView::of(&question, hit)).collect(),
            calculation: answer.calculation.as_ref().map(CalculationView::of),
            as_of: answer.days.iter().map(ToString::to_string).collect(),
            not_in_knowledge_base: !answer.is_known,
            model: answer.is_known.then(|| self.model.to_owned()),
            used_language_model: answer.used_language_model,
            knowledge_base_id: self.search.base.clone(),
            answer: answer.text,
        }
    }
}

impl CitationView {
    pub(super) fn of(part: knowledge::Citation) -> Self {
        let span = SpanView { start: part.start, end: part.end };
        Self { span, text: part.text, sources: part.sources }
    }
}

impl Tool for GenerateMusicInsights {
    const PAYS: bool = true;
    const SERVER: Server = Server::Bedrock;
    const CONTENT: Content = Content::Untrusted;
    const TITLE: &'static str = "Answer a question";
    const DESCRIPTION: &'static str = "Answers a question from the knowledge base, with a source for each part of \
        the answer. Takes what was in force on the asked day. Says whether a language model wrote the answer or \
        whether it consists of quotes, and says when the knowledge base does not know.";

    fn complete_schema(schema: &mut Value, catalog: &Catalog) {
        choice::offer_bases(schema, catalog);
        choice::offer_models(schema, catalog);
    }
}
