//! Writes the sample label's royalty ledger into the embedded database, through the Data API.

use crate::engine::aws::{AwsFailure, DatabaseNames};
use crate::engine::catalog::CatalogError;
use crate::engine::sample::Ledger;
use crate::model::tool::AwsResource;
use aws_sdk_rdsdata::operation::execute_statement::ExecuteStatementOutput;
use aws_sdk_rdsdata::types::{Field, SqlParameter};
use jiff::civil::Date;
use serde::Serialize;

/// The tables; statements end with a semicolon at the end of a line.
const SCHEMA: &str = include_str!("ledger.sql");
/// Rows of one INSERT.
const ROWS: usize = 2000;

/// Each table with its columns, in an order in which rows refer only to earlier ones.
const TABLES: [(&str, &[&str]); 7] = [
    (
        "statements",
        &["statement_id", "platform", "period", "currency", "exchange_rate_micros", "received_on"],
    ),
    (
        "lines",
        &[
            "line_id",
            "statement_id",
            "isrc",
            "release_id",
            "artist_id",
            "territory",
            "quantity",
            "amount_minor",
            "currency",
        ],
    ),
    ("participants", &["participant_id", "name", "role", "artist_id"]),
    ("splits", &["isrc", "participant_id", "basis_points"]),
    (
        "accounts",
        &["account_id", "artist_id", "currency", "royalty_basis_points", "advance_minor", "balance_minor"],
    ),
    ("entries", &["entry_id", "account_id", "booked_on", "period", "kind", "amount_minor", "currency"]),
    ("payments", &["payment_id", "account_id", "paid_on", "amount_minor", "currency", "reference"]),
];

/// The database as the seed sees it.
pub(super) struct LedgerDatabase {
    client: aws_sdk_rdsdata::Client,
    names: DatabaseNames,
}

impl LedgerDatabase {
    /// The database of these names, reached by this client.
    pub(super) fn new(client: aws_sdk_rdsdata::Client, names: DatabaseNames) -> Self {
        Self { client, names }
    }

    /// Makes the tables where they are missing. True when the rows are all there.
    pub(super) async fn is_written(&self) -> Result<bool, CatalogError> {
        for statement in SCHEMA.split(";\n").filter(|statement| !statement.trim().is_empty()) {
            self.run(statement, Vec::new()).await?;
        }
        let found = self.run("SELECT 1 FROM about LIMIT 1", Vec::new()).await?;
        Ok(!found.records().is_empty())
    }

    /// Writes all rows, and last of all that they are there. What a former attempt left behind goes.
    pub(super) async fn write(&self, ledger: &Ledger, seed: u64, day: Date) -> Result<(), CatalogError> {
        for (table, _) in TABLES.iter().rev() {
            self.run(&format!("DELETE FROM {table}"), Vec::new()).await?;
        }
        for (table, columns) in TABLES {
            match table {
                "statements" => self.insert(table, columns, &ledger.statements).await?,
                "lines" => self.insert(table, columns, &ledger.lines).await?,
                "participants" => self.insert(table, columns, &ledger.participants).await?,
                "splits" => self.insert(table, columns, &ledger.splits).await?,
                "accounts" => self.insert(table, columns, &ledger.accounts).await?,
                "entries" => self.insert(table, columns, &ledger.entries).await?,
                _ => self.insert(table, columns, &ledger.payments).await?,
            }
        }
        let seed = Field::LongValue(i64::try_from(seed).unwrap_or(i64::MAX));
        let about = vec![parameter("seed", seed), parameter("day", Field::StringValue(day.to_string()))];
        self.run("INSERT INTO about (seed, day) VALUES (:seed, :day)", about).await?;
        Ok(())
    }

    /// Many rows with one statement: the database takes them apart from one JSON text.
    async fn insert<Row: Serialize>(
        &self,
        table: &str,
        columns: &[&str],
        rows: &[Row],
    ) -> Result<(), CatalogError> {
        let values: Vec<String> = columns.iter().map(|column| format!("value ->> '{column}'")).collect();
        let (columns, values) = (columns.join(", "), values.join(", "));
        let sql = format!("INSERT INTO {table} ({columns}) SELECT {values} FROM json_each(:rows)");
        for batch in rows.chunks(ROWS) {
            let json = serde_json::to_string(batch).map_err(|error| CatalogError::Unreadable {
                what: "rows of the sample ledger",
                id: table.to_owned(),
                detail: error.to_string(),
            })?;
            self.run(&sql, vec![parameter("rows", Field::StringValue(json))]).await?;
        }
        Ok(())
    }

    async fn run(
        &self,
        sql: &str,
        parameters: Vec<SqlParameter>,
    ) -> Result<ExecuteStatementOutput, CatalogError> {
        let request = self
            .client
            .execute_statement()
            .resource_arn(&self.names.resource)
            .secret_arn(&self.names.writer_secret)
            .set_parameters(Some(parameters))
            .sql(sql);
        request.send().await.map_err(|error| {
            let resource = AwsResource {
                service: "rds-data".to_owned(),
                action: "rds-data:ExecuteStatement".to_owned(),
                name: self.names.resource.clone(),
            };
            AwsFailure::from_sdk(resource, &error).into()
        })
    }
}

fn parameter(name: &str, value: Field) -> SqlParameter {
    SqlParameter::builder().name(name).value(value).build()
}
