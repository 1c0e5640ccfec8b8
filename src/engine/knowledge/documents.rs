//! The documents that people add to a knowledge base: read before they are stored, listed with their
//! state, removed.

use super::base::{self, DataSource, Ingestion, IngestionState, Started};
use super::ingesting::ingest;
use super::load::OURS;
use super::passage::KIND;
use super::sheet::METADATA_ENDING;
use super::shipped::SYNONYMS;
use crate::document::{self, DocumentError, Format};
use crate::engine::catalog::objects::ListedObject;
use crate::engine::catalog::{Catalog, CatalogError, NewObject, ObjectInfo, ObjectKey};
use crate::engine::spending::{ModelError, Purse};
use bytes::Bytes;
use jiff::Timestamp;
use serde_json::json;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Where added documents lie.
const FOLDER: &str = "documents/";

/// The kind of a document that somebody has added.
const DOCUMENT: &str = "document";

/// The longest listing; a knowledge base with more documents is listed as far as this.
const MOST_LISTED: usize = 20_000;

/// A document that is to be added.
#[derive(Debug, Clone)]
pub struct NewDocument {
    /// Its name, for instance `artists/mira-contract.pdf`.
    pub name: ObjectKey,
    /// The title for people; the document's own where none is given.
    pub title: Option<String>,
    /// Whether a document of the same name is replaced.
    pub overwrite: bool,
    /// The content.
    pub content: Bytes,
    /// Who adds it.
    pub added_by: String,
    /// The name of the change, the same for every attempt at it.
    pub change: String,
}

/// A document that was added.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Added {
    /// Its key in the bucket.
    pub key: String,
    /// Its title.
    pub title: String,
    /// The format that was recognised.
    pub format: &'static str,
    /// Its size in bytes.
    pub bytes: u64,
    /// How many pages it has, in formats that have pages.
    pub pages: Option<u32>,
    /// How many of its pages have no text and cannot be found, as those of a scan.
    pub pages_without_text: u32,
    /// How many passages it is searched by.
    pub passages: u32,
    /// Whether Bedrock reads it now.
    pub ingestion: Started,
}

/// A document of a knowledge base.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    /// Its key in the bucket.
    pub key: String,
    /// Its title, where one is stored with it.
    pub title: Option<String>,
    /// Its size in bytes.
    pub bytes: u64,
    /// When it was stored, RFC 3339 in UTC.
    pub last_modified: Option<String>,
    /// Who added it, where known.
    pub added_by: Option<String>,
    /// How many pages it has, where known.
    pub pages: Option<u32>,
    /// How many of its pages have no text and cannot be found, where known.
    pub pages_without_text: Option<u32>,
    /// How many passages it is searched by, where known.
    pub passages: Option<u32>,
    /// Whether it can be found.
    pub state: State,
    /// Whether it comes with Patchline.
    pub is_shipped: bool,
    /// Whether it belongs to the sample label.
    pub sample: bool,
}

/// Whether a document can be found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum State {
    /// Bedrock has read it.
    Indexed,
    /// Bedrock has not read it yet.
    Waiting,
    /// Bedrock could not read it.
    Failed(String),
    /// Whether Bedrock could read it is not known, and why.
    Unknown(String),
}

/// Why a document was not added or removed.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum DocumentsError {
    /// It cannot be read, so nothing was stored.
    #[error("{0}")]
    Unreadable(#[from] DocumentError),
    /// A name that means something else.
    #[error("{0}")]
    Name(&'static str),
    /// What comes with Patchline stays.
    #[error("this comes with Patchline and would be there again after the next start")]
    Shipped,
    /// What it costs to make it searchable is more than there is left to spend.
    #[error(transparent)]
    Model(#[from] ModelError),
    /// The stores said no.
    #[error(transparent)]
    Catalog(#[from] CatalogError),
}

/// What was learnt by reading a document.
struct Read {
    title: Option<String>,
    format: Format,
    pages: Option<u32>,
    pages_without_text: u32,
    passages: u32,
    /// How long its text is.
    text_bytes: usize,
}

/// Reads a document and adds it. Nothing is stored of one that cannot be read, or whose embeddings the purse
/// cannot pay.
///
/// # Errors
/// Why it cannot be read, or what AWS says; also when the purse has not enough left.
pub async fn add(
    catalog: &Arc<Catalog>,
    base: &str,
    new: NewDocument,
    purse: &Purse,
) -> Result<Added, DocumentsError> {
    let key = key_of(&new.name)?;
    let source = base::data_source(catalog, base).await?;
    if !new.overwrite {
        refuse_existing(catalog, &source.bucket, &key, &new.change).await?;
    }
    let content = new.content.clone();
    let read = tokio::task::spawn_blocking(move || read(&content))
        .await
        .map_err(|stopped| DocumentError::Broken { reason: format!("reading it stopped: {stopped}") })??;
    let embedding = purse.begin_embedding(read.text_bytes, Timestamp::now()).await?;
    let title = new.title.or(read.title).unwrap_or_else(|| new.name.to_string());
    let format = media_type(read.format);
    let mut metadata = BTreeMap::from([
        ("passages".to_owned(), read.passages.to_string()),
        ("title".to_owned(), ascii(&title)),
        ("added-by".to_owned(), ascii(&new.added_by)),
    ]);
    if read.pages_without_text > 0 {
        metadata.insert("pages-without-text".to_owned(), read.pages_without_text.to_string());
    }
    metadata.extend(read.pages.map(|pages| ("pages".to_owned(), pages.to_string())));
    let object = NewObject {
        bucket: source.bucket.clone(),
        key: key.clone(),
        content_type: format.to_owned(),
        metadata,
        overwrite: new.overwrite,
        change: new.change.clone(),
    };
    // The document first: only one of two people who add the same name gets further.
    let stored = match catalog.store_object(&object, new.content).await {
        Ok(stored) => stored,
        Err(error) => {
            embedding.give_back().await;
            return Err(error.into());
        }
    };
    if let Err(error) = store_attributes(catalog, &source.bucket, &key, &title, new.change).await {
        if new.overwrite {
            // The new content is there, so it is to be found, whatever its title.
            ingest(catalog, base, &source).await;
        } else {
            catalog.delete_object(&source.bucket, key.as_str()).await?;
        }
        return Err(error);
    }
    let ingestion = ingest(catalog, base, &source).await;
    // Bedrock makes them now, or with the next document that is added.
    embedding.settle().await;
    Ok(Added {
        key: stored.key,
        title,
        format,
        bytes: stored.bytes,
        pages: read.pages,
        pages_without_text: read.pages_without_text,
        passages: read.passages,
        ingestion,
    })
}

fn read(content: &[u8]) -> Result<Read, DocumentError> {
    let document = document::read(content)?;
    let count = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
    let has_pages = document.pages.iter().any(|page| page.number.is_some());
    Ok(Read {
        passages: count(document::split(&document).len()),
        pages: has_pages.then(|| count(document.pages.len())),
        pages_without_text: count(document.pages.iter().filter(|page| page.text.is_empty()).count()),
        text_bytes: document.pages.iter().map(|page| page.text.len()).sum(),
        title: document.title,
        format: document.format,
    })
}

/// The attributes by which the document is told from entries, and named.
async fn store_attributes(
    catalog: &Catalog,
    bucket: &str,
    key: &ObjectKey,
    title: &str,
    change: String,
) -> Result<(), DocumentsError> {
    let attributes = json!({ "metadataAttributes": { KIND: DOCUMENT, "title": title } });
    let name = format!("{key}{METADATA_ENDING}");
    let object = NewObject {
        bucket: bucket.to_owned(),
        key: name.parse().map_err(|_| DocumentsError::Name("the name is too long"))?,
        content_type: "application/json".to_owned(),
        metadata: BTreeMap::new(),
        overwrite: true,
        change,
    };
    catalog.store_object(&object, attributes.to_string().into()).await?;
    Ok(())
}

/// Says early that there is such a document, unless it is of this very change, which is made once more.
async fn refuse_existing(
    catalog: &Catalog,
    bucket: &str,
    key: &ObjectKey,
    change: &str,
) -> Result<(), CatalogError> {
    match catalog.object_info(bucket, key).await {
        Ok(found) if found.is_of(change) => Ok(()),
        Ok(_) => {
            Err(CatalogError::Conflict { what: "document of this name", id: key.to_string(), current: None })
        }
        Err(CatalogError::NotFound { .. }) => Ok(()),
        Err(error) => Err(error),
    }
}

/// All documents but entries, in the order of their keys, without their details; and where they lie.
///
/// # Errors
/// What AWS says.
pub async fn keys(catalog: &Catalog, base: &str) -> Result<(DataSource, Vec<ListedObject>), CatalogError> {
    const PAGE: u32 = 1000;
    let source = base::data_source(catalog, base).await?;
    let (mut documents, mut token) = (Vec::new(), None);
    loop {
        let (objects, next) = catalog.list_objects(&source.bucket, "", PAGE, token).await?;
        documents.extend(objects.into_iter().filter(|object| is_document(&object.key)));
        match next.filter(|_| documents.len() < MOST_LISTED) {
            Some(next) => token = Some(next),
            None => return Ok((source, documents)),
        }
    }
}

/// Whether a file is a document that is searched, and neither an entry nor what belongs to another file.
pub(super) fn is_document(key: &str) -> bool {
    !key.ends_with(METADATA_ENDING) && key != SYNONYMS.name && !key.starts_with("entries/")
}

/// The details and states of some documents.
///
/// # Errors
/// What AWS says.
pub async fn describe(
    catalog: &Catalog,
    base: &str,
    source: &DataSource,
    documents: Vec<ListedObject>,
) -> Result<Vec<Listed>, CatalogError> {
    let ingestions = base::ingestions(catalog, base, source, 5).await?;
    let mut described = Vec::with_capacity(documents.len());
    for document in documents {
        let info = match document.key.parse::<ObjectKey>() {
            Ok(key) => match catalog.object_info(&source.bucket, &key).await {
                Ok(info) => Some(info),
                // Removed since it was listed.
                Err(CatalogError::NotFound { .. }) => None,
                Err(error) => return Err(error),
            },
            Err(_) => None,
        };
        let sample = info.as_ref().is_some_and(ObjectInfo::is_sample);
        let metadata = info.map(|info| info.metadata).unwrap_or_default();
        let number = |name: &str| metadata.get(name)?.parse().ok();
        let uri = format!("s3://{}/{}", source.bucket, document.key);
        described.push(Listed {
            state: state(&ingestions, &uri, document.last_modified.as_deref()),
            is_shipped: OURS.iter().any(|folder| document.key.starts_with(folder)),
            sample,
            title: metadata.get("title").cloned(),
            added_by: metadata.get("added-by").cloned(),
            pages: number("pages"),
            pages_without_text: number("pages-without-text"),
            passages: number("passages"),
            bytes: document.bytes,
            last_modified: document.last_modified,
            key: document.key,
        });
    }
    Ok(described)
}

/// What the newest ingestions say of a document.
fn state(ingestions: &[Ingestion], uri: &str, last_modified: Option<&str>) -> State {
    let newest = ingestions.iter().find(|ingestion| ingestion.has_ended());
    if let Some(reason) = newest.and_then(|newest| newest.reason_for(uri)) {
        let plain = reason.strip_prefix(uri).map_or(reason, |rest| rest.trim_start_matches([':', ' ']));
        return State::Failed(plain.to_owned());
    }
    let stored: Option<Timestamp> = last_modified.and_then(|time| time.parse().ok());
    // S3 tells times in whole seconds.
    let second = |time: Timestamp| time.as_second();
    let is_read = ingestions.iter().any(|ingestion| {
        ingestion.state == IngestionState::Complete
            && ingestion.began.zip(stored).is_some_and(|(began, stored)| second(began) >= second(stored))
    });
    match newest.map_or(0, Ingestion::unnamed_failures) {
        _ if !is_read => State::Waiting,
        0 => State::Indexed,
        unnamed => State::Unknown(format!(
            "Bedrock could not read {unnamed} documents without saying which; this may be one of them. \
             Look at the ingestion in the Bedrock console."
        )),
    }
}

/// Removes a document with its attributes.
///
/// # Errors
/// When it is not there, comes with Patchline, or AWS says no.
pub async fn remove(catalog: &Arc<Catalog>, base: &str, key: &ObjectKey) -> Result<Started, DocumentsError> {
    let source = base::data_source(catalog, base).await?;
    if OURS.iter().any(|folder| key.as_str().starts_with(folder)) || key.as_str() == SYNONYMS.name {
        return Err(DocumentsError::Shipped);
    }
    if key.as_str().ends_with(METADATA_ENDING) {
        return Err(DocumentsError::Name(
            "this holds the attributes of a document; remove the document itself",
        ));
    }
    let attributes = format!("{key}{METADATA_ENDING}");
    if let Err(missing) = catalog.object_info(&source.bucket, key).await {
        // A removal that broke off may have left the attributes behind, which then go, too.
        let name = attributes.parse().map_err(|_| DocumentsError::Name("the name is too long"))?;
        if !matches!(missing, CatalogError::NotFound { .. })
            || catalog.object_info(&source.bucket, &name).await.is_err()
        {
            return Err(missing.into());
        }
    }
    // The attributes first: while the document is there, a removal that broke off can be tried again.
    catalog.delete_object(&source.bucket, &attributes).await?;
    let removed = catalog.delete_object(&source.bucket, key.as_str()).await;
    let started = ingest(catalog, base, &source).await;
    removed?;
    Ok(started)
}

/// The key of a document that is added.
fn key_of(name: &ObjectKey) -> Result<ObjectKey, DocumentsError> {
    if name.as_str().ends_with(METADATA_ENDING) {
        return Err(DocumentsError::Name("names that end with .metadata.json are Bedrock's own"));
    }
    let inside = name.as_str().strip_prefix(FOLDER).unwrap_or(name.as_str());
    format!("{FOLDER}{inside}").parse().map_err(|_| DocumentsError::Name("the name is too long"))
}

/// The media type of a format.
fn media_type(format: Format) -> &'static str {
    match format {
        Format::PlainText => "text/plain; charset=utf-8",
        Format::Markdown => "text/markdown; charset=utf-8",
        Format::Pdf => "application/pdf",
        Format::Docx => "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    }
}

/// User metadata of S3 is ASCII.
fn ascii(text: &str) -> String {
    text.chars().map(|c| if c.is_ascii_graphic() || c == ' ' { c } else { '?' }).take(500).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ingestion(state: IngestionState, began: &str, reasons: &[&str]) -> Ingestion {
        Ingestion {
            state,
            began: Some(began.parse().expect("a time")),
            scanned: 9,
            failed: reasons.len() as u64,
            reasons: reasons.iter().map(|reason| (*reason).to_owned()).collect(),
        }
    }

    #[test]
    fn a_document_is_indexed_once_it_was_read_after_it_was_stored() {
        let stored = Some("2026-11-24T10:00:00Z");
        let read = |began| state(&[ingestion(IngestionState::Complete, began, &[])], "s3://b/a.pdf", stored);
        assert_eq!(read("2026-11-24T10:00:00.5Z"), State::Indexed);
        assert_eq!(read("2026-11-24T09:59:59Z"), State::Waiting);
        let running = [ingestion(IngestionState::Running, "2026-11-24T10:00:01Z", &[])];
        assert_eq!(state(&running, "s3://b/a.pdf", stored), State::Waiting);
        assert_eq!(state(&[], "s3://b/a.pdf", stored), State::Waiting);
    }

    #[test]
    fn a_document_that_failed_says_why() {
        let reasons = ["s3://b/a.pdf: the file is damaged"];
        let newest = [ingestion(IngestionState::Complete, "2026-11-24T10:00:00Z", &reasons)];
        assert_eq!(state(&newest, "s3://b/a.pdf", None), State::Failed("the file is damaged".to_owned()));
        let stored = Some("2026-11-24T10:00:00Z");
        assert_eq!(state(&newest, "s3://b/a.pd", stored), State::Indexed, "another one, read as well");
        let newer = ingestion(IngestionState::Running, "2026-11-24T10:01:00Z", &[]);
        let all = [newer, newest[0].clone()];
        let failed = state(&all, "s3://b/a.pdf", stored);
        assert!(matches!(failed, State::Failed(_)), "a reading under way says nothing yet: {failed:?}");
    }

    #[test]
    fn where_bedrock_does_not_name_what_failed_it_is_not_known() {
        let mut newest =
            ingestion(IngestionState::Complete, "2026-11-24T10:00:00Z", &["s3://b/a.pdf: damaged"]);
        newest.failed = 3;
        let other = state(&[newest], "s3://b/c.pdf", Some("2026-11-24T09:00:00Z"));
        assert!(matches!(&other, State::Unknown(why) if why.contains("2 documents")), "{other:?}");
    }

    #[test]
    fn documents_lie_in_their_folder() {
        let key = |name: &str| key_of(&name.parse().expect("a key")).map(|key| key.to_string());
        assert_eq!(key("a.pdf").as_deref(), Ok("documents/a.pdf"));
        assert_eq!(key("documents/a.pdf").as_deref(), Ok("documents/a.pdf"));
        assert!(key("a.pdf.metadata.json").is_err());
    }
}
