//! `query_artist_data`: one artist by id, or all of them page by page.

use super::rows::{self, MAX_ROWS, Rows};
use crate::engine::catalog::{Catalog, CatalogError, Cursor, ItemPage};
use crate::engine::config::TableRole;
use crate::engine::tools::names::folded;
use crate::engine::tools::{
    Class, Content, Context, Effect, Operation, Scope, Server, Subject, Tool, ToolError, choices,
};
use crate::model::artist::Artist;
use crate::model::identifier::ArtistId;
use crate::model::tool::{AwsResource, Choice, ChoiceOption};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::BTreeSet;

/// The key attribute of an artist.
const KEY: &str = "artistId";

/// Which artists.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct QueryArtistsInput {
    /// The table.
    #[schemars(title = "Table")]
    pub table_name: Option<String>,
    /// The artist's id. Without id and name, all artists are listed.
    #[schemars(title = "Artist", length(min = 1, max = 64))]
    pub artist_id: Option<String>,
    /// The artist's name, where the id is not known; without regard to case and accents. Where several
    /// artists have it, the answer names them, and the id decides.
    #[schemars(title = "Name", length(min = 1, max = 200))]
    pub name: Option<String>,
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

impl QueryArtistsInput {
    /// One artist, by id.
    pub fn of(id: &str) -> Self {
        Self {
            table_name: None,
            artist_id: Some(id.to_owned()),
            name: None,
            attributes: Vec::new(),
            limit: 1,
            cursor: None,
        }
    }
}

/// Reads artists.
pub struct QueryArtistData;

impl Operation for QueryArtistData {
    const NAME: &'static str = "query_artist_data";
    const EFFECT: Effect = Effect::Reads;
    const CLASS: Class = Class::Call;
    const SCOPED: bool = true;
    type Input = QueryArtistsInput;
    type Output = Rows;

    fn resources(input: &QueryArtistsInput, catalog: &Catalog) -> Result<Vec<AwsResource>, ToolError> {
        let table = choices::table(input.table_name.as_deref(), TableRole::Artists, catalog)?;
        let action = if input.artist_id.is_some() { "GetItem" } else { "Scan" };
        if input.artist_id.is_some() && input.name.is_some() {
            return Err(ToolError::field("name", "give the artist's id or the name, not both"));
        }
        if input.name.is_some() && table != catalog.table(TableRole::Artists) {
            return Err(ToolError::field("name", "names are known in the first table of artists only"));
        }
        Ok(vec![choices::dynamodb(action, table)])
    }

    fn subject(input: &QueryArtistsInput) -> Subject {
        Subject::artist(input.artist_id.as_deref())
    }

    async fn run(input: QueryArtistsInput, context: Context) -> Result<Rows, ToolError> {
        let catalog = &context.catalog;
        let table = choices::table(input.table_name.as_deref(), TableRole::Artists, catalog)?;
        if let Some(id) = &input.artist_id {
            let id: ArtistId = rows::id("artistId", id)?;
            return stored(&context, table, &id, &input.attributes).await;
        }
        if let Some(name) = &input.name {
            let id = named(catalog, name, &context.scope).await?.artist_id;
            return stored(&context, table, &id, &input.attributes).await;
        }
        let question = format!("artists of {table}{}", context.scope.of_cursor());
        let start = input.cursor.map(|text| Cursor::decode(&text, &question)).transpose()?;
        let page = match context.scope.artists() {
            Some(own) => own_page(catalog, table, own, input.limit, start).await?,
            None => catalog.artist_page(table, input.limit, start).await?,
        };
        Rows::from_page(table, page, &input.attributes, &question)
    }
}

/// A page of some artists, in the order of their ids.
async fn own_page(
    catalog: &Catalog,
    table: &str,
    own: &BTreeSet<ArtistId>,
    limit: u32,
    start: Option<Cursor>,
) -> Result<ItemPage, CatalogError> {
    let after = start.as_ref().and_then(|cursor| cursor.text(KEY));
    let left: Vec<_> = own.iter().filter(|id| after.is_none_or(|after| id.as_str() > after)).collect();
    let mut left = left.into_iter();
    let mut page = ItemPage::empty();
    for id in left.by_ref() {
        match catalog.stored_artist(table, id).await {
            Ok(found) => {
                page.items.extend(found.items);
                page.scanned += found.scanned;
            }
            Err(CatalogError::NotFound { .. }) => {}
            Err(error) => return Err(error),
        }
        if page.items.len() >= limit as usize {
            break;
        }
    }
    if left.next().is_some() {
        page.next = page.items.last().map(|row| Cursor::after_row(row, &[KEY]));
    }
    Ok(page)
}

/// The one artist of this id.
async fn stored(
    context: &Context,
    table: &str,
    id: &ArtistId,
    attributes: &[String],
) -> Result<Rows, ToolError> {
    Rows::from_page(table, context.catalog.stored_artist(table, id).await?, attributes, "")
}

/// The one artist of this name, among those of whom data may be shown.
async fn named(catalog: &Catalog, name: &str, scope: &Scope) -> Result<Artist, ToolError> {
    let wanted = folded(name.trim());
    let artists = catalog.artists().await?;
    let artists = scope.of(&artists, |artist| &artist.artist_id);
    let found: Vec<_> = artists.iter().filter(|artist| folded(&artist.name) == wanted).collect();
    match found.as_slice() {
        [] => Err(CatalogError::NotFound { what: "artist of the name", id: name.to_owned() }.into()),
        [only] => Ok((*only).clone()),
        several => {
            let options = several.iter().map(|artist| ChoiceOption {
                value: artist.artist_id.to_string(),
                title: format!("{} – {}", artist.name, told_apart(artist)),
            });
            let choice = Choice {
                argument: "artistId".to_owned(),
                replaces: "name".to_owned(),
                options: options.collect(),
            };
            let message = format!("{} artists have the name {name:?}.", several.len());
            Err(ToolError::Ambiguous { message, choice: Box::new(choice) })
        }
    }
}

/// What tells an artist apart from others of the same name.
fn told_apart(artist: &Artist) -> String {
    let told = artist.disambiguation.clone();
    told.unwrap_or_else(|| format!("{}, {}, signed {}", artist.genre, artist.country, artist.signed_on))
}

impl Tool for QueryArtistData {
    const SERVER: Server = Server::DynamoDb;
    const CONTENT: Content = Content::Untrusted;
    const TITLE: &'static str = "Query artists";
    const DESCRIPTION: &'static str = "Reads one artist by id or name, or lists all artists page by page. \
        Artists may share a name: then you are asked which one, and the id decides.";

    fn complete_schema(schema: &mut Value, catalog: &Catalog) {
        choices::offer_tables(schema, TableRole::Artists, catalog);
    }
}
