//! Links from a result to what it names: files, artists, releases. Large contents stay where they are
//! until somebody reads them.

use crate::web::mcp::handler::Handler;
use crate::web::mcp::resources::Address;
use rmcp::model::Resource;
use serde_json::Value;

/// The most links of a result.
const MOST: usize = 20;

/// The things that a result names.
pub(super) fn of(handler: &Handler, result: &Value) -> Vec<Resource> {
    let bucket = result["bucketName"].as_str();
    let mut links = Vec::new();
    links.extend(bucket.and_then(|bucket| file(handler, bucket, result)));
    let listed = result["files"].as_array().into_iter().flatten();
    links.extend(listed.filter_map(|file_of_list| file(handler, bucket?, file_of_list)));
    let rows = result["rows"].as_array().into_iter().flatten();
    links.extend(rows.filter_map(|row| record(handler, row)));
    links.truncate(MOST);
    links
}

fn file(handler: &Handler, bucket: &str, described: &Value) -> Option<Resource> {
    let name = described["fileName"].as_str()?;
    // The address of a resource names no version: it would lead to the newest.
    if described["url"].as_str().is_some_and(|url| url.contains("?versionId=")) {
        return None;
    }
    let address = Address::file(bucket, name);
    address.is_offered_by(handler).then(|| {
        let mut link = Resource::new(address.to_string(), name);
        link.mime_type = described["contentType"].as_str().map(str::to_owned);
        link.size = described["sizeBytes"].as_u64();
        link
    })
}

fn record(handler: &Handler, row: &Value) -> Option<Resource> {
    let text = |field: &str| row[field].as_str();
    let (address, name) = match (text("releaseId"), text("artistId"), text("name")) {
        (Some(release), _, _) => (Address::Release(release.to_owned()), text("title").unwrap_or(release)),
        // Figures name artists, too, but are none.
        (None, Some(artist), Some(name)) => (Address::Artist(artist.to_owned()), name),
        _ => return None,
    };
    let link = || Resource::new(address.to_string(), name).with_mime_type("application/json");
    address.is_offered_by(handler).then(link)
}
