//! Reading a resource: records as JSON, texts as text, everything else as bytes.

use super::address::Address;
use crate::engine::catalog::ObjectKey;
use crate::engine::gateway::{CallError, CallErrorKind};
use crate::engine::tools::Operation;
use crate::engine::tools::views::{OpenKnowledgeSource, ProcessRecording, ReadFile, ReadFileInput};
use crate::model::knowledge::SourceAsked;
use crate::web::mcp::asked::Asked;
use crate::web::mcp::handler::Handler;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use rmcp::ErrorData;
use rmcp::model::{CacheScope, ReadResourceResult, ResourceContents};
use serde_json::{Value, json};

/// How long a client may keep what it read.
const KEPT_MILLIS: u64 = 5_000;

/// Reads what is at an address.
pub(in crate::web::mcp) async fn read(
    handler: &Handler,
    asked: &Asked,
    uri: &str,
) -> Result<ReadResourceResult, ErrorData> {
    let missing = |message: String| ErrorData::resource_not_found(message, Some(json!({ "uri": uri })));
    let address: Address =
        uri.parse().map_err(|error: super::address::UnknownAddress| missing(error.to_string()))?;
    if !address.is_offered_by(handler) {
        return Err(missing(format!("{uri} is not offered at this address.")));
    }
    let contents = match address {
        Address::Artist(id) => {
            record(handler, asked, "query_artist_data", json!({ "artistId": id }), uri).await
        }
        Address::Release(id) => {
            record(handler, asked, "query_release_data", json!({ "releaseId": id }), uri).await
        }
        Address::File { bucket, name } => file(handler, asked, bucket, &name, uri).await,
        Address::Knowledge(name) => knowledge(handler, asked, name, uri).await,
    };
    let contents = contents.map_err(|error| match error.kind {
        CallErrorKind::NotFound => missing(error.to_string()),
        _ => refused(&error),
    })?;
    Ok(ReadResourceResult::new(vec![contents]).with_ttl_ms(KEPT_MILLIS).with_cache_scope(CacheScope::Private))
}

/// The protocol's error for a request that is not a call of a tool.
pub(in crate::web::mcp) fn refused(error: &CallError) -> ErrorData {
    let data = json!({
        "kind": error.kind,
        "requestId": error.request_id,
        "retryAfterSeconds": error.retry_after.map(|wait| wait.as_secs() + 1),
    });
    match error.kind {
        CallErrorKind::Internal | CallErrorKind::Unavailable | CallErrorKind::TooManyRequests => {
            ErrorData::internal_error(error.to_string(), Some(data))
        }
        _ => ErrorData::invalid_params(error.to_string(), Some(data)),
    }
}

async fn record(
    handler: &Handler,
    asked: &Asked,
    tool: &str,
    question: Value,
    uri: &str,
) -> Result<ResourceContents, CallError> {
    let (gateway, caller) = (&handler.engine().gateway, &asked.caller);
    let answer = gateway.call_tool(&caller.principal, &caller.origin, tool, question).await?;
    let text = format!("{:#}", answer.output["rows"][0]);
    Ok(ResourceContents::text(text, uri).with_mime_type("application/json"))
}

async fn file(
    handler: &Handler,
    asked: &Asked,
    bucket_name: String,
    name: &str,
    uri: &str,
) -> Result<ResourceContents, CallError> {
    let (gateway, caller) = (&handler.engine().gateway, &asked.caller);
    let file_name: ObjectKey = name.parse().map_err(|error| {
        let message = format!("The file name is wrong: {error}.");
        let error = CallError::new(CallErrorKind::NotFound, message, "");
        gateway.refused(&caller.principal, &caller.origin, "read_file", error)
    })?;
    let before_release = gateway.offers(&caller.principal, ProcessRecording::NAME);
    let input = ReadFileInput { bucket_name, file_name, before_release };
    let file = gateway.call::<ReadFile>(&caller.principal, &caller.origin, input).await?.output;
    let is_text = file.content_type.starts_with("text/");
    let contents = match String::from_utf8(file.content) {
        Ok(text) if is_text => ResourceContents::text(text, uri),
        Ok(text) => ResourceContents::blob(STANDARD.encode(text), uri),
        Err(bytes) => ResourceContents::blob(STANDARD.encode(bytes.as_bytes()), uri),
    };
    Ok(contents.with_mime_type(file.content_type))
}

async fn knowledge(
    handler: &Handler,
    asked: &Asked,
    file_name: String,
    uri: &str,
) -> Result<ResourceContents, CallError> {
    let (gateway, caller) = (&handler.engine().gateway, &asked.caller);
    let input = SourceAsked { file_name, ..SourceAsked::default() };
    let opened = gateway.call::<OpenKnowledgeSource>(&caller.principal, &caller.origin, input).await?.output;
    let source = opened.source;
    let facts = match source.detail {
        crate::model::knowledge::Detail::Entry(entry) => format!("{:#}\n", json!(entry)),
        crate::model::knowledge::Detail::Document(place) => match (place.page, opened.pages) {
            (Some(page), Some(pages)) => format!("Page {page} of {pages}\n"),
            _ => String::new(),
        },
    };
    let text = format!("# {}\n\n{}\n\n{facts}", source.title, source.text);
    Ok(ResourceContents::text(text, uri).with_mime_type("text/markdown"))
}
