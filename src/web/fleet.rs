//! The fleet over REST: `GET /api/fleet` and `/api/fleet/{server}`, `POST /api/fleet/{server}/drain`,
//! `/enable` and `/approve`.

use super::caller::Caller;
use super::error::RestError;
use super::rest::wrong_address;
use crate::engine::Engine;
use crate::engine::gateway::{CallError, CallErrorKind};
use crate::model::fleet::FleetView;
use axum::Json;
use axum::extract::rejection::{JsonRejection, PathRejection};
use axum::extract::{Path, State};
use serde::Deserialize;
use serde_json::{Value, json};

/// How the servers are.
pub(super) async fn view(State(engine): State<Engine>, caller: Caller) -> Result<Json<FleetView>, RestError> {
    let answer = engine.gateway.view_fleet(&caller.principal, &caller.origin, None).await?;
    Ok(Json(answer.output))
}

/// How one server is, with the definitions of a third party's tools that wait for an admin.
pub(super) async fn view_one(
    State(engine): State<Engine>,
    caller: Caller,
    server: Result<Path<String>, PathRejection>,
) -> Result<Json<FleetView>, RestError> {
    let server = named(&engine, &caller, server)?;
    let answer = engine.gateway.view_fleet(&caller.principal, &caller.origin, Some(server)).await?;
    Ok(Json(answer.output))
}

/// The definition that is approved.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Seen {
    tool: String,
    sha256: String,
}

/// Approves the definition of a third party's tool.
pub(super) async fn approve(
    State(engine): State<Engine>,
    caller: Caller,
    server: Result<Path<String>, PathRejection>,
    seen: Result<Json<Seen>, JsonRejection>,
) -> Result<Json<Value>, RestError> {
    let server = named(&engine, &caller, server)?;
    let Json(Seen { tool, sha256 }) = seen.map_err(|rejection| {
        let message = format!("The body cannot be read: {}.", rejection.body_text());
        let remedy = "Send the tool and the sha256 that GET /api/fleet/{server} tells.";
        let error = CallError::new(CallErrorKind::Invalid, message, remedy);
        caller.refused(&engine, "POST /api/fleet", error)
    })?;
    let (principal, origin) = (&caller.principal, &caller.origin);
    let answer = engine.gateway.approve_tool(principal, origin, server, tool, sha256).await?;
    Ok(Json(json!({ "approved": answer.output.tools, "requestId": answer.request_id })))
}

/// Keeps new calls away from a server.
pub(super) async fn drain(
    State(engine): State<Engine>,
    caller: Caller,
    server: Result<Path<String>, PathRejection>,
) -> Result<Json<Value>, RestError> {
    let server = named(&engine, &caller, server)?;
    let answer = engine.gateway.drain_server(&caller.principal, &caller.origin, server).await?;
    Ok(Json(json!({ "drained": answer.output.servers, "requestId": answer.request_id })))
}

/// Lets calls back to a server.
pub(super) async fn enable(
    State(engine): State<Engine>,
    caller: Caller,
    server: Result<Path<String>, PathRejection>,
) -> Result<Json<Value>, RestError> {
    let server = named(&engine, &caller, server)?;
    let answer = engine.gateway.enable_server(&caller.principal, &caller.origin, server).await?;
    Ok(Json(json!({ "drained": answer.output.servers, "requestId": answer.request_id })))
}

fn named(
    engine: &Engine,
    caller: &Caller,
    server: Result<Path<String>, PathRejection>,
) -> Result<String, RestError> {
    match server {
        Ok(Path(server)) => Ok(server),
        Err(rejection) => Err(caller.refused(engine, "POST /api/fleet", wrong_address(&rejection))),
    }
}
