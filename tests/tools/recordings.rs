//! Uploads: each is listened to by itself, held back until then, and goes on where it stopped.

use super::audio::tone;
use crate::support::{Answer, Patchline, base64, eventually, wav};
use axum::body::Body;
use axum::http::{Method, Request, StatusCode, header};
use patchline::engine::tools::views::recording_id;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

pub(super) const BUCKET: &str = "patchline-audio";

pub(super) async fn upload(patchline: &Patchline, name: &str, content: &[u8]) {
    let arguments = json!({ "fileName": name, "fileContent": base64(content) });
    patchline.result_of("upload_audio_file", arguments).await;
}

/// Puts a file into the bucket as another program would, and looks at the bucket.
pub(super) async fn put(patchline: &Patchline, name: &str, content: Vec<u8>) {
    let put = patchline.clients.s3.put_object().bucket(BUCKET).key(name).body(content.into());
    put.send().await.expect("it is put");
    patchline.engine.content.look().await.expect("the bucket is looked at");
}

/// All that is known of a recording.
pub(super) async fn known(patchline: &Patchline, name: &str) -> Value {
    let answer = patchline.get(&format!("/export/audio/{}.json", recording_id(BUCKET, name))).await;
    if answer.status == StatusCode::OK { answer.json() } else { Value::Null }
}

/// The same once it has come to one of these states.
pub(super) async fn once(patchline: &Patchline, name: &str, states: &[&str]) -> Value {
    eventually(&format!("{name} is {states:?}"), async || {
        let state =
            known(patchline, name).await["recording"]["state"].as_str().unwrap_or_default().to_owned();
        states.contains(&state.as_str())
    })
    .await;
    known(patchline, name).await
}

#[tokio::test]
async fn an_upload_is_listened_to_by_itself_and_reported() {
    let patchline = Patchline::start().await;
    upload(&patchline, "masters/tone.wav", &tone(4)).await;
    let found = once(&patchline, "masters/tone.wav", &["warned"]).await;
    assert_eq!(found["recording"]["format"], "WAV", "{found}");
    assert!(found["recording"]["uploadedBy"].is_string(), "{found}");
    let report = &found["report"];
    let stores: Vec<_> = report["profiles"].as_array().expect("profiles").iter().map(|p| &p["id"]).collect();
    assert_eq!(stores, ["distributor", "spotify", "apple"]);
    assert_eq!(report["report"]["verdicts"][0], json!({ "profile": "distributor", "verdict": "warn" }));
    assert_eq!(report["curve"]["shortTerm"].as_array().map(Vec::len), Some(40), "ten values a second");
    assert!(report["waveform"]["data"].as_array().is_some_and(|data| data.len() > 600), "{report}");

    let page = patchline.get(&format!("/audio/{}", recording_id(BUCKET, "masters/tone.wav"))).await;
    assert_eq!(page.status, StatusCode::OK);
    let page = page.text();
    for said in ["What stores would say", "Unusual length", "Integrated", "player-shape", "<audio"] {
        assert!(page.contains(said), "{said}");
    }
    let list = patchline.get("/audio?search=tone&state=warned").await.text();
    assert!(list.contains("masters/tone.wav") && list.contains("Look at it"), "{list}");
}

#[tokio::test]
async fn what_is_no_audio_is_held_back_and_says_why() {
    let patchline = Patchline::start().await;
    put(&patchline, "masters/song.wav", b"MZ\x90\0 this program cannot be run".to_vec()).await;
    let found = once(&patchline, "masters/song.wav", &["unreadable"]).await;
    assert!(
        found["recording"]["why"].as_str().is_some_and(|why| why.contains("a Windows program")),
        "{found}"
    );
    let findings = &found["report"]["report"]["findings"];
    assert_eq!((&findings[0]["code"], &findings[0]["severity"]), (&json!("A01"), &json!("error")));
    put(&patchline, "masters/empty.wav", Vec::new()).await;
    let found = once(&patchline, "masters/empty.wav", &["unreadable"]).await;
    assert_eq!(found["recording"]["why"], "the file is empty");
}

#[tokio::test]
async fn work_whose_process_was_killed_is_done_by_another() {
    let patchline = Patchline::start().await;
    let put = patchline.clients.s3.put_object().bucket(BUCKET).key("a.wav").body(tone(1).into());
    let etag = put.send().await.expect("it is put").e_tag.expect("a tag");
    patchline
        .put(
            "patchline-recordings",
            json!({
                "id": "patchline-audio/a.wav", "bucket": BUCKET, "key": "a.wav", "version": 7, "etag": etag,
                "bytes": 9, "sample": false, "state": "processing", "line": {}, "day": "open",
                "processedAt": "2026-11-27T00:00:00Z", "epoch": 1, "holder": "killed", "aliveUntil": 0,
                "progress": 40
            }),
        )
        .await;
    let found = once(&patchline, "a.wav", &["warned"]).await;
    assert_eq!(found["report"]["report"]["samples"], 44_100);
}

#[tokio::test]
async fn a_file_that_is_gone_is_said_to_be_gone() {
    let patchline = Patchline::start().await;
    upload(&patchline, "b.wav", &tone(1)).await;
    once(&patchline, "b.wav", &["warned"]).await;
    patchline.clients.s3.delete_object().bucket(BUCKET).key("b.wav").send().await.expect("it is removed");
    patchline.engine.content.look().await.expect("the bucket is looked at");
    let found = known(&patchline, "b.wav").await;
    assert_eq!(found["recording"]["state"], "deleted");
    let list = patchline.get("/audio").await.text();
    assert!(list.contains("No recordings yet"), "{list}");
}

#[tokio::test]
async fn the_same_recording_under_another_name_is_found() {
    let patchline = Patchline::start().await;
    upload(&patchline, "first.wav", &tone(1)).await;
    once(&patchline, "first.wav", &["warned"]).await;
    upload(&patchline, "second.wav", &tone(1)).await;
    let found = once(&patchline, "second.wav", &["warned"]).await;
    assert!(found["sameAs"]["name"].as_str().is_some_and(|name| name.contains("first.wav")), "{found}");
}

#[tokio::test]
async fn a_recording_is_compared_with_the_version_of_its_file_before_at_equal_loudness() {
    const NAME: &str = "masters/mended.wav";
    let patchline = Patchline::start().await;
    // Silence has no loudness, and the tones have one.
    for (content, state) in [(wav(), "failed"), (tone(4), "warned"), (tone(5), "warned")] {
        let arguments = json!({ "fileName": NAME, "fileContent": base64(&content), "overwrite": true });
        patchline.result_of("upload_audio_file", arguments).await;
        once(&patchline, NAME, &[state]).await;
    }
    let asked = json!({ "fileName": NAME, "includeVersions": true });
    let versions = patchline.result_of("get_audio_file", asked).await["versions"].clone();
    let beside = async |place: usize| {
        let version = versions[place]["versionId"].as_str().expect("an id");
        let page = format!("/audio/{}?compare=version.{version}", recording_id(BUCKET, NAME));
        let answer = patchline.get(&page).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
        assert!(answer.text().contains("?versionId="), "its sound is on the page");
        answer.text()
    };
    let before = beside(1).await;
    assert!(before.contains("LUFS at equal loudness: the louder one is turned down"), "{before}");
    let silent = beside(2).await;
    assert!(silent.contains("the loudness of the other one is not known"), "{silent}");

    let none = format!("/audio/{}?compare=version.none", recording_id(BUCKET, NAME));
    assert_eq!(patchline.get(&none).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn an_upload_in_parts_goes_on_where_it_stopped() {
    let patchline = Patchline::start().await;
    // Two parts; what is behind the sound is none.
    let mut file = tone(1);
    file.resize(9_000_000, 0);
    let new = json!({
        "fileName": "long.wav", "sizeBytes": file.len(), "modified": "1", "head": base64(&file[..8192])
    });
    let begun =
        json_of(send(&patchline, Method::POST, "/upload/parts", new.to_string().into_bytes(), None).await);
    assert_eq!((&begun["parts"], &begun["there"]), (&json!(2), &json!([])));
    let part_bytes = usize::try_from(begun["partBytes"].as_u64().expect("a size")).expect("small");
    let id = begun["uploadId"].as_str().expect("an id");
    let (first, second) = file.split_at(part_bytes);
    let at = |what: &str| format!("/upload/parts/{id}/{what}?fileName=long.wav");

    let checksum = base64(&Sha256::digest(second));
    let wrong = send(&patchline, Method::PUT, &at("1"), first.to_vec(), Some(&checksum)).await;
    assert_eq!((wrong.status, wrong.wrong_fields()), (StatusCode::BAD_REQUEST, vec!["sha256".to_owned()]));
    let sent = send(&patchline, Method::PUT, &at("2"), second.to_vec(), Some(&checksum)).await;
    assert_eq!(json_of(sent)["there"], json!([2]));
    let early = send(&patchline, Method::POST, &at("finish"), Vec::new(), None).await;
    assert_eq!(early.status, StatusCode::BAD_REQUEST);

    // Whoever comes back is told what is there.
    let again =
        json_of(send(&patchline, Method::POST, "/upload/parts", new.to_string().into_bytes(), None).await);
    assert_eq!((&again["uploadId"], &again["there"]), (&json!(id), &json!([2])));
    assert_eq!(again["checksums"], json!([checksum]), "so that another file of this name is noticed");
    json_of(send(&patchline, Method::PUT, &at("1"), first.to_vec(), None).await);
    let stored = send(&patchline, Method::POST, &at("finish"), Vec::new(), None).await;
    assert_eq!(stored.status, StatusCode::CREATED, "{}", stored.text());
    let once_more = send(&patchline, Method::POST, &at("finish"), Vec::new(), None).await;
    assert_eq!(once_more.status, StatusCode::CREATED, "whoever did not hear that asks again");
    assert_eq!(once_more.json()["etag"], stored.json()["etag"]);
    let heard = patchline.get("/media/patchline-audio/long.wav").await;
    assert_eq!(heard.body, file);
    assert_eq!(patchline.unfinished_uploads().await, 0);

    let text =
        json!({ "fileName": "a.wav", "sizeBytes": 9, "modified": "1", "head": base64(b"<html></html>") });
    let refused = send(&patchline, Method::POST, "/upload/parts", text.to_string().into_bytes(), None).await;
    assert_eq!((refused.status, refused.wrong_fields()), (StatusCode::BAD_REQUEST, vec!["file".to_owned()]));
}

pub(super) async fn send(
    patchline: &Patchline,
    method: Method,
    path: &str,
    body: Vec<u8>,
    checksum: Option<&str>,
) -> Answer {
    let mut request =
        Request::builder().method(method).uri(path).header(header::CONTENT_TYPE, "application/json");
    if let Some(checksum) = checksum {
        request = request.header("x-amz-checksum-sha256", checksum);
    }
    patchline.send(request.body(Body::from(body)).expect("a request")).await
}

pub(super) fn json_of(answer: Answer) -> Value {
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
    answer.json()
}
