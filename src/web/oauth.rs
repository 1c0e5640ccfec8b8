//! Patchline as a resource server of OAuth 2.1: which authorization servers it takes tokens of (RFC 9728), and what
//! clients are told whose token does not reach (RFC 6750).

use crate::engine::Engine;
use crate::engine::gateway::{CallError, Challenge};
use crate::model::scope;
use axum::Json;
use axum::extract::{Path, Request, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, Uri, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use percent_encoding::percent_decode_str;
use serde_json::json;
use std::collections::BTreeSet;

/// Where it is told which tokens all addresses take together.
pub(super) const METADATA: &str = "/.well-known/oauth-protected-resource";

/// Where it is told for one address: `/mcp`, `/mcp/{server}` or `/api`.
pub(super) const METADATA_OF_PATH: &str = "/.well-known/oauth-protected-resource/{*path}";

/// `GET /.well-known/oauth-protected-resource`
pub(super) async fn metadata(State(engine): State<Engine>) -> Response {
    describe(&engine, "")
}

/// `GET /.well-known/oauth-protected-resource/{path}`
pub(super) async fn metadata_of_path(State(engine): State<Engine>, Path(path): Path<String>) -> Response {
    let path = format!("/{path}");
    if resource(&engine, &path) == path { describe(&engine, &path) } else { nothing_here() }
}

/// The address for which tokens are asked for that are to be good at a path; empty for all addresses together.
fn resource(engine: &Engine, path: &str) -> String {
    let is_below = |address: &str| {
        path.strip_prefix(address).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    };
    if is_below("/api") {
        return "/api".to_owned();
    }
    if !is_below("/mcp") {
        return String::new();
    }
    let server =
        path.strip_prefix("/mcp/").filter(|name| engine.names_of_servers().iter().any(|s| s == name));
    server.map_or_else(|| "/mcp".to_owned(), |server| format!("/mcp/{server}"))
}

fn describe(engine: &Engine, resource: &str) -> Response {
    let config = &engine.config;
    if config.token_issuers.is_empty() {
        return nothing_here();
    }
    let servers: Vec<_> = config.token_issuers.iter().map(|known| known.issuer.url.as_str()).collect();
    let names = scope::all(&engine.names_of_servers());
    let scopes = prefixes(engine);
    let scopes = scopes.iter().flat_map(|prefix| names.iter().map(move |name| format!("{prefix}{name}")));
    Json(json!({
        "resource": format!("{}{resource}", config.public_url),
        "authorization_servers": servers,
        "scopes_supported": scopes.collect::<Vec<_>>(),
        "bearer_methods_supported": ["header"],
        "resource_name": "Patchline",
    }))
    .into_response()
}

/// What authorization servers put before scopes: each once.
fn prefixes(engine: &Engine) -> BTreeSet<&str> {
    engine.config.token_issuers.iter().map(|known| known.scope_prefix.as_str()).collect()
}

fn nothing_here() -> Response {
    (StatusCode::NOT_FOUND, "No access tokens are taken here. Programs send a key of Patchline.\n")
        .into_response()
}

/// What an answer says of why it was refused, in the form of the standard.
pub(super) fn challenge(error: &CallError) -> HeaderValue {
    let told = error.challenge.as_ref().map(|challenge| {
        let scopes = match &**challenge {
            Challenge::InsufficientScope(scopes) => format!(", scope=\"{}\"", scopes.join(" ")),
            Challenge::InvalidRequest | Challenge::InvalidToken => String::new(),
        };
        let (id, description) = (challenge.id(), plain(&error.message));
        format!("Bearer error=\"{id}\", error_description=\"{description}\"{scopes}")
    });
    told.and_then(|told| HeaderValue::from_str(&told).ok()).unwrap_or(HeaderValue::from_static("Bearer"))
}

/// A sentence in the characters that the standard allows.
fn plain(sentence: &str) -> String {
    let allowed = |c: char| match c {
        '"' | '“' | '”' | '\\' => '\'',
        ' '..='~' => c,
        _ => '?',
    };
    sentence.chars().map(allowed).collect()
}

/// Tells clients whose token does not reach, or who have none, where it is written which tokens do.
pub(super) async fn lead_to_metadata(State(engine): State<Engine>, request: Request, next: Next) -> Response {
    let uri = request.uri().clone();
    let mut response = next.run(request).await;
    let told = response.headers().get(header::WWW_AUTHENTICATE).and_then(|told| told.to_str().ok());
    let Some(told) =
        told.filter(|told| told.starts_with("Bearer") && !engine.config.token_issuers.is_empty())
    else {
        return response;
    };
    let comma = if told == "Bearer" { "" } else { "," };
    let address = format!("{}{METADATA}{}", engine.config.public_url, resource(&engine, uri.path()));
    let begins_with = if response.status() == StatusCode::UNAUTHORIZED {
        let prefix = prefixes(&engine).first().copied().unwrap_or_default();
        format!(", scope=\"{prefix}{}\"", scope::READ)
    } else {
        String::new()
    };
    let led = format!("{told}{comma} resource_metadata=\"{address}\"{begins_with}");
    if let Ok(led) = HeaderValue::from_str(&led) {
        response.headers_mut().insert(header::WWW_AUTHENTICATE, led);
    }
    response
}

/// Whether a request has a token in its address, where it ends up in logs and histories.
pub(super) fn has_token_in_address(uri: &Uri) -> bool {
    let is_token = |pair: &str| {
        let name = pair.split_once('=').map_or(pair, |(name, _)| name);
        percent_decode_str(name).decode_utf8_lossy() == "access_token"
    };
    uri.query().is_some_and(|query| query.split('&').any(is_token))
}

/// Whether a request says twice who makes it.
pub(super) fn says_twice(headers: &HeaderMap) -> bool {
    headers.get_all(header::AUTHORIZATION).iter().count() > 1
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::gateway::CallErrorKind;

    fn challenged(message: &str, challenge: Option<Challenge>) -> String {
        let error = CallError {
            challenge: challenge.map(Box::new),
            ..CallError::new(CallErrorKind::Unauthenticated, message, "")
        };
        super::challenge(&error).to_str().expect("a text").to_owned()
    }

    #[test]
    fn a_challenge_is_written_in_the_characters_of_the_standard() {
        assert_eq!(challenged("Nobody is signed in.", None), "Bearer");
        assert_eq!(
            challenged("“Zoë\"\\\r\nX", Some(Challenge::InvalidToken)),
            "Bearer error=\"invalid_token\", error_description=\"'Zo?''??X\""
        );
        let scopes = Challenge::InsufficientScope(vec!["tools:read".to_owned(), "tools:s3".to_owned()]);
        assert_eq!(
            challenged("No.", Some(scopes)),
            "Bearer error=\"insufficient_scope\", error_description=\"No.\", scope=\"tools:read tools:s3\""
        );
    }

    #[test]
    fn a_token_in_the_address_is_found_however_its_name_is_written() {
        for (address, found) in [
            ("/mcp?access_token=x", true),
            ("/mcp?mode=compact&access%5Ftoken=x", true),
            ("/mcp?access_token", true),
            ("/mcp?mode=access_token", false),
            ("/mcp", false),
        ] {
            assert_eq!(has_token_in_address(&address.parse().expect("an address")), found, "{address}");
        }
    }
}
