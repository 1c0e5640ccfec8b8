//! MCP over real HTTP: with a client of the protocol in both eras, and with raw requests.

mod client;
mod copied;
mod elicitation;
mod idempotency;
mod progress;
mod raw;
mod resources;
mod run_task;
mod tasks;
mod tools;
