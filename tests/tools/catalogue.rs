//! Artists and releases: reading them, and changing a release without overwriting anybody.

use crate::support::{Patchline, artist, base64, release};
use aws_sdk_dynamodb::types::AttributeValue;
use axum::http::StatusCode;
use serde_json::json;
use std::collections::BTreeSet;

#[tokio::test]
async fn an_artist_is_read_by_id_with_typed_values() {
    let patchline = Patchline::start().await;
    patchline.put_artist_and_release().await;
    let found = patchline.result_of("query_artist_data", json!({ "artistId": "art_1" })).await;
    assert_eq!(found["rows"][0]["name"], "Mira");
    assert_eq!(found["rows"][0]["version"], 1, "a number stays a number");
}

#[tokio::test]
async fn only_the_attributes_that_were_asked_for_are_answered() {
    let patchline = Patchline::start().await;
    patchline.put_artist_and_release().await;
    let arguments = json!({ "artistId": "art_1", "attributes": ["name", "country"] });
    let found = patchline.result_of("query_artist_data", arguments).await;
    assert_eq!(found["rows"], json!([{ "name": "Mira", "country": "NO" }]));
}

#[tokio::test]
async fn all_artists_are_listed_page_by_page_without_gap_or_repetition() {
    let patchline = Patchline::start().await;
    for number in 0..7 {
        patchline.put("artists", artist(&format!("art_{number}"), "Mira")).await;
    }
    let mut seen = Vec::new();
    let mut cursor = json!(null);
    loop {
        let mut arguments = json!({ "limit": 3 });
        if !cursor.is_null() {
            arguments["cursor"] = cursor;
        }
        let page = patchline.result_of("query_artist_data", arguments).await;
        let rows = page["rows"].as_array().expect("rows").clone();
        assert!(rows.len() <= 3);
        seen.extend(rows.iter().map(|row| row["artistId"].as_str().expect("an id").to_owned()));
        cursor = page["nextCursor"].clone();
        if cursor.is_null() {
            break;
        }
    }
    seen.sort();
    assert_eq!(seen, (0..7).map(|number| format!("art_{number}")).collect::<Vec<_>>());
}

#[tokio::test]
async fn the_releases_of_an_artist_come_newest_first() {
    let patchline = Patchline::start().await;
    for (id, date) in [("rel_a", "2025-01-10"), ("rel_b", "2026-01-09"), ("rel_c", "2024-05-03")] {
        let mut item = release(id, "art_1");
        item["releaseDate"] = json!(date);
        patchline.put("releases", item).await;
    }
    patchline.put("releases", release("rel_other", "art_2")).await;
    let found = patchline.result_of("query_release_data", json!({ "artistId": "art_1" })).await;
    let ids: Vec<_> = found["rows"].as_array().expect("rows").iter().map(|row| &row["releaseId"]).collect();
    assert_eq!(ids, ["rel_b", "rel_a", "rel_c"]);
}

#[tokio::test]
async fn a_change_is_stored_and_says_who_made_it() {
    let patchline = Patchline::start().await;
    patchline.put_artist_and_release().await;
    let arguments = json!({
        "releaseId": "rel_1", "expectedVersion": 1,
        "updateData": { "releaseDate": "2027-01-15", "status": "scheduled" }
    });
    let changed = patchline.result_of("update_release_data", arguments).await;
    assert_eq!(changed["rows"][0]["releaseDate"], "2027-01-15");
    assert_eq!(changed["rows"][0]["status"], "scheduled");
    assert_eq!(changed["rows"][0]["version"], 2);
    assert_eq!(changed["rows"][0]["updatedBy"], "Bootstrap key");
    assert_eq!(changed["rows"][0]["title"], "Night Drive", "what is not named stays");
    let page = patchline.get("/releases/rel_1").await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(page.text().contains("2027-01-15"), "the page shows the change at once");
}

#[tokio::test]
async fn a_change_of_a_record_that_cannot_be_read_says_that_it_was_made() {
    let patchline = Patchline::start().await;
    let mut damaged = release("rel_1", "art_1");
    damaged["tracks"] = json!("lost by another program");
    patchline.put("releases", damaged).await;
    let change = json!({ "releaseId": "rel_1", "expectedVersion": 1, "updateData": { "title": "New" } });
    let changed = patchline.result_of("update_release_data", change.clone()).await;
    assert_eq!(changed["rows"], json!([{ "releaseId": "rel_1", "version": 2 }]));
    let notice = changed["notice"].as_str().expect("a notice");
    assert!(notice.starts_with("The change was made: the release \"rel_1\" now has version 2."), "{notice}");
    assert!(
        notice.contains("cannot read") && notice.contains("Expected seq"),
        "the reason is told: {notice}"
    );

    let key = AttributeValue::S("rel_1".to_owned());
    let stored = patchline.clients.dynamodb.get_item().table_name("releases").key("releaseId", key).send();
    let stored = stored.await.expect("an answer").item.expect("it is there");
    assert_eq!(stored["title"], AttributeValue::S("New".to_owned()));
    let again = patchline.tool("update_release_data", change).await;
    assert_eq!(again.status, StatusCode::CONFLICT, "{}", again.text());
    let records = patchline.audit_records().await;
    let outcome = records.iter().find(|record| record["phase"] == "outcome").expect("an outcome");
    assert_eq!(outcome["error"], json!(null), "the record says that the change was made");
}

#[tokio::test]
async fn two_editors_cannot_overwrite_each_other_unseen() {
    let patchline = Patchline::start().await;
    patchline.put_artist_and_release().await;
    let change =
        |title: &str| json!({ "releaseId": "rel_1", "expectedVersion": 1, "updateData": { "title": title } });
    let (first, second) = tokio::join!(
        patchline.tool("update_release_data", change("First")),
        patchline.tool("update_release_data", change("Second")),
    );
    let mut statuses = [first.status, second.status];
    statuses.sort();
    assert_eq!(statuses, [StatusCode::OK, StatusCode::CONFLICT]);
    let refused = if first.status == StatusCode::CONFLICT { first } else { second };
    let message = refused.error()["message"].as_str().expect("a message").to_owned();
    assert!(message.contains("version 2"), "{message}");
}

#[tokio::test]
async fn everything_is_still_there_after_a_restart() {
    let patchline = Patchline::start().await;
    patchline.put_artist_and_release().await;
    let change = json!({ "releaseId": "rel_1", "expectedVersion": 1, "updateData": { "title": "Kept" } });
    patchline.result_of("update_release_data", change).await;
    let patchline = patchline.restart().await;
    let found = patchline.result_of("query_release_data", json!({ "releaseId": "rel_1" })).await;
    assert_eq!(found["rows"][0]["title"], "Kept");
}

#[tokio::test]
async fn a_number_of_another_product_is_refused_and_named() {
    let patchline = Patchline::start().await;
    patchline.put_artist_and_release().await;
    let mut other = release("rel_2", "art_1");
    other["upc"] = json!("4006381333931");
    other["tracks"][0]["title"] = json!("Low Tide");
    patchline.put("releases", other).await;
    let change =
        |upc: &str| json!({ "releaseId": "rel_2", "expectedVersion": 1, "updateData": { "upc": upc } });
    // The same number as an EAN.
    let refused = patchline.tool("update_release_data", change("0036000291452")).await;
    assert_eq!(refused.status, StatusCode::BAD_REQUEST);
    assert_eq!(refused.wrong_fields(), ["updateData.upc"]);
    assert!(refused.text().contains("“Night Drive” (rel_1)"), "{}", refused.text());

    let check = patchline.result_of("check_release", json!({ "releaseId": "rel_2" })).await;
    let findings = check["groups"][0]["findings"].as_array().expect("findings");
    let twice =
        findings.iter().find(|finding| finding["code"] == "D05").expect("its ISRC is that of another");
    assert_eq!(twice["measured"], "Track 1: ISRC XX0AB2600001 is that of “Night Drive” on Night Drive, too");
    patchline.result_of("update_release_data", change("602445790098")).await;
}

/// The codes of what is found in the release itself.
async fn codes(patchline: &Patchline) -> BTreeSet<String> {
    let check = patchline.result_of("check_release", json!({ "releaseId": "rel_1" })).await;
    let findings = check["groups"][0]["findings"].as_array().expect("findings").clone();
    findings.iter().map(|finding| finding["code"].as_str().expect("a code").to_owned()).collect()
}

#[tokio::test]
async fn a_track_is_changed_and_the_check_asks_only_for_what_is_still_missing() {
    let patchline = Patchline::start().await;
    patchline.put_artist_and_release().await;
    let change = |version: u32, values: serde_json::Value| {
        json!({
            "releaseId": "rel_1", "trackId": "trk_1", "expectedVersion": version, "updateData": values
        })
    };
    let has = |codes: &BTreeSet<String>, code: &str| codes.contains(code);
    let before = codes(&patchline).await;
    assert!(has(&before, "M01") && has(&before, "M08"), "a record of before says neither: {before:?}");

    let ai = json!({ "vocals": false, "instrumentation": false, "post": true });
    let values = json!({ "language": "NO", "iswc": "T-034.524.680-1", "aiUse": ai });
    let changed = patchline.result_of("update_track_data", change(1, values)).await;
    let track = &changed["rows"][0]["tracks"][0];
    assert_eq!((&track["language"], &track["iswc"]), (&json!("no"), &json!("T0345246801")));
    assert_eq!((&track["title"], &changed["rows"][0]["version"]), (&json!("Night Drive"), &json!(2)));
    let after = codes(&patchline).await;
    assert!(
        has(&after, "M07") && !has(&after, "M01") && !has(&after, "M08"),
        "nobody wrote the words: {after:?}"
    );

    let late = patchline.tool("update_track_data", change(1, json!({ "lyricists": ["Late"] }))).await;
    assert_eq!(late.status, StatusCode::CONFLICT, "{}", late.text());
    patchline.result_of("update_track_data", change(2, json!({ "lyricists": ["Ida Lund"] }))).await;
    assert!(!has(&codes(&patchline).await, "M07"));
    let page = patchline.get("/releases/rel_1").await.text();
    assert!(page.contains("Lyrics: Ida Lund") && page.contains("T-034.524.680-1"));

    let wrong = patchline.tool("update_track_data", change(3, json!({ "iswc": "T-034.524.680-2" }))).await;
    assert_eq!(
        (wrong.status, wrong.wrong_fields()),
        (StatusCode::BAD_REQUEST, vec!["updateData.iswc".to_owned()])
    );
    let mut other = change(3, json!({ "explicit": true }));
    other["trackId"] = json!("trk_9");
    assert_eq!(patchline.tool("update_track_data", other).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn an_isrc_of_another_recording_and_a_grid_of_another_release_are_refused() {
    let patchline = Patchline::start().await;
    patchline.put_artist_and_release().await;
    let mut other = release("rel_2", "art_1");
    (other["upc"], other["grid"]) = (json!("4006381333931"), json!("A12425GABC1234002M"));
    (other["tracks"][0]["title"], other["tracks"][0]["isrc"]) = (json!("Low Tide"), json!("XX0AB2600002"));
    patchline.put("releases", other).await;
    let isrc = json!({
        "releaseId": "rel_1", "trackId": "trk_1", "expectedVersion": 1,
        "updateData": { "isrc": "XX-0AB-26-00002" }
    });
    let refused = patchline.tool("update_track_data", isrc).await;
    assert_eq!(refused.wrong_fields(), ["updateData.isrc"], "{}", refused.text());
    let grid = json!({
        "releaseId": "rel_1", "expectedVersion": 1, "updateData": { "grid": "A1-2425G-ABC1234002-M" }
    });
    let refused = patchline.tool("update_release_data", grid).await;
    assert_eq!(refused.wrong_fields(), ["updateData.grid"], "{}", refused.text());
}

#[tokio::test]
async fn a_release_is_compared_with_the_contract_that_it_names() {
    let patchline = Patchline::start().await;
    patchline.put_artist_and_release().await;
    let contract = |terms: serde_json::Value| {
        let content = base64(b"# Licence");
        json!({ "fileName": "art_1/licence.md", "fileContent": content, "overwrite": true, "terms": terms })
    };
    let terms = json!({ "territory": "world except Japan", "endsOn": "2031-12-31" });
    patchline.result_of("store_contract", contract(terms)).await;
    let change = |version: u32, values: serde_json::Value| json!({ "releaseId": "rel_1", "expectedVersion": version, "updateData": values });
    let foreign = patchline.tool("update_release_data", change(1, json!({ "contract": "art_2/x.md" }))).await;
    assert_eq!(foreign.wrong_fields(), ["updateData.contract"], "{}", foreign.text());
    let named = json!({ "contract": "art_1/licence.md", "territory": "Worldwide" });
    let changed = patchline.result_of("update_release_data", change(1, named)).await;
    assert_eq!(changed["rows"][0]["territory"], "world");
    let found = codes(&patchline).await;
    assert!(found.contains("L08") && found.contains("M09"), "not signed, and not for Japan: {found:?}");

    let terms =
        json!({ "territory": "world except Japan", "endsOn": "2031-12-31", "signedOn": "2024-02-20" });
    patchline.result_of("store_contract", contract(terms)).await;
    let narrower = json!({ "territory": "world except Japan" });
    patchline.result_of("update_release_data", change(2, narrower)).await;
    let found = codes(&patchline).await;
    assert!(!found.contains("L08") && !found.contains("M09"), "{found:?}");
}

#[tokio::test]
async fn an_artist_gets_an_isni_that_no_other_has() {
    let patchline = Patchline::start().await;
    patchline.put("artists", artist("art_1", "Mira")).await;
    patchline.put("artists", artist("art_2", "Mira")).await;
    let change = |id: &str, isni: &str| json!({ "artistId": id, "expectedVersion": 1, "updateData": { "isni": isni } });
    let changed = patchline.result_of("update_artist_data", change("art_1", "0000 0001 2103 2683")).await;
    assert_eq!(
        (&changed["rows"][0]["isni"], &changed["rows"][0]["version"]),
        (&json!("0000000121032683"), &json!(2))
    );
    let late = patchline.tool("update_artist_data", change("art_1", "000000012146438X")).await;
    assert_eq!(late.status, StatusCode::CONFLICT, "{}", late.text());
    for wrong in ["0000000121032684", "0000000121032683"] {
        let refused = patchline.tool("update_artist_data", change("art_2", wrong)).await;
        assert_eq!(refused.wrong_fields(), ["updateData.isni"], "{}", refused.text());
    }
}
