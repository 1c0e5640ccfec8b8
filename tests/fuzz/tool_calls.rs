//! Arguments of tools over REST.

use super::asked;
use crate::support::fuzzing;
use axum::body::Body;
use axum::http::{Request, StatusCode};

/// Tools, and calls that are right or nearly so.
const CALLS: [(&str, &[&str]); 8] = [
    (
        "query_artist_data",
        &[r#"{"artistId":"art_1","attributes":["name"]}"#, r#"{"limit":1,"cursor":"e30"}"#],
    ),
    ("query_release_data", &[r#"{"releaseId":"rel_1"}"#]),
    ("scan_analytics_data", &[r#"{"filterExpression":"artistId = 'art_1' AND streams > 5","limit":3}"#]),
    (
        "update_release_data",
        &[r#"{"releaseId":"rel_1","expectedVersion":1,"updateData":{"title":"New","upc":"036000291452"}}"#],
    ),
    (
        "upload_audio_file",
        &[r#"{"fileName":"b/c.wav","fileContent":"UklGRiQAAABXQVZFZm10IA==","metadata":{"isrc":"x"}}"#],
    ),
    ("upload_artwork", &[r#"{"fileName":"c.png","fileContent":"iVBORw0KGgoAAAANSUhEUgAAAAEAAAAB"}"#]),
    ("create_upload_url", &[r#"{"fileName":"d.wav","sizeBytes":5,"contentType":"audio/wav"}"#]),
    (
        "store_contract",
        &[
            r#"{"fileName":"art_1/deal.txt","fileContent":"QSBkZWFsLg==","terms":{"endsOn":"2027-01-31","rates":[{"what":"Fee","basisPoints":1800}]}}"#,
        ],
    ),
];

const WORDS: [&str; 14] = [
    "\"fileName\":",
    "\"../\"",
    "\"artistId\":",
    "[",
    "{",
    "}",
    "\"\\u0000\"",
    "\"\\ud800\"",
    "1.5",
    "-0",
    "18446744073709551616",
    "\"limit\":",
    "true",
    "\"updateData\":{",
];

#[test]
fn fuzz_arguments_of_tools() {
    asked(&[], |patchline| {
        fuzzing::rounds(|number| {
            for (tool, seeds) in CALLS {
                fuzzing::text_of(number, 40, seeds, &WORDS, |arguments| {
                    let request =
                        Request::post(format!("/api/tools/{tool}")).body(Body::from(arguments.to_owned()));
                    let answer = patchline.ask(request.expect("a request"));
                    let said = answer.json();
                    if answer.status == StatusCode::OK {
                        assert_eq!(said["tool"], tool);
                        assert!(said["result"].is_object(), "{said}");
                    } else {
                        let text = |part: &str| said["error"][part].as_str().unwrap_or_default().to_owned();
                        assert!(
                            !text("message").is_empty() && text("requestId").starts_with("req_"),
                            "{said}"
                        );
                    }
                });
            }
        });
    });
}
