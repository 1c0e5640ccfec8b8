//! `GET /sign-in/openid` leads to the provider at which people sign in, which sends them back to
//! `GET /sign-in/openid/callback`. Plain links, which work without JavaScript.

use super::router::AppState;
use super::sign_in::Visit;
use super::{confirm, own_path, visitors};
use crate::engine::config::OPENID_CALLBACK;
use crate::engine::gateway::CallError;
use crate::engine::identity::openid::{Arrival, LIFETIME, OpenIdError, Returned};
use axum::extract::{Query, Request, State};
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::{IntoResponse, Redirect, Response};
use tower_sessions::Session;
use tower_sessions::cookie::{Cookie, SameSite};

/// Where the way to the provider begins.
pub(super) const BEGIN: &str = "/sign-in/openid";

/// Where the provider sends people back.
pub(super) const CALLBACK: &str = OPENID_CALLBACK;

/// The cookie that remembers a sign-in until the person is back, and has shown their password where that is
/// wanted. It has nothing to do with the session, which there may be none of.
const COOKIE: &str = "patchline_openid";

/// The same where people come over TLS.
const COOKIE_OVER_TLS: &str = "__Host-patchline_openid";

/// Leads somebody to the provider.
pub(super) async fn begin(State(state): State<AppState>, session: Session, request: Request) -> Response {
    let next = own_path::after_sign_in(&visitors::next_of(&request));
    let host = host_of(&request);
    let over_tls = visitors::is_over_tls(&state.engine);
    let visit = Visit::new(&state, &session, request, "sign_in");
    match state.engine.identity.begin_openid(&host, &next, visit.device.address).await {
        Ok(begun) => {
            let mut response = Redirect::to(begun.page.as_str()).into_response();
            remember(&mut response, begun.handle, lifetime(), over_tls);
            response
        }
        Err(error) => visit.fail(error.into(), String::new()).await,
    }
}

/// Lets somebody in whom the provider has sent back, or shows the page of sign-in with the reason why not.
pub(super) async fn finish(State(state): State<AppState>, session: Session, request: Request) -> Response {
    // What is there twice, or is no text, is no answer of a provider.
    let returned = Query::<Returned>::try_from_uri(request.uri()).map(|Query(returned)| returned);
    let over_tls = visitors::is_over_tls(&state.engine);
    let handle = handle_of(request.headers(), over_tls);
    let (parts, body) = request.into_parts();
    let request = Request::from_parts(parts.clone(), body);
    let visit = Visit::new(&state, &session, request, "sign_in");
    let identity = &state.engine.identity;
    match identity.finish_openid(handle.as_deref(), returned.unwrap_or_default()).await {
        Ok(Arrival::Confirms { user, operation, next }) => {
            let shown = user.map_err(CallError::from);
            let mut response =
                confirm::finish(&state, &session, parts, shown, confirm::Asked { operation, next }).await;
            remember(&mut response, String::new(), time::Duration::ZERO, over_tls);
            response
        }
        Ok(Arrival::SignsIn { entry, next }) => {
            let mut response = match state.engine.people().let_in(&visit.origin, *entry).await {
                Ok(user) => visit.enter(&user, "openid", &next).await,
                Err(error) => visit.fail(error, String::new()).await,
            };
            remember(&mut response, String::new(), time::Duration::ZERO, over_tls);
            response
        }
        Err(error) => {
            let is_to_sign_in = matches!(error, OpenIdError::HasPassword { .. });
            let mut response = visit.fail(error.into(), String::new()).await;
            match handle.filter(|_| is_to_sign_in) {
                Some(handle) => remember(&mut response, handle, lifetime(), over_tls),
                None => remember(&mut response, String::new(), time::Duration::ZERO, over_tls),
            }
            response
        }
    }
}

pub(super) fn lifetime() -> time::Duration {
    time::Duration::try_from(LIFETIME).unwrap_or(time::Duration::MINUTE)
}

/// Has the browser keep the handle of a sign-in; without a lifetime, forget it.
pub(super) fn remember(response: &mut Response, handle: String, lifetime: time::Duration, over_tls: bool) {
    // With the prefix a cookie has to be for all addresses.
    let path = if over_tls { "/" } else { "/sign-in" };
    let cookie = Cookie::build((name(over_tls), handle))
        .path(path)
        .secure(over_tls)
        .http_only(true)
        // It has to come back with somebody whom another site sends.
        .same_site(SameSite::Lax)
        .max_age(lifetime);
    // The handle is base64: always a legal header value.
    if let Ok(cookie) = HeaderValue::from_str(&cookie.build().to_string()) {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
}

fn name(over_tls: bool) -> &'static str {
    if over_tls { COOKIE_OVER_TLS } else { COOKIE }
}

/// What the browser has kept.
pub(super) fn handle_of(headers: &HeaderMap, over_tls: bool) -> Option<String> {
    cookie_of(headers, name(over_tls))
}

/// The value of a cookie; none where there is none, or it is empty.
pub(super) fn cookie_of(headers: &HeaderMap, ours: &str) -> Option<String> {
    let cookies = headers.get_all(header::COOKIE).into_iter().filter_map(|value| value.to_str().ok());
    let pairs = cookies.flat_map(|text| text.split(';')).filter_map(|pair| pair.trim().split_once('='));
    let mut handles = pairs.filter(|(name, value)| *name == ours && !value.is_empty());
    handles.next().map(|(_, handle)| handle.to_owned())
}

/// The host at which the browser asks: one of this machine, as nothing else is answered.
pub(super) fn host_of(request: &Request) -> String {
    let host = request.headers().get(header::HOST).and_then(|host| host.to_str().ok());
    let host = request.uri().authority().map(axum::http::uri::Authority::as_str).or(host);
    host.unwrap_or("localhost").to_owned()
}
