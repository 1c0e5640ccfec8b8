//! The tools through REST, over the real SDK clients and the embedded AWS.

mod analytics;
mod audit;
mod bad_input;
mod catalogue;
mod files;
mod knowledge;
mod outages;
