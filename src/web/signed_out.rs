//! `GET /signed-out` is the page after a sign-out, and `GET /sign-out/openid` leads from there to the provider,
//! where people may be signed in still. Links, as their answers lead to another site: a form must not.

use super::router::AppState;
use super::{guard, openid, pages, visitors};
use crate::engine::Engine;
use crate::engine::identity::SignedIn;
use crate::engine::identity::openid::SIGNED_OUT;
use crate::pages::signed_out::{AtProvider, SignedOut};
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::{IntoResponse, Redirect, Response};
use subtle::ConstantTimeEq;
use tower_sessions::cookie::{Cookie, SameSite};

/// The page after a sign-out.
pub(super) const PAGE: &str = SIGNED_OUT;

/// Where the way to the provider begins.
pub(super) const LEAVE: &str = "/sign-out/openid";

/// The cookie that remembers that somebody was led to the provider to sign out there.
const COOKIE: &str = "patchline_signed_out";

/// The same where people come over TLS.
const COOKIE_OVER_TLS: &str = "__Host-patchline_signed_out";

/// Where somebody goes on who has signed out here: to the page with the way to the provider, where they may be
/// signed in still, else to the page of sign-in.
pub(super) fn lead(engine: &Engine, at_provider: bool) -> Response {
    let has_more = at_provider && engine.identity.openid_name().is_some();
    Redirect::to(if has_more { PAGE } else { "/sign-in" }).into_response()
}

/// Leads somebody to the provider to sign out there. Whom another site sends is shown the page with the way: nobody
/// else signs people out.
pub(super) async fn leave(State(state): State<AppState>, request: Request) -> Response {
    if guard::is_foreign(&request) {
        return Redirect::to(PAGE).into_response();
    }
    let identity = &state.engine.identity;
    match identity.leave_openid(&openid::host_of(&request)).await {
        Ok(leaving) => {
            let mut response = Redirect::to(leaving.page.as_str()).into_response();
            remember(&mut response, leaving.state, visitors::is_over_tls(&state.engine));
            response
        }
        Err(error) => {
            tracing::warn!(%error, "somebody could not be led to the provider to sign out there");
            // The page says what is so.
            Redirect::to(PAGE).into_response()
        }
    }
}

/// Shows what is so after a sign-out.
pub(super) async fn show(State(state): State<AppState>, request: Request) -> Response {
    let (parts, _) = request.into_parts();
    if parts.extensions.get::<SignedIn>().is_some() {
        return Redirect::to("/").into_response();
    }
    let over_tls = visitors::is_over_tls(&state.engine);
    let came_back = has_come_back(&parts.headers, parts.uri.query().unwrap_or_default(), over_tls);
    let told = told(&state.engine, came_back).await;
    let mut response = pages::with(&state, parts, told).await;
    if came_back {
        forget(&mut response, over_tls);
    }
    response
}

async fn told(engine: &Engine, came_back: bool) -> SignedOut {
    let Some(provider) = engine.identity.openid_name() else { return SignedOut::default() };
    let at_provider = if came_back {
        AtProvider::CameBack
    } else {
        match engine.identity.can_leave_openid().await {
            Ok(true) => AtProvider::HasWayOut,
            Ok(false) => AtProvider::HasNone,
            Err(error) => {
                tracing::warn!(%error, "nobody knows where people sign out at the provider");
                AtProvider::Away
            }
        }
    };
    SignedOut { provider: Some((provider, at_provider)) }
}

/// Whether the provider sends somebody back whom this Patchline has led there from this browser.
fn has_come_back(headers: &HeaderMap, query: &str, over_tls: bool) -> bool {
    let said = query.split('&').find_map(|pair| pair.strip_prefix("state=")).unwrap_or_default();
    let kept = openid::cookie_of(headers, name(over_tls)).unwrap_or_default();
    !kept.is_empty() && bool::from(kept.as_bytes().ct_eq(said.as_bytes()))
}

fn name(over_tls: bool) -> &'static str {
    if over_tls { COOKIE_OVER_TLS } else { COOKIE }
}

fn remember(response: &mut Response, state: String, over_tls: bool) {
    set(response, state, openid::lifetime(), over_tls);
}

fn forget(response: &mut Response, over_tls: bool) {
    set(response, String::new(), time::Duration::ZERO, over_tls);
}

fn set(response: &mut Response, value: String, lifetime: time::Duration, over_tls: bool) {
    let cookie = Cookie::build((name(over_tls), value))
        // With the prefix a cookie has to be for all addresses.
        .path(if over_tls { "/" } else { PAGE })
        .secure(over_tls)
        .http_only(true)
        // It has to come back with somebody whom another site sends.
        .same_site(SameSite::Lax)
        .max_age(lifetime);
    // The state is base64: always a legal header value.
    if let Ok(cookie) = HeaderValue::from_str(&cookie.build().to_string()) {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
}
