//! Changes that are asked for twice.

use super::client::{Era, Person, connect, request, served};
use crate::support::{Answer, Patchline};
use aws_sdk_dynamodb::types::AttributeValue;
use axum::body::Body;
use axum::http::{Request, StatusCode};
use rmcp::model::RequestMetaObject;
use serde_json::{Value, json};

fn change(title: &str, version: u32) -> Value {
    json!({ "releaseId": "rel_1", "expectedVersion": version, "updateData": { "title": title } })
}

async fn update(patchline: &Patchline, key: &str, arguments: Value) -> Answer {
    let request = Request::post("/api/tools/update_release_data").header("idempotency-key", key);
    patchline.send(request.body(Body::from(arguments.to_string())).expect("a request")).await
}

#[tokio::test]
async fn the_same_key_changes_once_and_answers_twice() {
    let patchline = Patchline::start().await;
    patchline.put_artist_and_release().await;
    let first = update(&patchline, "run-1", change("New", 1)).await;
    assert_eq!(first.status, StatusCode::OK, "{}", first.text());
    assert!(!first.headers.contains_key("idempotency-replayed"));
    let reordered = json!({ "updateData": { "title": "New" }, "expectedVersion": 1, "releaseId": "rel_1" });
    let again = update(&patchline, "run-1", reordered).await;
    assert_eq!(again.status, StatusCode::OK, "{}", again.text());
    assert_eq!(again.headers["idempotency-replayed"], "true");
    assert_eq!(again.json()["result"], first.json()["result"]);
    let stored = patchline.result_of("query_release_data", json!({ "releaseId": "rel_1" })).await;
    assert_eq!(stored["rows"][0]["version"], 2);
}

#[tokio::test]
async fn the_same_key_with_other_arguments_is_refused() {
    let patchline = Patchline::start().await;
    patchline.put_artist_and_release().await;
    update(&patchline, "run-1", change("New", 1)).await;
    let other = update(&patchline, "run-1", change("Other", 2)).await;
    assert_eq!(other.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", other.text());
    assert_eq!(other.error()["kind"], "keyReused");
}

#[tokio::test]
async fn a_change_that_failed_may_be_tried_again_with_its_key() {
    let patchline = Patchline::start().await;
    patchline.put_artist_and_release().await;
    let early = update(&patchline, "run-1", change("New", 7)).await;
    assert_eq!(early.status, StatusCode::CONFLICT);
    let right = update(&patchline, "run-1", change("New", 1)).await;
    assert_eq!(right.status, StatusCode::OK, "{}", right.text());
}

#[tokio::test]
async fn a_key_that_is_no_key_is_named() {
    let patchline = Patchline::start().await;
    let answer = update(&patchline, "two words", change("New", 1)).await;
    assert_eq!(answer.status, StatusCode::BAD_REQUEST);
    assert_eq!(answer.wrong_fields(), ["Idempotency-Key"]);
}

#[tokio::test]
async fn many_at_once_with_one_key_change_once() {
    let patchline = Patchline::start().await;
    patchline.put_artist_and_release().await;
    let answers =
        futures::future::join_all((0..8).map(|_| update(&patchline, "run-1", change("New", 1)))).await;
    for answer in &answers {
        let retry = answer.headers.contains_key("retry-after");
        let fine = answer.status == StatusCode::OK || (answer.status == StatusCode::CONFLICT && retry);
        assert!(fine, "{} {}", answer.status, answer.text());
    }
    assert!(answers.iter().any(|answer| answer.status == StatusCode::OK));
    let stored = patchline.result_of("query_release_data", json!({ "releaseId": "rel_1" })).await;
    assert_eq!(stored["rows"][0]["version"], 2);
}

/// Marks the only kept call as one that a killed process was doing.
async fn as_if_killed(patchline: &Patchline, lease_ends: i64) {
    let dynamodb = &patchline.clients.dynamodb;
    let kept = dynamodb.scan().table_name("patchline-idempotency").send().await.expect("a scan");
    let mut item = kept.items()[0].clone();
    item.remove("result");
    item.insert("state".to_owned(), AttributeValue::S("running".to_owned()));
    item.insert("leaseEnds".to_owned(), AttributeValue::N(lease_ends.to_string()));
    let put = dynamodb.put_item().table_name("patchline-idempotency").set_item(Some(item));
    put.send().await.expect("it is put");
}

#[tokio::test]
async fn a_killed_process_blocks_its_keys_only_until_its_lease_ends() {
    let patchline = Patchline::start().await;
    patchline.put_artist_and_release().await;
    update(&patchline, "run-1", change("New", 1)).await;
    as_if_killed(&patchline, i64::MAX / 2).await;
    let running = update(&patchline, "run-1", change("New", 1)).await;
    assert_eq!(running.status, StatusCode::CONFLICT, "{}", running.text());
    assert!(running.headers.contains_key("retry-after"));
    as_if_killed(&patchline, 0).await;
    let other = update(&patchline, "run-1", change("Other", 2)).await;
    assert_eq!(other.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", other.text());
    // The killed one had made the change: the release tells, and it is not made once more.
    let again = update(&patchline, "run-1", change("New", 1)).await;
    assert_eq!(again.status, StatusCode::OK, "{}", again.text());
    assert_eq!(again.json()["result"]["rows"][0]["version"], 2);
    let stranger = update(&patchline, "run-2", change("New", 1)).await;
    assert_eq!(stranger.status, StatusCode::CONFLICT, "{}", stranger.text());
}

async fn keyed(patchline: &Patchline, key: &str, tool: &str, arguments: &Value) -> Answer {
    let request = Request::post(format!("/api/tools/{tool}")).header("idempotency-key", key);
    patchline.send(request.body(Body::from(arguments.to_string())).expect("a request")).await
}

#[tokio::test]
async fn a_file_that_a_killed_process_had_stored_is_stored_for_whoever_repeats_the_call() {
    let patchline = Patchline::start().await;
    let upload = |text: &[u8]| json!({ "fileName": "a.md", "fileContent": crate::support::base64(text), "metadata": { "kind": "split" } });
    let first = keyed(&patchline, "run-1", "store_contract", &upload(b"# One")).await;
    assert_eq!(first.status, StatusCode::OK, "{}", first.text());
    as_if_killed(&patchline, 0).await;
    let again = keyed(&patchline, "run-1", "store_contract", &upload(b"# One")).await;
    assert_eq!(again.status, StatusCode::OK, "{}", again.text());
    assert!(!again.headers.contains_key("idempotency-replayed"), "its result was not kept");
    let stored = &again.json()["result"];
    assert_eq!(stored["versionId"], first.json()["result"]["versionId"]);
    assert_eq!(stored["metadata"], json!({ "kind": "split" }), "what Patchline keeps with it is not shown");

    let stranger = keyed(&patchline, "run-2", "store_contract", &upload(b"# One")).await;
    assert_eq!(stranger.status, StatusCode::CONFLICT, "{}", stranger.text());
    forget_keys(&patchline).await;
    // A day later the key means another file, which must not be taken for the first.
    let other = keyed(&patchline, "run-1", "store_contract", &upload(b"# Two")).await;
    assert_eq!(other.status, StatusCode::CONFLICT, "{}", other.text());
}

/// As if the day were over for which keys are kept.
async fn forget_keys(patchline: &Patchline) {
    let dynamodb = &patchline.clients.dynamodb;
    let kept = dynamodb.scan().table_name("patchline-idempotency").send().await.expect("a scan");
    for item in kept.items() {
        let delete = dynamodb.delete_item().table_name("patchline-idempotency");
        delete.key("id", item["id"].clone()).send().await.expect("it is deleted");
    }
}

#[tokio::test]
async fn a_document_that_a_killed_process_had_added_is_added_for_whoever_repeats_the_call() {
    let patchline = Patchline::with(&[("ENABLE_BEDROCK", "true")]).await;
    patchline.knowledge_settled().await;
    let add =
        json!({ "fileName": "a.md", "fileContent": crate::support::base64(b"# Zebras\n\nThey sleep.") });
    let first = keyed(&patchline, "run-1", "add_knowledge_document", &add).await;
    assert_eq!(first.status, StatusCode::OK, "{}", first.text());
    as_if_killed(&patchline, 0).await;
    let again = keyed(&patchline, "run-1", "add_knowledge_document", &add).await;
    assert_eq!(again.status, StatusCode::OK, "{}", again.text());
    assert_eq!(again.json()["result"]["fileName"], "documents/a.md");
    let stranger = keyed(&patchline, "run-2", "add_knowledge_document", &add).await;
    assert_eq!(stranger.status, StatusCode::CONFLICT, "{}", stranger.text());
}

#[tokio::test]
async fn over_mcp_the_key_is_in_the_metadata_and_the_repetition_is_marked() {
    let (_patchline, served) = served().await;
    let client = connect(&served, "/mcp", Era::Modern, Person::silent().0).await;
    let mut replayed = Vec::new();
    for _ in 0..2 {
        let mut call = request("update_release_data", change("New", 1));
        let mut meta = RequestMetaObject::new();
        meta.insert("patchline/idempotencyKey".to_owned(), json!("run-1"));
        call.meta = Some(meta);
        let result = client.call_tool(call).await.expect("a result");
        assert_eq!(result.is_error, Some(false), "{result:?}");
        replayed.push(result.meta.expect("metadata").contains_key("patchline/replayed"));
    }
    assert_eq!(replayed, [false, true]);
}
