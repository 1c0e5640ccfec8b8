//! Follows the bucket: compares it with what is indexed, and reads what is new.

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio_util::sync::CancellationToken;

use super::snapshot::{Examined, Identity, IndexedDocument, Snapshot, passage_id};
use crate::document;
use crate::embedded_aws::bedrock::embedding::{self, KeptVectors, Vector};
use crate::embedded_aws::bedrock::search::{PassageIndex, Sidecar, Synonyms, parse_metadata};
use crate::embedded_aws::s3::{BucketContents, ObjectSummary, StoreError};

/// What the key of a document's metadata ends with.
const METADATA_SUFFIX: &str = ".metadata.json";
/// The object with the synonyms, in the root of the bucket.
const SYNONYMS_KEY: &str = "synonyms.toml";
/// The largest metadata file that Bedrock takes, in bytes.
const LARGEST_METADATA: u64 = 10 * 1024;
/// The largest file of synonyms, in bytes.
const LARGEST_SYNONYMS: u64 = 1024 * 1024;
/// For so long a pass embeds what has just come, after that can be found by its words: all of what is short.
const EMBEDDED_IN_A_PASS: Duration = Duration::from_secs(1);
/// The rest follows in steps of so long, for which the next change has to wait.
const EMBEDDED_IN_A_STEP: Duration = Duration::from_millis(200);
/// How often vectors are kept while more of them are being worked out.
const KEPT_EVERY: Duration = Duration::from_mins(1);
/// What was read becomes visible after so long, even when there is more to read.
const VISIBLE_AFTER: Duration = Duration::from_millis(500);

/// Why the bucket could not be followed.
#[derive(Debug, thiserror::Error)]
pub(super) enum CatalogueError {
    /// The bucket cannot be read.
    #[error("the bucket cannot be read: {0}")]
    Store(#[from] StoreError),
    /// The index cannot be written.
    #[error("the index cannot be written: {0}")]
    Index(#[from] tantivy::TantivyError),
}

/// What is indexed.
pub(super) struct Catalogue {
    bucket: String,
    contents: BucketContents,
    /// Made with the first document: an empty base needs no threads.
    index: Option<PassageIndex>,
    vectors: KeptVectors,
    /// Passages and phrases without a vector, by the numbers of their documents, with what is to be embedded.
    waiting: VecDeque<(u32, Part, String)>,
    kept_at: Instant,
    synonyms_etag: Option<String>,
    /// The numbers of the indexed documents by their keys.
    numbers: BTreeMap<String, u32>,
    next_number: u32,
    state: Snapshot,
    /// Whether something has changed since the last commit.
    is_changed: bool,
    /// Whether the index has.
    is_index_changed: bool,
}

impl Catalogue {
    pub(super) fn new(bucket: String, contents: BucketContents, vectors: KeptVectors) -> Self {
        Self {
            bucket,
            contents,
            index: None,
            vectors,
            waiting: VecDeque::new(),
            kept_at: Instant::now(),
            synonyms_etag: None,
            numbers: BTreeMap::new(),
            next_number: 0,
            state: Snapshot::default(),
            is_changed: false,
            is_index_changed: false,
        }
    }

    /// Brings the index in step with the bucket. What is ready is published on the way; a document
    /// that cannot be read is noted and fails nothing else. Ends early when it is to stop.
    pub(super) fn follow(
        &mut self,
        publish: impl Fn(Snapshot),
        stop: &CancellationToken,
    ) -> Result<(), CatalogueError> {
        let waited_before = self.waiting.len();
        let listed = Listed::of(self.contents.objects(&self.bucket)?);
        self.read_synonyms(listed.synonyms.as_ref())?;
        let gone: Vec<String> =
            self.state.examined.keys().filter(|key| !listed.documents.contains_key(*key)).cloned().collect();
        for key in gone {
            self.is_changed = true;
            self.remove(&key);
            self.state.examined.remove(&key);
        }
        let mut visible = Instant::now();
        for (key, (object, sidecar)) in &listed.documents {
            if stop.is_cancelled() {
                break;
            }
            let identity = Identity {
                content: object.etag.clone(),
                metadata: sidecar.as_ref().map(|sidecar| sidecar.etag.clone()),
            };
            if self.state.examined.get(key).is_some_and(|examined| examined.identity == identity) {
                continue;
            }
            self.read_again(object, sidecar.as_ref(), identity)?;
            if visible.elapsed() > VISIBLE_AFTER {
                self.commit(&publish)?;
                visible = Instant::now();
            }
        }
        // Words first: what was put is found by them, and what is gone is not, however long the rest takes.
        self.commit(&publish)?;
        if stop.is_cancelled() {
            return Ok(());
        }
        // What has just come goes before the rest of what was long.
        let new = self.waiting.len() - waited_before;
        self.waiting.rotate_left(waited_before);
        self.embed_some(new, EMBEDDED_IN_A_PASS, &publish)
    }

    /// Embeds some of the passages that wait for it, and says whether more of them wait.
    pub(super) fn embed(&mut self, publish: &impl Fn(Snapshot)) -> Result<bool, CatalogueError> {
        self.embed_some(usize::MAX, EMBEDDED_IN_A_STEP, publish)?;
        Ok(!self.waiting.is_empty())
    }

    /// Embeds so many passages at most, and begins none when the time is over.
    fn embed_some(
        &mut self,
        most: usize,
        time: Duration,
        publish: &impl Fn(Snapshot),
    ) -> Result<(), CatalogueError> {
        let mut first_done: Option<Instant> = None;
        for _ in 0..most {
            let Some((document, part, text)) = self.waiting.pop_front() else { break };
            self.embed_part(document, part, &text);
            // The first may have to wait for the model to be read, which is not counted.
            if first_done.get_or_insert_with(Instant::now).elapsed() >= time {
                break;
            }
        }
        self.commit(publish)?;
        if self.waiting.is_empty() || self.kept_at.elapsed() >= KEPT_EVERY {
            self.keep();
        }
        Ok(())
    }

    fn embed_part(&mut self, document: u32, part: Part, text: &str) {
        // Gone, or read anew, since it began to wait.
        if !self.state.documents.contains_key(&document) {
            return;
        }
        // An equal text may have been worked out meanwhile.
        if let Some(vector) = self.vectors.find(text).or_else(|| self.vectors.work_out(text)) {
            self.is_changed = true;
            self.know(document, part, vector);
        }
    }

    fn know(&mut self, document: u32, part: Part, vector: Vector) {
        match part {
            Part::Passage(place) => drop(self.state.vectors.insert(passage_id(document, place), vector)),
            Part::Phrase => self.state.phrases.entry(document).or_default().push(vector),
        }
    }

    /// Keeps what was worked out so far.
    pub(super) fn keep(&mut self) {
        self.vectors.keep();
        self.kept_at = Instant::now();
    }

    fn commit(&mut self, publish: &impl Fn(Snapshot)) -> Result<(), CatalogueError> {
        if !self.is_changed {
            return Ok(());
        }
        if let Some(index) = &mut self.index
            && self.is_index_changed
        {
            self.state.searcher = Some(index.commit()?);
            self.is_index_changed = false;
        }
        publish(self.state.clone());
        self.is_changed = false;
        Ok(())
    }

    fn read_synonyms(&mut self, object: Option<&ObjectSummary>) -> Result<(), CatalogueError> {
        let etag = object.map(|object| object.etag.clone());
        if etag == self.synonyms_etag {
            return Ok(());
        }
        let synonyms = match object {
            Some(object) => {
                let bytes = self.contents.read(&self.bucket, &object.key, LARGEST_SYNONYMS)?;
                Synonyms::parse(&String::from_utf8_lossy(&bytes)).unwrap_or_else(|error| {
                    tracing::warn!(bucket = self.bucket, %error, "the knowledge base searches without synonyms");
                    Synonyms::default()
                })
            }
            None => Synonyms::default(),
        };
        self.is_changed = true;
        self.state.synonyms = Arc::new(synonyms);
        self.synonyms_etag = etag;
        Ok(())
    }

    fn remove(&mut self, key: &str) {
        if let Some(number) = self.numbers.remove(key) {
            let document = self.state.documents.remove(&number);
            self.state.phrases.remove(&number);
            for (place, _) in (0..).zip(document.iter().flat_map(|document| &document.passages)) {
                self.state.vectors.remove(&passage_id(number, place));
            }
            if let Some(index) = &mut self.index {
                index.remove(key);
                self.is_index_changed = true;
            }
        }
    }

    fn read_again(
        &mut self,
        object: &ObjectSummary,
        sidecar: Option<&ObjectSummary>,
        identity: Identity,
    ) -> Result<(), CatalogueError> {
        self.is_changed = true;
        self.remove(&object.key);
        let failure = match self.read(object, sidecar, identity.clone()) {
            Ok(document) => {
                self.add(&object.key, document)?;
                None
            }
            // Deleted since the bucket was listed: the next pass sees that, too.
            Err(ReadError::Store(StoreError::NoSuchKey { .. } | StoreError::NoSuchBucket)) => {
                self.state.examined.remove(&object.key);
                return Ok(());
            }
            Err(ReadError::Store(error)) => return Err(error.into()),
            Err(error) => Some(error.to_string()),
        };
        self.state.examined.insert(object.key.clone(), Examined { identity, failure });
        Ok(())
    }

    fn read(
        &self,
        object: &ObjectSummary,
        sidecar: Option<&ObjectSummary>,
        identity: Identity,
    ) -> Result<IndexedDocument, ReadError> {
        document::check_size(object.size)?;
        let said = match sidecar {
            Some(sidecar) if sidecar.size > LARGEST_METADATA => {
                return Err(ReadError::MetadataTooLarge { bytes: sidecar.size, limit: LARGEST_METADATA });
            }
            Some(sidecar) => {
                parse_metadata(&self.contents.read(&self.bucket, &sidecar.key, LARGEST_METADATA)?)?
            }
            None => Sidecar::default(),
        };
        let bytes = self.contents.read(&self.bucket, &object.key, document::LARGEST_FILE + 1)?;
        let read = document::read(&bytes)?;
        Ok(IndexedDocument {
            uri: format!("s3://{}/{}", self.bucket, object.key),
            passages: document::split(&read),
            title: read.title,
            identity,
            metadata: said.metadata,
            phrases: said.phrases,
        })
    }

    fn add(&mut self, key: &str, document: IndexedDocument) -> Result<(), CatalogueError> {
        let index = match &mut self.index {
            Some(index) => index,
            none => none.insert(PassageIndex::new()?),
        };
        self.is_index_changed = true;
        let number = self.next_number;
        self.next_number += 1;
        let title = document.title.as_deref().unwrap_or_default();
        let mut parts = Vec::with_capacity(document.passages.len() + document.phrases.len());
        for (place, passage) in (0..).zip(&document.passages) {
            let headings = passage.headings.iter().filter(|heading| *heading != title);
            let above: Vec<&str> = std::iter::once(title).chain(headings.map(String::as_str)).collect();
            let id = passage_id(number, place);
            index.add(key, id, &above.join(" \n "), &passage.text, &document.phrases)?;
            parts.push((Part::Passage(place), meaning(&above, &passage.text)));
        }
        parts.extend(document.phrases.iter().map(|phrase| (Part::Phrase, phrase.clone())));
        for (part, text) in parts {
            match self.vectors.find(&text) {
                Some(vector) => self.know(number, part, vector),
                None if embedding::model().is_some() => self.waiting.push_back((number, part, text)),
                None => {}
            }
        }
        self.numbers.insert(key.to_owned(), number);
        self.state.documents.insert(number, Arc::new(document));
        Ok(())
    }
}

/// What of a document has a vector of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Part {
    /// The passage at a place.
    Passage(u32),
    /// One of the phrases that it is found by.
    Phrase,
}

/// What is embedded of a passage: its text below its headings, which it may begin with itself. Days
/// (2026-01-31) are left out: to the model, texts with days are alike whatever they say.
fn meaning(above: &[&str], text: &str) -> String {
    let missing = above.iter().filter(|heading| !text.starts_with(**heading));
    let whole = missing.chain([&text]).copied().collect::<Vec<_>>().join(". ");
    whole.split_inclusive(char::is_whitespace).filter(|word| !is_day(word)).collect()
}

fn is_day(word: &str) -> bool {
    let word = word.trim_matches(|c: char| c.is_whitespace() || c.is_ascii_punctuation());
    word.len() == 10 && word.parse::<jiff::civil::Date>().is_ok()
}

/// Why one document cannot be read.
#[derive(Debug, thiserror::Error)]
enum ReadError {
    #[error(transparent)]
    Document(#[from] document::DocumentError),
    #[error(transparent)]
    Metadata(#[from] crate::embedded_aws::bedrock::search::MetadataError),
    #[error("its metadata file has {bytes} bytes; up to {limit} are allowed")]
    MetadataTooLarge { bytes: u64, limit: u64 },
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// The objects of a bucket by what they are to a knowledge base.
struct Listed {
    synonyms: Option<ObjectSummary>,
    /// Documents with their metadata files, by key.
    documents: BTreeMap<String, (ObjectSummary, Option<ObjectSummary>)>,
}

impl Listed {
    /// A metadata file without its document is nothing; a key that ends with `/` is a folder.
    fn of(objects: Vec<ObjectSummary>) -> Self {
        let mut listed = Self { synonyms: None, documents: BTreeMap::new() };
        let mut sidecars = Vec::new();
        for object in objects {
            if object.key == SYNONYMS_KEY {
                listed.synonyms = Some(object);
            } else if object.key.ends_with(METADATA_SUFFIX) {
                sidecars.push(object);
            } else if !object.key.ends_with('/') {
                listed.documents.insert(object.key.clone(), (object, None));
            }
        }
        for sidecar in sidecars {
            let key = sidecar.key.strip_suffix(METADATA_SUFFIX).unwrap_or_default();
            if let Some((_, place)) = listed.documents.get_mut(key) {
                *place = Some(sidecar);
            }
        }
        listed
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_passage_means_has_its_headings_once_and_no_days() {
        let text = "Rate\n\n12.7 cents, in force from 2025-01-01 to 2025-12-31.";
        assert_eq!(meaning(&["Rate"], text), "Rate\n\n12.7 cents, in force from to ");
        assert_eq!(meaning(&["Rates", "Rate"], "of 2025-13-01"), "Rates. Rate. of 2025-13-01");
    }
}
