//! Which knowledge bases and models may be used, and where the embedded AWS keeps their documents.

use super::Config;

/// The model of the embedded Bedrock: it quotes and writes nothing itself.
pub const EXTRACTIVE_MODEL: &str = "local.extractive-v1";

/// The bucket with the documents of the first knowledge base, in the embedded AWS.
pub const KNOWLEDGE_BUCKET: &str = "patchline-knowledge";

/// Which knowledge bases and models there are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Knowledge {
    /// The allowed knowledge bases, the default first.
    pub bases: Vec<String>,
    /// The allowed models, the default first.
    pub models: Vec<String>,
    /// Whether a language model writes for the embedded Bedrock in place of its extractive model.
    pub has_language_model: bool,
    /// Whether this machine makes embeddings by itself, in the embedded AWS.
    pub embeds_here: bool,
}

impl Config {
    /// What the catalogue needs to know of knowledge bases and models.
    pub fn knowledge(&self) -> Knowledge {
        Knowledge {
            bases: self.knowledge_bases.clone(),
            models: self.models.clone(),
            has_language_model: self.embedded.as_ref().is_some_and(|mode| mode.language_model.is_some()),
            embeds_here: self.embedded.is_some(),
        }
    }
}

impl Knowledge {
    /// The buckets in which the embedded AWS keeps the documents of the knowledge bases, in their order.
    pub(crate) fn embedded_buckets(&self) -> impl Iterator<Item = String> {
        (0..self.bases.len()).map(embedded_bucket)
    }

    /// Whether a model writes by itself, and does not only quote.
    pub fn is_language_model(&self, model: &str) -> bool {
        model != EXTRACTIVE_MODEL || self.has_language_model
    }
}

fn embedded_bucket(place: usize) -> String {
    match place {
        0 => KNOWLEDGE_BUCKET.to_owned(),
        other => format!("{KNOWLEDGE_BUCKET}-{}", other + 1),
    }
}
