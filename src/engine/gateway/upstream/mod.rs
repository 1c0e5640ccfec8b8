//! The client side of MCP: further instances that serve the same tools, and servers of third parties.

mod client;
mod definition;
mod error;
mod parties;
mod party;
mod replica;

pub(super) use client::{Client, Verdicts};
pub(super) use error::UpstreamError;
pub(super) use parties::Parties;
pub(super) use party::{Party, PartyTool};
pub(super) use replica::{Errand, LARGEST_ANSWER as LARGEST_REPLICA_ANSWER, Told, Trouble, pass_on, probe};
