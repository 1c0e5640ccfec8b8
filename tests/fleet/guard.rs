//! A door before a stranger's server that asks for OAuth, and the authorization server behind it.

use super::stranger::Stranger;
use crate::support::Served;
use async_trait::async_trait;
use axum::extract::{Form, Query, Request, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use patchline::engine::gateway::Consent;
use reqwest::Url;
use serde_json::{Value, json};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard};

/// The secret of the client `label`.
pub(super) const SECRET: &str = "the-secret-of-the-label";

/// The door. It counts what it gives.
#[derive(Clone, Default)]
pub(super) struct Guard(Arc<Mutex<Given>>);

#[derive(Default)]
struct Given {
    tokens: u32,
    /// The token that opens the door: the last one, or none.
    token: Option<String>,
    refresh: Option<String>,
    registered: u32,
}

impl Guard {
    /// Stands before a stranger at a free port.
    pub(super) async fn serve(&self, stranger: &Stranger) -> Served {
        let router = stranger
            .router()
            .layer(from_fn_with_state(self.clone(), watch))
            .route("/.well-known/oauth-protected-resource/mcp", get(resource))
            .route("/.well-known/oauth-authorization-server", get(metadata))
            .merge(
                Router::new()
                    .route("/register", post(register))
                    .route("/authorize", get(authorize))
                    .route("/token", post(token))
                    .with_state(self.clone()),
            );
        Served::of(router).await
    }

    fn given(&self) -> MutexGuard<'_, Given> {
        self.0.lock().expect("no test panics while it holds this")
    }

    /// How many tokens it has given.
    pub(super) fn tokens(&self) -> u32 {
        self.given().tokens
    }

    /// How many clients have registered themselves.
    pub(super) fn registered(&self) -> u32 {
        self.given().registered
    }

    /// The token does not open the door any more.
    pub(super) fn take_back_the_token(&self) {
        self.given().token = None;
    }

    /// Nor can it be renewed.
    pub(super) fn take_back_the_consent(&self) {
        let mut given = self.given();
        given.token = None;
        given.refresh = None;
    }
}

/// The address that the other end has used.
fn address(headers: &HeaderMap) -> String {
    format!("http://{}", headers[header::HOST].to_str().expect("text"))
}

async fn watch(State(guard): State<Guard>, request: Request, next: Next) -> Response {
    let shown = request.headers().get(header::AUTHORIZATION).and_then(|shown| shown.to_str().ok());
    let expected = guard.given().token.as_ref().map(|token| format!("Bearer {token}"));
    if shown.is_some() && shown == expected.as_deref() {
        return next.run(request).await;
    }
    let address = address(request.headers());
    let challenge = format!(
        "Bearer scope=\"shows:read\", \
         resource_metadata=\"{address}/.well-known/oauth-protected-resource/mcp\""
    );
    (StatusCode::UNAUTHORIZED, [(header::WWW_AUTHENTICATE, challenge)]).into_response()
}

async fn resource(headers: HeaderMap) -> Json<Value> {
    let address = address(&headers);
    Json(json!({ "resource": format!("{address}/mcp"), "authorization_servers": [address] }))
}

async fn metadata(headers: HeaderMap) -> Json<Value> {
    let address = address(&headers);
    Json(json!({
        "issuer": address,
        "authorization_endpoint": format!("{address}/authorize"),
        "token_endpoint": format!("{address}/token"),
        "registration_endpoint": format!("{address}/register"),
        "response_types_supported": ["code"],
        "code_challenge_methods_supported": ["S256"],
        "authorization_response_iss_parameter_supported": true,
        "token_endpoint_auth_methods_supported": ["client_secret_post", "none"],
    }))
}

async fn register(State(guard): State<Guard>, Json(client): Json<Value>) -> Response {
    let mut given = guard.given();
    given.registered += 1;
    let id = format!("registered-{}", given.registered);
    let client = json!({ "client_id": id, "redirect_uris": client["redirect_uris"] });
    (StatusCode::CREATED, Json(client)).into_response()
}

/// The page where a person consents, who does.
async fn authorize(Query(asked): Query<HashMap<String, String>>, headers: HeaderMap) -> Redirect {
    let mut back = Url::parse(&asked["redirect_uri"]).expect("an address");
    back.query_pairs_mut()
        .append_pair("code", "consented")
        .append_pair("state", &asked["state"])
        .append_pair("iss", &address(&headers));
    Redirect::to(back.as_str())
}

async fn token(
    State(guard): State<Guard>,
    headers: HeaderMap,
    Form(asked): Form<HashMap<String, String>>,
) -> Response {
    let said = |name: &str| asked.get(name).map(String::as_str);
    let mut given = guard.given();
    let ours = said("client_id") == Some("label") && said("client_secret") == Some(SECRET);
    let (allowed, renewable) = match said("grant_type") {
        Some("client_credentials") => (ours, false),
        Some("authorization_code") => {
            (said("code") == Some("consented") && said("code_verifier").is_some(), true)
        }
        Some("refresh_token") => {
            let newest = format!("registered-{}", given.registered);
            let known = said("client_id") == Some(newest.as_str());
            (known && given.refresh.is_some() && said("refresh_token") == given.refresh.as_deref(), true)
        }
        _ => (false, false),
    };
    let resource = format!("{}/mcp", address(&headers));
    if !allowed || said("resource") != Some(resource.as_str()) {
        return (StatusCode::BAD_REQUEST, Json(json!({ "error": "invalid_grant" }))).into_response();
    }
    given.tokens += 1;
    let number = given.tokens;
    given.token = Some(format!("token-{number}"));
    let mut answer = json!({ "access_token": given.token, "token_type": "Bearer", "expires_in": 3600, "scope": "shows:read" });
    if renewable {
        given.refresh = Some(format!("refresh-{number}"));
        answer["refresh_token"] = json!(given.refresh);
    }
    Json(answer).into_response()
}

/// A person who opens the page and consents.
pub(super) struct Person;

#[async_trait]
impl Consent for Person {
    async fn ask(&self, page: &str, _: &Url) -> Result<String, String> {
        let browser = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).build();
        let page = browser.expect("a browser").get(page).send().await.expect("the page");
        Ok(page.headers()[header::LOCATION].to_str().expect("text").to_owned())
    }
}
