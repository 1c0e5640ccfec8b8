//! Audio, artwork and contracts: storing, finding, opening.

use crate::support::{Patchline, base64, eventually, release, wav};
use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use futures::{SinkExt, stream};
use patchline::engine::catalog::objects::PART_BYTES;
use patchline::engine::catalog::{Catalog, CatalogError, NewObject};
use patchline::engine::gateway::{AuditLog, Gateway};
use patchline::engine::telemetry::Telemetry;
use serde_json::json;
use std::sync::Arc;

/// The smallest PNG: one pixel.
fn png() -> Vec<u8> {
    let mut file = std::io::Cursor::new(Vec::new());
    image::DynamicImage::new_rgb8(3, 2).write_to(&mut file, image::ImageFormat::Png).expect("a picture");
    file.into_inner()
}

#[tokio::test]
async fn an_uploaded_wav_is_described_listed_and_played_in_parts() {
    let patchline = Patchline::start().await;
    let arguments = json!({
        "fileName": "masters/night drive.wav", "fileContent": base64(&wav()), "metadata": { "isrc": "XX0AB2600001", "artist": "Björk Guðmundsdóttir" }
    });
    let stored = patchline.result_of("upload_audio_file", arguments).await;
    assert_eq!(stored["contentType"], "audio/wav");
    assert_eq!(stored["sizeBytes"], 16_044);
    assert_eq!(stored["metadata"], json!({ "isrc": "XX0AB2600001", "artist": "Björk Guðmundsdóttir" }));
    let url = stored["url"].as_str().expect("an address").to_owned();

    let listed = patchline.result_of("list_audio_files", json!({ "prefix": "masters/" })).await;
    assert_eq!(listed["files"][0]["fileName"], "masters/night drive.wav");

    let request =
        Request::get(&url).header(header::RANGE, "bytes=0-3").body(Body::empty()).expect("a request");
    let part = patchline.send(request).await;
    assert_eq!((part.status, part.body.as_slice()), (StatusCode::PARTIAL_CONTENT, b"RIFF".as_slice()));
    assert_eq!(part.headers[header::CONTENT_RANGE], "bytes 0-3/16044");
}

#[tokio::test]
async fn what_patchline_keeps_with_a_file_is_neither_shown_nor_given_by_callers() {
    let patchline = Patchline::start().await;
    // As versions before this one named the change that brought a file.
    let stored = patchline.clients.s3.put_object().bucket("patchline-audio").key("old.wav");
    let stored = stored.metadata("patchline-upload", "01abc").metadata("isrc", "XX0AB2600001");
    let body = aws_sdk_s3::primitives::ByteStream::from(wav());
    stored.content_type("audio/wav").body(body).send().await.expect("it is put");
    let found = patchline.result_of("get_audio_file", json!({ "fileName": "old.wav" })).await;
    assert_eq!(found["metadata"], json!({ "isrc": "XX0AB2600001" }));

    for name in ["patchline-change", "Patchline-mine"] {
        let arguments =
            json!({ "fileName": "a.wav", "fileContent": base64(&wav()), "metadata": { name: "mine" } });
        let refused = patchline.tool("upload_audio_file", arguments).await;
        assert_eq!(refused.status, StatusCode::BAD_REQUEST, "{}", refused.text());
        assert_eq!(refused.wrong_fields(), [format!("metadata.{name}")]);
    }
}

#[tokio::test]
async fn a_range_outside_a_file_is_answered_with_the_size_of_the_file() {
    let patchline = Patchline::start().await;
    patchline
        .result_of("upload_audio_file", json!({ "fileName": "a.wav", "fileContent": base64(&wav()) }))
        .await;
    let part = async |range: &str| {
        let request = Request::get("/media/patchline-audio/a.wav").header(header::RANGE, range);
        patchline.send(request.body(Body::empty()).expect("a request")).await
    };
    for outside in ["bytes=16044-", "bytes=99999-100000", "bytes=-0"] {
        let answer = part(outside).await;
        assert_eq!(answer.status, StatusCode::RANGE_NOT_SATISFIABLE, "{outside}");
        assert_eq!(answer.headers[header::CONTENT_RANGE], "bytes */16044", "{outside}");
        let message = answer.error()["message"].as_str().expect("a message").to_owned();
        assert!(message.contains("patchline-audio/a.wav") && message.contains("16044 bytes"), "{message}");
    }
    // A header that is not well formed counts as none.
    let whole = part("bytes=9-5").await;
    assert_eq!((whole.status, whole.body.len()), (StatusCode::OK, 16_044));
    let records = patchline.audit_records().await;
    let opened: Vec<_> = records.iter().filter(|record| record["operation"] == "open_file").collect();
    assert_eq!(opened.iter().filter(|record| record["error"].is_string()).count(), 3, "{opened:?}");
}

#[tokio::test]
async fn a_file_is_replaced_only_when_that_is_asked_for() {
    let patchline = Patchline::start().await;
    let upload = |overwrite: bool| json!({ "fileName": "a.wav", "fileContent": base64(&wav()), "overwrite": overwrite });
    patchline.result_of("upload_audio_file", upload(false)).await;
    let second = patchline.tool("upload_audio_file", upload(false)).await;
    assert_eq!(second.status, StatusCode::CONFLICT);
    assert!(second.error()["remedy"].as_str().is_some_and(|remedy| remedy.contains("overwrite")));
    patchline.result_of("upload_audio_file", upload(true)).await;
}

#[tokio::test]
async fn a_refusal_to_replace_a_file_tells_programs_which_releases_name_it() {
    let patchline = Patchline::start().await;
    for (id, artist) in [("rel_1", "art_1"), ("rel_2", "art_2")] {
        let mut naming = release(id, artist);
        naming["artwork"] = json!("artists/art_1/cover.png");
        naming["tracks"][0]["audio"] = json!("masters/night.wav");
        patchline.put("releases", naming).await;
    }
    let picture = {
        let mut file = std::io::Cursor::new(Vec::new());
        image::RgbImage::new(700, 700).write_to(&mut file, image::ImageFormat::Png).expect("a picture");
        file.into_inner()
    };
    let audio = json!({ "fileName": "masters/night.wav", "fileContent": base64(&wav()) });
    let cover = json!({ "fileName": "artists/art_1/cover.png", "fileContent": base64(&picture) });
    let cases = [
        ("upload_audio_file", audio, "It is named by the releases rel_1, rel_2."),
        // Whoever stores files for one artist learns of others' releases only how many there are.
        ("upload_artwork", cover, "It is named by the releases rel_1, 1 more."),
    ];
    for (tool, arguments, named) in cases {
        patchline.result_of(tool, arguments.clone()).await;
        // The list of releases may be some seconds old.
        eventually(&format!("{tool} tells who names the file"), async || {
            let refused = patchline.tool(tool, arguments.clone()).await;
            assert_eq!(refused.status, StatusCode::CONFLICT, "{}", refused.text());
            let remedy = refused.error()["remedy"].as_str().unwrap_or_default().to_owned();
            assert!(remedy.contains("overwrite"), "{remedy}");
            let message = refused.error()["message"].as_str().unwrap_or_default().to_owned();
            assert!(!message.contains("Night Drive"), "titles are words of others: {message}");
            message.ends_with(named)
        })
        .await;
    }
}

#[tokio::test]
async fn what_is_not_audio_is_refused_whatever_its_name() {
    let patchline = Patchline::start().await;
    let arguments = json!({ "fileName": "song.wav", "fileContent": base64(b"%PDF-1.7 not audio") });
    let answer = patchline.tool("upload_audio_file", arguments).await;
    assert_eq!(
        (answer.status, answer.wrong_fields()),
        (StatusCode::BAD_REQUEST, vec!["fileContent".to_owned()])
    );
}

#[tokio::test]
async fn a_stream_is_stored_in_parts_and_is_the_same_afterwards() {
    let patchline = Patchline::start().await;
    let mut content = wav();
    content.extend(std::iter::repeat_n(7_u8, 9 * 1024 * 1024));
    let request = Request::put("/upload/audio?fileName=long.wav")
        .header(header::CONTENT_LENGTH, content.len())
        .body(Body::from(content.clone()))
        .expect("a request");
    let answer = patchline.send(request).await;
    assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.text());
    let stored = answer.json();
    assert_eq!(stored["fileName"], "long.wav");
    assert_eq!(stored["resources"][0]["name"], "patchline-audio/long.wav");
    assert!(stored["durationMicros"].as_u64().is_some_and(|micros| micros > 0), "{stored}");
    let opened = patchline.get("/media/patchline-audio/long.wav").await;
    assert!(opened.body == content, "the bytes are the same");
}

/// A recording of which a part is on the disk before its last piece.
fn longer_than_a_part() -> Vec<u8> {
    let mut content = wav();
    content.extend(std::iter::repeat_n(7_u8, PART_BYTES + 1));
    content
}

#[tokio::test]
async fn a_stream_that_breaks_off_leaves_nothing_behind() {
    let patchline = Patchline::start().await;
    let before = patchline.files_in("s3/blobs").len();
    let (mut line, chunks) = futures::channel::mpsc::channel(1);
    let sending = async {
        line.send(Ok(bytes::Bytes::from(longer_than_a_part()))).await.expect("the server reads");
        eventually("a part on the disk", async || patchline.files_in("s3/blobs").len() > before).await;
        assert_eq!(patchline.unfinished_uploads().await, 1);
        line.send(Err(std::io::Error::other("the line is dead"))).await.expect("the server reads");
    };
    let request =
        Request::put("/upload/audio?fileName=half.wav").body(Body::from_stream(chunks)).expect("a request");
    let (answer, ()) = tokio::join!(patchline.send(request), sending);

    assert_eq!((answer.status, answer.wrong_fields()), (StatusCode::BAD_REQUEST, vec!["file".to_owned()]));
    let error = answer.error();
    assert!(
        error["message"].as_str().is_some_and(|text| text.starts_with("The upload broke off")),
        "{error}"
    );
    assert_eq!(error["remedy"], "Send it again.");
    eventually("no parts", async || patchline.unfinished_uploads().await == 0).await;
    eventually("no bytes", async || patchline.files_in("s3/blobs").len() == before).await;
    let listed = patchline.result_of("list_audio_files", json!({})).await;
    assert_eq!(listed["files"], json!([]));
    patchline.refused_and_recorded(&[&answer]).await;
}

#[tokio::test]
async fn a_stream_that_breaks_off_at_once_is_told_the_same() {
    let patchline = Patchline::start().await;
    let broken = stream::iter([Err::<bytes::Bytes, _>(std::io::Error::other("the line is dead"))]);
    let request =
        Request::put("/upload/audio?fileName=none.wav").body(Body::from_stream(broken)).expect("a request");
    let answer = patchline.send(request).await;
    assert_eq!((answer.status, answer.wrong_fields()), (StatusCode::BAD_REQUEST, vec!["file".to_owned()]));
    assert_eq!(answer.error()["remedy"], "Send it again.");
    patchline.refused_and_recorded(&[&answer]).await;
}

#[tokio::test]
async fn a_stream_without_a_size_is_ended_at_the_limit_and_leaves_nothing_behind() {
    let patchline = Patchline::start().await;
    let before = patchline.files_in("s3/blobs").len();
    let catalog = Catalog::new(patchline.clients.clone(), &patchline.engine.config);
    let new = NewObject {
        bucket: "patchline-audio".to_owned(),
        key: "endless.wav".parse().expect("a key"),
        content_type: "audio/wav".to_owned(),
        metadata: std::collections::BTreeMap::new(),
        overwrite: false,
        change: "endless".to_owned(),
    };
    let most_bytes = 9 * 1024 * 1024;
    let endless = stream::repeat_with(|| Ok::<_, String>(bytes::Bytes::from(vec![7_u8; 1024 * 1024])));
    let refused = catalog.store_stream(&new, most_bytes, endless).await;
    assert_eq!(refused, Err(CatalogError::TooLarge { most_bytes }));
    eventually("no parts", async || patchline.unfinished_uploads().await == 0).await;
    eventually("no bytes", async || patchline.files_in("s3/blobs").len() == before).await;
    let listed = patchline.result_of("list_audio_files", json!({})).await;
    assert_eq!(listed["files"], json!([]));
}

#[tokio::test]
async fn a_body_without_a_length_is_refused_at_the_limit_with_its_reason_and_is_on_record() {
    const MEBIBYTE: usize = 1024 * 1024;
    let patchline = Patchline::start().await;
    let before = patchline.files_in("s3/blobs").len();
    let config = &patchline.engine.config;
    let catalog = Catalog::new(patchline.clients.clone(), config).with_largest_audio(9 * MEBIBYTE as u64);
    let catalog = Arc::new(catalog);
    let audit = AuditLog::start(Arc::clone(&catalog), true);
    let gateway = Gateway::new(catalog, config, audit, Telemetry::off());
    let silence = (0..12).map(|_| bytes::Bytes::from(vec![0_u8; MEBIBYTE]));
    let pieces = std::iter::once(bytes::Bytes::from(wav())).chain(silence);
    let body = Body::from_stream(stream::iter(pieces.map(Ok::<_, std::io::Error>)));
    let request = Request::put("/upload/audio?fileName=endless.wav").body(body).expect("a request");
    let answer = patchline.send_through(gateway, request).await;
    assert_eq!(answer.status, StatusCode::PAYLOAD_TOO_LARGE, "{}", answer.text());
    assert_eq!(answer.wrong_fields(), ["file"]);
    assert_eq!(
        answer.error()["message"],
        "The file is too large: at most 9 MiB are allowed. Nothing was stored."
    );
    eventually("no parts", async || patchline.unfinished_uploads().await == 0).await;
    eventually("no bytes", async || patchline.files_in("s3/blobs").len() == before).await;
    let listed = patchline.result_of("list_audio_files", json!({})).await;
    assert_eq!(listed["files"], json!([]));
    patchline.refused_and_recorded(&[&answer]).await;
}

#[tokio::test]
async fn no_address_is_made_for_six_gigabytes() {
    let patchline = Patchline::start().await;
    let six_gigabytes = 6_u64 * 1024 * 1024 * 1024;
    let answer = patchline
        .tool("create_upload_url", json!({ "fileName": "huge.wav", "sizeBytes": six_gigabytes }))
        .await;
    assert_eq!(
        (answer.status, answer.wrong_fields()),
        (StatusCode::PAYLOAD_TOO_LARGE, vec!["sizeBytes".to_owned()])
    );
    patchline.refused_and_recorded(&[&answer]).await;
}

#[tokio::test]
async fn an_upload_address_carries_size_and_no_overwriting_in_its_signature() {
    let patchline = Patchline::start().await;
    let arguments = json!({ "fileName": "big.wav", "sizeBytes": 16_044 });
    let address = patchline.result_of("create_upload_url", arguments).await;
    assert_eq!(address["method"], "PUT");
    assert_eq!(address["headers"]["content-length"], "16044");
    assert_eq!(address["headers"]["if-none-match"], "*");
    assert!(address["url"].as_str().is_some_and(|url| url.starts_with("http://127.0.0.1:")));
}

#[tokio::test]
async fn without_a_listener_an_upload_address_says_what_to_switch_on() {
    let patchline = Patchline::with(&[("PATCHLINE_EMBEDDED_AWS_ADDR", "off")]).await;
    let answer = patchline.tool("create_upload_url", json!({ "fileName": "big.wav", "sizeBytes": 10 })).await;
    assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE);
    assert!(
        answer.error()["message"].as_str().is_some_and(|text| text.contains("PATCHLINE_EMBEDDED_AWS_ADDR"))
    );
}

#[tokio::test]
async fn artwork_is_stored_with_its_size_in_pixels() {
    let patchline = Patchline::start().await;
    let arguments = json!({ "fileName": "covers/rel_1.png", "fileContent": base64(&png()) });
    let stored = patchline.result_of("upload_artwork", arguments).await;
    assert_eq!((&stored["contentType"], &stored["metadata"]["width"]), (&json!("image/png"), &json!("3")));
    let found = patchline.result_of("get_artwork", json!({ "fileName": "covers/rel_1.png" })).await;
    assert_eq!(found["metadata"]["height"], "2");
}

#[tokio::test]
async fn a_contract_in_text_is_answered_with_its_text_and_keeps_its_versions() {
    let patchline = Patchline::start().await;
    let store = |text: &str, overwrite: bool| json!({ "fileName": "art_1/split.md", "fileContent": base64(text.as_bytes()), "overwrite": overwrite });
    let first = patchline.result_of("store_contract", store("# One", false)).await;
    let second = patchline.result_of("store_contract", store("# Two", true)).await;
    assert_ne!(first["versionId"], second["versionId"]);
    let found = patchline.result_of("get_contract", json!({ "fileName": "art_1/split.md" })).await;
    assert_eq!(found["text"], "# Two");
    let listed = patchline.result_of("list_contracts", json!({ "prefix": "art_1/" })).await;
    assert_eq!(listed["files"].as_array().map(Vec::len), Some(1));
}

#[tokio::test]
async fn an_older_version_of_a_contract_is_listed_and_read() {
    let patchline = Patchline::start().await;
    let store = |name: &str, text: &str| json!({ "fileName": name, "fileContent": base64(text.as_bytes()), "overwrite": true });
    let first = patchline.result_of("store_contract", store("a.md", "# Draft")).await;
    patchline.result_of("store_contract", store("a.md", "# Signed, at last")).await;
    patchline.result_of("store_contract", store("a.md.old", "# Another contract")).await;

    let asked = json!({ "fileName": "a.md", "includeVersions": true });
    let newest = patchline.result_of("get_contract", asked).await;
    assert_eq!((&newest["text"], &newest["hasMoreVersions"]), (&json!("# Signed, at last"), &json!(false)));
    let versions = newest["versions"].as_array().expect("versions");
    let shown: Vec<_> = versions.iter().map(|kept| (&kept["isNewest"], &kept["sizeBytes"])).collect();
    assert_eq!(shown, [(&json!(true), &json!(17)), (&json!(false), &json!(7))]);
    assert_eq!(versions[1]["versionId"], first["versionId"]);

    let asked = json!({ "fileName": "a.md", "versionId": first["versionId"] });
    let older = patchline.result_of("get_contract", asked).await;
    assert_eq!((&older["text"], &older["versionId"]), (&json!("# Draft"), &first["versionId"]));
    assert!(older.get("versions").is_none(), "{older}");
    assert_eq!(older["url"], versions[1]["url"]);
    let opened = patchline.get(older["url"].as_str().expect("an address")).await;
    assert_eq!(opened.text(), "# Draft");
    let signed = older["downloadUrl"].as_str().expect("an address");
    assert!(signed.contains("versionId="), "{signed}");
}

#[tokio::test]
async fn older_versions_of_audio_and_artwork_stay_within_reach() {
    let patchline = Patchline::start().await;
    for (store, get, content) in
        [("upload_audio_file", "get_audio_file", wav()), ("upload_artwork", "get_artwork", png())]
    {
        let upload = json!({ "fileName": "a", "fileContent": base64(&content), "overwrite": true });
        let first = patchline.result_of(store, upload.clone()).await;
        patchline.result_of(store, upload).await;
        let listed = patchline.result_of(get, json!({ "fileName": "a", "includeVersions": true })).await;
        assert_eq!(listed["versions"].as_array().map(Vec::len), Some(2), "{listed}");
        let asked = json!({ "fileName": "a", "versionId": first["versionId"] });
        let older = patchline.result_of(get, asked).await;
        assert_eq!(older["versionId"], first["versionId"]);
    }
    let part = Request::get("/media/patchline-audio/a?versionId=no").header(header::RANGE, "bytes=0-3");
    let missing = patchline.send(part.body(Body::empty()).expect("a request")).await;
    assert_eq!(missing.status, StatusCode::NOT_FOUND, "{}", missing.text());
}

#[tokio::test]
async fn a_version_that_there_is_not_is_named_as_missing() {
    let patchline = Patchline::start().await;
    let upload = json!({ "fileName": "a.md", "fileContent": base64(b"# One") });
    patchline.result_of("store_contract", upload).await;
    let answer = patchline.tool("get_contract", json!({ "fileName": "a.md", "versionId": "no" })).await;
    assert_eq!(answer.status, StatusCode::NOT_FOUND, "{}", answer.text());
    let message = answer.error()["message"].as_str().expect("a message").to_owned();
    assert!(message.contains("no of patchline-contracts/a.md"), "{message}");
    let record = patchline.audit_records().await;
    let touched = record.iter().any(|record| record.to_string().contains("s3:GetObjectVersion"));
    assert!(touched, "{record:?}");
}

#[tokio::test]
async fn a_contract_is_offered_as_a_download_never_shown_as_a_page() {
    let patchline = Patchline::start().await;
    let html = base64(b"<script>alert(1)</script>");
    patchline.result_of("store_contract", json!({ "fileName": "x.html", "fileContent": html })).await;
    let opened = patchline.get("/media/patchline-contracts/x.html").await;
    assert_eq!(opened.headers[header::CONTENT_TYPE], "text/plain; charset=utf-8");
    assert_eq!(opened.headers[header::CONTENT_SECURITY_POLICY], "default-src 'none'; frame-ancestors 'none'");
    assert_eq!(opened.headers[header::X_CONTENT_TYPE_OPTIONS], "nosniff");
}
