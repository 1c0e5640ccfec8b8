//! Tokens that must not let anybody in.

use super::{LIST, Label, ask, bearer, table, taking};
use crate::support::nobody_at;
use crate::support::token_issuer::{PUBLIC_URL, TokenIssuer, unsigned};
use crate::support::visitor::{EMAIL, PASSWORD};
use axum::http::{Method, StatusCode, header};
use serde_json::{Value, json};

/// What is right in everything but one thing.
fn but(claims: &Value, name: &str, value: Value) -> Value {
    let mut changed = claims.clone();
    changed[name] = value;
    changed
}

fn without(claims: &Value, name: &str) -> Value {
    let mut changed = claims.clone();
    changed.as_object_mut().expect("claims").remove(name);
    changed
}

fn refused() -> (StatusCode, StatusCode) {
    (StatusCode::UNAUTHORIZED, StatusCode::UNAUTHORIZED)
}

#[tokio::test]
async fn no_hostile_token_is_taken() {
    let label = Label::start().await;
    let issuer = &label.issuer;
    let (head, right) = (issuer.head(), issuer.claims(PUBLIC_URL, "tools:all"));
    let now = jiff::Timestamp::now().as_second();
    let token = |claims: &Value| issuer.token(claims);
    let headed = |name: &str, value: Value| issuer.signed(&but(&head, name, value), &right);
    let whole = token(&right);
    assert_eq!(label.reach(&whole).await, (StatusCode::OK, StatusCode::OK), "the right one is taken");
    let (signed, signature) = whole.rsplit_once('.').expect("three parts");
    let (start, _) = signed.split_once('.').expect("two parts");
    let foreign = token(&but(&right, "sub", json!("somebody-else")));
    let (foreign, _) = foreign.rsplit_once('.').expect("three parts");
    let mut hostile = vec![
        ("for another service", token(&but(&right, "aud", json!("https://tickets.example")))),
        ("for several other services", token(&but(&right, "aud", json!(["a", "https://tickets.example"])))),
        ("for nobody", token(&without(&right, "aud"))),
        ("for an empty list", token(&but(&right, "aud", json!([])))),
        ("for a number", token(&but(&right, "aud", json!(7)))),
        ("of another issuer", token(&but(&right, "iss", json!("https://evil.example")))),
        ("of nearly this issuer", token(&but(&right, "iss", json!(format!("{}/", issuer.url()))))),
        ("of several issuers", token(&but(&right, "iss", json!([issuer.url(), "https://evil.example"])))),
        ("of no issuer", token(&without(&right, "iss"))),
        ("expired", token(&but(&right, "exp", json!(now - 61)))),
        ("without an end", token(&without(&right, "exp"))),
        ("with an end in words", token(&but(&right, "exp", json!("tomorrow")))),
        ("not valid yet", token(&but(&right, "nbf", json!(now + 3600)))),
        ("made in the future", token(&but(&right, "iat", json!(now + 3600)))),
        ("of nobody", token(&without(&right, "sub"))),
        ("of no client", token(&without(&right, "client_id"))),
        ("bound to a key", token(&but(&right, "cnf", json!({ "jkt": "x" })))),
        ("an ID token by its type", headed("typ", json!("JWT"))),
        ("without a type", issuer.signed(&without(&head, "typ"), &right)),
        ("for signing out", headed("typ", json!("logout+jwt"))),
        ("an ID token by its nonce", token(&but(&right, "nonce", json!("n")))),
        ("an ID token by what it says", token(&but(&right, "token_use", json!("id")))),
        ("with an unknown key", headed("kid", json!("key-of-nobody"))),
        ("with a path for a key", headed("kid", json!("../../etc/passwd"))),
        ("signed otherwise than it says", headed("alg", json!("RS256"))),
        ("in a way that is not allowed", headed("alg", json!("ES384"))),
        ("with something critical", headed("crit", json!(["exp"]))),
        ("with a key of its own", unsigned(&but(&head, "jwk", json!({ "kty": "EC" })), &right)),
        ("not signed", unsigned(&head, &right)),
        ("with the signature of another", format!("{foreign}.{signature}")),
        ("cut off", whole[..whole.len() - 2].to_owned()),
        ("with two parts more", format!("{whole}.e30.e30")),
        ("with nothing in it", "..".to_owned()),
        ("with no claims", format!("{start}..{signature}")),
        ("with no base64", "a!.b!.c!".to_owned()),
        ("very long", token(&but(&right, "padding", json!("x".repeat(20_000))))),
    ];
    for none in ["none", "None", "NONE", "nOnE", ""] {
        hostile.push(("with no algorithm", unsigned(&but(&head, "alg", json!(none)), &right)));
        hostile.push(("with no algorithm and a signature", headed("alg", json!(none))));
    }
    for forged in issuer.signed_with_public_key(&but(&head, "alg", json!("HS256")), &right) {
        hostile.push(("with the public key for a secret", forged));
    }
    for (what, token) in &hostile {
        let refusal = label.list(token).await;
        assert_eq!(refusal.status, StatusCode::UNAUTHORIZED, "{what}: {}", refusal.text);
        let is_token = token.split('.').count() == 3;
        assert_eq!(
            refusal.challenge().contains("error=\"invalid_token\""),
            is_token,
            "{what}: {}",
            refusal.text
        );
        assert_eq!(refusal.json()["error"]["kind"], "unauthenticated", "{what}");
        assert_eq!(label.reach(token).await, refused(), "{what}");
    }
    assert_eq!(label.reach(&whole).await, (StatusCode::OK, StatusCode::OK), "it is taken as before");
    let records = label.patchline.audit_records().await;
    let denied = records.iter().filter(|record| record["decision"] == "denied").count();
    assert_eq!(denied, 3 * hostile.len(), "each refusal is on record");
    assert!(!json!(records).to_string().contains("eyJ"), "no record has a token");
}

#[tokio::test]
async fn clocks_may_differ_a_little() {
    let label = Label::start().await;
    let right = label.issuer.claims(PUBLIC_URL, "tools:all");
    let now = jiff::Timestamp::now().as_second();
    for claims in [but(&right, "nbf", json!(now + 30)), but(&right, "iat", json!(now + 30))] {
        let token = label.issuer.token(&claims);
        assert_eq!(label.reach(&token).await, (StatusCode::OK, StatusCode::OK), "{claims}");
    }
}

#[tokio::test]
async fn a_key_that_its_issuer_has_put_away_opens_nothing_and_the_new_one_does_without_a_restart() {
    let label = Label::start().await;
    let before = label.token("tools:all");
    assert_eq!(label.list(&before).await.status, StatusCode::OK);
    label.issuer.rotate(2);
    let after = label.token("tools:all");
    assert_eq!(label.list(&after).await.status, StatusCode::OK, "the new key is asked for");
    assert_eq!(label.list(&before).await.status, StatusCode::UNAUTHORIZED, "the old one is gone");
}

#[tokio::test]
async fn a_token_is_good_at_the_address_that_it_names_and_below() {
    let label = Label::start().await;
    let capitals = PUBLIC_URL.replace("http", "HTTP");
    for (resource, rest, mcp, s3) in [
        (PUBLIC_URL.to_owned(), true, true, true),
        (format!("{PUBLIC_URL}/"), true, true, true),
        (format!("{PUBLIC_URL}/mcp"), false, true, true),
        (format!("{PUBLIC_URL}/mcp/s3"), false, false, true),
        (format!("{PUBLIC_URL}/mcp/dynamodb"), false, false, false),
        (format!("{PUBLIC_URL}/api"), true, false, false),
        (format!("{capitals}/mcp"), false, true, true),
        (format!("{PUBLIC_URL}/mcp/"), false, false, false),
        (format!("{PUBLIC_URL}/MCP"), false, false, false),
        (format!("{PUBLIC_URL}/api/tools"), false, false, false),
        ("http://localhost:3000/mcp".to_owned(), false, false, false),
        ("http://127.0.0.1:3000@evil.example/mcp".to_owned(), false, false, false),
        (format!("{PUBLIC_URL}.evil.example"), false, false, false),
    ] {
        let token = label.issuer.token(&label.issuer.claims(&resource, "tools:all"));
        let status = |good: bool| if good { StatusCode::OK } else { StatusCode::UNAUTHORIZED };
        let (over_rest, over_mcp) = label.reach(&token).await;
        let of_server = label.mcp("/mcp/s3", &token, "tools/list", json!({})).await.status;
        assert_eq!((over_rest, over_mcp, of_server), (status(rest), status(mcp), status(s3)), "{resource}");
    }
    let several = json!(["https://tickets.example", format!("{PUBLIC_URL}/api")]);
    let claims = but(&label.issuer.claims(PUBLIC_URL, "tools:all"), "aud", several);
    assert_eq!(
        label.list(&label.issuer.token(&claims)).await.status,
        StatusCode::OK,
        "one of several is enough"
    );
}

#[tokio::test]
async fn a_token_in_the_address_beside_a_session_or_twice_is_refused() {
    let label = Label::start().await;
    let token = label.token("tools:all");
    for path in ["/api/tools", "/mcp", "/media/patchline-audio/a.wav"] {
        for query in [format!("access_token={token}"), format!("x=1&access%5Ftoken={token}")] {
            let address = format!("{path}?{query}");
            let alone = label.patchline.send_as_stranger(
                axum::http::Request::get(&address).body(axum::body::Body::empty()).expect("a request"),
            );
            assert_eq!(alone.await.status, StatusCode::BAD_REQUEST, "{path}");
            let both = ask(&label.served, Method::GET, &address, &[bearer(&token)], None).await;
            assert_eq!(both.status, StatusCode::BAD_REQUEST, "{path}");
            assert!(both.challenge().contains("error=\"invalid_request\""), "{}", both.challenge());
            assert!(!both.text.contains(&token));
        }
        let twice = [bearer(&token), bearer(&token)];
        assert_eq!(ask(&label.served, Method::GET, path, &twice, None).await.status, StatusCode::BAD_REQUEST);
    }
    assert_eq!(label.patchline.get("/").await.status, StatusCode::OK, "there is an admin");
    let session = label.patchline.sign_in(EMAIL, PASSWORD).await.expect("a session");
    let beside = [bearer(&token), ("cookie", session)];
    for path in ["/api/tools", "/mcp", "/media/patchline-audio/a.wav"] {
        let refusal = ask(&label.served, Method::GET, path, &beside, None).await;
        assert_eq!(refusal.status, StatusCode::BAD_REQUEST, "{path}: {}", refusal.text);
    }
    let records = json!(label.patchline.audit_records().await).to_string();
    assert!(!records.contains("eyJ"), "no record has a token");
}

#[tokio::test]
async fn of_several_issuers_each_signs_for_itself_only() {
    let (first, second) = (TokenIssuer::start().await, TokenIssuer::start().await);
    let tables = table(&first, "default_role = \"label\"")
        + &table(&second, "default_role = \"producer\"\nclients = [\"studio\"]");
    let patchline = taking(&tables).await;
    let served = patchline.listen().await;
    let (of_first, of_second) =
        (first.claims(PUBLIC_URL, "tools:all"), second.claims(PUBLIC_URL, "tools:all"));
    let studio = but(&of_second, "client_id", json!("studio"));
    for (what, token, status) in [
        ("the first", first.token(&of_first), StatusCode::OK),
        ("the second", second.token(&studio), StatusCode::OK),
        ("a client that is not on the list", second.token(&of_second), StatusCode::UNAUTHORIZED),
        ("the first in the name of the second", first.token(&studio), StatusCode::UNAUTHORIZED),
        ("the second in the name of the first", second.token(&of_first), StatusCode::UNAUTHORIZED),
    ] {
        let path = format!("/api/tools/{LIST}");
        let told = ask(&served, Method::POST, &path, &[bearer(&token)], Some(json!({}))).await;
        assert_eq!(told.status, status, "{what}: {}", told.text);
    }
    let records = patchline.audit_records().await;
    let roles: Vec<_> = records.iter().filter(|record| record["decision"] == "allowed").collect();
    assert_eq!((&roles[0]["role"], &roles[1]["role"]), (&json!("label"), &json!("producer")));
    assert!(roles[0]["onBehalfOf"] != roles[1]["onBehalfOf"], "the same name elsewhere is somebody else");
}

#[tokio::test]
async fn where_tokens_name_no_audience_client_use_and_scopes_tell_whose_they_are() {
    let settings = "audience = \"left_out\"\ntoken_type = \"jwt\"\nscope_prefix = \"patchline/\"\n\
                    clients = [\"weekly-report\"]\ndefault_role = \"label\"";
    let label = Label::with(settings).await;
    let issuer = &label.issuer;
    let right = but(
        &without(&issuer.claims(PUBLIC_URL, "patchline/tools:all other/tools:read"), "aud"),
        "token_use",
        json!("access"),
    );
    let token = |claims: &Value| issuer.signed(&without(&issuer.head(), "typ"), claims);
    assert_eq!(label.reach(&token(&right)).await, (StatusCode::OK, StatusCode::OK));
    for (what, claims, status) in [
        ("no use", without(&right, "token_use"), StatusCode::UNAUTHORIZED),
        ("another use", but(&right, "token_use", json!("id")), StatusCode::UNAUTHORIZED),
        ("another client", but(&right, "client_id", json!("somebody")), StatusCode::UNAUTHORIZED),
        (
            "an audience that is not ours",
            but(&right, "aud", json!("weekly-report")),
            StatusCode::UNAUTHORIZED,
        ),
        ("scopes of another service", but(&right, "scope", json!("other/tools:all")), StatusCode::FORBIDDEN),
        ("scopes without the prefix", but(&right, "scope", json!("tools:all")), StatusCode::FORBIDDEN),
        ("our audience", but(&right, "aud", json!(format!("{PUBLIC_URL}/api"))), StatusCode::OK),
    ] {
        let told = label.list(&token(&claims)).await;
        assert_eq!(told.status, status, "{what}: {}", told.text);
        if status == StatusCode::FORBIDDEN {
            assert!(told.challenge().contains("scope=\"patchline/tools:read\""), "{}", told.challenge());
        }
    }
}

#[tokio::test]
async fn while_the_keys_of_an_issuer_are_not_at_hand_nobody_is_let_in_and_it_is_said() {
    let issuer = TokenIssuer::start().await;
    let (_nobody, away) = nobody_at();
    let patchline = taking(&format!("[[issuer]]\nissuer = \"{away}\"\ndefault_role = \"admin\"\n")).await;
    let served = patchline.listen().await;
    let claims = but(&issuer.claims(PUBLIC_URL, "tools:all"), "iss", json!(away));
    let token = issuer.token(&claims);
    for path in ["/api/tools", "/mcp"] {
        let told = ask(&served, Method::GET, path, &[bearer(&token)], None).await;
        assert_eq!(told.status, StatusCode::SERVICE_UNAVAILABLE, "{}", told.text);
        assert!(told.headers.contains_key(header::RETRY_AFTER));
        assert!(told.text.contains("cannot be found out at the moment"), "{}", told.text);
        assert!(!told.text.contains(&away), "where it is asked is nobody's business");
    }
}
