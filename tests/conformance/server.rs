//! A Patchline for the conformance suite of the Model Context Protocol: the product's own door and handler,
//! with the tools, resources and prompts around it that the suite asks for. Only `scripts/conformance`
//! builds it.
#![expect(clippy::print_stdout, reason = "the address goes to the script that started this")]

mod contents;
mod fixtures;
mod legacy_questions;
mod prompts;
mod questions;
mod resources;
mod schemas;
mod tasks;
mod tools;

use axum::extract::Request;
use axum::http::{HeaderValue, header};
use leptos::config::LeptosOptions;
use patchline::engine::Engine;
use patchline::engine::aws::Embedded;
use patchline::engine::config::Config;
use patchline::web;
use std::collections::HashMap;
use std::error::Error;
use std::net::SocketAddr;

/// The key that every request of the suite gets.
const KEY: &str = "the-key-of-the-conformance-suite";

async fn with_key(mut request: Request) -> Request {
    if let Ok(key) = HeaderValue::from_str(&format!("Bearer {KEY}")) {
        request.headers_mut().entry(header::AUTHORIZATION).or_insert(key);
    }
    request
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let folder = tempfile::tempdir()?;
    let variables = HashMap::from([
        ("PATCHLINE_DATA_DIR", folder.path().to_string_lossy().into_owned()),
        ("PATCHLINE_EMBEDDED_AWS_ADDR", "off".to_owned()),
        ("MCP_MOCK_AWS_SERVICES", "true".to_owned()),
        ("MCP_DEMO_MODE", "false".to_owned()),
        ("MCP_RATE_LIMIT", "100000".to_owned()),
        ("MCP_BURST_LIMIT", "10000".to_owned()),
        ("ENABLE_BEDROCK", "false".to_owned()),
        ("PATCHLINE_BOOTSTRAP_KEY", KEY.to_owned()),
    ]);
    let config = Config::load(&|name| variables.get(name).cloned(), false)?;
    let embedded = Embedded::open(&config).await?;
    let engine = Engine::start(config, embedded.as_ref()).await?;
    let options = LeptosOptions::builder().output_name("patchline").build();
    let router = web::router_with(engine.clone(), options, fixtures::Fixtures::around);
    // The suite cannot be given a key.
    let router = router.layer(axum::middleware::map_request(with_key));
    let listener = tokio::net::TcpListener::bind(("127.0.0.1", 0)).await?;
    println!("http://{}/mcp", listener.local_addr()?);
    let service = router.into_make_service_with_connect_info::<SocketAddr>();
    axum::serve(listener, service).await?;
    Ok(())
}
