//! Access tokens of authorization servers, over real HTTP at the addresses of REST and MCP.

mod hostile;
mod hostile_issuer;
mod people;
mod scopes;
mod told;

use crate::support::token_issuer::{PUBLIC_URL, TokenIssuer, issuers_file};
use crate::support::{Patchline, Served};
use axum::http::{HeaderMap, Method, StatusCode, header};
use serde_json::{Value, json};

/// What is everywhere asked for that changes nothing.
const LIST: &str = "list_audio_files";

/// A Patchline that takes tokens of an authorization server, at a port.
struct Label {
    issuer: TokenIssuer,
    patchline: Patchline,
    served: Served,
}

/// An answer.
struct Told {
    status: StatusCode,
    headers: HeaderMap,
    text: String,
}

impl Told {
    fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|_| panic!("{} is no JSON", self.text))
    }

    /// What a client of OAuth is told.
    fn challenge(&self) -> &str {
        self.headers.get(header::WWW_AUTHENTICATE).map_or("", |told| told.to_str().expect("a text"))
    }
}

impl Label {
    /// One whose strangers are of the label.
    async fn start() -> Self {
        Self::with("default_role = \"label\"").await
    }

    /// One with these settings of its authorization server.
    async fn with(settings: &str) -> Self {
        let issuer = TokenIssuer::start().await;
        let patchline = taking(&table(&issuer, settings)).await;
        let served = patchline.listen().await;
        Self { issuer, patchline, served }
    }

    /// A token for all addresses, with these scopes.
    fn token(&self, scope: &str) -> String {
        self.issuer.token(&self.issuer.claims(PUBLIC_URL, scope))
    }

    /// Sends a token over REST: asks for the list of tools.
    async fn list(&self, token: &str) -> Told {
        ask(&self.served, Method::GET, "/api/tools", &[bearer(token)], None).await
    }

    /// Runs a tool over REST, without arguments.
    async fn run(&self, token: &str, tool: &str) -> Told {
        let path = format!("/api/tools/{tool}");
        ask(&self.served, Method::POST, &path, &[bearer(token)], Some(json!({}))).await
    }

    /// Sends a request of the newer era of MCP to an address.
    async fn mcp(&self, path: &str, token: &str, method: &str, params: Value) -> Told {
        let mut params = params;
        params["_meta"] = json!({
            "io.modelcontextprotocol/protocolVersion": "2026-07-28",
            "io.modelcontextprotocol/clientCapabilities": {},
        });
        let mut headers = vec![
            bearer(token),
            ("accept", "application/json, text/event-stream".to_owned()),
            ("mcp-protocol-version", "2026-07-28".to_owned()),
            ("mcp-method", method.to_owned()),
        ];
        if let Some(name) = params["name"].as_str() {
            headers.push(("mcp-name", name.to_owned()));
        }
        let body = json!({ "jsonrpc": "2.0", "id": 1, "method": method, "params": params });
        ask(&self.served, Method::POST, path, &headers, Some(body)).await
    }

    /// How far a token reaches: the status of REST, and that of MCP.
    async fn reach(&self, token: &str) -> (StatusCode, StatusCode) {
        let over_mcp = self.mcp("/mcp", token, "tools/list", json!({})).await;
        (self.list(token).await.status, over_mcp.status)
    }
}

/// The table of an authorization server in the file.
fn table(issuer: &TokenIssuer, settings: &str) -> String {
    format!("[[issuer]]\nissuer = \"{}\"\n{settings}\n", issuer.url())
}

/// A Patchline that takes the tokens of these.
async fn taking(tables: &str) -> Patchline {
    let file = issuers_file(tables);
    let path = file.path().to_str().expect("a path");
    Patchline::with(&[("MCP_TOKEN_ISSUERS", path)]).await
}

fn bearer(token: &str) -> (&'static str, String) {
    ("authorization", format!("Bearer {token}"))
}

/// Sends a request over HTTP.
async fn ask(
    served: &Served,
    method: Method,
    path: &str,
    headers: &[(&str, String)],
    body: Option<Value>,
) -> Told {
    let mut request = reqwest::Client::new().request(method, format!("{}{path}", served.url()));
    for (name, value) in headers {
        request = request.header(*name, value);
    }
    if let Some(body) = body {
        request = request.json(&body);
    }
    let answer = request.send().await.expect("an answer");
    let (status, headers) = (answer.status(), answer.headers().clone());
    Told { status, headers, text: answer.text().await.expect("a text") }
}

fn names(list: &Value) -> Vec<String> {
    let tools = list["tools"].as_array().expect("a list of tools");
    tools.iter().map(|tool| tool["name"].as_str().expect("a name").to_owned()).collect()
}

#[tokio::test]
async fn a_token_lets_a_program_in_over_rest_and_mcp_in_the_name_of_a_person() {
    let label = Label::start().await;
    let token = label.token("openid tools:all");
    assert!(names(&label.list(&token).await.json()).contains(&"list_contracts".to_owned()));
    let ran = label.run(&token, LIST).await;
    assert_eq!(ran.status, StatusCode::OK, "{}", ran.text);
    let over_mcp = label.mcp("/mcp", &token, "tools/list", json!({})).await;
    assert!(names(&over_mcp.json()["result"]).contains(&"list_contracts".to_owned()), "{}", over_mcp.text);
    let call = json!({ "name": LIST, "arguments": {} });
    let called = label.mcp("/mcp/s3", &token, "tools/call", call).await;
    assert_eq!(called.json()["result"]["structuredContent"]["files"], json!([]), "{}", called.text);

    let records = label.patchline.audit_records().await;
    let calls: Vec<_> = records.iter().filter(|record| record["operation"] == LIST).collect();
    assert_eq!(calls.len(), 2, "{records:?}");
    for call in calls {
        let who = call["principal"].as_str().expect("a principal");
        assert!(who.starts_with("token:weekly-report#"), "{who} names the way and the client");
        assert!(call["onBehalfOf"].as_str().is_some_and(|person| person.starts_with("ext_")), "{call}");
        assert_eq!(call["role"], "label");
    }
    assert!(!json!(records).to_string().contains("eyJ"), "no record has a token");
}

#[tokio::test]
async fn a_client_that_renews_its_token_stays_the_same_caller_and_another_is_another() {
    let label = Label::start().await;
    let claims = label.issuer.claims(PUBLIC_URL, "tools:read");
    let with = |name: &str, value: &str| {
        let mut claims = claims.clone();
        claims[name] = json!(value);
        label.issuer.token(&claims)
    };
    let tokens = [
        label.token("tools:read"),
        with("jti", "2"),
        with("scope", "tools:all"),
        with("client_id", "claude"),
        with("sub", "person-8"),
    ];
    for token in &tokens {
        assert_eq!(label.run(token, LIST).await.status, StatusCode::OK);
    }
    let records = label.patchline.audit_records().await;
    let callers: Vec<_> = records.iter().map(|record| record["principal"].clone()).collect();
    let people: Vec<_> = records.iter().map(|record| record["onBehalfOf"].clone()).collect();
    assert!(callers[0] == callers[1] && callers[1] == callers[2], "{callers:?}");
    assert!(callers[3] != callers[0] && callers[4] != callers[0], "{callers:?}");
    assert!(people[3] == people[0] && people[4] != people[0], "{people:?}");
}
