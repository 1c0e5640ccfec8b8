//! A client for the conformance suite of the Model Context Protocol: the product's client side, doing what a
//! scenario of the suite wants. Only `scripts/conformance` builds it.
//!
//! The suite names the scenario, the revision of the protocol and what else the client is to know in
//! variables, and its own server in the last argument.

mod browser;
mod scenario;
mod steps;

use scenario::Scenario;
use std::error::Error;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let address = std::env::args().next_back().ok_or("the address of the suite's server is missing")?;
    let scenario = Scenario::of_environment(&address)?;
    steps::take(&scenario).await
}
