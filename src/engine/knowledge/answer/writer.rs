//! Lets a model of Bedrock write from chosen documents: the whole at once, or piece by piece.

use crate::engine::aws::{AwsFailure, FailureKind};
use crate::engine::catalog::{Catalog, CatalogError};
use crate::engine::config::Tokens;
use crate::engine::knowledge::rank::Hit;
use crate::engine::knowledge::retrieve::{self, Condition};
use crate::engine::knowledge::search::Search;
use aws_sdk_bedrockagentruntime::operation::retrieve_and_generate_stream::RetrieveAndGenerateStreamOutput;
use aws_sdk_bedrockagentruntime::types::{
    GeneratedResponsePart, GenerationConfiguration, InferenceConfig,
    KnowledgeBaseRetrieveAndGenerateConfiguration, RetrieveAndGenerateConfiguration,
    RetrieveAndGenerateInput, RetrieveAndGenerateStreamResponseOutput as Event, RetrieveAndGenerateType,
    RetrievedReference, TextInferenceConfig,
};
use std::time::Duration;

/// How many passages the model gets.
const PASSAGES: i32 = 6;

/// What a call may use at most: passages of 1,500 tokens each, Bedrock's words around them, and a question of
/// the longest kind; and what the model may write.
pub(super) const MOST: Tokens = Tokens { input: 12_000, output: 2048 };

/// How many tokens Bedrock's words around the passages have, about.
const AROUND: u64 = 1_000;

/// How many bytes of text make a token at least. English has four, so this counts rather too much.
const BYTES_OF_A_TOKEN: u64 = 3;

/// How long a model may be silent in the middle of its answer.
const SILENCE: Duration = Duration::from_mins(1);

/// A part of a model's text with the passages that it comes from.
pub(super) struct Part {
    pub(super) words: Option<GeneratedResponsePart>,
    pub(super) references: Vec<RetrievedReference>,
}

/// What a model writes.
pub(super) enum Piece {
    /// More of its text.
    Text(String),
    /// Where a part of the text before comes from.
    Cited(Part),
}

/// A model that is asked a question about some documents.
pub(super) struct Writer<'a> {
    catalog: &'a Catalog,
    base: &'a str,
    model: &'a str,
    input: RetrieveAndGenerateInput,
    configuration: RetrieveAndGenerateConfiguration,
}

impl<'a> Writer<'a> {
    pub(super) fn new(
        catalog: &'a Catalog,
        question: &'a Search,
        model: &'a str,
        sources: &[Hit],
    ) -> Result<Self, CatalogError> {
        let uris = sources.iter().map(|hit| hit.passage.uri.clone()).collect();
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
            .generation_configuration(generation())
            .build()
            .map_err(unsuitable)?;
        let configuration = RetrieveAndGenerateConfiguration::builder()
            .r#type(RetrieveAndGenerateType::KnowledgeBase)
            .knowledge_base_configuration(configuration)
            .build()
            .map_err(unsuitable)?;
        let input =
            RetrieveAndGenerateInput::builder().text(&question.question).build().map_err(unsuitable)?;
        Ok(Self { catalog, base: &question.base, model, input, configuration })
    }

    /// The whole text with its parts.
    pub(super) async fn write(self) -> Result<(String, Vec<Part>), CatalogError> {
        let request = self.catalog.aws.knowledge_answers.retrieve_and_generate();
        let request = request.input(self.input).retrieve_and_generate_configuration(self.configuration);
        let answer = request.send().await.map_err(|error| {
            let resource = retrieve::resource("RetrieveAndGenerate", self.base);
            blamed(AwsFailure::from_sdk(resource, &error), self.model)
        })?;
        let text = answer.output.map(|output| output.text).unwrap_or_default();
        let parts = answer.citations.unwrap_or_default().into_iter().map(|citation| Part {
            words: citation.generated_response_part,
            references: citation.retrieved_references.unwrap_or_default(),
        });
        Ok((text, parts.collect()))
    }

    /// The text as it is written. Once this has returned the model writes.
    pub(super) async fn write_stepwise(self) -> Result<Writing, CatalogError> {
        let request = self.catalog.aws.knowledge_answers.retrieve_and_generate_stream();
        let request = request.input(self.input).retrieve_and_generate_configuration(self.configuration);
        let answer = request.send().await.map_err(|error| {
            let resource = retrieve::resource("RetrieveAndGenerate", self.base);
            blamed(AwsFailure::from_sdk(resource, &error), self.model)
        })?;
        Ok(Writing { answer, base: self.base.to_owned(), model: self.model.to_owned() })
    }
}

/// An answer that is being written. Dropping it ends the work.
pub(super) struct Writing {
    answer: RetrieveAndGenerateStreamOutput,
    base: String,
    model: String,
}

impl Writing {
    /// The next piece; none at the end.
    pub(super) async fn next(&mut self) -> Result<Option<Piece>, CatalogError> {
        let resource = || retrieve::resource("RetrieveAndGenerate", &self.base);
        loop {
            let event = tokio::time::timeout(SILENCE, self.answer.stream.recv()).await;
            let event = event.map_err(|_| AwsFailure {
                kind: FailureKind::Unavailable,
                resource: retrieve::resource("InvokeModel", &self.model),
                code: "Timeout".to_owned(),
                message: format!("the model wrote nothing for {} s", SILENCE.as_secs()),
            })?;
            let event =
                event.map_err(|error| blamed(AwsFailure::from_event(resource(), &error), &self.model))?;
            return Ok(Some(match event {
                None => return Ok(None),
                Some(Event::Output(output)) => Piece::Text(output.text),
                Some(Event::Citation(citation)) => Piece::Cited(Part {
                    words: citation.generated_response_part,
                    references: citation.retrieved_references.unwrap_or_default(),
                }),
                // No guardrail is asked for, and kinds that come later say nothing about the text.
                Some(_) => continue,
            }));
        }
    }
}

/// That the model writes so much at most, whatever Bedrock would let it write.
fn generation() -> GenerationConfiguration {
    let most = i32::try_from(MOST.output).unwrap_or(i32::MAX);
    let text = TextInferenceConfig::builder().max_tokens(most).build();
    let inference = InferenceConfig::builder().text_inference_config(text).build();
    GenerationConfiguration::builder().inference_config(inference).build()
}

/// How many tokens a call has used, about: `RetrieveAndGenerate` does not tell. Which passages the model got is
/// not told either, so each counts as long as the longest that it may have got.
pub(super) fn used(question: &str, sources: &[Hit], written: &str) -> Tokens {
    let tokens = |bytes: usize| u64::try_from(bytes).unwrap_or(u64::MAX).div_ceil(BYTES_OF_A_TOKEN);
    let longest = sources.iter().map(|hit| hit.passage.text.len()).max().unwrap_or(0);
    let passages = tokens(longest).saturating_mul(u64::from(PASSAGES.unsigned_abs()));
    let input = AROUND.saturating_add(tokens(question.len())).saturating_add(passages);
    Tokens { input: input.min(MOST.input), output: tokens(written.len()).min(MOST.output) }
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
