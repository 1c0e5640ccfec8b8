//! How the embedded AWS is opened.

use std::path::PathBuf;
use std::time::Duration;

/// How the embedded AWS is opened.
#[derive(Debug, Clone)]
pub struct Options {
    /// Where everything is kept; made when it is missing. One process at a time may have it open.
    pub data_dir: PathBuf,
    /// The region that buckets and tables say they are in, such as `us-east-1`.
    pub region: String,
    /// The knowledge bases that Bedrock has.
    pub knowledge_bases: Vec<KnowledgeBaseDeclaration>,
    /// Vectors of texts that will be put into them, in the form of the file `vectors` of a knowledge base:
    /// they need not be worked out.
    pub known_vectors: &'static [u8],
    /// How long a search waits for changes of the bucket to be searchable. Within this, whoever has put a document
    /// finds it with the next search.
    pub search_patience: Duration,
    /// An OpenAI-compatible server that writes in place of the built-in model, which only quotes:
    /// its base address, with or without `/v1`.
    pub language_model_url: Option<String>,
    /// The name that the server knows its model by; most serve one model under any name.
    pub language_model_name: Option<String>,
    /// How long the server may be silent: before its first word, and between two words.
    pub language_model_patience: Duration,
}

impl Options {
    /// The defaults: the knowledge base of the product, and no language model.
    pub fn new(data_dir: impl Into<PathBuf>, region: impl Into<String>) -> Self {
        Self {
            data_dir: data_dir.into(),
            region: region.into(),
            knowledge_bases: vec![KnowledgeBaseDeclaration::default()],
            known_vectors: &[],
            search_patience: Duration::from_secs(3),
            language_model_url: None,
            language_model_name: None,
            language_model_patience: Duration::from_secs(50),
        }
    }
}

/// A knowledge base over a bucket. The bucket may be made later; until then the base is empty.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnowledgeBaseDeclaration {
    /// Its id.
    pub id: String,
    /// What people call it.
    pub name: String,
    /// What it holds.
    pub description: String,
    /// The bucket that its documents lie in.
    pub bucket: String,
    /// The id of its one data source, the bucket.
    pub data_source_id: String,
}

impl Default for KnowledgeBaseDeclaration {
    fn default() -> Self {
        Self {
            id: "kb-music-industry".to_owned(),
            name: "Music industry".to_owned(),
            description: "Rights, royalties, rates, delivery and release of music".to_owned(),
            bucket: "patchline-knowledge".to_owned(),
            data_source_id: "documents".to_owned(),
        }
    }
}
