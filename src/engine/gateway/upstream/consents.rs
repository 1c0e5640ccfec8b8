//! What people have consented to at third parties, kept in the table of settings for all instances.

use crate::engine::catalog::{Catalog, CatalogError};
use async_trait::async_trait;
use rmcp::transport::auth::{AuthError, CredentialRefreshGuard, CredentialStore, StoredCredentials};
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::sync::Mutex;

/// How long what was read is believed. Another instance may have renewed it since.
const BELIEVED: Duration = Duration::from_secs(15);

/// The consent for one third party. Cloning is cheap.
#[derive(Clone)]
pub(super) struct KeptConsent {
    parts: Arc<Parts>,
}

struct Parts {
    catalog: Arc<Catalog>,
    prefix: String,
    read: Mutex<Option<(Instant, Kept)>>,
}

/// A consent as it is kept.
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct Kept {
    pub(super) credentials: StoredCredentials,
    /// The secret that came with registering.
    pub(super) client_secret: Option<String>,
    /// The address of the server that it is for.
    pub(super) resource: String,
}

impl Kept {
    /// Who asks, and whom: another one needs a client made anew.
    pub(super) fn client(&self) -> (&str, Option<&str>, Option<&str>) {
        let credentials = &self.credentials;
        (&credentials.client_id, credentials.issuer.as_deref(), self.client_secret.as_deref())
    }

    /// What is shown to the server.
    pub(super) fn token(&self) -> Option<String> {
        let granted = serde_json::to_value(self.credentials.token_response.as_ref()?).ok()?;
        granted["access_token"].as_str().map(str::to_owned)
    }
}

/// The item: the library decides what its credentials look like, so they are one text.
#[derive(Serialize, Deserialize)]
struct Item {
    json: String,
}

impl KeptConsent {
    pub(super) fn new(catalog: Arc<Catalog>, prefix: &str) -> Self {
        Self { parts: Arc::new(Parts { catalog, prefix: prefix.to_owned(), read: Mutex::default() }) }
    }

    /// How somebody consents.
    pub(super) fn remedy(&self) -> String {
        format!("run `patchline consent {}`", self.parts.prefix)
    }

    /// What is kept.
    pub(super) async fn read(&self) -> Result<Option<Kept>, CatalogError> {
        let mut read = self.parts.read.lock().await;
        if let Some((since, kept)) = &*read
            && since.elapsed() < BELIEVED
        {
            return Ok(Some(kept.clone()));
        }
        let item = self.parts.catalog.setting::<Item>(&self.name()).await?;
        let kept = item.map(|item| serde_json::from_str::<Kept>(&item.json)).transpose();
        let kept = kept.map_err(|error| self.unreadable(&error))?;
        // That nobody has consented is not believed for a moment: somebody may be about to.
        *read = kept.clone().map(|kept| (Instant::now(), kept));
        Ok(kept)
    }

    /// Keeps it.
    pub(super) async fn write(&self, kept: &Kept) -> Result<(), CatalogError> {
        let json = serde_json::to_string(kept).map_err(|error| self.unreadable(&error))?;
        let mut read = self.parts.read.lock().await;
        self.parts.catalog.set_setting(&self.name(), &Item { json }).await?;
        *read = Some((Instant::now(), kept.clone()));
        Ok(())
    }

    /// What is kept at this moment.
    pub(super) async fn read_anew(&self) -> Result<Option<Kept>, CatalogError> {
        self.forget().await;
        self.read().await
    }

    /// Reads it anew the next time.
    async fn forget(&self) {
        *self.parts.read.lock().await = None;
    }

    fn name(&self) -> String {
        format!("upstreamConsent#{}", self.parts.prefix)
    }

    fn unreadable(&self, error: &serde_json::Error) -> CatalogError {
        CatalogError::Unreadable { what: "consent", id: self.parts.prefix.clone(), detail: error.to_string() }
    }
}

#[async_trait]
impl CredentialStore for KeptConsent {
    async fn load(&self) -> Result<Option<StoredCredentials>, AuthError> {
        let kept = self.read().await.map_err(away)?;
        Ok(kept.map(|kept| kept.credentials))
    }

    async fn save(&self, credentials: StoredCredentials) -> Result<(), AuthError> {
        let Some(before) = self.read_anew().await.map_err(away)? else { return Ok(()) };
        // Somebody has consented anew meanwhile: that counts.
        if before.credentials.client_id != credentials.client_id {
            return Ok(());
        }
        self.write(&Kept { credentials, ..before }).await.map_err(away)
    }

    async fn clear(&self) -> Result<(), AuthError> {
        let Some(before) = self.read().await.map_err(away)? else { return Ok(()) };
        let client = before.credentials.client_id.clone();
        let issuer = before.credentials.issuer.clone();
        let credentials = StoredCredentials::new(client, None, Vec::new(), None).with_issuer(issuer);
        self.write(&Kept { credentials, ..before }).await.map_err(away)
    }

    /// Another instance may have renewed it in the meantime.
    async fn on_refresh_token_rejected(&self, _: &StoredCredentials) -> Result<(), AuthError> {
        self.forget().await;
        Ok(())
    }

    /// Whoever renews a token begins with the newest there is.
    async fn acquire_refresh_guard(&self) -> Result<Option<CredentialRefreshGuard>, AuthError> {
        self.forget().await;
        Ok(None)
    }
}

fn away(error: CatalogError) -> AuthError {
    AuthError::CredentialStoreError(error.to_string())
}
