//! A client of one MCP server over Streamable HTTP, of either era of the protocol.
//!
//! The connection is made when it is needed, kept, and made anew after it broke. Answers are bounded in
//! size and time; a call whose caller goes away is cancelled at the other end, too.

use super::UpstreamError;
use super::error::shortened;
use crate::engine::telemetry::{SPANS, TraceContext};
use crate::engine::tools::{Progress, Step};
use reqwest::Url;
use rmcp::model::{
    CallToolRequest, CallToolRequestParams, CallToolResult, ClientCapabilities, ClientConfig, ClientRequest,
    Implementation, ListToolsRequest, PaginatedRequestParams, ProgressNotificationParam, ProgressToken,
    ProtocolVersion, ServerResult, Tool,
};
use rmcp::service::{
    NotificationContext, Peer, PeerRequestOptions, RequestHandle, RunningService, ServiceError,
};
use rmcp::transport::StreamableHttpClientTransport;
use rmcp::transport::streamable_http_client::StreamableHttpClientTransportConfig;
use rmcp::{ClientHandler, ClientLifecycleMode, ClientServiceExt, RoleClient};
use secrecy::{ExposeSecret, SecretString};
use serde_json::Value;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};
use tokio::time::timeout;
use tracing::field::Empty;
use tracing::{Instrument, Span};

/// How long it may take until somebody answers at an address.
const CONNECT: Duration = Duration::from_secs(3);

/// How long both eras together may take to begin.
const BEGIN: Duration = Duration::from_secs(15);

/// After a connection that did not come about, others wait this long before they try again.
const PAUSE: Duration = Duration::from_millis(500);

/// How long it is believed that a server speaks only the older era.
const VERDICT: Duration = Duration::from_hours(24);

/// The most that is listed: pages, and tools.
const PAGES: usize = 20;
const TOOLS: usize = 500;

/// Which origins were found to speak only the older era, and when. Cloning is cheap.
#[derive(Debug, Clone, Default)]
pub(in crate::engine::gateway) struct Verdicts(Arc<Mutex<HashMap<String, Instant>>>);

impl Verdicts {
    fn is_old(&self, origin: &str) -> bool {
        let known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        known.get(origin).is_some_and(|since| since.elapsed() < VERDICT)
    }

    fn note(&self, origin: &str, old: bool) {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if old {
            let since = known.entry(origin.to_owned()).or_insert_with(Instant::now);
            if since.elapsed() >= VERDICT {
                *since = Instant::now();
            }
        } else {
            known.remove(origin);
        }
    }
}

/// How Patchline introduces itself. It cannot be asked back: nobody sits at this end. What it hears of how
/// far a call is goes to whoever made the call.
#[derive(Clone, Default)]
struct Itself {
    followed: Arc<Mutex<HashMap<ProgressToken, Progress>>>,
}

impl ClientHandler for Itself {
    fn get_info(&self) -> ClientConfig {
        let name = Implementation::new("patchline", env!("CARGO_PKG_VERSION"));
        ClientConfig::new(ClientCapabilities::default(), name)
    }

    async fn on_progress(&self, heard: ProgressNotificationParam, _: NotificationContext<RoleClient>) {
        let followed = lock(&self.followed);
        if let Some(progress) = followed.get(&heard.progress_token) {
            let message = heard.message.as_deref().map(shortened).unwrap_or_default();
            progress.report(Step { done: whole(heard.progress), total: heard.total.map(whole), message });
        }
    }
}

/// A panic elsewhere leaves a map that is still right.
fn lock<T>(shared: &Mutex<T>) -> MutexGuard<'_, T> {
    shared.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Progress is shown to people; nothing is counted with it.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "beyond the ends it stays there")]
fn whole(number: f64) -> u64 {
    number as u64
}

/// A request on its way. When it is dropped before its answer, the other end is told to stop.
struct Underway {
    handle: Option<RequestHandle<RoleClient>>,
    followed: Arc<Mutex<HashMap<ProgressToken, Progress>>>,
    token: ProgressToken,
}

impl Underway {
    async fn answer(mut self) -> Result<ServerResult, ServiceError> {
        let Some(handle) = &mut self.handle else { return Err(ServiceError::TransportClosed) };
        let answer = (&mut handle.rx).await;
        self.handle = None;
        answer.unwrap_or(Err(ServiceError::TransportClosed))
    }
}

impl Drop for Underway {
    fn drop(&mut self) {
        lock(&self.followed).remove(&self.token);
        if let Some(handle) = self.handle.take()
            && let Ok(runtime) = tokio::runtime::Handle::try_current()
        {
            // Where the other end is away, there is nothing to stop.
            runtime.spawn(async move { handle.cancel(Some("nobody waits for it".to_owned())).await });
        }
    }
}

/// A client.
pub(in crate::engine::gateway) struct Client {
    endpoint: Url,
    key: Option<SecretString>,
    patience: Duration,
    largest: usize,
    /// Whether the server is somebody else's, who is told no more than the protocol wants.
    is_foreign: bool,
    http: reqwest::Client,
    verdicts: Verdicts,
    itself: Itself,
    connection: tokio::sync::Mutex<Connection>,
    era: Mutex<Option<String>>,
}

#[derive(Default)]
struct Connection {
    service: Option<RunningService<RoleClient, Itself>>,
    failed: Option<(Instant, UpstreamError)>,
}

impl Client {
    /// A client that is not connected yet. `largest` is the most that is read of an answer, in bytes.
    pub(in crate::engine::gateway) fn new(
        endpoint: Url,
        key: Option<SecretString>,
        patience: Duration,
        largest: usize,
        verdicts: Verdicts,
    ) -> Self {
        Self {
            http: http(),
            endpoint,
            key,
            patience,
            largest,
            is_foreign: false,
            verdicts,
            itself: Itself::default(),
            connection: tokio::sync::Mutex::default(),
            era: Mutex::default(),
        }
    }

    /// The same for the server of somebody else.
    pub(super) fn of_third_party(self) -> Self {
        Self { is_foreign: true, ..self }
    }

    /// Where the server is, for people: the host and the port.
    pub(in crate::engine::gateway) fn place(&self) -> String {
        let host = self.endpoint.host_str().unwrap_or_default();
        self.endpoint.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"))
    }

    /// The revision of the protocol that was agreed on last.
    pub(in crate::engine::gateway) fn era(&self) -> Option<String> {
        self.era.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Another address at the same place, with the client and the key for it.
    pub(super) fn get(&self, path: &str) -> reqwest::RequestBuilder {
        let mut address = self.endpoint.clone();
        address.set_path(path);
        let request = self.http.get(address);
        match &self.key {
            Some(key) => request.bearer_auth(key.expose_secret()),
            None => request,
        }
    }

    /// Calls a tool, and passes on how far it is. Dropping this cancels the call at the other end.
    pub(super) async fn call(
        &self,
        mut params: CallToolRequestParams,
        progress: &Progress,
    ) -> Result<CallToolResult, UpstreamError> {
        let span = self.span(&params.name);
        let meta = params.meta.get_or_insert_default();
        let trace = TraceContext::of(&span);
        let trace = if self.is_foreign { trace.without_state() } else { trace };
        for (name, part) in trace.parts() {
            meta.insert(name.to_owned(), Value::from(part));
        }
        let answer = self.call_within(params, progress).instrument(span.clone()).await;
        if let Some(era) = self.era() {
            span.record("mcp.protocol.version", era);
        }
        let failure = match &answer {
            Ok(result) if result.is_error == Some(true) => Some("tool_error"),
            Ok(_) => None,
            // The kind alone: the words may be those of the other server, and quote arguments.
            Err(error) => Some(error.id()),
        };
        if let Some(kind) = failure {
            span.record("error.type", kind);
            span.record("otel.status_code", "ERROR");
        }
        answer
    }

    /// The span of a call, by the conventions for clients of MCP.
    fn span(&self, tool: &str) -> Span {
        tracing::info_span!(
            target: SPANS,
            "passed_on",
            "otel.name" = format!("tools/call {tool}"),
            "otel.kind" = "client",
            "mcp.method.name" = "tools/call",
            "mcp.protocol.version" = Empty,
            "gen_ai.operation.name" = "execute_tool",
            "gen_ai.tool.name" = tool,
            "network.transport" = "tcp",
            "network.protocol.name" = "http",
            "server.address" = self.endpoint.host_str(),
            "server.port" = self.endpoint.port_or_known_default(),
            "error.type" = Empty,
            "otel.status_code" = Empty,
        )
    }

    async fn call_within(
        &self,
        params: CallToolRequestParams,
        progress: &Progress,
    ) -> Result<CallToolResult, UpstreamError> {
        let called = async {
            let peer = self.peer().await?;
            let request = ClientRequest::CallToolRequest(CallToolRequest::new(params));
            let sent = peer.send_cancellable_request(request, PeerRequestOptions::no_options()).await;
            let handle = sent.map_err(|error| self.failed(&error))?;
            let (followed, token) = (Arc::clone(&self.itself.followed), handle.progress_token.clone());
            lock(&followed).insert(token.clone(), progress.clone());
            let answer = Underway { handle: Some(handle), followed, token }.answer().await;
            match answer.map_err(|error| self.failed(&error))? {
                ServerResult::CallToolResult(result) => Ok(result),
                ServerResult::InputRequiredResult(_) | ServerResult::CreateTaskResult(_) => {
                    Err(UpstreamError::Lies(
                        "it asks back or makes a task of the call, which nobody here can answer".to_owned(),
                    ))
                }
                other => without_content(&other),
            }
        };
        timeout(self.patience, called).await.unwrap_or(Err(UpstreamError::TimedOut(self.patience)))
    }

    /// All tools, over as many pages as there may be.
    pub(super) async fn list(&self) -> Result<Vec<Tool>, UpstreamError> {
        let patience = self.patience.min(BEGIN);
        let listed = async {
            let peer = self.peer().await?;
            let (mut tools, mut cursor) = (Vec::new(), None);
            for _ in 0..PAGES {
                let params = PaginatedRequestParams::default().with_cursor(cursor);
                // Not through the list that the library keeps: it also answers for a server that is away.
                let request = ListToolsRequest { params: Some(params), ..ListToolsRequest::default() };
                let answer = peer.send_request(ClientRequest::ListToolsRequest(request)).await;
                let ServerResult::ListToolsResult(page) = answer.map_err(|error| self.failed(&error))? else {
                    return Err(UpstreamError::Lies("a list of another kind".to_owned()));
                };
                tools.extend(page.tools);
                if tools.len() > TOOLS {
                    return Err(UpstreamError::Lies(format!("more than {TOOLS} tools")));
                }
                cursor = page.next_cursor;
                if cursor.is_none() {
                    return Ok(tools);
                }
            }
            Err(UpstreamError::Lies(format!("a list of more than {PAGES} pages")))
        };
        timeout(patience, listed).await.unwrap_or(Err(UpstreamError::TimedOut(patience)))
    }

    /// Connects if that is not done yet.
    pub(super) async fn connect(&self) -> Result<(), UpstreamError> {
        timeout(BEGIN, self.peer()).await.unwrap_or(Err(UpstreamError::TimedOut(BEGIN))).map(drop)
    }

    fn failed(&self, error: &ServiceError) -> UpstreamError {
        UpstreamError::of_request(error, self.largest)
    }

    /// The other end of the connection, which is made where there is none.
    async fn peer(&self) -> Result<Peer<RoleClient>, UpstreamError> {
        let mut connection = self.connection.lock().await;
        if let Some(service) = &connection.service
            && !service.is_closed()
            && !service.peer().is_transport_closed()
        {
            return Ok(service.peer().clone());
        }
        connection.service = None;
        if let Some((at, error)) = &connection.failed
            && at.elapsed() < PAUSE
        {
            return Err(error.clone());
        }
        match self.begin().await {
            Ok(service) => {
                let peer = service.peer().clone();
                *connection = Connection { service: Some(service), failed: None };
                Ok(peer)
            }
            Err(error) => {
                connection.failed = Some((Instant::now(), error.clone()));
                Err(error)
            }
        }
    }

    async fn begin(&self) -> Result<RunningService<RoleClient, Itself>, UpstreamError> {
        let origin = self.endpoint.origin().ascii_serialization();
        let believed_old = self.verdicts.is_old(&origin);
        let lifecycle = if believed_old {
            ClientLifecycleMode::Initialize
        } else {
            ClientLifecycleMode::Auto {
                preferred_versions: vec![ProtocolVersion::V_2026_07_28],
                legacy_version: None,
            }
        };
        let began =
            timeout(BEGIN, self.itself.clone().serve_with_lifecycle(self.transport(), lifecycle)).await;
        let began = began
            .map_err(|_| UpstreamError::TimedOut(BEGIN))
            .and_then(|began| began.map_err(|error| UpstreamError::of_connection(&error, self.largest)));
        match began {
            Ok(service) => {
                let version = service.peer().peer_info().map(|info| info.protocol_version.to_string());
                let old = version.as_deref().is_some_and(|version| version < "2026-07-28");
                self.verdicts.note(&origin, old);
                *self.era.lock().unwrap_or_else(PoisonError::into_inner) = version;
                Ok(service)
            }
            Err(error) => {
                if believed_old {
                    self.verdicts.note(&origin, false);
                }
                Err(error)
            }
        }
    }

    fn transport(&self) -> StreamableHttpClientTransport<reqwest::Client> {
        let mut settings = StreamableHttpClientTransportConfig::with_uri(self.endpoint.as_str())
            .max_concurrent_requests(1_000)
            .max_json_response_size(self.largest)
            .max_sse_event_size(self.largest);
        if let Some(key) = &self.key {
            settings = settings.auth_header(key.expose_secret());
        }
        StreamableHttpClientTransport::with_client(self.http.clone(), settings)
    }
}

/// A result that has its structure only, which some servers send.
fn without_content(result: &ServerResult) -> Result<CallToolResult, UpstreamError> {
    let mut result = serde_json::to_value(result).unwrap_or_default();
    let structured = result.get("structuredContent").is_some();
    if let Some(fields) = result.as_object_mut().filter(|_| structured) {
        fields.entry("content").or_insert_with(|| Value::Array(Vec::new()));
    }
    serde_json::from_value(result)
        .map_err(|_| UpstreamError::Lies("its answer is not the result of a tool".to_owned()))
}

/// Without redirects: a key must not follow one, and a call must not lose its body on the way.
fn http() -> reqwest::Client {
    let client = reqwest::Client::builder()
        .redirect(reqwest::redirect::Policy::none())
        .connect_timeout(CONNECT)
        .pool_idle_timeout(Duration::from_secs(30))
        .build();
    client.unwrap_or_else(|error| {
        tracing::error!(%error, "the HTTP client for other MCP servers has its default settings");
        reqwest::Client::new()
    })
}
