//! With a language model: it writes, and when it fails, nothing is written in its place.

use std::time::Duration;

use aws_sdk_bedrockagentruntime::types::RetrieveAndGenerateOutput;
use aws_sdk_bedrockruntime::types::{
    ConversationRole, ConverseStreamOutput, InferenceConfiguration, StopReason,
};
use serde_json::json;

use super::super::code_of;
use super::generate::{check_spans, read_stream};
use super::models::{message, read, text_of};
use super::{Failure, Knowledge, MODEL, Outcome};
use crate::support::language_model::{Conduct, LanguageModel};

/// How long a model may take that answers.
const PATIENCE: Duration = Duration::from_mins(1);

/// How long is waited for one that never says a word, and for one that begins and falls silent: long enough for a
/// slow machine to hear the beginning.
const SILENCE: Duration = Duration::from_millis(300);
const SILENCE_AFTER_A_WORD: Duration = Duration::from_secs(5);

async fn with(model: &LanguageModel) -> Result<Knowledge, Failure> {
    waiting(model, PATIENCE).await
}

async fn waiting(model: &LanguageModel, patience: Duration) -> Result<Knowledge, Failure> {
    Knowledge::with(|options| {
        options.language_model_url = Some(model.url());
        options.language_model_name = Some("small-model".to_owned());
        options.language_model_patience = patience;
    })
    .await
}

impl Knowledge {
    fn stream(
        &self,
    ) -> Result<
        aws_sdk_bedrockruntime::operation::converse_stream::builders::ConverseStreamFluentBuilder,
        Failure,
    > {
        let user = message(ConversationRole::User, "Why?")?;
        Ok(self.models.converse_stream().model_id(MODEL).messages(user))
    }
}

#[tokio::test]
async fn the_language_model_writes_in_place_of_the_built_in_one() -> Outcome {
    let model = LanguageModel::start(Conduct::Writes(vec!["Be", "cause."])).await;
    let knowledge = with(&model).await?;
    let config =
        InferenceConfiguration::builder().max_tokens(50).temperature(0.5).stop_sequences("END").build();
    let answer = knowledge.converse("Why?")?.inference_config(config).send().await?;
    assert_eq!(text_of(&answer), "Because.");
    assert_eq!(answer.stop_reason(), &StopReason::EndTurn);
    let usage = answer.usage().ok_or("no usage")?;
    assert_eq!((usage.input_tokens(), usage.output_tokens(), usage.total_tokens()), (12, 3, 15));
    let invoked =
        answer.trace().and_then(|trace| trace.prompt_router()).and_then(|router| router.invoked_model_id());
    assert_eq!(invoked, Some("small-model"));

    let request = model.requests().remove(0);
    assert_eq!(request["model"], "small-model");
    assert_eq!(request["messages"][0]["role"], "system");
    assert_eq!(request["messages"][1], json!({ "role": "user", "content": "Why?" }));
    assert_eq!((&request["max_tokens"], &request["temperature"]), (&json!(50), &json!(0.5)));
    assert_eq!((&request["stop"], &request["stream"]), (&json!(["END"]), &json!(true)));
    Ok(())
}

#[tokio::test]
async fn words_are_passed_on_as_they_are_written() -> Outcome {
    let (model, demand) = LanguageModel::on_demand().await;
    let knowledge = Knowledge::with(|options| options.language_model_url = Some(model.url())).await?;
    let mut answer = knowledge.stream()?.send().await?;
    assert!(matches!(answer.stream.recv().await?, Some(ConverseStreamOutput::MessageStart(_))));
    // Each word is asked for only when the one before has arrived.
    for word in ["One", " two", " three"] {
        demand.send(word.to_owned())?;
        let Some(ConverseStreamOutput::ContentBlockDelta(delta)) = answer.stream.recv().await? else {
            return Err("no delta".into());
        };
        assert_eq!(delta.delta().and_then(|delta| delta.as_text().ok()).map(String::as_str), Some(word));
    }
    drop(demand);
    assert!(matches!(answer.stream.recv().await?, Some(ConverseStreamOutput::ContentBlockStop(_))));
    Ok(())
}

#[tokio::test]
async fn a_stream_ends_with_the_reason_and_the_count_of_tokens() -> Outcome {
    let model = LanguageModel::start(Conduct::Writes(vec!["A", "B"])).await;
    let knowledge = with(&model).await?;
    let (pieces, reason, usage) = read(knowledge.stream()?.send().await?).await?;
    assert_eq!((pieces, reason), (vec!["A".to_owned(), "B".to_owned()], Some(StopReason::EndTurn)));
    assert_eq!(usage.map(|usage| usage.total_tokens()), Some(15));
    Ok(())
}

#[tokio::test]
async fn its_citations_become_spans() -> Outcome {
    let model = LanguageModel::start(Conduct::Writes(vec!["It earns 17.64 ¢ [", "1]. Fridays [2]."])).await;
    let knowledge = with(&model).await?;
    knowledge.put("rates.md", "A long song earns 17.64 ¢ on vinyl. Songs earn by the minute.").await?;
    knowledge.put("dates.md", "A song comes out on a Friday.").await?;
    let answer = knowledge.answer("what does a long song earn on vinyl?", MODEL, |base| base)?.send().await?;
    let text = answer.output().map(RetrieveAndGenerateOutput::text).unwrap_or_default();
    assert_eq!(text, "It earns 17.64 ¢. Fridays.");
    let parts = check_spans(text, answer.citations())?;
    let source = |key: &str| vec![format!("s3://patchline-knowledge/{key}")];
    assert_eq!(parts[0], ("It earns 17.64 ¢.".to_owned(), source("rates.md")));
    assert_eq!(parts[1], ("Fridays.".to_owned(), source("dates.md")));

    let session = answer.session_id();
    knowledge.answer("and a song on CD?", MODEL, |base| base)?.session_id(session).send().await?;
    let messages = model.requests().remove(1)["messages"].clone();
    assert_eq!(messages[1]["content"], "what does a long song earn on vinyl?");
    assert_eq!(messages[2], json!({ "role": "assistant", "content": text }));
    let nothing = knowledge.answer("zebra", MODEL, |base| base)?.send().await?;
    assert!(nothing.citations().is_empty());
    assert_eq!(model.requests().len(), 2, "nothing was found, so nothing was asked");
    Ok(())
}

#[tokio::test]
async fn its_citations_are_streamed_after_their_words() -> Outcome {
    let model =
        LanguageModel::start(Conduct::Writes(vec!["It earns ", "17.64 ¢ [", "1", "]. Fri", "days [2]."]))
            .await;
    let knowledge = with(&model).await?;
    knowledge.put("rates.md", "A long song earns 17.64 ¢ on vinyl. Songs earn by the minute.").await?;
    knowledge.put("dates.md", "A song comes out on a Friday.").await?;
    let (pieces, citations) =
        read_stream(knowledge.answer_stream("what does a long song earn on vinyl?")?.send().await?).await?;
    assert!(pieces.len() > 2, "{pieces:?}");
    let parts = check_spans(&pieces.concat(), &citations)?;
    assert_eq!(parts[0].0, "It earns 17.64 ¢.");
    assert_eq!(parts[1], ("Fridays.".to_owned(), vec!["s3://patchline-knowledge/dates.md".to_owned()]));
    Ok(())
}

#[tokio::test]
async fn a_streamed_answer_that_breaks_says_so() -> Outcome {
    let model = LanguageModel::start(Conduct::BreaksOff(vec!["Half of"])).await;
    let knowledge = with(&model).await?;
    knowledge.put("a.md", "A zebra.").await?;
    let error =
        read_stream(knowledge.answer_stream("zebra")?.send().await?).await.err().ok_or("it ended well")?;
    assert!(format!("{error:?}").contains("DependencyFailedException"), "{error:?}");
    let refusing = LanguageModel::start(Conduct::Refuses(503)).await;
    let knowledge = with(&refusing).await?;
    knowledge.put("a.md", "A zebra.").await?;
    assert_eq!(code_of(knowledge.answer_stream("zebra")?.send().await), "DependencyFailedException");
    Ok(())
}

#[tokio::test]
async fn a_model_that_fails_is_unavailable_and_nothing_is_invented() -> Outcome {
    for conduct in [
        Conduct::Refuses(500),
        Conduct::Refuses(404),
        Conduct::IsSilent,
        Conduct::FallsSilent,
        Conduct::Babbles,
        Conduct::FailsMidway,
        Conduct::BreaksOff(vec!["Half of"]),
    ] {
        let model = LanguageModel::start(conduct.clone()).await;
        let is_silent = matches!(conduct, Conduct::IsSilent | Conduct::FallsSilent);
        let knowledge = waiting(&model, if is_silent { SILENCE } else { PATIENCE }).await?;
        knowledge.put("a.md", "A zebra.").await?;
        assert_eq!(
            code_of(knowledge.converse("Why?")?.send().await),
            "ServiceUnavailableException",
            "{conduct:?}"
        );
        let answer = knowledge.answer("zebra", MODEL, |base| base)?.send().await;
        assert_eq!(code_of(answer), "DependencyFailedException", "{conduct:?}");
    }
    Ok(())
}

#[tokio::test]
async fn a_model_that_is_not_there_is_unavailable() -> Outcome {
    let model = LanguageModel::start(Conduct::IsSilent).await;
    let knowledge = with(&model).await?;
    drop(model);
    assert_eq!(code_of(knowledge.converse("Why?")?.send().await), "ServiceUnavailableException");
    assert_eq!(code_of(knowledge.stream()?.send().await), "ServiceUnavailableException");
    Ok(())
}

#[tokio::test]
async fn a_stream_that_breaks_says_so() -> Outcome {
    for (conduct, patience) in [
        (Conduct::BreaksOff(vec!["Half of"]), PATIENCE),
        (Conduct::FallsSilent, SILENCE_AFTER_A_WORD),
        (Conduct::FailsMidway, PATIENCE),
    ] {
        let model = LanguageModel::start(conduct.clone()).await;
        let knowledge = waiting(&model, patience).await?;
        let error = read(knowledge.stream()?.send().await?).await.err().ok_or("it ended well")?;
        let error = error.downcast::<aws_sdk_bedrockruntime::error::SdkError<
            aws_sdk_bedrockruntime::types::error::ConverseStreamOutputError,
            aws_smithy_types::event_stream::RawMessage,
        >>()?;
        let error = error.into_service_error();
        assert!(error.is_model_stream_error_exception(), "{conduct:?}: {error:?}");
    }
    Ok(())
}

#[tokio::test]
async fn an_address_that_is_none_is_refused_at_the_start() -> Outcome {
    let refused = Knowledge::with(|options| options.language_model_url = Some("ftp://x".to_owned())).await;
    assert!(refused.is_err_and(|error| error.to_string().contains("ftp://x")));
    Ok(())
}
