//! Keeps other sites away: a page elsewhere could otherwise reach this port under a name of its own (DNS
//! rebinding), or make it work by a request whose answer it cannot read.

use super::caller::has_session_cookie;
use super::error::RestError;
use crate::engine::Engine;
use crate::engine::gateway::{CallError, CallErrorKind, Channel, Origin, Principal};
use axum::extract::{ConnectInfo, Request, State};
use axum::http::{StatusCode, Uri, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Redirect, Response};
use percent_encoding::percent_decode_str;
use std::net::{IpAddr, SocketAddr};

/// Answers only requests that were addressed to this machine by a loopback name.
pub(super) async fn loopback_hosts_only(request: Request, next: Next) -> Response {
    let host = request
        .uri()
        .authority()
        .map(axum::http::uri::Authority::as_str)
        .or_else(|| request.headers().get(header::HOST).and_then(|host| host.to_str().ok()))
        .unwrap_or_default();
    if is_loopback(host) {
        next.run(request).await
    } else {
        let message = "Patchline answers only to localhost, 127.0.0.1 and [::1].\n";
        (StatusCode::MISDIRECTED_REQUEST, message).into_response()
    }
}

/// The parts of an address that make a page do something by itself.
const DOING: [&str; 2] = ["run", "answer"];

/// Keeps pages of other sites from making this one work, though they could not read what comes of it: models
/// and log searches cost money, and calls count against the limit.
///
/// What another site embeds or fetches is refused. A link that somebody follows opens the page with everything
/// filled in, and does nothing until it is asked to. Browsers say where a request comes from
/// (<https://www.w3.org/TR/fetch-metadata/>); other clients say nothing and are let in. MCP has rules of its own.
pub(super) async fn other_sites_cause_nothing(request: Request, next: Next) -> Response {
    if !is_foreign(&request) || !request.method().is_safe() || request.uri().path().starts_with("/mcp") {
        return next.run(request).await;
    }
    if !says(&request, "sec-fetch-dest", &["document"]) {
        let message =
            "Only pages of Patchline itself may ask for this. Open Patchline in a tab of its own.\n";
        return (StatusCode::FORBIDDEN, message).into_response();
    }
    match without_doing(request.uri()) {
        Some(quiet) => Redirect::to(&quiet).into_response(),
        None => next.run(request).await,
    }
}

/// Whether a browser says that another site has caused a request.
pub(super) fn is_foreign(request: &Request) -> bool {
    says(request, "sec-fetch-site", &["cross-site", "same-site"])
}

fn says(request: &Request, header: &str, values: &[&str]) -> bool {
    request.headers().get(header).is_some_and(|said| values.iter().any(|value| said == value))
}

/// The address without what makes the page do something; none where nothing does.
pub(super) fn without_doing(uri: &Uri) -> Option<String> {
    without(uri, &DOING)
}

/// The address without the parts of its query that have these names; none where it has no such part.
pub(super) fn without(uri: &Uri, names: &[&str]) -> Option<String> {
    let query = uri.query()?;
    let (left_out, kept): (Vec<&str>, Vec<&str>) = query.split('&').partition(|pair| has_name(pair, names));
    // Two slashes at the beginning would lead to another site.
    let path = uri.path().trim_start_matches(['/', '\\']);
    (!left_out.is_empty()).then(|| format!("/{path}?{}", kept.join("&")))
}

/// Whether a part of a query has one of these names. Pages read encoded names, too, and pass over question marks
/// before the first.
fn has_name(pair: &str, names: &[&str]) -> bool {
    let name = pair.split_once('=').map_or(pair, |(name, _)| name).replace('+', " ");
    let name = percent_decode_str(&name).decode_utf8_lossy();
    names.contains(&name.trim_start_matches('?'))
}

/// Keeps what belongs to pages away from programs: a session is no key, and what a browser sends by itself
/// must open nothing here.
pub(super) async fn keys_and_no_sessions(
    State(engine): State<Engine>,
    request: Request,
    next: Next,
) -> Response {
    if !has_session_cookie(request.headers()) {
        return next.run(request).await;
    }
    let address = request.extensions().get::<ConnectInfo<SocketAddr>>().map(|info| info.0.ip());
    let origin = Origin::new(Channel::Rest, address);
    let message = "The session of a page is not accepted here.";
    let remedy = "Send a key or an access token as a bearer token, and no cookie.";
    let error = CallError::new(CallErrorKind::Invalid, message, remedy);
    let operation = format!("{} {}", request.method(), request.uri().path());
    RestError(engine.gateway.refused(&Principal::unknown(), &origin, &operation, error)).into_response()
}

/// The answer to a page of another site that tries to change something.
pub(super) fn foreign_page(_: tower_http::csrf::ProtectionError) -> Response {
    let message = "Only pages of Patchline itself may change something here. Open Patchline and try again.\n";
    (StatusCode::FORBIDDEN, message).into_response()
}

fn is_loopback(host: &str) -> bool {
    let name = match host.rsplit_once(':') {
        Some((name, port)) if port.chars().all(|c| c.is_ascii_digit()) => name,
        _ => host,
    };
    let name = name.trim_start_matches('[').trim_end_matches(']');
    name.eq_ignore_ascii_case("localhost")
        || name.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::{Uri, is_loopback, without_doing};

    #[test]
    fn what_makes_a_page_do_something_is_found_however_it_is_written() {
        for (address, quiet) in [
            ("/tools?tool=list_audio_files&run=1", Some("/tools?tool=list_audio_files")),
            ("/knowledge?search=x&%61nswer=1", Some("/knowledge?search=x")),
            ("/logs??run=1&search=x", Some("/logs?search=x")),
            ("/logs?%3F%72un", Some("/logs?")),
            ("//evil.example/logs?run=1&a=b", Some("/evil.example/logs?a=b")),
            ("/logs?search=run&running=1", None),
            ("/logs", None),
        ] {
            let uri = address.parse::<Uri>().expect("an address");
            assert_eq!(without_doing(&uri).as_deref(), quiet, "{address}");
        }
    }

    #[test]
    fn only_names_of_this_machine_pass() {
        for host in ["localhost", "localhost:3000", "127.0.0.1:3000", "[::1]:3000", "[::1]"] {
            assert!(is_loopback(host), "{host}");
        }
        for host in ["", "example.org", "127.0.0.1.example.org", "localhost.example.org:3000", "10.0.0.1"] {
            assert!(!is_loopback(host), "{host}");
        }
    }
}
