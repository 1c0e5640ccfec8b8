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
pub mod source;
mod stocking;
mod words;

pub use answer::{Answer, Citation, Listener, Step, answer, answer_stepwise};
pub(crate) use retrieve::resource;
pub use search::{Found, Only, Search, search};
pub(crate) use stocking::{Stocking, ingest, stock};

use crate::embedded_aws::KnowledgeBaseDeclaration;
use crate::engine::catalog::schema::KNOWLEDGE_BUCKET;

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
            has_language_model: config.embedded.as_ref().is_some_and(|mode| mode.language_model.is_some()),
        }
    }

    /// The buckets in which the embedded AWS keeps the documents of the knowledge bases, in their order.
    pub(crate) fn embedded_buckets(&self) -> impl Iterator<Item = String> {
        (0..self.bases.len()).map(embedded_bucket)
    }

    /// Whether a model writes by itself, and does not only quote.
    pub fn is_language_model(&self, model: &str) -> bool {
        model != EXTRACTIVE_MODEL || self.has_language_model
    }
}

/// The knowledge bases of the embedded Bedrock: the first holds what comes with Patchline.
pub(crate) fn embedded_bases(config: &super::config::Config) -> Vec<KnowledgeBaseDeclaration> {
    let declare = |(place, id): (usize, &String)| {
        let bucket = embedded_bucket(place);
        let shipped = KnowledgeBaseDeclaration::default();
        if place == 0 {
            KnowledgeBaseDeclaration { id: id.clone(), bucket, ..shipped }
        } else {
            let description = "Documents of the label".to_owned();
            KnowledgeBaseDeclaration { id: id.clone(), name: id.clone(), description, bucket, ..shipped }
        }
    };
    config.knowledge_bases.iter().enumerate().map(declare).collect()
}

fn embedded_bucket(place: usize) -> String {
    match place {
        0 => KNOWLEDGE_BUCKET.to_owned(),
        other => format!("{KNOWLEDGE_BUCKET}-{}", other + 1),
    }
}
