//! Puts the shipped knowledge into the bucket of the embedded knowledge base: what is new or changed,
//! and nothing else.

use super::entry::Entry;
use super::sheet::{self, METADATA_ENDING};
use super::shipped::{self, OUTLINES, SYNONYMS};
use crate::engine::catalog::{Catalog, CatalogError};
use bytes::Bytes;
use futures::{StreamExt, TryStreamExt, stream};
use md5::{Digest, Md5};
use serde_json::json;
use std::collections::HashMap;

/// Requests to the store that run side by side.
const SIDE_BY_SIDE: usize = 8;

/// Where shipped documents lie; whatever else lies there is from a former version.
pub(super) const OURS: [&str; 2] = ["entries/", "contracts/"];

/// A shipped file: its key, media type and content.
struct Shelf {
    key: String,
    content_type: &'static str,
    bytes: Bytes,
}

const MARKDOWN: &str = "text/markdown; charset=utf-8";
const JSON: &str = "application/json";
const TOML: &str = "application/toml";

/// Writes what is new or changed, and removes what is no longer shipped. Answers with how many files
/// were written or removed.
///
/// # Errors
/// What the store says; `Unreadable` when a shipped file breaks a rule.
pub(super) async fn load(catalog: &Catalog, bucket: &str) -> Result<usize, CatalogError> {
    let broken = |error: shipped::ShippedError| CatalogError::Unreadable {
        what: "shipped knowledge",
        id: error.file.clone(),
        detail: error.to_string(),
    };
    let wanted = shelf(shipped::entries().map_err(broken)?);
    let mut there = listed(catalog, bucket).await?;
    let mut changed = Vec::new();
    for file in wanted {
        let same = there.remove(&file.key).is_some_and(|etag| etag == etag_of(&file.bytes));
        if !same {
            changed.push(file);
        }
    }
    let gone: Vec<String> =
        there.into_keys().filter(|key| OURS.iter().any(|folder| key.starts_with(folder))).collect();
    let count = changed.len() + gone.len();
    stream::iter(changed)
        .map(|file| async move {
            catalog.replace_object(bucket, &file.key, file.content_type, file.bytes).await
        })
        .buffer_unordered(SIDE_BY_SIDE)
        .try_collect::<()>()
        .await?;
    for key in gone {
        catalog.delete_object(bucket, &key).await?;
    }
    Ok(count)
}

/// Everything that is shipped, as files.
fn shelf(entries: &[Entry]) -> Vec<Shelf> {
    let file = |key: String, content_type, text: String| Shelf { key, content_type, bytes: text.into() };
    let mut files = Vec::with_capacity(entries.len() * 2 + OUTLINES.len() * 2 + 1);
    files.push(file(SYNONYMS.name.to_owned(), TOML, SYNONYMS.text.to_owned()));
    for entry in entries {
        let key = sheet::key(entry);
        files.push(file(format!("{key}{METADATA_ENDING}"), JSON, sheet::metadata(entry).to_string()));
        files.push(file(key, MARKDOWN, sheet::markdown(entry)));
    }
    for outline in OUTLINES {
        let title = outline.text.lines().next().unwrap_or_default().trim_start_matches("# ");
        let attributes =
            json!({ "metadataAttributes": { "kind": "outline", "title": title, "topic": "contracts" } });
        files.push(file(format!("{}{METADATA_ENDING}", outline.name), JSON, attributes.to_string()));
        files.push(file(outline.name.to_owned(), MARKDOWN, outline.text.to_owned()));
    }
    files
}

/// The keys of the bucket with their `ETag`s.
async fn listed(catalog: &Catalog, bucket: &str) -> Result<HashMap<String, String>, CatalogError> {
    const PAGE: u32 = 1000;
    let (mut there, mut token) = (HashMap::new(), None);
    loop {
        let (objects, next) = catalog.list_objects(bucket, "", PAGE, token).await?;
        there.extend(objects.into_iter().map(|object| (object.key, object.etag)));
        match next {
            Some(next) => token = Some(next),
            None => return Ok(there),
        }
    }
}

/// The `ETag` that S3 gives a file that is stored in one piece: its MD5 in quotes.
fn etag_of(bytes: &[u8]) -> String {
    format!("\"{}\"", hex::encode(Md5::digest(bytes)))
}
