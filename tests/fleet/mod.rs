//! Several instances over one store, and MCP servers of third parties: real processes and real sockets.

mod instance;
mod listing;
mod loops;
mod replicas;
mod stranger;
mod third_parties;
