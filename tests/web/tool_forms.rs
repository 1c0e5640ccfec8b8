//! The form of `/tools` as a browser without JavaScript sends it.

use crate::support::{Answer, Patchline, artist, wav};
use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use serde_json::json;

/// A part of a form: its name, the name of its file if it is one, its content.
type Part<'a> = (&'a str, Option<&'a str>, &'a [u8]);

const MEBIBYTE: usize = 1024 * 1024;

fn text<'a>(name: &'a str, value: &'a str) -> Part<'a> {
    (name, None, value.as_bytes())
}

/// The body of a form with files, without its end.
fn unfinished(parts: &[Part<'_>]) -> Vec<u8> {
    let mut body = Vec::new();
    for (name, file, content) in parts {
        let file = file.map_or_else(String::new, |file| format!("; filename=\"{file}\""));
        let head = format!("--x\r\nContent-Disposition: form-data; name=\"{name}\"{file}\r\n\r\n");
        body.extend_from_slice(head.as_bytes());
        body.extend_from_slice(content);
        body.extend_from_slice(b"\r\n");
    }
    body
}

async fn post(patchline: &Patchline, tool: &str, content_type: &str, body: Vec<u8>) -> Answer {
    let request = Request::post(format!("/tools?tool={tool}"))
        .header(header::CONTENT_TYPE, content_type)
        .body(Body::from(body))
        .expect("a request");
    patchline.send(request).await
}

async fn post_parts(patchline: &Patchline, tool: &str, parts: &[Part<'_>]) -> Answer {
    let mut body = unfinished(parts);
    body.extend_from_slice(b"--x--\r\n");
    post(patchline, tool, "multipart/form-data; boundary=x", body).await
}

async fn post_texts(patchline: &Patchline, tool: &str, form: &str) -> Answer {
    post(patchline, tool, "application/x-www-form-urlencoded", form.as_bytes().to_vec()).await
}

/// A second of sound followed by silence, too large for a call.
fn master() -> Vec<u8> {
    let mut file = wav();
    file.resize(25 * MEBIBYTE, 0);
    file
}

#[tokio::test]
async fn a_form_over_the_limit_is_answered_with_the_page_and_keeps_what_was_typed() {
    let patchline = Patchline::start().await;
    let picture = vec![0; 25 * MEBIBYTE];
    let parts =
        [("fileContent", Some("a.png"), picture.as_slice()), text("fileName", "covers/night-drive.png")];
    let answer = post_parts(&patchline, "upload_artwork", &parts).await;
    let page = answer.text();
    assert_eq!(answer.status, StatusCode::PAYLOAD_TOO_LARGE);
    assert!(page.contains("<nav") && page.contains("Pick a smaller file"), "{page}");
    assert!(page.contains("value=\"covers/night-drive.png\""), "what stood behind the file is kept: {page}");
    let records = patchline.audit_records().await;
    assert_eq!((records.len(), &records[0]["operation"]), (1, &json!("POST /tools")), "{records:?}");
    assert!(page.contains(records[0]["requestId"].as_str().expect("an id")));
}

#[tokio::test]
async fn a_master_of_any_size_is_taken_from_a_form() {
    let patchline = Patchline::start().await;
    let file = master();
    let parts = [
        text("fileName", "masters/long.wav"),
        text("metadata", "isrc: XX0AB2600001"),
        ("fileContent", Some("long.wav"), file.as_slice()),
        text("fileContent", ""),
    ];
    let answer = post_parts(&patchline, "upload_audio_file", &parts).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
    assert!(answer.text().contains("Done in "), "{}", answer.text());
    let stored = patchline.result_of("get_audio_file", json!({ "fileName": "masters/long.wav" })).await;
    assert_eq!(
        (&stored["sizeBytes"], &stored["metadata"]["isrc"]),
        (&json!(file.len()), &json!("XX0AB2600001"))
    );

    let again = post_parts(&patchline, "upload_audio_file", &parts).await;
    let page = again.text();
    assert_eq!(again.status, StatusCode::CONFLICT);
    assert!(page.contains("There is already one of this name"), "{page}");
    assert!(!page.contains("Try again") && !page.contains("does not fit what is stored"), "{page}");
    assert!(page.contains("value=\"masters/long.wav\""), "what was typed stays: {page}");
}

#[tokio::test]
async fn a_master_replaces_another_only_after_a_yes() {
    let patchline = Patchline::start().await;
    let (short, long) = (wav(), master());
    let name = text("fileName", "a.wav");
    let parts = [name, ("fileContent", Some("a.wav"), short.as_slice())];
    assert_eq!(post_parts(&patchline, "upload_audio_file", &parts).await.status, StatusCode::OK);
    let size = async || {
        patchline.result_of("get_audio_file", json!({ "fileName": "a.wav" })).await["sizeBytes"].clone()
    };

    let replaces = [text("overwrite", "false"), text("overwrite", "true")];
    let parts = [name, replaces[0], replaces[1], ("fileContent", Some("a.wav"), long.as_slice())];
    let asked = post_parts(&patchline, "upload_audio_file", &parts).await.text();
    assert!(asked.contains("name=\"_confirmed\"") && asked.contains("Pick the file again"), "{asked}");
    assert!(
        asked.find("name=\"_confirmed\"") < asked.find("type=\"file\""),
        "the yes is sent before the file: {asked}"
    );
    assert_eq!(size().await, json!(short.len()));

    let parts = [
        text("_confirmed", "yes"),
        name,
        replaces[0],
        replaces[1],
        ("fileContent", Some("a.wav"), long.as_slice()),
    ];
    let answer = post_parts(&patchline, "upload_audio_file", &parts).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
    assert_eq!(size().await, json!(long.len()));
}

#[tokio::test]
async fn a_form_that_breaks_off_in_its_file_stores_nothing() {
    let patchline = Patchline::start().await;
    let file = master();
    let mut body = unfinished(&[text("fileName", "a.wav"), ("fileContent", Some("a.wav"), file.as_slice())]);
    body.truncate(body.len() - MEBIBYTE);
    let answer = post(&patchline, "upload_audio_file", "multipart/form-data; boundary=x", body).await;
    assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{}", answer.text());
    assert_eq!(patchline.result_of("list_audio_files", json!({})).await["files"], json!([]));
    assert_eq!(patchline.unfinished_uploads().await, 0);
}

#[tokio::test]
async fn what_is_no_audio_is_said_at_the_file() {
    let patchline = Patchline::start().await;
    let parts = [text("fileName", "a.wav"), ("fileContent", Some("a.wav"), b"%PDF-1.7".as_slice())];
    let answer = post_parts(&patchline, "upload_audio_file", &parts).await;
    let page = answer.text();
    assert_eq!(answer.status, StatusCode::BAD_REQUEST);
    let at_field =
        page.split("id=\"argument-fileContent-error\"").nth(1).and_then(|rest| rest.split("</p>").next());
    assert!(at_field.is_some_and(|message| message.contains("not audio that Patchline knows")), "{page}");
}

#[tokio::test]
async fn a_change_is_made_after_the_yes_and_not_before() {
    let patchline = Patchline::start().await;
    patchline.put_artist_and_release().await;
    let change = "releaseId=rel_1&expectedVersion=1&updateData.title=Day+Drive";
    let title = async || {
        patchline.result_of("query_release_data", json!({ "releaseId": "rel_1" })).await["rows"][0]["title"]
            .clone()
    };
    let asked = post_texts(&patchline, "update_release_data", change).await;
    assert_eq!(asked.status, StatusCode::OK);
    assert!(asked.text().contains("name=\"_confirmed\"") && asked.text().contains("value=\"Day Drive\""));
    assert_eq!(title().await, "Night Drive");

    let yes = format!("_confirmed=yes&{change}");
    let answer = post_texts(&patchline, "update_release_data", &yes).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
    assert_eq!(title().await, "Day Drive");

    let late = post_texts(&patchline, "update_release_data", &yes).await;
    assert_eq!(late.status, StatusCode::CONFLICT);
    let page = late.text();
    assert!(page.contains("This does not fit what is stored"), "{page}");
    assert!(page.contains("has been changed since you read it") && !page.contains("Try again"), "{page}");
}

#[tokio::test]
async fn a_tool_that_cannot_be_run_now_is_run_again_with_what_was_typed() {
    let patchline = Patchline::with(&[("MCP_RATE_LIMIT", "1"), ("MCP_BURST_LIMIT", "1")]).await;
    let form = "prefix=masters%2F&maxKeys=7";
    assert_eq!(post_texts(&patchline, "list_audio_files", form).await.status, StatusCode::OK);
    let answer = post_texts(&patchline, "list_audio_files", form).await;
    let page = answer.text();
    assert_eq!(answer.status, StatusCode::TOO_MANY_REQUESTS);
    assert!(page.contains("value=\"masters/\"") && page.contains("value=\"7\""), "{page}");
    let again = page.split("<button").find(|button| button.contains("Try again")).expect("a button");
    assert!(again.contains("type=\"submit\"") && again.contains("form=\"tool-form\""), "{again}");
    assert!(page.contains("<form id=\"tool-form\""), "{page}");
}

#[tokio::test]
async fn a_name_that_two_artists_have_is_answered_with_links_to_both() {
    let patchline = Patchline::start().await;
    for (id, name) in [("art_1", "Mira"), ("art_2", "Mira"), ("art_3", "Ásta")] {
        patchline.put("artists", artist(id, name)).await;
    }
    let answer = post_texts(&patchline, "query_artist_data", "name=mira&limit=5").await;
    let page = answer.text();
    assert_eq!(answer.status, StatusCode::CONFLICT);
    assert!(
        page.contains("Which one do you mean?") && page.contains("Choose the one that you mean."),
        "{page}"
    );
    assert!(!page.contains("Try again") && !page.contains("Call it again"), "{page}");
    let links: Vec<_> = page
        .split("href=\"")
        .skip(1)
        .filter_map(|rest| rest.split('"').next())
        .filter(|link| link.contains("%22artistId%22"))
        .map(|link| link.replace("&amp;", "&"))
        .collect();
    assert_eq!(links.len(), 2, "{links:?}");
    let followed = patchline.get(&links[1]).await;
    assert_eq!(followed.status, StatusCode::OK);
    assert!(followed.text().contains("value=\"art_2\"") && followed.text().contains("Done in "));
}

#[tokio::test]
async fn where_a_list_goes_on_is_a_link_and_nothing_to_type() {
    let patchline = Patchline::start().await;
    for number in 0..3 {
        patchline.put("artists", artist(&format!("art_{number}"), "Mira")).await;
    }
    let page = post_texts(&patchline, "query_artist_data", "limit=2").await.text();
    assert!(page.contains(">Next page<"), "{page}");
    assert!(!page.contains("name=\"cursor\"") && !page.contains("Next cursor"), "{page}");
    let next = page.split("href=\"").find(|rest| rest.starts_with("/tools") && rest.contains("cursor"));
    let next = next.and_then(|rest| rest.split('"').next()).expect("a link").replace("&amp;", "&");
    let last = patchline.get(&next).await.text();
    assert!(last.contains("Done in ") && !last.contains(">Next page<"), "{last}");
}
