//! Lets pages of other origins use a bucket: those of the bucket's own rules, and all of this
//! machine, so that a page served here can upload with a presigned URL.

use std::sync::Arc;

use axum::response::Response;
use http::header::{
    ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS, ACCESS_CONTROL_ALLOW_ORIGIN,
    ACCESS_CONTROL_EXPOSE_HEADERS, ACCESS_CONTROL_MAX_AGE, ACCESS_CONTROL_REQUEST_HEADERS,
    ACCESS_CONTROL_REQUEST_METHOD, ORIGIN, VARY,
};
use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, Uri};

use super::store::{CorsRule, Store};

const VARIES: &str = "Origin, Access-Control-Request-Headers, Access-Control-Request-Method";

/// Answers the question of a browser whether a page may send a request.
pub(super) async fn preflight(store: &Arc<Store>, bucket: Option<&str>, request: &HeaderMap) -> Response {
    let text = |name: HeaderName| request.get(name).and_then(|value| value.to_str().ok());
    let (Some(origin), Some(method)) = (text(ORIGIN), text(ACCESS_CONTROL_REQUEST_METHOD)) else {
        return refusal(StatusCode::BAD_REQUEST, "BadRequest", "a preflight needs Origin and its method");
    };
    let headers: Vec<String> = text(ACCESS_CONTROL_REQUEST_HEADERS)
        .unwrap_or_default()
        .split(',')
        .map(|name| name.trim().to_ascii_lowercase())
        .filter(|name| !name.is_empty())
        .collect();
    let Some(rule) = find_rule(store, bucket, origin, method, &headers).await else {
        let reason = "CORSResponse: this CORS request is not allowed; see PutBucketCors";
        return refusal(StatusCode::FORBIDDEN, "AccessForbidden", reason);
    };
    let mut response = Response::default();
    write_rule(&rule, origin, response.headers_mut());
    insert(response.headers_mut(), ACCESS_CONTROL_ALLOW_METHODS, &rule.methods.join(", "));
    if !headers.is_empty() {
        insert(response.headers_mut(), ACCESS_CONTROL_ALLOW_HEADERS, &headers.join(", "));
    }
    if let Some(seconds) = rule.max_age {
        insert(response.headers_mut(), ACCESS_CONTROL_MAX_AGE, &seconds.to_string());
    }
    response
}

/// Puts on a response what lets the page that asked read it.
pub(super) async fn allow(
    store: &Arc<Store>,
    bucket: Option<&str>,
    origin: &HeaderValue,
    method: &Method,
    response: &mut HeaderMap,
) {
    let Ok(origin) = origin.to_str() else { return };
    if let Some(rule) = find_rule(store, bucket, origin, method.as_str(), &[]).await {
        write_rule(&rule, origin, response);
    }
}

async fn find_rule(
    store: &Arc<Store>,
    bucket: Option<&str>,
    origin: &str,
    method: &str,
    headers: &[String],
) -> Option<CorsRule> {
    let mut rules = match bucket {
        Some(bucket) => rules_of(store, bucket).await,
        None => Vec::new(),
    };
    if is_loopback(origin) {
        rules.push(rule_for(origin));
    }
    rules.into_iter().find(|rule| rule.allows(origin, method, headers))
}

/// A bucket that is not there has no rules; the request itself will say so.
async fn rules_of(store: &Arc<Store>, bucket: &str) -> Vec<CorsRule> {
    let (store, bucket) = (Arc::clone(store), bucket.to_owned());
    match tokio::task::spawn_blocking(move || store.cors(&bucket)).await {
        Ok(Ok(rules)) => rules.unwrap_or_default(),
        Ok(Err(error)) => {
            tracing::debug!(%error, "no CORS rules");
            Vec::new()
        }
        Err(error) => {
            tracing::error!(%error, "CORS rules could not be read");
            Vec::new()
        }
    }
}

/// The rule for pages of this machine.
fn rule_for(origin: &str) -> CorsRule {
    let list = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
    CorsRule {
        id: None,
        origins: vec![origin.to_owned()],
        methods: list(&["GET", "HEAD", "PUT", "POST", "DELETE"]),
        headers: list(&["*"]),
        exposed: list(&["ETag", "x-amz-version-id", "x-amz-request-id", "Content-Range", "Accept-Ranges"]),
        max_age: Some(600),
    }
}

fn is_loopback(origin: &str) -> bool {
    let Ok(uri) = origin.parse::<Uri>() else { return false };
    let Some(host) = uri.host() else { return false };
    let address = host.trim_start_matches('[').trim_end_matches(']').parse::<std::net::IpAddr>();
    host == "localhost" || address.is_ok_and(|address| address.is_loopback())
}

fn write_rule(rule: &CorsRule, origin: &str, headers: &mut HeaderMap) {
    insert(headers, ACCESS_CONTROL_ALLOW_ORIGIN, origin);
    if !rule.exposed.is_empty() {
        insert(headers, ACCESS_CONTROL_EXPOSE_HEADERS, &rule.exposed.join(", "));
    }
    insert(headers, VARY, VARIES);
}

fn insert(headers: &mut HeaderMap, name: HeaderName, value: &str) {
    if let Ok(value) = HeaderValue::from_str(value) {
        headers.insert(name, value);
    }
}

fn refusal(status: StatusCode, code: &str, message: &str) -> Response {
    let xml = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?><Error><Code>{code}</Code><Message>{message}</Message></Error>"
    );
    let mut response = Response::new(axum::body::Body::from(xml));
    *response.status_mut() = status;
    insert(response.headers_mut(), http::header::CONTENT_TYPE, "application/xml");
    insert(response.headers_mut(), VARY, VARIES);
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_pages_of_this_machine_are_allowed_without_rules() {
        for origin in ["http://127.0.0.1:3000", "http://localhost:3000", "http://[::1]:3000"] {
            assert!(is_loopback(origin), "{origin}");
        }
        for origin in ["http://127.0.0.1.example.com", "https://example.com", "null"] {
            assert!(!is_loopback(origin), "{origin}");
        }
    }
}
