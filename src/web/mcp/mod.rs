//! The Model Context Protocol over HTTP: `/mcp` with every tool of the caller, `/mcp/{server}` with those
//! of one server; both eras of the protocol on each.

mod asked;
mod completion;
mod cursor;
mod door;
mod elicitation;
mod followers;
mod handler;
mod instructions;
mod logging;
mod progress;
mod prompts;
mod resources;
mod scope;
mod sessions;
mod spans;
mod strict_json;
mod subscriptions;
mod tasks;
mod tools;

// For the fixtures of the conformance suite, which are put around the handlers.
pub use handler::Handler;
pub use tasks::{Answer, Answering, Manner, are_known as knows_tasks};

use crate::engine::Engine;
use crate::web::streams::Streams;
use axum::{Router, middleware};
use door::Door;
use handler::Shared;
use rmcp::ServerHandler;
use rmcp::transport::streamable_http_server::session::local::LocalSessionManager;
use rmcp::transport::streamable_http_server::{StreamableHttpServerConfig, StreamableHttpService};
use scope::Scope;
use sessions::Sessions;
use std::sync::Arc;
use std::time::Duration;

/// The largest message. Larger files go to the addresses for uploads.
const LARGEST_MESSAGE: usize = 4 * 1024 * 1024;

/// How often an open stream shows that it is alive.
const KEEP_ALIVE: Duration = Duration::from_secs(15);

/// The addresses of MCP. `wrap` may put something around each handler: the conformance suite's fixtures.
pub(super) fn routes<H>(
    engine: &Engine,
    streams: &Streams,
    wrap: impl Fn(Handler) -> H + Clone + Send + Sync + 'static,
) -> Router
where
    H: ServerHandler,
{
    let shared = Arc::new(Shared::new(engine));
    let scopes = std::iter::once(Scope::All).chain(engine.gateway.servers().into_iter().map(Scope::Only));
    scopes.fold(Router::new(), |router, scope| {
        let sessions = Arc::new(local_sessions(engine));
        let known = Sessions::new(Arc::clone(&sessions), engine.config.session_timeout);
        let callers = known.callers().clone();
        let door = Door::new(engine.clone(), known, streams.clone());
        let (shared, wrap) = (Arc::clone(&shared), wrap.clone());
        let make = move || Ok(wrap(Handler::new(Arc::clone(&shared), scope, callers.clone())));
        let service = StreamableHttpService::new(make, sessions, settings(engine));
        let route = Router::new()
            .route_service(&scope.path(), service)
            .layer(middleware::from_fn_with_state(door, door::enter));
        router.merge(route)
    })
}

fn settings(engine: &Engine) -> StreamableHttpServerConfig {
    // The door is stricter: it compares a page's origin with the host that it asked for.
    let pages = ["http://localhost:*", "http://127.0.0.1:*", "http://[::1]:*"];
    StreamableHttpServerConfig::default()
        .with_allowed_hosts(["localhost", "127.0.0.1", "::1"])
        .with_allowed_origins(pages)
        .enforce_origin_validation()
        .with_json_response(true)
        .with_legacy_session_mode(true)
        .with_sse_keep_alive(Some(KEEP_ALIVE))
        .with_max_request_body_bytes(LARGEST_MESSAGE)
        .with_cancellation_token(engine.end_of_streams())
}

/// Sessions of clients of the older era. They may vanish at any time: a client that is told 404 begins anew.
fn local_sessions(engine: &Engine) -> LocalSessionManager {
    let mut sessions = LocalSessionManager::default();
    sessions.session_config.keep_alive = Some(engine.config.session_timeout);
    sessions
}
