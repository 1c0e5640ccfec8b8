//! A server of MCP made of rmcp alone: no door, no rules, no record, one tool with a fixed answer.

use crate::problem::{Because, Problem};
use rmcp::model::{
    CallToolRequestParams, CallToolResponse, CallToolResult, ServerCapabilities, ServerConfig,
};
use rmcp::service::RequestContext;
use rmcp::transport::streamable_http_server::session::local::LocalSessionManager;
use rmcp::transport::streamable_http_server::{StreamableHttpServerConfig, StreamableHttpService};
use rmcp::{ErrorData, RoleServer, ServerHandler};
use serde_json::Value;
use std::sync::Arc;

#[derive(Debug, Clone)]
struct Fixed(Arc<Value>);

impl ServerHandler for Fixed {
    fn get_info(&self) -> ServerConfig {
        ServerConfig::new(ServerCapabilities::builder().enable_tools().build())
    }

    async fn call_tool(
        &self,
        _request: CallToolRequestParams,
        _context: RequestContext<RoleServer>,
    ) -> Result<CallToolResponse, ErrorData> {
        Ok(CallToolResult::structured((*self.0).clone()).into())
    }
}

/// Serves it at a loopback port until the process is ended.
pub(crate) async fn serve(port: u16, answer: &str) -> Result<(), Problem> {
    let answer: Value = serde_json::from_str(answer).because("read the fixed answer")?;
    let fixed = Fixed(Arc::new(answer));
    let config =
        StreamableHttpServerConfig::default().with_json_response(true).with_legacy_session_mode(false);
    let sessions = Arc::new(LocalSessionManager::default());
    let service = StreamableHttpService::new(move || Ok(fixed.clone()), sessions, config);
    let listener = tokio::net::TcpListener::bind(("127.0.0.1", port)).await.because("listen on a port")?;
    let router = axum::Router::new().route_service("/mcp", service);
    axum::serve(listener, router).await.because("serve")
}
