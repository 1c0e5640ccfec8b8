//! `query_database`: rows of a database by a statement that reads.

use crate::engine::catalog::Catalog;
use crate::engine::database::query::{self, DatabaseError};
use crate::engine::database::read_only;
use crate::engine::tools::{Class, Content, Context, Effect, Operation, Server, Tool, ToolError, choices};
use crate::model::tool::AwsResource;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use std::collections::BTreeMap;

/// The most rows that one call answers with.
const MAX_ROWS: u32 = 1000;

/// The longest statement, in characters.
const MAX_SQL: usize = 65_536;

/// What is asked of which database.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct QueryDatabaseInput {
    /// The database.
    #[schemars(title = "Database")]
    pub instance_name: Option<String>,
    /// One statement that reads, for instance `SELECT … WHERE isrc = :isrc`.
    #[schemars(title = "SQL", length(min = 1, max = MAX_SQL))]
    pub sql: String,
    /// The values of the placeholders by name: texts, numbers, true, false or null.
    #[schemars(title = "Parameters")]
    #[serde(default)]
    pub parameters: BTreeMap<String, Value>,
    /// How many rows at most.
    #[schemars(title = "Rows", range(min = 1, max = MAX_ROWS))]
    #[serde(default = "default_rows")]
    pub max_rows: u32,
}

fn default_rows() -> u32 {
    100
}

/// The rows.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct DatabaseRows {
    /// The rows. Numbers are numbers as long as they stay exact; decimals, dates and times are texts as
    /// the database writes them; bytes are base64.
    pub rows: Vec<Map<String, Value>>,
    /// The columns in the order of the statement.
    pub columns: Vec<DatabaseColumn>,
    /// Whether the database found more rows than `maxRows`.
    #[schemars(title = "There are more")]
    pub truncated: bool,
    /// The database.
    #[schemars(title = "Database")]
    pub instance_name: String,
}

/// A column.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct DatabaseColumn {
    /// Its name or alias; a second column of the same name has a number behind it.
    pub name: String,
    /// Its type in the database's words; empty where the database has none.
    pub r#type: String,
}

/// Reads a database.
pub struct QueryDatabase;

impl Operation for QueryDatabase {
    const NAME: &'static str = "query_database";
    const EFFECT: Effect = Effect::Reads;
    const CLASS: Class = Class::Call;
    type Input = QueryDatabaseInput;
    type Output = DatabaseRows;

    fn resources(input: &QueryDatabaseInput, catalog: &Catalog) -> Result<Vec<AwsResource>, ToolError> {
        let database = choices::database(input.instance_name.as_deref(), catalog)?;
        read_only::check(&input.sql).map_err(|error| explain(error.into()))?;
        Ok(vec![AwsResource {
            service: "rds-data".to_owned(),
            action: "rds-data:ExecuteStatement".to_owned(),
            name: database.name.clone(),
        }])
    }

    async fn run(input: QueryDatabaseInput, context: Context) -> Result<DatabaseRows, ToolError> {
        let catalog = &context.catalog;
        let database = choices::database(input.instance_name.as_deref(), catalog)?;
        let most = input.max_rows as usize;
        let found = query::read(&catalog.aws, database, &input.sql, &input.parameters, most).await;
        let found = found.map_err(explain)?;
        let column = |(name, r#type)| DatabaseColumn { name, r#type };
        Ok(DatabaseRows {
            rows: found.rows,
            columns: found.columns.into_iter().map(column).collect(),
            truncated: found.truncated,
            instance_name: database.name.clone(),
        })
    }
}

fn explain(error: DatabaseError) -> ToolError {
    match error {
        DatabaseError::NotReadOnly(_) | DatabaseError::Refused(_) => {
            ToolError::field("sql", error.to_string())
        }
        DatabaseError::Parameter(ref name) => {
            ToolError::field(format!("parameters.{name}"), error.to_string())
        }
        DatabaseError::TooSlow => ToolError::NotAvailable(
            "The database stopped the statement because it took too long. Ask for less at once.".to_owned(),
        ),
        DatabaseError::Missing(name) => ToolError::NotAvailable(format!(
            "The database {name} does not exist. Tell an admin: `patchline doctor` says what is missing."
        )),
        DatabaseError::NoSecret(name) => ToolError::NotAvailable(format!(
            "There is no secret for the database {name}. Name one behind it in RDS_INSTANCES, as \
             {name}@arn:aws:secretsmanager:…"
        )),
        DatabaseError::Aws(failure) => failure.into(),
    }
}

impl Tool for QueryDatabase {
    const SERVER: Server = Server::Rds;
    const CONTENT: Content = Content::Untrusted;
    const TITLE: &'static str = "Query a database";
    const DESCRIPTION: &'static str = "Runs one SQL statement that reads over a database of the label, with \
        named parameters, and answers with typed rows. Statements that write are refused.";

    fn complete_schema(schema: &mut Value, catalog: &Catalog) {
        choices::offer_databases(schema, catalog);
    }
}
