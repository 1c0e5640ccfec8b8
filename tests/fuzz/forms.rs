//! Forms, as browsers without JavaScript send them, and the calls of pages.

use super::asked;
use crate::support::{Stranger, fuzzing};
use axum::body::Body;
use axum::http::Request;

const URL_ENCODED: &str = "application/x-www-form-urlencoded";
const PARTS: &str = "multipart/form-data; boundary=x";

/// Where forms are sent, of which kind they are, and some that are right or nearly so.
const FORMS: [(&str, &str, &[&str]); 12] = [
    ("/tools?tool=list_audio_files", URL_ENCODED, &["maxKeys=1&prefix=a%2F", "maxKeys=x&_confirmed=1"]),
    (
        "/tools?tool=upload_audio_file",
        PARTS,
        &[
            "--x\r\nContent-Disposition: form-data; name=\"fileName\"\r\n\r\nb.wav\r\n--x\r\nContent-Disposition: \
             form-data; name=\"fileContent\"; filename=\"b.wav\"\r\n\r\nRIFF\x24\0\0\0WAVEfmt \r\n--x--\r\n",
        ],
    ),
    ("/fn/run-tool", URL_ENCODED, &["tool=list_audio_files&arguments=%7B%22maxKeys%22%3A1%7D"]),
    ("/theme", URL_ENCODED, &["theme=dark&next=%2Fartists", "theme=&next=//evil.example"]),
    ("/admin/keys", URL_ENCODED, &["change=create&name=Report&scope=read&days=30&networks=10.0.0.0%2F8"]),
    (
        "/admin/users",
        URL_ENCODED,
        &[
            "change=invite&name=Ben&email=ben%40label.example&role=manager",
            "change=endSession&user=x&session=y",
        ],
    ),
    ("/keys", URL_ENCODED, &["change=create&name=Report&scope=read&days=30", "change=revoke&id=none"]),
    ("/account", URL_ENCODED, &["change=endSession&session=none"]),
    // What is only looked at holds nothing back from the other forms.
    (
        "/admin/policy",
        URL_ENCODED,
        &[
            "step=preview&what=rule&expected=0&about=hours&id=office&first=Mon&last=Fri&from=09%3A00&to=18%3A30",
            "step=preview&what=rule&expected=0&about=networks&id=here&names=10.0.0.0%2F8&effect=only",
            "step=preview&what=back&to=1&expected=0",
        ],
    ),
    // There is no such recording: patchline-audio/none.wav.
    (
        "/audio/cGF0Y2hsaW5lLWF1ZGlvL25vbmUud2F2",
        URL_ENCODED,
        &[
            "change=state&tempo=87%2C5&key=A+minor&content=aa&revision=1",
            "change=takeBack&content=&revision=x",
        ],
    ),
    // No version is this one, so nothing is set.
    ("/admin/settings", URL_ENCODED, &["version=99&MCP_RATE_LIMIT=60&MCP_BUDGET_PERSON=5.00&note=x"]),
    (
        "/health",
        URL_ENCODED,
        &["change=enable&server=s3&replica=x", "change=approve&server=s3&tool=a&sha256=b"],
    ),
];

const WORDS: [&str; 13] = [
    "&",
    "=",
    "%00",
    "%ff",
    "+",
    "change=",
    "name=",
    "\r\n--x\r\n",
    "--x--",
    "; filename=\"",
    "_confirmed=1",
    "arguments=%7B",
    "%5B%5D",
];

#[test]
fn fuzz_forms() {
    asked(&[], |patchline| {
        fuzzing::rounds(|number| {
            for (path, kind, seeds) in FORMS {
                fuzzing::text_of(number, 25, seeds, &WORDS, |body| {
                    let request =
                        Request::post(path).header("content-type", kind).body(Body::from(body.to_owned()));
                    let answer = patchline.ask(request.expect("a request"));
                    let place = answer.headers.get("location").and_then(|place| place.to_str().ok());
                    let stays = place.is_none_or(|place| place.starts_with('/') && !place.starts_with("//"));
                    assert!(stays, "nobody is led to another site: {place:?}");
                });
            }
        });
    });
}

/// Nobody signs in by what is no password.
#[test]
fn fuzz_sign_in() {
    let seeds = [
        "email=ada%40label.example&password=wrong&next=%2Fartists",
        "link=AAAA&name=Eve&email=eve%40evil.example&password=long+enough+password",
        "demo=admin",
    ];
    asked(&[], |patchline| {
        fuzzing::text(30, &seeds, &["email=", "&", "%00", "next=//evil.example", "demo=", "link="], |body| {
            for path in ["/sign-in", "/welcome"] {
                let request = Request::post(path).header("content-type", URL_ENCODED).extension(Stranger);
                let answer = patchline.ask(request.body(Body::from(body.to_owned())).expect("a request"));
                let begins = |value: &axum::http::HeaderValue| value.as_bytes().starts_with(b"patchline-");
                assert!(
                    !answer.headers.get_all("set-cookie").iter().any(begins),
                    "{body:?} begins a session"
                );
            }
        });
    });
}
