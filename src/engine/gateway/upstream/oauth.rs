//! Authorization at servers that ask for OAuth 2.1.
//!
//! The server says in its refusal what it wants; that is asked for at its authorization server and kept for
//! the requests that follow. Discovery, PKCE and tokens are the library's; who gets a secret, who consents
//! and how often it is asked again are decided here.

use super::UpstreamError;
use super::error::shortened;
use crate::engine::config::{BrowserClient, Grant, OAuthSettings, is_loopback};
use async_trait::async_trait;
use reqwest::Url;
use rmcp::transport::auth::{
    AuthClient, AuthError, AuthorizationCallback, AuthorizationManager, AuthorizationMetadata,
    ClientCredentialsConfig, OAuthClientConfig, WWWAuthenticateParams,
};
use secrecy::{ExposeSecret, SecretString};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use tokio::sync::{Mutex, OnceCell};

/// How often one request may lead to a new authorization: once because there is none, and once because it
/// does not reach far enough. A server that refuses again does not want this client.
const RENEWALS: u32 = 2;

/// The name under which Patchline registers itself at authorization servers.
const NAME: &str = "Patchline";

/// Somebody who can consent to what Patchline may do at a server.
#[async_trait]
pub trait Consent: Send + Sync {
    /// Shows the page at this address, and answers with the address that the page led to in the end.
    ///
    /// # Errors
    /// Why nobody consented, in words.
    async fn ask(&self, page: &str) -> Result<String, String>;
}

/// What is known of being authorized at one server.
pub(super) struct Authorization {
    resource: Url,
    settings: OAuthSettings,
    consent: Option<Arc<dyn Consent>>,
    http: reqwest::Client,
    client: OnceCell<AuthClient<reqwest::Client>>,
    /// Counts the authorizations, so that requests that were refused together lead to one.
    renewed: AtomicU64,
    renewing: Mutex<()>,
}

/// Attempts at one request.
pub(super) struct Attempts<'a> {
    authorization: Option<&'a Authorization>,
    renewed: u64,
    left: u32,
}

impl<'a> Attempts<'a> {
    pub(super) fn new(authorization: Option<&'a Authorization>) -> Self {
        Self { renewed: authorization.map_or(0, Authorization::renewed), authorization, left: RENEWALS }
    }

    /// Makes another attempt worth while, where the last one was refused for want of authorization.
    ///
    /// # Errors
    /// The error itself, when another attempt would end the same way.
    pub(super) async fn after(&mut self, error: UpstreamError) -> Result<(), UpstreamError> {
        match (&error, self.authorization) {
            (UpstreamError::AuthorizationWanted(refusal), Some(authorization)) if self.left > 0 => {
                authorization.renew(refusal, self.renewed).await?;
                self.renewed = authorization.renewed();
                self.left -= 1;
                Ok(())
            }
            _ => Err(error),
        }
    }
}

impl Authorization {
    pub(super) fn new(resource: Url, settings: OAuthSettings, http: reqwest::Client) -> Self {
        Self {
            resource,
            settings,
            consent: None,
            http,
            client: OnceCell::new(),
            renewed: AtomicU64::new(0),
            renewing: Mutex::default(),
        }
    }

    /// The same with somebody who can consent.
    pub(super) fn with_consent(self, consent: Arc<dyn Consent>) -> Self {
        Self { consent: Some(consent), ..self }
    }

    /// The HTTP client that sends what was granted.
    pub(super) async fn client(&self) -> Result<AuthClient<reqwest::Client>, UpstreamError> {
        let made = self.client.get_or_try_init(|| async {
            let manager = self.manager().await?;
            Ok::<_, UpstreamError>(AuthClient::new(self.http.clone(), manager))
        });
        made.await.cloned()
    }

    fn renewed(&self) -> u64 {
        self.renewed.load(Ordering::Acquire)
    }

    /// Asks for what a refusal wants, unless that was done since the request was sent.
    async fn renew(&self, refusal: &str, renewed: u64) -> Result<(), UpstreamError> {
        let _one_at_a_time = self.renewing.lock().await;
        if self.renewed() != renewed {
            return Ok(());
        }
        let client = self.client().await?;
        let wanted = WWWAuthenticateParams::parse(refusal, &self.resource);
        let further = wanted.scope.as_deref().filter(|_| wanted.is_insufficient_scope());
        match &self.settings.grant {
            Grant::ClientCredentials { client_id, client_secret } => {
                self.as_itself(&client, refusal, further, client_id, client_secret).await?;
            }
            Grant::AuthorizationCode(browser) => match further {
                Some(scope) => self.consent_to_more(&client, scope).await?,
                None => self.consent_anew(&client, refusal, browser).await?,
            },
        }
        self.renewed.fetch_add(1, Ordering::Release);
        Ok(())
    }

    /// A token for Patchline itself.
    async fn as_itself(
        &self,
        client: &AuthClient<reqwest::Client>,
        refusal: &str,
        further: Option<&str>,
        client_id: &str,
        client_secret: &SecretString,
    ) -> Result<(), UpstreamError> {
        let Discovered { mut manager, .. } = self.discover(refusal).await?;
        let mut scopes = self.scopes(&manager).await;
        if let Some(further) = further {
            scopes.extend(client.auth_manager.lock().await.get_current_scopes().await);
            scopes.extend(further.split_whitespace().map(str::to_owned));
            scopes.sort_unstable();
            scopes.dedup();
        }
        let credentials = ClientCredentialsConfig::ClientSecret {
            client_id: client_id.to_owned(),
            client_secret: client_secret.expose_secret().to_owned(),
            scopes,
            resource: Some(canonical(&self.resource)),
        };
        manager.validate_client_credentials_metadata(&credentials).map_err(failed)?;
        manager.configure_client_credentials(&credentials).map_err(failed)?;
        manager.exchange_client_credentials(&credentials).await.map_err(failed)?;
        *client.auth_manager.lock().await = manager;
        Ok(())
    }

    /// A token for which somebody consents. The one before stays in use until then.
    async fn consent_anew(
        &self,
        client: &AuthClient<reqwest::Client>,
        refusal: &str,
        browser: &BrowserClient,
    ) -> Result<(), UpstreamError> {
        let consent = self.somebody()?;
        let mut found = self.discover(refusal).await?;
        let scopes = self.scopes(&found.manager).await;
        let scopes: Vec<&str> = scopes.iter().map(String::as_str).collect();
        self.introduce(&mut found, browser, &scopes).await?;
        let page = found.manager.get_authorization_url(&scopes).await.map_err(failed)?;
        let callback = callback(consent, &page).await?;
        exchange(&found.manager, &callback).await?;
        *client.auth_manager.lock().await = found.manager;
        Ok(())
    }

    /// The same for more than was consented to before.
    async fn consent_to_more(
        &self,
        client: &AuthClient<reqwest::Client>,
        scope: &str,
    ) -> Result<(), UpstreamError> {
        let consent = self.somebody()?;
        // Not held while somebody reads the page: other requests need it.
        let page = client.auth_manager.lock().await.request_scope_upgrade(scope).await.map_err(failed)?;
        let callback = callback(consent, &page).await?;
        exchange(&*client.auth_manager.lock().await, &callback).await
    }

    fn somebody(&self) -> Result<&dyn Consent, UpstreamError> {
        self.consent.as_deref().ok_or_else(|| {
            UpstreamError::NotAuthorized("somebody has to consent to it, and nobody is there".to_owned())
        })
    }

    async fn manager(&self) -> Result<AuthorizationManager, UpstreamError> {
        AuthorizationManager::new(self.resource.clone()).await.map_err(failed)
    }

    /// What the server says of its authorization server, which is looked up anew each time: it may change.
    async fn discover(&self, refusal: &str) -> Result<Discovered, UpstreamError> {
        let mut manager = self.manager().await?;
        let found = manager.resolve_metadata_from_challenge(Some(refusal)).await.map_err(failed)?;
        if !found.source.is_discovered() {
            let words = "it does not say which authorization server it belongs to".to_owned();
            return Err(UpstreamError::NotAuthorized(words));
        }
        self.check(&found.metadata)?;
        let documents = found.metadata.additional_fields.get("client_id_metadata_document_supported");
        let reads_documents = documents.and_then(serde_json::Value::as_bool) == Some(true);
        manager.set_metadata(found.metadata);
        Ok(Discovered { manager, reads_documents })
    }

    /// Secrets and codes go to the authorization server that the operator named, and never in the clear.
    fn check(&self, found: &AuthorizationMetadata) -> Result<(), UpstreamError> {
        if let Some(expected) = &self.settings.issuer {
            let issuer = found.issuer.as_deref().unwrap_or_default();
            if issuer.trim_end_matches('/') != expected.trim_end_matches('/') {
                let words = format!(
                    "it belongs to the authorization server {:?}, and the file allows {expected:?} only",
                    shortened(issuer)
                );
                return Err(UpstreamError::NotAuthorized(words));
            }
        }
        let is_safe = |text: &str| {
            Url::parse(text).is_ok_and(|url| {
                url.scheme() == "https" || (is_loopback(&url) && is_loopback(&self.resource))
            })
        };
        if is_safe(&found.token_endpoint) {
            return Ok(());
        }
        Err(UpstreamError::NotAuthorized("its authorization server does not use https".to_owned()))
    }

    /// What is asked for: what the file says, else what the server wants.
    async fn scopes(&self, manager: &AuthorizationManager) -> Vec<String> {
        if self.settings.scopes.is_empty() {
            return manager.select_initial_scopes(&[]).await;
        }
        self.settings.scopes.clone()
    }

    /// Makes known who asks: as it was registered before, by the document about it, or by registering now.
    async fn introduce(
        &self,
        found: &mut Discovered,
        browser: &BrowserClient,
        scopes: &[&str],
    ) -> Result<(), UpstreamError> {
        let redirect = browser.redirect.as_str();
        let client = if let Some(registered) = &browser.registered {
            let client = OAuthClientConfig::new(&registered.id, redirect);
            match &registered.secret {
                Some(secret) => client.with_client_secret(secret.expose_secret()),
                None => client,
            }
        } else if let Some(document) = browser.document.as_ref().filter(|_| found.reads_documents) {
            OAuthClientConfig::new(document.as_str(), redirect)
        } else {
            found.manager.register_client(NAME, redirect, scopes).await.map_err(failed)?
        };
        found.manager.configure_client(client).map_err(failed)
    }
}

/// An authorization server that was found.
struct Discovered {
    manager: AuthorizationManager,
    /// Whether it reads documents about clients, so that they need not register.
    reads_documents: bool,
}

/// What the page led to that somebody was shown.
async fn callback(consent: &dyn Consent, page: &str) -> Result<AuthorizationCallback, UpstreamError> {
    let address = consent.ask(page).await.map_err(UpstreamError::NotAuthorized)?;
    AuthorizationCallback::from_redirect_url(&address).map_err(failed)
}

/// The token for a consent. Whose consent it is, is compared first.
async fn exchange(
    manager: &AuthorizationManager,
    callback: &AuthorizationCallback,
) -> Result<(), UpstreamError> {
    let (code, state, issuer) = (&callback.code, &callback.csrf_token, callback.issuer.as_deref());
    manager.exchange_code_for_token_with_issuer(code, state, issuer).await.map(drop).map_err(failed)
}

/// The server's name as tokens are bound to it: its address, without a slash that means nothing.
fn canonical(resource: &Url) -> String {
    let text = resource.as_str();
    if resource.path() == "/" { text.trim_end_matches('/').to_owned() } else { text.to_owned() }
}

fn failed(error: AuthError) -> UpstreamError {
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

    fn authorization(resource: &str, issuer: Option<&str>) -> Authorization {
        let grant = Grant::ClientCredentials {
            client_id: "label".to_owned(),
            client_secret: SecretString::from("hunter2"),
        };
        let settings = OAuthSettings { grant, issuer: issuer.map(str::to_owned), scopes: Vec::new() };
        let resource = Url::parse(resource).expect("an address");
        Authorization::new(resource, settings, reqwest::Client::new())
    }

    fn server(issuer: &str, token_endpoint: &str) -> AuthorizationMetadata {
        let metadata = json!({
            "issuer": issuer, "authorization_endpoint": issuer, "token_endpoint": token_endpoint
        });
        serde_json::from_value(metadata).expect("metadata")
    }

    #[test]
    fn a_secret_goes_only_to_the_authorization_server_that_the_operator_named() {
        let ours = authorization("https://tickets.example/mcp", Some("https://login.example"));
        let named = server("https://login.example/", "https://login.example/token");
        assert_eq!(ours.check(&named), Ok(()));
        let other = server("https://login.example.evil.example", "https://login.example/token");
        let told = ours.check(&other).expect_err("it is another one").to_string();
        assert!(told.contains("login.example.evil.example"), "{told}");
    }

    #[test]
    fn a_secret_never_goes_in_the_clear_to_another_machine() {
        let far = authorization("https://tickets.example/mcp", None);
        assert!(far.check(&server("http://login.example", "http://login.example/token")).is_err());
        assert!(far.check(&server("http://localhost:1", "http://localhost:1/token")).is_err());
        let here = authorization("http://127.0.0.1:3000/mcp", None);
        assert_eq!(here.check(&server("http://localhost:1", "http://localhost:1/token")), Ok(()));
    }

    #[test]
    fn the_name_of_a_server_has_no_slash_that_means_nothing() {
        for (address, name) in [
            ("https://tickets.example/", "https://tickets.example"),
            ("https://tickets.example/mcp", "https://tickets.example/mcp"),
            ("https://tickets.example/mcp/", "https://tickets.example/mcp/"),
        ] {
            assert_eq!(canonical(&Url::parse(address).expect("an address")), name);
        }
    }
}
