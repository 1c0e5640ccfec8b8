//! The Runtime, with the built-in model.

use aws_sdk_bedrockruntime::operation::converse::builders::ConverseFluentBuilder;
use aws_sdk_bedrockruntime::primitives::Blob;
use aws_sdk_bedrockruntime::types::{
    ContentBlock, ConversationRole, ConverseStreamOutput, GuardrailConfiguration, InferenceConfiguration,
    Message, StopReason, SystemContentBlock, TokenUsage,
};
use serde_json::{Value, json};

use super::super::code_of;
use super::{Failure, Knowledge, MODEL, Outcome};

const PASSAGES: &str = "<passage id=\"a\">Records come out on Fridays.</passage>\
                        <passage id=\"b\">A song of 6:10 earns 17.64 cents. Other songs earn less.</passage>";
const QUESTION: &str = "What does a song of 6:10 earn?";

pub(super) fn message(role: ConversationRole, text: &str) -> Result<Message, Failure> {
    Ok(Message::builder().role(role).content(ContentBlock::Text(text.to_owned())).build()?)
}

impl Knowledge {
    pub(super) fn converse(&self, question: &str) -> Result<ConverseFluentBuilder, Failure> {
        let system = SystemContentBlock::Text(PASSAGES.to_owned());
        let converse = self.models.converse().model_id(MODEL).system(system);
        Ok(converse.messages(message(ConversationRole::User, question)?))
    }
}

pub(super) fn text_of(answer: &aws_sdk_bedrockruntime::operation::converse::ConverseOutput) -> String {
    let message = answer.output().and_then(|output| output.as_message().ok());
    let block = message.and_then(|message| message.content().first());
    block.and_then(|block| block.as_text().ok()).cloned().unwrap_or_default()
}

/// Reads a stream to its end: the pieces of text, why it stopped, and what it took.
pub(super) async fn read(
    mut stream: aws_sdk_bedrockruntime::operation::converse_stream::ConverseStreamOutput,
) -> Result<(Vec<String>, Option<StopReason>, Option<TokenUsage>), Failure> {
    let (mut pieces, mut reason, mut usage) = (Vec::new(), None, None);
    let mut kinds = Vec::new();
    while let Some(event) = stream.stream.recv().await? {
        match event {
            ConverseStreamOutput::MessageStart(start) => {
                assert_eq!(start.role(), &ConversationRole::Assistant);
                kinds.push('b');
            }
            ConverseStreamOutput::ContentBlockDelta(delta) => {
                let text = delta.delta().and_then(|delta| delta.as_text().ok()).ok_or("no text")?;
                pieces.push(text.clone());
                kinds.push('t');
            }
            ConverseStreamOutput::ContentBlockStop(_) => kinds.push('c'),
            ConverseStreamOutput::MessageStop(stop) => {
                reason = Some(stop.stop_reason().clone());
                kinds.push('s');
            }
            ConverseStreamOutput::Metadata(metadata) => {
                usage = metadata.usage().cloned();
                kinds.push('m');
            }
            other => return Err(format!("{other:?}").into()),
        }
    }
    let kinds: String = kinds.into_iter().filter(|kind| *kind != 't').collect();
    assert_eq!(kinds, "bcsm");
    Ok((pieces, reason, usage))
}

#[tokio::test]
async fn the_built_in_model_quotes_the_passages_it_is_given() -> Outcome {
    let knowledge = Knowledge::new().await?;
    let answer = knowledge.converse(QUESTION)?.send().await?;
    let text = text_of(&answer);
    assert!(text.starts_with("No language model was used."), "{text}");
    assert!(text.contains("“A song of 6:10 earns 17.64 cents.” [b]"), "{text}");
    assert_eq!(answer.stop_reason(), &StopReason::EndTurn);
    assert!(answer.usage().is_some_and(|usage| usage.input_tokens() > 10 && usage.output_tokens() > 5));
    assert_eq!(answer.trace(), None);
    Ok(())
}

#[tokio::test]
async fn a_stream_says_the_same_in_pieces() -> Outcome {
    let knowledge = Knowledge::new().await?;
    let whole = text_of(&knowledge.converse(QUESTION)?.send().await?);
    let stream = knowledge
        .models
        .converse_stream()
        .model_id(MODEL)
        .system(SystemContentBlock::Text(PASSAGES.to_owned()))
        .messages(message(ConversationRole::User, QUESTION)?);
    let (pieces, reason, usage) = read(stream.send().await?).await?;
    assert!(pieces.len() > 1);
    assert_eq!(pieces.concat(), whole);
    assert_eq!(reason, Some(StopReason::EndTurn));
    assert!(usage.is_some_and(|usage| usage.output_tokens() > 5));
    Ok(())
}

#[tokio::test]
async fn a_model_can_be_invoked_in_its_native_form() -> Outcome {
    let knowledge = Knowledge::new().await?;
    let body = json!({ "messages": [{ "role": "user", "content": [{ "text": format!("{PASSAGES} {QUESTION}") }] }] });
    let body = Blob::new(body.to_string());
    let answer = knowledge
        .models
        .invoke_model()
        .model_id(MODEL)
        .content_type("application/json")
        .body(body)
        .send()
        .await?;
    let json: Value = serde_json::from_slice(answer.body().as_ref())?;
    let text = json["output"]["message"]["content"][0]["text"].as_str().unwrap_or_default();
    assert!(text.contains("17.64 cents.” [b]"), "{text}");
    assert_eq!(json["stopReason"], "end_turn");
    Ok(())
}

#[tokio::test]
async fn limits_of_the_answer_are_kept() -> Outcome {
    let knowledge = Knowledge::new().await?;
    let short = InferenceConfiguration::builder().max_tokens(3).temperature(0.5).top_p(1.0).build();
    let answer = knowledge.converse(QUESTION)?.inference_config(short).send().await?;
    assert_eq!(
        (text_of(&answer).as_str(), answer.stop_reason()),
        ("No language model", &StopReason::MaxTokens)
    );
    let stopped = InferenceConfiguration::builder().stop_sequences(" was").build();
    let answer = knowledge.converse(QUESTION)?.inference_config(stopped).send().await?;
    assert_eq!(
        (text_of(&answer).as_str(), answer.stop_reason()),
        ("No language model", &StopReason::StopSequence)
    );
    Ok(())
}

#[tokio::test]
async fn models_that_are_not_there_have_their_errors() -> Outcome {
    let knowledge = Knowledge::new().await?;
    for (model, code) in [
        ("anthropic.claude-sonnet-4-5-20250929-v1:0", "AccessDeniedException"),
        ("us.amazon.nova-pro-v1:0", "AccessDeniedException"),
        ("nonsense", "ValidationException"),
        ("arn:aws:bedrock:us-east-1::foundation-model/local.extractive-v1", "success"),
    ] {
        assert_eq!(code_of(knowledge.converse(QUESTION)?.model_id(model).send().await), code, "{model}");
    }
    Ok(())
}

#[tokio::test]
async fn wrong_conversations_and_options_are_refused() -> Outcome {
    let knowledge = Knowledge::new().await?;
    let models = &knowledge.models;
    let user = || message(ConversationRole::User, "x");
    let converse = || models.converse().model_id(MODEL);
    let guardrail =
        GuardrailConfiguration::builder().guardrail_identifier("g").guardrail_version("1").build();
    let hot = InferenceConfiguration::builder().temperature(2.0).build();
    let picture = Message::builder()
        .role(ConversationRole::User)
        .content(ContentBlock::CachePoint(
            aws_sdk_bedrockruntime::types::CachePointBlock::builder()
                .r#type(aws_sdk_bedrockruntime::types::CachePointType::Default)
                .build()?,
        ))
        .build()?;
    for (what, request) in [
        ("no message", converse()),
        ("begins with the assistant", converse().messages(message(ConversationRole::Assistant, "x")?)),
        ("twice the user", converse().messages(user()?).messages(user()?)),
        (
            "ends with the assistant",
            converse().messages(user()?).messages(message(ConversationRole::Assistant, "x")?),
        ),
        ("blank", converse().messages(message(ConversationRole::User, "  ")?)),
        ("another kind of content", converse().messages(picture)),
        ("a guardrail", converse().messages(user()?).guardrail_config(guardrail)),
        ("too hot", converse().messages(user()?).inference_config(hot)),
    ] {
        assert_eq!(code_of(request.send().await), "ValidationException", "{what}");
    }
    let body = Blob::new("{}");
    let stream = models.invoke_model_with_response_stream().model_id(MODEL).body(body).send().await;
    assert_eq!(code_of(stream), "UnknownOperationException");
    Ok(())
}
