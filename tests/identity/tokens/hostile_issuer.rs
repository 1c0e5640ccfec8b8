//! Authorization servers that describe themselves, or show keys, in ways that must not be believed: whoever comes
//! with a token of theirs is refused, though it is signed with the key that they show.

use super::{Label, taking};
use crate::support::Served;
use crate::support::token_issuer::{PUBLIC_URL, TokenIssuer};
use axum::Router;
use axum::http::{StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};
use std::collections::HashMap;
use std::sync::{Arc, Mutex};

const DESCRIPTION: &str = "/.well-known/openid-configuration";

/// What is served at an address.
#[derive(Clone)]
enum Document {
    Text(String),
    Status(StatusCode),
    MovedTo(String),
}

impl From<Value> for Document {
    fn from(value: Value) -> Self {
        Self::Text(value.to_string())
    }
}

impl From<&str> for Document {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl IntoResponse for Document {
    fn into_response(self) -> Response {
        match self {
            Self::Text(text) => ([(header::CONTENT_TYPE, "application/json")], text).into_response(),
            Self::Status(status) => status.into_response(),
            Self::MovedTo(address) => (StatusCode::FOUND, [(header::LOCATION, address)]).into_response(),
        }
    }
}

/// Documents by their paths.
type Documents = Arc<Mutex<HashMap<String, Document>>>;

async fn serve(documents: &Documents) -> Served {
    let known = Arc::clone(documents);
    let find = move |uri: Uri| {
        let found = known.lock().expect("no test panics while it holds this").get(uri.path()).cloned();
        std::future::ready(found.unwrap_or(Document::Status(StatusCode::NOT_FOUND)))
    };
    Served::of(Router::new().fallback(find)).await
}

/// The key that an issuer shows.
async fn key_of(issuer: &TokenIssuer) -> Value {
    let answer = reqwest::get(format!("{}/keys", issuer.url())).await.expect("an answer");
    answer.json::<Value>().await.expect("JSON")["keys"][0].clone()
}

/// Something with other values for some names.
fn with(value: &Value, changes: &Value) -> Value {
    let mut altered = value.clone();
    for (name, value) in changes.as_object().expect("an object") {
        altered[name] = value.clone();
    }
    altered
}

fn without(value: &Value, name: &str) -> Value {
    let mut altered = value.clone();
    altered.as_object_mut().expect("an object").remove(name);
    altered
}

/// Has a token asked for REST and MCP for each pair of documents: those are made for the address of an issuer.
/// The first pair is right in everything.
async fn try_all(
    issuer: TokenIssuer,
    cases: impl FnOnce(&dyn Fn(usize) -> String) -> Vec<(&'static str, Document, Document)>,
    refused_with: StatusCode,
) {
    let documents = Documents::default();
    let hostile = serve(&documents).await;
    let url = |number: usize| format!("{}/{number}", hostile.url());
    let cases = cases(&url);
    let mut tables = String::new();
    for (number, (_, description, keys)) in cases.iter().enumerate() {
        let mut known = documents.lock().expect("no test panics while it holds this");
        known.insert(format!("/{number}{DESCRIPTION}"), description.clone());
        known.insert(format!("/{number}/keys"), keys.clone());
        tables.push_str("[[issuer]]\nissuer = \"");
        tables.push_str(&url(number));
        tables.push_str("\"\ndefault_role = \"label\"\n");
    }
    let patchline = taking(&tables).await;
    let served = patchline.listen().await;
    let label = Label { issuer, patchline, served };
    for (number, (what, ..)) in cases.iter().enumerate() {
        let claims = with(&label.issuer.claims(PUBLIC_URL, "tools:all"), &json!({ "iss": url(number) }));
        let token = label.issuer.token(&claims);
        let expected = if number == 0 { StatusCode::OK } else { refused_with };
        let told = label.list(&token).await;
        let over_mcp = label.mcp("/mcp", &token, "tools/list", json!({})).await;
        assert_eq!((told.status, over_mcp.status), (expected, expected), "{what}: {}", told.text);
        assert!(number == 0 || told.text.len() < 2_000, "{what}: nothing of it is told: {}", told.text.len());
        assert!(!told.text.contains("169.254"), "{what}: {}", told.text);
    }
}

#[tokio::test]
async fn an_issuer_that_describes_itself_wrongly_is_not_believed() {
    let issuer = TokenIssuer::start().await;
    let (key, other) = (key_of(&issuer).await, issuer.url());
    let keys = json!({ "keys": [key] });
    let cases = |url: &dyn Fn(usize) -> String| {
        let right =
            |number: usize| json!({ "issuer": url(number), "jwks_uri": format!("{}/keys", url(number)) });
        let mut cases = vec![("what is right", Document::from(right(0)), Document::from(keys.clone()))];
        let mut add = |what: &'static str, description: &dyn Fn(&Value) -> Document| {
            let description = description(&right(cases.len()));
            cases.push((what, description, Document::from(keys.clone())));
        };
        for (what, changes) in [
            ("another issuer", json!({ "issuer": other })),
            ("an issuer of the name of another, in a list", json!({ "issuer": [other] })),
            ("an issuer that is null", json!({ "issuer": null })),
            ("an issuer that is a number", json!({ "issuer": 7 })),
            ("keys at a number", json!({ "jwks_uri": 7 })),
            ("keys at null", json!({ "jwks_uri": null })),
            ("keys at nothing", json!({ "jwks_uri": "" })),
            ("keys at a path", json!({ "jwks_uri": "/keys" })),
            ("keys in the clear at another machine", json!({ "jwks_uri": "http://login.example/keys" })),
            ("keys in a private network", json!({ "jwks_uri": "https://10.0.0.1/keys" })),
            ("keys in a private network, in the clear", json!({ "jwks_uri": "http://192.168.1.1/keys" })),
            ("keys in a private network by IPv6", json!({ "jwks_uri": "https://[::ffff:10.0.0.1]/keys" })),
            ("keys at the metadata of the cloud", json!({ "jwks_uri": "http://169.254.169.254/latest" })),
            ("keys at its metadata by TLS", json!({ "jwks_uri": "https://169.254.169.254/latest" })),
            ("keys at its metadata by IPv6", json!({ "jwks_uri": "https://[fd00:ec2::254]/latest" })),
            ("keys at its metadata as a number", json!({ "jwks_uri": "https://2852039166/latest" })),
            ("keys in a file", json!({ "jwks_uri": "file:///etc/passwd" })),
            ("keys in the address", json!({ "jwks_uri": "data:application/json,{\"keys\":[]}" })),
            ("keys by FTP", json!({ "jwks_uri": "ftp://127.0.0.1/keys" })),
            ("tokens in the clear", json!({ "token_endpoint": "http://login.example/token" })),
            ("a page that is a script", json!({ "authorization_endpoint": "javascript:alert(1)" })),
            ("a page with a name", json!({ "authorization_endpoint": "https://ana:pw@login.example/" })),
            ("ways of asking that are no list", json!({ "token_endpoint_auth_methods_supported": "none" })),
            ("ways of asking that are numbers", json!({ "token_endpoint_auth_methods_supported": [7] })),
            ("a yes in words", json!({ "authorization_response_iss_parameter_supported": "yes" })),
            ("a name without end", json!({ "issuer": "x".repeat(300_000) })),
            ("an address without end", json!({ "jwks_uri": format!("http://{}", "x".repeat(300_000)) })),
            ("more than anybody reads", json!({ "padding": "x".repeat(600_000) })),
        ] {
            add(what, &|right| Document::from(with(right, &changes)));
        }
        add("nearly its name", &|right| {
            let name = right["issuer"].as_str().unwrap_or_default();
            Document::from(with(right, &json!({ "issuer": format!("{name}/") })))
        });
        add("keys with a password", &|right| {
            let address = right["jwks_uri"].as_str().unwrap_or_default().replace("//", "//ana:secret@");
            Document::from(with(right, &json!({ "jwks_uri": address })))
        });
        add("keys in a part of a page", &|right| {
            let address = right["jwks_uri"].as_str().unwrap_or_default();
            Document::from(with(right, &json!({ "jwks_uri": format!("{address}#keys") })))
        });
        add("two issuers", &|right| {
            let text = right.to_string();
            Document::Text(text.replacen('{', "{\"issuer\":\"https://evil.example\",", 1))
        });
        add("no issuer", &|right| Document::from(without(right, "issuer")));
        add("no keys", &|right| Document::from(without(right, "jwks_uri")));
        add("two documents", &|right| Document::Text(format!("{right}{right}")));
        add("a document in a list", &|right| Document::from(json!([right])));
        add("its parts in a list", &|right| {
            let parts = json!([right["issuer"], right["jwks_uri"], null, null, null, null, [], false]);
            Document::from(parts)
        });
        add("a document in a text", &|right| Document::from(json!(right.to_string())));
        add("depths", &|right| {
            let deep = format!("{{\"deep\":{}{}", "[".repeat(100_000), "]".repeat(100_000));
            Document::Text(right.to_string().replacen('{', &format!("{deep},"), 1))
        });
        add("the right document elsewhere", &|right| {
            Document::MovedTo(format!("{}/../0{DESCRIPTION}", right["issuer"].as_str().unwrap_or_default()))
        });
        add("nothing", &|_| Document::from(""));
        add("null", &|_| Document::from("null"));
        add("a page", &|_| Document::from("<!doctype html><title>Sign in</title>"));
        add("an error of its own", &|_| Document::Status(StatusCode::INTERNAL_SERVER_ERROR));
        add("no description", &|_| Document::Status(StatusCode::NOT_FOUND));
        cases
    };
    try_all(issuer, cases, StatusCode::SERVICE_UNAVAILABLE).await;
}

#[tokio::test]
async fn an_issuer_whose_list_of_keys_cannot_be_read_is_not_believed() {
    let issuer = TokenIssuer::start().await;
    let key = key_of(&issuer).await;
    let cases = |url: &dyn Fn(usize) -> String| {
        let right = json!({ "keys": [key] });
        let documents = [
            ("what is right", Document::from(right.clone())),
            ("an empty object", Document::from(json!({}))),
            ("keys that are null", Document::from(json!({ "keys": null }))),
            ("keys that are a text", Document::from(json!({ "keys": right.to_string() }))),
            ("keys by their names", Document::from(json!({ "keys": { "key-1": key } }))),
            ("a list alone", Document::from(json!([key]))),
            ("a list in a list", Document::from(json!([[key]]))),
            ("two lists", Document::Text(format!("{{\"keys\":[],\"keys\":[{key}]}}"))),
            ("two documents", Document::Text(format!("{right}{right}"))),
            ("more than anybody reads", Document::from(json!({ "keys": [key], "x": "x".repeat(600_000) }))),
            ("depths", Document::Text(format!("{{\"keys\":[{}", "[".repeat(200_000)))),
            ("depths of objects", Document::Text(format!("{{\"keys\":[{}", "{\"a\":".repeat(50_000)))),
            ("nothing", Document::from("")),
            ("a page", Document::from("<!doctype html>")),
            ("another address", Document::MovedTo(format!("{}/keys", url(0)))),
            ("another address in the cloud", Document::MovedTo("http://169.254.169.254/".to_owned())),
            ("an error of its own", Document::Status(StatusCode::BAD_GATEWAY)),
            ("too many questions", Document::Status(StatusCode::TOO_MANY_REQUESTS)),
            ("no list", Document::Status(StatusCode::NOT_FOUND)),
        ];
        let described =
            |number: usize| json!({ "issuer": url(number), "jwks_uri": format!("{}/keys", url(number)) });
        let with_number = documents.into_iter().enumerate();
        with_number
            .map(|(number, (what, keys))| (what, Document::from(described(number)), keys))
            .collect::<Vec<_>>()
    };
    try_all(issuer, cases, StatusCode::SERVICE_UNAVAILABLE).await;
}

#[tokio::test]
async fn a_token_is_not_taken_whose_key_is_shown_in_a_way_that_cannot_be_trusted() {
    let issuer = TokenIssuer::start().await;
    // It has another key of the same name.
    let (key, namesake) = (key_of(&issuer).await, key_of(&TokenIssuer::start().await).await);
    assert_eq!(key["kid"], namesake["kid"]);
    let cases = |url: &dyn Fn(usize) -> String| {
        let changed = |changes: Value| vec![with(&key, &changes)];
        let decoys = |count: usize| -> Vec<Value> {
            let decoy = |number: usize| with(&namesake, &json!({ "kid": format!("decoy-{number}") }));
            (0..count).map(decoy).chain([key.clone()]).collect()
        };
        let short = json!({ "kty": "RSA", "kid": key["kid"], "n": "u7u7".repeat(42), "e": "AQAB" });
        let documents = [
            ("what is right", decoys(5)),
            ("none", vec![]),
            ("what is none", vec![json!(null), json!(7), json!("key-1"), json!([key]), json!({})]),
            ("the same twice", vec![key.clone(), key.clone()]),
            ("another of its name before", vec![namesake.clone(), key.clone()]),
            ("another of its name behind", vec![key.clone(), namesake.clone()]),
            ("another in its place", vec![namesake.clone()]),
            ("it stands behind a hundred others", decoys(100)),
            ("for no algorithm", changed(json!({ "alg": "none" }))),
            ("for a secret", changed(json!({ "alg": "HS256" }))),
            ("for another algorithm", changed(json!({ "alg": "ES384" }))),
            ("for an algorithm that is a number", changed(json!({ "alg": 7 }))),
            ("for encryption", changed(json!({ "use": "enc" }))),
            ("for a use that is a list", changed(json!({ "use": ["sig"] }))),
            ("for wrapping keys", changed(json!({ "key_ops": ["wrapKey"] }))),
            ("with its private part", changed(json!({ "d": "AQAB" }))),
            ("on another curve", changed(json!({ "crv": "P-384", "alg": null }))),
            ("on no curve", changed(json!({ "crv": "P-1" }))),
            ("beside the curve", changed(json!({ "y": key["x"] }))),
            ("nowhere", changed(json!({ "x": "", "y": "" }))),
            ("half of it", vec![without(&key, "y")]),
            ("without end", changed(json!({ "x": "A".repeat(300_000) }))),
            ("of a name that is a number", changed(json!({ "kid": 1 }))),
            ("of no name", vec![without(&key, "kid")]),
            ("a secret", vec![json!({ "kty": "oct", "kid": key["kid"], "k": "c2VjcmV0", "alg": "ES256" })]),
            ("a small key of RSA", vec![short]),
        ];
        let described =
            |number: usize| json!({ "issuer": url(number), "jwks_uri": format!("{}/keys", url(number)) });
        let with_number = documents.into_iter().enumerate();
        with_number
            .map(|(number, (what, keys))| {
                (what, Document::from(described(number)), Document::from(json!({ "keys": keys })))
            })
            .collect::<Vec<_>>()
    };
    try_all(issuer, cases, StatusCode::UNAUTHORIZED).await;
}
