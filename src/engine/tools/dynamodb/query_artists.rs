//! `query_artist_data`: one artist by id, or all of them page by page.

use super::rows::{self, MAX_ROWS, Rows};
use crate::engine::catalog::{Catalog, Cursor};
use crate::engine::config::TableRole;
use crate::engine::tools::{Class, Context, Effect, Operation, Server, Tool, ToolError, choices};
use crate::model::identifier::ArtistId;
use crate::model::tool::AwsResource;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// Which artists.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct QueryArtistsInput {
    /// The table.
    #[schemars(title = "Table")]
    pub table_name: Option<String>,
    /// The artist's id. Without it, all artists are listed.
    #[schemars(title = "Artist", length(min = 1, max = 64))]
    pub artist_id: Option<String>,
    /// Only these attributes, for instance `name` and `genre`. Without them, all.
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

/// Reads artists.
pub struct QueryArtistData;

impl Operation for QueryArtistData {
    const NAME: &'static str = "query_artist_data";
    const EFFECT: Effect = Effect::Reads;
    const CLASS: Class = Class::Call;
    type Input = QueryArtistsInput;
    type Output = Rows;

    fn resources(input: &QueryArtistsInput, catalog: &Catalog) -> Result<Vec<AwsResource>, ToolError> {
        let table = choices::table(input.table_name.as_deref(), TableRole::Artists, catalog)?;
        let action = if input.artist_id.is_some() { "GetItem" } else { "Scan" };
        Ok(vec![choices::dynamodb(action, table)])
    }

    async fn run(input: QueryArtistsInput, context: Context) -> Result<Rows, ToolError> {
        let catalog = &context.catalog;
        let table = choices::table(input.table_name.as_deref(), TableRole::Artists, catalog)?;
        if let Some(id) = &input.artist_id {
            let id: ArtistId = rows::id("artistId", id)?;
            return Rows::one(table, &catalog.artist(table, &id).await?, &input.attributes);
        }
        let question = format!("artists of {table}");
        let start = input.cursor.map(|text| Cursor::decode(&text, &question)).transpose()?;
        let page = catalog.artist_page(table, input.limit, start).await?;
        Rows::from_page(table, page, &input.attributes, &question)
    }
}

impl Tool for QueryArtistData {
    const SERVER: Server = Server::DynamoDb;
    const TITLE: &'static str = "Query artists";
    const DESCRIPTION: &'static str = "Reads one artist by id, or lists all artists page by page. Artists may \
        share a name: refer to them by id only.";

    fn complete_schema(schema: &mut Value, catalog: &Catalog) {
        choices::offer_tables(schema, TableRole::Artists, catalog);
    }
}
