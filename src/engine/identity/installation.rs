//! The id of an installation: all instances over one store share it, and no other installation has it.

use super::{Identity, IdentityError};
use crate::engine::catalog::CatalogError;
use serde::{Deserialize, Serialize};

/// The fact in the table of settings.
const SETTING: &str = "installation";

/// The bytes of an id.
const BYTES: usize = 6;

/// The id as it is kept.
#[derive(Serialize, Deserialize)]
struct Kept {
    id: String,
}

impl Identity {
    /// The id of this installation, made by whoever asks first.
    ///
    /// # Errors
    /// When the store cannot be asked; the next call asks it again.
    pub async fn installation(&self) -> Result<&str, IdentityError> {
        self.installation.get_or_try_init(|| self.find_installation()).await.map(String::as_str)
    }

    async fn find_installation(&self) -> Result<String, IdentityError> {
        let unreadable = |detail: String| {
            IdentityError::from(CatalogError::Unreadable { what: "setting", id: SETTING.to_owned(), detail })
        };
        let mut kept = self.catalog.setting::<Kept>(SETTING).await?;
        if kept.is_none() {
            let mut bytes = [0_u8; BYTES];
            getrandom::fill(&mut bytes).map_err(|error| unreadable(error.to_string()))?;
            let made = Kept { id: hex::encode(bytes) };
            kept = if self.catalog.set_setting_while(SETTING, &made, "id", None).await? {
                Some(made)
            } else {
                // Another instance was faster; its id holds.
                self.catalog.setting::<Kept>(SETTING).await?
            };
        }
        let id = kept.map(|kept| kept.id).ok_or_else(|| unreadable("it is gone again".to_owned()))?;
        // It becomes a part of a cookie's name.
        if id.is_empty() || !id.chars().all(|digit| digit.is_ascii_hexdigit()) {
            return Err(unreadable(format!("{id:?} is no number in base 16")));
        }
        Ok(id)
    }
}
