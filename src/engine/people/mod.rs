//! What people do with their own account, and admins with everybody's: each an operation at the door.

mod activity;
mod artists;
mod device;
mod everybody;
mod links;
mod list;
mod own;
mod programs;
mod refusal;
mod sessions;
mod sign_in;

use super::gateway::{CallError, CallErrorKind, Gateway, Origin, Principal};
use super::identity::openid::{AccountChange, Entry};
use super::identity::{Identity, User};
use super::tools::Operation;
use crate::model::acting_program::ActingPrograms;
use crate::model::field::FieldError;
use crate::model::own_account::{Deed, DeedBy, Deeds, OwnAccount};
use crate::model::role::Role;
use crate::model::tool::AwsResource;
use crate::model::user::{UserChange, UserChanged, UserForm, UserView};
use crate::model::user_artists::{ArtistsForm, UserArtists};
use crate::model::user_sessions::UserSessions;
use activity::{Found, Seen, ViewOwnActivity, ViewOwnActivityInput};
use artists::{FindUserArtists, FindUserArtistsInput, SetUserArtists, SetUserArtistsInput};
use everybody::{DisableUser, EnableUser, EndUserSessions, SetUserRole, SetUserRoleInput, Somebody};
use links::{AddUser, AddUserInput, MakePasswordLink};
use list::{ListUsers, ListUsersInput};
use own::{
    ChangeOwnPassword, ChangeOwnPasswordInput, EndOwnSession, EndOwnSessionInput, OwnInput,
    SignOutEverywhere, ViewAccount, ViewAccountInput,
};
use programs::ListOwnPrograms;
use secrecy::SecretString;
use sessions::{EndUserSession, EndUserSessionInput, ListUserSessions, ListUserSessionsInput};
use sign_in::{ChangeAccountAtSignIn, ChangeAccountAtSignInInput};

/// The way from pages to accounts, through the door.
#[derive(Clone)]
pub struct People {
    gateway: Gateway,
    identity: Identity,
    /// Where Patchline listens.
    address: String,
}

impl People {
    /// Over the door and whoever knows people. `address` is where Patchline listens.
    pub fn new(gateway: Gateway, identity: Identity, address: String) -> Self {
        Self { gateway, identity, address }
    }

    /// Somebody's own account, with their sessions.
    ///
    /// # Errors
    /// As [`Gateway::call`].
    pub async fn own_account(&self, who: &Principal, origin: &Origin) -> Result<OwnAccount, CallError> {
        let input = ViewAccountInput { identity: self.identity.clone(), session: origin.session.clone() };
        self.call::<ViewAccount>(who, origin, input).await
    }

    /// What somebody, their keys and agents for them did, or one kind of these, the newest first.
    ///
    /// # Errors
    /// As [`Gateway::call`].
    pub async fn own_activity(
        &self,
        who: &Principal,
        origin: &Origin,
        by: Option<DeedBy>,
    ) -> Result<Deeds, CallError> {
        let Found { seen, keys_left_out } =
            self.call::<ViewOwnActivity>(who, origin, ViewOwnActivityInput { by }).await?;
        let deeds = seen.into_iter().map(|seen| self.deed(who, seen)).collect();
        Ok(Deeds { deeds, keys_left_out })
    }

    /// The programs that act for somebody with access tokens, the one that called last first.
    ///
    /// # Errors
    /// As [`Gateway::call`].
    pub async fn own_programs(&self, who: &Principal, origin: &Origin) -> Result<ActingPrograms, CallError> {
        self.call::<ListOwnPrograms>(who, origin, ()).await
    }

    fn deed(&self, who: &Principal, seen: Seen) -> Deed {
        let title = self.gateway.tool(who, &seen.operation).map(|tool| tool.title.clone());
        seen.into_deed(title.as_deref())
    }

    /// Ends one of somebody's own sessions. What is not theirs is left alone.
    ///
    /// # Errors
    /// As [`Gateway::call`].
    pub async fn end_own_session(
        &self,
        who: &Principal,
        origin: &Origin,
        session: String,
    ) -> Result<(), CallError> {
        let input = EndOwnSessionInput { identity: self.identity.clone(), session };
        self.call::<EndOwnSession>(who, origin, input).await
    }

    /// Ends all of somebody's own sessions, the one that asks for it among them.
    ///
    /// # Errors
    /// As [`Gateway::call`].
    pub async fn sign_out_everywhere(&self, who: &Principal, origin: &Origin) -> Result<(), CallError> {
        let input = OwnInput { identity: self.identity.clone() };
        self.call::<SignOutEverywhere>(who, origin, input).await
    }

    /// Gives somebody another password who knows the old one. All their sessions end; whoever asked for it
    /// begins a new one.
    ///
    /// # Errors
    /// As [`Gateway::call`]; `Invalid` with the field that is wrong.
    pub async fn change_own_password(
        &self,
        who: &Principal,
        origin: &Origin,
        old: SecretString,
        new: SecretString,
    ) -> Result<User, CallError> {
        let input = ChangeOwnPasswordInput { identity: self.identity.clone(), old, new };
        self.call::<ChangeOwnPassword>(who, origin, input).await
    }

    /// Somebody whom the provider has sent back, when their account is as the provider says.
    ///
    /// # Errors
    /// As [`Gateway::call`]; `Forbidden` for whoever does not come in any more.
    pub async fn let_in(&self, origin: &Origin, entry: Entry) -> Result<User, CallError> {
        let user = match entry {
            Entry::AsIs(user) => user,
            Entry::After(change) => self.change_at_sign_in(origin, change).await?,
            Entry::NoMore(change, why) => {
                self.change_at_sign_in(origin, change).await?;
                return Err(why.into());
            }
        };
        Ok(self.identity.note_arrival(&user).await?)
    }

    /// Changes an account as a sign-in at the provider says, in the name of whoever signs in.
    ///
    /// # Errors
    /// As [`Gateway::call`]; `Conflict` when the account was changed meanwhile.
    pub async fn change_at_sign_in(&self, origin: &Origin, change: AccountChange) -> Result<User, CallError> {
        let who = change.principal();
        let input = ChangeAccountAtSignInInput::new(self.identity.clone(), change);
        self.call::<ChangeAccountAtSignIn>(&who, origin, input).await
    }

    /// Everybody, by e-mail address.
    ///
    /// # Errors
    /// As [`Gateway::call`]; `Forbidden` for whoever is no admin.
    pub async fn list(&self, who: &Principal, origin: &Origin) -> Result<Vec<UserView>, CallError> {
        let input = ListUsersInput { identity: self.identity.clone() };
        self.call::<ListUsers>(who, origin, input).await
    }

    /// Somebody's artists, or those that are chosen for them at the moment, and others that were looked for.
    ///
    /// # Errors
    /// As [`Gateway::call`]; `Forbidden` for whoever is no admin.
    pub async fn artists(
        &self,
        who: &Principal,
        origin: &Origin,
        form: ArtistsForm,
    ) -> Result<UserArtists, CallError> {
        let input = FindUserArtistsInput { identity: self.identity.clone(), form };
        self.call::<FindUserArtists>(who, origin, input).await
    }

    /// Where somebody is signed in.
    ///
    /// # Errors
    /// As [`Gateway::call`]; `Forbidden` for whoever is no admin, `NotFound` where there is no such account.
    pub async fn sessions(
        &self,
        who: &Principal,
        origin: &Origin,
        user: String,
    ) -> Result<UserSessions, CallError> {
        let (identity, viewed_by) = (self.identity.clone(), origin.session.clone());
        let input = ListUserSessionsInput { identity, user, viewed_by };
        self.call::<ListUserSessions>(who, origin, input).await
    }

    /// Does what a form of the page of people says. `host` is the name by which the browser reached Patchline,
    /// for the address of a link.
    ///
    /// # Errors
    /// As [`Gateway::call`]; `Forbidden` for whoever is no admin, `Conflict` where nobody would be left who
    /// may change accounts.
    pub async fn change(
        &self,
        who: &Principal,
        origin: &Origin,
        form: UserForm,
        host: Option<&str>,
    ) -> Result<UserChanged, CallError> {
        let UserForm { change, user, name, email, role, artists, session } = form;
        let identity = self.identity.clone();
        let somebody = Somebody { identity: identity.clone(), user: user.clone() };
        let (user, link) = match change {
            UserChange::Invite => {
                let role = self.role(who, origin, AddUser::NAME, role)?;
                let input = AddUserInput { identity, name, email, role };
                let (user, link) = self.call::<AddUser>(who, origin, input).await?;
                (user, Some(link))
            }
            UserChange::Link => {
                let (user, link) = self.call::<MakePasswordLink>(who, origin, somebody).await?;
                (user, Some(link))
            }
            UserChange::Role => {
                let role = self.role(who, origin, SetUserRole::NAME, role)?;
                let input = SetUserRoleInput { identity, user, role };
                (self.call::<SetUserRole>(who, origin, input).await?, None)
            }
            UserChange::Artists => {
                let input = SetUserArtistsInput { identity, user, artists };
                (self.call::<SetUserArtists>(who, origin, input).await?, None)
            }
            UserChange::Disable => (self.call::<DisableUser>(who, origin, somebody).await?, None),
            UserChange::Enable => (self.call::<EnableUser>(who, origin, somebody).await?, None),
            UserChange::EndSession => {
                let input = EndUserSessionInput { identity, user, session };
                (self.call::<EndUserSession>(who, origin, input).await?, None)
            }
            UserChange::EndSessions => (self.call::<EndUserSessions>(who, origin, somebody).await?, None),
        };
        let site = format!("http://{}", host.unwrap_or(&self.address));
        let link = link.map(|link| link.address(&site));
        Ok(UserChanged { change, user: user.id, name: user.name, link })
    }

    /// The role that a form has to say.
    fn role(
        &self,
        who: &Principal,
        origin: &Origin,
        operation: &str,
        role: Option<Role>,
    ) -> Result<Role, CallError> {
        role.ok_or_else(|| {
            let fields = vec![FieldError::new("role", "has to be chosen")];
            let error = CallError::new(CallErrorKind::Invalid, "No role was chosen.", "Choose one.");
            self.gateway.refused(who, origin, operation, CallError { fields, ..error })
        })
    }

    async fn call<O: Operation>(
        &self,
        who: &Principal,
        origin: &Origin,
        input: O::Input,
    ) -> Result<O::Output, CallError> {
        self.gateway.call::<O>(who, origin, input).await.map(|answer| answer.output)
    }
}

/// A table that an operation touches.
fn table(action: &str, name: &str) -> AwsResource {
    let action = format!("dynamodb:{action}");
    AwsResource { service: "dynamodb".to_owned(), action, name: name.to_owned() }
}

/// A moment in seconds since 1970, RFC 3339 in UTC.
fn moment(seconds: i64) -> String {
    jiff::Timestamp::from_second(seconds).map_or_else(|_| seconds.to_string(), |moment| moment.to_string())
}

/// A moment that is stored with fractions of a second, without them.
fn to_the_second(rfc3339: &str) -> String {
    match rfc3339.parse::<jiff::Timestamp>() {
        Ok(moment) => moment.strftime("%Y-%m-%dT%H:%M:%SZ").to_string(),
        Err(_) => rfc3339.to_owned(),
    }
}
