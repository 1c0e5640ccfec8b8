//! Showing once more who one is: with the password, or as the demo has it. By the provider it is in `openid`.

use super::{Identity, IdentityError, User};
use crate::model::confirmation::WaysToConfirm;
use secrecy::SecretString;
use std::net::IpAddr;

impl Identity {
    /// How somebody who has signed in can show once more who they are.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn ways_to_confirm(&self, id: &str) -> Result<WaysToConfirm, IdentityError> {
        let user = self.account(id).await?;
        Ok(WaysToConfirm {
            shared: self.demo && user.is_shared(),
            password: user.password.is_some(),
            provider: self.openid_name().filter(|_| user.openid.is_some()),
            email: user.email,
        })
    }

    /// The person of a session, if this is their password. Attempts are counted as those to sign in, together
    /// with them.
    ///
    /// # Errors
    /// `WrongCredentials`; `TooManyAttempts`, also where it is right.
    pub async fn confirm_by_password(
        &self,
        id: &str,
        password: &SecretString,
        address: Option<IpAddr>,
    ) -> Result<User, IdentityError> {
        let user = self.account(id).await?;
        self.take_attempt(&user.email, address).await?;
        let right = self.passwords.is_right(password, user.password.as_ref()).await?;
        if !right || !self.may_sign_in(&user) {
            return Err(IdentityError::WrongCredentials);
        }
        self.forgive(&user.email, address).await?;
        Ok(user)
    }

    /// The person of a session, if it is one of the accounts of the demo, which have no password.
    ///
    /// # Errors
    /// `NoDemo` for every other account.
    pub async fn confirm_in_demo(&self, id: &str) -> Result<User, IdentityError> {
        let user = self.account(id).await?;
        let is_shared = self.demo && user.is_shared() && self.may_sign_in(&user);
        if is_shared { Ok(user) } else { Err(IdentityError::NoDemo) }
    }
}
