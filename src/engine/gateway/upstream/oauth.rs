//! Authorization at servers that ask for OAuth 2.1.
//!
//! The server says in its refusal what it wants; that is asked for at its authorization server and kept for
//! the requests that follow. Discovery, PKCE and tokens are the library's; who gets a secret, who consents
//! and how often it is asked again are decided here.

use super::UpstreamError;
use super::authorization_server::{AuthorizationServer, blank, failed};
use super::consents::{Kept, KeptConsent};
use super::error::shortened;
use crate::engine::catalog::CatalogError;
use crate::engine::config::{BrowserClient, Grant, OAuthSettings};
use async_trait::async_trait;
use reqwest::Url;
use rmcp::transport::auth::{
    AuthClient, AuthorizationCallback, AuthorizationManager, ClientCredentialsConfig, OAuthClientConfig,
    StoredCredentials, WWWAuthenticateParams,
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
    /// Shows the page at this address. When somebody has consented there, the browser goes to an address that
    /// begins with `redirect`, and that is the answer.
    ///
    /// # Errors
    /// Why nobody consented, in words.
    async fn ask(&self, page: &str, redirect: &Url) -> Result<String, String>;
}

/// What is known of being authorized at one server.
pub(super) struct Authorization {
    resource: Url,
    settings: OAuthSettings,
    /// Who can consent. At a running instance nobody can.
    consent: Option<Arc<dyn Consent>>,
    /// What somebody has consented to.
    kept: Option<KeptConsent>,
    http: reqwest::Client,
    client: OnceCell<AuthClient<reqwest::Client>>,
    /// What the client goes on with that somebody has consented to.
    resumed: Mutex<Option<Kept>>,
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
        if let Some(authorization) = self.authorization.filter(|_| self.left > 0)
            && let UpstreamError::AuthorizationWanted(refusal) = &error
        {
            // Boxed: what happens so rarely must not make every call larger.
            Box::pin(authorization.renew(refusal, self.renewed)).await?;
            self.renewed = authorization.renewed();
            self.left -= 1;
            return Ok(());
        }
        Err(error)
    }
}

impl Authorization {
    pub(super) fn new(resource: Url, settings: OAuthSettings, http: reqwest::Client) -> Self {
        Self {
            resource,
            settings,
            consent: None,
            kept: None,
            http,
            client: OnceCell::new(),
            resumed: Mutex::default(),
            renewed: AtomicU64::new(0),
            renewing: Mutex::default(),
        }
    }

    /// The same with somebody who can consent.
    pub(super) fn with_consent(self, consent: Arc<dyn Consent>) -> Self {
        Self { consent: Some(consent), ..self }
    }

    /// The same with a place for consents.
    pub(super) fn kept_at(self, kept: KeptConsent) -> Self {
        Self { kept: Some(kept), ..self }
    }

    /// The HTTP client that sends what was granted.
    pub(super) async fn client(&self) -> Result<AuthClient<reqwest::Client>, UpstreamError> {
        let made = self.client.get_or_try_init(|| async {
            let manager = match (&self.settings.grant, &self.consent, &self.kept) {
                (Grant::AuthorizationCode(browser), None, Some(kept)) => {
                    Box::pin(self.resumed(browser, kept)).await?
                }
                _ => blank(&self.resource, self.settings.issuer.as_deref()).await?,
            };
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
        self.check_scopes(further)?;
        match &self.settings.grant {
            Grant::ClientCredentials { client_id, client_secret } => {
                self.as_itself(&client, refusal, further, client_id, client_secret).await?;
            }
            Grant::AuthorizationCode(browser) => match (&self.consent, further) {
                (Some(consent), Some(scope)) => {
                    self.consent_to_more(&client, scope, consent.as_ref(), browser).await?;
                }
                (Some(consent), None) => {
                    self.consent_anew(&client, refusal, consent.as_ref(), browser).await?;
                }
                (None, further) => self.look_again(&client, further, browser).await?,
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
        let AuthorizationServer { mut manager, .. } = self.find(Some(refusal)).await?;
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
        consent: &dyn Consent,
        browser: &BrowserClient,
    ) -> Result<(), UpstreamError> {
        let mut found = self.find(Some(refusal)).await?;
        let scopes = self.scopes(&found.manager).await;
        let scopes: Vec<&str> = scopes.iter().map(String::as_str).collect();
        let secret = self.introduce(&mut found, browser, &scopes).await?;
        let page = found.manager.get_authorization_url(&scopes).await.map_err(failed)?;
        let callback = callback(consent, &page, &browser.redirect).await?;
        exchange(&found.manager, &callback).await?;
        self.keep(&found.manager, found.issuer, secret).await?;
        *client.auth_manager.lock().await = found.manager;
        Ok(())
    }

    /// The same for more than was consented to before.
    async fn consent_to_more(
        &self,
        client: &AuthClient<reqwest::Client>,
        scope: &str,
        consent: &dyn Consent,
        browser: &BrowserClient,
    ) -> Result<(), UpstreamError> {
        // Not held while somebody reads the page: other requests need it.
        let page = client.auth_manager.lock().await.request_scope_upgrade(scope).await.map_err(failed)?;
        let callback = callback(consent, &page, &browser.redirect).await?;
        let manager = client.auth_manager.lock().await;
        exchange(&manager, &callback).await?;
        let Some(kept) = &self.kept else { return Ok(()) };
        let before = kept.read().await.map_err(|error| unread(&error))?;
        let (issuer, secret) =
            before.map(|kept| (kept.credentials.issuer, kept.client_secret)).unwrap_or_default();
        self.keep(&manager, issuer, secret).await
    }

    /// Keeps what somebody has just consented to, for all instances.
    async fn keep(
        &self,
        manager: &AuthorizationManager,
        issuer: Option<String>,
        client_secret: Option<String>,
    ) -> Result<(), UpstreamError> {
        let Some(kept) = &self.kept else { return Ok(()) };
        let (client_id, token) = manager.get_credentials().await.map_err(failed)?;
        let since = u64::try_from(jiff::Timestamp::now().as_second()).unwrap_or_default();
        let scopes = manager.get_current_scopes().await;
        let credentials = StoredCredentials::new(client_id, token, scopes, Some(since)).with_issuer(issuer);
        let resource = canonical(&self.resource);
        kept.write(&Kept { credentials, client_secret, resource }).await.map_err(|error| unread(&error))
    }

    /// One that goes on with what somebody has consented to.
    async fn resumed(
        &self,
        browser: &BrowserClient,
        kept: &KeptConsent,
    ) -> Result<AuthorizationManager, UpstreamError> {
        let Some(found) = kept.read().await.map_err(|error| unread(&error))? else {
            return Err(UpstreamError::NotAuthorized(format!("nobody has consented yet; {}", kept.remedy())));
        };
        if found.resource != canonical(&self.resource) {
            let words = "it has another address than when somebody consented";
            return Err(UpstreamError::NotAuthorized(format!("{words}; {}", kept.remedy())));
        }
        let AuthorizationServer { mut manager, issuer, .. } = self.find(None).await?;
        if found.credentials.issuer != issuer {
            let words = "it belongs to another authorization server than when somebody consented";
            return Err(UpstreamError::NotAuthorized(format!("{words}; {}", kept.remedy())));
        }
        let client = OAuthClientConfig::new(&found.credentials.client_id, browser.redirect.as_str());
        let secret = browser.registered.as_ref().and_then(|known| known.secret.as_ref());
        let secret = secret.map(|secret| secret.expose_secret().to_owned()).or(found.client_secret.clone());
        let client = match secret {
            Some(secret) => client.with_client_secret(secret),
            None => client,
        };
        manager.configure_client(client).map_err(failed)?;
        manager.set_credential_store(kept.clone());
        *self.resumed.lock().await = Some(found);
        Ok(manager)
    }

    /// Looks whether somebody has consented since, because what was consented to before does not do.
    async fn look_again(
        &self,
        client: &AuthClient<reqwest::Client>,
        further: Option<&str>,
        browser: &BrowserClient,
    ) -> Result<(), UpstreamError> {
        let Some(kept) = &self.kept else {
            let words = "somebody has to consent to it, and nobody is there";
            return Err(UpstreamError::NotAuthorized(words.to_owned()));
        };
        let now = kept.read_anew().await.map_err(|error| unread(&error))?;
        let before = std::mem::replace(&mut *self.resumed.lock().await, now.clone());
        if before.as_ref().map(Kept::client) != now.as_ref().map(Kept::client) {
            *client.auth_manager.lock().await = self.resumed(browser, kept).await?;
            return Ok(());
        }
        // Where the token is another one, somebody else has renewed it meanwhile: it is shown at the next attempt.
        if before.as_ref().and_then(Kept::token) == now.as_ref().and_then(Kept::token) {
            let words = match further {
                Some(scope) => format!("what somebody has consented to does not cover {scope:?}"),
                None => "what somebody has consented to does not hold any more".to_owned(),
            };
            return Err(UpstreamError::NotAuthorized(format!("{words}; {}", kept.remedy())));
        }
        Ok(())
    }

    async fn find(&self, refusal: Option<&str>) -> Result<AuthorizationServer, UpstreamError> {
        AuthorizationServer::find(&self.resource, self.settings.issuer.as_deref(), refusal).await
    }

    /// Whether more may be asked for: not beyond what the file says, where it says something.
    fn check_scopes(&self, further: Option<&str>) -> Result<(), UpstreamError> {
        let known = |scope: &&str| !self.settings.scopes.iter().any(|known| known == scope);
        let beyond = further.into_iter().flat_map(str::split_whitespace).find(known);
        match beyond.filter(|_| !self.settings.scopes.is_empty()) {
            Some(scope) => {
                let words =
                    format!("it wants the scope {:?}, which the file does not name", shortened(scope));
                Err(UpstreamError::NotAuthorized(words))
            }
            None => Ok(()),
        }
    }

    /// What is asked for: what the file says, else what the server wants.
    async fn scopes(&self, manager: &AuthorizationManager) -> Vec<String> {
        if self.settings.scopes.is_empty() {
            return manager.select_initial_scopes(&[]).await;
        }
        self.settings.scopes.clone()
    }

    /// Makes known who asks: as it was registered before, by the document about it, or by registering now.
    /// Answers with the secret that came with that.
    async fn introduce(
        &self,
        found: &mut AuthorizationServer,
        browser: &BrowserClient,
        scopes: &[&str],
    ) -> Result<Option<String>, UpstreamError> {
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
            let client = found.manager.register_client(NAME, redirect, scopes).await.map_err(failed)?;
            return Ok(client.client_secret);
        };
        found.manager.configure_client(client).map_err(failed)?;
        Ok(None)
    }
}

/// What the page led to that somebody was shown.
async fn callback(
    consent: &dyn Consent,
    page: &str,
    redirect: &Url,
) -> Result<AuthorizationCallback, UpstreamError> {
    let address = consent.ask(page, redirect).await.map_err(UpstreamError::NotAuthorized)?;
    let refused = Url::parse(&address).ok().and_then(|address| {
        let refused = address.query_pairs().find(|(name, _)| name == "error");
        refused.map(|(_, why)| why.into_owned())
    });
    match refused {
        Some(why) => {
            Err(UpstreamError::NotAuthorized(format!("the consent was refused ({})", shortened(&why))))
        }
        None => AuthorizationCallback::from_redirect_url(&address).map_err(failed),
    }
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

fn unread(error: &CatalogError) -> UpstreamError {
    UpstreamError::NotAuthorized(format!("what somebody has consented to cannot be read or kept: {error}"))
}

#[cfg(test)]
mod tests {
    use super::*;

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
