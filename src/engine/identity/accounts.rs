//! Looking after accounts: adding, changing the role and the artists, disabling, ending sessions, changing the
//! password.

use super::email::{EmailAddress, compared};
use super::passwords::NewPassword;
use super::{Identity, IdentityError, User};
use crate::engine::catalog::CatalogError;
use crate::engine::catalog::users::USER_PREFIX;
use crate::engine::config::TableRole;
use crate::model::identifier::ArtistId;
use crate::model::role::Role;
use jiff::Timestamp;
use secrecy::SecretString;
use std::collections::BTreeSet;

/// The longest name, in characters.
const LONGEST_NAME: usize = 100;

/// The most artists that somebody may have as their own. Whoever looks after more has the role of the label.
const MOST_ARTISTS: usize = 200;

impl Identity {
    /// Everybody who may sign in, or might again.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn users(&self) -> Result<Vec<User>, IdentityError> {
        let users = self.catalog.users().await?;
        Ok(users.into_iter().filter(|user| self.demo || !user.demo).collect())
    }

    /// Somebody by e-mail address.
    ///
    /// # Errors
    /// `NoAccount` when nobody has it.
    pub async fn user(&self, email: &str) -> Result<User, IdentityError> {
        let found = self.catalog.user_of_email(&compared(email)).await?;
        found.ok_or_else(|| IdentityError::NoAccount(email.to_owned()))
    }

    /// Somebody by id.
    ///
    /// # Errors
    /// `NoAccount` when nobody has it.
    pub async fn account(&self, id: &str) -> Result<User, IdentityError> {
        let found = self.catalog.user(id).await?;
        found.ok_or_else(|| IdentityError::NoAccount(id.to_owned()))
    }

    /// Adds somebody, who then chooses a password by a link.
    ///
    /// # Errors
    /// `Unsuitable` and `Taken`, or what the store says.
    pub async fn add(&self, name: &str, email: &str, role: Role) -> Result<User, IdentityError> {
        let user = new_user(name, &EmailAddress::parse(email)?, role)?;
        // Whoever is added in the demo, which everybody enters as an admin, is gone with it.
        let user = User { demo: self.demo, ..user };
        match self.catalog.add_user(&user, false).await {
            Ok(()) => Ok(user),
            Err(CatalogError::Conflict { .. }) => Err(IdentityError::Taken(user.email)),
            Err(error) => Err(error.into()),
        }
    }

    /// Gives somebody another role, which ends their sessions.
    ///
    /// # Errors
    /// `LastAdmin` where nobody would be left to change it back.
    pub async fn set_role(&self, id: &str, role: Role) -> Result<User, IdentityError> {
        if role != Role::Admin {
            self.keep_an_admin(id).await?;
        }
        let change = |user: &mut User| {
            if user.role != role {
                user.role = role;
                end_sessions(user);
            }
        };
        Ok(self.catalog.change_user(id, change).await?)
    }

    /// Says which artists are somebody's own, in place of those before. Ends their sessions.
    ///
    /// # Errors
    /// `Unsuitable` where there is no such artist, or there are too many; else what the store says.
    pub async fn set_artists(
        &self,
        id: &str,
        artists: impl IntoIterator<Item = ArtistId>,
    ) -> Result<User, IdentityError> {
        let artists: BTreeSet<ArtistId> = artists.into_iter().collect();
        if artists.len() > MOST_ARTISTS {
            let reason = format!("are {}; at most {MOST_ARTISTS} can be somebody's own", artists.len());
            return Err(IdentityError::Unsuitable { field: "artists", reason });
        }
        for artist in &artists {
            self.check_artist(artist).await?;
        }
        let artists: Vec<ArtistId> = artists.into_iter().collect();
        let change = |user: &mut User| {
            if user.artists != artists {
                user.artists.clone_from(&artists);
                end_sessions(user);
            }
        };
        Ok(self.catalog.change_user(id, change).await?)
    }

    /// Refuses the id of an artist that there is not. One whose record cannot be read is there all the same.
    async fn check_artist(&self, artist: &ArtistId) -> Result<(), IdentityError> {
        match self.catalog.artist(self.catalog.table(TableRole::Artists), artist).await {
            Ok(_) | Err(CatalogError::Unreadable { .. }) => Ok(()),
            Err(CatalogError::NotFound { .. }) => {
                let reason = format!("name {artist}, and there is no artist of this id");
                Err(IdentityError::Unsuitable { field: "artists", reason })
            }
            Err(error) => Err(error.into()),
        }
    }

    /// Lets somebody sign in no more, or again. Ends their sessions.
    ///
    /// # Errors
    /// `LastAdmin` where nobody would be left to change it back.
    pub async fn set_disabled(&self, id: &str, disabled: bool) -> Result<User, IdentityError> {
        if disabled {
            self.keep_an_admin(id).await?;
        }
        let change = |user: &mut User| {
            if user.disabled != disabled {
                user.disabled = disabled;
                user.generation += 1;
            }
        };
        Ok(self.catalog.change_user(id, change).await?)
    }

    /// Ends all sessions of somebody, at every instance.
    ///
    /// # Errors
    /// What the store says.
    pub async fn sign_out_everywhere(&self, id: &str) -> Result<User, IdentityError> {
        Ok(self.catalog.change_user(id, |user| user.generation += 1).await?)
    }

    /// Gives somebody who knows the old password another one, which ends their sessions.
    ///
    /// # Errors
    /// `WrongCredentials` where the old one is wrong; `Unsuitable` where the new one cannot be taken.
    pub async fn change_password(
        &self,
        id: &str,
        old: &SecretString,
        new: &SecretString,
    ) -> Result<User, IdentityError> {
        let user = self.account(id).await?;
        let password = NewPassword::parse(new, &user.email)?;
        self.take_attempt_to_change(&user.id).await?;
        if !self.passwords.is_right(old, user.password.as_ref()).await? {
            return Err(IdentityError::WrongCredentials);
        }
        self.forgive_change(&user.id).await?;
        let hash = self.passwords.hash(&password).await?;
        let change = |user: &mut User| {
            user.password = Some(hash.clone());
            user.generation += 1;
        };
        Ok(self.catalog.change_user(id, change).await?)
    }

    /// Refuses what would leave nobody who can sign in and change accounts: whoever is only invited is not
    /// enough. Two admins who disable each other in the same moment are not found out.
    pub(super) async fn keep_an_admin(&self, id: &str) -> Result<(), IdentityError> {
        let users = self.users().await?;
        let is_admin = |user: &&User| user.role == Role::Admin && self.may_sign_in(user);
        let Some(leaving) = users.iter().filter(is_admin).find(|user| user.id == id) else { return Ok(()) };
        if users.iter().filter(is_admin).any(|user| user.id != id && user.has_way_in()) {
            return Ok(());
        }
        Err(IdentityError::LastAdmin(leaving.name.clone()))
    }
}

/// Ends all sessions. Somebody who is only invited has none, and keeps the link of the invitation.
fn end_sessions(user: &mut User) {
    if user.has_way_in() {
        user.generation += 1;
    }
}

/// Somebody who is not kept yet.
pub(super) fn new_user(name: &str, email: &EmailAddress, role: Role) -> Result<User, IdentityError> {
    let name = name.trim();
    let fits = (1..=LONGEST_NAME).contains(&name.chars().count()) && !name.chars().any(char::is_control);
    if !fits {
        let reason = format!("has to have 1 to {LONGEST_NAME} characters, in one line");
        return Err(IdentityError::Unsuitable { field: "name", reason });
    }
    Ok(User {
        id: format!("{USER_PREFIX}{}", ulid::Ulid::new().to_string().to_lowercase()),
        email: email.as_str().to_owned(),
        name: name.to_owned(),
        role,
        artists: Vec::new(),
        password: None,
        openid: None,
        generation: 1,
        disabled: false,
        demo: false,
        created_at: Timestamp::now().to_string(),
        signed_in_at: None,
        version: 1,
    })
}
