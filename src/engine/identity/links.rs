//! Links that work once and for a day: one makes the first admin, others let somebody choose a password.

use super::{Identity, IdentityError, User};
use crate::engine::catalog::CatalogError;
use crate::model::account::FIRST_ADMIN_LINK;
use jiff::Timestamp;
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::time::Duration;

/// How long a link works.
const LIFETIME: Duration = Duration::from_hours(24);

/// How the text of a link begins with which somebody chooses a password.
const PASSWORD: &str = "password-";

/// The text of a link, which is as good as a password while it works.
#[derive(Debug, Clone)]
pub struct Link(SecretString);

impl Link {
    /// What somebody brings.
    pub fn from_text(text: &str) -> Self {
        Self(SecretString::from(text))
    }

    /// The address that is given to a person. `site` is where Patchline is, such as `http://127.0.0.1:3000`.
    pub fn address(&self, site: &str) -> String {
        format!("{site}/welcome?link={}", self.0.expose_secret())
    }

    /// Only the digest is kept.
    fn name(&self) -> String {
        format!("link#{}", hex::encode(Sha256::digest(self.0.expose_secret())))
    }
}

/// What a link is for, as it is kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Purpose {
    /// Who may choose a password; none where it makes the first admin.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) user: Option<String>,
    /// The generation of that person's record: another password makes older links void.
    #[serde(default)]
    pub(super) generation: u32,
    expires_at: i64,
}

impl Identity {
    /// A link that makes the first admin; none where there is, or ever was, one.
    ///
    /// # Errors
    /// When the store cannot be asked.
    pub async fn link_for_first_admin(&self) -> Result<Option<Link>, IdentityError> {
        if self.demo || self.catalog.has_first_admin().await? {
            return Ok(None);
        }
        self.keep_link(FIRST_ADMIN_LINK, None).await.map(Some)
    }

    /// A link with which somebody chooses a password, the first or another one.
    ///
    /// # Errors
    /// When the store cannot keep it.
    pub async fn link_for_password(&self, user: &User) -> Result<Link, IdentityError> {
        self.keep_link(PASSWORD, Some(user)).await
    }

    async fn keep_link(&self, kind: &str, user: Option<&User>) -> Result<Link, IdentityError> {
        let mut bytes = [0_u8; 32];
        getrandom::fill(&mut bytes).map_err(|error| IdentityError::Hashing(error.to_string()))?;
        let link = Link::from_text(&format!("{kind}{}", hex::encode(bytes)));
        let lifetime = i64::try_from(LIFETIME.as_secs()).unwrap_or(i64::MAX);
        let purpose = Purpose {
            user: user.map(|user| user.id.clone()),
            generation: user.map(|user| user.generation).unwrap_or_default(),
            expires_at: Timestamp::now().as_second() + lifetime,
        };
        self.catalog.set_setting(&link.name(), &purpose).await?;
        Ok(link)
    }

    /// What a link is for, while it works.
    pub(super) async fn purpose_of(&self, link: &Link) -> Result<Purpose, IdentityError> {
        valid(self.catalog.setting::<Purpose>(&link.name()).await)
    }

    /// Uses a link: of several who try at once, one succeeds.
    pub(super) async fn use_up(&self, link: &Link) -> Result<Purpose, IdentityError> {
        valid(self.catalog.take_setting::<Purpose>(&link.name()).await)
    }
}

fn valid(found: Result<Option<Purpose>, CatalogError>) -> Result<Purpose, IdentityError> {
    let found = found?.filter(|purpose| purpose.expires_at > Timestamp::now().as_second());
    found.ok_or(IdentityError::LinkNotValid)
}
