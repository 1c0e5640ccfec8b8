//! Recordings that are made for the tests, and what is found in them.

mod bad_input;
mod ebu;
mod signal;
pub(crate) mod support;
