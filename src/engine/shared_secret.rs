//! Secrets that all instances over one store share, made by whoever needs one first.

use super::Engine;
use super::catalog::CatalogError;
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};

/// The bytes of a secret.
const BYTES: usize = 32;

/// A secret as it is kept.
#[derive(Serialize, Deserialize)]
struct Kept {
    hex: String,
    version: u32,
}

impl Engine {
    /// The secret of this name. It protects what is handed to clients for minutes and worth little; it lies
    /// in the table of settings, readable to whoever may read that.
    ///
    /// # Errors
    /// What AWS says, or when there is no randomness.
    pub async fn shared_secret(&self, name: &str) -> Result<Vec<u8>, CatalogError> {
        let name = format!("secret#{name}");
        let unreadable =
            |detail: String| CatalogError::Unreadable { what: "secret", id: name.clone(), detail };
        let kept = if let Some(kept) = self.catalog.setting::<Kept>(&name).await? {
            kept
        } else {
            let mut bytes = [0_u8; BYTES];
            getrandom::fill(&mut bytes).map_err(|error| unreadable(error.to_string()))?;
            let made = Kept { hex: hex::encode(bytes), version: 1 };
            match self.catalog.replace_setting("secret", &name, &made, None).await {
                Ok(()) => made,
                // Another instance was faster; its secret holds.
                Err(CatalogError::Conflict { .. }) => {
                    let kept = self.catalog.setting::<Kept>(&name).await?;
                    kept.ok_or_else(|| unreadable("it is gone again".to_owned()))?
                }
                Err(error) => return Err(error),
            }
        };
        let text = SecretString::from(kept.hex);
        hex::decode(text.expose_secret()).map_err(|error| unreadable(error.to_string()))
    }
}
