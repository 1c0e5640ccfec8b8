//! The server `bedrock`: searching, and answers with sources.

mod documents;
mod ingestions;

use crate::support::Patchline;
use axum::http::StatusCode;
use serde_json::{Value, json};

async fn start() -> Patchline {
    with(&[]).await
}

async fn with(variables: &[(&str, &str)]) -> Patchline {
    let patchline = Patchline::with(&[&[("ENABLE_BEDROCK", "true")], variables].concat()).await;
    patchline.knowledge_settled().await;
    patchline
}

/// The characters of a text from `start` to `end`.
fn part(text: &str, span: &Value) -> String {
    let place = |name: &str| usize::try_from(span[name].as_u64().expect("a place")).expect("a place");
    text.chars().skip(place("start")).take(place("end") - place("start")).collect()
}

#[tokio::test]
async fn the_mechanical_of_a_long_song_is_worked_out_with_its_source() {
    let patchline = start().await;
    let query = "what is the mechanical rate for a 6:10 song pressed in 2026?";
    let found = patchline.result_of("music_knowledge_search", json!({ "query": query })).await;
    assert_eq!(found["calculation"]["value"], json!(17.64));
    assert_eq!(found["calculation"]["unit"], "US cents per copy");
    assert_eq!(found["notInKnowledgeBase"], false);
    let entry = &found["results"][0]["entry"];
    assert_eq!(entry["id"], "us-mechanical-minute-2026");
    assert_eq!((&entry["value"], &entry["unit"]), (&json!(2.52), &json!("US cents per started minute")));
    assert_eq!(
        (&entry["effectiveFrom"], &entry["effectiveTo"]),
        (&json!("2026-01-01"), &json!("2026-12-31"))
    );
    for name in ["statement", "sourceTitle", "tier", "confidence", "checkedOn", "jurisdiction"] {
        assert!(entry[name].as_str().is_some_and(|text| !text.is_empty()), "{name}: {entry}");
    }
}

#[tokio::test]
async fn an_answer_cites_its_sources_by_spans() {
    let patchline = start().await;
    let prompt = json!({ "prompt": "what is the mechanical rate for a 6:10 song pressed in 2026?" });
    let answer = patchline.result_of("generate_music_insights", prompt).await;
    let text = answer["answer"].as_str().expect("an answer");
    assert!(text.contains("17.64 cents"), "{text}");
    assert_eq!(
        (&answer["usedLanguageModel"], &answer["model"]),
        (&json!(false), &json!("local.extractive-v1"))
    );
    assert_eq!(answer["notInKnowledgeBase"], false);
    let citations = answer["citations"].as_array().expect("citations");
    assert!(citations.len() >= 2, "{answer}");
    for citation in citations {
        assert_eq!(citation["text"], part(text, &citation["span"]), "{citation}");
        let sources = citation["sources"].as_array().expect("sources");
        assert!(!sources.is_empty(), "{citation}");
        for source in sources {
            let place = usize::try_from(source.as_u64().expect("a place")).expect("a place");
            assert!(answer["sources"][place]["entry"]["id"].is_string(), "{answer}");
        }
    }
    assert_eq!(answer["sources"][0]["entry"]["id"], "us-mechanical-minute-2026");
}

#[tokio::test]
async fn what_the_knowledge_base_does_not_know_is_not_answered() {
    let patchline = start().await;
    let prompt = json!({ "prompt": "Which visa does our band need to tour the US?" });
    let answer = patchline.result_of("generate_music_insights", prompt).await;
    assert_eq!(answer["notInKnowledgeBase"], true);
    assert_eq!(answer["answer"], "This is not in the knowledge base.");
    assert_eq!((&answer["model"], &answer["citations"]), (&Value::Null, &json!([])));
}

#[tokio::test]
async fn an_entry_is_found_by_how_it_is_asked_for_and_that_is_not_shown() {
    let patchline = start().await;
    let (text, asked) = ("Invoices are payable in euros.", "who yanks the thingamabob\nhow do we zap it");
    let put = async |key: &str, body: String| {
        let body = aws_sdk_s3::primitives::ByteStream::from(body.into_bytes());
        let request = patchline.clients.s3.put_object().bucket("patchline-knowledge").key(key).body(body);
        request.send().await.expect("it is put");
    };
    let attributes = json!({ "metadataAttributes": {
        "kind": "entry", "id": "invoices", "topic": "royalties", "title": "Invoices", "statement": text,
        "jurisdiction": "worldwide", "source_title": "Ourselves", "tier": "heuristic", "confidence": "medium",
        "checked_on": "2026-01-01",
        "asked": { "value": { "type": "STRING", "stringValue": asked }, "includeForEmbedding": true },
    } });
    put("entries/royalties/invoices.md.metadata.json", attributes.to_string()).await;
    put("entries/royalties/invoices.md", format!("# Invoices\n\n{text}")).await;
    patchline.knowledge_settled().await;

    let search = json!({ "query": "who yanks the thingamabob" });
    let found = patchline.result_of("music_knowledge_search", search).await;
    assert_eq!(found["notInKnowledgeBase"], false, "{found}");
    assert_eq!(found["results"][0]["entry"]["id"], "invoices", "{found}");
    assert!(!found.to_string().contains("zap it"), "the other way to ask for it is nowhere: {found}");
}

#[tokio::test]
async fn filters_hold_for_every_result() {
    let patchline = start().await;
    let search = async |more: Value| {
        let mut arguments = json!({ "query": "royalty rate of a stream", "maxResults": 50 });
        arguments.as_object_mut().expect("an object").extend(more.as_object().expect("an object").clone());
        let found = patchline.result_of("music_knowledge_search", arguments).await;
        let results = found["results"].as_array().expect("results").clone();
        assert!(!results.is_empty(), "{more}");
        results
    };
    assert!(
        search(json!({ "topic": "rates" })).await.iter().all(|result| result["entry"]["topic"] == "rates")
    );
    assert!(
        search(json!({ "tier": "statute" })).await.iter().all(|result| result["entry"]["tier"] == "statute")
    );
    let here = search(json!({ "jurisdiction": "US", "topic": "royalties" })).await;
    assert!(
        here.iter().all(|result| result["entry"]["jurisdiction"] == "US"
            || result["entry"]["jurisdiction"] == "worldwide")
    );
    assert!(search(json!({ "only": "entries" })).await.iter().all(|result| result["entry"].is_object()));
    assert!(search(json!({ "only": "documents" })).await.iter().all(|result| result["document"].is_object()));
}

#[tokio::test]
async fn a_sum_uses_only_what_the_filters_let_through() {
    let patchline = start().await;
    let asked =
        |topic: &str| json!({ "query": "mechanical rate for a song of 6:10 in 2026", "topic": topic });
    let found = patchline.result_of("music_knowledge_search", asked("rates")).await;
    assert_eq!(found["results"][0]["entry"]["topic"], "rates", "{found}");
    let found = patchline.result_of("music_knowledge_search", asked("loudness")).await;
    assert!(found["calculation"].is_null(), "{found}");
    let results = found["results"].as_array().expect("results");
    assert!(results.iter().all(|result| result["entry"]["topic"] == "loudness"), "{found}");
}

#[tokio::test]
async fn pages_of_results_fit_together_and_belong_to_their_question() {
    let patchline = start().await;
    let page = async |token: &Value| {
        let mut arguments = json!({ "query": "spotify loudness", "maxResults": 3 });
        if token.is_string() {
            arguments["nextToken"] = token.clone();
        }
        patchline.result_of("music_knowledge_search", arguments).await
    };
    let first = page(&Value::Null).await;
    let second = page(&first["nextToken"]).await;
    let whole = json!({ "query": "spotify loudness", "maxResults": 6 });
    let whole = patchline.result_of("music_knowledge_search", whole).await;
    let both: Vec<Value> = [&first, &second]
        .iter()
        .flat_map(|page| page["results"].as_array().expect("results").clone())
        .collect();
    assert_eq!(Value::from(both), whole["results"]);
    let other = json!({ "query": "isrc", "maxResults": 3, "nextToken": first["nextToken"] });
    let refused = patchline.tool("music_knowledge_search", other).await;
    assert_eq!(
        (refused.status, refused.wrong_fields()),
        (StatusCode::BAD_REQUEST, vec!["nextToken".to_owned()])
    );
}

#[tokio::test]
async fn words_of_the_question_are_highlighted() {
    let patchline = start().await;
    let found =
        patchline.result_of("music_knowledge_search", json!({ "query": "playback level of Spotify" })).await;
    let result = &found["results"][0];
    let text = result["text"].as_str().expect("a text");
    let marked: Vec<String> =
        result["highlights"].as_array().expect("highlights").iter().map(|span| part(text, span)).collect();
    assert!(marked.iter().any(|word| word == "Spotify"), "{marked:?} in {text}");
}

#[tokio::test]
async fn an_unknown_knowledge_base_or_model_is_told_what_is_allowed() {
    let patchline = start().await;
    let search = json!({ "query": "isrc", "knowledgeBaseId": "kb-secret" });
    let answer = patchline.tool("music_knowledge_search", search).await;
    assert_eq!(
        (answer.status, answer.wrong_fields()),
        (StatusCode::FORBIDDEN, vec!["knowledgeBaseId".to_owned()])
    );
    assert!(answer.text().contains("kb-music-industry"), "{}", answer.text());
    let insights = json!({ "prompt": "isrc", "modelId": "gpt" });
    let answer = patchline.tool("generate_music_insights", insights).await;
    assert_eq!((answer.status, answer.wrong_fields()), (StatusCode::FORBIDDEN, vec!["modelId".to_owned()]));
    assert!(answer.text().contains("local.extractive-v1"), "{}", answer.text());
}

#[tokio::test]
async fn a_model_without_access_says_what_to_request() {
    let claude = "anthropic.claude-sonnet-4-5-20250929-v1:0";
    let patchline = with(&[("BEDROCK_MODELS", claude)]).await;
    let answer = patchline
        .tool("generate_music_insights", json!({ "prompt": "Does a remix need its own ISRC?" }))
        .await;
    assert_eq!(answer.status, StatusCode::FORBIDDEN, "{}", answer.text());
    let error = answer.error();
    assert!(
        error["message"]
            .as_str()
            .is_some_and(|text| text.contains("no access to the model") && text.contains(claude))
    );
    assert!(error["remedy"].as_str().is_some_and(|text| text.contains("request access")));
}

#[tokio::test]
async fn days_and_places_that_are_none_are_named() {
    let patchline = start().await;
    for (more, field) in [
        (json!({ "asOf": "2026-02-30" }), "asOf"),
        (json!({ "jurisdiction": "Texas" }), "jurisdiction"),
        (json!({ "maxResults": 0 }), "maxResults"),
        (json!({ "tier": "rumour" }), "tier"),
        (json!({ "only": "documents", "topic": "rates" }), "only"),
        (json!({ "query": "  " }), "query"),
    ] {
        let mut arguments = json!({ "query": "isrc" });
        arguments.as_object_mut().expect("an object").extend(more.as_object().expect("an object").clone());
        let answer = patchline.tool("music_knowledge_search", arguments).await;
        assert_eq!(
            (answer.status, answer.wrong_fields()),
            (StatusCode::BAD_REQUEST, vec![field.to_owned()]),
            "{}",
            answer.text()
        );
    }
}

#[tokio::test]
async fn knowledge_bases_are_listed_with_their_documents() {
    let patchline = with(&[("BEDROCK_KNOWLEDGE_BASES", "kb-music-industry,kb-label")]).await;
    let listed = patchline.result_of("list_knowledge_bases", json!({})).await;
    let bases = listed["knowledgeBases"].as_array().expect("knowledge bases");
    assert_eq!(bases.len(), 2);
    assert_eq!(bases[0]["knowledgeBaseId"], "kb-music-industry");
    assert_eq!((&bases[0]["documents"], &bases[0]["problem"]), (&json!(6), &Value::Null));
    assert_eq!((&bases[1]["knowledgeBaseId"], &bases[1]["documents"]), (&json!("kb-label"), &json!(0)));
    assert_eq!(listed["models"], json!(["local.extractive-v1"]));
    let model = if cfg!(embedding_model) { json!("local.all-minilm-l6-v2") } else { Value::Null };
    assert_eq!(bases[0]["embeddingModel"], model, "none is named where only words are compared");
}

#[tokio::test]
async fn today_is_the_day_of_the_label() {
    // There is always another day in one of these than in the other.
    let mut days = Vec::new();
    for zone in ["Pacific/Kiritimati", "Pacific/Pago_Pago"] {
        let patchline = with(&[("MCP_TIMEZONE", zone)]).await;
        let today = || jiff::Timestamp::now().in_tz(zone).expect("a zone").date().to_string();
        let before = today();
        let found =
            patchline.result_of("music_knowledge_search", json!({ "query": "mechanical rate" })).await;
        let day = found["asOf"][0].as_str().unwrap_or_default().to_owned();
        assert!(day == before || day == today(), "{day} in {zone}");
        days.push(day);
    }
    assert_ne!(days[0], days[1]);
}

#[tokio::test]
async fn a_gold_record_is_no_question_of_mechanicals() {
    let patchline = start().await;
    let question = "How many copies of a 2:45 song for a gold record?";
    let found = patchline.result_of("music_knowledge_search", json!({ "query": question })).await;
    assert_eq!(found["calculation"], Value::Null);
}
