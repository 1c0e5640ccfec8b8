//! The client side of MCP: further instances that serve the same tools, and servers of third parties.

mod authorization_server;
mod client;
mod consents;
mod definition;
mod error;
mod itself;
mod oauth;
mod parties;
mod party;
mod questions;
mod replica;
mod standing;
mod verdicts;

pub use client::Client;
pub use error::UpstreamError;
pub use oauth::Consent;
pub(super) use parties::Parties;
pub use party::ask_for_consent;
pub(super) use party::{Party, PartyTool};
pub(super) use replica::{Errand, LARGEST_ANSWER as LARGEST_REPLICA_ANSWER, Told, Trouble, pass_on, probe};
pub use verdicts::Verdicts;
