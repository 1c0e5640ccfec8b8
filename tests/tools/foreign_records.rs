//! Records that others wrote into the label's tables: with attributes of their own, without what Patchline needs.

use crate::support::{Patchline, artist, release};
use axum::http::StatusCode;
use serde_json::json;

async fn with_a_release() -> Patchline {
    let patchline = Patchline::start().await;
    patchline.put("artists", artist("art_1", "Mira")).await;
    let mut known = release("rel_1", "art_1");
    known["warehouse"] = json!("Rotterdam");
    patchline.put("releases", known).await;
    patchline
}

#[tokio::test]
async fn a_record_that_cannot_be_read_hides_no_other_and_the_page_says_so() {
    let patchline = with_a_release().await;
    patchline.put("releases", json!({ "releaseId": "rel_broken", "title": 7 })).await;
    let page = patchline.get("/releases").await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(page.text().contains("/releases/rel_1"), "{}", page.text());
    assert!(page.text().contains("1 release cannot be shown."), "{}", page.text());
}

#[tokio::test]
async fn a_release_without_a_version_is_not_changed_and_the_reason_is_said() {
    let patchline = with_a_release().await;
    let mut without = release("rel_2", "art_1");
    without.as_object_mut().expect("an object").remove("version");
    patchline.put("releases", without).await;
    let change = json!({ "releaseId": "rel_2", "expectedVersion": 1, "updateData": { "genre": "jazz" } });
    let answer = patchline.tool("update_release_data", change).await;
    assert_eq!(answer.status, StatusCode::CONFLICT, "{}", answer.text());
    let message = answer.error()["message"].as_str().unwrap_or_default().to_owned();
    assert!(message.starts_with("The release \"rel_2\" has no version"), "{message}");
}

#[tokio::test]
async fn attributes_of_others_are_there_by_id_as_in_the_list() {
    let patchline = with_a_release().await;
    let one = patchline.result_of("query_release_data", json!({ "releaseId": "rel_1" })).await;
    let all = patchline.result_of("query_release_data", json!({})).await;
    assert_eq!(one["rows"], all["rows"]);
    assert_eq!(one["rows"][0]["warehouse"], "Rotterdam");
}

#[tokio::test]
async fn an_attribute_that_no_row_has_is_named() {
    let patchline = with_a_release().await;
    let asked = json!({ "releaseId": "rel_1", "attributes": ["title", "tilte"] });
    let found = patchline.result_of("query_release_data", asked).await;
    assert_eq!(found["notice"], "No row of this page has: tilte.");
    assert_eq!(found["rows"][0].as_object().map(serde_json::Map::len), Some(1));
}
