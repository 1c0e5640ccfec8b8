//! The buttons of `/health`: `POST /health` drains or enables a server or a replica, or approves the
//! definition of a third party's tool, and leads back to the page.

use super::router::AppState;
use super::{confirm, pages, visitors};
use crate::api::error::AppError;
use crate::engine::gateway::{CallError, CallErrorKind, Channel, Origin};
use crate::engine::tools::views::Drainable;
use crate::pages::health::FailedChange;
use axum::extract::{ConnectInfo, Form, FromRequest, Request, State};
use axum::response::{IntoResponse, Redirect, Response};
use leptos::prelude::provide_context;
use serde::Deserialize;
use std::net::SocketAddr;

/// What a button sends.
#[derive(Debug, Deserialize)]
struct Pressed {
    server: String,
    change: String,
    /// The replica; empty for the server with all its replicas.
    #[serde(default)]
    replica: String,
    /// The tool that is approved, and the hash of the definition that was seen.
    #[serde(default)]
    tool: String,
    #[serde(default)]
    sha256: String,
    /// The page to lead back to.
    #[serde(default)]
    back: String,
}

/// Does it; where it cannot be done, the page says why.
pub(super) async fn submit(State(state): State<AppState>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let address = parts.extensions.get::<ConnectInfo<SocketAddr>>().map(|info| info.0.ip());
    let page = Request::from_parts(parts.clone(), axum::body::Body::empty());
    let origin = visitors::with_session(Origin::new(Channel::Page, address), &parts);
    let operator = visitors::principal(&parts);
    let gateway = &state.engine.gateway;
    let form = Form::<Pressed>::from_request(Request::from_parts(parts, body), &()).await;
    let done = match form {
        Ok(Form(Pressed { server, change, replica, tool, sha256, back })) => {
            let replica = Some(replica).filter(|replica| !replica.is_empty());
            let what = Drainable { server: server.clone(), replica };
            let done = match change.as_str() {
                "drain" => gateway.drain_server(&operator, &origin, what).await.map(drop),
                "enable" => gateway.enable_server(&operator, &origin, what).await.map(drop),
                "approve" => {
                    gateway.approve_tool(&operator, &origin, server.clone(), tool, sha256).await.map(drop)
                }
                _ => Err(gateway.refused(&operator, &origin, "POST /health", unknown_change(&change))),
            };
            done.map(|()| if back == "server" { format!("/health/{server}") } else { "/health".to_owned() })
        }
        Err(rejection) => {
            let message = format!("The form could not be read: {}.", rejection.body_text());
            let error = CallError::new(CallErrorKind::Invalid, message, "Go back and send it again.");
            Err(gateway.refused(&operator, &origin, "POST /health", error))
        }
    };
    match done {
        Ok(back) => Redirect::to(&back).into_response(),
        Err(error) => {
            if let Some(way) = confirm::of_error(&error, page.uri()) {
                return way;
            }
            let failed = FailedChange(AppError::from(error));
            let context = pages::context(&state);
            let context = move || {
                context();
                provide_context(failed.clone());
            };
            let render = leptos_axum::render_app_async_with_context(context, pages::document(&state));
            render(page).await.into_response()
        }
    }
}

fn unknown_change(change: &str) -> CallError {
    CallError::new(
        CallErrorKind::Invalid,
        format!("A server can be drained or enabled, a tool approved; {change:?} is none of that."),
        "Go back to the page Health.",
    )
}
