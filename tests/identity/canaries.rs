//! Secrets that are planted in everything that comes in, and looked for in everything that goes out: what the
//! process prints, tables, logs, metrics, spans, pages, and answers to programs.

use crate::support::collector::Collector;
use crate::support::visitor::form;
use crate::support::{Patchline, Served, artist, eventually, release, signal};
use aws_sdk_cloudwatchlogs::types::FilteredLogEvent;
use axum::Router;
use axum::http::{StatusCode, header};
use patchline::model::role::Role;
use reqwest::Client;
use reqwest::redirect::Policy;
use serde_json::{Value, json};
use std::io::Read;
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex, PoisonError};

/// Secrets that are the same in each run, by where they are planted.
const ENVIRONMENT: &str = "canary-of-the-environment";
const BOOTSTRAP_KEY: &str = "canary-of-the-bootstrap-key";
const INSTANCE_KEY: &str = "canary-of-the-key-of-instances";
const WRONG_KEY: &str = "canary-of-a-wrong-key";
const HEADER: &str = "canary-of-another-header";
const ARGUMENT: &str = "canary-of-a-secret-argument";
const IN_A_TEXT: &str = "canary-within-an-argument";
const FILE: &str = "canary-within-a-small-file";
const RESULT: &str = "canary-of-a-result";
const AWS_ERROR: &str = "AKIACANARYOFANERROR0";
const WRONG_PASSWORD: &str = "canary-of-a-wrong-password";
const PASSWORD: &str = "canary-of-a-password";

/// The program itself, over a store that the test looks into.
struct Process {
    child: Child,
    printed: Arc<Mutex<String>>,
    address: String,
    http: Client,
}

impl Process {
    async fn start(settings: &[(String, String)]) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_patchline"))
            .env_clear()
            .envs(["PATH", "HOME"].iter().filter_map(|name| Some((name, std::env::var_os(name)?))))
            .env("PATCHLINE_ADDR", "127.0.0.1:0")
            .env("LEPTOS_OUTPUT_NAME", "patchline")
            .envs(settings.iter().map(|(name, value)| (name, value)))
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("it starts");
        let printed = Arc::<Mutex<String>>::default();
        keep(child.stdout.take().expect("its output"), &printed);
        keep(child.stderr.take().expect("its errors"), &printed);
        let http = Client::builder().redirect(Policy::none()).build().expect("a client");
        let mut process = Self { child, printed, address: String::new(), http };
        eventually("it says where it is", || async { process.said_address().is_some() }).await;
        process.address = process.said_address().expect("it has been said");
        process
    }

    fn printed(&self) -> String {
        self.printed.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn said_address(&self) -> Option<String> {
        let printed = self.printed();
        let (_, rest) = printed.split_once("Patchline is at ")?;
        rest.split_once('\n').map(|(address, _)| address.to_owned())
    }

    fn url(&self, path: &str) -> String {
        format!("{}{path}", self.address)
    }

    /// Asks for something as a program with a key.
    async fn get(&self, path: &str, key: &str) -> (StatusCode, String) {
        answer(self.http.get(self.url(path)).bearer_auth(key)).await
    }

    /// Asks for a page as somebody who has signed in.
    async fn page(&self, path: &str, session: &str) -> (StatusCode, String) {
        answer(
            self.http.get(self.url(path)).header(header::ACCEPT, "text/html").header(header::COOKIE, session),
        )
        .await
    }

    async fn tool(&self, name: &str, arguments: &Value) -> (StatusCode, String) {
        let request = self.http.post(self.url(&format!("/api/tools/{name}")));
        answer(request.bearer_auth(BOOTSTRAP_KEY).json(arguments)).await
    }

    async fn over_mcp(&self, tool: &str, arguments: &Value) -> (StatusCode, String) {
        let meta = json!({
            "io.modelcontextprotocol/protocolVersion": "2026-07-28",
            "io.modelcontextprotocol/clientCapabilities": {},
        });
        let params = json!({ "name": tool, "arguments": arguments, "_meta": meta });
        let request = self.http.post(self.url("/mcp")).bearer_auth(BOOTSTRAP_KEY);
        let request = request
            .header("accept", "application/json, text/event-stream")
            .header("mcp-protocol-version", "2026-07-28")
            .header("mcp-method", "tools/call")
            .header("mcp-name", tool);
        let message = json!({ "jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": params });
        answer(request.json(&message)).await
    }

    /// Sends a form as a browser without JavaScript does.
    async fn form(&self, path: &str, session: &str, fields: &[(&str, &str)]) -> reqwest::Response {
        let request = self.http.post(self.url(path)).header(header::COOKIE, session);
        let request = request.header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        request.body(form(fields)).send().await.expect("an answer")
    }

    /// Ends in order, so that everything that waits is written.
    async fn stop(&mut self) {
        signal(&self.child, "TERM");
        let has_ended = || {
            let ended = self.child.try_wait().expect("it can be waited for").is_some();
            std::future::ready(ended)
        };
        eventually("it ends", has_ended).await;
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // One that has ended already cannot be killed.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Keeps what a process prints, to its end.
fn keep(mut from: impl Read + Send + 'static, printed: &Arc<Mutex<String>>) {
    let printed = Arc::clone(printed);
    std::thread::spawn(move || {
        let mut piece = [0; 4096];
        while let Ok(length @ 1..) = from.read(&mut piece) {
            let text = String::from_utf8_lossy(&piece[..length]);
            printed.lock().unwrap_or_else(PoisonError::into_inner).push_str(&text);
        }
    });
}

async fn answer(request: reqwest::RequestBuilder) -> (StatusCode, String) {
    text_of(request.send().await.expect("an answer")).await
}

/// An S3 that refuses everything, and repeats keys in its reason.
async fn refusing_s3() -> Served {
    let refuse = || async {
        let words = format!("{AWS_ERROR} (Bearer {AWS_ERROR}) may not do this");
        let error = format!("<Error><Code>InvalidRequest</Code><Message>{words}</Message></Error>");
        (StatusCode::BAD_REQUEST, [(header::CONTENT_TYPE, "application/xml")], error)
    };
    Served::of(Router::new().fallback(refuse)).await
}

/// All items of all tables but the label's own artists, where the result is kept by right.
async fn tables(store: &Patchline) -> Vec<(String, String)> {
    let dynamodb = &store.clients.dynamodb;
    let names = dynamodb.list_tables().send().await.expect("the tables").table_names().to_vec();
    assert!(names.len() > 8, "{names:?}");
    let mut found = Vec::new();
    for name in names.into_iter().filter(|name| name != "artists") {
        let items = dynamodb.scan().table_name(&name).send().await.expect("its items");
        found.push((format!("the table {name}"), format!("{:?}", items.items())));
    }
    found
}

/// All lines of all log groups, and all metrics with their dimensions.
async fn cloudwatch(store: &Patchline) -> Vec<(String, String)> {
    let logs = &store.clients.logs;
    let mut found = Vec::new();
    for group in ["/patchline/application", "/patchline/mcp/audit"] {
        let events = logs.filter_log_events().log_group_name(group).send().await.expect("its lines");
        let lines: Vec<_> = events.events().iter().filter_map(FilteredLogEvent::message).collect();
        assert!(!lines.is_empty(), "there are lines in {group}");
        found.push((group.to_owned(), lines.join("\n")));
    }
    let metrics = store.clients.cloudwatch.list_metrics().send().await.expect("the metrics");
    found.push(("the metrics".to_owned(), format!("{:?}", metrics.metrics())));
    found
}

#[tokio::test(flavor = "multi_thread")]
async fn no_secret_that_comes_in_goes_out_anywhere() {
    let store = Patchline::start().await;
    let mut mira = artist("art_1", "Mira");
    mira["biography"] = json!(RESULT);
    store.put("artists", mira).await;
    store.put("releases", release("rel_1", "art_1")).await;
    // Its log groups are made with the first lines.
    store.result_of("list_audio_files", json!({})).await;
    store.engine.flush_telemetry().await;
    let (s3, collector) = (refusing_s3().await, Collector::start().await);
    let (s3_address, collector_address) = (s3.url(), collector.url());
    let mut settings = store.shared_store();
    let access_key = settings.iter().find(|(name, _)| name == "AWS_SECRET_ACCESS_KEY");
    let access_key = access_key.expect("the secret of the store").1.clone();
    for (name, value) in [
        ("ENABLE_CLOUDWATCH", "true"),
        ("MCP_DEBUG", "true"),
        ("AWS_ENDPOINT_URL_S3", s3_address.as_str()),
        ("OTEL_EXPORTER_OTLP_ENDPOINT", collector_address.as_str()),
        ("OTEL_BSP_SCHEDULE_DELAY", "50"),
        ("PATCHLINE_BOOTSTRAP_KEY", BOOTSTRAP_KEY),
        ("PATCHLINE_INSTANCE_KEY", INSTANCE_KEY),
        ("SOMEBODY_ELSES_SECRET", ENVIRONMENT),
    ] {
        settings.push((name.to_owned(), value.to_owned()));
    }
    let mut process = Process::start(&settings).await;
    let mut said: Vec<(String, String)> = Vec::new();
    let mut say = |what: &str, (_, text): (StatusCode, String)| said.push((what.to_owned(), text));

    // Headers.
    let refused = process.get("/api/tools", WRONG_KEY).await;
    assert_eq!(refused.0, StatusCode::UNAUTHORIZED);
    say("the answer to a wrong key", refused);
    let odd = process.http.get(process.url("/api/tools")).bearer_auth(BOOTSTRAP_KEY);
    let odd = odd.header("x-api-key", HEADER).header(header::COOKIE, format!("patchline={HEADER}"));
    say("the answer to a cookie", answer(odd).await);
    say("the answer to a strange session", process.page("/account", &format!("patchline={HEADER}")).await);

    // Arguments, results, errors of AWS.
    let found = process.tool("query_artist_data", &json!({ "artistId": "art_1" })).await;
    assert_eq!(found.0, StatusCode::OK, "{}", found.1);
    assert!(found.1.contains(RESULT), "whoever asked for it gets it");
    let wrong = json!({ "artistId": "art_1", "password": ARGUMENT, "apiKey": { "deep": ARGUMENT } });
    let wrong = process.tool("query_artist_data", &wrong).await;
    assert_eq!(wrong.0, StatusCode::BAD_REQUEST, "{}", wrong.1);
    say("the answer to wrong arguments", wrong);
    let condition = format!("note = 'Bearer {IN_A_TEXT}'");
    let condition = json!({ "filterExpression": condition });
    say("the answer to a condition", process.tool("scan_analytics_data", &condition).await);
    let failed = process.tool("list_audio_files", &json!({ "prefix": "masters/" })).await;
    assert_ne!(failed.0, StatusCode::OK, "S3 refuses: {}", failed.1);
    say("the answer to what AWS refuses", failed);
    let file = format!("{FILE} and what makes it long enough to be a contract");
    let file =
        json!({ "fileName": "art_1/deal.txt", "fileContent": crate::support::base64(file.as_bytes()) });
    say("the answer to an upload", process.tool("store_contract", &file).await);
    say("a call over MCP", process.over_mcp("list_contracts", &json!({ "token": ARGUMENT })).await);
    say("a failure over MCP", process.over_mcp("list_contracts", &json!({})).await);

    // Passwords, links, sessions, keys.
    let eve = store.engine.identity.add("Eve", "eve@label.example", Role::Admin).await.expect("added");
    let link = store.engine.identity.link_for_password(&eve).await.expect("a link").address("");
    let link = link.strip_prefix("/welcome?link=").expect("a link").to_owned();
    let typed = [("email", "eve@label.example"), ("password", WRONG_PASSWORD)];
    say("a sign-in that fails", text_of(process.form("/sign-in", "", &typed).await).await);
    let chosen = process.form("/welcome", "", &[("link", link.as_str()), ("password", PASSWORD)]).await;
    let session = session_of(&chosen).expect("a session");
    let wrong = process.form("/confirm?for=create_key&next=/keys", &session, &typed).await;
    say("a confirmation that fails", text_of(wrong).await);
    let wish = [("change", "create"), ("name", "Report"), ("scope", "all"), ("days", "7")];
    let made = text_of(process.form("/keys", &session, &wish).await).await.1;
    let key = shown(&made).expect("the key is shown once");
    assert_eq!(process.get("/api/tools", &key).await.0, StatusCode::OK);
    let mistyped = format!("{key}0");
    say("the answer to a mistyped key", process.get("/api/tools", &mistyped).await);

    // What goes out.
    for path in [
        "/",
        "/account",
        "/keys",
        "/tools",
        "/health",
        "/performance",
        "/releases",
        "/logs?search=canary",
        "/admin/keys",
        "/admin/users",
        "/admin/policy",
        "/admin/settings",
        "/admin/audit",
    ] {
        let page = process.page(path, &session).await;
        assert_eq!(page.0, StatusCode::OK, "{path}: {}", page.1);
        say(path, page);
    }
    for path in ["/api/tools", "/api/openapi.json", "/api/fleet", "/metrics", "/livez", "/readyz"] {
        say(path, process.get(path, BOOTSTRAP_KEY).await);
    }
    let spans = || collector.all();
    eventually("spans are sent", || async { !spans().is_empty() }).await;
    process.stop().await;
    said.push(("what it prints".to_owned(), process.printed()));
    said.push(("the spans".to_owned(), format!("{:?}", spans())));
    said.extend(tables(&store).await);
    said.extend(cloudwatch(&store).await);

    let session = session.split_once('=').expect("a cookie").1.to_owned();
    let secret_of_key = key.get(16..80).expect("the secret part").to_owned();
    let file = crate::support::base64(FILE.as_bytes());
    let planted = [
        ENVIRONMENT,
        BOOTSTRAP_KEY,
        INSTANCE_KEY,
        WRONG_KEY,
        HEADER,
        ARGUMENT,
        IN_A_TEXT,
        FILE,
        &file[..32],
        RESULT,
        AWS_ERROR,
        WRONG_PASSWORD,
        PASSWORD,
        access_key.as_str(),
        link.as_str(),
        session.as_str(),
        secret_of_key.as_str(),
    ];
    for (place, text) in &said {
        for secret in planted {
            assert!(!text.contains(secret), "{secret} is in {place}: {text}");
        }
    }
}

async fn text_of(answer: reqwest::Response) -> (StatusCode, String) {
    (answer.status(), answer.text().await.expect("a text"))
}

/// The session that an answer begins, as a browser sends it back.
fn session_of(answer: &reqwest::Response) -> Option<String> {
    let cookies = answer.headers().get_all("set-cookie").iter().filter_map(|value| value.to_str().ok());
    let mut sessions = cookies.filter(|cookie| cookie.starts_with("patchline-"));
    sessions.find_map(|cookie| cookie.split(';').next()).map(str::to_owned)
}

/// The key that a page shows.
fn shown(page: &str) -> Option<String> {
    let (_, rest) = page.split_once("data-testid=\"key\">")?;
    rest.split('<').next().map(str::to_owned)
}
