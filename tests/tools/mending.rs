//! Findings of the check before delivery lead to the place where they are mended: the identifiers of the artist, the
//! order of the tracks, the cover and the masters.

use super::audio::tone;
use super::content::sent;
use crate::support::visitor::session_of;
use crate::support::{Answer, Patchline, artist, base64, eventually, release};
use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use serde_json::{Value, json};

/// The findings about the release itself, its cover and its masters.
async fn findings(patchline: &Patchline) -> Vec<Value> {
    let check = patchline.result_of("check_release", json!({ "releaseId": "rel_1" })).await;
    let groups = check["groups"].as_array().expect("groups").clone();
    groups.iter().flat_map(|group| group["findings"].as_array().expect("findings").clone()).collect()
}

/// Where a finding about a field is mended; null where there is none.
async fn mended_at(patchline: &Patchline, code: &str, field: &str) -> Value {
    let is_it = |finding: &Value| finding["code"] == code && finding["field"] == field;
    findings(patchline).await.into_iter().find(is_it).unwrap_or_default()["address"].clone()
}

async fn stored(patchline: &Patchline) -> Value {
    let found = patchline.result_of("query_release_data", json!({ "releaseId": "rel_1" })).await;
    found["rows"][0].clone()
}

/// Sends a form with a file, as a browser does.
async fn sent_file(
    patchline: &Patchline,
    path: &str,
    fields: &[(&str, &str)],
    name: &str,
    content: &[u8],
) -> Answer {
    patchline.send(form_with_file(path, fields, ("file", name), content)).await
}

/// A form with a file, of which the field and the name are given.
fn form_with_file(
    path: &str,
    fields: &[(&str, &str)],
    (file_field, name): (&str, &str),
    content: &[u8],
) -> Request<Body> {
    let mut body = Vec::new();
    for (field, value) in fields {
        let part = format!("--limit\r\nContent-Disposition: form-data; name=\"{field}\"\r\n\r\n{value}\r\n");
        body.extend_from_slice(part.as_bytes());
    }
    let file = format!(
        "--limit\r\nContent-Disposition: form-data; name=\"{file_field}\"; filename=\"{name}\"\r\n\
         Content-Type: application/octet-stream\r\n\r\n"
    );
    body.extend_from_slice(file.as_bytes());
    body.extend_from_slice(content);
    body.extend_from_slice(b"\r\n--limit--\r\n");
    Request::post(path)
        .header(header::CONTENT_TYPE, "multipart/form-data; boundary=limit")
        .body(Body::from(body))
        .expect("a request")
}

#[tokio::test]
async fn an_isni_is_mended_in_the_form_of_the_artist() {
    const FORM: &str = "/artists/art_1/edit";
    let patchline = Patchline::start().await;
    let mut known = artist("art_1", "Mira");
    known["isni"] = json!("0000000121032684");
    patchline.put("artists", known).await;
    patchline.put("releases", release("rel_1", "art_1")).await;
    assert_eq!(mended_at(&patchline, "D04", "isni").await, format!("{FORM}#field-isni"));
    let page = patchline.get(FORM).await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.text());
    assert!(page.text().contains("id=\"field-isni\"") && page.text().contains("0000000121032684"));

    let wrong = [("version", "1"), ("isni", "0000 0001 2103 2685")];
    let refused = sent(&patchline, FORM, &wrong).await;
    assert_eq!(refused.status, StatusCode::BAD_REQUEST);
    assert!(refused.text().contains("field-isni-error") && refused.text().contains("0000 0001 2103 2685"));
    let right = [
        ("version", "1"),
        ("isni", "0000 0001 2103 2683"),
        ("ipi", "00014107338"),
        ("disambiguation", "folk singer, Oslo"),
    ];
    let kept = sent(&patchline, FORM, &right).await;
    assert_eq!(kept.status, StatusCode::SEE_OTHER, "{}", kept.text());
    assert_eq!(kept.headers[header::LOCATION], "/artists/art_1");
    assert_eq!(mended_at(&patchline, "D04", "isni").await, Value::Null, "it is mended");

    let late = [("version", "1"), ("isni", "000000012146438X")];
    let overtaken = sent(&patchline, FORM, &late).await;
    assert_eq!(overtaken.status, StatusCode::CONFLICT);
    for told in ["Somebody else was faster", "Stored now: 0000000121032683", "000000012146438X"] {
        assert!(overtaken.text().contains(told), "{told}");
    }
    assert!(patchline.get("/artists/art_1").await.text().contains("00014107338"));
    let nothing = [("version", "2"), ("isni", ""), ("ipi", ""), ("disambiguation", "")];
    assert_eq!(sent(&patchline, FORM, &nothing).await.status, StatusCode::SEE_OTHER);
    let found = patchline.result_of("query_artist_data", json!({ "artistId": "art_1" })).await;
    let row = &found["rows"][0];
    for gone in ["isni", "ipi", "disambiguation"] {
        assert!(row.get(gone).is_none(), "{gone} is taken away: {row}");
    }
}

#[tokio::test]
async fn the_order_of_tracks_is_mended_where_nobody_was_faster() {
    const FORM: &str = "/releases/rel_1/edit";
    let patchline = Patchline::start().await;
    patchline.put("artists", artist("art_1", "Mira")).await;
    let mut known = release("rel_1", "art_1");
    let mut second = known["tracks"][0].clone();
    second["trackId"] = json!("trk_2");
    second["number"] = json!(3);
    second["title"] = json!("Dawn");
    second["isrc"] = json!("XX0AB2600002");
    known["tracks"].as_array_mut().expect("tracks").push(second);
    patchline.put("releases", known).await;
    assert_eq!(mended_at(&patchline, "L07", "tracks").await, format!("{FORM}#field-tracks"));
    let page = patchline.get(FORM).await.text();
    assert!(page.contains("id=\"field-tracks\"") && page.contains("numbered 3 now"));

    let order = |version, place| {
        [("change", "order"), ("version", version), ("place-trk_1", place), ("place-trk_2", "2")]
    };
    let wrong = sent(&patchline, FORM, &order("1", "9")).await;
    assert_eq!(wrong.status, StatusCode::BAD_REQUEST);
    assert!(wrong.text().contains("field-place-trk_1-error"));
    let kept = sent(&patchline, FORM, &order("1", "2")).await;
    assert_eq!(kept.status, StatusCode::SEE_OTHER, "{}", kept.text());
    let tracks = stored(&patchline).await["tracks"].clone();
    let told =
        |at: usize| (tracks[at]["title"].clone(), tracks[at]["number"].clone(), tracks[at]["isrc"].clone());
    assert_eq!(told(0), (json!("Dawn"), json!(1), json!("XX0AB2600002")), "it keeps all that it says");
    assert_eq!(told(1), (json!("Night Drive"), json!(2), json!("XX0AB2600001")));
    assert_eq!(mended_at(&patchline, "L07", "tracks").await, Value::Null, "it is mended");

    let late = [("change", "order"), ("version", "1"), ("place-trk_1", "1"), ("place-trk_2", "2")];
    let overtaken = sent(&patchline, FORM, &late).await;
    assert_eq!(overtaken.status, StatusCode::CONFLICT);
    assert!(overtaken.text().contains("Somebody else was faster") && overtaken.text().contains("stands at"));
    assert_eq!(stored(&patchline).await["version"], 2, "nothing of it was kept");
    let other =
        json!({ "releaseId": "rel_1", "expectedVersion": 2, "updateData": { "trackOrder": ["trk_1"] } });
    assert_eq!(patchline.tool("update_release_data", other).await.wrong_fields(), ["updateData.trackOrder"]);
}

#[tokio::test]
async fn a_contract_that_nobody_has_signed_is_mended_on_its_page() {
    let patchline = Patchline::start().await;
    patchline.put_artist_and_release().await;
    let name = "art_1/licence.md";
    let contract = json!({
        "fileName": name, "fileContent": base64(b"# Licence"), "terms": { "endsOn": "2031-12-31" }
    });
    patchline.result_of("store_contract", contract).await;
    let named = json!({ "releaseId": "rel_1", "expectedVersion": 1, "updateData": { "contract": name } });
    patchline.result_of("update_release_data", named).await;
    let page = format!("/contracts/{}", hex::encode(name));
    assert_eq!(mended_at(&patchline, "L08", "contract").await, format!("{page}#terms"));
    assert_eq!(patchline.get(&page).await.status, StatusCode::OK);
}

#[tokio::test]
async fn a_master_and_a_cover_are_uploaded_where_they_are_missing_and_replaced_as_new_versions() {
    const FORM: &str = "/releases/rel_1/files";
    const MASTER: &str = "artists/art_1/rel_1/trk_1.wav";
    let patchline = Patchline::start().await;
    patchline.put_artist_and_release().await;
    assert_eq!(mended_at(&patchline, "L10", "audio").await, format!("{FORM}#file-trk_1"));
    assert_eq!(mended_at(&patchline, "L09", "artwork").await, format!("{FORM}#file-cover"));
    let page = patchline.get(FORM).await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.text());
    assert!(page.text().contains("id=\"file-trk_1\"") && page.text().contains("id=\"file-cover\""));

    let master = |version| [("subject", "trk_1"), ("version", version)];
    let none = sent_file(&patchline, FORM, &master("1"), "", b"").await;
    assert!(none.status == StatusCode::BAD_REQUEST && none.text().contains("No file was picked"));
    let no_audio = sent_file(&patchline, FORM, &master("1"), "night.wav", b"this is no sound at all").await;
    assert_eq!(no_audio.status, StatusCode::BAD_REQUEST);
    assert!(no_audio.text().contains("the content is not audio"));
    let kept = sent_file(&patchline, FORM, &master("1"), "Night (final).wav", &tone(1)).await;
    assert_eq!(kept.status, StatusCode::SEE_OTHER, "{}", kept.text());
    assert_eq!(kept.headers[header::LOCATION], "/releases/rel_1?checks=distributor#checks");
    let known = stored(&patchline).await;
    assert_eq!((&known["tracks"][0]["audio"], &known["version"]), (&json!(MASTER), &json!(2)));
    assert_eq!(mended_at(&patchline, "L10", "audio").await, Value::Null, "it is mended");

    let stale = sent_file(&patchline, FORM, &master("1"), "other.wav", &tone(2)).await;
    assert_eq!(stale.status, StatusCode::CONFLICT);
    assert!(stale.text().contains("Somebody else was faster") && stale.text().contains("Nothing was stored"));
    let again = sent_file(&patchline, FORM, &master("2"), "other.wav", &tone(2)).await;
    assert_eq!(again.status, StatusCode::SEE_OTHER, "{}", again.text());
    let asked = json!({ "fileName": MASTER, "includeVersions": true });
    let found = patchline.result_of("get_audio_file", asked).await;
    assert_eq!(found["versions"].as_array().map(Vec::len), Some(2), "the one before is kept: {found}");
    assert_eq!(stored(&patchline).await["version"], 2, "the record names it already");

    let png = {
        let mut file = std::io::Cursor::new(Vec::new());
        image::RgbImage::new(700, 700).write_to(&mut file, image::ImageFormat::Png).expect("a picture");
        file.into_inner()
    };
    let cover = sent_file(&patchline, FORM, &[("subject", "cover"), ("version", "2")], "a.png", &png).await;
    assert_eq!(cover.status, StatusCode::SEE_OTHER, "{}", cover.text());
    assert_eq!(stored(&patchline).await["artwork"], "artists/art_1/rel_1/cover.png");
    assert_eq!(mended_at(&patchline, "R03", "size").await, format!("{FORM}#file-cover"), "too small");
}

#[tokio::test]
async fn a_producer_gives_the_first_master_and_changes_nothing_else() {
    const FORM: &str = "/releases/rel_1/files";
    let patchline = Patchline::with(&[("MCP_DEMO_MODE", "true")]).await;
    patchline.put_artist_and_release().await;
    let entered = patchline.form_of_stranger("/sign-in", &[("demo", "producer")]).await;
    let session = session_of(&entered).expect("a session");
    let page = patchline.get_with(FORM, &session).await.text();
    assert!(page.contains("id=\"picked-trk_1\"") && page.contains("id=\"picked-cover\""), "{page}");
    let mut form =
        form_with_file(FORM, &[("subject", "trk_1"), ("version", "1")], ("file", "a.wav"), &tone(1));
    form.headers_mut().insert(header::COOKIE, session.parse().expect("a header"));
    let kept = patchline.send_as_stranger(form).await;
    assert_eq!(kept.status, StatusCode::SEE_OTHER, "{}", kept.text());
    assert_eq!(stored(&patchline).await["tracks"][0]["audio"], "artists/art_1/rel_1/trk_1.wav");

    let named = json!({
        "releaseId": "rel_1", "subject": "trk_1", "expectedVersion": 2, "fileName": "masters/of-others.wav"
    });
    let mut elsewhere = Request::post("/fn/name-release-file")
        .header(header::CONTENT_TYPE, "application/json")
        .header(header::ACCEPT, "application/json")
        .body(Body::from(json!({ "named": named }).to_string()))
        .expect("a request");
    elsewhere.headers_mut().insert(header::COOKIE, session.parse().expect("a header"));
    let refused = patchline.send_as_stranger(elsewhere).await;
    assert_eq!(refused.status, StatusCode::BAD_REQUEST, "no file of another folder: {}", refused.text());
}

#[tokio::test]
async fn a_master_of_two_releases_is_replaced_for_both_only_where_somebody_has_agreed_to_it() {
    const FORM: &str = "/releases/rel_1/files";
    const OWN: &str = "artists/art_1/rel_1/trk_1-2.wav";
    let patchline = Patchline::start().await;
    patchline.put_artist_and_release().await;
    let first = [("subject", "trk_1"), ("version", "1")];
    let kept = sent_file(&patchline, FORM, &first, "a.wav", &tone(1)).await;
    assert_eq!(kept.status, StatusCode::SEE_OTHER, "{}", kept.text());
    let mut album = release("rel_2", "art_1");
    album["title"] = json!("The whole album");
    album["tracks"][0]["audio"] = stored(&patchline).await["tracks"][0]["audio"].clone();
    let master = album["tracks"][0]["audio"].as_str().expect("a name").to_owned();
    patchline.put("releases", album).await;
    let versions = async || {
        let asked = json!({ "fileName": master, "includeVersions": true });
        patchline.result_of("get_audio_file", asked).await["versions"].as_array().map(Vec::len)
    };
    let shows_both = async || {
        let page = patchline.get(FORM).await.text();
        page.contains("href=\"/releases/rel_2\"") && page.contains("value=\"rel_2+0\"")
    };
    // The list of releases may be some seconds old.
    eventually("the page tells of the album", shows_both).await;
    assert!(patchline.get(FORM).await.text().contains("The whole album"));

    let agreed = |consent| [("subject", "trk_1"), ("version", "2"), ("everywhere", consent)];
    let other = sent_file(&patchline, FORM, &agreed("rel_9+0"), "b.wav", &tone(2)).await;
    assert_eq!(other.status, StatusCode::CONFLICT);
    assert!(other.text().contains("Another release names the same file"), "{}", other.text());
    assert_eq!(versions().await, Some(1), "nothing was stored");
    let both = sent_file(&patchline, FORM, &agreed("rel_2+0"), "b.wav", &tone(2)).await;
    assert_eq!(both.status, StatusCode::SEE_OTHER, "{}", both.text());
    assert_eq!(versions().await, Some(2), "it is replaced for both");
    let alone = sent_file(&patchline, FORM, &agreed("")[..2], "c.wav", &tone(3)).await;
    assert_eq!(alone.status, StatusCode::SEE_OTHER, "{}", alone.text());
    assert_eq!(stored(&patchline).await["tracks"][0]["audio"], OWN);
    assert_eq!(versions().await, Some(2), "the album keeps its master");
}

#[tokio::test]
async fn an_upload_over_the_master_of_a_release_says_first_which_release_changes() {
    let patchline = Patchline::start().await;
    let mut known = release("rel_1", "art_1");
    known["tracks"][0]["audio"] = json!("masters/night.wav");
    patchline.put("artists", artist("art_1", "Mira")).await;
    patchline.put("releases", known).await;
    let over = [("folder", "masters"), ("overwrite", "true")];
    let upload = async |fields: &[(&str, &str)]| {
        patchline.send(form_with_file("/audio", fields, ("files", "night.wav"), &tone(1))).await
    };
    let asked = upload(&over).await;
    assert_eq!(asked.status, StatusCode::CONFLICT, "{}", asked.text());
    assert!(asked.text().contains("href=\"/releases/rel_1\""), "{}", asked.text());
    assert!(asked.text().contains("value=\"masters\""), "what was typed is still there: {}", asked.text());
    let agreed = upload(&[over[0], over[1], ("replaceNamed", "true")]).await;
    assert_eq!(agreed.status, StatusCode::SEE_OTHER, "{}", agreed.text());
}
