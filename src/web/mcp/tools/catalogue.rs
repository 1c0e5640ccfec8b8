//! The list of tools: stable in order, in pages, and only those that the caller may use.

use super::{compact, run_task, search};
use crate::model::tool::ToolDescription;
use crate::web::mcp::asked::Asked;
use crate::web::mcp::handler::Handler;
use crate::web::mcp::{cursor, instructions};
use rmcp::ErrorData;
use rmcp::model::{CacheScope, CallToolRequestParams, JsonObject, ListToolsResult, Tool, ToolAnnotations};
use serde_json::Value;
use std::sync::Arc;

/// Tools on a page.
const PAGE: usize = 50;

/// The word of a schema for an argument that stands in a header, too.
const HEADER: &str = "x-mcp-header";

/// How long a client may keep the list: it changes when Patchline is started anew, when an admin approves
/// the tool of a third party, and when that one changes its definition.
const KEPT_MILLIS: u64 = 60_000;

/// A page of tools.
pub(in crate::web::mcp) fn list(
    handler: &Handler,
    asked: &Asked,
    from: Option<&str>,
) -> Result<ListToolsResult, ErrorData> {
    let tools = if asked.compact {
        compact::tools()
    } else {
        let own = offered(handler, asked);
        let task = run_task::is_offered(handler, asked).then(run_task::tool);
        std::iter::once(search::tool()).chain(task).chain(own.iter().map(described)).collect()
    };
    let begin = from.map(|from| cursor::decode::<usize>("tools", from)).transpose()?.unwrap_or_default();
    // A cursor comes from outside, and may be any number.
    let end = begin.saturating_add(PAGE);
    let more = tools.len() > end;
    let page = tools.into_iter().skip(begin).take(PAGE).collect();
    let mut result =
        ListToolsResult::with_all_items(page).with_ttl_ms(KEPT_MILLIS).with_cache_scope(CacheScope::Private);
    result.next_cursor = if more { cursor::encode("tools", &end) } else { None };
    Ok(result)
}

/// The tools of this address that the caller may use.
pub(super) fn offered(handler: &Handler, asked: &Asked) -> Vec<ToolDescription> {
    let mut tools = handler.engine().gateway.tools(&asked.caller.principal);
    tools.retain(|tool| handler.scope.offers(tool));
    tools
}

/// One of them.
pub(super) fn find(handler: &Handler, asked: &Asked, name: &str) -> Option<Arc<ToolDescription>> {
    let tool = handler.engine().gateway.tool(&asked.caller.principal, name);
    tool.filter(|tool| handler.scope.offers(tool))
}

/// Whether a call changes nothing, whatever the arguments of its tool.
pub(super) fn only_reads(handler: &Handler, asked: &Asked, request: &CallToolRequestParams) -> bool {
    let reads = |name: &str| find(handler, asked, name).is_some_and(|tool| tool.annotations.read_only_hint);
    match request.name.as_ref() {
        search::NAME | compact::DESCRIBE => true,
        compact::CALL => compact::named(request).is_some_and(reads),
        name => reads(name),
    }
}

/// A tool that wants arguments in headers, too. Only third parties have such.
pub(in crate::web::mcp) fn with_headers(handler: &Handler, name: &str) -> Option<Tool> {
    let tool = handler.engine().gateway.foreign_tool(name)?;
    let properties = tool.input_schema["properties"].as_object()?;
    properties.values().any(|property| property.get(HEADER).is_some()).then(|| described(&tool))
}

/// A tool as the protocol describes it.
pub(super) fn described(tool: &ToolDescription) -> Tool {
    let hints = tool.annotations;
    let annotations = ToolAnnotations::with_title(tool.title.clone())
        .read_only(hints.read_only_hint)
        .destructive(hints.destructive_hint)
        .idempotent(hints.idempotent_hint)
        .open_world(hints.open_world_hint);
    let listed = Tool::new(tool.name.clone(), tool.description.clone(), schema(&tool.input_schema))
        .with_title(tool.title.clone())
        .with_annotations(annotations)
        .with_icons(vec![instructions::icon(Some(&tool.server))]);
    // Tools of third parties need not promise how their results look.
    if tool.output_schema.is_object() {
        listed.with_raw_output_schema(schema(&tool.output_schema))
    } else {
        listed
    }
}

/// A schema as an object; ours always are.
pub(super) fn schema(schema: &Value) -> Arc<JsonObject> {
    Arc::new(schema.as_object().cloned().unwrap_or_default())
}
