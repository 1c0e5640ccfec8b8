//! Searching: what is found, in which order, and how closely the bucket is followed.

use aws_sdk_bedrockagentruntime::types::{
    GuardrailConfiguration, ImplicitFilterConfiguration, KnowledgeBaseQuery, KnowledgeBaseRetrievalResult,
    KnowledgeBaseVectorSearchConfiguration, RetrieveAndGenerateOutput, SearchType, UserContext,
    VectorSearchRerankingConfiguration,
};
use aws_sdk_s3::types::{BucketVersioningStatus, VersioningConfiguration};
use aws_smithy_types::{Document, Number};
use serde_json::json;

use super::super::code_of;
use super::{BUCKET, Knowledge, MODEL, Outcome, attribute, key_of, text_of, vector_search};

#[tokio::test]
async fn a_document_is_found_with_its_source_and_attributes() -> Outcome {
    let knowledge = Knowledge::new().await?;
    let text = "# Loudness\n\nStreaming services aim at -14 LUFS.";
    knowledge
        .put_with("audio/loudness.md", text, &json!({ "topic": "loudness", "year": 2026, "checked": true }))
        .await?;
    knowledge.put("other.md", "# Dates\n\nRecords come out on Fridays.").await?;

    let results = knowledge.results("how loud, in LUFS?").await?;
    assert_eq!(results.iter().map(key_of).collect::<Vec<_>>(), ["audio/loudness.md"]);
    let result = &results[0];
    assert_eq!(text_of(result), "Loudness\n\nStreaming services aim at -14 LUFS.");
    assert!(result.score().is_some_and(|score| score > 0.0 && score < 1.0));
    assert_eq!(attribute(result, "topic"), Some(&Document::String("loudness".to_owned())));
    assert_eq!(attribute(result, "year"), Some(&Document::Number(Number::PosInt(2026))));
    assert_eq!(attribute(result, "checked"), Some(&Document::Bool(true)));
    let source = Document::String(format!("s3://{BUCKET}/audio/loudness.md"));
    assert_eq!(attribute(result, "x-amz-bedrock-kb-source-uri"), Some(&source));
    assert!(attribute(result, "x-amz-bedrock-kb-chunk-id").is_some());
    assert_eq!(attribute(result, "x-amz-bedrock-kb-document-page-number"), None);
    let headings = Document::Array(vec![Document::String("Loudness".to_owned())]);
    assert_eq!(attribute(result, "x-patchline-headings"), Some(&headings));
    Ok(())
}

#[tokio::test]
async fn the_bucket_is_followed_without_an_ingestion_job() -> Outcome {
    let knowledge = Knowledge::new().await?;
    assert!(knowledge.keys("zebra").await?.is_empty());
    knowledge.put("a.md", "About a zebra.").await?;
    assert_eq!(knowledge.keys("zebra").await?, ["a.md"]);

    knowledge.put("a.md", "Invoices are payable in euros.").await?;
    assert!(knowledge.keys("zebra").await?.is_empty());
    assert_eq!(knowledge.keys("invoices").await?, ["a.md"]);

    knowledge.put("a.md.metadata.json", json!({ "metadataAttributes": { "legs": 4 } }).to_string()).await?;
    let results = knowledge.results("invoices").await?;
    assert_eq!(attribute(&results[0], "legs"), Some(&Document::Number(Number::PosInt(4))));

    knowledge.s3.delete_object().bucket(BUCKET).key("a.md").send().await?;
    assert!(knowledge.keys("invoices").await?.is_empty());
    Ok(())
}

#[tokio::test]
async fn in_a_bucket_with_versions_the_latest_is_searched() -> Outcome {
    let knowledge = Knowledge::new().await?;
    let versioning = VersioningConfiguration::builder().status(BucketVersioningStatus::Enabled).build();
    knowledge.s3.put_bucket_versioning().bucket(BUCKET).versioning_configuration(versioning).send().await?;
    knowledge.put("a.md", "A zebra.").await?;
    knowledge.put("a.md", "Invoices are payable in euros.").await?;
    assert!(knowledge.keys("zebra").await?.is_empty());
    let marker = knowledge.s3.delete_object().bucket(BUCKET).key("a.md").send().await?;
    assert!(knowledge.keys("invoices").await?.is_empty());
    let marker = marker.version_id().unwrap_or_default();
    knowledge.s3.delete_object().bucket(BUCKET).key("a.md").version_id(marker).send().await?;
    assert_eq!(knowledge.keys("invoices").await?, ["a.md"]);
    Ok(())
}

#[tokio::test]
async fn a_base_whose_bucket_comes_later_is_empty_until_then() -> Outcome {
    let knowledge = Knowledge::with(|options| {
        options.knowledge_bases[0].bucket = "later".to_owned();
    })
    .await?;
    assert!(knowledge.keys("zebra").await?.is_empty());
    knowledge.s3.create_bucket().bucket("later").send().await?;
    let body = aws_sdk_s3::primitives::ByteStream::from_static(b"A zebra.");
    knowledge.s3.put_object().bucket("later").key("a.txt").body(body).send().await?;
    assert_eq!(knowledge.keys("zebra").await?, ["s3://later/a.txt"]);
    Ok(())
}

#[tokio::test]
async fn everything_is_found_again_after_a_restart() -> Outcome {
    let knowledge = Knowledge::new().await?;
    knowledge.put("a.md", "A zebra.").await?;
    let before = knowledge.results("zebra").await?;
    let knowledge = knowledge.reopen().await?;
    assert_eq!(knowledge.results("zebra").await?, before);
    Ok(())
}

#[tokio::test]
async fn synonyms_of_the_bucket_are_used_and_followed() -> Outcome {
    let knowledge = Knowledge::new().await?;
    knowledge.put("a.md", "Each musical work has a writer.").await?;
    assert!(knowledge.keys("gizmo").await?.is_empty());
    knowledge.put("synonyms.toml", "groups = [[\"gizmo\", \"musical work\"]]").await?;
    assert_eq!(knowledge.keys("gizmo").await?, ["a.md"]);
    assert!(knowledge.keys("groups").await?.is_empty(), "the synonyms are no document");
    knowledge.put("synonyms.toml", "broken").await?;
    assert!(knowledge.keys("gizmo").await?.is_empty());
    assert_eq!(knowledge.keys("musical").await?, ["a.md"]);
    Ok(())
}

#[cfg_attr(not(embedding_model), ignore = "the embedding model is not built in: run scripts/embeddings")]
#[tokio::test]
async fn a_semantic_search_ranks_by_meaning_and_a_hybrid_one_by_words_too() -> Outcome {
    let knowledge = Knowledge::new().await?;
    knowledge.put("a.md", "About a zebra.").await?;
    assert_eq!(knowledge.keys("a striped horse of Africa").await?, ["a.md"], "no word is shared");
    let mut scores = Vec::new();
    for kind in [SearchType::Semantic, SearchType::Hybrid] {
        let search = KnowledgeBaseVectorSearchConfiguration::builder().override_search_type(kind);
        let request = knowledge.ask("zebra").retrieval_configuration(vector_search(search.build()));
        let results = request.send().await?.retrieval_results;
        let similarity = attribute(&results[0], "x-patchline-similarity").cloned();
        let Some(Document::Number(Number::Float(similarity))) = similarity else { panic!("{similarity:?}") };
        scores.push(results[0].score().unwrap_or_default() - similarity);
    }
    assert!(scores[0].abs() < 1e-9 && scores[1].abs() > 0.01, "{scores:?}");
    Ok(())
}

/// An attribute that a document is found by, or not.
fn searched(text: &str, is_searched: bool) -> serde_json::Value {
    json!({ "value": { "type": "STRING", "stringValue": text }, "includeForEmbedding": is_searched })
}

#[tokio::test]
async fn a_document_is_found_by_attributes_that_are_searched_and_quoted_without_them() -> Outcome {
    let knowledge = Knowledge::new().await?;
    let text = "Invoices are payable in euros.";
    let asked = "who pays the bill\nmay a bill be paid in instalments";
    knowledge.put("a.md", text).await?;
    let attributes = json!({ "asked": searched(asked, true), "note": searched("a zebra", false) });
    knowledge.put_with("b.md", text, &attributes).await?;

    let results = knowledge.results("instalments").await?;
    assert_eq!(results.first().map(key_of).as_deref(), Some("b.md"));
    assert!(results.get(1).is_none_or(|other| other.score() < results[0].score()));
    assert_eq!(text_of(&results[0]), text);
    assert_eq!(attribute(&results[0], "asked"), Some(&Document::String(asked.to_owned())));
    assert!(knowledge.keys("zebra").await?.is_empty(), "this attribute is for filters only");

    let answer = knowledge.answer("Are invoices paid in instalments?", MODEL, |base| base)?.send().await?;
    let answer = answer.output().map(RetrieveAndGenerateOutput::text).unwrap_or_default();
    assert!(answer.contains(text) && !answer.contains("instalments"), "{answer}");
    Ok(())
}

#[cfg_attr(not(embedding_model), ignore = "the embedding model is not built in: run scripts/embeddings")]
#[tokio::test]
async fn a_document_is_found_by_what_its_attributes_mean_for_as_long_as_they_are_searched() -> Outcome {
    let knowledge = Knowledge::new().await?;
    let text = "Invoices are payable in euros.";
    let put = async |is_searched| {
        let asked = searched("who pays the bill\na striped horse of Africa", is_searched);
        knowledge.put_with("a.md", text, &json!({ "asked": asked })).await
    };
    put(true).await?;
    let results = knowledge.results("zebra").await?;
    assert_eq!(results.iter().map(key_of).collect::<Vec<_>>(), ["a.md"], "no word is shared");
    assert!(attribute(&results[0], "x-patchline-similarity").is_some());
    put(false).await?;
    assert!(knowledge.keys("zebra").await?.is_empty());
    Ok(())
}

#[tokio::test]
async fn results_come_in_pages() -> Outcome {
    let knowledge = Knowledge::new().await?;
    for number in 0..7 {
        knowledge.put(&format!("{number}.md"), format!("Zebra {}.", "stripe ".repeat(number))).await?;
    }
    let search = |results| {
        let search = KnowledgeBaseVectorSearchConfiguration::builder().number_of_results(results);
        vector_search(search.override_search_type(SearchType::Hybrid).build())
    };
    let mut keys = Vec::new();
    let mut scores = Vec::new();
    let mut token = None;
    let mut pages = 0;
    loop {
        let request = knowledge.ask("zebra").retrieval_configuration(search(3)).set_next_token(token);
        let page = request.send().await?;
        keys.extend(page.retrieval_results().iter().map(key_of));
        scores.extend(page.retrieval_results().iter().filter_map(KnowledgeBaseRetrievalResult::score));
        pages += 1;
        token = page.next_token().map(str::to_owned);
        if token.is_none() {
            break;
        }
    }
    assert_eq!(pages, 3);
    assert!(scores.is_sorted_by(|first, second| first >= second), "{scores:?}");
    keys.sort();
    assert_eq!(keys, (0..7).map(|number| format!("{number}.md")).collect::<Vec<_>>());

    let first = knowledge.ask("zebra").retrieval_configuration(search(3)).send().await?;
    let token = first.next_token().unwrap_or_default();
    let other = knowledge.ask("stripe").retrieval_configuration(search(3)).next_token(token).send().await;
    assert_eq!(code_of(other), "ValidationException");
    for (results, code) in [(0, "ValidationException"), (101, "ValidationException"), (100, "success")] {
        assert_eq!(
            code_of(knowledge.ask("zebra").retrieval_configuration(search(results)).send().await),
            code
        );
    }
    Ok(())
}

#[tokio::test]
async fn what_is_not_implemented_is_refused_by_name() -> Outcome {
    let knowledge = Knowledge::new().await?;
    let refusal =
        async |request: aws_sdk_bedrockagentruntime::operation::retrieve::builders::RetrieveFluentBuilder| {
            let error = request.send().await.err().map(aws_sdk_bedrockagentruntime::Error::from);
            match error {
                Some(aws_sdk_bedrockagentruntime::Error::ValidationException(refused)) => {
                    refused.message().unwrap_or_default().to_owned()
                }
                other => format!("{other:?}"),
            }
        };
    let search = KnowledgeBaseVectorSearchConfiguration::builder;
    let reranking = VectorSearchRerankingConfiguration::builder()
        .r#type(
            aws_sdk_bedrockagentruntime::types::VectorSearchRerankingConfigurationType::BedrockRerankingModel,
        )
        .build()?;
    let schema = aws_sdk_bedrockagentruntime::types::MetadataAttributeSchema::builder()
        .key("a")
        .r#type(aws_sdk_bedrockagentruntime::types::AttributeType::String)
        .description("b")
        .build()?;
    let implicit =
        ImplicitFilterConfiguration::builder().metadata_attributes(schema).model_arn("m").build()?;
    let guardrail = GuardrailConfiguration::builder().guardrail_id("g").guardrail_version("1").build()?;
    let vector = |search| knowledge.ask("x").retrieval_configuration(vector_search(search));
    for (request, option) in [
        (vector(search().reranking_configuration(reranking).build()), "rerankingConfiguration"),
        (vector(search().implicit_filter_configuration(implicit).build()), "implicitFilterConfiguration"),
        (knowledge.ask("x").guardrail_configuration(guardrail), "guardrailConfiguration"),
        (knowledge.ask("x").user_context(UserContext::builder().user_id("u").build()?), "userContext"),
    ] {
        let message = refusal(request).await;
        assert!(message.contains(option), "{option}: {message}");
    }
    for text in ["", "   "] {
        let query = KnowledgeBaseQuery::builder().text(text).build();
        let message = refusal(knowledge.ask("x").retrieval_query(query)).await;
        assert!(message.contains("retrievalQuery.text"), "{message}");
    }
    Ok(())
}

#[tokio::test]
async fn an_unknown_base_is_not_found() -> Outcome {
    let knowledge = Knowledge::new().await?;
    let request = knowledge.ask("x").knowledge_base_id("another");
    assert_eq!(code_of(request.send().await), "ResourceNotFoundException");
    Ok(())
}
