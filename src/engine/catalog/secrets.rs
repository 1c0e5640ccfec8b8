//! Secrets that all instances over one store share, made by whoever needs one first.

use super::{Catalog, CatalogError};
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

fn setting(name: &str) -> String {
    format!("secret#{name}")
}

fn bytes_of(name: &str, kept: Kept) -> Result<Vec<u8>, CatalogError> {
    let text = SecretString::from(kept.hex);
    hex::decode(text.expose_secret()).map_err(|error| unreadable(name, error.to_string()))
}

fn unreadable(name: &str, detail: String) -> CatalogError {
    CatalogError::Unreadable { what: "secret", id: name.to_owned(), detail }
}

impl Catalog {
    /// The secret of this name, 32 bytes. It lies in the table of settings, readable to whoever may read that.
    pub(crate) async fn shared_secret(&self, name: &str) -> Result<Vec<u8>, CatalogError> {
        if let Some(secret) = self.existing_secret(name).await? {
            return Ok(secret);
        }
        let setting = setting(name);
        let mut bytes = [0_u8; BYTES];
        getrandom::fill(&mut bytes).map_err(|error| unreadable(&setting, error.to_string()))?;
        let made = Kept { hex: hex::encode(bytes), version: 1 };
        match self.replace_setting("secret", &setting, &made, None).await {
            Ok(()) => bytes_of(&setting, made),
            // Another instance was faster; its secret holds.
            Err(CatalogError::Conflict { .. }) => {
                let kept = self.existing_secret(name).await?;
                kept.ok_or_else(|| unreadable(&setting, "it is gone again".to_owned()))
            }
            Err(error) => Err(error),
        }
    }

    /// The same, where somebody has made it already.
    pub(crate) async fn existing_secret(&self, name: &str) -> Result<Option<Vec<u8>>, CatalogError> {
        let setting = setting(name);
        let kept = self.setting::<Kept>(&setting).await?;
        kept.map(|kept| bytes_of(&setting, kept)).transpose()
    }
}
