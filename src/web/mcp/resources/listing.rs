//! The list of resources: artists, releases, files, knowledge, page after page.

use super::address::{Address, is_offered};
use super::reading::refused;
use crate::engine::tools::bedrock::ListKnowledgeDocuments;
use crate::engine::tools::dynamodb::{QueryArtistData, QueryReleaseData};
use crate::engine::tools::views::{
    ListFiles, ListFilesInput, ListKnowledgeEntries, ListKnowledgeEntriesInput,
};
use crate::engine::tools::{Operation, Server};
use crate::web::mcp::asked::Asked;
use crate::web::mcp::cursor;
use crate::web::mcp::handler::Handler;
use rmcp::ErrorData;
use rmcp::model::{Annotations, CacheScope, ListResourcesResult, Resource};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// Things on a page.
const PAGE: u32 = 100;

/// How long a client may keep a page: others change things, too.
const KEPT_MILLIS: u64 = 5_000;

/// Where a page begins: in which part of the list, and where there.
#[derive(Default, Serialize, Deserialize)]
struct Place {
    part: usize,
    inner: Option<String>,
}

/// A part of the list.
#[derive(Clone)]
enum Part {
    Artists,
    Releases,
    Files(String),
    Documents,
    Entries,
}

/// A page of one part, and where that part goes on.
type Page = (Vec<Resource>, Option<String>);

/// A page of things.
pub(in crate::web::mcp) async fn list(
    handler: &Handler,
    asked: &Asked,
    from: Option<&str>,
) -> Result<ListResourcesResult, ErrorData> {
    let parts = parts(handler, asked);
    let mut place: Place =
        from.map(|from| cursor::decode("resources", from)).transpose()?.unwrap_or_default();
    let mut found = Vec::new();
    let mut next = None;
    // An empty part is skipped, so that no page is empty but the last.
    while let Some(part) = parts.get(place.part) {
        let (resources, inner) = page(handler, asked, part.clone(), place.inner).await?;
        found = resources;
        place = match inner {
            Some(inner) => Place { part: place.part, inner: Some(inner) },
            None => Place { part: place.part + 1, inner: None },
        };
        next = (place.part < parts.len()).then(|| cursor::encode("resources", &place)).flatten();
        if !found.is_empty() {
            break;
        }
    }
    let mut result = ListResourcesResult::with_all_items(found)
        .with_ttl_ms(KEPT_MILLIS)
        .with_cache_scope(CacheScope::Private);
    result.next_cursor = next;
    Ok(result)
}

/// What the caller may list at all, so that one part that they may not does not take the others along.
fn parts(handler: &Handler, asked: &Asked) -> Vec<Part> {
    let may = |operation: &str| handler.engine().gateway.offers(&asked.caller.principal, operation);
    let mut parts = Vec::new();
    if is_offered(handler, Server::DynamoDb) {
        parts.extend(may(QueryArtistData::NAME).then_some(Part::Artists));
        parts.extend(may(QueryReleaseData::NAME).then_some(Part::Releases));
    }
    if is_offered(handler, Server::S3) && may(ListFiles::NAME) {
        parts.extend(handler.engine().config.buckets.all().map(|bucket| Part::Files(bucket.to_owned())));
    }
    if is_offered(handler, Server::Bedrock) {
        parts.extend(may(ListKnowledgeDocuments::NAME).then_some(Part::Documents));
        parts.extend(may(ListKnowledgeEntries::NAME).then_some(Part::Entries));
    }
    parts
}

async fn page(handler: &Handler, asked: &Asked, part: Part, from: Option<String>) -> Result<Page, ErrorData> {
    match part {
        Part::Artists => {
            let attributes = ["artistId", "name", "genre", "disambiguation"];
            let question = json!({ "limit": PAGE, "cursor": from, "attributes": attributes });
            let answer = tool(handler, asked, "query_artist_data", question).await?;
            Ok((rows(&answer["rows"], artist), text(&answer, "nextCursor")))
        }
        Part::Releases => {
            let attributes = ["releaseId", "title", "status", "releaseDate"];
            let question = json!({ "limit": PAGE, "cursor": from, "attributes": attributes });
            let answer = tool(handler, asked, "query_release_data", question).await?;
            Ok((rows(&answer["rows"], release), text(&answer, "nextCursor")))
        }
        Part::Documents => {
            let question = json!({ "maxResults": PAGE, "nextToken": from });
            let answer = tool(handler, asked, "list_knowledge_documents", question).await?;
            Ok((rows(&answer["documents"], document), text(&answer, "nextToken")))
        }
        Part::Files(bucket) => {
            let input = ListFilesInput {
                bucket_name: bucket.clone(),
                prefix: String::new(),
                most: PAGE,
                cursor: from,
            };
            let caller = &asked.caller;
            let answer =
                handler.engine().gateway.call::<ListFiles>(&caller.principal, &caller.origin, input).await;
            let listed = match answer {
                Ok(answer) => answer.output,
                // A bucket that is not for everybody does not take the others along.
                Err(error) if error.kind == crate::engine::gateway::CallErrorKind::Forbidden => {
                    return Ok((Vec::new(), None));
                }
                Err(error) => return Err(refused(&error)),
            };
            let files = listed.files.into_iter().map(|file| {
                let address = Address::file(&bucket, &file.file_name).to_string();
                let mut resource = Resource::new(address, file.file_name).with_size(file.size_bytes);
                let mut annotations = Annotations::default();
                annotations.last_modified = file.last_modified;
                resource.annotations = Some(annotations);
                resource
            });
            Ok((files.collect(), listed.next_cursor))
        }
        Part::Entries => {
            let input = ListKnowledgeEntriesInput { most: PAGE, cursor: from };
            let (gateway, caller) = (&handler.engine().gateway, &asked.caller);
            let answer = gateway.call::<ListKnowledgeEntries>(&caller.principal, &caller.origin, input).await;
            let listed = answer.map_err(|error| refused(&error))?.output;
            let entries = listed.names.into_iter().map(|name| {
                let address = Address::Knowledge(name.clone()).to_string();
                Resource::new(address, name).with_mime_type("text/markdown")
            });
            Ok((entries.collect(), listed.next_cursor))
        }
    }
}

/// The answer of a tool. Arguments that are none are left out.
async fn tool(handler: &Handler, asked: &Asked, name: &str, mut question: Value) -> Result<Value, ErrorData> {
    if let Some(fields) = question.as_object_mut() {
        fields.retain(|_, value| !value.is_null());
    }
    let (gateway, caller) = (&handler.engine().gateway, &asked.caller);
    let answer = gateway.call_tool(&caller.principal, &caller.origin, name, question).await;
    Ok(answer.map_err(|error| refused(&error))?.output)
}

fn rows(rows: &Value, read: fn(&Value) -> Option<Resource>) -> Vec<Resource> {
    rows.as_array().into_iter().flatten().filter_map(read).collect()
}

fn text(value: &Value, name: &str) -> Option<String> {
    value[name].as_str().map(str::to_owned)
}

fn artist(row: &Value) -> Option<Resource> {
    let (id, name) = (text(row, "artistId")?, text(row, "name")?);
    let told = text(row, "disambiguation").or_else(|| text(row, "genre")).unwrap_or_default();
    let address = Address::Artist(id.clone()).to_string();
    let resource = Resource::new(address, id).with_title(name).with_description(told);
    Some(resource.with_mime_type("application/json"))
}

fn release(row: &Value) -> Option<Resource> {
    let (id, title) = (text(row, "releaseId")?, text(row, "title")?);
    let told =
        [text(row, "status"), text(row, "releaseDate")].into_iter().flatten().collect::<Vec<_>>().join(", ");
    let address = Address::Release(id.clone()).to_string();
    let resource = Resource::new(address, id).with_title(title).with_description(told);
    Some(resource.with_mime_type("application/json"))
}

fn document(row: &Value) -> Option<Resource> {
    let name = text(row, "fileName")?;
    let mut resource =
        Resource::new(Address::Knowledge(name.clone()).to_string(), name).with_mime_type("text/plain");
    resource.title = text(row, "title");
    let mut annotations = Annotations::default();
    annotations.last_modified = text(row, "lastModified");
    resource.annotations = Some(annotations);
    Some(resource)
}
