//! `patchline keys …`: looking after API keys, from the machine of Patchline.

use super::{Failure, say};
use clap::{Args, Subcommand};
use jiff::Timestamp;
use patchline::engine::Engine;
use patchline::engine::aws::Embedded;
use patchline::engine::catalog::keys::ApiKey;
use patchline::engine::config::Config;
use patchline::engine::gateway::{CallError, Channel, Origin, Principal};
use patchline::engine::identity::User;
use patchline::engine::identity::keys::draft;
use patchline::model::key::KeyRequest;
use serde_json::{Value, json};

/// What is done.
#[derive(Debug, Subcommand)]
pub(crate) enum KeysCommand {
    /// The keys of everybody, or of one person
    List {
        /// Their e-mail address
        email: Option<String>,
    },
    /// Make a key of somebody, and print it once
    Create(Wish),
    /// Revoke a key
    Revoke {
        /// The id, as `patchline keys list` tells it
        id: String,
    },
}

/// The key that is wanted.
#[derive(Debug, Args)]
pub(crate) struct Wish {
    /// The e-mail address of whoever it belongs to
    email: String,
    /// What it is called
    name: String,
    /// read, all, or names of servers separated by commas
    #[arg(long, default_value = "read")]
    scope: String,
    /// The role beyond which it has nothing; that of its owner, if left out
    #[arg(long, default_value = "")]
    role: String,
    /// For how many days it works
    #[arg(long, default_value = "")]
    days: String,
    /// Addresses and networks from which it may be used, separated by commas
    #[arg(long, default_value = "")]
    addresses: String,
}

impl KeysCommand {
    /// The word in the audit log; none where nothing is changed.
    fn operation(&self) -> Option<&'static str> {
        match self {
            Self::List { .. } => None,
            Self::Create(_) => Some("create_key"),
            Self::Revoke { .. } => Some("revoke_key"),
        }
    }
}

impl From<Wish> for KeyRequest {
    fn from(wish: Wish) -> Self {
        let Wish { name, scope, role, days, addresses, .. } = wish;
        let (scope, servers) = match scope.as_str() {
            "read" | "all" => (scope, Vec::new()),
            servers => {
                ("servers".to_owned(), servers.split(',').map(|name| name.trim().to_owned()).collect())
            }
        };
        Self { name, scope, servers, role, days, addresses }
    }
}

/// Does it over the stores of the configuration, and records it.
pub(crate) async fn run(config: Config, command: KeysCommand) -> Result<(), Failure> {
    let embedded = Embedded::open(&config).await?;
    // Only keys are looked after: nothing of the sample label is written meanwhile.
    let config = Config { demo: false, ..config };
    let engine = Engine::start(config, embedded.as_ref()).await?;
    let operation = command.operation();
    let done = perform(&engine, command).await;
    if let Some(operation) = operation {
        let (operator, origin) = (Principal::local_operator(), Origin::new(Channel::Command, None));
        match &done {
            Ok(told) => engine.gateway.noted(&operator, &origin, operation, &told.record),
            Err(error) => drop(engine.gateway.refused(&operator, &origin, operation, error.clone())),
        }
    }
    engine.close().await;
    if let Some(embedded) = embedded {
        embedded.close().await;
    }
    say(&done.map_err(Failure::Call)?.text)
}

/// What was done, for the record and for whoever asked.
struct Told {
    record: Value,
    text: String,
}

async fn perform(engine: &Engine, command: KeysCommand) -> Result<Told, CallError> {
    let identity = &engine.identity;
    match command {
        KeysCommand::List { email } => {
            let owner = match email {
                Some(email) => Some(identity.user(&email).await?),
                None => None,
            };
            let keys = identity.keys(owner.as_ref().map(|owner| owner.id.as_str())).await?;
            let users = identity.users().await?;
            Ok(Told { record: Value::Null, text: keys.iter().map(|key| line(key, &users)).collect() })
        }
        KeysCommand::Create(wish) => {
            let owner = identity.user(&wish.email).await?;
            let servers = engine.names_of_servers();
            let (key, text) = draft(&owner.id, owner.role, &KeyRequest::from(wish), &servers)?;
            identity.keep_key(&key).await?;
            let shown = key.view(Timestamp::now());
            let words = format!(
                "{} has the key {} until {}. It is shown this once:\n{}\n",
                owner.name,
                key.id,
                shown.expires_at,
                text.expose()
            );
            Ok(Told { record: json!(shown), text: words })
        }
        KeysCommand::Revoke { id } => {
            let revoked = identity.revoke_key(&id).await?;
            let text = format!("The key {id} ({}) is revoked.\n", revoked.name);
            Ok(Told { record: json!({ "id": id, "owner": revoked.owner }), text })
        }
    }
}

fn line(key: &ApiKey, users: &[User]) -> String {
    let shown = key.view(Timestamp::now());
    let owner = users.iter().find(|user| user.id == key.owner);
    let owner = owner.map_or(key.owner.as_str(), |owner| owner.email.as_str());
    let used = shown.used_at.as_deref().unwrap_or("never used");
    format!(
        "{} {:<8} {owner} ({}), {}, until {}, {used}\n",
        shown.id,
        shown.state.in_words(),
        shown.name,
        shown.scope.in_words(),
        shown.expires_at,
    )
}
