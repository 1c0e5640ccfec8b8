//! Several instances over one store, and MCP servers of third parties: real processes and real sockets.

mod authorized;
mod guard;
pub(crate) mod instance;
mod killed_at_each_step;
mod killed_changes;
mod limits;
mod listing;
mod loops;
mod replicas;
mod single_replicas;
mod standing_stream;
pub(crate) mod stranger;
mod tasks;
mod third_parties;
mod traces;
