//! An account that has a password is opened by the provider, too, once its owner has shown the password.

use super::accounts::AccountChange;
use super::attempt::{LIFETIME, digest};
use crate::engine::catalog::users::OpenIdSubject;
use crate::engine::identity::{Identity, IdentityError, User};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// Somebody whom the provider has sent back, and whose e-mail address an account with a password has.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Joining {
    /// Who they are at the provider.
    subject: OpenIdSubject,
    /// The account.
    user: String,
    expires_at: i64,
}

impl Identity {
    /// Remembers who has come back, for the browser that keeps the handle.
    pub(super) async fn keep_joining(
        &self,
        handle: &str,
        subject: OpenIdSubject,
        user: String,
    ) -> Result<(), IdentityError> {
        let lifetime = i64::try_from(LIFETIME.as_secs()).unwrap_or(i64::MAX);
        let joining = Joining { subject, user, expires_at: Timestamp::now().as_second() + lifetime };
        Ok(self.catalog.set_setting(&key(handle), &joining).await?)
    }

    /// What joins the account of somebody who has just shown its password with the person as whom they came back
    /// from the provider in the same browser. None where nobody came back, or somebody else did.
    ///
    /// # Errors
    /// What the store says.
    pub async fn joining(&self, handle: &str, user: &User) -> Result<Option<AccountChange>, IdentityError> {
        let joining = self.catalog.take_setting::<Joining>(&key(handle)).await?;
        let is_own =
            |joining: &Joining| joining.user == user.id && joining.expires_at > Timestamp::now().as_second();
        let own = joining.filter(is_own);
        Ok(own.map(|joining| AccountChange::join(user.clone(), joining.subject)))
    }
}

fn key(handle: &str) -> String {
    format!("openid-joining#{}", digest(handle))
}
