//! Log queries that a person keeps: one item for each person in the table of settings.

use super::shelf::{self, Shelf};
use crate::engine::catalog::schema::SETTINGS_TABLE;
use crate::engine::catalog::{Catalog, Counted};
use crate::engine::tools::{Class, Context, Effect, Operation, ToolError, choices};
use crate::model::logs::{MAX_QUERY_LENGTH, MAX_SAVED_NAME, MAX_SAVED_QUERIES, SavedLogQuery};
use crate::model::tool::AwsResource;
use serde::{Deserialize, Serialize};

/// The most bytes that a person's queries take together: an item of the table holds 400 kB.
const MAX_BYTES: usize = 300_000;

/// What a person keeps.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
struct Saved {
    version: u32,
    queries: Vec<SavedLogQuery>,
}

impl Counted for Saved {
    const WHAT: &'static str = "list of saved queries";

    fn version(&mut self) -> &mut u32 {
        &mut self.version
    }
}

impl Shelf for Saved {
    type Thing = SavedLogQuery;

    const SETTING: &'static str = "savedLogQueries";

    fn things(&mut self) -> &mut Vec<SavedLogQuery> {
        &mut self.queries
    }

    fn name(query: &SavedLogQuery) -> &str {
        &query.name
    }

    fn check(queries: &[SavedLogQuery]) -> Result<(), ToolError> {
        let bytes: usize = queries.iter().map(|kept| kept.name.len() + kept.query.len()).sum();
        if queries.len() > MAX_SAVED_QUERIES || bytes > MAX_BYTES {
            let message = format!(
                "at most {MAX_SAVED_QUERIES} queries and {} kB of text are kept; remove some first",
                MAX_BYTES / 1000
            );
            return Err(ToolError::field("name", message));
        }
        Ok(())
    }
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
        shelf::list::<Saved>(&context).await
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
        shelf::check_name("name", &query.name, MAX_SAVED_NAME)?;
        if query.query.trim().is_empty() || query.query.chars().count() > MAX_QUERY_LENGTH {
            let message = format!("a query of 1 to {MAX_QUERY_LENGTH} characters is needed");
            return Err(ToolError::field("query", message));
        }
        choices::log_group(query.log_group_name.as_deref(), catalog)?;
        Ok(vec![choices::dynamodb("PutItem", SETTINGS_TABLE)])
    }

    async fn run(query: SavedLogQuery, context: Context) -> Result<Vec<SavedLogQuery>, ToolError> {
        let query = SavedLogQuery { name: query.name.trim().to_owned(), ..query };
        shelf::keep::<Saved>(&context, query).await
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
        shelf::remove::<Saved>(&context, &name).await
    }
}
