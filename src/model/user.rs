//! People as admins see them, and what admins do with their accounts.

use super::role::Role;
use serde::{Deserialize, Serialize};
use std::fmt;

/// Somebody in the list of people.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct UserView {
    /// The id.
    pub id: String,
    /// The name that people read.
    pub name: String,
    /// The e-mail address.
    pub email: String,
    /// What they are to the label.
    pub role: Role,
    /// How many artists are their own.
    pub artists: u32,
    /// Whether they may sign in.
    pub state: UserState,
    /// Whether it is one of the accounts that the demo shares, which stay as they are.
    pub demo: bool,
    /// When they signed in last, RFC 3339 in UTC.
    pub signed_in_at: Option<String>,
    /// Whether it is the one who looks at the list.
    pub is_viewer: bool,
}

/// Whether somebody may sign in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum UserState {
    /// They may.
    Active,
    /// They have not chosen a password yet.
    Invited,
    /// They may not.
    Disabled,
}

/// What an admin does with an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum UserChange {
    /// Adds somebody, who chooses a password by a link.
    Invite,
    /// Gives them another role.
    Role,
    /// Says which artists are their own.
    Artists,
    /// Lets them sign in no more.
    Disable,
    /// Lets them sign in again.
    Enable,
    /// Ends one of their sessions.
    EndSession,
    /// Ends all their sessions.
    EndSessions,
    /// Makes a new link, for a password that was forgotten.
    Link,
}

impl UserChange {
    /// All of them.
    pub const ALL: [UserChange; 8] = [
        UserChange::Invite,
        UserChange::Role,
        UserChange::Artists,
        UserChange::Disable,
        UserChange::Enable,
        UserChange::EndSession,
        UserChange::EndSessions,
        UserChange::Link,
    ];

    /// The word in forms and addresses, as it is serialised.
    pub fn id(self) -> &'static str {
        match self {
            UserChange::Invite => "invite",
            UserChange::Role => "role",
            UserChange::Artists => "artists",
            UserChange::Disable => "disable",
            UserChange::Enable => "enable",
            UserChange::EndSession => "endSession",
            UserChange::EndSessions => "endSessions",
            UserChange::Link => "link",
        }
    }

    /// The change with this [`UserChange::id`].
    pub fn from_id(id: &str) -> Option<UserChange> {
        UserChange::ALL.into_iter().find(|change| change.id() == id)
    }

    /// What was done, to whom.
    pub fn in_words(self, name: &str) -> String {
        match self {
            UserChange::Invite => format!("{name} is invited, and chooses a password by this link:"),
            UserChange::Role => format!("{name} has another role, and has to sign in again."),
            UserChange::Artists => {
                format!(
                    "The artists of {name} are noted. Where they are others than before, {name} has to sign in again."
                )
            }
            UserChange::Disable => format!("{name} may not sign in any more. Their sessions have ended."),
            UserChange::Enable => format!("{name} may sign in again."),
            UserChange::EndSession => format!("That session of {name} has ended."),
            UserChange::EndSessions => format!("{name} is signed out everywhere."),
            UserChange::Link => format!("{name} chooses another password by this link:"),
        }
    }
}

/// What a form of the page of people sends.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct UserForm {
    /// What is to be done.
    pub change: UserChange,
    /// To whom; empty for somebody who is invited.
    #[serde(default)]
    pub user: String,
    /// The name of somebody who is invited.
    #[serde(default)]
    pub name: String,
    /// Their e-mail address.
    #[serde(default)]
    pub email: String,
    /// The role that they get.
    #[serde(default)]
    pub role: Option<Role>,
    /// The ids of the artists that are their own from now on.
    #[serde(default)]
    pub artists: Vec<String>,
    /// The session that ends, where one does.
    #[serde(default)]
    pub session: String,
}

/// What was done with an account.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct UserChanged {
    /// What.
    pub change: UserChange,
    /// To whom.
    pub user: String,
    /// How they are called.
    pub name: String,
    /// The link that they are to be given. It is shown now and never again.
    pub link: Option<String>,
}

impl fmt::Debug for UserChanged {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("UserChanged")
            .field("change", &self.change)
            .field("user", &self.user)
            .field("name", &self.name)
            .field("link", &self.link.as_ref().map(|_| "(hidden)"))
            .finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_opens_something_is_not_in_what_is_logged() {
        let link = Some("http://localhost:3000/welcome?link=password-secret".to_owned());
        let (user, name) = ("usr_1".to_owned(), "Ben".to_owned());
        let logged = format!("{:?}", UserChanged { change: UserChange::Link, user, name, link });
        assert!(logged.contains("Ben") && !logged.contains("secret"), "{logged}");
    }

    #[test]
    fn forms_say_a_change_as_it_is_serialised() {
        for change in UserChange::ALL {
            assert_eq!(serde_json::to_value(change).expect("JSON"), change.id());
            assert_eq!(UserChange::from_id(change.id()), Some(change));
        }
        assert_eq!(UserChange::from_id("remove"), None);
    }
}
