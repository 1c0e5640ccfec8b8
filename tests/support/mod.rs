//! A whole Patchline in a folder of its own, reached through its router as a client would.

pub(crate) mod collector;
pub(crate) mod fuzzing;
pub(crate) mod gate;
pub(crate) mod language_model;
pub(crate) mod provider;
mod switch;
pub(crate) mod token_issuer;
pub(crate) mod visitor;
pub(crate) mod way;

pub(crate) use switch::Switch;
pub(crate) use visitor::{INSTANCE_KEY, KEY, Stranger};

use aws_sdk_dynamodb::types::AttributeValue;
use axum::Router;
use axum::body::Body;
use axum::http::{HeaderMap, Request, Response, StatusCode, header};
use base64::Engine as _;
use http_body_util::BodyExt;
use leptos::config::LeptosOptions;
use patchline::embedded_aws::TakenRole;
use patchline::engine::Engine;
use patchline::engine::aws::{AwsClients, Embedded};
use patchline::engine::config::Config;
use patchline::engine::consent::{self, ConsentError};
use patchline::engine::gateway::{Consent, Gateway};
use serde_json::{Value, json};
use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;
use tempfile::TempDir;
use tokio::net::{TcpListener, TcpSocket};
use tower::ServiceExt;

/// A running Patchline.
pub(crate) struct Patchline {
    pub(crate) engine: Engine,
    pub(crate) clients: AwsClients,
    router: Router,
    cookie: visitor::Cookie,
    embedded: Embedded,
    folder: TempDir,
    variables: HashMap<String, String>,
}

/// A port of this machine where a Patchline answers, until this is dropped.
pub(crate) struct Served {
    address: std::net::SocketAddr,
    serving: tokio::task::JoinHandle<()>,
}

impl Served {
    /// A router at a free port.
    pub(crate) async fn of(router: Router) -> Self {
        Self::on(free_port().await, router)
    }

    fn on(listener: TcpListener, router: Router) -> Self {
        let address = listener.local_addr().expect("an address");
        let service = router.into_make_service_with_connect_info::<std::net::SocketAddr>();
        let serving = tokio::spawn(async move { axum::serve(listener, service).await.expect("it serves") });
        Self { address, serving }
    }

    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.address)
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

/// An answer, read to its end.
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Vec<u8>,
}

impl Answer {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).expect("the answer is JSON")
    }

    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// The error of a refused call.
    pub(crate) fn error(&self) -> Value {
        self.json()["error"].clone()
    }

    /// The fields that are wrong.
    pub(crate) fn wrong_fields(&self) -> Vec<String> {
        let fields = self.error()["fields"].as_array().cloned().unwrap_or_default();
        fields.iter().map(|field| field["field"].as_str().unwrap_or_default().to_owned()).collect()
    }
}

impl Patchline {
    /// One without the sample label.
    pub(crate) async fn start() -> Self {
        Self::with(&[]).await
    }

    /// One with these variables.
    pub(crate) async fn with(variables: &[(&str, &str)]) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let mut all: HashMap<String, String> =
            variables.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        for (name, value) in [
            ("MCP_MOCK_AWS_SERVICES", "true"),
            ("MCP_DEMO_MODE", "false"),
            ("PATCHLINE_BOOTSTRAP_KEY", KEY),
            ("PATCHLINE_INSTANCE_KEY", INSTANCE_KEY),
            ("MCP_RATE_LIMIT", "100000"),
            ("MCP_BURST_LIMIT", "10000"),
            // Filling the knowledge base takes a moment that only its own tests need to wait for.
            ("ENABLE_BEDROCK", "false"),
        ] {
            all.entry(name.to_owned()).or_insert_with(|| value.to_owned());
        }
        Self::open(folder, all).await
    }

    async fn open(folder: TempDir, mut variables: HashMap<String, String>) -> Self {
        let path = folder.path().to_string_lossy().into_owned();
        variables.insert("PATCHLINE_DATA_DIR".to_owned(), path);
        let config = Config::load(&|name| variables.get(name).cloned(), false).expect("a configuration");
        let embedded =
            Embedded::open(&config).await.expect("the embedded AWS opens").expect("there is an embedded AWS");
        let clients = Box::pin(AwsClients::connect(&config, Some(&embedded))).await;
        let engine = Engine::start(config, Some(&embedded)).await.expect("the engine starts");
        let cookie = visitor::Cookie::default();
        let router = visitor::known(engine.clone(), bare_router(engine.clone()), cookie.clone());
        Self { engine, clients, router, cookie, embedded, folder, variables }
    }

    /// Stops it and starts it again over the same folder.
    pub(crate) async fn restart(self) -> Self {
        self.restart_with(&[]).await
    }

    /// The same, with some variables changed.
    pub(crate) async fn restart_with(self, changed: &[(&str, &str)]) -> Self {
        let Self { engine, router, clients, embedded, folder, mut variables, .. } = self;
        variables.extend(changed.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
        engine.close().await;
        drop((engine, router, clients));
        embedded.close().await;
        Self::open(folder, variables).await
    }

    /// Another instance over the same store, in this process.
    pub(crate) async fn another_instance(&self) -> Engine {
        let config = self.engine.config.as_ref().clone();
        Engine::start(config, Some(&self.embedded)).await.expect("another instance starts")
    }

    /// The roles that were taken in the embedded AWS.
    pub(crate) fn taken_roles(&self) -> Vec<TakenRole> {
        self.embedded.services.taken_roles()
    }

    /// The environment of another process over the same store.
    pub(crate) fn shared_store(&self) -> Vec<(String, String)> {
        let listener = self.embedded.listener.as_ref().expect("the embedded AWS listens");
        let credentials = self.embedded.services.credentials();
        let variables = [
            ("MCP_MOCK_AWS_SERVICES", "false".to_owned()),
            ("AWS_ENDPOINT_URL", format!("http://{}", listener.address())),
            ("AWS_ACCESS_KEY_ID", credentials.access_key_id().to_owned()),
            ("AWS_SECRET_ACCESS_KEY", credentials.secret_access_key().to_owned()),
            ("AWS_REGION", "us-east-1".to_owned()),
            ("ENABLE_BEDROCK", "false".to_owned()),
            ("ENABLE_CLOUDWATCH", "false".to_owned()),
            ("PATCHLINE_BOOTSTRAP_KEY", KEY.to_owned()),
            ("PATCHLINE_INSTANCE_KEY", INSTANCE_KEY.to_owned()),
            ("MCP_RATE_LIMIT", "100000".to_owned()),
            ("MCP_BURST_LIMIT", "10000".to_owned()),
            ("MAX_CONCURRENT_OPERATIONS", "50".to_owned()),
            ("PATCHLINE_STOP_WAIT", "1".to_owned()),
        ];
        variables.map(|(name, value)| (name.to_owned(), value)).to_vec()
    }

    /// Waits until the knowledge that comes with Patchline can be searched, and what was put beside it: a search alone
    /// waits for less time than a slow machine takes.
    pub(crate) async fn knowledge_settled(&self) {
        self.engine.knowledge_settled().await;
        self.embedded.services.knowledge_bases_settled().await;
    }

    /// What `patchline doctor` finds wrong, by what was examined.
    pub(crate) async fn complaints(&self) -> Vec<(String, String)> {
        let findings = patchline::engine::doctor::examine(&self.engine.config, Some(&self.embedded)).await;
        let findings = findings.expect("everything is examined");
        findings.into_iter().filter_map(|finding| Some((finding.what, finding.problem?))).collect()
    }

    /// Has somebody consent at a third party's server, as `patchline consent` does.
    pub(crate) async fn consent(
        &self,
        prefix: &str,
        consent: Arc<dyn Consent>,
    ) -> Result<usize, ConsentError> {
        consent::ask(&self.engine.config, Some(&self.embedded), prefix, consent).await
    }

    /// Answers at a port that is known before, too.
    pub(crate) fn listen_on(&self, listener: TcpListener) -> Served {
        Served::on(listener, self.router.clone())
    }

    /// Answers at a free port, too.
    pub(crate) async fn listen(&self) -> Served {
        Served::of(self.router.clone()).await
    }

    pub(crate) async fn send(&self, request: Request<Body>) -> Answer {
        send(self.router.clone(), request).await
    }

    /// Sends a request, and leaves the body of the answer to be read.
    pub(crate) async fn begin(&self, request: Request<Body>) -> Response<Body> {
        begin(self.router.clone(), request).await
    }

    /// Reads a stream of events until it has said something, does what is to end it, and reads the rest.
    pub(crate) async fn events_until(&self, path: &str, said: &str, end: impl FnOnce()) -> String {
        let mut request = Request::get(path).header(header::HOST, "localhost:3000");
        if let Some(extensions) = request.extensions_mut() {
            let caller = std::net::SocketAddr::from(([127, 0, 0, 1], 50_000));
            extensions.insert(axum::extract::ConnectInfo(caller));
        }
        let request = request.body(Body::empty()).expect("a request");
        let response = self.router.clone().oneshot(request).await.expect("an answer");
        assert_eq!(response.headers()[header::CONTENT_TYPE], "text/event-stream");
        let mut body = response.into_body();
        let mut text = String::new();
        let mut end = Some(end);
        while let Some(frame) = body.frame().await {
            let data = frame.expect("a piece of the stream").into_data().unwrap_or_default();
            text.push_str(&String::from_utf8_lossy(&data));
            if text.contains(said)
                && let Some(end) = end.take()
            {
                end();
            }
        }
        text
    }

    pub(crate) async fn get(&self, path: &str) -> Answer {
        self.send(Request::get(path).body(Body::empty()).expect("a request")).await
    }

    /// Runs a tool over REST.
    pub(crate) async fn tool(&self, name: &str, arguments: Value) -> Answer {
        self.send(tool_request(name, &arguments)).await
    }

    /// Runs a tool over REST through another door to the same stores.
    pub(crate) async fn tool_through(&self, gateway: Gateway, name: &str, arguments: Value) -> Answer {
        self.send_through(gateway, tool_request(name, &arguments)).await
    }

    /// Sends a request through another door to the same stores.
    pub(crate) async fn send_through(&self, gateway: Gateway, request: Request<Body>) -> Answer {
        let mut engine = self.engine.clone();
        engine.gateway = gateway;
        self.send_to(engine, request).await
    }

    /// Sends a request to another engine over the same stores.
    pub(crate) async fn send_to(&self, engine: Engine, request: Request<Body>) -> Answer {
        let router = bare_router(engine.clone());
        send(visitor::known(engine, router, self.cookie.clone()), request).await
    }

    /// Sends a request as it is: nobody is made known.
    pub(crate) async fn send_as_stranger(&self, mut request: Request<Body>) -> Answer {
        request.extensions_mut().insert(Stranger);
        self.send(request).await
    }

    /// Sends a plain form as a browser does in which nobody is signed in.
    pub(crate) async fn form_of_stranger(&self, path: &str, fields: &[(&str, &str)]) -> Answer {
        visitor::post(&bare_router(self.engine.clone()), path, fields).await
    }

    /// Signs in with e-mail address and password, and answers with the cookie.
    pub(crate) async fn sign_in(&self, email: &str, password: &str) -> Option<String> {
        let answer = self.form_of_stranger("/sign-in", &[("email", email), ("password", password)]).await;
        visitor::session_of(&answer)
    }

    /// Asks for a page with this cookie.
    pub(crate) async fn get_with(&self, path: &str, cookie: &str) -> Answer {
        let request = Request::get(path).header(header::COOKIE, cookie).body(Body::empty());
        self.send_as_stranger(request.expect("a request")).await
    }

    /// Runs a tool as the script of a page does.
    pub(crate) async fn tool_of_page(&self, name: &str, arguments: &Value) -> Answer {
        let arguments = arguments.to_string();
        let arguments = percent_encoding::utf8_percent_encode(&arguments, percent_encoding::NON_ALPHANUMERIC);
        let request = Request::post("/fn/run-tool")
            .header(header::ACCEPT, "application/json")
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(Body::from(format!("tool={name}&arguments={arguments}")))
            .expect("a request");
        self.send(request).await
    }

    /// Runs a tool that must succeed, and answers with its result.
    pub(crate) async fn result_of(&self, name: &str, arguments: Value) -> Value {
        let answer = self.tool(name, arguments).await;
        assert_eq!(answer.status, StatusCode::OK, "{name}: {}", answer.text());
        answer.json()["result"].clone()
    }

    /// The first number that a statement over the ledger returns.
    pub(crate) async fn ledger_number(&self, sql: &str) -> i64 {
        let names = self.embedded.database();
        let request = self.clients.rds_data.execute_statement().resource_arn(names.resource);
        let answer = request.secret_arn(names.reader_secret).sql(sql).send().await.expect("an answer");
        let field = answer.records().first().and_then(|row| row.first()).expect("a value");
        *field.as_long_value().expect("a whole number")
    }

    /// Puts an item into a table as another program would.
    pub(crate) async fn put(&self, table: &str, item: Value) {
        let item: HashMap<String, AttributeValue> = serde_dynamo::to_item(item).expect("an item");
        self.clients
            .dynamodb
            .put_item()
            .table_name(table)
            .set_item(Some(item))
            .send()
            .await
            .expect("it is put");
    }

    /// An artist and a release of theirs, version 1.
    pub(crate) async fn put_artist_and_release(&self) {
        self.put("artists", artist("art_1", "Mira")).await;
        self.put("releases", release("rel_1", "art_1")).await;
    }

    /// A short file of sound in the bucket for audio.
    pub(crate) async fn put_sound(&self, name: &str) {
        let put = self.clients.s3.put_object().bucket("patchline-audio").key(name).body(wav().into());
        put.send().await.expect("it is stored");
    }

    /// Each of these answers must be an error that says what happened, and be on record under its request id:
    /// once, with the same words. Nothing more is to be called after this.
    pub(crate) async fn refused_and_recorded(&self, answers: &[&Answer]) {
        let records = self.audit_records().await;
        for answer in answers {
            let error = answer.error();
            let text = |part: &str| error[part].as_str().unwrap_or_default().to_owned();
            assert!(
                !text("message").is_empty() && text("requestId").starts_with("req_"),
                "{}",
                answer.text()
            );
            let ends = |record: &&Value| {
                record["requestId"] == error["requestId"] && record["phase"] == json!("outcome")
            };
            let found: Vec<_> = records.iter().filter(ends).collect();
            assert_eq!(found.len(), 1, "outcomes of {}: {found:?}", answer.text());
            assert_eq!(found[0]["error"], format!("{}: {}", text("kind"), text("message")));
        }
    }

    /// The files below a folder of the data folder.
    pub(crate) fn files_in(&self, folder: &str) -> Vec<PathBuf> {
        let mut found = Vec::new();
        let mut folders = vec![self.folder.path().join(folder)];
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(folder).expect("a folder") {
                let path = entry.expect("an entry").path();
                if path.is_dir() { folders.push(path) } else { found.push(path) }
            }
        }
        found
    }

    /// The uploads in parts that are under way in the bucket for audio.
    pub(crate) async fn unfinished_uploads(&self) -> usize {
        let request = self.clients.s3.list_multipart_uploads().bucket("patchline-audio");
        request.send().await.expect("a list").uploads().len()
    }

    /// All records of the audit log, in the order in which they were made, without those of the admin's own
    /// sign-in to whom pages are shown.
    pub(crate) async fn audit_records(&self) -> Vec<Value> {
        let mut records = self.all_audit_records().await;
        records.retain(|record| {
            let is_sign_in = ["sign_in", "welcome"].iter().any(|name| record["operation"] == *name);
            !(is_sign_in && record["decision"] == "allowed")
        });
        records
    }

    /// All of them.
    pub(crate) async fn all_audit_records(&self) -> Vec<Value> {
        self.engine.write_down().await;
        let items = self.clients.dynamodb.scan().table_name("patchline-audit").send().await.expect("a scan");
        let mut records: Vec<Value> = items
            .items()
            .iter()
            .map(|item| serde_dynamo::from_item(item.clone()).expect("a record"))
            .collect();
        records.sort_by_key(|record| record["id"].as_str().map(str::to_owned));
        records
    }
}

/// A port at which nobody else listens.
pub(crate) async fn free_port() -> TcpListener {
    TcpListener::bind(("127.0.0.1", 0)).await.expect("a free port")
}

/// An address at which nobody answers, and nobody else can begin to, as long as the socket is kept.
pub(crate) fn nobody_at() -> (TcpSocket, String) {
    let socket = TcpSocket::new_v4().expect("a socket");
    socket.bind(std::net::SocketAddr::from(([127, 0, 0, 1], 0))).expect("a free port");
    let address = socket.local_addr().expect("an address");
    (socket, format!("http://{address}"))
}

/// Sends a signal to a process: `TERM`, `INT`.
pub(crate) fn signal(process: &std::process::Child, name: &str) {
    // Built into the shell: the program `kill` is not on every machine.
    let command = format!("kill -{name} \"$0\"");
    let sent = std::process::Command::new("sh").args(["-c", &command, &process.id().to_string()]).status();
    assert!(sent.expect("a shell runs").success(), "SIG{name} is not sent");
}

/// Waits until something holds, for as long as a slow machine may take.
pub(crate) async fn eventually<F: Future<Output = bool>>(what: &str, mut holds: impl FnMut() -> F) {
    let waiting = async {
        while !holds().await {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    };
    // What a dead process has left is only looked at after half a minute of silence.
    assert!(tokio::time::timeout(Duration::from_mins(3), waiting).await.is_ok(), "waited in vain: {what}");
}

/// Everything that a Patchline serves, asked by somebody whom it knows.
pub(crate) fn router(engine: Engine) -> Router {
    visitor::known(engine.clone(), bare_router(engine), visitor::Cookie::default())
}

fn bare_router(engine: Engine) -> Router {
    let options = LeptosOptions::builder().output_name("patchline").build();
    patchline::web::router(engine, options)
}

fn tool_request(name: &str, arguments: &Value) -> Request<Body> {
    Request::post(format!("/api/tools/{name}"))
        .header(header::CONTENT_TYPE, "application/json")
        .body(Body::from(arguments.to_string()))
        .expect("a request")
}

pub(crate) async fn send(router: Router, request: Request<Body>) -> Answer {
    let response = begin(router, request).await;
    let (parts, body) = response.into_parts();
    let body = body.collect().await.expect("a whole body").to_bytes().to_vec();
    Answer { status: parts.status, headers: parts.headers, body }
}

async fn begin(router: Router, request: Request<Body>) -> Response<Body> {
    let (mut parts, body) = request.into_parts();
    parts.headers.entry(header::HOST).or_insert(header::HeaderValue::from_static("localhost:3000"));
    let caller = std::net::SocketAddr::from(([127, 0, 0, 1], 50_000));
    parts.extensions.get_or_insert(axum::extract::ConnectInfo(caller));
    router.oneshot(Request::from_parts(parts, body)).await.expect("an answer")
}

pub(crate) fn artist(id: &str, name: &str) -> Value {
    json!({
        "artistId": id, "name": name, "genre": "indie pop", "country": "NO", "signedOn": "2024-03-01",
        "biography": "Sings.", "events": [], "version": 1
    })
}

pub(crate) fn release(id: &str, artist: &str) -> Value {
    json!({
        "releaseId": id, "artistId": artist, "title": "Night Drive", "kind": "single", "status": "draft",
        "releaseDate": "2026-12-04", "genre": "indie pop", "upc": "036000291452", "pLine": "2026 Northlight",
        "cLine": "2026 Northlight", "version": 1,
        "tracks": [{
            "trackId": "trk_1", "number": 1, "title": "Night Drive", "isrc": "XX0AB2600001",
            "durationSeconds": 187, "explicit": false, "composers": ["Mira Holm"]
        }]
    })
}

/// Hours in which it is never now: a minute a week, four days away from today.
pub(crate) fn hours_that_are_not_now() -> String {
    let day = jiff::Zoned::now().in_tz("UTC").expect("UTC").weekday().wrapping_add(4);
    let name = format!("{day:?}");
    format!("{} 00:00-00:01", &name[..3])
}

/// A time zone in which it is between six in the morning and six in the evening now: no day ends while something is
/// tried there.
pub(crate) fn zone_by_day() -> &'static str {
    let hour = jiff::Timestamp::now().to_zoned(jiff::tz::TimeZone::UTC).hour();
    // Twelve hours ahead of UTC, summer and winter.
    if (6..18).contains(&hour) { "UTC" } else { "Pacific/Tarawa" }
}

/// A second of silence as a WAV file: 8 kHz, 16 bit, one channel.
pub(crate) fn wav() -> Vec<u8> {
    let data = vec![0_u8; 16_000];
    let mut file = Vec::with_capacity(44 + data.len());
    file.extend_from_slice(b"RIFF");
    file.extend_from_slice(&(36 + 16_000_u32).to_le_bytes());
    file.extend_from_slice(b"WAVEfmt ");
    for field in [16_u32, 0x0001_0001, 8_000, 16_000, 0x0010_0002] {
        file.extend_from_slice(&field.to_le_bytes());
    }
    file.extend_from_slice(b"data");
    file.extend_from_slice(&16_000_u32.to_le_bytes());
    file.extend_from_slice(&data);
    file
}

pub(crate) fn base64(bytes: &[u8]) -> String {
    base64::engine::general_purpose::STANDARD.encode(bytes)
}
