//! `explain_change`: why an artist's figures changed between two periods.

use super::artist_performance::{AnalyzeArtistPerformance, PerformanceInput, analyse};
use crate::engine::catalog::Catalog;
use crate::engine::tools::{Class, Content, Context, Effect, Operation, Server, Subject, Tool, ToolError};
use crate::model::analysis::ChangeExplanation;
use crate::model::tool::AwsResource;

/// Explains a change.
pub struct ExplainChange;

impl Operation for ExplainChange {
    const NAME: &'static str = "explain_change";
    const EFFECT: Effect = Effect::Reads;
    const CLASS: Class = Class::Call;
    const SCOPED: bool = true;
    type Input = PerformanceInput;
    type Output = ChangeExplanation;

    fn resources(input: &PerformanceInput, catalog: &Catalog) -> Result<Vec<AwsResource>, ToolError> {
        AnalyzeArtistPerformance::resources(input, catalog)
    }

    fn subject(input: &PerformanceInput) -> Subject {
        AnalyzeArtistPerformance::subject(input)
    }

    async fn run(input: PerformanceInput, context: Context) -> Result<ChangeExplanation, ToolError> {
        Ok(analyse(&input, &context).await?.change())
    }
}

impl Tool for ExplainChange {
    const SERVER: Server = Server::Music;
    const CONTENT: Content = Content::Untrusted;
    const TITLE: &'static str = "Explain a change";
    const DESCRIPTION: &'static str = "Says why an artist's figures changed between two periods: what changed and \
        whether it is proven, what the label's other artists had as well, the platforms and territories that it is \
        made of, what was logged, days that stand out with what explains them, and signs of artificial streams.";
}
