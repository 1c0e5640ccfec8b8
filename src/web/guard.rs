//! Keeps other sites away while there is no sign-in: a page elsewhere could otherwise reach this port
//! under a name of its own (DNS rebinding).

use axum::extract::Request;
use axum::http::{StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use std::net::IpAddr;

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
        let message = "Patchline answers only to localhost, 127.0.0.1 and [::1] until it has sign-in.\n";
        (StatusCode::MISDIRECTED_REQUEST, message).into_response()
    }
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
    use super::is_loopback;

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
