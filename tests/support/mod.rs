//! A whole Patchline in a folder of its own, reached through its router as a client would.

pub(crate) mod language_model;
mod switch;

pub(crate) use switch::Switch;

use aws_sdk_dynamodb::types::AttributeValue;
use axum::Router;
use axum::body::Body;
use axum::http::{HeaderMap, Request, StatusCode, header};
use base64::Engine as _;
use http_body_util::BodyExt;
use leptos::config::LeptosOptions;
use patchline::engine::Engine;
use patchline::engine::aws::{AwsClients, Embedded};
use patchline::engine::config::Config;
use serde_json::{Value, json};
use std::collections::HashMap;
use tempfile::TempDir;
use tower::ServiceExt;

/// A running Patchline.
pub(crate) struct Patchline {
    pub(crate) engine: Engine,
    pub(crate) clients: AwsClients,
    router: Router,
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
        let listener = tokio::net::TcpListener::bind(("127.0.0.1", 0)).await.expect("a free port");
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
        let clients = AwsClients::connect(&config, Some(&embedded)).await;
        let engine = Engine::start(config, Some(&embedded)).await.expect("the engine starts");
        let options = LeptosOptions::builder().output_name("patchline").build();
        let router = patchline::web::router(engine.clone(), options);
        Self { engine, clients, router, embedded, folder, variables }
    }

    /// Stops it and starts it again over the same folder.
    pub(crate) async fn restart(self) -> Self {
        let Self { engine, router, clients, embedded, folder, variables } = self;
        engine.close().await;
        drop((engine, router, clients));
        embedded.close().await;
        Self::open(folder, variables).await
    }

    /// What `patchline doctor` finds wrong, by what was examined.
    pub(crate) async fn complaints(&self) -> Vec<(String, String)> {
        let findings = patchline::engine::doctor::examine(&self.engine.config, Some(&self.embedded)).await;
        let findings = findings.expect("everything is examined");
        findings.into_iter().filter_map(|finding| Some((finding.what, finding.problem?))).collect()
    }

    /// Answers at a free port, too.
    pub(crate) async fn listen(&self) -> Served {
        Served::of(self.router.clone()).await
    }

    pub(crate) async fn send(&self, request: Request<Body>) -> Answer {
        let (mut parts, body) = request.into_parts();
        parts.headers.entry(header::HOST).or_insert(header::HeaderValue::from_static("localhost:3000"));
        let caller = std::net::SocketAddr::from(([127, 0, 0, 1], 50_000));
        parts.extensions.get_or_insert(axum::extract::ConnectInfo(caller));
        let response =
            self.router.clone().oneshot(Request::from_parts(parts, body)).await.expect("an answer");
        let (parts, body) = response.into_parts();
        let body = body.collect().await.expect("a whole body").to_bytes().to_vec();
        Answer { status: parts.status, headers: parts.headers, body }
    }

    pub(crate) async fn get(&self, path: &str) -> Answer {
        self.send(Request::get(path).body(Body::empty()).expect("a request")).await
    }

    /// Runs a tool over REST.
    pub(crate) async fn tool(&self, name: &str, arguments: Value) -> Answer {
        let request = Request::post(format!("/api/tools/{name}"))
            .header(header::CONTENT_TYPE, "application/json")
            .body(Body::from(arguments.to_string()))
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

    /// All records of the audit log, in the order in which they were made.
    pub(crate) async fn audit_records(&self) -> Vec<Value> {
        self.engine.close().await;
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
