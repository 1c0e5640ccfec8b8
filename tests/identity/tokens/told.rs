//! What clients are told of which tokens are taken (RFC 9728), and where they find that.

use super::{Label, ask, table, taking};
use crate::support::token_issuer::{PUBLIC_URL, TokenIssuer};
use crate::support::{Patchline, nobody_at};
use axum::body::Body;
use axum::http::{Method, Request, StatusCode, header};
use serde_json::json;

const METADATA: &str = "/.well-known/oauth-protected-resource";

#[tokio::test]
async fn each_address_tells_for_itself_which_tokens_it_takes() {
    let label = Label::start().await;
    for path in ["", "/mcp", "/mcp/s3", "/mcp/dynamodb", "/api"] {
        let told = ask(&label.served, Method::GET, &format!("{METADATA}{path}"), &[], None).await;
        assert_eq!(told.status, StatusCode::OK, "{path}: {}", told.text);
        let told = told.json();
        assert_eq!(told["resource"], format!("{PUBLIC_URL}{path}"));
        assert_eq!(told["authorization_servers"], json!([label.issuer.url()]));
        assert_eq!(told["bearer_methods_supported"], json!(["header"]));
        let scopes = told["scopes_supported"].as_array().expect("a list");
        for scope in ["tools:read", "tools:all", "tools:s3", "tools:dynamodb"] {
            assert!(scopes.contains(&json!(scope)), "{scope}: {scopes:?}");
        }
        assert!(!scopes.contains(&json!("offline_access")));
    }
    for path in ["/mcp/coffee", "/mcp/", "/api/tools", "/sign-in", "/mcp/s3/x"] {
        let told = ask(&label.served, Method::GET, &format!("{METADATA}{path}"), &[], None).await;
        assert_eq!(told.status, StatusCode::NOT_FOUND, "{path}: {}", told.text);
    }
}

#[tokio::test]
async fn whoever_has_no_token_is_told_where_it_is_written_which_are_taken() {
    let label = Label::start().await;
    for (path, resource) in [
        ("/api/tools", "/api"),
        ("/api/nowhere", "/api"),
        ("/mcp", "/mcp"),
        ("/mcp/s3", "/mcp/s3"),
        ("/mcp/coffee", "/mcp"),
        ("/media/patchline-audio/a.wav", ""),
    ] {
        let request = Request::get(path).body(Body::empty()).expect("a request");
        let answer = label.patchline.send_as_stranger(request).await;
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{path}");
        let metadata = format!("{PUBLIC_URL}{METADATA}{resource}");
        let expected = format!("Bearer resource_metadata=\"{metadata}\", scope=\"tools:read\"");
        assert_eq!(answer.headers[header::WWW_AUTHENTICATE], expected, "{path}");
    }
    let wrong = label.list("a.b.c").await;
    assert!(
        wrong.challenge().starts_with("Bearer error=\"invalid_token\", error_description=\""),
        "{}",
        wrong.text
    );
    assert!(wrong.challenge().contains(&format!("resource_metadata=\"{PUBLIC_URL}{METADATA}/api\"")));
}

#[tokio::test]
async fn keys_work_beside_tokens_and_the_description_of_rest_names_both() {
    let label = Label::start().await;
    let described = label.patchline.get("/api/openapi.json").await;
    assert_eq!(described.status, StatusCode::OK, "a key lets in");
    let described = described.json();
    assert_eq!(described["components"]["securitySchemes"]["token"]["bearerFormat"], "JWT");
    assert_eq!(described["security"], json!([{ "key": [] }, { "token": [] }]));
}

#[tokio::test]
async fn every_authorization_server_is_named_with_the_scopes_as_it_writes_them() {
    let (first, second) = (TokenIssuer::start().await, TokenIssuer::start().await);
    let patchline = taking(&(table(&first, "") + &table(&second, "scope_prefix = \"patchline/\""))).await;
    let told = patchline.get(&format!("{METADATA}/mcp")).await.json();
    assert_eq!(told["authorization_servers"], json!([first.url(), second.url()]));
    let scopes = told["scopes_supported"].as_array().expect("a list");
    assert!(
        scopes.contains(&json!("tools:s3")) && scopes.contains(&json!("patchline/tools:s3")),
        "{scopes:?}"
    );
}

#[tokio::test]
async fn the_doctor_asks_each_authorization_server() {
    let issuer = TokenIssuer::start().await;
    let (_nobody, away) = nobody_at();
    let patchline = taking(&(table(&issuer, "") + &format!("[[issuer]]\nissuer = \"{away}\"\n"))).await;
    let complaints = patchline.complaints().await;
    let of = |url: &str| complaints.iter().find(|(what, _)| *what == format!("authorization server {url}"));
    assert_eq!(of(&issuer.url()), None);
    let (_, problem) = of(&away).expect("a complaint");
    assert!(problem.contains("Check MCP_TOKEN_ISSUERS"), "{problem}");
}

#[tokio::test]
async fn where_no_tokens_are_taken_nothing_is_told_of_them_and_none_is_looked_at() {
    let patchline = Patchline::start().await;
    for path in ["", "/mcp", "/api"] {
        assert_eq!(patchline.get(&format!("{METADATA}{path}")).await.status, StatusCode::NOT_FOUND, "{path}");
    }
    let issuer = TokenIssuer::start().await;
    let token = issuer.token(&issuer.claims(PUBLIC_URL, "tools:all"));
    let request = Request::get("/api/tools").header(header::AUTHORIZATION, format!("Bearer {token}"));
    let answer = patchline.send(request.body(Body::empty()).expect("a request")).await;
    assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{}", answer.text());
    assert_eq!(answer.headers[header::WWW_AUTHENTICATE], "Bearer");
    assert_eq!(answer.error()["message"], "This key is not known.");
}
