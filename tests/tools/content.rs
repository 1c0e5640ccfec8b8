//! Covers, spectrograms, the check of a whole release with its waivers and splits, and what contracts say.

use crate::support::{Answer, Patchline, base64, wav};
use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use image::{ImageFormat, RgbImage};
use serde_json::{Value, json};
use std::io::Cursor;

fn cover(side: u32, format: ImageFormat) -> Vec<u8> {
    let mut state = 0x9e37_79b9_u32;
    let picture = RgbImage::from_fn(side, side, |x, y| {
        state ^= state << 13;
        state ^= state >> 17;
        state ^= state << 5;
        let grain = u8::try_from(state % 48).expect("small");
        let spot = |value: u32| u8::try_from(value % 200).expect("small");
        image::Rgb([40 + grain, spot(x * 200 / side) + grain, spot(y * 180 / side) + grain])
    });
    let mut file = Cursor::new(Vec::new());
    picture.write_to(&mut file, format).expect("a picture");
    file.into_inner()
}

/// A JPEG of a telephone that says where it was.
fn taken_somewhere() -> Vec<u8> {
    let jpeg = cover(400, ImageFormat::Jpeg);
    let mut exif = b"Exif\0\0II*\0\x08\0\0\0\x01\0\x25\x88\x04\0\x01\0\0\0\x1a\0\0\0\0\0\0\0".to_vec();
    exif.extend(b"\x01\0\x01\0\x02\0\x02\0\0\0N\0\0\0\0\0\0\0");
    let length = u16::try_from(exif.len() + 2).expect("short").to_be_bytes();
    [&jpeg[..2], &[0xff, 0xe1], &length, &exif, &jpeg[2..]].concat()
}

async fn uploaded(patchline: &Patchline, tool: &str, name: &str, content: &[u8]) {
    patchline.result_of(tool, json!({ "fileName": name, "fileContent": base64(content) })).await;
}

/// Sends a plain form.
pub(super) async fn sent(patchline: &Patchline, path: &str, fields: &[(&str, &str)]) -> Answer {
    let encode = |text: &str| {
        percent_encoding::utf8_percent_encode(text, percent_encoding::NON_ALPHANUMERIC).to_string()
    };
    let body: Vec<String> = fields.iter().map(|(name, value)| format!("{name}={}", encode(value))).collect();
    let request = Request::post(path)
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .body(Body::from(body.join("&")))
        .expect("a request");
    patchline.send(request).await
}

fn codes(report: &Value) -> Vec<&str> {
    let findings = report["findings"].as_array().expect("findings");
    findings.iter().filter_map(|finding| finding["code"].as_str()).collect()
}

#[tokio::test]
async fn a_cover_is_checked_for_a_store() {
    let patchline = Patchline::start().await;
    uploaded(&patchline, "upload_artwork", "covers/a.png", &cover(700, ImageFormat::Png)).await;
    let asked = json!({ "fileName": "covers/a.png", "profile": "spotify" });
    let report = patchline.result_of("check_artwork", asked).await;
    assert_eq!((&report["format"], &report["width"]), (&json!("PNG"), &json!(700)));
    assert_eq!(codes(&report), ["R04"], "it has no profile of colours");
    let report = patchline.result_of("check_artwork", json!({ "fileName": "covers/a.png" })).await;
    assert_eq!(codes(&report), ["R03", "R04"], "distributors ask for more pixels");
}

#[tokio::test]
async fn a_tiff_is_taken_checked_by_store_and_shown_as_what_browsers_show() {
    let patchline = Patchline::start().await;
    uploaded(&patchline, "upload_artwork", "covers/a.tif", &cover(700, ImageFormat::Tiff)).await;
    let found = patchline.result_of("get_artwork", json!({ "fileName": "covers/a.tif" })).await;
    assert_eq!(found["contentType"], "image/tiff", "{found}");
    let asked = |profile: &str| json!({ "fileName": "covers/a.tif", "profile": profile });
    let report = patchline.result_of("check_artwork", asked("spotify")).await;
    assert_eq!((&report["format"], codes(&report)), (&json!("TIFF"), vec!["R04"]), "{report}");
    let report = patchline.result_of("check_artwork", asked("apple")).await;
    assert_eq!(codes(&report), ["R01", "R03", "R04"], "Apple takes PNG and JPEG");
    for (address, side) in [("", 700), ("?size=80", 80)] {
        let shown = patchline.get(&format!("/media/patchline-artwork/covers/a.tif{address}")).await;
        assert_eq!(shown.status, StatusCode::OK, "{}", shown.text());
        assert_eq!(shown.headers["content-type"], "image/jpeg");
        let picture = image::load_from_memory(&shown.body).expect("a picture");
        assert_eq!((picture.width(), picture.height()), (side, side));
    }
}

#[tokio::test]
async fn what_is_shown_does_not_say_where_it_was_taken_and_what_is_kept_does() {
    let patchline = Patchline::start().await;
    let original = taken_somewhere();
    uploaded(&patchline, "upload_artwork", "covers/b.jpg", &original).await;
    let has_exif = |bytes: &[u8]| bytes.windows(6).any(|part| part == b"Exif\0\0");
    let shown = patchline.get("/media/patchline-artwork/covers/b.jpg").await;
    assert_eq!((shown.status, has_exif(&shown.body)), (StatusCode::OK, false));
    for _ in 0..2 {
        let small = patchline.get("/media/patchline-artwork/covers/b.jpg?size=60").await;
        let picture = image::load_from_memory(&small.body).expect("a picture");
        assert_eq!((picture.width(), picture.height()), (80, 80));
        assert_ne!(small.headers[header::ETAG], shown.headers[header::ETAG]);
    }
    let kept = patchline.clients.s3.get_object().bucket("patchline-artwork").key("covers/b.jpg").send().await;
    let kept = kept.expect("it is there").body.collect().await.expect("bytes").to_vec();
    assert_eq!(kept, original);
}

#[tokio::test]
async fn a_recording_has_a_picture_of_its_sound() {
    let patchline = Patchline::start().await;
    uploaded(&patchline, "upload_audio_file", "masters/a.wav", &wav()).await;
    let drawn = patchline.get("/media/spectrogram/patchline-audio/masters/a.wav").await;
    assert_eq!(drawn.status, StatusCode::OK, "{}", drawn.text());
    assert_eq!(drawn.headers[header::CONTENT_TYPE], "image/png");
    assert_eq!(drawn.headers["x-hertz-per-row"], "15.625");
    assert!(image::load_from_memory(&drawn.body).is_ok());
    let missing = patchline.get("/media/spectrogram/patchline-audio/masters/no.wav").await;
    assert_eq!(missing.status, StatusCode::NOT_FOUND);
}

/// The findings about the release itself.
async fn own_findings(patchline: &Patchline) -> Vec<Value> {
    let check = patchline.result_of("check_release", json!({ "releaseId": "rel_1" })).await;
    check["groups"][0]["findings"].as_array().expect("findings").clone()
}

#[tokio::test]
async fn a_finding_of_a_release_is_waived_with_a_reason_and_stands_again_when_that_is_taken_back() {
    let patchline = Patchline::start().await;
    patchline.put_artist_and_release().await;
    let fingerprint_of = |findings: &[Value], code: &str| {
        let found = findings.iter().find(|finding| finding["code"] == code).expect("it is found");
        found["fingerprint"].as_str().expect("a fingerprint").to_owned()
    };
    let waiver_of = |findings: &[Value], code: &str| {
        let found = findings.iter().find(|finding| finding["code"] == code).expect("it is found");
        found["waiver"].clone()
    };
    assert_eq!(waiver_of(&own_findings(&patchline).await, "L09"), Value::Null);

    let fingerprint = fingerprint_of(&own_findings(&patchline).await, "L09");
    let about = [
        ("change", "waive"),
        ("subject", "release"),
        ("code", "L09"),
        ("fingerprint", fingerprint.as_str()),
        ("profile", "distributor"),
    ];
    let without_reason = sent(&patchline, "/releases/rel_1", &about).await;
    assert_eq!(without_reason.status, StatusCode::BAD_REQUEST);
    assert!(without_reason.text().contains("a reason of 1 to 500 characters"));
    let waived =
        sent(&patchline, "/releases/rel_1", &[&about[..], &[("reason", "The cover follows")]].concat()).await;
    assert_eq!(waived.status, StatusCode::SEE_OTHER, "{}", waived.text());
    let kept = waiver_of(&own_findings(&patchline).await, "L09");
    assert_eq!(kept["reason"], "The cover follows");
    let page = patchline.get("/releases/rel_1?checks=distributor").await.text();
    assert!(page.contains("The cover follows") && page.contains("Take back"));
    let file = patchline.get("/export/releases/rel_1/checks.json?profile=spotify").await;
    assert_eq!(file.json()["profile"], "spotify");

    let other =
        [("change", "waive"), ("subject", "release"), ("code", "L09"), ("fingerprint", "0123456789abcdef")];
    let other = [&other[..], &[("reason", "Of an older cover")]].concat();
    assert_eq!(sent(&patchline, "/releases/rel_1", &other).await.status, StatusCode::SEE_OTHER);
    let check = patchline.result_of("check_release", json!({ "releaseId": "rel_1" })).await;
    let notes = check["notes"].to_string();
    assert!(notes.contains("Of an older cover"), "a waiver that fits nothing is told: {notes}");
    assert!(!notes.contains("The cover follows"), "one that fits is not: {notes}");

    let back = [&[("change", "takeBack")][..], &about[1..4]].concat();
    assert_eq!(sent(&patchline, "/releases/rel_1", &back).await.status, StatusCode::SEE_OTHER);
    assert_eq!(waiver_of(&own_findings(&patchline).await, "L09"), Value::Null);
    let records = patchline.audit_records().await;
    let changes = records.iter().filter(|record| record["operation"] == "waive_finding").count();
    assert!(changes >= 1, "it is in the audit log");
}

#[tokio::test]
async fn what_a_contract_says_is_entered_beside_its_text_and_its_notice_date_is_told() {
    let patchline = Patchline::start().await;
    let text = "# Agreement\n\n- **Territory:** world\n- **Term:** notice of 90 days before the end";
    uploaded(&patchline, "store_contract", "art_1/agreement.md", text.as_bytes()).await;
    let address = format!("/contracts/{}", hex::encode("art_1/agreement.md"));
    let page = patchline.get(&address).await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.text());
    assert!(page.text().contains("notice of 90 days before the end"), "its text is there");
    assert!(page.text().contains("Nobody has entered yet"), "what is proposed is not taken over");

    let wrong = sent(&patchline, &address, &[("endsOn", "soon"), ("territory", "the moon")]).await;
    assert_eq!(wrong.status, StatusCode::BAD_REQUEST);
    assert!(wrong.text().contains("a day is written as") && wrong.text().contains("the moon"));

    let today = jiff::Zoned::now().date();
    let ends = today.saturating_add(jiff::ToSpan::days(100_i64)).to_string();
    let terms = [("kind", "licence"), ("endsOn", ends.as_str()), ("noticeDays", "90"), ("version", "0")];
    assert_eq!(sent(&patchline, &address, &terms).await.status, StatusCode::SEE_OTHER);
    let again = sent(&patchline, &address, &terms).await;
    assert_eq!(again.status, StatusCode::CONFLICT, "somebody else has entered them meanwhile");
    let near = patchline.get("/contracts?notice=soon").await.text();
    assert!(near.contains("art_1/agreement.md") && near.contains("licence"));
    let other = patchline.get("/contracts?search=nothing-of-this-name").await.text();
    assert!(!other.contains("art_1/agreement.md"));
}

#[tokio::test]
async fn splits_are_entered_and_the_check_refuses_those_that_are_not_the_whole() {
    let patchline = Patchline::start().await;
    patchline.put_artist_and_release().await;
    let check = patchline.result_of("check_release", json!({ "releaseId": "rel_1" })).await;
    let tells_unknown = |check: &Value| check["notes"].to_string().contains("earn is not in the record");
    assert!(tells_unknown(&check), "nobody knows the splits");

    let kept = async |recordings: &str, version: &str| {
        let fields = [("change", "splits"), ("recordings", recordings), ("version", version)];
        let fields = [&fields[..], &[("publishing", "Mira Sund: 100 %")]].concat();
        sent(&patchline, "/releases/rel_1", &fields).await
    };
    let wrong = kept("Mira Sund: half", "0").await;
    assert_eq!(wrong.status, StatusCode::BAD_REQUEST);
    assert!(wrong.text().contains("Mira Sund: half"), "what was typed is still there");
    assert_eq!(kept("Mira Sund: 80 %\nIda: 15 %", "0").await.status, StatusCode::SEE_OTHER);
    let page = patchline.get("/releases/rel_1").await.text();
    assert!(page.contains("95.00 %") && page.contains("5.00 % are missing"));
    let findings = own_findings(&patchline).await;
    let found = findings.iter().find(|finding| finding["code"] == "M02").expect("it is found");
    assert_eq!(found["measured"], "The recordings: 95.00 %");

    assert_eq!(kept("Mira Sund: 85 %\nIda: 15 %", "0").await.status, StatusCode::CONFLICT);
    assert_eq!(kept("Mira Sund: 85 %\nIda: 15 %", "1").await.status, StatusCode::SEE_OTHER);
    let check = patchline.result_of("check_release", json!({ "releaseId": "rel_1" })).await;
    assert!(!check.to_string().contains("M02") && !tells_unknown(&check));
}

#[tokio::test]
async fn a_contract_is_stored_together_with_what_it_says() {
    let patchline = Patchline::start().await;
    let contract = |terms: Value| {
        let content = base64(b"# Licence");
        json!({ "fileName": "art_1/licence.md", "fileContent": content, "overwrite": true, "terms": terms })
    };
    let wrong = patchline.tool("store_contract", contract(json!({ "endsOn": "soon" }))).await;
    assert_eq!(wrong.status, StatusCode::BAD_REQUEST);
    assert!(wrong.text().contains("terms.endsOn"));
    let nothing = patchline.result_of("list_contracts", json!({})).await;
    assert_eq!(nothing["files"], json!([]), "a contract whose terms are wrong is not stored");

    for territory in ["Norway", "Norway and Sweden"] {
        let terms = json!({
            "parties": ["Northlight Records", "Mira Sund"], "territory": territory, "endsOn": "2031-12-31",
            "noticeDays": 30, "rates": [{ "what": "Licence fee", "basisPoints": 1_850 }]
        });
        patchline.result_of("store_contract", contract(terms)).await;
    }
    let page = patchline.get(&format!("/contracts/{}", hex::encode("art_1/licence.md"))).await.text();
    for told in ["Norway and Sweden", "2031-12-01", "Licence fee: 18.50 %"] {
        assert!(page.contains(told), "{told}");
    }
}
