//! `query_release_data`: one release by id, the releases of an artist, or all of them page by page.

use super::rows::{self, MAX_ROWS, Rows};
use crate::engine::catalog::{Catalog, CatalogError, Cursor, ItemPage};
use crate::engine::config::TableRole;
use crate::engine::tools::{
    Class, Content, Context, Effect, Operation, Server, Subject, Tool, ToolError, choices,
};
use crate::model::identifier::{ArtistId, ReleaseId};
use crate::model::tool::AwsResource;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::BTreeSet;

/// The key attributes by which the releases of an artist are in order.
const KEY: [&str; 3] = ["artistId", "releaseDate", "releaseId"];

/// Which releases.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct QueryReleasesInput {
    /// The table.
    #[schemars(title = "Table")]
    pub table_name: Option<String>,
    /// The release's id.
    #[schemars(title = "Release", length(min = 1, max = 64))]
    pub release_id: Option<String>,
    /// Only releases of this artist, newest first. Not together with a release's id.
    #[schemars(title = "Artist", length(min = 1, max = 64))]
    pub artist_id: Option<String>,
    /// Only these attributes, for instance `title` and `releaseDate`. Without them, all.
    #[schemars(title = "Attributes", length(max = 50))]
    #[serde(default)]
    pub attributes: Vec<String>,
    /// How many rows at most.
    #[schemars(title = "Rows on a page", range(min = 1, max = MAX_ROWS))]
    #[serde(default = "rows::usual_rows")]
    pub limit: u32,
    /// Where the page begins: `nextCursor` of the page before.
    #[schemars(title = "Cursor")]
    pub cursor: Option<String>,
}

impl QueryReleasesInput {
    /// One release, by id.
    pub fn of(id: &str) -> Self {
        Self {
            table_name: None,
            release_id: Some(id.to_owned()),
            artist_id: None,
            attributes: Vec::new(),
            limit: 1,
            cursor: None,
        }
    }
}

/// Reads releases.
pub struct QueryReleaseData;

impl Operation for QueryReleaseData {
    const NAME: &'static str = "query_release_data";
    const EFFECT: Effect = Effect::Reads;
    const CLASS: Class = Class::Call;
    const SCOPED: bool = true;
    type Input = QueryReleasesInput;
    type Output = Rows;

    fn resources(input: &QueryReleasesInput, catalog: &Catalog) -> Result<Vec<AwsResource>, ToolError> {
        let table = choices::table(input.table_name.as_deref(), TableRole::Releases, catalog)?;
        let action = match (&input.release_id, &input.artist_id) {
            (Some(_), _) => "GetItem",
            (None, Some(_)) => "Query",
            (None, None) => "Scan",
        };
        Ok(vec![choices::dynamodb(action, table)])
    }

    fn subject(input: &QueryReleasesInput) -> Subject {
        Subject {
            artists: input.artist_id.clone().map(|id| vec![id]),
            ..Subject::release(input.table_name.as_deref(), input.release_id.as_deref())
        }
    }

    async fn run(input: QueryReleasesInput, context: Context) -> Result<Rows, ToolError> {
        let catalog = &context.catalog;
        let table = choices::table(input.table_name.as_deref(), TableRole::Releases, catalog)?;
        if input.release_id.is_some() && input.artist_id.is_some() {
            return Err(ToolError::field("artistId", "give the release's id or the artist's, not both"));
        }
        if let Some(id) = &input.release_id {
            let id: ReleaseId = rows::id("releaseId", id)?;
            let page = catalog.stored_release(table, &id).await?;
            return Rows::from_page(table, page, &input.attributes, "");
        }
        let artist = input.artist_id.as_deref().map(|id| rows::id::<ArtistId>("artistId", id)).transpose()?;
        let question = format!("releases of {table} by {artist:?}{}", context.scope.of_cursor());
        let start = input.cursor.map(|text| Cursor::decode(&text, &question)).transpose()?;
        let page = match context.scope.artists().filter(|_| artist.is_none()) {
            Some(own) => own_page(catalog, table, own, input.limit, start).await?,
            None => catalog.release_page(table, artist.as_ref(), input.limit, start).await?,
        };
        Rows::from_page(table, page, &input.attributes, &question)
    }
}

/// A page of the releases of some artists: artist after artist, the newest of each first.
async fn own_page(
    catalog: &Catalog,
    table: &str,
    own: &BTreeSet<ArtistId>,
    limit: u32,
    mut start: Option<Cursor>,
) -> Result<ItemPage, CatalogError> {
    let first = start.as_ref().and_then(|cursor| cursor.text(KEY[0]));
    let left: Vec<_> = own.iter().filter(|id| first.is_none_or(|first| id.as_str() >= first)).collect();
    let mut left = left.into_iter();
    let mut page = ItemPage::empty();
    let mut room = limit;
    while let Some(artist) = left.next() {
        // The cursor of a page belongs to the artist with whom the page ended.
        let within = start.take().filter(|cursor| cursor.text(KEY[0]) == Some(artist.as_str()));
        let found = catalog.release_page(table, Some(artist), room, within).await?;
        room = room.saturating_sub(u32::try_from(found.items.len()).unwrap_or(u32::MAX));
        page.scanned += found.scanned;
        page.items.extend(found.items);
        if found.next.is_some() {
            page.next = found.next;
            break;
        }
        if room == 0 {
            if left.next().is_some() {
                page.next = page.items.last().map(|row| Cursor::after_row(row, &KEY));
            }
            break;
        }
    }
    Ok(page)
}

impl Tool for QueryReleaseData {
    const SERVER: Server = Server::DynamoDb;
    const CONTENT: Content = Content::Untrusted;
    const TITLE: &'static str = "Query releases";
    const DESCRIPTION: &'static str = "Reads one release by id, the releases of an artist, or all releases \
        page by page. A release's version is needed to update it.";

    fn complete_schema(schema: &mut Value, catalog: &Catalog) {
        choices::offer_tables(schema, TableRole::Releases, catalog);
    }
}
