//! The fleet over REST: `GET /api/fleet` and `/api/fleet/{server}`, `POST /api/fleet/{server}/drain`,
//! `/enable` and `/approve`.

use super::caller::Caller;
use super::error::RestError;
use super::rest::wrong_address;
use crate::engine::Engine;
use crate::engine::gateway::{Answer, CallError, CallErrorKind};
use crate::engine::tools::views::{Drainable, Drains};
use crate::model::fleet::FleetView;
use axum::Json;
use axum::extract::rejection::{JsonRejection, PathRejection, QueryRejection};
use axum::extract::{Path, Query, State};
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

/// One replica of the server; none for all of it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Which {
    replica: Option<String>,
}

/// Keeps new calls away from a server, or from one replica of it.
pub(super) async fn drain(
    State(engine): State<Engine>,
    caller: Caller,
    server: Result<Path<String>, PathRejection>,
    which: Result<Query<Which>, QueryRejection>,
) -> Result<Json<Value>, RestError> {
    let what = drainable(&engine, &caller, server, which)?;
    let answer = engine.gateway.drain_server(&caller.principal, &caller.origin, what).await?;
    Ok(Json(told(answer)))
}

/// Lets calls back to a server, or to one replica of it.
pub(super) async fn enable(
    State(engine): State<Engine>,
    caller: Caller,
    server: Result<Path<String>, PathRejection>,
    which: Result<Query<Which>, QueryRejection>,
) -> Result<Json<Value>, RestError> {
    let what = drainable(&engine, &caller, server, which)?;
    let answer = engine.gateway.enable_server(&caller.principal, &caller.origin, what).await?;
    Ok(Json(told(answer)))
}

fn told(answer: Answer<Drains>) -> Value {
    let Drains { servers, replicas, .. } = answer.output;
    json!({ "drained": servers, "drainedReplicas": replicas, "requestId": answer.request_id })
}

fn drainable(
    engine: &Engine,
    caller: &Caller,
    server: Result<Path<String>, PathRejection>,
    which: Result<Query<Which>, QueryRejection>,
) -> Result<Drainable, RestError> {
    let server = named(engine, caller, server)?;
    let Query(Which { replica }) = which.map_err(|rejection| {
        let message = format!("The address is wrong: {}.", rejection.body_text());
        let remedy = "Send ?replica= with the id that GET /api/fleet tells, or nothing for the whole server.";
        caller.refused(engine, "POST /api/fleet", CallError::new(CallErrorKind::Invalid, message, remedy))
    })?;
    Ok(Drainable { server, replica })
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
