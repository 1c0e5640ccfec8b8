//! Resources of the suite.

use crate::contents::PICTURE;
use rmcp::model::{ReadResourceResult, Resource, ResourceContents, ResourceTemplate};

/// A resource that clients subscribe to.
pub(crate) const WATCHED: &str = "test://watched-resource";

/// The resources as they are listed.
pub(crate) fn list() -> Vec<Resource> {
    [("test://static-text", "text/plain"), ("test://static-binary", "image/png"), (WATCHED, "text/plain")]
        .into_iter()
        .map(|(uri, media_type)| {
            let resource = Resource::new(uri, uri).with_mime_type(media_type);
            resource.with_description("A resource of the conformance suite.")
        })
        .collect()
}

/// The pattern of further resources.
pub(crate) fn template() -> ResourceTemplate {
    ResourceTemplate::new("test://template/{id}/data", "test_template")
        .with_description("A template of the conformance suite.")
        .with_mime_type("application/json")
}

/// What is at an address; none if it is not one of these.
pub(crate) fn read(uri: &str) -> Option<ReadResourceResult> {
    let contents = match uri {
        "test://static-text" => {
            ResourceContents::text("This is the content of the static text resource.", uri)
        }
        "test://static-binary" => ResourceContents::blob(PICTURE, uri).with_mime_type("image/png"),
        WATCHED => ResourceContents::text("Watched.", uri),
        _ => {
            let id = uri.strip_prefix("test://template/")?.strip_suffix("/data")?;
            let text = format!(r#"{{"id":"{id}","templateTest":true,"data":"Data for ID: {id}"}}"#);
            ResourceContents::text(text, uri).with_mime_type("application/json")
        }
    };
    Some(ReadResourceResult::new(vec![contents]))
}
