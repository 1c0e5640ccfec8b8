//! Every address that there is, and who is answered there. What each role gets is told by operation
//! (`every_operation`); an address that asked nothing of the door would have none, so here is a row for each. What is
//! read is asked for by each role, too (`by_role`).

mod by_role;

use crate::support::{KEY, Patchline};
use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// What is there before somebody has said who they are.
const FOR_ANYBODY: &[&str] = &[
    "GET /.well-known/oauth-protected-resource",
    "GET /.well-known/oauth-protected-resource/{*path}",
    "GET /livez",
    "GET /metrics",
    "GET /readyz",
    "GET /sign-in",
    "POST /sign-in",
    "GET /sign-in/openid",
    "GET /sign-in/openid/callback",
    "POST /sign-out",
    "GET /sign-out/openid",
    "GET /signed-out",
    "POST /theme",
    "GET /welcome",
    "POST /welcome",
];

/// Pages, and the forms that are sent to them.
const FOR_PEOPLE: &[&str] = &[
    "GET /",
    "GET /account",
    "POST /account",
    "GET /admin/audit",
    "GET /admin/keys",
    "POST /admin/keys",
    "GET /admin/policy",
    "POST /admin/policy",
    "GET /admin/settings",
    "POST /admin/settings",
    "GET /admin/users",
    "POST /admin/users",
    "GET /artists",
    "GET /artists/compare",
    "GET /artists/{id}",
    "GET /artists/{id}/edit",
    "POST /artists/{id}/edit",
    "GET /artists/{id}/statement",
    "POST /artists/{id}/statement",
    "GET /audio",
    "POST /audio",
    "GET /audio/{id}",
    "POST /audio/{id}",
    "GET /confirm",
    "POST /confirm",
    "GET /confirm/openid",
    "GET /contracts",
    "GET /contracts/{id}",
    "POST /contracts/{id}",
    "GET /health",
    "POST /health",
    "GET /health/{server}",
    "GET /imports",
    "POST /imports",
    "POST /imports/fetch",
    "GET /imports/{id}",
    "POST /imports/{id}",
    "GET /keys",
    "POST /keys",
    "GET /knowledge",
    "POST /knowledge",
    "GET /logs",
    "GET /market",
    "GET /performance",
    "GET /releases",
    "GET /releases/calendar",
    "GET /releases/{id}",
    "POST /releases/{id}",
    "GET /releases/{id}/edit",
    "POST /releases/{id}/edit",
    "GET /releases/{id}/files",
    "POST /releases/{id}/files",
    "GET /report",
    "GET /tasks",
    "POST /tasks",
    "GET /tasks/automation",
    "POST /tasks/automation",
    "GET /tasks/automation/{id}",
    "POST /tasks/automation/{id}",
    "GET /tasks/shared",
    "GET /tasks/templates",
    "POST /tasks/templates",
    "GET /tasks/{id}",
    "POST /tasks/{id}",
    "GET /tools",
    "POST /tools",
];

/// What pages load, and programs with a key.
const FOR_PEOPLE_AND_PROGRAMS: &[&str] = &[
    "GET /events/audit",
    "GET /events/health",
    "GET /events/knowledge/answer",
    "GET /events/tasks/shared",
    "GET /events/tasks/{id}",
    "GET /export/activity",
    "GET /export/artists.csv",
    "GET /export/artists/{name}",
    "GET /export/audio/{name}",
    "GET /export/audit",
    "GET /export/calendar.csv",
    "GET /export/comparison.csv",
    "GET /export/imports/{id}",
    "GET /export/logs",
    "GET /export/market.csv",
    "GET /export/releases/{id}/checks.json",
    "GET /export/report.csv",
    "GET /export/statement-lines/{name}",
    "GET /export/statements/{name}",
    "GET /export/tasks/shared/{name}",
    "GET /export/tasks/{name}",
    "GET /export/unsettled-lines/{name}",
    "GET /media/spectrogram/{bucket}/{*key}",
    "GET /media/{bucket}/{*key}",
    "PUT /upload/audio",
    "PUT /upload/document",
    "POST /upload/parts",
    "DELETE /upload/parts/{id}",
    "POST /upload/parts/{id}/finish",
    "PUT /upload/parts/{id}/{number}",
];

/// What programs call.
const FOR_PROGRAMS: &[&str] = &[
    "GET /api/aws-mcp",
    "POST /api/aws-mcp",
    "GET /api/fleet",
    "GET /api/fleet/{server}",
    "POST /api/fleet/{server}/approve",
    "POST /api/fleet/{server}/drain",
    "POST /api/fleet/{server}/enable",
    "GET /api/openapi.json",
    "DELETE /api/tasks/{id}",
    "GET /api/tasks/{id}",
    "GET /api/tools",
    "POST /api/tools/{name}",
    "GET /api/{*path}",
    "GET /mcp/{*path}",
];

/// The addresses that the router has by a name.
const NAMED: [(&str, &str); 8] = [
    ("openid::BEGIN", "/sign-in/openid"),
    ("openid::CALLBACK", "/sign-in/openid/callback"),
    ("signed_out::PAGE", "/signed-out"),
    ("signed_out::LEAVE", "/sign-out/openid"),
    ("confirm::PAGE", "/confirm"),
    ("confirm::BEGIN", "/confirm/openid"),
    ("oauth::METADATA", "/.well-known/oauth-protected-resource"),
    ("oauth::METADATA_OF_PATH", "/.well-known/oauth-protected-resource/{*path}"),
];

/// Where addresses are made beside the router: that of a command that waits for a consent, those of MCP behind a door of
/// their own, and those of the files of the site.
const ELSEWHERE: [&str; 3] = ["consent.rs", "mcp/mod.rs", "site.rs"];

/// How an address is made that is read here, and how others are.
const READ: &str = ".route(";
const NOT_READ: [&str; 3] = [".route_service(", ".nest(", ".nest_service("];

const METHODS: [(&str, &str); 5] =
    [("get(", "GET"), ("post(", "POST"), ("put(", "PUT"), ("delete(", "DELETE"), ("any(", "GET")];

fn source(path: &str) -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(path)).expect("a file of the source")
}

/// What stands before the bracket that closes an open one.
fn within(text: &str) -> &str {
    let mut depth = 1;
    let closing = text.find(|character: char| {
        match character {
            '(' => depth += 1,
            ')' => depth -= 1,
            _ => {}
        }
        depth == 0
    });
    &text[..closing.expect("a bracket that closes")]
}

/// The methods that handlers are for.
fn methods(handlers: &str) -> impl Iterator<Item = &'static str> {
    let is_there = move |word: &str| {
        handlers.match_indices(word).any(|(at, _)| {
            !handlers[..at].ends_with(|before: char| before.is_alphanumeric() || before == '_')
        })
    };
    METHODS.into_iter().filter(move |(word, _)| is_there(word)).map(|(_, method)| method)
}

/// The addresses of the router, each with its method.
fn routed() -> BTreeSet<String> {
    let router = source("src/web/router.rs");
    let mut found = BTreeSet::new();
    for route in router.split(".route(").skip(1) {
        let (address, rest) = route.split_once(',').expect("an address and its handlers");
        let address = address.trim();
        let named = NAMED.iter().find(|(name, _)| *name == address).map(|(_, address)| *address);
        let address = named.unwrap_or_else(|| address.trim_matches('"'));
        assert!(address.starts_with('/'), "say in NAMED which address {address} is");
        found.extend(methods(within(rest)).map(|method| format!("{method} {address}")));
    }
    found
}

/// The addresses of pages.
fn of_pages() -> BTreeSet<String> {
    let app = source("src/app.rs");
    let paths = app.split("path!(\"").skip(1).filter_map(|rest| rest.split('"').next());
    let parts = |path: &str| {
        let part = |part: &str| part.strip_prefix(':').map_or(part.to_owned(), |name| format!("{{{name}}}"));
        path.split('/').map(part).collect::<Vec<_>>().join("/")
    };
    paths.map(|path| format!("GET {}", parts(path))).collect()
}

#[test]
fn each_address_has_one_row() {
    let there: BTreeSet<_> = routed().union(&of_pages()).cloned().collect();
    let all = [FOR_ANYBODY, FOR_PEOPLE, FOR_PEOPLE_AND_PROGRAMS, FOR_PROGRAMS].concat();
    let rows: BTreeSet<_> = all.iter().map(|row| (*row).to_owned()).collect();
    assert_eq!(rows.len(), all.len(), "a row is there twice");
    let without_row: Vec<_> = there.difference(&rows).collect();
    assert!(without_row.is_empty(), "say here who is answered at {without_row:?}");
    let without_address: Vec<_> = rows.difference(&there).collect();
    assert!(without_address.is_empty(), "there is no address {without_address:?}");
}

/// The files below a folder that make addresses.
fn making_addresses(folder: &Path, found: &mut BTreeSet<PathBuf>) {
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            making_addresses(&path, found);
        } else {
            let code = fs::read_to_string(&path).expect("a file of the source");
            if code.contains(READ) || NOT_READ.iter().any(|way| code.contains(*way)) {
                found.insert(path);
            }
        }
    }
}

#[test]
fn no_address_is_made_where_nobody_looks_for_its_row() {
    let web = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/web");
    let mut found = BTreeSet::new();
    making_addresses(&web, &mut found);
    let known: BTreeSet<_> = ELSEWHERE.into_iter().chain(["router.rs"]).map(|file| web.join(file)).collect();
    assert_eq!(found, known, "make addresses in the router, or say in ELSEWHERE who guards them");
    let router = source("src/web/router.rs");
    for way in NOT_READ {
        assert!(!router.contains(way), "an address of {way}…) in the router has no row");
    }
}

/// An address with something in the place of what it leaves open.
fn example(address: &str) -> String {
    let part = |part: &str| {
        match part {
            "{bucket}" => "patchline-audio",
            "{*key}" => "a.wav",
            "{name}" => "none.csv",
            "{number}" => "1",
            "{server}" => "s3",
            "{*path}" => "nowhere",
            part if part.starts_with('{') => "none",
            part => part,
        }
        .to_owned()
    };
    let path = address.split('/').map(part).collect::<Vec<_>>().join("/");
    format!("{path}?fileName=a.wav&id=1&link=none&format=csv")
}

/// Whether nobody is let in: asked to say who they are, or led to the page of sign-in. Any other refusal, such as that
/// there is no such file, would be an answer about it.
async fn is_refused(patchline: &Patchline, row: &str, key: Option<&str>) -> bool {
    let (method, address) = row.split_once(' ').expect("a method and an address");
    let mut request = Request::builder().method(method).uri(example(address));
    if let Some(key) = key {
        request = request.header(header::AUTHORIZATION, format!("Bearer {key}"));
    }
    let answer = patchline.send_as_stranger(request.body(Body::empty()).expect("a request")).await;
    let leads_to = answer.headers.get(header::LOCATION).and_then(|to| to.to_str().ok()).unwrap_or_default();
    match answer.status {
        StatusCode::SEE_OTHER => leads_to.starts_with("/sign-in"),
        status => status == StatusCode::UNAUTHORIZED,
    }
}

#[tokio::test]
async fn nobody_is_answered_at_an_address_that_is_not_for_anybody() {
    let patchline = Patchline::with(&[("ENABLE_BEDROCK", "true")]).await;
    for row in [FOR_PEOPLE, FOR_PEOPLE_AND_PROGRAMS, FOR_PROGRAMS].concat() {
        assert!(is_refused(&patchline, row, None).await, "{row}");
    }
    for row in FOR_PEOPLE {
        assert!(is_refused(&patchline, row, Some(KEY)).await, "{row}, with a key");
    }
}
