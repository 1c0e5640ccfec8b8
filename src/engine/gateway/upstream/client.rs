//! A client of one MCP server over Streamable HTTP, of either era of the protocol.
//!
//! The connection is made when it is needed, kept, and made anew after it broke. Answers are bounded in
//! size and time; a call whose caller goes away is cancelled at the other end, too.

use super::UpstreamError;
use reqwest::Url;
use rmcp::model::{
    CallToolRequestParams, CallToolResponse, CallToolResult, ClientCapabilities, ClientConfig, ClientRequest,
    Implementation, ListToolsRequest, PaginatedRequestParams, ProtocolVersion, ServerResult, Tool,
};
use rmcp::service::{Peer, RunningService, ServiceError};
use rmcp::transport::StreamableHttpClientTransport;
use rmcp::transport::streamable_http_client::StreamableHttpClientTransportConfig;
use rmcp::{ClientHandler, ClientLifecycleMode, ClientServiceExt, RoleClient};
use secrecy::{ExposeSecret, SecretString};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};
use tokio::time::timeout;

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

/// How Patchline introduces itself. It cannot be asked back: nobody sits at this end.
struct Itself;

impl ClientHandler for Itself {
    fn get_info(&self) -> ClientConfig {
        let name = Implementation::new("patchline", env!("CARGO_PKG_VERSION"));
        ClientConfig::new(ClientCapabilities::default(), name)
    }
}

/// A client.
pub(in crate::engine::gateway) struct Client {
    endpoint: Url,
    key: Option<SecretString>,
    patience: Duration,
    largest: usize,
    http: reqwest::Client,
    verdicts: Verdicts,
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
            verdicts,
            connection: tokio::sync::Mutex::default(),
            era: Mutex::default(),
        }
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

    /// Calls a tool. Dropping this cancels the call at the other end.
    pub(super) async fn call(&self, params: CallToolRequestParams) -> Result<CallToolResult, UpstreamError> {
        let called = async {
            let peer = self.peer().await?;
            let answer = peer.call_tool_once(params).await;
            match answer.map_err(|error| self.failed(&error))? {
                CallToolResponse::Complete(result) => Ok(result),
                _ => Err(UpstreamError::Lies(
                    "it asks back or makes a task of the call, which nobody here can answer".to_owned(),
                )),
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
        let began = timeout(BEGIN, Itself.serve_with_lifecycle(self.transport(), lifecycle)).await;
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
