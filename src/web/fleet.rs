//! The fleet over REST: `GET /api/fleet`, `POST /api/fleet/{server}/drain` and `/enable`.

use super::caller::Caller;
use super::error::RestError;
use super::rest::wrong_address;
use crate::engine::Engine;
use crate::model::fleet::FleetView;
use axum::Json;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use serde_json::{Value, json};

/// How the servers are.
pub(super) async fn view(State(engine): State<Engine>, caller: Caller) -> Result<Json<FleetView>, RestError> {
    let answer = engine.gateway.view_fleet(&caller.principal, &caller.origin, None).await?;
    Ok(Json(answer.output))
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
