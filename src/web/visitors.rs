//! Who sits at the browser: found out once for each request of a page, before anything else is done.

use super::caller::has_session_cookie;
use super::{openid, own_path, signed_out};
use crate::engine::Engine;
use crate::engine::gateway::{CallError, CallErrorKind, Origin, Principal};
use crate::engine::identity::{Device, DynamoDbSessions, SignedIn, Unrecognised};
use axum::extract::{Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Redirect, Response};
use std::net::IpAddr;
use std::sync::Arc;
use tower::{Layer, ServiceExt};
use tower_sessions::cookie::SameSite;
use tower_sessions::{Expiry, Session, SessionManagerLayer};

/// How the name of the cookie begins that names a session. The id of the installation follows, because browsers
/// send what one port of a machine has set to all of them.
const COOKIE: &str = "patchline-";

/// What stands before names of cookies where people come over TLS: browsers take such a cookie from this very
/// host only, and over the plain HTTP of loopback not at all.
const OVER_TLS: &str = "__Host-";

/// What somebody sees who has not signed in.
const OPEN: [&str; 8] = [
    "/sign-in",
    "/sign-out",
    "/welcome",
    "/theme",
    openid::BEGIN,
    openid::CALLBACK,
    signed_out::LEAVE,
    signed_out::PAGE,
];

/// What asks by itself who is there, and refuses in the form that its callers read.
const WITH_A_DOOR_OF_THEIR_OWN: [&str; 5] = ["/fn/", "/media/", "/upload/", "/export/", "/events/"];

/// Whether a cookie of this name is for the session of somebody, here or at another installation.
pub(super) fn names_a_session(cookie: &str) -> bool {
    cookie.strip_prefix(OVER_TLS).unwrap_or(cookie).starts_with(COOKIE)
}

/// Whether browsers know Patchline under an address with TLS, which something before it speaks.
pub(super) fn is_over_tls(engine: &Engine) -> bool {
    engine.config.public_url.starts_with("https://")
}

/// Reads and writes the cookie. The store tells its name, and may be away when the program starts.
pub(super) async fn sessions(State(engine): State<Engine>, mut request: Request, next: Next) -> Response {
    let name = match engine.identity.installation().await {
        Ok(installation) if is_over_tls(&engine) => format!("{OVER_TLS}{COOKIE}{installation}"),
        Ok(installation) => format!("{COOKIE}{installation}"),
        Err(error) => {
            let nobody = Session::new(None, Arc::new(engine.identity.session_store()), None);
            request.extensions_mut().insert(nobody);
            if has_session_cookie(request.headers()) {
                request.extensions_mut().insert(Unrecognised(error.into()));
            }
            return next.run(request).await;
        }
    };
    let Ok(mut response) = session_layer(&engine, name).layer(next).oneshot(request).await;
    for (name, value) in response.headers_mut() {
        if *name == header::SET_COOKIE
            && let Some(complete) = with_secure(value)
        {
            *value = complete;
        }
    }
    response
}

/// A cookie as browsers take it, where it is not: they forget one with the prefix only when told so with
/// `Secure`, which the layer leaves out.
fn with_secure(cookie: &HeaderValue) -> Option<HeaderValue> {
    let text = cookie.to_str().ok()?;
    let lacks = text.starts_with(OVER_TLS) && !text.contains("; Secure");
    if lacks { HeaderValue::from_str(&format!("{text}; Secure")).ok() } else { None }
}

fn session_layer(engine: &Engine, cookie: String) -> SessionManagerLayer<DynamoDbSessions> {
    let idle = time::Duration::try_from(engine.identity.idle_timeout()).unwrap_or(time::Duration::HOUR);
    SessionManagerLayer::new(engine.identity.session_store())
        .with_name(cookie)
        .with_secure(is_over_tls(engine))
        // A link in a mail opens the page; what changes something has to come from our own pages.
        .with_same_site(SameSite::Lax)
        .with_expiry(Expiry::OnInactivity(idle))
}

/// Notes at the request who makes it.
pub(super) async fn recognise(
    State(engine): State<Engine>,
    session: Session,
    mut request: Request,
    next: Next,
) -> Response {
    match engine.identity.recognise(&session).await {
        Ok(Some(signed_in)) => drop(request.extensions_mut().insert(signed_in)),
        Ok(None) => {}
        Err(error) => drop(request.extensions_mut().insert(Unrecognised(error.into()))),
    }
    next.run(request).await
}

/// Leads whoever has not signed in to the page where they can.
pub(super) async fn lead_to_sign_in(request: Request, next: Next) -> Response {
    let path = request.uri().path();
    let signed_in = request.extensions().get::<SignedIn>().is_some();
    if signed_in && path == "/sign-in" && request.method() == Method::GET {
        return Redirect::to(&own_path::after_sign_in(&next_of(&request))).into_response();
    }
    let asks_itself = WITH_A_DOOR_OF_THEIR_OWN.iter().any(|start| path.starts_with(start));
    if signed_in || asks_itself || OPEN.contains(&path) {
        return next.run(request).await;
    }
    let unrecognised = request.extensions().get::<Unrecognised>().cloned();
    match unrecognised {
        // The page says it, in place of what it would show.
        Some(_) if request.method().is_safe() => next.run(request).await,
        Some(Unrecognised(error)) => not_now(&error),
        None => Redirect::to(&own_path::sign_in(request.uri())).into_response(),
    }
}

/// Who makes a request of a page that was let through.
pub(super) fn principal(parts: &Parts) -> Principal {
    let signed_in = parts.extensions.get::<SignedIn>();
    signed_in.map_or_else(Principal::unknown, |signed_in| signed_in.principal.clone())
}

/// At what somebody sits who makes a request from this address.
pub(super) fn device(parts: &Parts, address: Option<IpAddr>) -> Device {
    let agent = parts.headers.get(header::USER_AGENT).and_then(|agent| agent.to_str().ok());
    Device { address, agent: agent.map(str::to_owned) }
}

/// The same origin with the session that it belongs to, and whether its person was asked lately who they are.
pub(super) fn with_session(origin: Origin, parts: &Parts) -> Origin {
    let Some(signed_in) = parts.extensions.get::<SignedIn>() else { return origin };
    let session = Some(signed_in.session.chars().take(16).collect());
    Origin { session, confirmation: signed_in.confirmation, ..origin }
}

/// Why nobody knows who makes a request.
pub(super) fn refusal(parts: &Parts) -> CallError {
    match parts.extensions.get::<Unrecognised>() {
        Some(Unrecognised(error)) => error.clone(),
        None => CallError::new(
            CallErrorKind::Unauthenticated,
            "Nobody is signed in, or the session has ended.",
            "Sign in, then try again. Programs send a key as a bearer token.",
        ),
    }
}

fn not_now(error: &CallError) -> Response {
    let seconds = error.retry_after_seconds().unwrap_or(5).to_string();
    let words = format!("{} {}\n", error.message, error.remedy);
    (StatusCode::SERVICE_UNAVAILABLE, [(header::RETRY_AFTER, seconds)], words).into_response()
}

/// The way back that the address of the page of sign-in tells.
pub(super) fn next_of(request: &Request) -> String {
    let query = request.uri().query().unwrap_or_default();
    let next = query.split('&').find_map(|pair| pair.strip_prefix("next=")).unwrap_or_default();
    percent_encoding::percent_decode_str(next).decode_utf8_lossy().into_owned()
}
