//! The server `bedrock`: searching, answers with sources, documents.

use crate::support::{Answer, Patchline, Switch, base64, eventually};
use aws_sdk_bedrockagent::types::IngestionJobStatus;
use aws_sdk_dynamodb::types::AttributeValue;
use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use patchline::engine::catalog::Catalog;
use patchline::engine::config::KNOWLEDGE_BUCKET;
use patchline::engine::gateway::{AuditLog, Gateway};
use patchline::engine::telemetry::Telemetry;
use serde_json::{Value, json};
use std::sync::Arc;

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

/// A PDF with one line of text on each page.
fn pdf(pages: &[&str]) -> Vec<u8> {
    bytes(document(pages))
}

/// A PDF that opens with a password only.
fn encrypted_pdf() -> Vec<u8> {
    let mut document = document(&["Secret."]);
    let id = || lopdf::Object::string_literal("0123456789abcdef");
    document.trailer.set("ID", vec![id(), id()]);
    let version = lopdf::EncryptionVersion::V2 {
        document: &document,
        owner_password: "owner",
        user_password: "user",
        key_length: 128,
        permissions: lopdf::Permissions::empty(),
    };
    let state = lopdf::EncryptionState::try_from(version).expect("a cipher");
    document.encrypt(&state).expect("it is encrypted");
    bytes(document)
}

fn bytes(mut document: lopdf::Document) -> Vec<u8> {
    let mut bytes = Vec::new();
    document.save_to(&mut bytes).expect("a file");
    bytes
}

fn document(pages: &[&str]) -> lopdf::Document {
    use lopdf::content::{Content, Operation};
    use lopdf::{Document, Object, Stream, dictionary};
    let mut document = Document::with_version("1.5");
    let tree = document.new_object_id();
    let font =
        document.add_object(dictionary! { "Type" => "Font", "Subtype" => "Type1", "BaseFont" => "Courier" });
    let resources = document.add_object(dictionary! { "Font" => dictionary! { "F1" => font } });
    let kids: Vec<Object> = pages
        .iter()
        .map(|text| {
            let operations = vec![
                Operation::new("BT", vec![]),
                Operation::new("Tf", vec!["F1".into(), 12.into()]),
                Operation::new("Td", vec![50.into(), 700.into()]),
                Operation::new("Tj", vec![Object::string_literal(*text)]),
                Operation::new("ET", vec![]),
            ];
            let content = Content { operations }.encode().expect("a page");
            let content = document.add_object(Stream::new(dictionary! {}, content));
            let page = dictionary! {
                "Type" => "Page", "Parent" => tree, "Contents" => content, "Resources" => resources,
                "MediaBox" => vec![0.into(), 0.into(), 595.into(), 842.into()],
            };
            document.add_object(page).into()
        })
        .collect();
    let count = i64::try_from(kids.len()).expect("few pages");
    document.objects.insert(tree, dictionary! { "Type" => "Pages", "Kids" => kids, "Count" => count }.into());
    let catalog = document.add_object(dictionary! { "Type" => "Catalog", "Pages" => tree });
    document.trailer.set("Root", catalog);
    document
}

async fn upload(patchline: &Patchline, name: &str, bytes: Vec<u8>) -> Answer {
    let request = Request::put(format!("/upload/document?fileName={name}"))
        .header(header::CONTENT_LENGTH, bytes.len())
        .body(Body::from(bytes))
        .expect("a request");
    patchline.send(request).await
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
async fn a_clause_of_an_added_contract_is_found_with_its_page() {
    let patchline = start().await;
    let contract = pdf(&[
        "Recording agreement between Northlight and Mira Holm.",
        "The zamboni clause: Mira may keep the zamboni after the tour.",
    ]);
    let added = upload(&patchline, "mira.pdf", contract.clone()).await;
    assert_eq!(added.status, StatusCode::CREATED, "{}", added.text());
    assert_eq!(
        (&added.json()["pages"], &added.json()["fileName"]),
        (&json!(2), &json!("documents/mira.pdf"))
    );
    assert!(added.json()["durationMicros"].as_u64() > Some(0), "{}", added.text());
    assert!(
        added.json()["resources"].as_array().is_some_and(|touched| !touched.is_empty()),
        "{}",
        added.text()
    );

    patchline.knowledge_settled().await;
    let found = patchline.result_of("music_knowledge_search", json!({ "query": "zamboni clause" })).await;
    let result = &found["results"][0];
    assert_eq!(
        (&result["document"]["fileName"], &result["document"]["page"]),
        (&json!("documents/mira.pdf"), &json!(2))
    );
    assert_eq!(found["notInKnowledgeBase"], false);
    assert!(!result["highlights"].as_array().expect("highlights").is_empty());

    let again = upload(&patchline, "mira.pdf", contract).await;
    assert_eq!(again.status, StatusCode::CONFLICT, "{}", again.text());

    let listed = patchline.result_of("list_knowledge_documents", json!({})).await;
    let documents = listed["documents"].as_array().expect("documents").clone();
    let mine =
        documents.iter().find(|document| document["fileName"] == "documents/mira.pdf").expect("it is listed");
    assert_eq!(
        (&mine["pages"], &mine["passages"], &mine["isShipped"]),
        (&json!(2), &json!(2), &json!(false))
    );
    assert_ne!(mine["state"], "failed");

    patchline.result_of("remove_knowledge_document", json!({ "fileName": "documents/mira.pdf" })).await;
    patchline.knowledge_settled().await;
    let found = patchline.result_of("music_knowledge_search", json!({ "query": "zamboni clause" })).await;
    assert!(
        found["results"]
            .as_array()
            .expect("results")
            .iter()
            .all(|result| result["document"]["fileName"] != "documents/mira.pdf")
    );
}

#[tokio::test]
async fn a_document_of_the_sample_label_says_so_in_the_list_and_on_the_page() {
    let patchline = start().await;
    assert!(!patchline.get("/knowledge?view=documents").await.text().contains(">Sample data<"));
    let file =
        patchline.clients.s3.put_object().bucket(KNOWLEDGE_BUCKET).key("isrc.md").metadata("sample", "true");
    file.body(b"# ISRC\n".to_vec().into()).send().await.expect("it is stored");
    let listed = patchline.result_of("list_knowledge_documents", json!({})).await;
    let documents = listed["documents"].as_array().expect("documents").iter();
    let told: Vec<_> = documents.filter(|document| document["sample"] == true).collect();
    assert_eq!(told.len(), 1, "{told:?}");
    assert_eq!(told[0]["fileName"], "isrc.md");
    assert!(patchline.get("/knowledge?view=documents").await.text().contains(">Sample data<"));
}

#[tokio::test]
async fn a_document_that_cannot_be_read_is_refused_and_not_stored() {
    let patchline = start().await;
    for (content, reason) in [
        (pdf(&[""]), ""),
        (encrypted_pdf(), "encrypted"),
        (b"%PDF-1.7 and then nothing".to_vec(), "damaged"),
        (b"\x89PNG\r\n\x1a\n not a document".to_vec(), "PDF and Word"),
        (b"   ".to_vec(), "empty"),
    ] {
        let arguments = json!({ "fileName": "broken.pdf", "fileContent": base64(&content) });
        let answer = patchline.tool("add_knowledge_document", arguments).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{}", answer.text());
        assert_eq!(answer.wrong_fields(), ["fileContent"]);
        assert!(answer.text().contains(reason), "{reason}: {}", answer.text());
    }
    let listed = patchline.result_of("list_knowledge_documents", json!({})).await;
    assert!(
        listed["documents"]
            .as_array()
            .expect("documents")
            .iter()
            .all(|document| document["isShipped"] == true)
    );
}

#[tokio::test]
async fn a_document_of_500_megabytes_is_refused_before_it_is_sent() {
    let patchline = start().await;
    let request = Request::put("/upload/document?fileName=huge.pdf")
        .header(header::CONTENT_LENGTH, 500 * 1024 * 1024)
        .body(Body::empty())
        .expect("a request");
    let answer = patchline.send(request).await;
    assert_eq!(answer.status, StatusCode::PAYLOAD_TOO_LARGE);
    assert!(answer.text().contains("50 MiB"), "{}", answer.text());
}

#[tokio::test]
async fn what_comes_with_patchline_is_not_removed() {
    let patchline = start().await;
    for name in ["entries/rates/us-mechanical-work-2026.md", "contracts/sync.md", "synonyms.toml"] {
        let answer = patchline.tool("remove_knowledge_document", json!({ "fileName": name })).await;
        assert_eq!(
            (answer.status, answer.wrong_fields()),
            (StatusCode::BAD_REQUEST, vec!["fileName".to_owned()])
        );
    }
    let answer = patchline.tool("remove_knowledge_document", json!({ "fileName": "documents/no.pdf" })).await;
    assert_eq!(answer.status, StatusCode::NOT_FOUND, "{}", answer.text());
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
async fn the_shipped_knowledge_is_written_once_and_kept_in_step() {
    let patchline = start().await;
    let bucket = "patchline-knowledge";
    let s3 = &patchline.clients.s3;
    let stray = "entries/rates/no-longer-there.md";
    let changed = "contracts/sync.md";
    for key in [stray, changed] {
        let body = aws_sdk_s3::primitives::ByteStream::from_static(b"# Old\n\nOld text.");
        s3.put_object().bucket(bucket).key(key).body(body).send().await.expect("it is put");
    }
    let kept = "entries/rates/us-mechanical-work-2026.md";
    let version = async |patchline: &Patchline, key: &str| {
        let head = patchline.clients.s3.head_object().bucket(bucket).key(key).send().await;
        head.map(|head| (head.e_tag, head.version_id)).ok()
    };
    let before = (version(&patchline, kept).await, version(&patchline, changed).await);
    let patchline = patchline.restart().await;
    patchline.knowledge_settled().await;
    let after = (version(&patchline, kept).await, version(&patchline, changed).await);
    assert_eq!(before.0, after.0, "what has not changed is not written again");
    assert_ne!(before.1, after.1, "what was changed is as it is shipped");
    assert_eq!(version(&patchline, stray).await, None, "what is no longer shipped is gone");
}

/// The ingestions that there were so far.
async fn ingestions(patchline: &Patchline) -> usize {
    let jobs = patchline.clients.bedrock_agent.list_ingestion_jobs().knowledge_base_id("kb-music-industry");
    let jobs = jobs.data_source_id("documents").send().await.expect("a list");
    jobs.ingestion_job_summaries().len()
}

/// Another door to the same stores, whose way to the knowledge bases can be switched.
fn through_a_switch(patchline: &Patchline) -> (Gateway, Switch) {
    let switch = Switch::new(patchline);
    let mut aws = patchline.clients.clone();
    aws.bedrock_agent = switch.knowledge_bases(&aws.bedrock_agent);
    let config = &patchline.engine.config;
    let catalog = Arc::new(Catalog::new(aws, config));
    let audit = AuditLog::start(Arc::clone(&catalog), false);
    (Gateway::new(catalog, config, audit, Telemetry::off()), switch)
}

#[tokio::test]
async fn what_is_added_during_an_ingestion_is_read_when_that_has_ended() {
    let patchline = start().await;
    let (gateway, switch) = through_a_switch(&patchline);
    let before = ingestions(&patchline).await;
    switch.ingest_elsewhere();
    let new = json!({ "fileName": "zamboni.md", "fileContent": base64(b"The zamboni clause.") });
    let added = patchline.tool_through(gateway, "add_knowledge_document", new).await;
    assert_eq!(added.status, StatusCode::OK, "{}", added.text());
    assert_eq!(added.json()["result"]["ingestionStarted"], false);
    let problem = added.json()["result"]["ingestionProblem"].as_str().unwrap_or_default().to_owned();
    assert!(problem.contains("right after"), "{problem}");
    assert_eq!(ingestions(&patchline).await, before);
    assert_eq!(waits(&patchline).await, Some(true), "a restart would not forget it");
    switch.open();
    eventually("the document is read without another word", || async {
        ingestions(&patchline).await > before && waits(&patchline).await == Some(false)
    })
    .await;
}

/// Whether something of the knowledge base is known to wait for an ingestion.
async fn waits(patchline: &Patchline) -> Option<bool> {
    let key = AttributeValue::S("ingestAgain#kb-music-industry".to_owned());
    let item = patchline.clients.dynamodb.get_item().table_name("patchline-settings").key("name", key);
    let item = item.send().await.expect("an answer").item?;
    Some(*item["waits"].as_bool().expect("yes or no"))
}

/// Keeps that a change waits, as another instance does; earlier versions gave it no name.
async fn another_waits(patchline: &Patchline, change: Option<&str>) {
    let name = AttributeValue::S("ingestAgain#kb-music-industry".to_owned());
    let put = patchline.clients.dynamodb.put_item().table_name("patchline-settings").item("name", name);
    let mut put = put.item("waits", AttributeValue::Bool(true));
    if let Some(change) = change {
        put = put.item("change", AttributeValue::S(change.to_owned()));
    }
    put.send().await.expect("it is put");
}

/// Whether no ingestion is under way.
async fn all_have_ended(patchline: &Patchline) -> bool {
    let jobs = patchline.clients.bedrock_agent.list_ingestion_jobs().knowledge_base_id("kb-music-industry");
    let jobs = jobs.data_source_id("documents").send().await.expect("a list");
    let under_way = [IngestionJobStatus::Starting, IngestionJobStatus::InProgress];
    jobs.ingestion_job_summaries().iter().all(|job| !under_way.contains(job.status()))
}

#[tokio::test]
async fn the_turn_of_one_change_does_not_forget_another_that_came_since() {
    let patchline = start().await;
    let (gateway, switch) = through_a_switch(&patchline);
    switch.ingest_elsewhere();
    let document = |name: &str| json!({ "fileName": name, "fileContent": base64(b"The zamboni clause.") });
    let first = patchline.tool_through(gateway.clone(), "add_knowledge_document", document("first.md"));
    let another_comes = async {
        eventually("the first waits", || async { waits(&patchline).await == Some(true) }).await;
        another_waits(&patchline, Some("another")).await;
        switch.open();
    };
    let (added, ()) = tokio::join!(first, another_comes);
    assert_eq!(added.status, StatusCode::OK, "{}", added.text());
    assert_eq!(waits(&patchline).await, Some(true), "the other one still waits");

    eventually("it has ended", || all_have_ended(&patchline)).await;
    let added = patchline.tool_through(gateway, "add_knowledge_document", document("second.md")).await;
    assert_eq!(added.status, StatusCode::OK, "{}", added.text());
    eventually("all has been read", || async { waits(&patchline).await == Some(false) }).await;
}

#[tokio::test]
async fn what_waited_when_the_program_was_killed_is_read_after_its_next_start() {
    let patchline = start().await;
    let before = ingestions(&patchline).await;
    another_waits(&patchline, None).await;
    let patchline = patchline.restart().await;
    eventually("it waits no more", || async { waits(&patchline).await == Some(false) }).await;
    assert_ne!(ingestions(&patchline).await, before, "an ingestion was started");
}

#[tokio::test]
async fn a_removal_that_broke_off_can_be_finished() {
    let patchline = start().await;
    let s3 = &patchline.clients.s3;
    let left = "documents/half.md.metadata.json";
    let body = aws_sdk_s3::primitives::ByteStream::from_static(b"{\"metadataAttributes\":{}}");
    s3.put_object().bucket("patchline-knowledge").key(left).body(body).send().await.expect("it is put");
    patchline.result_of("remove_knowledge_document", json!({ "fileName": "documents/half.md" })).await;
    let head = s3.head_object().bucket("patchline-knowledge").key(left).send().await;
    assert!(head.is_err(), "the attributes are gone");
    let again = patchline.tool("remove_knowledge_document", json!({ "fileName": "documents/half.md" })).await;
    assert_eq!(again.status, StatusCode::NOT_FOUND, "{}", again.text());
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
