//! Which account somebody has who signed in at the provider: theirs, one that was waiting for them, or a new
//! one.
//!
//! Whoever they are at the provider decides, and their e-mail address only the first time: it has to be
//! verified there, and by itself it opens no account that has another way in.

use super::OpenIdError;
use super::person::{LONGEST_NAME, Person};
use crate::engine::catalog::CatalogError;
use crate::engine::catalog::users::OpenIdSubject;
use crate::engine::gateway::Principal;
use crate::engine::identity::accounts::new_user;
use crate::engine::identity::email::EmailAddress;
use crate::engine::identity::{Identity, IdentityError, User, principal_of};
use crate::model::role::Role;

/// What a sign-in at the provider is to change of an account. It is changed at the door, where that goes on
/// record before.
#[derive(Debug, Clone)]
pub struct AccountChange {
    /// The account as it was read; of a new one, as it is to be.
    user: User,
    /// The role that it is to have.
    role: Role,
    what: What,
}

/// What is to be changed.
#[derive(Debug, Clone)]
enum What {
    /// The account is new.
    Make,
    /// It is opened by the provider from now on.
    Join(OpenIdSubject),
    /// It has another role.
    SetRole,
    /// Whoever is in no group any more is out everywhere.
    EndSessions,
}

/// What becomes of somebody whom the provider has sent back.
#[derive(Debug)]
pub enum Entry {
    /// They come in with their account as it is.
    AsIs(User),
    /// They come in when this has been changed.
    After(AccountChange),
    /// They do not come in, and this has to be changed.
    NoMore(AccountChange, OpenIdError),
}

impl AccountChange {
    pub(super) fn join(user: User, subject: OpenIdSubject) -> Self {
        Self { role: user.role, user, what: What::Join(subject) }
    }

    /// The id of the account.
    pub fn user(&self) -> &str {
        &self.user.id
    }

    /// The role that it is to have.
    pub fn role(&self) -> Role {
        self.role
    }

    /// What is to be changed, in a word for the record.
    pub fn word(&self) -> &'static str {
        match self.what {
            What::Make => "newAccount",
            What::Join(_) => "joinProvider",
            What::SetRole => "role",
            What::EndSessions => "endSessions",
        }
    }

    /// In whose name it is changed: that of whoever signs in, as they are afterwards.
    pub fn principal(&self) -> Principal {
        Principal { role: self.role, ..principal_of(&self.user) }
    }
}

impl Identity {
    /// The account of somebody, and what has to be changed before they come in: the groups say the role.
    pub(super) async fn account_at_provider(
        &self,
        provider: &str,
        person: Person,
    ) -> Result<Entry, OpenIdError> {
        let known = self.catalog.user_of_openid(&person.subject).await?;
        let Some(role) = person.role else {
            let error = OpenIdError::NoGroup(provider.to_owned());
            // Whoever is not let in any more is not to go on elsewhere.
            let user = known.ok_or_else(|| error.clone())?;
            let change = AccountChange { role: user.role, user, what: What::EndSessions };
            return Ok(Entry::NoMore(change, error));
        };
        let Some(user) = known else {
            return Ok(Entry::After(self.match_or_make(provider, &person, role).await?));
        };
        if !self.may_sign_in(&user) {
            return Err(OpenIdError::SwitchedOff(user.email));
        }
        let role = self.kept_role(provider, &user, role).await?;
        if user.role == role {
            return Ok(Entry::AsIs(user));
        }
        Ok(Entry::After(AccountChange { user, role, what: What::SetRole }))
    }

    /// Makes a change. Answers with the account as it is then.
    ///
    /// # Errors
    /// `HasAccount` when somebody else has the address or the account meanwhile; what the store says.
    pub async fn change_at_sign_in(&self, change: AccountChange) -> Result<User, OpenIdError> {
        let AccountChange { user, role, what } = change;
        let user = match what {
            What::Make => return self.make(user).await,
            What::EndSessions => {
                return Ok(self.catalog.change_user(&user.id, |user| user.generation += 1).await?);
            }
            What::Join(subject) => {
                let joined = self.catalog.join_openid(&user, &subject).await;
                joined.map_err(|error| taken(&user.email, error))?
            }
            What::SetRole => user,
        };
        let set_role = |user: &mut User| {
            if user.role != role {
                user.role = role;
                user.generation += 1;
            }
        };
        Ok(self.catalog.change_user(&user.id, set_role).await?)
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

    /// What makes an account of somebody who comes for the first time.
    async fn match_or_make(
        &self,
        provider: &str,
        person: &Person,
        role: Role,
    ) -> Result<AccountChange, OpenIdError> {
        let email = person.email.as_ref().ok_or_else(|| OpenIdError::NoEmail(provider.to_owned()))?;
        match self.catalog.user_of_email(email.as_str()).await? {
            // An admin has invited this very address, and nobody has come yet.
            Some(user) if !user.has_way_in() => {
                if !self.may_sign_in(&user) {
                    return Err(OpenIdError::SwitchedOff(user.email));
                }
                let role = self.kept_role(provider, &user, role).await?;
                Ok(AccountChange { role, ..AccountChange::join(user, person.subject.clone()) })
            }
            Some(User { id, email, openid: None, password: Some(_), .. }) => {
                Err(OpenIdError::HasPassword { provider: provider.to_owned(), email, user: id })
            }
            Some(user) => Err(OpenIdError::HasAccount(user.email)),
            None => self.new_account(person, email, role),
        }
    }

    fn new_account(
        &self,
        person: &Person,
        email: &EmailAddress,
        role: Role,
    ) -> Result<AccountChange, OpenIdError> {
        let name = if person.name.is_empty() { email.as_str() } else { person.name.as_str() };
        let name: String = name.chars().take(LONGEST_NAME).collect();
        let new = new_user(&name, email, role)?;
        let user = User { openid: Some(person.subject.clone()), demo: self.demo, ..new };
        Ok(AccountChange { user, role, what: What::Make })
    }

    /// Keeps a new account. The first admin of all counts as that, by whatever way they come.
    async fn make(&self, user: User) -> Result<User, OpenIdError> {
        let is_admin = user.role == Role::Admin && !self.demo;
        let is_first = is_admin && !self.catalog.has_first_admin().await?;
        let mut added = self.catalog.add_user(&user, is_first).await;
        // Somebody else may have become the first admin at the same moment.
        if is_first && matches!(added, Err(CatalogError::Conflict { .. })) {
            added = self.catalog.add_user(&user, false).await;
        }
        added.map_err(|error| taken(&user.email, error))?;
        Ok(user)
    }
}

/// What it comes to that an account could not be made or joined.
fn taken(email: &str, error: CatalogError) -> OpenIdError {
    match error {
        CatalogError::Conflict { .. } => OpenIdError::HasAccount(email.to_owned()),
        error => error.into(),
    }
}
