//! A client of one MCP server over Streamable HTTP, of either era of the protocol.
//!
//! The connection is made when it is needed, kept, and made anew after it broke. Answers are bounded in
//! size and time; a call whose caller goes away is cancelled at the other end, too.

use super::UpstreamError;
use super::consents::KeptConsent;
use super::itself::Itself;
use super::oauth::{Attempts, Authorization, Consent};
use super::questions;
use super::standing::{OPENS, Watched};
use super::verdicts::Verdicts;
use crate::engine::config::{Access, Questions, Revision};
use crate::engine::telemetry::{SPANS, TraceContext};
use crate::engine::tools::Progress;
use reqwest::Url;
use rmcp::model::{
    CallToolRequest, CallToolRequestParams, CallToolResult, ClientRequest, InputRequiredResult,
    ListToolsRequest, PaginatedRequestParams, ProgressToken, ProtocolVersion, ServerResult, Tool,
};
use rmcp::service::{
    ClientInitializeError, Peer, PeerRequestOptions, RequestHandle, RunningService, ServiceError,
};
use rmcp::transport::StreamableHttpClientTransport;
use rmcp::transport::streamable_http_client::{StreamableHttpClient, StreamableHttpClientTransportConfig};
use rmcp::{ClientLifecycleMode, ClientServiceExt, RoleClient};
use secrecy::{ExposeSecret, SecretString};
use serde_json::Value;
use std::sync::{Arc, Mutex, PoisonError};
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

/// The most that is listed: pages, and tools.
const PAGES: usize = 20;
const TOOLS: usize = 500;

/// How often a server may ask back before it answers a call, and how long it has where it asks nothing but
/// to be called again.
const ROUNDS: usize = 10;
const ROUND: Duration = Duration::from_millis(100);

/// A request on its way. When it is dropped before its answer, the other end is told to stop.
struct Underway {
    handle: Option<RequestHandle<RoleClient>>,
    itself: Itself,
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
        self.itself.forget(&self.token);
        if let Some(handle) = self.handle.take()
            && let Ok(runtime) = tokio::runtime::Handle::try_current()
        {
            // Where the other end is away, there is nothing to stop.
            runtime.spawn(async move { handle.cancel(Some("nobody waits for it".to_owned())).await });
        }
    }
}

/// What is shown to the server.
enum Shown {
    Nothing,
    Key(SecretString),
    Token(Box<Authorization>),
}

/// A client.
pub struct Client {
    endpoint: Url,
    shown: Shown,
    patience: Duration,
    opens: Duration,
    largest: usize,
    /// Whether the server is somebody else's, who is told no more than the protocol wants.
    is_foreign: bool,
    revision: Revision,
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
    pub fn new(
        endpoint: Url,
        access: Access,
        patience: Duration,
        largest: usize,
        verdicts: Verdicts,
    ) -> Self {
        let http = http();
        let shown = match access {
            Access::Open => Shown::Nothing,
            Access::Key(key) => Shown::Key(key),
            Access::OAuth(settings) => {
                Shown::Token(Box::new(Authorization::new(endpoint.clone(), *settings, http.clone())))
            }
        };
        Self {
            http,
            endpoint,
            shown,
            patience,
            opens: OPENS,
            largest,
            is_foreign: false,
            revision: Revision::Automatic,
            verdicts,
            itself: Itself::default(),
            connection: tokio::sync::Mutex::default(),
            era: Mutex::default(),
        }
    }

    /// The same for the server of somebody else.
    #[must_use]
    pub fn of_third_party(self) -> Self {
        Self { is_foreign: true, ..self }
    }

    /// The same with this revision of the protocol only.
    #[must_use]
    pub fn in_revision(self, revision: Revision) -> Self {
        Self { revision, ..self }
    }

    /// The same with these answers where the server asks back.
    #[must_use]
    pub fn answering(self, questions: Questions) -> Self {
        Self { itself: self.itself.answering(questions), ..self }
    }

    /// The same that waits so long for the stream on which a server can ask outside of a call, where questions are
    /// answered: at most as long as a connection may take to begin, 15 s.
    #[must_use]
    pub fn waiting_for_questions(self, opens: Duration) -> Self {
        Self { opens, ..self }
    }

    /// The same with somebody who can consent where the server wants the consent of a person.
    #[must_use]
    pub fn with_consent(self, consent: Arc<dyn Consent>) -> Self {
        self.authorized(|authorization| authorization.with_consent(consent))
    }

    /// The same with consents that all instances share.
    pub(super) fn kept_at(self, kept: KeptConsent) -> Self {
        self.authorized(|authorization| authorization.kept_at(kept))
    }

    fn authorized(self, change: impl FnOnce(Authorization) -> Authorization) -> Self {
        let shown = match self.shown {
            Shown::Token(authorization) => Shown::Token(Box::new(change(*authorization))),
            other => other,
        };
        Self { shown, ..self }
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
        match &self.shown {
            Shown::Key(key) => request.bearer_auth(key.expose_secret()),
            // Only instances are asked outside of the protocol, and they want a key.
            Shown::Nothing | Shown::Token(_) => request,
        }
    }

    /// Calls a tool, and passes on how far it is. Dropping this cancels the call at the other end.
    ///
    /// # Errors
    /// When no answer came, or none that keeps to the protocol.
    pub async fn call(
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
            let mut attempts = self.attempts();
            loop {
                match self.call_once(params.clone(), progress).await {
                    Err(error) => attempts.after(error).await?,
                    done => return done,
                }
            }
        };
        timeout(self.patience, called).await.unwrap_or(Err(UpstreamError::TimedOut(self.patience)))
    }

    /// A call with all that the server asks before it answers.
    async fn call_once(
        &self,
        mut params: CallToolRequestParams,
        progress: &Progress,
    ) -> Result<CallToolResult, UpstreamError> {
        let peer = self.peer().await?;
        for _ in 0..ROUNDS {
            let request = ClientRequest::CallToolRequest(CallToolRequest::new(params.clone()));
            let sent = peer.send_cancellable_request(request, PeerRequestOptions::no_options()).await;
            let handle = sent.map_err(|error| self.failed(&error))?;
            let (itself, token) = (self.itself.clone(), handle.progress_token.clone());
            itself.follow(token.clone(), progress);
            let answer = Underway { handle: Some(handle), itself, token }.answer().await;
            match answer.map_err(|error| self.failed(&error))? {
                ServerResult::CallToolResult(result) => return Ok(result),
                ServerResult::InputRequiredResult(asked) => self.answer_back(&mut params, asked).await?,
                ServerResult::CreateTaskResult(_) => {
                    let words = "it makes a task of the call, which nobody here asked for".to_owned();
                    return Err(UpstreamError::Lies(words));
                }
                other => return without_content(&other),
            }
        }
        Err(UpstreamError::Lies(format!("it asks back more than {ROUNDS} times")))
    }

    /// Puts into a call what the server asked for in place of an answer.
    async fn answer_back(
        &self,
        params: &mut CallToolRequestParams,
        asked: InputRequiredResult,
    ) -> Result<(), UpstreamError> {
        let requests = asked.input_requests.unwrap_or_default();
        if requests.is_empty() {
            tokio::time::sleep(ROUND).await;
        }
        let answers = questions::answers(self.itself.questions, requests)
            .map_err(|what| UpstreamError::Lies(format!("it asks for {what}, which it was not offered")))?;
        params.input_responses = (!answers.is_empty()).then_some(answers);
        params.request_state = asked.request_state;
        Ok(())
    }

    /// All tools, over as many pages as there may be.
    ///
    /// # Errors
    /// When no answer came, or none that keeps to the protocol.
    pub async fn list(&self) -> Result<Vec<Tool>, UpstreamError> {
        let patience = self.patience.min(BEGIN);
        timeout(patience, self.list_patiently()).await.unwrap_or(Err(UpstreamError::TimedOut(patience)))
    }

    /// The same, for as long as somebody takes who has to consent to it.
    pub(super) async fn list_patiently(&self) -> Result<Vec<Tool>, UpstreamError> {
        let mut attempts = self.attempts();
        loop {
            let listed = timeout(self.patience, self.list_once()).await;
            match listed.unwrap_or(Err(UpstreamError::TimedOut(self.patience))) {
                Err(error) => attempts.after(error).await?,
                done => return done,
            }
        }
    }

    async fn list_once(&self) -> Result<Vec<Tool>, UpstreamError> {
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
    }

    /// Connects if that is not done yet.
    ///
    /// # Errors
    /// Why there is no connection.
    pub async fn connect(&self) -> Result<(), UpstreamError> {
        let connected = async {
            let mut attempts = self.attempts();
            loop {
                match self.peer().await {
                    Err(error) => attempts.after(error).await?,
                    Ok(_) => return Ok::<(), UpstreamError>(()),
                }
            }
        };
        timeout(BEGIN, connected).await.unwrap_or(Err(UpstreamError::TimedOut(BEGIN)))
    }

    fn attempts(&self) -> Attempts<'_> {
        Attempts::new(match &self.shown {
            Shown::Token(authorization) => Some(authorization.as_ref()),
            Shown::Nothing | Shown::Key(_) => None,
        })
    }

    fn failed(&self, error: &ServiceError) -> UpstreamError {
        self.wanted(error.auth_challenge()).unwrap_or_else(|| UpstreamError::of_request(error, self.largest))
    }

    fn not_begun(&self, error: &ClientInitializeError) -> UpstreamError {
        self.wanted(error.auth_challenge())
            .unwrap_or_else(|| UpstreamError::of_connection(error, self.largest))
    }

    /// What a refusal comes to where there is a way to be authorized.
    fn wanted(&self, refusal: Option<&str>) -> Option<UpstreamError> {
        let refusal = refusal.filter(|_| matches!(self.shown, Shown::Token(_)))?;
        Some(UpstreamError::AuthorizationWanted(refusal.to_owned()))
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
            // Whoever is authorized next need not wait.
            Err(error @ UpstreamError::AuthorizationWanted(_)) => Err(error),
            Err(error) => {
                connection.failed = Some((Instant::now(), error.clone()));
                Err(error)
            }
        }
    }

    async fn begin(&self) -> Result<RunningService<RoleClient, Itself>, UpstreamError> {
        let origin = self.endpoint.origin().ascii_serialization();
        let believed_old = self.revision == Revision::Automatic && self.verdicts.is_old(&origin);
        let newer = vec![ProtocolVersion::V_2026_07_28];
        let lifecycle = match self.revision {
            Revision::V2025_11_25 => ClientLifecycleMode::Initialize,
            Revision::V2026_07_28 => ClientLifecycleMode::Discover { preferred_versions: newer },
            Revision::Automatic if believed_old => ClientLifecycleMode::Initialize,
            Revision::Automatic => {
                ClientLifecycleMode::Auto { preferred_versions: newer, legacy_version: None }
            }
        };
        let began = timeout(BEGIN, self.serve(lifecycle)).await;
        let began = began.unwrap_or(Err(UpstreamError::TimedOut(BEGIN)));
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

    /// The transports differ in their type only by what they show.
    async fn serve(
        &self,
        lifecycle: ClientLifecycleMode,
    ) -> Result<RunningService<RoleClient, Itself>, UpstreamError> {
        if let Shown::Token(authorization) = &self.shown {
            self.serve_over(authorization.client().await?, lifecycle).await
        } else {
            self.serve_over(self.http.clone(), lifecycle).await
        }
    }

    async fn serve_over<C>(
        &self,
        http: C,
        lifecycle: ClientLifecycleMode,
    ) -> Result<RunningService<RoleClient, Itself>, UpstreamError>
    where
        C: StreamableHttpClient + Sync,
    {
        let http = Watched::new(http);
        let transport = StreamableHttpClientTransport::with_client(http.clone(), self.settings());
        let began = self.itself.clone().serve_with_lifecycle(transport, lifecycle).await;
        let service = began.map_err(|error| self.not_begun(&error))?;
        if self.itself.questions == Questions::Defaults {
            http.settled(self.opens).await;
        }
        Ok(service)
    }

    fn settings(&self) -> StreamableHttpClientTransportConfig {
        let settings = StreamableHttpClientTransportConfig::with_uri(self.endpoint.as_str())
            .max_concurrent_requests(1_000)
            .max_json_response_size(self.largest)
            .max_sse_event_size(self.largest);
        match &self.shown {
            Shown::Key(key) => settings.auth_header(key.expose_secret()),
            Shown::Nothing | Shown::Token(_) => settings,
        }
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
