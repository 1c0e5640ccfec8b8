//! What a knowledge base knew at one moment, for searching.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::document::Passage;
use crate::embedded_aws::bedrock::embedding::{self, Vector};
use crate::embedded_aws::bedrock::search::{
    Filter, Metadata, Nearness, PassageId, PassageSearcher, SearchKind, Synonyms, Value,
};

/// What tells one content of a document, with its metadata, from another.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Identity {
    /// The `ETag` of the object.
    pub(super) content: String,
    /// The `ETag` of its metadata file.
    pub(super) metadata: Option<String>,
}

/// A document that can be searched.
#[derive(Debug)]
pub(super) struct IndexedDocument {
    /// `s3://bucket/key`
    pub(super) uri: String,
    pub(super) title: Option<String>,
    pub(super) identity: Identity,
    pub(super) metadata: Metadata,
    /// What it is found by beside its text.
    pub(super) phrases: Vec<String>,
    pub(super) passages: Vec<Passage>,
}

/// A document that a pass has looked at: what it was, and why it could not be read.
#[derive(Debug, Clone)]
pub(super) struct Examined {
    pub(super) identity: Identity,
    pub(super) failure: Option<String>,
}

/// The state of a knowledge base.
#[derive(Clone, Default)]
pub(in crate::embedded_aws::bedrock) struct Snapshot {
    pub(super) searcher: Option<PassageSearcher>,
    pub(super) synonyms: Arc<Synonyms>,
    /// The documents by their numbers.
    pub(super) documents: BTreeMap<u32, Arc<IndexedDocument>>,
    /// What passages mean. Without the embedding model there are none, and those of a long document
    /// follow one after the other.
    pub(super) vectors: HashMap<PassageId, Vector>,
    /// What the phrases mean that documents are found by, by the numbers of the documents.
    pub(super) phrases: HashMap<u32, Vec<Vector>>,
    /// All documents of the bucket by their keys.
    pub(super) examined: BTreeMap<String, Examined>,
}

/// A passage that was found.
#[derive(Debug, Clone)]
pub(in crate::embedded_aws::bedrock) struct Hit {
    document: Arc<IndexedDocument>,
    passage: usize,
    /// Between 0 and 1.
    pub(in crate::embedded_aws::bedrock) score: f64,
    /// How near it is to the question in meaning, up to 1.
    similarity: Option<f64>,
}

/// The id of a passage: the number of its document, and its place in it.
pub(super) fn passage_id(document: u32, passage: u32) -> PassageId {
    (u64::from(document) << 32) | u64::from(passage)
}

impl Snapshot {
    /// The passages that have to do with the question and fulfil the filter, the best first.
    ///
    /// # Errors
    /// When the index cannot be read.
    pub(in crate::embedded_aws::bedrock) fn search(
        &self,
        question: &str,
        kind: SearchKind,
        filter: Option<&Filter>,
    ) -> Result<Vec<Hit>, tantivy::TantivyError> {
        let Some(searcher) = &self.searcher else { return Ok(Vec::new()) };
        let words: HashMap<PassageId, f64> = searcher.search(question, &self.synonyms)?.into_iter().collect();
        let meaning = embedding::embed(question);
        let mut hits = Vec::new();
        for (number, document) in &self.documents {
            let phrases = self.nearness_of_phrases(meaning.as_ref(), *number);
            for (place, _) in document.passages.iter().enumerate() {
                let id = passage_id(*number, u32::try_from(place).unwrap_or(u32::MAX));
                let nearness = self.nearness(meaning.as_ref(), id, &phrases);
                let similarity = match nearness {
                    Nearness::Known(similarity) => Some(similarity),
                    Nearness::NotCompared | Nearness::NotYetKnown => None,
                };
                if let Some(score) = kind.score(words.get(&id).copied(), nearness) {
                    hits.push(Hit { document: Arc::clone(document), passage: place, score, similarity });
                }
            }
        }
        hits.retain(|hit| filter.is_none_or(|filter| filter.matches(&hit.metadata())));
        // Equal scores stay in the order of the documents, so that pages of results fit together.
        hits.sort_by(|a, b| b.score.total_cmp(&a.score));
        Ok(hits)
    }

    fn nearness(&self, question: Option<&Vector>, passage: PassageId, phrases: &[f64]) -> Nearness {
        match (question, self.vectors.get(&passage)) {
            (None, _) => Nearness::NotCompared,
            (Some(_), None) => Nearness::NotYetKnown,
            (Some(question), Some(passage)) => {
                Nearness::of(question.similarity(passage), phrases.iter().copied())
            }
        }
    }

    /// How near the phrases of a document are to the question.
    fn nearness_of_phrases(&self, question: Option<&Vector>, document: u32) -> Vec<f64> {
        let Some(question) = question else { return Vec::new() };
        let phrases = self.phrases.get(&document).into_iter().flatten();
        phrases.map(|phrase| question.similarity(phrase)).collect()
    }
}

impl Hit {
    /// The text of the passage.
    pub(in crate::embedded_aws::bedrock) fn text(&self) -> &str {
        self.passage().map_or("", |passage| passage.text.as_str())
    }

    /// The address of the document.
    pub(in crate::embedded_aws::bedrock) fn uri(&self) -> &str {
        &self.document.uri
    }

    fn passage(&self) -> Option<&Passage> {
        self.document.passages.get(self.passage)
    }

    /// The attributes of the document, those that Bedrock adds (`x-amz-bedrock-kb-…`), and our own:
    /// the title, the headings above the passage, where it stands in the text of its page, in
    /// characters, and how near it is to the question in meaning.
    pub(in crate::embedded_aws::bedrock) fn metadata(&self) -> Metadata {
        let mut metadata = self.document.metadata.clone();
        let mut add = |name: &str, value: Value| {
            metadata.insert(name.to_owned(), value);
        };
        add("x-amz-bedrock-kb-source-uri", Value::Text(self.document.uri.clone()));
        add("x-amz-bedrock-kb-chunk-id", Value::Text(self.chunk_id()));
        if let Some(title) = &self.document.title {
            add("x-patchline-title", Value::Text(title.clone()));
        }
        if let Some(passage) = self.passage() {
            if let Some(page) = passage.page {
                add("x-amz-bedrock-kb-document-page-number", Value::Number(page.into()));
            }
            add("x-patchline-headings", Value::List(passage.headings.clone()));
            add("x-patchline-text-start", Value::Number(passage.start.into()));
            add("x-patchline-text-end", Value::Number(passage.end.into()));
        }
        if let Some(similarity) = self.similarity.and_then(serde_json::Number::from_f64) {
            add("x-patchline-similarity", Value::Number(similarity));
        }
        metadata
    }

    /// Names the passage for as long as the document's content stays the same.
    fn chunk_id(&self) -> String {
        let name = format!("{}\n{}\n{}", self.document.uri, self.document.identity.content, self.passage);
        let hash = Sha256::digest(name.as_bytes());
        hex::encode(hash.get(..16).unwrap_or_default())
    }
}
