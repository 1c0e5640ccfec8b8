//! Servers of MCP that answer the same call: Patchline, and those that others wrote.

pub(crate) mod bare;
pub(crate) mod others;

use crate::client::Client;
use crate::problem::Problem;
use bytes::Bytes;
use futures::FutureExt;
use futures::future::BoxFuture;
use serde_json::{Value, json};
use std::sync::Arc;

/// The tool that all of them have.
pub(crate) const TOOL: &str = "query_artist_data";

/// A revision of the protocol, in which every request stands alone.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Era {
    /// 2026-07-28: what the request is stands in its headers and in `_meta`.
    Stateless,
    /// 2025-11-25, at a server that keeps no sessions.
    WithoutSessions,
}

/// One call, ready to be sent again and again.
#[derive(Debug, Clone)]
pub(crate) struct Call {
    client: Client,
    headers: Arc<Vec<(&'static str, String)>>,
    body: Bytes,
}

impl Call {
    /// A call of a tool.
    pub(crate) fn new(client: &Client, era: Era, tool: &str, arguments: &Value) -> Self {
        let mut headers = vec![("accept", "application/json, text/event-stream".to_owned())];
        let mut params = json!({ "name": tool, "arguments": arguments });
        match era {
            Era::Stateless => {
                headers.push(("mcp-protocol-version", "2026-07-28".to_owned()));
                headers.push(("mcp-method", "tools/call".to_owned()));
                headers.push(("mcp-name", tool.to_owned()));
                params["_meta"] = json!({
                    "io.modelcontextprotocol/protocolVersion": "2026-07-28",
                    "io.modelcontextprotocol/clientCapabilities": {},
                });
            }
            Era::WithoutSessions => headers.push(("mcp-protocol-version", "2025-11-25".to_owned())),
        }
        let message = json!({ "jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": params });
        Self { client: client.clone(), headers: Arc::new(headers), body: message.to_string().into() }
    }

    /// Sends it once.
    ///
    /// # Errors
    /// When there is no answer, or it is no result.
    pub(crate) async fn send(&self) -> Result<Bytes, Problem> {
        let answer = self.client.post("/mcp", &self.headers, self.body.clone()).await?;
        let text = String::from_utf8_lossy(&answer);
        if text.contains("\"result\"") && !text.contains("\"isError\":true") {
            Ok(answer)
        } else {
            Err(Problem::new("call a tool", text.chars().take(300).collect::<String>()))
        }
    }

    /// What sends it again and again.
    pub(crate) fn again(
        &self,
    ) -> impl Fn() -> BoxFuture<'static, Result<Bytes, Problem>> + Clone + Send + 'static {
        let call = self.clone();
        move || {
            let call = call.clone();
            async move { call.send().await }.boxed()
        }
    }
}
