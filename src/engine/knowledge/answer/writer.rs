//! Lets a model of Bedrock write from chosen documents: the whole at once, or piece by piece.

use crate::engine::aws::{AwsFailure, FailureKind};
use crate::engine::catalog::{Catalog, CatalogError};
use crate::engine::knowledge::rank::Hit;
use crate::engine::knowledge::retrieve::{self, Condition};
use crate::engine::knowledge::search::Search;
use aws_sdk_bedrockagentruntime::operation::retrieve_and_generate_stream::RetrieveAndGenerateStreamOutput;
use aws_sdk_bedrockagentruntime::types::{
    GeneratedResponsePart, KnowledgeBaseRetrieveAndGenerateConfiguration, RetrieveAndGenerateConfiguration,
    RetrieveAndGenerateInput, RetrieveAndGenerateStreamResponseOutput as Event, RetrieveAndGenerateType,
    RetrievedReference,
};
use std::time::Duration;

/// How many passages the model gets.
const PASSAGES: i32 = 6;

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
