//! `scan_analytics_data`: rows of daily figures that fulfil a condition.

use super::filter::Filter;
use super::rows::{self, MAX_ROWS, Rows};
use crate::engine::catalog::analytics::Condition;
use crate::engine::catalog::{Catalog, Cursor};
use crate::engine::config::TableRole;
use crate::engine::tools::{
    Class, Content, Context, Effect, Operation, Scope, Server, Subject, Tool, ToolError, choices,
};
use crate::model::tool::AwsResource;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// Items that one call reads at most to fill a page.
const MOST_SCANNED: u32 = 20_000;

/// Items that one request reads. The condition is looked at after that, so that a small page of rows
/// is no reason for many small requests.
const READ_AT_ONCE: u32 = 1000;

/// The key attributes of a row.
const KEY: [&str; 2] = ["artistId", "dayPlatform"];

/// Which rows.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ScanAnalyticsInput {
    /// The table.
    #[schemars(title = "Table")]
    pub table_name: Option<String>,
    /// A condition such as `artistId = "art_7k2m9q4x" AND date >= "2026-11-01" AND streams > 1000`.
    /// Comparisons: `= <> < <= > >=`, `BETWEEN … AND …`, `IN (…)`, `begins_with(…, …)`,
    /// `contains(…, …)`, `attribute_exists(…)`; joined by AND, OR, NOT and brackets.
    #[schemars(title = "Condition", length(max = 4096))]
    #[serde(default)]
    pub filter_expression: String,
    /// How many rows at most.
    #[schemars(title = "Rows on a page", range(min = 1, max = MAX_ROWS))]
    #[serde(default = "rows::usual_rows")]
    pub limit: u32,
    /// Where the page begins: `nextCursor` of the page before.
    #[schemars(title = "Cursor")]
    pub cursor: Option<String>,
}

impl ScanAnalyticsInput {
    fn condition(&self) -> Result<Condition, ToolError> {
        Filter::compile(&self.filter_expression)
            .map_err(|error| ToolError::field("filterExpression", error.to_string()))
    }
}

/// Reads daily figures.
pub struct ScanAnalyticsData;

impl Operation for ScanAnalyticsData {
    const NAME: &'static str = "scan_analytics_data";
    const EFFECT: Effect = Effect::Reads;
    const CLASS: Class = Class::Call;
    const SCOPED: bool = true;
    type Input = ScanAnalyticsInput;
    type Output = Rows;

    fn resources(input: &ScanAnalyticsInput, catalog: &Catalog) -> Result<Vec<AwsResource>, ToolError> {
        let table = choices::table(input.table_name.as_deref(), TableRole::Analytics, catalog)?;
        let action = if input.condition()?.artist.is_some() { "Query" } else { "Scan" };
        Ok(vec![choices::dynamodb(action, table)])
    }

    fn subject(input: &ScanAnalyticsInput) -> Subject {
        let condition = input.condition().ok();
        Subject::artist(condition.as_ref().and_then(|condition| condition.artist.as_deref()))
    }

    /// DynamoDB counts items before the condition, so that a page of its own may be empty; here pages
    /// are read until this one is full or the table ends.
    async fn run(input: ScanAnalyticsInput, context: Context) -> Result<Rows, ToolError> {
        let catalog = &context.catalog;
        let table = choices::table(input.table_name.as_deref(), TableRole::Analytics, catalog)?;
        let condition = input.condition()?;
        let of = context.scope.of_cursor();
        let question = format!("figures of {table} where {}{of}", input.filter_expression);
        let mut start = input.cursor.map(|text| Cursor::decode(&text, &question)).transpose()?;
        let mut parts = in_scope(condition, &context.scope, start.as_ref())?.into_iter().peekable();
        let mut found = Rows::none_of(table);
        while let Some(condition) = parts.peek() {
            // The cursor of a page belongs to the artist with whom the page ended.
            let within = start.take().filter(|cursor| {
                condition.artist.is_none() || cursor.text(KEY[0]) == condition.artist.as_deref()
            });
            let page = catalog.analytics_page(table, condition, READ_AT_ONCE, within).await?;
            found.scanned_count += page.scanned;
            found.rows.extend(page.items);
            let limit = input.limit as usize;
            if found.rows.len() > limit {
                found.rows.truncate(limit);
                let last = found.rows.last().map(|row| Cursor::after_row(row, &KEY));
                found.next_cursor = last.map(|cursor| cursor.encode(&question));
                return Ok(found);
            }
            let full = found.rows.len() == limit || found.scanned_count >= MOST_SCANNED;
            match page.next {
                Some(next) if full => {
                    found.next_cursor = Some(next.encode(&question));
                    return Ok(found);
                }
                Some(next) => start = Some(next),
                None => {
                    let ended = parts.next().and_then(|condition| condition.artist);
                    if full && parts.peek().is_some() {
                        found.next_cursor = ended.map(|artist| after_artist(&artist).encode(&question));
                        return Ok(found);
                    }
                }
            }
        }
        Ok(found)
    }
}

/// The condition, or the same condition for each artist of whom data may be shown, from the one on with whom
/// the page before ended.
fn in_scope(
    condition: Condition,
    scope: &Scope,
    start: Option<&Cursor>,
) -> Result<Vec<Condition>, ToolError> {
    let Some(own) = scope.artists().filter(|_| condition.artist.is_none()) else {
        return Ok(vec![condition]);
    };
    // The rows of an artist are found by the key, which no further condition may name.
    if condition.names.values().any(|name| KEY.contains(&name.as_str())) {
        let message = "you see your own artists only: name one of them with artistId = \"…\", or none, and \
                       compare date and platform instead of dayPlatform";
        return Err(ToolError::field("filterExpression", message));
    }
    let first = start.and_then(|cursor| cursor.text(KEY[0]));
    let left = own.iter().filter(|id| first.is_none_or(|first| id.as_str() >= first));
    Ok(left.map(|id| Condition { artist: Some(id.to_string()), ..condition.clone() }).collect())
}

/// Where the rows of an artist have ended.
fn after_artist(artist: &str) -> Cursor {
    // Days begin with digits, which come before this.
    let end = [(KEY[0], artist), (KEY[1], "~")];
    let row: Map<String, Value> =
        end.into_iter().map(|(name, text)| (name.to_owned(), Value::from(text))).collect();
    Cursor::after_row(&row, &KEY)
}

impl Tool for ScanAnalyticsData {
    const SERVER: Server = Server::DynamoDb;
    const CONTENT: Content = Content::Untrusted;
    const TITLE: &'static str = "Scan daily figures";
    const DESCRIPTION: &'static str = "Reads rows of daily figures (one for each artist, day and platform) \
        that fulfil a condition, page by page. A condition artistId = \"…\" makes it fast.";

    fn complete_schema(schema: &mut Value, catalog: &Catalog) {
        choices::offer_tables(schema, TableRole::Analytics, catalog);
    }
}
