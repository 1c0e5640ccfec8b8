//! Opens what a result names: an entry, or a page of a document as it lies in the bucket.

use super::base;
use super::documents::{DocumentsError, is_document};
use super::entry::Entry;
use super::passage::Passage;
use super::sheet::METADATA_ENDING;
use crate::document::{self, Document, DocumentError};
use crate::engine::catalog::{Catalog, CatalogError, ObjectKey};
use bytes::Bytes;
use serde_json::Value;

/// Where entries lie.
const ENTRIES: &str = "entries/";

/// A source, opened.
#[derive(Debug, Clone, PartialEq)]
pub enum Opened {
    /// A fact.
    Entry(Box<Entry>),
    /// A page of a document.
    Page(OpenedPage),
}

/// A page of a document; all of it in formats that have no pages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenedPage {
    /// The title of the document.
    pub title: String,
    /// The number of the page, in formats that have pages.
    pub number: Option<u32>,
    /// How many pages there are, in formats that have pages.
    pub pages: Option<u32>,
    /// The headings that the passage stands under that is looked for, the highest first.
    pub headings: Vec<String>,
    /// Its text.
    pub text: String,
}

/// A place in a document.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Spot {
    /// The page; the first unless given.
    pub page: Option<u32>,
    /// Where on the page the passage begins that is looked for, in characters.
    pub at: Option<u32>,
}

/// Opens the entry or document of this key, at a place.
///
/// # Errors
/// `NotFound` when there is no such entry, document or page; why the document cannot be read; what AWS says.
pub async fn open(
    catalog: &Catalog,
    base: &str,
    key: &ObjectKey,
    spot: Spot,
) -> Result<Opened, DocumentsError> {
    let bucket = base::data_source(catalog, base).await?.bucket;
    if key.as_str().starts_with(ENTRIES) {
        return Ok(Opened::Entry(Box::new(entry(catalog, &bucket, key).await?)));
    }
    if !is_document(key.as_str()) {
        return Err(missing("document", key.as_str()).into());
    }
    let info = catalog.object_info(&bucket, key).await?;
    document::check_size(info.bytes)?;
    let content = content(catalog, &bucket, key).await?;
    let document = tokio::task::spawn_blocking(move || document::read(&content))
        .await
        .map_err(|stopped| DocumentError::Broken { reason: format!("reading it stopped: {stopped}") })??;
    let title = info.metadata.get("title").cloned().or_else(|| document.title.clone());
    let title = title.unwrap_or_else(|| key.to_string());
    let found = page_of(document, spot).ok_or_else(|| missing("page of the document", key.as_str()))?;
    Ok(Opened::Page(OpenedPage { title, ..found }))
}

/// The names of entries in their order, from where a token says, and where the list goes on.
///
/// # Errors
/// What AWS says.
pub async fn entries(
    catalog: &Catalog,
    base: &str,
    most: u32,
    token: Option<String>,
) -> Result<(Vec<String>, Option<String>), CatalogError> {
    let bucket = base::data_source(catalog, base).await?.bucket;
    let (objects, next) = catalog.list_objects(&bucket, ENTRIES, most, token).await?;
    let names = objects.into_iter().map(|object| object.key);
    Ok((names.filter(|name| !name.ends_with(METADATA_ENDING)).collect(), next))
}

async fn entry(catalog: &Catalog, bucket: &str, key: &ObjectKey) -> Result<Entry, CatalogError> {
    let missing = || missing("entry", key.as_str());
    let sheet: ObjectKey = format!("{key}{METADATA_ENDING}").parse().map_err(|_| missing())?;
    let sheet = content(catalog, bucket, &sheet).await.map_err(|error| match error {
        CatalogError::NotFound { .. } => missing(),
        other => other,
    })?;
    let mut sheet: Value = serde_json::from_slice(&sheet).map_err(|error| CatalogError::Unreadable {
        what: "entry",
        id: key.to_string(),
        detail: error.to_string(),
    })?;
    let attributes = match sheet.get_mut("metadataAttributes").map(Value::take) {
        Some(Value::Object(attributes)) => attributes.into_iter().collect(),
        _ => return Err(missing()),
    };
    let passage = Passage { text: String::new(), score: 0.0, uri: String::new(), attributes };
    passage.entry().ok_or_else(missing)
}

async fn content(catalog: &Catalog, bucket: &str, key: &ObjectKey) -> Result<Bytes, CatalogError> {
    let opened = catalog.open_object(bucket, key, None, None).await?;
    let content = opened.body.collect().await.map_err(|error| CatalogError::Unreadable {
        what: "file",
        id: key.to_string(),
        detail: error.to_string(),
    })?;
    Ok(content.into_bytes())
}

/// A page without its title; the first where none is asked for.
fn page_of(document: Document, asked: Spot) -> Option<OpenedPage> {
    let has_pages = document.pages.iter().any(|page| page.number.is_some());
    let pages = has_pages.then(|| u32::try_from(document.pages.len()).unwrap_or(u32::MAX));
    let fits = |number: Option<u32>| asked.page.is_none() || !has_pages || number == asked.page;
    let page = document.pages.iter().find(|page| fits(page.number))?;
    let headings = asked.at.map(|at| headings_at(&document, page.number, at)).unwrap_or_default();
    Some(OpenedPage { title: String::new(), number: page.number, pages, headings, text: page.text.clone() })
}

/// The headings of the passage at a place, as the search knows them.
fn headings_at(document: &Document, page: Option<u32>, at: u32) -> Vec<String> {
    let here =
        |passage: &document::Passage| passage.page == page && (passage.start..passage.end).contains(&at);
    document::split(document).into_iter().find(here).map(|passage| passage.headings).unwrap_or_default()
}

fn missing(what: &'static str, key: &str) -> CatalogError {
    CatalogError::NotFound { what, id: key.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::{Block, BlockKind, Format, Page};

    fn document(numbers: &[Option<u32>]) -> Document {
        let page = |number: &Option<u32>| Page {
            number: *number,
            text: "Term\n\nThree years.".to_owned(),
            blocks: vec![
                Block { kind: BlockKind::Heading { level: 1 }, range: 0..4 },
                Block { kind: BlockKind::Paragraph, range: 6..18 },
            ],
        };
        Document { format: Format::Pdf, title: None, pages: numbers.iter().map(page).collect() }
    }

    fn page(page: u32) -> Spot {
        Spot { page: Some(page), at: None }
    }

    #[test]
    fn the_asked_page_is_opened_and_the_first_where_none_is_asked_for() {
        let paged = || document(&[Some(1), Some(2)]);
        let second = page_of(paged(), page(2)).expect("a page");
        assert_eq!((second.number, second.pages), (Some(2), Some(2)));
        assert_eq!(page_of(paged(), Spot::default()).expect("a page").number, Some(1));
        assert_eq!(page_of(paged(), page(3)), None);
    }

    #[test]
    fn a_document_without_pages_is_opened_as_a_whole() {
        let whole = page_of(document(&[None]), page(4)).expect("a page");
        assert_eq!((whole.number, whole.pages), (None, None));
    }

    #[test]
    fn a_passage_that_is_looked_for_comes_with_its_headings() {
        let spot = Spot { page: Some(2), at: Some(0) };
        let opened = page_of(document(&[Some(1), Some(2)]), spot).expect("a page");
        assert_eq!(opened.headings, ["Term"]);
        let beyond = Spot { at: Some(900), ..spot };
        assert!(page_of(document(&[Some(1), Some(2)]), beyond).expect("a page").headings.is_empty());
    }
}
