//! Sign-in by OpenID Connect: the authorization code flow with PKCE (RFC 7636), state and nonce.
//!
//! The browser keeps one random text, in a cookie of its own. What belongs to it is kept in the store until the
//! provider sends the person back, once, and for ten minutes at most.

mod accounts;
mod attempt;
mod confirm;
mod error;
mod exchange;
mod id_token;
mod joining;
mod leaving;
mod person;

pub use accounts::{AccountChange, Entry};
pub use attempt::{Begun, Confirms, LIFETIME, Returned};
pub use error::OpenIdError;
pub use leaving::{Leaving, SIGNED_OUT};

use super::issuers::{Discovery, Issuer};
use super::{Identity, User};
use crate::engine::config::{OPENID_CALLBACK, OpenIdSettings};
use attempt::Attempt;
use person::Person;
use reqwest::Url;
use std::net::IpAddr;
use std::sync::Arc;
use subtle::ConstantTimeEq;

/// A provider at which people sign in.
#[derive(Debug, Clone)]
pub(super) struct OpenId {
    settings: Arc<OpenIdSettings>,
    issuer: Issuer,
}

/// Somebody whom the provider has sent back.
#[derive(Debug)]
pub enum Arrival {
    /// They sign in, and the provider vouches for them.
    SignsIn {
        /// What becomes of them.
        entry: Box<Entry>,
        /// The page that they wanted.
        next: String,
    },
    /// They have signed in before, and were to show once more who they are.
    Confirms {
        /// Who they are, or why that is not shown.
        user: Result<Box<User>, OpenIdError>,
        /// Before which operation they were asked; empty where that is not known.
        operation: String,
        /// The page that they come from.
        next: String,
    },
}

impl OpenId {
    pub(super) fn new(settings: &OpenIdSettings) -> Self {
        Self { settings: Arc::new(settings.clone()), issuer: Issuer::new(settings.issuer.clone()) }
    }

    /// What people call it.
    fn name(&self) -> String {
        self.settings.name.clone()
    }

    /// Where the provider is to send somebody back who asked at this host.
    fn redirect(&self, host: &str) -> String {
        // At another host than one of this machine nothing is answered, and there is no TLS.
        let asked = || format!("http://{host}{OPENID_CALLBACK}");
        self.settings.callback.as_ref().map_or_else(asked, Url::to_string)
    }

    async fn discovery(&self) -> Result<Arc<Discovery>, OpenIdError> {
        self.issuer.discovery().await.map_err(|error| OpenIdError::of_issuer(self.name(), error))
    }

    /// Whom the provider sends back for an attempt.
    async fn arrived(&self, returned: Returned, attempt: &Attempt) -> Result<Person, OpenIdError> {
        let discovery = self.discovery().await?;
        self.check_who_answers(&discovery, &returned)?;
        if let Some(why) = &returned.error {
            return Err(OpenIdError::refused(self.name(), why));
        }
        let code = returned.code.as_deref().ok_or_else(|| {
            OpenIdError::not_trusted(self.name(), "it sends somebody back without saying who it is")
        })?;
        let tokens = self.exchange(&discovery, code, attempt).await?;
        self.person(&discovery, &tokens, &attempt.nonce).await
    }

    /// Refuses the answer of another provider than the one that was asked (RFC 9207).
    fn check_who_answers(&self, discovery: &Discovery, returned: &Returned) -> Result<(), OpenIdError> {
        let said = returned.iss.as_deref();
        if said == Some(self.issuer.name()) || (said.is_none() && !discovery.names_itself_in_answers) {
            return Ok(());
        }
        Err(OpenIdError::not_trusted(self.name(), "another provider answers than the one that was asked"))
    }
}

impl Identity {
    /// What people call the provider at which they may sign in; none where there is no such provider.
    pub fn openid_name(&self) -> Option<String> {
        self.openid.as_ref().map(OpenId::name)
    }

    /// Begins a sign-in at the provider. `host` is where the browser asks, and `next` the page that is wanted.
    ///
    /// # Errors
    /// When there is no provider, or it is away; `TooManyAttempts`, or what the store says.
    pub async fn begin_openid(
        &self,
        host: &str,
        next: &str,
        address: Option<IpAddr>,
    ) -> Result<Begun, OpenIdError> {
        self.begin_attempt(host, next, None, address).await
    }

    async fn begin_attempt(
        &self,
        host: &str,
        next: &str,
        confirms: Option<Confirms>,
        address: Option<IpAddr>,
    ) -> Result<Begun, OpenIdError> {
        let openid = self.openid.as_ref().ok_or(OpenIdError::NoProvider)?;
        self.take_attempt_elsewhere(address).await?;
        let discovery = openid.discovery().await?;
        let Some(page) = &discovery.authorization_endpoint else {
            let detail = "it does not say where people sign in";
            return Err(OpenIdError::unusable(openid.name(), detail));
        };
        let (mut attempt, handle) = Attempt::begin(openid.redirect(host), next)?;
        attempt.confirms = confirms;
        self.catalog.set_setting(&attempt::key(&handle), &attempt).await?;
        Ok(Begun { page: attempt.page(page, &openid.settings), handle })
    }

    /// Ends it: who the provider says that has come back. `handle` is what the browser has kept. No account is
    /// changed yet.
    ///
    /// # Errors
    /// Why they may not come in.
    pub async fn finish_openid(
        &self,
        handle: Option<&str>,
        returned: Returned,
    ) -> Result<Arrival, OpenIdError> {
        let openid = self.openid.as_ref().ok_or(OpenIdError::NoProvider)?;
        let attempt = self.take_openid_attempt(handle, returned.state.as_deref()).await?;
        if let Some(Confirms { user, operation }) = &attempt.confirms {
            let shown = self.confirmed_at_provider(openid, user, returned, &attempt).await;
            let (user, operation) = (shown.map(Box::new), operation.clone());
            return Ok(Arrival::Confirms { user, operation, next: attempt.next });
        }
        let person = openid.arrived(returned, &attempt).await?;
        let subject = person.subject.clone();
        match self.account_at_provider(&openid.name(), person).await {
            Ok(entry) => Ok(Arrival::SignsIn { entry: Box::new(entry), next: attempt.next }),
            Err(error) => {
                if let (OpenIdError::HasPassword { user, .. }, Some(handle)) = (&error, handle) {
                    self.keep_joining(handle, subject, user.clone()).await?;
                }
                Err(error)
            }
        }
    }

    /// The attempt that somebody comes back to: only the browser that began it has the handle, and each is used
    /// once.
    async fn take_openid_attempt(
        &self,
        handle: Option<&str>,
        state: Option<&str>,
    ) -> Result<Attempt, OpenIdError> {
        let (Some(handle), Some(state)) = (handle, state) else { return Err(OpenIdError::NotBegunHere) };
        let key = attempt::key(handle);
        let kept = self.catalog.setting::<Attempt>(&key).await?.filter(Attempt::is_alive);
        // Whoever makes a browser come back with another state uses nothing up.
        let is_own = |kept: &Attempt| bool::from(kept.state.as_bytes().ct_eq(state.as_bytes()));
        if !kept.as_ref().is_some_and(is_own) {
            return Err(OpenIdError::NotBegunHere);
        }
        let taken = self.catalog.take_setting::<Attempt>(&key).await?;
        taken.filter(Attempt::is_alive).ok_or(OpenIdError::NotBegunHere)
    }
}
