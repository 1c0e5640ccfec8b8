//! The knowledge base: what comes with Patchline, understanding questions, putting answers in order.
//!
//! Searching and writing are Bedrock's; this decides what of it answers a question on the asked day.
//! [`shipped`], [`question`] and [`rank`] are pure; the others reach Bedrock and S3 through the catalogue.

mod answer;
pub mod base;
pub mod calculation;
pub mod documents;
pub mod entry;
mod load;
pub mod passage;
pub mod question;
pub mod rank;
mod retrieve;
pub mod search;
pub mod sheet;
pub mod shipped;
mod words;

pub use answer::{Answer, Citation, answer};
pub(crate) use load::load;
pub use search::{Found, Only, Search, search};

/// The model of the embedded Bedrock: it quotes and writes nothing itself.
pub const EXTRACTIVE_MODEL: &str = "local.extractive-v1";

/// Which knowledge bases and models there are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings {
    /// The allowed knowledge bases, the default first.
    pub bases: Vec<String>,
    /// The allowed models, the default first.
    pub models: Vec<String>,
    /// Whether a language model writes for the embedded Bedrock in place of its extractive model.
    pub has_language_model: bool,
}

impl Settings {
    /// Reads the configuration.
    pub fn new(config: &super::config::Config) -> Self {
        Self {
            bases: config.knowledge_bases.clone(),
            models: config.models.clone(),
            has_language_model: config.language_model_url.is_some(),
        }
    }

    /// Whether a model writes by itself, and does not only quote.
    pub fn is_language_model(&self, model: &str) -> bool {
        model != EXTRACTIVE_MODEL || self.has_language_model
    }
}
