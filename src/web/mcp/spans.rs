//! A span for each request, by the conventions of OpenTelemetry for MCP. It belongs to the trace that the
//! client names in `_meta`, or else in the headers of HTTP, where the client is believed.
//!
//! Spans leave the house and wait in memory before, so what clients write into them is cut, and neither
//! arguments of tools nor results nor the words of errors are in them.

use super::asked::Asked;
use crate::engine::telemetry::{SPANS, TraceContext, secrets};
use axum::http::request::Parts;
use rmcp::model::{CallToolResponse, RequestId};
use rmcp::service::RequestContext;
use rmcp::{ErrorData, RoleServer};
use tracing::field::Empty;
use tracing::{Instrument, Span};

/// The most of a text of a client that is kept, in bytes.
const LONGEST: usize = 256;

/// The one thing that a request is about. A tool or prompt without a name is one that does not exist:
/// clients may write there what they like.
#[derive(Debug, Clone, Copy)]
pub(super) enum About<'a> {
    Nothing,
    Tool(Option<&'a str>),
    Prompt(Option<&'a str>),
    Resource(&'a str),
}

impl<'a> About<'a> {
    /// What stands in the name of the span: few different texts, so never an address.
    fn target(self) -> Option<&'a str> {
        match self {
            About::Tool(name) | About::Prompt(name) => name,
            About::Nothing | About::Resource(_) => None,
        }
    }

    fn operation(self) -> Option<&'static str> {
        matches!(self, About::Tool(_)).then_some("execute_tool")
    }

    fn tool(self) -> Option<&'a str> {
        if let About::Tool(name) = self { name } else { None }
    }

    fn prompt(self) -> Option<&'a str> {
        if let About::Prompt(name) = self { name } else { None }
    }

    fn resource(self) -> Option<String> {
        if let About::Resource(address) = self { Some(secrets::without_keys(cut(address))) } else { None }
    }
}

/// Answers a request within its span.
pub(super) async fn within<T>(
    method: &'static str,
    about: About<'_>,
    context: &RequestContext<RoleServer>,
    answering: impl Future<Output = Result<T, ErrorData>>,
) -> Result<T, ErrorData> {
    let span = begin(method, about, context);
    if span.is_disabled() {
        return answering.await;
    }
    let answer = answering.instrument(span.clone()).await;
    if let Err(error) = &answer {
        let code = error.code.0.to_string();
        span.record("error.type", code.as_str());
        span.record("rpc.response.status_code", code.as_str());
        span.record("otel.status_code", "ERROR");
    }
    answer
}

/// Notes in the span of a call that its tool says that it failed, which is no error of the protocol.
pub(super) fn note_failure(response: &CallToolResponse) {
    let CallToolResponse::Complete(result) = response else { return };
    let span = Span::current();
    if result.is_error != Some(true) || span.is_disabled() {
        return;
    }
    span.record("error.type", "tool_error");
    span.record("otel.status_code", "ERROR");
}

/// The span of a call that may go on when its request is answered: of the same trace, but not within the
/// span of the request, which would stay open as long.
pub(super) fn beside(request: &Span) -> Span {
    let span = tracing::info_span!(
        target: SPANS,
        parent: None,
        "call",
        "otel.kind" = "internal",
        "error.type" = Empty,
        "otel.status_code" = Empty,
    );
    if !span.is_disabled() {
        TraceContext::of(request).adopt(&span);
    }
    span
}

/// Notes in the span of a call, which may have been answered long ago, how it failed.
pub(super) fn note_end(answer: &Result<CallToolResponse, ErrorData>) {
    match answer {
        Ok(response) => note_failure(response),
        Err(error) => {
            let span = Span::current();
            span.record("error.type", error.code.0.to_string().as_str());
            span.record("otel.status_code", "ERROR");
        }
    }
}

fn begin(method: &'static str, about: About<'_>, context: &RequestContext<RoleServer>) -> Span {
    let span = tracing::info_span!(
        target: SPANS,
        "request",
        "otel.name" = about.target().map_or_else(|| method.to_owned(), |target| format!("{method} {target}")),
        "otel.kind" = "server",
        "mcp.method.name" = method,
        "mcp.protocol.version" = version(context),
        "mcp.session.id" = Empty,
        "mcp.resource.uri" = about.resource(),
        "jsonrpc.request.id" = said(&context.id),
        "gen_ai.operation.name" = about.operation(),
        "gen_ai.tool.name" = about.tool(),
        "gen_ai.prompt.name" = about.prompt(),
        "network.transport" = "tcp",
        "network.protocol.name" = "http",
        "client.address" = Empty,
        "patchline.request.id" = Empty,
        "error.type" = Empty,
        "rpc.response.status_code" = Empty,
        "otel.status_code" = Empty,
    );
    if span.is_disabled() {
        return span;
    }
    let asked = Asked::of(context);
    if let Some(trace) = told(context) {
        // Whoever may pass calls on is believed in this, too.
        if asked.as_ref().is_ok_and(|asked| asked.believed) {
            trace.adopt(&span);
        } else {
            trace.link(&span);
        }
    }
    if let Ok(asked) = asked {
        let origin = &asked.caller.origin;
        span.record("patchline.request.id", origin.request_id.as_str());
        span.record("mcp.session.id", origin.session.as_deref());
        span.record("client.address", origin.address.map(|address| address.to_string()));
    }
    span
}

/// The trace that the client names.
fn told(context: &RequestContext<RoleServer>) -> Option<TraceContext> {
    let headers = context.extensions.get::<Parts>().map(|parts| &parts.headers);
    let header = |name: &str| headers?.get(name)?.to_str().ok();
    let in_meta = TraceContext::read(|name| context.meta.get(name)?.as_str());
    in_meta.or_else(|| TraceContext::read(header))
}

fn version(context: &RequestContext<RoleServer>) -> Option<String> {
    context.protocol_version().map(|version| cut(&version.to_string()).to_owned())
}

fn said(id: &RequestId) -> String {
    match id {
        RequestId::String(id) => cut(id).to_owned(),
        RequestId::Number(id) => id.to_string(),
    }
}

/// The beginning of a text of a client.
fn cut(text: &str) -> &str {
    text.split_at(text.floor_char_boundary(LONGEST)).0
}
