//! The configuration: every environment variable, parsed once into types that cannot be wrong.

mod addresses;
mod allowances;
mod audit;
mod databases;
mod enforcement;
mod figures;
mod given;
mod issuer;
mod knowledge;
mod limits;
mod load;
mod monitoring;
mod notices;
mod openid;
mod prices;
mod resources;
mod roles;
mod schedule;
mod store;
mod table;
mod tasks;
mod tokens;
mod toml_file;
mod upstreams;
mod values;

pub use allowances::Allowances;
pub use databases::{Database, Databases};
pub use enforcement::{OnViolation, SecurityMode};
pub use figures::FiguresFrom;
pub use given::Given;
pub use issuer::{IssuerSettings, IssuerUrl, SigningAlgorithm};
pub use knowledge::{EXTRACTIVE_MODEL, KNOWLEDGE_BUCKET, Knowledge, TaskModel};
pub use limits::OtherLimit;
pub use load::{Config, Servers};
pub use monitoring::{LogGroups, Monitoring};
pub use notices::{MailFrom, WebhookAddresses};
pub use openid::{GroupRoles, OPENID_CALLBACK, OpenIdSettings};
pub use prices::{Budgets, Price, Prices, Tokens};
pub use resources::{BucketRole, Buckets, TableRole, Tables};
pub use roles::{RoleArn, Roles};
pub use schedule::{Schedule, Span};
pub use store::{EmbeddedMode, LanguageModel};
pub use table::{VARIABLES, Variable, markdown_table};
pub use tasks::TaskLimits;
pub use tokens::{Audience, ClaimedRoles, TokenIssuer};
pub use upstreams::{
    Access, BrowserClient, Grant, OAuthSettings, Questions, RegisteredClient, ReplicaSettings, Revision,
    ServerSettings, Strategy, ThirdPartySettings, Upstreams, is_loopback,
};

/// A variable has a value that cannot be used. Shown as one line; the program ends with code 2.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{variable} = {value:?}: {allowed}")]
pub struct ConfigError {
    /// The variable's name.
    pub variable: &'static str,
    /// The value as given; `(hidden)` for secrets.
    pub value: String,
    /// What is allowed.
    pub allowed: String,
}
