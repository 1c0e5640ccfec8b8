//! What the server renders, as a browser without JavaScript gets it.

use crate::support::{Patchline, artist, hours_that_are_not_now};
use axum::body::Body;
use axum::http::{Request, StatusCode, header};

#[tokio::test]
async fn every_page_answers_with_its_heading_even_when_the_label_is_empty() {
    let patchline = Patchline::start().await;
    for path in ["/", "/artists", "/releases", "/tools"] {
        let page = patchline.get(path).await;
        assert_eq!(page.status, StatusCode::OK, "{path}: {}", page.text());
        assert_eq!(page.text().matches("<h1").count(), 1, "{path} has one heading");
    }
}

#[tokio::test]
async fn a_page_that_does_not_exist_is_not_found() {
    let patchline = Patchline::start().await;
    for path in ["/nothing", "/artists/art_0", "/releases/rel_0", "/artists/a.b"] {
        assert_eq!(patchline.get(path).await.status, StatusCode::NOT_FOUND, "{path}");
    }
}

#[tokio::test]
async fn a_list_of_sixty_artists_goes_on_at_its_second_page() {
    let patchline = Patchline::start().await;
    for number in 1..=60 {
        let (id, name) = (format!("art_{number}"), format!("Artist {number:02}"));
        patchline.put("artists", artist(&id, &name)).await;
    }
    for (address, shown, first, last, beyond, way) in [
        ("/artists", "1–50 of 60 artists", "Artist 01", "Artist 50", "Artist 51", "href=\"/artists?page=2\""),
        (
            "/artists?page=2",
            "51–60 of 60 artists",
            "Artist 51",
            "Artist 60",
            "Artist 50",
            "href=\"/artists\"",
        ),
    ] {
        let page = patchline.get(address).await.text();
        for there in [shown, first, last, way] {
            assert!(page.contains(there), "{address} lacks {there}");
        }
        assert!(!page.contains(beyond), "{address} has {beyond}");
    }
    let beyond = patchline.get("/artists?page=9").await.text();
    assert!(beyond.contains("51–60 of 60 artists"), "a page beyond the last is the last");
}

#[tokio::test]
async fn an_artist_is_found_without_accents_and_names_alike_are_told_apart() {
    let patchline = Patchline::start().await;
    for (id, name) in [("art_1", "Ásta Lind"), ("art_2", "Mira"), ("art_3", "Mira")] {
        patchline.put("artists", artist(id, name)).await;
    }
    let found = patchline.get("/artists?search=asta").await.text();
    assert!(found.contains("Ásta Lind") && !found.contains("/artists/art_2"));
    let both = patchline.get("/artists/art_2").await.text();
    assert!(both.contains("/artists/art_3"), "the page of one Mira leads to the other");
}

#[tokio::test]
async fn only_scripts_with_the_pages_own_nonce_may_run() {
    let patchline = Patchline::start().await;
    let page = patchline.get("/").await;
    let policy = page.headers[header::CONTENT_SECURITY_POLICY].to_str().expect("text").to_owned();
    let nonce = policy.split("'nonce-").nth(1).and_then(|rest| rest.split('\'').next()).expect("a nonce");
    let text = page.text();
    for script in text.split("<script").skip(1) {
        let tag = script.split('>').next().unwrap_or_default();
        assert!(tag.contains(&format!("nonce=\"{nonce}\"")), "a script without the nonce: {tag}");
    }
    let again = patchline.get("/").await;
    assert_ne!(again.headers[header::CONTENT_SECURITY_POLICY], policy.as_str(), "no nonce twice");
}

#[tokio::test]
async fn the_theme_is_kept_in_a_cookie_and_is_in_the_first_html() {
    let patchline = Patchline::start().await;
    let form = Request::post("/theme")
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .body(Body::from("theme=dark&return=%2Fartists"))
        .expect("a request");
    let answer = patchline.send(form).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
    assert_eq!(answer.headers[header::LOCATION], "/artists");
    assert!(answer.headers[header::SET_COOKIE].to_str().is_ok_and(|cookie| cookie.starts_with("theme=dark")));
    let page =
        Request::get("/artists").header(header::COOKIE, "theme=dark").body(Body::empty()).expect("a request");
    assert!(patchline.send(page).await.text().contains("data-theme=\"dark\""));
}

#[tokio::test]
async fn a_tool_runs_from_a_plain_form() {
    let patchline = Patchline::start().await;
    patchline.put("artists", artist("art_1", "Mira Without Script")).await;
    let form = Request::post("/tools?tool=query_artist_data")
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .body(Body::from("tableName=artists&artistId=art_1&limit=100"))
        .expect("a request");
    let answer = patchline.send(form).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
    assert!(answer.text().contains("Mira Without Script"));
}

#[tokio::test]
async fn pages_that_may_not_be_seen_now_or_from_here_say_why_and_what_to_do() {
    let hours = hours_that_are_not_now();
    for (variable, value, words, remedy) in [
        (
            "MCP_TIME_RESTRICTIONS",
            hours.as_str(),
            "Calls are not allowed at this time (",
            "within the allowed hours",
        ),
        ("MCP_IP_WHITELIST", "10.0.0.0/8", "Calls from 127.0.0.1 are not allowed.", "ask an admin to allow"),
    ] {
        let patchline = Patchline::with(&[(variable, value)]).await;
        patchline.put_artist_and_release().await;
        for path in ["/", "/artists", "/artists/art_1", "/releases", "/releases/rel_1"] {
            let page = patchline.get(path).await;
            let text = page.text();
            assert_eq!(page.status, StatusCode::FORBIDDEN, "{variable} {path}: {text}");
            assert_eq!(text.matches("<h1").count(), 1, "{path} has one heading");
            for said in ["This is not allowed", words, remedy, "<nav", "req_"] {
                assert!(text.contains(said), "{variable} {path} says {said:?}: {text}");
            }
            assert!(
                !text.contains("Mira") && !text.contains("Night Drive"),
                "{path} shows nothing of the label"
            );
            assert!(!text.contains(variable), "{path} speaks to staff");
        }
    }
}
