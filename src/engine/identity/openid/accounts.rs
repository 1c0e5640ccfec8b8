//! Which account somebody has who signed in at the provider: theirs, one that was waiting for them, or a new
//! one.
//!
//! Whoever they are at the provider decides, and their e-mail address only the first time: it has to be
//! verified there, and by itself it opens no account that has another way in.

use super::OpenIdError;
use super::person::{LONGEST_NAME, Person};
use crate::engine::catalog::CatalogError;
use crate::engine::identity::accounts::new_user;
use crate::engine::identity::email::EmailAddress;
use crate::engine::identity::{Identity, IdentityError, User};
use crate::model::role::Role;
use jiff::Timestamp;

impl Identity {
    /// The account of somebody, with the role that their groups say.
    pub(super) async fn account_at_provider(
        &self,
        provider: &str,
        person: Person,
    ) -> Result<User, OpenIdError> {
        let known = self.catalog.user_of_openid(&person.subject).await?;
        let Some(role) = person.role else {
            // Whoever is not let in any more is not to go on elsewhere.
            if let Some(user) = known {
                self.catalog.change_user(&user.id, |user| user.generation += 1).await?;
            }
            return Err(OpenIdError::NoGroup(provider.to_owned()));
        };
        let user = match known {
            Some(user) => user,
            None => self.match_or_make(provider, &person, role).await?,
        };
        if !self.may_sign_in(&user) {
            return Err(OpenIdError::SwitchedOff(user.email));
        }
        let role = self.kept_role(provider, &user, role).await?;
        let now = Timestamp::now().to_string();
        let change = |user: &mut User| {
            if user.role != role {
                user.role = role;
                user.generation += 1;
            }
            user.signed_in_at = Some(now.clone());
        };
        Ok(self.catalog.change_user(&user.id, change).await?)
    }

    /// The role that the groups say, or the one of the last admin: without them nobody could change it back.
    async fn kept_role(&self, provider: &str, user: &User, role: Role) -> Result<Role, OpenIdError> {
        if user.role != Role::Admin || role == Role::Admin {
            return Ok(role);
        }
        match self.keep_an_admin(&user.id).await {
            Ok(()) => Ok(role),
            Err(IdentityError::LastAdmin(_)) => {
                tracing::warn!(user = user.id, provider, role = role.id(), "the last admin keeps the role");
                Ok(user.role)
            }
            Err(error) => Err(error.into()),
        }
    }

    /// The account of somebody who comes for the first time.
    async fn match_or_make(&self, provider: &str, person: &Person, role: Role) -> Result<User, OpenIdError> {
        let email = person.email.as_ref().ok_or_else(|| OpenIdError::NoEmail(provider.to_owned()))?;
        match self.catalog.user_of_email(email.as_str()).await? {
            // An admin has invited this very address, and nobody has come yet.
            Some(user) if !user.has_way_in() => {
                if !self.may_sign_in(&user) {
                    return Err(OpenIdError::SwitchedOff(user.email));
                }
                self.catalog.join_openid(&user, &person.subject).await.map_err(|error| taken(email, error))
            }
            Some(User { id, email, openid: None, password: Some(_), .. }) => {
                Err(OpenIdError::HasPassword { provider: provider.to_owned(), email, user: id })
            }
            Some(user) => Err(OpenIdError::HasAccount(user.email)),
            None => self.make_for(person, email, role).await,
        }
    }

    /// A new account. The first admin of all counts as that, by whatever way they come.
    async fn make_for(&self, person: &Person, email: &EmailAddress, role: Role) -> Result<User, OpenIdError> {
        let name = if person.name.is_empty() { email.as_str() } else { person.name.as_str() };
        let name: String = name.chars().take(LONGEST_NAME).collect();
        let made = new_user(&name, email, role)?;
        let user = User { openid: Some(person.subject.clone()), demo: self.demo, ..made };
        let is_first = role == Role::Admin && !self.demo && !self.catalog.has_first_admin().await?;
        let mut added = self.catalog.add_user(&user, is_first).await;
        // Somebody else may have become the first admin at the same moment.
        if is_first && matches!(added, Err(CatalogError::Conflict { .. })) {
            added = self.catalog.add_user(&user, false).await;
        }
        added.map(|()| user).map_err(|error| taken(email, error))
    }
}

/// What it comes to that an account could not be made or joined.
fn taken(email: &EmailAddress, error: CatalogError) -> OpenIdError {
    match error {
        CatalogError::Conflict { .. } => OpenIdError::HasAccount(email.as_str().to_owned()),
        error => error.into(),
    }
}
