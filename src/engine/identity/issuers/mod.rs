//! Issuers of tokens: their descriptions and keys, kept for a while, and whether a token is theirs.
//!
//! [`Issuer::verify`] looks at everything that is the same for every kind of token: signature, issuer and
//! times. What a token is for (audience, kind, scopes, nonce) is for its reader to look at.

pub(in crate::engine) mod addresses;
mod cache;
mod discovery;
mod fetch;
mod keys;
mod signatures;
#[cfg(test)]
mod tests;
mod verify;

pub use discovery::Discovery;
pub(super) use fetch::Fetcher;
pub(super) use verify::LEEWAY;
pub use verify::{TokenError, Verified};

use crate::engine::config::IssuerSettings;
use cache::Cached;
use fetch::PATIENCE;
use keys::KeySet;
use std::sync::Arc;
use std::time::Duration;

/// How often keys are asked for anew at most, because a token names one that is not known.
const BETWEEN_REFRESHES: Duration = Duration::from_secs(30);

/// Why an issuer's own description or keys are not at hand.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum IssuerError {
    /// It did not answer, or not in time, or with an error of its own.
    #[error("{place} cannot be reached: {detail}")]
    Away {
        /// Where it is.
        place: String,
        /// What happened.
        detail: String,
    },
    /// It must not be asked, or what it says cannot be used.
    #[error("{place} cannot be used: {detail}")]
    Unusable {
        /// Where it is.
        place: String,
        /// Why not.
        detail: String,
    },
}

/// An issuer. Cloning is cheap, and clones share what they know.
#[derive(Debug, Clone)]
pub struct Issuer {
    settings: Arc<IssuerSettings>,
    fetcher: Fetcher,
    discovery: Arc<Cached<Discovery>>,
    keys: Arc<Cached<KeySet>>,
}

impl Issuer {
    /// One that is asked for nothing yet.
    pub fn new(settings: IssuerSettings) -> Self {
        Self::with_patience(settings, PATIENCE)
    }

    /// The same with another time that it has for an answer.
    fn with_patience(settings: IssuerSettings, patience: Duration) -> Self {
        signatures::install();
        let fetcher = Fetcher::new(&settings, patience);
        let gap = BETWEEN_REFRESHES;
        Self {
            settings: Arc::new(settings),
            fetcher,
            discovery: Arc::new(Cached::new(gap)),
            keys: Arc::new(Cached::new(gap)),
        }
    }

    /// Its name.
    pub fn name(&self) -> &str {
        self.settings.url.as_str()
    }

    /// What asks it, and whoever it names.
    pub(super) fn fetcher(&self) -> &Fetcher {
        &self.fetcher
    }

    /// What it says of itself.
    ///
    /// # Errors
    /// When it is away, or what it says cannot be used.
    pub async fn discovery(&self) -> Result<Arc<Discovery>, IssuerError> {
        self.discovery.get(Discovery::ask(&self.settings, &self.fetcher)).await
    }

    /// Whether it can be asked, and says what is needed to believe it.
    ///
    /// # Errors
    /// Why not.
    pub async fn check(&self) -> Result<(), IssuerError> {
        if self.keys().await?.is_empty() {
            let detail = "it shows no public key with which a signature could be looked at".to_owned();
            return Err(IssuerError::Unusable { place: self.name().to_owned(), detail });
        }
        Ok(())
    }

    /// The keys that it signs with.
    async fn keys(&self) -> Result<Arc<KeySet>, IssuerError> {
        self.keys.get(self.ask_for_keys()).await
    }

    /// The same, asked for anew because those that were seen do not do; none where that was done a moment ago.
    async fn newer_keys(&self, seen: &Arc<KeySet>) -> Result<Option<Arc<KeySet>>, IssuerError> {
        self.keys.anew(seen, self.ask_for_keys()).await
    }

    async fn ask_for_keys(&self) -> Result<KeySet, IssuerError> {
        let discovery = self.discovery().await?;
        KeySet::ask(&discovery.jwks_uri, &self.fetcher).await
    }
}
