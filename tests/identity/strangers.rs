//! What nobody gets who has neither signed in nor a key.

use super::sign_in::with_admin;
use crate::support::visitor::{EMAIL, PASSWORD};
use crate::support::{KEY, Patchline};
use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use serde_json::json;

async fn ask(patchline: &Patchline, method: &str, path: &str) -> crate::support::Answer {
    let request = Request::builder().method(method).uri(path).body(Body::empty()).expect("a request");
    patchline.send_as_stranger(request).await
}

#[tokio::test]
async fn every_page_leads_to_sign_in_and_knows_the_way_back() {
    let patchline = Patchline::with(&[("ENABLE_BEDROCK", "true")]).await;
    for (path, next) in [
        ("/", "/sign-in"),
        ("/artists?search=mira", "/sign-in?next=/artists%3Fsearch%3Dmira"),
        ("/artists/art_1", "/sign-in?next=/artists/art_1"),
        ("/releases", "/sign-in?next=/releases"),
        ("/releases/rel_1", "/sign-in?next=/releases/rel_1"),
        ("/knowledge", "/sign-in?next=/knowledge"),
        ("/tools", "/sign-in?next=/tools"),
        ("/logs", "/sign-in?next=/logs"),
        ("/health", "/sign-in?next=/health"),
        ("/health/s3", "/sign-in?next=/health/s3"),
        ("/performance", "/sign-in?next=/performance"),
        ("/keys", "/sign-in?next=/keys"),
        ("/admin/keys", "/sign-in?next=/admin/keys"),
        ("/account", "/sign-in?next=/account"),
        ("/confirm?for=change_limits", "/sign-in?next=/confirm%3Ffor%3Dchange_limits"),
        ("/confirm/openid", "/sign-in?next=/confirm/openid"),
        ("/admin/users", "/sign-in?next=/admin/users"),
        ("/admin/audit", "/sign-in?next=/admin/audit"),
        ("/admin/policy", "/sign-in?next=/admin/policy"),
        ("/admin/settings", "/sign-in?next=/admin/settings"),
        ("/nowhere", "/sign-in?next=/nowhere"),
    ] {
        let answer = ask(&patchline, "GET", path).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{path}: {}", answer.text());
        assert_eq!(answer.headers[header::LOCATION], next, "{path}");
        assert!(answer.body.is_empty(), "{path}");
    }
    for path in [
        "/tools?tool=list_audio_files",
        "/health",
        "/knowledge?view=documents",
        "/keys",
        "/admin/keys",
        "/account",
        "/confirm",
        "/admin/users",
        "/admin/policy",
        "/admin/settings",
    ] {
        assert_eq!(ask(&patchline, "POST", path).await.status, StatusCode::SEE_OTHER, "{path}");
    }
    for path in ["/sign-in", "/signed-out", "/welcome?link=x"] {
        let page = ask(&patchline, "GET", path).await;
        assert_eq!(page.status, StatusCode::OK, "{path}");
        let text = page.text();
        assert_eq!(text.matches("<h1").count(), 1, "{path} has one heading");
        assert!(
            !text.contains("data-state") && !text.contains("<nav"),
            "{path} tells nothing of the installation"
        );
    }
    assert_eq!(patchline.audit_records().await.len(), 0, "nothing was called");
}

#[tokio::test]
async fn no_server_function_answers_but_the_one_that_offers_ways_in() {
    let patchline = with_admin().await;
    let paths: Vec<_> =
        leptos::server_fn::axum::server_fn_paths().map(|(path, method)| (path.to_owned(), method)).collect();
    assert!(paths.len() > 15, "{paths:?}");
    for (path, method) in paths {
        let answer = ask(&patchline, method.as_str(), &path).await;
        // Some are refused before they ask who is there, because nothing was sent.
        let refused = [StatusCode::UNAUTHORIZED, StatusCode::BAD_REQUEST].contains(&answer.status);
        let open = path == "/fn/ways-in";
        assert_eq!((refused, answer.status == StatusCode::OK), (!open, open), "{path}: {}", answer.text());
    }
    let overview = ask(&patchline, "GET", "/fn/overview").await;
    assert_eq!(overview.json()["kind"], "unauthenticated", "{}", overview.text());
    assert!(overview.json()["requestId"].as_str().is_some_and(|id| id.starts_with("req_")));
}

#[tokio::test]
async fn no_address_of_programs_answers_without_a_key_and_each_refusal_is_on_record() {
    let patchline = with_admin().await;
    let mut refused = Vec::new();
    for (method, path) in [
        ("GET", "/api/tools"),
        ("POST", "/api/tools/list_audio_files"),
        ("GET", "/api/openapi.json"),
        ("GET", "/api/fleet"),
        ("POST", "/api/fleet/s3/drain"),
        ("GET", "/api/nowhere"),
        ("GET", "/media/patchline-audio/a.wav"),
        ("PUT", "/upload/audio?fileName=a.wav"),
        ("PUT", "/upload/parts/none/1?fileName=a.wav"),
        ("POST", "/upload/parts/none/finish?fileName=a.wav"),
        ("DELETE", "/upload/parts/none?fileName=a.wav"),
        ("GET", "/export/audio/none.json"),
        ("GET", "/export/logs?id=1"),
        ("GET", "/export/activity"),
        ("GET", "/export/audit?format=csv"),
        ("GET", "/events/health"),
        ("GET", "/events/audit"),
        ("GET", "/events/tasks/01ARZ3NDEKTSV4RRFFQ69G5FAV"),
        ("GET", "/export/tasks/01ARZ3NDEKTSV4RRFFQ69G5FAV.md"),
        ("GET", "/events/tasks/shared?link=none"),
        ("GET", "/export/tasks/shared/task.md?link=none"),
        ("POST", "/api/aws-mcp"),
        ("GET", "/api/tasks/01ARZ3NDEKTSV4RRFFQ69G5FAV"),
    ] {
        let answer = ask(&patchline, method, path).await;
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{method} {path}: {}", answer.text());
        assert_eq!(answer.headers[header::WWW_AUTHENTICATE], "Bearer");
        refused.push(answer);
    }
    for method in ["POST", "GET", "DELETE"] {
        assert_eq!(ask(&patchline, method, "/mcp").await.status, StatusCode::UNAUTHORIZED, "{method}");
    }
    patchline.refused_and_recorded(&refused.iter().collect::<Vec<_>>()).await;
}

#[tokio::test]
async fn a_session_is_no_key_and_a_key_is_no_session() {
    let patchline = with_admin().await;
    let session = patchline.sign_in(EMAIL, PASSWORD).await.expect("a session");
    let with = |path: &str, headers: &[(&str, &str)]| {
        let mut request = Request::get(path);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        patchline.send_as_stranger(request.body(Body::empty()).expect("a request"))
    };
    let bearer = format!("Bearer {KEY}");
    let cookie = [("cookie", session.as_str())];
    let both = [("cookie", session.as_str()), ("authorization", bearer.as_str())];
    for headers in [&cookie[..], &both[..]] {
        let answer = with("/api/tools", headers).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{}", answer.text());
        assert!(with("/mcp", headers).await.status.is_client_error());
    }
    let key = [("authorization", bearer.as_str())];
    assert_eq!(with("/api/tools", &key).await.status, StatusCode::OK);
    assert_eq!(with("/artists", &key).await.status, StatusCode::SEE_OTHER, "pages are for people");
    // What a page loads can be had with either.
    assert_eq!(with("/media/patchline-audio/no.wav", &key).await.status, StatusCode::NOT_FOUND);
    assert_eq!(with("/media/patchline-audio/no.wav", &cookie).await.status, StatusCode::NOT_FOUND);
    let theme = [("cookie", "theme=dark"), ("authorization", bearer.as_str())];
    assert_eq!(with("/api/tools", &theme).await.status, StatusCode::OK, "other cookies say nothing");
}

#[tokio::test]
async fn the_key_of_instances_may_call_nothing_by_itself() {
    let patchline = Patchline::start().await;
    let request = Request::post("/api/tools/list_audio_files")
        .header(header::AUTHORIZATION, format!("Bearer {}", crate::support::INSTANCE_KEY))
        .body(Body::from("{}"))
        .expect("a request");
    let answer = patchline.send(request).await;
    assert_eq!(answer.status, StatusCode::FORBIDDEN, "{}", answer.text());
    let records = patchline.audit_records().await;
    assert_eq!(records[0]["principal"], json!("key:instance"));
}

#[tokio::test]
async fn while_sessions_cannot_be_read_pages_say_so_and_nobody_is_let_in() {
    let patchline = with_admin().await;
    let session = patchline.sign_in(EMAIL, PASSWORD).await.expect("a session");
    let deleted = patchline.clients.dynamodb.delete_table().table_name("patchline-sessions").send().await;
    deleted.expect("it is gone");
    let page = patchline.get_with("/artists", &session).await;
    assert_eq!(page.status, StatusCode::SERVICE_UNAVAILABLE, "{}", page.text());
    assert!(page.text().contains("Who you are cannot be looked up"), "{}", page.text());
    let form = [("email", EMAIL), ("password", PASSWORD)];
    let refused = patchline.form_of_stranger("/sign-in", &form).await;
    assert_eq!(refused.status, StatusCode::SERVICE_UNAVAILABLE, "{}", refused.text());
    assert_eq!(patchline.tool("list_audio_files", json!({})).await.status, StatusCode::OK, "keys need none");
}
