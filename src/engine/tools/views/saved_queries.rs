//! Log queries that a person keeps: one item for each person in the table of settings.

use crate::engine::catalog::schema::SETTINGS_TABLE;
use crate::engine::catalog::{Catalog, CatalogError};
use crate::engine::tools::{Class, Context, Effect, Operation, ToolError, choices};
use crate::model::logs::{MAX_QUERY_LENGTH, MAX_SAVED_NAME, MAX_SAVED_QUERIES, SavedLogQuery};
use crate::model::tool::AwsResource;
use serde::{Deserialize, Serialize};

/// The most bytes that a person's queries take together: an item of the table holds 400 kB.
const MAX_BYTES: usize = 300_000;

/// How often a change is tried when somebody else changes the same item.
const TRIES: u32 = 4;

/// What a person keeps.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
struct Saved {
    version: u32,
    queries: Vec<SavedLogQuery>,
}

impl Saved {
    async fn read(catalog: &Catalog, owner: &str) -> Result<Option<Self>, CatalogError> {
        catalog.setting(&setting(owner)).await
    }

    /// Changes what a person keeps, also when another tab changes it at the same moment.
    async fn change(
        context: &Context,
        change: impl Fn(&mut Vec<SavedLogQuery>) -> Result<(), ToolError>,
    ) -> Result<Vec<SavedLogQuery>, ToolError> {
        let (catalog, owner) = (&context.catalog, &context.owner);
        let mut tries = 0;
        loop {
            let read = Self::read(catalog, owner).await?;
            let version = read.as_ref().map(|saved| saved.version);
            let mut saved = read.unwrap_or_default();
            change(&mut saved.queries)?;
            saved.version += 1;
            tries += 1;
            match catalog.replace_setting("list of saved queries", &setting(owner), &saved, version).await {
                Ok(()) => return Ok(saved.queries),
                Err(CatalogError::Conflict { .. }) if tries < TRIES => {}
                Err(error) => return Err(error.into()),
            }
        }
    }
}

fn setting(owner: &str) -> String {
    format!("savedLogQueries#{owner}")
}

/// The queries that the caller keeps, by name.
pub struct ListSavedQueries;

impl Operation for ListSavedQueries {
    const NAME: &'static str = "list_saved_queries";
    const EFFECT: Effect = Effect::Reads;
    const CLASS: Class = Class::Page;
    type Input = ();
    type Output = Vec<SavedLogQuery>;

    fn resources((): &(), _: &Catalog) -> Result<Vec<AwsResource>, ToolError> {
        Ok(vec![choices::dynamodb("GetItem", SETTINGS_TABLE)])
    }

    async fn run((): (), context: Context) -> Result<Vec<SavedLogQuery>, ToolError> {
        let saved = Saved::read(&context.catalog, &context.owner).await?;
        Ok(saved.unwrap_or_default().queries)
    }
}

/// Keeps a query; one of the same name is replaced.
pub struct SaveQuery;

impl Operation for SaveQuery {
    const NAME: &'static str = "save_query";
    const EFFECT: Effect = Effect::Replaces;
    const CLASS: Class = Class::Page;
    type Input = SavedLogQuery;
    type Output = Vec<SavedLogQuery>;

    fn resources(query: &SavedLogQuery, catalog: &Catalog) -> Result<Vec<AwsResource>, ToolError> {
        let name = query.name.trim();
        if name.is_empty() || name.chars().count() > MAX_SAVED_NAME || name.chars().any(char::is_control) {
            let message = format!("a name of 1 to {MAX_SAVED_NAME} characters is needed");
            return Err(ToolError::field("name", message));
        }
        if query.query.trim().is_empty() || query.query.chars().count() > MAX_QUERY_LENGTH {
            let message = format!("a query of 1 to {MAX_QUERY_LENGTH} characters is needed");
            return Err(ToolError::field("query", message));
        }
        choices::log_group(query.log_group_name.as_deref(), catalog)?;
        Ok(vec![choices::dynamodb("PutItem", SETTINGS_TABLE)])
    }

    async fn run(query: SavedLogQuery, context: Context) -> Result<Vec<SavedLogQuery>, ToolError> {
        let query = SavedLogQuery { name: query.name.trim().to_owned(), ..query };
        Saved::change(&context, |queries| {
            queries.retain(|kept| kept.name != query.name);
            queries.push(query.clone());
            queries.sort_by(|a, b| a.name.cmp(&b.name));
            let bytes: usize = queries.iter().map(|kept| kept.name.len() + kept.query.len()).sum();
            if queries.len() > MAX_SAVED_QUERIES || bytes > MAX_BYTES {
                let message = format!(
                    "at most {MAX_SAVED_QUERIES} queries and {} kB of text are kept; remove some first",
                    MAX_BYTES / 1000
                );
                return Err(ToolError::field("name", message));
            }
            Ok(())
        })
        .await
    }
}

/// Removes a query that the caller keeps. One that is not there is as good as removed.
pub struct RemoveSavedQuery;

impl Operation for RemoveSavedQuery {
    const NAME: &'static str = "remove_saved_query";
    const EFFECT: Effect = Effect::Replaces;
    const CLASS: Class = Class::Page;
    type Input = String;
    type Output = Vec<SavedLogQuery>;

    fn resources(_: &String, _: &Catalog) -> Result<Vec<AwsResource>, ToolError> {
        Ok(vec![choices::dynamodb("PutItem", SETTINGS_TABLE)])
    }

    async fn run(name: String, context: Context) -> Result<Vec<SavedLogQuery>, ToolError> {
        Saved::change(&context, |queries| {
            queries.retain(|kept| kept.name != name);
            Ok(())
        })
        .await
    }
}
