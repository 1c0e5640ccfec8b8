//! The authorization server that another server belongs to: found, and looked at before it gets a secret.

use super::UpstreamError;
use super::error::shortened;
use crate::engine::config::is_loopback;
use reqwest::Url;
use rmcp::transport::auth::{AuthError, AuthorizationManager, AuthorizationMetadata};

/// An authorization server that was found.
pub(super) struct AuthorizationServer {
    /// What knows it.
    pub(super) manager: AuthorizationManager,
    /// Its name.
    pub(super) issuer: Option<String>,
    /// Whether it reads documents about clients, so that they need not register.
    pub(super) reads_documents: bool,
}

impl AuthorizationServer {
    /// Finds that of a server, by what the server says in a refusal or elsewhere. `allowed` is the only one
    /// that the operator wants.
    ///
    /// # Errors
    /// When there is none, or one that must not be asked.
    pub(super) async fn find(
        resource: &Url,
        allowed: Option<&str>,
        refusal: Option<&str>,
    ) -> Result<Self, UpstreamError> {
        let mut manager = blank(resource, allowed).await?;
        let found = manager.resolve_metadata_from_challenge(refusal).await.map_err(failed)?;
        if !found.source.is_discovered() {
            let words = "it does not say which authorization server it belongs to".to_owned();
            return Err(UpstreamError::NotAuthorized(words));
        }
        check(resource, allowed, &found.metadata)?;
        let metadata = match allowed {
            Some(issuer) => as_it_says_itself(resource, issuer).await?,
            None => found.metadata,
        };
        let issuer = metadata.issuer.clone();
        let documents = metadata.additional_fields.get("client_id_metadata_document_supported");
        let reads_documents = documents.and_then(serde_json::Value::as_bool) == Some(true);
        manager.set_metadata(metadata);
        Ok(Self { manager, issuer, reads_documents })
    }
}

/// What is to find one out. It follows no address of the metadata to this machine, unless the server itself is
/// there, and into a private network only where the operator has named the authorization server.
pub(super) async fn blank(
    resource: &Url,
    allowed: Option<&str>,
) -> Result<AuthorizationManager, UpstreamError> {
    let blank = match allowed {
        Some(_) => AuthorizationManager::new_allowing_private_addresses(resource.clone()).await,
        None => AuthorizationManager::new(resource.clone()).await,
    };
    blank.map_err(failed)
}

/// What the authorization server that the operator named says of itself: a server that belongs to it could say
/// anything of it, for instance that secrets are to be sent elsewhere.
async fn as_it_says_itself(resource: &Url, issuer: &str) -> Result<AuthorizationMetadata, UpstreamError> {
    let not_found = || {
        UpstreamError::NotAuthorized(format!("its authorization server {issuer:?} does not describe itself"))
    };
    let address = Url::parse(issuer).map_err(|_| not_found())?;
    let found = blank(&address, Some(issuer)).await?.resolve_metadata().await.map_err(failed)?;
    if !found.source.is_discovered() {
        return Err(not_found());
    }
    check(resource, Some(issuer), &found.metadata)?;
    Ok(found.metadata)
}

/// Secrets and codes go to the authorization server that the operator named, and never in the clear.
fn check(resource: &Url, allowed: Option<&str>, found: &AuthorizationMetadata) -> Result<(), UpstreamError> {
    if let Some(allowed) = allowed {
        let issuer = found.issuer.as_deref().unwrap_or_default();
        if issuer.trim_end_matches('/') != allowed.trim_end_matches('/') {
            let issuer = shortened(issuer);
            let words = format!("it belongs to the authorization server {issuer:?}, not to {allowed:?}");
            return Err(UpstreamError::NotAuthorized(words));
        }
    }
    let endpoints = || {
        let registration = found.registration_endpoint.iter();
        [&found.token_endpoint, &found.authorization_endpoint].into_iter().chain(registration)
    };
    let host = |address: &str| Some(Url::parse(address).ok()?.host_str()?.to_owned());
    let home = found.issuer.as_deref().and_then(host);
    // Whom nobody named could describe another's pages with an address of its own for codes.
    if allowed.is_none() && (home.is_none() || endpoints().any(|endpoint| host(endpoint) != home)) {
        let words = "its authorization server has addresses at another host than its own; name it in the file \
                     (issuer), if it is right";
        return Err(UpstreamError::NotAuthorized(words.to_owned()));
    }
    let is_safe = |address: &String| {
        let is_here = |url: &Url| is_loopback(url) && is_loopback(resource);
        Url::parse(address).is_ok_and(|url| url.scheme() == "https" || is_here(&url))
    };
    if endpoints().all(is_safe) {
        return Ok(());
    }
    Err(UpstreamError::NotAuthorized("its authorization server does not use https".to_owned()))
}

/// What the library says, with its causes.
pub(super) fn failed(error: AuthError) -> UpstreamError {
    let mut words = error.to_string();
    let mut cause = std::error::Error::source(&error);
    while let Some(inner) = cause {
        words = format!("{words}: {inner}");
        cause = inner.source();
    }
    UpstreamError::NotAuthorized(shortened(&words))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn checked(resource: &str, allowed: Option<&str>, issuer: &str) -> Result<(), UpstreamError> {
        let metadata = json!({
            "issuer": issuer,
            "authorization_endpoint": format!("{issuer}/authorize"),
            "token_endpoint": format!("{issuer}/token"),
        });
        let metadata = serde_json::from_value(metadata).expect("metadata");
        check(&Url::parse(resource).expect("an address"), allowed, &metadata)
    }

    #[test]
    fn a_secret_goes_only_to_the_authorization_server_that_the_operator_named() {
        let allowed = Some("https://login.example/");
        assert_eq!(checked("https://tickets.example/mcp", allowed, "https://login.example"), Ok(()));
        let other = checked("https://tickets.example/mcp", allowed, "https://login.example.evil.example");
        let told = other.expect_err("it is another one").to_string();
        assert!(told.contains("login.example.evil.example"), "{told}");
    }

    #[test]
    fn an_authorization_server_that_nobody_named_keeps_to_its_own_host() {
        let resource = Url::parse("https://tickets.example/mcp").expect("an address");
        for (name, accepted) in
            [("token_endpoint", false), ("registration_endpoint", false), ("service", true)]
        {
            let mut metadata = json!({
                "issuer": "https://login.example",
                "authorization_endpoint": "https://login.example/authorize",
                "token_endpoint": "https://login.example/token",
            });
            metadata[name] = json!("https://elsewhere.example/token");
            let metadata = serde_json::from_value(metadata).expect("metadata");
            assert_eq!(check(&resource, None, &metadata).is_ok(), accepted, "{name}");
        }
    }

    #[test]
    fn a_secret_never_goes_in_the_clear_to_another_machine() {
        assert!(checked("https://tickets.example/mcp", None, "http://login.example").is_err());
        assert!(checked("https://tickets.example/mcp", None, "http://localhost:1").is_err());
        assert!(checked("http://127.0.0.1:3000/mcp", None, "http://login.example").is_err());
        assert_eq!(checked("http://127.0.0.1:3000/mcp", None, "http://localhost:1"), Ok(()));
    }
}
