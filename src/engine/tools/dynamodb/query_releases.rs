//! `query_release_data`: one release by id, the releases of an artist, or all of them page by page.

use super::rows::{self, MAX_ROWS, Rows};
use crate::engine::catalog::{Catalog, Cursor};
use crate::engine::config::TableRole;
use crate::engine::tools::{Class, Context, Effect, Operation, Server, Subject, Tool, ToolError, choices};
use crate::model::identifier::{ArtistId, ReleaseId};
use crate::model::tool::AwsResource;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

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

/// Reads releases.
pub struct QueryReleaseData;

impl Operation for QueryReleaseData {
    const NAME: &'static str = "query_release_data";
    const EFFECT: Effect = Effect::Reads;
    const CLASS: Class = Class::Call;
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
        Subject::artist(input.artist_id.as_deref())
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
        let question = format!("releases of {table} by {artist:?}");
        let start = input.cursor.map(|text| Cursor::decode(&text, &question)).transpose()?;
        let page = catalog.release_page(table, artist.as_ref(), input.limit, start).await?;
        Rows::from_page(table, page, &input.attributes, &question)
    }
}

impl Tool for QueryReleaseData {
    const SERVER: Server = Server::DynamoDb;
    const TITLE: &'static str = "Query releases";
    const DESCRIPTION: &'static str = "Reads one release by id, the releases of an artist, or all releases \
        page by page. A release's version is needed to update it.";

    fn complete_schema(schema: &mut Value, catalog: &Catalog) {
        choices::offer_tables(schema, TableRole::Releases, catalog);
    }
}
