//! The doors to the outside: pages, REST, events, files, uploads, health.

mod account_form;
mod caller;
mod consent;
mod error;
mod events;
mod export;
mod fleet;
mod guard;
mod health;
mod health_form;
mod keys_form;
mod knowledge_form;
pub mod mcp;
mod media;
mod metrics;
mod oauth;
mod openapi;
mod openid;
mod own_path;
mod pages;
mod preferences;
mod rest;
mod router;
mod security_headers;
mod server_functions;
mod sign_in;
mod site;
mod streams;
mod tools_form;
mod tools_stream;
mod upload;
mod users_form;
mod visitors;

pub use consent::Terminal;
pub use router::{router, router_with};
pub use site::site_options;
