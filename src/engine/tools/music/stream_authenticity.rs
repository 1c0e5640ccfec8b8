//! `assess_stream_authenticity`: whether an artist's streams look artificial. A risk with its signs, never a verdict.

use super::artist_performance::{AnalyzeArtistPerformance, PerformanceInput, analyse};
use crate::engine::catalog::Catalog;
use crate::engine::tools::{Class, Content, Context, Effect, Operation, Server, Subject, Tool, ToolError};
use crate::model::analysis::StreamAuthenticity;
use crate::model::tool::AwsResource;

/// Looks for signs of artificial streams.
pub struct AssessStreamAuthenticity;

impl Operation for AssessStreamAuthenticity {
    const NAME: &'static str = "assess_stream_authenticity";
    const EFFECT: Effect = Effect::Reads;
    const CLASS: Class = Class::Call;
    const SCOPED: bool = true;
    type Input = PerformanceInput;
    type Output = StreamAuthenticity;

    fn resources(input: &PerformanceInput, catalog: &Catalog) -> Result<Vec<AwsResource>, ToolError> {
        AnalyzeArtistPerformance::resources(input, catalog)
    }

    fn subject(input: &PerformanceInput) -> Subject {
        AnalyzeArtistPerformance::subject(input)
    }

    async fn run(input: PerformanceInput, context: Context) -> Result<StreamAuthenticity, ToolError> {
        Ok(analyse(&input, &context).await?.authenticity())
    }
}

impl Tool for AssessStreamAuthenticity {
    const SERVER: Server = Server::Music;
    const CONTENT: Content = Content::Untrusted;
    const TITLE: &'static str = "Assess whether streams are real";
    const DESCRIPTION: &'static str = "Looks for signs of artificial streams of an artist: jumps that nothing \
        explains, one territory, streams without listeners, saves or followers, a sudden end. Answers with a risk, \
        each sign with what was measured and its limit, and the days; a risk is no proof and no accusation.";
}
