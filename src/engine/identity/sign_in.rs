//! Signing in: with e-mail address and password, as an account of the demo, and by a link.

use super::accounts::new_user;
use super::email::{EmailAddress, compared};
use super::links::Purpose;
use super::passwords::NewPassword;
use super::{Identity, IdentityError, Link, User};
use crate::engine::catalog::CatalogError;
use crate::model::role::Role;
use jiff::Timestamp;
use secrecy::SecretString;
use std::net::IpAddr;

/// What somebody types into the page behind a link.
#[derive(Debug, Clone)]
pub struct Welcome {
    /// How they are called; only where the link makes the first admin.
    pub name: String,
    /// Their e-mail address; only there, too.
    pub email: String,
    /// The password that they choose.
    pub password: SecretString,
}

impl Identity {
    /// Who has this e-mail address and this password.
    ///
    /// # Errors
    /// `WrongCredentials`, whatever is wrong with them; `TooManyAttempts`, also where they are right.
    pub async fn sign_in(
        &self,
        email: &str,
        password: &SecretString,
        address: Option<IpAddr>,
    ) -> Result<User, IdentityError> {
        self.take_attempt(email, address).await?;
        let user = self.catalog.user_of_email(&compared(email)).await?;
        let hash = user.as_ref().and_then(|user| user.password.as_ref());
        let right = self.passwords.is_right(password, hash).await?;
        let user = user.filter(|user| right && self.may_sign_in(user));
        let user = user.ok_or(IdentityError::WrongCredentials)?;
        self.forgive(email, address).await?;
        self.note_arrival(&user).await
    }

    /// The account of the demo that has this role.
    ///
    /// # Errors
    /// `NoDemo` unless the demo is on.
    pub async fn sign_in_to_demo(&self, role: Role) -> Result<User, IdentityError> {
        if !self.demo {
            return Err(IdentityError::NoDemo);
        }
        let user = self.catalog.user(&super::demo::id(role)).await?;
        let user =
            user.filter(|user| user.is_shared() && self.may_sign_in(user)).ok_or(IdentityError::NoDemo)?;
        self.note_arrival(&user).await
    }

    /// Uses a link: makes the first admin, or gives somebody the password that they chose. What was typed is
    /// checked before the link is used up.
    ///
    /// # Errors
    /// `LinkNotValid`, or what is wrong with what was typed.
    pub async fn welcome(&self, link: &Link, typed: Welcome) -> Result<User, IdentityError> {
        match self.purpose_of(link).await?.user {
            None => self.make_first_admin(link, typed).await,
            Some(id) => self.choose_password(link, &id, &typed.password).await,
        }
    }

    async fn make_first_admin(&self, link: &Link, typed: Welcome) -> Result<User, IdentityError> {
        let email = EmailAddress::parse(&typed.email)?;
        let password = NewPassword::parse(&typed.password, email.as_str())?;
        let admin = new_user(&typed.name, &email, Role::Admin)?;
        if self.catalog.user_of_email(email.as_str()).await?.is_some() {
            let is_late = self.catalog.has_first_admin().await?;
            return Err(if is_late {
                IdentityError::LinkNotValid
            } else {
                IdentityError::Taken(admin.email)
            });
        }
        let hash = self.passwords.hash(&password).await?;
        self.use_up(link).await?;
        let admin = User { password: Some(hash), ..admin };
        match self.catalog.add_user(&admin, true).await {
            Ok(()) => self.note_arrival(&admin).await,
            // Somebody else was faster with another link.
            Err(CatalogError::Conflict { .. }) if self.catalog.has_first_admin().await? => {
                Err(IdentityError::LinkNotValid)
            }
            Err(CatalogError::Conflict { .. }) => Err(IdentityError::Taken(admin.email)),
            Err(error) => Err(error.into()),
        }
    }

    async fn choose_password(
        &self,
        link: &Link,
        id: &str,
        password: &SecretString,
    ) -> Result<User, IdentityError> {
        let user = self.catalog.user(id).await?.ok_or(IdentityError::LinkNotValid)?;
        let password = NewPassword::parse(password, &user.email)?;
        let hash = self.passwords.hash(&password).await?;
        let Purpose { generation, .. } = self.use_up(link).await?;
        if user.generation != generation || !self.may_sign_in(&user) {
            return Err(IdentityError::LinkNotValid);
        }
        let user = self
            .catalog
            .change_user(id, |user| {
                user.password = Some(hash.clone());
                user.generation = generation + 1;
            })
            .await?;
        self.note_arrival(&user).await
    }

    /// Notes that somebody has come in.
    ///
    /// # Errors
    /// What the store says.
    pub async fn note_arrival(&self, user: &User) -> Result<User, IdentityError> {
        let now = Timestamp::now().to_string();
        Ok(self.catalog.change_user(&user.id, |user| user.signed_in_at = Some(now.clone())).await?)
    }
}
