//! Secrets that all instances over one store share, for those who know only the engine.

use super::Engine;
use super::catalog::CatalogError;

impl Engine {
    /// The secret of this name. It protects what is handed to clients for minutes and worth little; it lies
    /// in the table of settings, readable to whoever may read that.
    ///
    /// # Errors
    /// What AWS says, or when there is no randomness.
    pub async fn shared_secret(&self, name: &str) -> Result<Vec<u8>, CatalogError> {
        self.catalog.shared_secret(name).await
    }
}
