//! The same answer as `generate_music_insights`, told while it is written.

use super::insights::{Asked, CitationView, GenerateMusicInsights, Insights, InsightsInput, touched};
use crate::engine::catalog::Catalog;
use crate::engine::knowledge::{self, Listener, Step};
use crate::engine::tools::{Class, Context, Effect, Operation, ToolError};
use crate::model::tool::AwsResource;
use serde::Serialize;
use tokio::sync::mpsc;

/// How many steps may wait for a slow listener before the model waits, too.
const WAITING: usize = 64;

/// What is asked, and who listens.
#[derive(Debug, Serialize)]
pub struct StreamInsightsInput {
    /// What is asked.
    #[serde(flatten)]
    pub asked: InsightsInput,
    /// Where the answer is told while it is written.
    #[serde(skip)]
    pub listener: InsightsListener,
}

/// Where an answer is told while it is written.
#[derive(Debug, Clone)]
pub struct InsightsListener {
    steps: mpsc::Sender<InsightsStep>,
}

/// What is known of an answer while it is written.
#[derive(Debug, Clone, PartialEq)]
pub enum InsightsStep {
    /// What it is made from. Of its text there is only the sum, where there is one.
    Begun(Box<Insights>),
    /// More of the text.
    Text(String),
    /// Where a part of the text so far comes from.
    Cited(CitationView),
}

impl InsightsListener {
    /// A listener, and where it hears.
    pub fn new() -> (Self, mpsc::Receiver<InsightsStep>) {
        let (steps, heard) = mpsc::channel(WAITING);
        (Self { steps }, heard)
    }
}

/// Answers a question from a knowledge base, and tells it while it is written. Counts and is recorded as
/// the tool, which gives the same answer.
pub struct StreamMusicInsights;

impl Operation for StreamMusicInsights {
    const NAME: &'static str = GenerateMusicInsights::NAME;
    const EFFECT: Effect = GenerateMusicInsights::EFFECT;
    const CLASS: Class = GenerateMusicInsights::CLASS;
    type Input = StreamInsightsInput;
    type Output = Insights;

    fn resources(input: &StreamInsightsInput, catalog: &Catalog) -> Result<Vec<AwsResource>, ToolError> {
        touched(&input.asked, catalog)
    }

    async fn run(input: StreamInsightsInput, context: Context) -> Result<Insights, ToolError> {
        let asked = Asked::of(&input.asked, &context)?;
        let teller = Teller { asked: &asked, steps: input.listener.steps };
        let Context { catalog, purse, now, .. } = &context;
        let search = &asked.search;
        let answer = knowledge::answer_stepwise(catalog, search, asked.model, purse, *now, &teller).await?;
        Ok(asked.insights(answer))
    }
}

/// Tells the steps in the words of callers.
struct Teller<'a> {
    asked: &'a Asked<'a>,
    steps: mpsc::Sender<InsightsStep>,
}

impl Listener for Teller<'_> {
    /// Waits while the one who hears has no room, so that a slow one is not flooded.
    async fn hear(&self, step: Step) {
        let step = match step {
            Step::Begun(answer) => InsightsStep::Begun(Box::new(self.asked.insights(*answer))),
            Step::Text(text) => InsightsStep::Text(text),
            Step::Cited(citation) => InsightsStep::Cited(CitationView::of(citation)),
        };
        // Whoever does not hear any more misses nothing that the answer does not have.
        let _ = self.steps.send(step).await;
    }
}
