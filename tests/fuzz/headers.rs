//! Headers of requests.

use super::asked;
use crate::support::{KEY, Stranger, fuzzing};
use axum::body::Body;
use axum::http::{Request, StatusCode};

/// Headers that are read, and what they usually are.
const HEADERS: [(&str, &[&str]); 11] = [
    ("idempotency-key", &["8a1f-1", "a b"]),
    ("traceparent", &["00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"]),
    ("tracestate", &["a=1,b@c=2"]),
    ("range", &["bytes=0-9", "bytes=-5", "bytes=5-", "bytes=0-1,3-4"]),
    ("if-none-match", &["\"0123\", W/\"x\"", "*"]),
    ("if-range", &["\"0123\"", "Thu, 26 Nov 2026 12:00:00 GMT"]),
    ("if-modified-since", &["Thu, 26 Nov 2026 12:00:00 GMT"]),
    ("accept", &["text/html,application/json;q=0.9,*/*;q=0.1"]),
    ("accept-encoding", &["gzip, br;q=1.0, zstd, identity;q=0"]),
    ("content-type", &["application/json; charset=utf-8", "multipart/form-data; boundary=x"]),
    ("last-event-id", &["7", "0/x"]),
];

const WORDS: [&str; 8] = [";q=", ",", "bytes=", "-", "18446744073709551615", "00-", "\"", "W/"];

#[test]
fn fuzz_headers_of_requests() {
    asked(&[], |patchline| {
        fuzzing::rounds(|number| {
            for (name, seeds) in HEADERS {
                fuzzing::text_of(number, 20, seeds, &WORDS, |value| {
                    let tool = Request::post("/api/tools/list_audio_files").header(name, value);
                    let file = Request::get("/media/patchline-audio/a.wav").header(name, value);
                    let page = Request::get("/account").header(name, value);
                    for (request, body) in [(tool, "{}"), (file, ""), (page, "")] {
                        // What cannot be sent is not asked.
                        let Ok(request) = request.body(Body::from(body)) else { continue };
                        patchline.ask(request);
                    }
                });
            }
        });
    });
}

/// Whatever is written into the header: without the key nobody is let in.
#[test]
fn fuzz_authorization() {
    let seeds = [
        format!("Bearer {KEY}"),
        format!("Basic {KEY}"),
        format!("Bearer pl_0123456789ab_{}", "0".repeat(72)),
    ];
    let seeds: Vec<&str> = seeds.iter().map(String::as_str).collect();
    asked(&[], |patchline| {
        fuzzing::text(100, &seeds, &["Bearer ", "bearer\t", ",", "pl_", KEY, "null"], |value| {
            let request = Request::get("/api/tools").header("authorization", value).extension(Stranger);
            let Ok(request) = request.body(Body::empty()) else { return };
            let answer = patchline.ask(request);
            let (scheme, key) = value.split_once(' ').unwrap_or_default();
            let is_right = scheme.eq_ignore_ascii_case("bearer") && key.trim_matches(' ') == KEY;
            if !is_right {
                assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{value:?} {}", answer.text());
                assert_eq!(answer.headers["www-authenticate"], "Bearer");
                assert!(!answer.text().contains(KEY), "the key is in no message");
            }
        });
    });
}

/// Names of sessions that nobody was given open no page.
#[test]
fn fuzz_cookies() {
    asked(&[], |patchline| {
        let installation = patchline.runtime.block_on(patchline.patchline.engine.identity.installation());
        let name = format!("patchline-{}=", installation.expect("an id"));
        let known = format!("{name}AAAAAAAAAAAAAAAAAAAAAA; theme=dark");
        let empty = format!("{name}; rail=folded");
        let seeds = [known.as_str(), empty.as_str(), "a=b;c"];
        fuzzing::text(60, &seeds, &[name.as_str(), "; ", "=", "\"", "%22", "theme="], |value| {
            let request = Request::get("/account").header("cookie", value).extension(Stranger);
            let Ok(request) = request.body(Body::empty()) else { return };
            let answer = patchline.ask(request);
            assert_eq!(answer.status, StatusCode::SEE_OTHER, "{value:?}");
            assert_eq!(answer.headers["location"], "/sign-in?next=/account");
        });
    });
}
