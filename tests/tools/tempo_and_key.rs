//! Tempo and key of a recording as people state them: before what was measured wherever that is shown, about the content
//! that was heard, and never over what somebody else has stated unseen.

use super::audio::tone;
use super::content::sent;
use super::recordings::{BUCKET, known, once};
use crate::policy::{from_here, somebody_with};
use crate::support::{Answer, Patchline, artist, base64, release};
use axum::http::StatusCode;
use patchline::engine::gateway::Role;
use patchline::engine::tools::views::{ViewRecording, recording_id};
use patchline::model::recording::RecordingAsked;
use serde_json::{Value, json};

const NAME: &str = "masters/stated.wav";

async fn stored(patchline: &Patchline, content: &[u8]) -> Value {
    let arguments = json!({ "fileName": NAME, "fileContent": base64(content), "overwrite": true });
    patchline.result_of("upload_audio_file", arguments).await;
    once(patchline, NAME, &["warned"]).await
}

/// Sends the form of the page.
async fn state(
    patchline: &Patchline,
    change: &str,
    [tempo, key]: [&str; 2],
    content: &str,
    revision: u32,
) -> Answer {
    let revision = revision.to_string();
    let fields = [
        ("change", change),
        ("tempo", tempo),
        ("key", key),
        ("content", content),
        ("revision", revision.as_str()),
    ];
    sent(patchline, &format!("/audio/{}", recording_id(BUCKET, NAME)), &fields).await
}

fn content_of(found: &Value) -> String {
    found["report"]["report"]["sha256"].as_str().expect("a digest").to_owned()
}

/// What a report says in the finding about tempo and key.
fn finding(findings: &Value) -> String {
    let mut findings = findings.as_array().expect("findings").iter();
    let found = findings.find(|finding| finding["code"] == "S15").expect("tempo and key are told");
    found["measured"].as_str().expect("what was measured").to_owned()
}

#[tokio::test]
async fn what_is_stated_comes_before_what_was_measured_in_the_report_the_tool_and_the_check_of_the_release() {
    const TOLD: &str = "Stated: 87.5 beats a minute, A minor; measured: ";
    let patchline = Patchline::start().await;
    let before = stored(&patchline, &tone(5)).await;
    let measured = before["report"]["report"].clone();
    assert_eq!(measured["statedTempo"], Value::Null);
    let content = content_of(&before);
    let wrong = state(&patchline, "state", ["fast", "H minor"], &content, 0).await;
    assert_eq!(wrong.status, StatusCode::BAD_REQUEST);
    assert!(
        wrong.text().contains("a number from 20 to 400") && wrong.text().contains("choose one of the list")
    );
    assert!(wrong.text().contains("value=\"fast\""), "what was typed is still there");

    let kept = state(&patchline, "state", ["87,5", "A minor"], &content, 0).await;
    assert_eq!(kept.status, StatusCode::SEE_OTHER, "{}", kept.text());
    let found = known(&patchline, NAME).await;
    let report = &found["report"]["report"];
    assert_eq!(
        (&report["statedTempo"]["bpm"], &report["statedKey"]["name"]),
        (&json!(87.5), &json!("A minor"))
    );
    for stated in [&report["statedTempo"], &report["statedKey"]] {
        assert!(stated["by"].as_str().is_some_and(|by| !by.is_empty()), "{stated}");
        assert!(stated["at"].as_str().is_some_and(|at| at.ends_with('Z')), "{stated}");
    }
    assert_eq!((&report["tempo"], &report["key"]), (&measured["tempo"], &measured["key"]), "both stay");
    for profile in found["report"]["profiles"].as_array().expect("profiles") {
        assert!(finding(&profile["findings"]).starts_with(TOLD), "{profile}");
    }

    let page = patchline.get(&format!("/audio/{}", recording_id(BUCKET, NAME))).await.text();
    assert!(page.contains("87.5 a minute") && page.contains("Take the statement back"), "{page}");
    let tool = patchline.result_of("process_audio", json!({ "fileName": NAME })).await;
    assert_eq!((&tool["statedTempo"], &tool["tempo"]), (&report["statedTempo"], &measured["tempo"]));
    assert!(finding(&tool["findings"]).starts_with(TOLD), "{tool}");

    let mut naming = release("rel_1", "art_1");
    naming["tracks"][0]["audio"] = json!(NAME);
    patchline.put("artists", artist("art_1", "Mira")).await;
    patchline.put("releases", naming).await;
    let check = patchline.result_of("check_release", json!({ "releaseId": "rel_1" })).await;
    let groups = check["groups"].as_array().expect("groups");
    let master = groups.iter().find(|group| group["subject"] == "trk_1").expect("its master");
    assert!(finding(&master["findings"]).starts_with(TOLD), "{master}");

    let records = patchline.audit_records().await;
    let stated = records.iter().filter(|record| record["operation"] == "state_tempo_and_key").count();
    assert!(stated >= 1, "it is in the audit log");
}

#[tokio::test]
async fn an_artist_is_offered_to_state_something_of_files_in_their_own_folder_only() {
    const OWN: &str = "artists/art_1/stated.wav";
    let patchline = Patchline::start().await;
    let mut naming = release("rel_1", "art_1");
    naming["tracks"][0]["audio"] = json!(NAME);
    patchline.put("artists", artist("art_1", "Mira")).await;
    patchline.put("releases", naming).await;
    stored(&patchline, &tone(1)).await;
    let own = json!({ "fileName": OWN, "fileContent": base64(&tone(2)) });
    patchline.result_of("upload_audio_file", own).await;
    once(&patchline, OWN, &["warned"]).await;
    for (who, name, offered) in [
        (somebody_with(Role::Artist, &["art_1"]), NAME, false),
        (somebody_with(Role::Artist, &["art_1"]), OWN, true),
        (somebody_with(Role::Label, &[]), NAME, true),
    ] {
        let asked = RecordingAsked::alone(recording_id(BUCKET, name));
        let seen = patchline.engine.gateway.call::<ViewRecording>(&who, &from_here(), asked).await;
        assert_eq!(seen.expect("they may see it").output.is_in_reach, offered, "{name}");
    }
}

#[tokio::test]
async fn nobody_overwrites_unseen_what_somebody_else_has_stated() {
    let patchline = Patchline::start().await;
    let content = content_of(&stored(&patchline, &tone(1)).await);
    let first = state(&patchline, "state", ["90", ""], &content, 0).await;
    assert_eq!(first.status, StatusCode::SEE_OTHER, "{}", first.text());
    for change in ["state", "takeBack"] {
        let late = state(&patchline, change, ["128", ""], &content, 0).await;
        assert_eq!(late.status, StatusCode::CONFLICT);
        assert!(late.text().contains("tempo and key has changed since you opened"), "{}", late.text());
    }
    let twice = state(&patchline, "state", ["90", ""], &content, 0).await;
    assert_eq!(twice.status, StatusCode::SEE_OTHER, "sent twice it is no conflict: {}", twice.text());
    let found = known(&patchline, NAME).await;
    assert_eq!(found["report"]["report"]["statedTempo"]["bpm"], 90.0);
    assert_eq!(found["statement"]["revision"], 1);

    // The one who stated the tempo is still told as that when somebody adds the key.
    let both = state(&patchline, "state", ["90.00", "E minor"], &content, 1).await;
    assert_eq!(both.status, StatusCode::SEE_OTHER, "{}", both.text());
    let after = known(&patchline, NAME).await["report"]["report"].clone();
    assert_eq!(after["statedTempo"], found["report"]["report"]["statedTempo"]);
    assert_eq!(after["statedKey"]["name"], "E minor");

    let back = state(&patchline, "takeBack", ["90", "E minor"], &content, 2).await;
    assert_eq!(back.status, StatusCode::SEE_OTHER, "{}", back.text());
    let after = known(&patchline, NAME).await;
    let report = &after["report"]["report"];
    assert_eq!((&report["statedTempo"], &report["statedKey"]), (&Value::Null, &Value::Null));
    assert_eq!(after["statement"]["revision"], 3, "whoever still sees it is told");
}

#[tokio::test]
async fn a_statement_belongs_to_the_bytes_that_were_heard_and_is_offered_for_those_after_them() {
    let patchline = Patchline::start().await;
    let first = content_of(&stored(&patchline, &tone(1)).await);
    let kept = state(&patchline, "state", ["90", "E minor"], &first, 0).await;
    assert_eq!(kept.status, StatusCode::SEE_OTHER, "{}", kept.text());

    let again = sent(&patchline, &format!("/audio/{}", recording_id(BUCKET, NAME)), &[]).await;
    assert_eq!(again.status, StatusCode::SEE_OTHER, "{}", again.text());
    let found = once(&patchline, NAME, &["warned"]).await;
    assert_eq!(found["report"]["report"]["statedTempo"]["bpm"], 90.0, "the same bytes are checked again");

    let found = stored(&patchline, &tone(2)).await;
    let second = content_of(&found);
    assert_ne!(first, second);
    assert_eq!(found["report"]["report"]["statedTempo"], Value::Null, "nobody has heard these bytes");
    assert_eq!(found["statement"]["ofBefore"]["tempo"]["bpm"], 90.0);
    let page = patchline.get(&format!("/audio/{}", recording_id(BUCKET, NAME))).await.text();
    assert!(page.contains("State the same of the new one"), "{page}");

    let of_others = state(&patchline, "state", ["90", ""], &first, 1).await;
    assert_eq!(of_others.status, StatusCode::CONFLICT);
    assert!(of_others.text().contains("The file has been replaced"), "{}", of_others.text());
    let taken_over = state(&patchline, "state", ["90", "E minor"], &second, 1).await;
    assert_eq!(taken_over.status, StatusCode::SEE_OTHER, "{}", taken_over.text());
    let found = known(&patchline, NAME).await;
    assert_eq!(found["report"]["report"]["statedKey"]["name"], "E minor");
    assert_eq!(found["statement"], json!({ "revision": 2, "ofBefore": null }));
}

#[tokio::test]
async fn nothing_is_stated_of_what_is_no_recording() {
    let patchline = Patchline::start().await;
    let silent = "masters/not-there.wav";
    let fields = [("change", "state"), ("tempo", "90"), ("content", ""), ("revision", "0")];
    let missing = sent(&patchline, &format!("/audio/{}", recording_id(BUCKET, silent)), &fields).await;
    assert_eq!(missing.status, StatusCode::NOT_FOUND, "{}", missing.text());
    super::recordings::put(&patchline, NAME, b"MZ\x90\0 this program cannot be run".to_vec()).await;
    once(&patchline, NAME, &["unreadable"]).await;
    let refused = state(&patchline, "state", ["90", ""], "", 0).await;
    assert_eq!(refused.status, StatusCode::CONFLICT);
    assert!(refused.text().contains("This is no recording"), "{}", refused.text());
}
