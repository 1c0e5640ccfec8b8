//! `patchline users …`: looking after the people who may sign in, from the machine of Patchline.

use super::{Failure, say};
use clap::Subcommand;
use patchline::engine::Engine;
use patchline::engine::aws::Embedded;
use patchline::engine::config::Config;
use patchline::engine::gateway::{Channel, Origin, Principal};
use patchline::engine::identity::{Identity, IdentityError, User};
use patchline::model::identifier::ArtistId;
use patchline::model::role::Role;
use serde_json::json;

/// What is done.
#[derive(Debug, Subcommand)]
pub(crate) enum UsersCommand {
    /// Everybody, with role and last sign-in
    List,
    /// Add somebody, and print the link with which they choose a password
    Add {
        /// Their e-mail address
        email: String,
        /// Their name
        name: String,
        /// artist, producer, manager, label or admin
        #[arg(value_parser = role)]
        role: Role,
    },
    /// Print a new link with which somebody chooses a password
    Link {
        /// Their e-mail address
        email: String,
    },
    /// Give somebody another role, and end their sessions
    Role {
        /// Their e-mail address
        email: String,
        /// artist, producer, manager, label or admin
        #[arg(value_parser = role)]
        role: Role,
    },
    /// Say which artists are somebody's own, in place of those before, and end their sessions
    Artists {
        /// Their e-mail address
        email: String,
        /// The ids of the artists; without any, none are their own
        #[arg(value_parser = artist)]
        artists: Vec<ArtistId>,
    },
    /// Let somebody sign in no more, and end their sessions
    Disable {
        /// Their e-mail address
        email: String,
    },
    /// Let somebody sign in again
    Enable {
        /// Their e-mail address
        email: String,
    },
    /// End all sessions of somebody
    EndSessions {
        /// Their e-mail address
        email: String,
    },
}

fn role(text: &str) -> Result<Role, String> {
    Role::from_id(text).ok_or_else(|| "allowed are artist, producer, manager, label and admin".to_owned())
}

fn artist(text: &str) -> Result<ArtistId, String> {
    text.parse().map_err(|error| format!("{error}"))
}

impl UsersCommand {
    /// The word in the audit log; none where nothing is changed.
    fn operation(&self) -> Option<&'static str> {
        match self {
            Self::List => None,
            Self::Add { .. } => Some("add_user"),
            Self::Link { .. } => Some("make_password_link"),
            Self::Role { .. } => Some("set_user_role"),
            Self::Artists { .. } => Some("set_user_artists"),
            Self::Disable { .. } => Some("disable_user"),
            Self::Enable { .. } => Some("enable_user"),
            Self::EndSessions { .. } => Some("end_user_sessions"),
        }
    }
}

/// Does it over the stores of the configuration, and records it.
pub(crate) async fn run(config: Config, command: UsersCommand) -> Result<(), Failure> {
    let site = format!("http://{}", config.address);
    let embedded = Embedded::open(&config).await?;
    // Only accounts are looked after: nothing of the sample label is written meanwhile.
    let config = Config { demo: false, ..config };
    let engine = Engine::start(config, embedded.as_ref()).await?;
    let operation = command.operation();
    let done = perform(&engine.identity, command, &site).await;
    if let Some(operation) = operation {
        let (operator, origin) = (Principal::local_operator(), Origin::new(Channel::Command, None));
        match &done {
            Ok(told) => engine.gateway.noted(&operator, &origin, operation, &json!({ "user": told.user })),
            Err(error) => drop(engine.gateway.refused(&operator, &origin, operation, error.clone().into())),
        }
    }
    engine.close().await;
    if let Some(embedded) = embedded {
        embedded.close().await;
    }
    say(&done?.text)
}

/// What was done, to whom.
struct Told {
    user: Option<String>,
    text: String,
}

impl Told {
    fn of(user: &User, what: &str) -> Self {
        Self { user: Some(user.id.clone()), text: format!("{} ({}) {what}\n", user.name, user.email) }
    }
}

async fn perform(identity: &Identity, command: UsersCommand, site: &str) -> Result<Told, IdentityError> {
    match command {
        UsersCommand::List => {
            let users = identity.users().await?;
            Ok(Told { user: None, text: users.iter().map(line).collect() })
        }
        UsersCommand::Add { email, name, role } => {
            let user = identity.add(&name, &email, role).await?;
            link(identity, &user, site).await
        }
        UsersCommand::Link { email } => link(identity, &identity.user(&email).await?, site).await,
        UsersCommand::Role { email, role } => {
            let user = identity.set_role(&identity.user(&email).await?.id, role).await?;
            Ok(Told::of(&user, &format!("has the role {}.", role.id())))
        }
        UsersCommand::Artists { email, artists } => {
            let user = identity.set_artists(&identity.user(&email).await?.id, artists).await?;
            let what = match user.artists.as_slice() {
                [] => "has no artists of their own.".to_owned(),
                artists => format!("has as their own: {}.", listed(artists)),
            };
            Ok(Told::of(&user, &what))
        }
        UsersCommand::Disable { email } => {
            let user = identity.set_disabled(&identity.user(&email).await?.id, true).await?;
            Ok(Told::of(&user, "may not sign in any more."))
        }
        UsersCommand::Enable { email } => {
            let user = identity.set_disabled(&identity.user(&email).await?.id, false).await?;
            Ok(Told::of(&user, "may sign in again."))
        }
        UsersCommand::EndSessions { email } => {
            let user = identity.sign_out_everywhere(&identity.user(&email).await?.id).await?;
            Ok(Told::of(&user, "is signed out everywhere."))
        }
    }
}

async fn link(identity: &Identity, user: &User, site: &str) -> Result<Told, IdentityError> {
    let address = identity.link_for_password(user).await?.address(site);
    Ok(Told::of(user, &format!("chooses a password here, once, within a day:\n{address}")))
}

fn line(user: &User) -> String {
    let state = if user.disabled { "disabled" } else { "active" };
    let last = user.signed_in_at.as_deref().unwrap_or("never signed in");
    let artists = match user.artists.as_slice() {
        [] => String::new(),
        artists => format!(", artists: {}", listed(artists)),
    };
    format!("{:<9} {:<9} {} ({}), {last}{artists}\n", user.role.id(), state, user.email, user.name)
}

fn listed(artists: &[ArtistId]) -> String {
    artists.iter().map(ArtistId::as_str).collect::<Vec<_>>().join(", ")
}
