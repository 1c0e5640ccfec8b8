//! What a prompt is about, attached to it as it is stored.

use crate::engine::gateway::{CallError, CallErrorKind};
use crate::web::mcp::asked::Asked;
use crate::web::mcp::handler::Handler;
use crate::web::mcp::resources::Address;
use rmcp::ErrorData;
use rmcp::model::ResourceContents;
use serde_json::{Value, json};

/// The artist of this id or name.
pub(super) async fn artist(
    handler: &Handler,
    asked: &Asked,
    named: &str,
) -> Result<Option<ResourceContents>, ErrorData> {
    let by_id = read(handler, asked, "query_artist_data", json!({ "artistId": named })).await;
    let row = match by_id {
        Err(error) if matches!(error.kind, CallErrorKind::NotFound | CallErrorKind::Invalid) => {
            read(handler, asked, "query_artist_data", json!({ "name": named })).await
        }
        other => other,
    };
    contents(row, "artistId", Address::Artist)
}

/// The release of this id.
pub(super) async fn release(
    handler: &Handler,
    asked: &Asked,
    id: &str,
) -> Result<Option<ResourceContents>, ErrorData> {
    contents(
        read(handler, asked, "query_release_data", json!({ "releaseId": id })).await,
        "releaseId",
        Address::Release,
    )
}

async fn read(handler: &Handler, asked: &Asked, tool: &str, question: Value) -> Result<Value, CallError> {
    let (gateway, caller) = (&handler.engine().gateway, &asked.caller);
    let answer = gateway.call_tool(&caller.principal, &caller.origin, tool, question).await?;
    Ok(answer.output["rows"][0].clone())
}

fn contents(
    row: Result<Value, CallError>,
    id: &str,
    address: fn(String) -> Address,
) -> Result<Option<ResourceContents>, ErrorData> {
    let row = row.map_err(|error| ErrorData::invalid_params(error.to_string(), None))?;
    Ok(row[id].as_str().map(|id| {
        let uri = address(id.to_owned()).to_string();
        ResourceContents::text(format!("{row:#}"), uri).with_mime_type("application/json")
    }))
}
