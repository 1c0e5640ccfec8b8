//! The product through its real doors: a module for each part.
#![expect(clippy::expect_used, reason = "a test that cannot go on says why and stops")]

mod architecture;
mod automation;
mod configuration;
mod deployment;
mod embedded_aws;
mod fleet;
mod fuzz;
mod identity;
mod knowledge;
mod mcp;
mod policy;
mod sample_label;
mod supervisor;
mod support;
mod tools;
mod web;
