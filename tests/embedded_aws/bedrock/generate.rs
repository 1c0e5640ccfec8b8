//! Answers with citations, by the built-in model.

use aws_sdk_bedrockagentruntime::operation::retrieve_and_generate::builders::RetrieveAndGenerateFluentBuilder;
use aws_sdk_bedrockagentruntime::types::{
    Citation, ExternalSourcesRetrieveAndGenerateConfiguration, GenerationConfiguration, InferenceConfig,
    KnowledgeBaseRetrieveAndGenerateConfiguration, PromptTemplate, RetrieveAndGenerateConfiguration,
    RetrieveAndGenerateInput, RetrieveAndGenerateOutput, RetrieveAndGenerateStreamResponseOutput,
    RetrieveAndGenerateType, TextInferenceConfig,
};

use super::super::code_of;
use super::{BASE, Failure, Knowledge, MODEL, Outcome};

impl Knowledge {
    /// The same question, to be answered as a stream.
    pub(super) fn answer_stream(
        &self,
        question: &str,
    ) -> Result<
        aws_sdk_bedrockagentruntime::operation::retrieve_and_generate_stream::builders::RetrieveAndGenerateStreamFluentBuilder,
        Failure,
    >{
        let base =
            KnowledgeBaseRetrieveAndGenerateConfiguration::builder().knowledge_base_id(BASE).model_arn(MODEL);
        let configuration = RetrieveAndGenerateConfiguration::builder()
            .r#type(RetrieveAndGenerateType::KnowledgeBase)
            .knowledge_base_configuration(base.build()?)
            .build()?;
        let input = RetrieveAndGenerateInput::builder().text(question).build()?;
        let request = self.agent_runtime.retrieve_and_generate_stream().input(input);
        Ok(request.retrieve_and_generate_configuration(configuration))
    }

    pub(super) fn answer(
        &self,
        question: &str,
        model: &str,
        change: impl FnOnce(
            aws_sdk_bedrockagentruntime::types::builders::KnowledgeBaseRetrieveAndGenerateConfigurationBuilder,
        )
            -> aws_sdk_bedrockagentruntime::types::builders::KnowledgeBaseRetrieveAndGenerateConfigurationBuilder,
    ) -> Result<RetrieveAndGenerateFluentBuilder, Failure> {
        let base =
            KnowledgeBaseRetrieveAndGenerateConfiguration::builder().knowledge_base_id(BASE).model_arn(model);
        let configuration = RetrieveAndGenerateConfiguration::builder()
            .r#type(RetrieveAndGenerateType::KnowledgeBase)
            .knowledge_base_configuration(change(base).build()?)
            .build()?;
        let input = RetrieveAndGenerateInput::builder().text(question).build()?;
        Ok(self
            .agent_runtime
            .retrieve_and_generate()
            .input(input)
            .retrieve_and_generate_configuration(configuration))
    }
}

/// Checks that each span holds its text, and returns the texts with the keys they come from.
pub(super) fn check_spans(text: &str, citations: &[Citation]) -> Result<Vec<(String, Vec<String>)>, Failure> {
    let characters: Vec<char> = text.chars().collect();
    let mut parts = Vec::new();
    for citation in citations {
        let part =
            citation.generated_response_part().and_then(|part| part.text_response_part()).ok_or("no part")?;
        let span = part.span().ok_or("no span")?;
        let (start, end) = (span.start().ok_or("no start")?, span.end().ok_or("no end")?);
        let within: String = characters[usize::try_from(start)?..usize::try_from(end)?].iter().collect();
        assert_eq!(Some(within.as_str()), part.text());
        let sources = citation.retrieved_references().iter().filter_map(|reference| {
            assert!(reference.content().is_some_and(|content| !content.text().is_empty()));
            assert!(
                reference
                    .metadata()
                    .is_some_and(|metadata| metadata.contains_key("x-amz-bedrock-kb-source-uri"))
            );
            reference.location()?.s3_location()?.uri().map(str::to_owned)
        });
        parts.push((within, sources.collect()));
    }
    Ok(parts)
}

/// Reads a stream to its end: the pieces of text, and the citations.
pub(super) async fn read_stream(
    mut stream: aws_sdk_bedrockagentruntime::operation::retrieve_and_generate_stream::RetrieveAndGenerateStreamOutput,
) -> Result<(Vec<String>, Vec<Citation>), Failure> {
    let (mut pieces, mut citations) = (Vec::new(), Vec::new());
    while let Some(event) = stream.stream.recv().await? {
        match event {
            RetrieveAndGenerateStreamResponseOutput::Output(output) => pieces.push(output.text().to_owned()),
            RetrieveAndGenerateStreamResponseOutput::Citation(event) => citations.push(
                Citation::builder()
                    .set_generated_response_part(event.generated_response_part().cloned())
                    .set_retrieved_references(Some(event.retrieved_references().to_vec()))
                    .build(),
            ),
            other => return Err(format!("{other:?}").into()),
        }
    }
    Ok((pieces, citations))
}

#[tokio::test]
async fn a_stream_has_the_same_text_and_citations() -> Outcome {
    let knowledge = Knowledge::new().await?;
    knowledge.put("a.md", "A song — „Lied“ — earns 17.64 ¢. It was less before. A song is a work.").await?;
    let whole = knowledge.answer("what does a song earn?", MODEL, |base| base)?.send().await?;
    let answer = knowledge.answer_stream("what does a song earn?")?.send().await?;
    assert!(!answer.session_id().is_empty());
    let (pieces, citations) = read_stream(answer).await?;
    assert_eq!(Some(pieces.concat().as_str()), whole.output().map(RetrieveAndGenerateOutput::text));
    assert_eq!(citations, whole.citations());
    let nothing = read_stream(knowledge.answer_stream("zebra")?.send().await?).await?;
    assert_eq!(nothing, (vec!["The knowledge base says nothing about this.".to_owned()], vec![]));
    Ok(())
}

#[tokio::test]
async fn the_built_in_model_quotes_and_cites() -> Outcome {
    let knowledge = Knowledge::new().await?;
    knowledge
        .put("rates.md", "# Rates\n\nIn 2026 a song of 6:10 earns 17.64 ¢ for each copy. It was less before.")
        .await?;
    knowledge.put("dates.md", "# Dates\n\nRecords come out on Fridays — „immer“.").await?;
    let answer = knowledge.answer("what does a 6:10 song earn in 2026?", MODEL, |base| base)?.send().await?;
    let text = answer.output().map(RetrieveAndGenerateOutput::text).unwrap_or_default();
    assert!(text.starts_with("No language model was used."), "{text}");
    let parts = check_spans(text, answer.citations())?;
    assert_eq!(parts[0].0, "“In 2026 a song of 6:10 earns 17.64 ¢ for each copy.”");
    assert_eq!(parts[0].1, ["s3://patchline-knowledge/rates.md"]);
    assert!(!answer.session_id().is_empty());

    let session = answer.session_id();
    let again = knowledge.answer("which day?", MODEL, |base| base)?.session_id(session).send().await?;
    assert_eq!(again.session_id(), session);
    let unknown = knowledge.answer("which day?", MODEL, |base| base)?.session_id("never").send().await;
    assert_eq!(code_of(unknown), "ResourceNotFoundException");
    Ok(())
}

#[tokio::test]
async fn a_short_answer_has_fewer_quotes_and_none_in_halves() -> Outcome {
    let knowledge = Knowledge::new().await?;
    knowledge.put("a.md", "A song earns by the minute. A song earns for each copy.").await?;
    let short = async |words: i32| -> Result<usize, Failure> {
        let limits = TextInferenceConfig::builder().max_tokens(words).build();
        let inference = InferenceConfig::builder().text_inference_config(limits).build();
        let generation = GenerationConfiguration::builder().inference_config(inference).build();
        let request = knowledge
            .answer("what does a song earn?", MODEL, |base| base.generation_configuration(generation))?;
        let answer = request.send().await?;
        check_spans(
            answer.output().map(RetrieveAndGenerateOutput::text).unwrap_or_default(),
            answer.citations(),
        )?;
        Ok(answer.citations().len())
    };
    assert_eq!((short(5).await?, short(16).await?, short(100).await?), (0, 1, 2));
    Ok(())
}

#[tokio::test]
async fn what_the_documents_do_not_say_is_not_invented() -> Outcome {
    let knowledge = Knowledge::new().await?;
    knowledge.put("a.md", "Records come out on Fridays.").await?;
    let answer = knowledge.answer("zebra?", MODEL, |base| base)?.send().await?;
    assert_eq!(
        answer.output().map(RetrieveAndGenerateOutput::text),
        Some("The knowledge base says nothing about this.")
    );
    assert!(answer.citations().is_empty());
    Ok(())
}

#[tokio::test]
async fn models_and_options_that_are_not_there_are_refused() -> Outcome {
    let knowledge = Knowledge::new().await?;
    let with = |model: &str| knowledge.answer("x", model, |base| base);
    let arn = "arn:aws:bedrock:us-east-1::foundation-model/local.extractive-v1";
    assert_eq!(code_of(with(arn)?.send().await), "success");
    let denied =
        with("arn:aws:bedrock:us-east-1::foundation-model/anthropic.claude-sonnet-4-5-20250929-v1:0")?;
    assert_eq!(code_of(denied.send().await), "AccessDeniedException");
    assert_eq!(code_of(with("nonsense")?.send().await), "ValidationException");
    let template = PromptTemplate::builder().text_prompt_template("$search_results$").build();
    let generation = GenerationConfiguration::builder().prompt_template(template).build();
    let templated = knowledge.answer("x", MODEL, |base| base.generation_configuration(generation))?;
    assert_eq!(code_of(templated.send().await), "ValidationException");
    let external =
        ExternalSourcesRetrieveAndGenerateConfiguration::builder().model_arn(MODEL).set_sources(Some(vec![]));
    let configuration = RetrieveAndGenerateConfiguration::builder()
        .r#type(RetrieveAndGenerateType::ExternalSources)
        .external_sources_configuration(external.build()?)
        .build()?;
    let input = RetrieveAndGenerateInput::builder().text("x").build()?;
    let request = knowledge.agent_runtime.retrieve_and_generate().input(input);
    let refused = request.retrieve_and_generate_configuration(configuration).send().await;
    assert_eq!(code_of(refused), "ValidationException");
    Ok(())
}
