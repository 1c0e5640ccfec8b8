//! The knowledge base: what comes with Patchline, understanding questions, putting answers in order.
//!
//! Searching and writing are Bedrock's; this decides what of it answers a question on the asked day.
//! [`shipped`], [`question`] and [`rank`] are pure; the others reach Bedrock and S3 through the catalogue.

mod answer;
pub mod base;
pub mod calculation;
pub mod documents;
pub mod entry;
pub(crate) mod ingesting;
mod load;
pub mod passage;
pub mod question;
pub mod rank;
mod retrieve;
pub mod search;
pub mod sheet;
pub mod shipped;
pub mod source;
mod stocking;
mod words;

pub use answer::{Answer, Citation, Listener, Step, answer, answer_stepwise};
pub(crate) use retrieve::resource;
pub use search::{Found, Only, Search, search};
pub(crate) use stocking::{Stocking, ingest, stock};
