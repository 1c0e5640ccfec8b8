//! The buttons of `/health`: `POST /health` drains or enables a server or a replica, or approves the
//! definition of a third party's tool, and leads back to the page.

use super::router::AppState;
use super::{confirm, pages, visitors};
use crate::api::error::AppError;
use crate::engine::gateway::{CallError, CallErrorKind, Channel, Gateway, Origin, Principal};
use crate::engine::tools::views::Drainable;
use crate::pages::health::FailedChange;
use axum::extract::{ConnectInfo, Form, FromRequest, Request, State};
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;
use std::net::SocketAddr;

/// The page of all servers, to which the buttons of each server's own page are sent, too.
const PAGE: &str = "/health";

/// What the audit log calls a form that could not be read, or says nothing that can be done.
const FORM: &str = "POST /health";

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

impl Pressed {
    /// The page on which the button stands.
    fn page(&self) -> String {
        if self.back == "server" { format!("{PAGE}/{}", self.server) } else { PAGE.to_owned() }
    }
}

/// Does it; where it cannot be done, the page says why.
pub(super) async fn submit(State(state): State<AppState>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let address = parts.extensions.get::<ConnectInfo<SocketAddr>>().map(|info| info.0.ip());
    let origin = visitors::with_session(Origin::new(Channel::Page, address), &parts);
    let operator = visitors::principal(&parts);
    let gateway = &state.engine.gateway;
    let form = Form::<Pressed>::from_request(Request::from_parts(parts.clone(), body), &()).await;
    let (page, done) = match form {
        Ok(Form(pressed)) => (pressed.page(), press(gateway, &operator, &origin, pressed).await),
        Err(rejection) => {
            let message = format!("The form could not be read: {}.", rejection.body_text());
            let error = CallError::new(CallErrorKind::Invalid, message, "Go back and send it again.");
            (PAGE.to_owned(), Err(gateway.refused(&operator, &origin, FORM, error)))
        }
    };
    match done {
        Ok(()) => Redirect::to(&page).into_response(),
        Err(error) => match confirm::of_error_on(&page, &error, &parts) {
            Some(way) => way,
            None => pages::with(&state, parts, FailedChange(AppError::from(error))).await,
        },
    }
}

/// Does what a button says.
async fn press(
    gateway: &Gateway,
    operator: &Principal,
    origin: &Origin,
    pressed: Pressed,
) -> Result<(), CallError> {
    let Pressed { server, change, replica, tool, sha256, .. } = pressed;
    let replica = Some(replica).filter(|replica| !replica.is_empty());
    let what = Drainable { server: server.clone(), replica };
    match change.as_str() {
        "drain" => gateway.drain_server(operator, origin, what).await.map(drop),
        "enable" => gateway.enable_server(operator, origin, what).await.map(drop),
        "approve" => gateway.approve_tool(operator, origin, server, tool, sha256).await.map(drop),
        _ => Err(gateway.refused(operator, origin, FORM, unknown_change(&change))),
    }
}

fn unknown_change(change: &str) -> CallError {
    CallError::new(
        CallErrorKind::Invalid,
        format!("A server can be drained or enabled, a tool approved; {change:?} is none of that."),
        "Go back to the page Health.",
    )
}
