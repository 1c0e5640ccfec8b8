//! Runs a statement that reads, through the RDS Data API.

use super::cells::{cell, distinct};
use super::locate::{DatabaseFacts, database_resource, describe};
use super::read_only::{self, NotReadOnly};
use crate::engine::aws::{AwsClients, AwsFailure, FailureKind};
use crate::engine::config::Database;
use aws_sdk_rdsdata::operation::execute_statement::{ExecuteStatementError, ExecuteStatementOutput};
use aws_sdk_rdsdata::types::{ColumnMetadata, Field, SqlParameter};
use serde_json::{Map, Value};
use std::collections::BTreeMap;

/// What a statement found.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Found {
    /// The columns: name, and type in the database's words.
    pub(crate) columns: Vec<(String, String)>,
    /// The rows.
    pub(crate) rows: Vec<Map<String, Value>>,
    /// Whether the database found more rows.
    pub(crate) truncated: bool,
}

/// Why a statement has no result.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub(crate) enum DatabaseError {
    /// It does not only read.
    #[error(transparent)]
    NotReadOnly(#[from] NotReadOnly),
    /// The database does not take it.
    #[error("the database refuses it: {0}")]
    Refused(String),
    /// A parameter cannot be given to a database.
    #[error("the parameter {0} must be a text, a number, true, false or null")]
    Parameter(String),
    /// It took longer than the Data API allows.
    #[error("it took too long")]
    TooSlow,
    /// There is no such instance or cluster.
    #[error("there is no database {0}")]
    Missing(String),
    /// There are no credentials for it.
    #[error("there is no secret for {0}")]
    NoSecret(String),
    /// AWS did not do what was asked.
    #[error(transparent)]
    Aws(#[from] AwsFailure),
}

/// Runs a statement and gives at most `most` rows.
pub(crate) async fn read(
    aws: &AwsClients,
    database: &Database,
    sql: &str,
    parameters: &BTreeMap<String, Value>,
    most: usize,
) -> Result<Found, DatabaseError> {
    read_only::check(sql)?;
    let parameters = parameters.iter().map(parameter).collect::<Result<Vec<_>, _>>()?;
    let facts = describe(aws, database).await?;
    let facts = facts.ok_or_else(|| DatabaseError::Missing(database.name.clone()))?;
    let secret = database.secret_arn.clone().or_else(|| facts.managed_secret.clone());
    let secret = secret.ok_or_else(|| DatabaseError::NoSecret(database.name.clone()))?;
    let access = Access { aws, name: &database.name, facts: &facts, secret: &secret };
    let answer = if facts.engine.contains("postgres") {
        access.read_in_transaction(sql, parameters).await?
    } else {
        access.execute(sql, parameters, None).await?
    };
    Ok(found(&answer, most))
}

/// What every request to the Data API needs.
struct Access<'a> {
    aws: &'a AwsClients,
    name: &'a str,
    facts: &'a DatabaseFacts,
    secret: &'a str,
}

impl Access<'_> {
    async fn execute(
        &self,
        sql: &str,
        parameters: Vec<SqlParameter>,
        transaction: Option<&str>,
    ) -> Result<ExecuteStatementOutput, DatabaseError> {
        let answer = self
            .aws
            .rds_data
            .execute_statement()
            .resource_arn(&self.facts.arn)
            .secret_arn(self.secret)
            .set_database(self.facts.database_name.clone())
            .set_parameters(Some(parameters))
            .set_transaction_id(transaction.map(str::to_owned))
            .include_result_metadata(true)
            .sql(sql)
            .send()
            .await;
        answer.map_err(|error| match error.as_service_error() {
            Some(ExecuteStatementError::StatementTimeoutException(_)) => DatabaseError::TooSlow,
            Some(
                refused @ (ExecuteStatementError::BadRequestException(_)
                | ExecuteStatementError::DatabaseErrorException(_)
                | ExecuteStatementError::UnsupportedResultException(_)),
            ) => DatabaseError::Refused(refused.meta().message().unwrap_or_default().to_owned()),
            _ => self.failure("ExecuteStatement", &error),
        })
    }

    /// PostgreSQL keeps a transaction from writing, whatever the user may do. Other engines begin such
    /// a transaction in ways that the Data API does not have; there the rights of the user decide.
    async fn read_in_transaction(
        &self,
        sql: &str,
        parameters: Vec<SqlParameter>,
    ) -> Result<ExecuteStatementOutput, DatabaseError> {
        let begun = self
            .aws
            .rds_data
            .begin_transaction()
            .resource_arn(&self.facts.arn)
            .secret_arn(self.secret)
            .set_database(self.facts.database_name.clone())
            .send()
            .await
            .map_err(|error| self.failure("BeginTransaction", &error))?;
        let transaction = begun.transaction_id().unwrap_or_default();
        let answer = match self.execute("SET TRANSACTION READ ONLY", Vec::new(), Some(transaction)).await {
            Ok(_) => self.execute(sql, parameters, Some(transaction)).await,
            Err(error) => Err(error),
        };
        let ended = self.aws.rds_data.rollback_transaction().resource_arn(&self.facts.arn);
        let ended = ended.secret_arn(self.secret).transaction_id(transaction).send().await;
        if let Err(error) = ended {
            // It ends by itself after three minutes, and has changed nothing.
            tracing::warn!(%error, database = self.name, "a transaction that only read was not ended");
        }
        answer
    }

    fn failure<E>(
        &self,
        action: &str,
        error: &aws_smithy_runtime_api::client::result::SdkError<E, aws_smithy_runtime_api::http::Response>,
    ) -> DatabaseError
    where
        E: aws_smithy_types::error::metadata::ProvideErrorMetadata + std::error::Error + 'static,
    {
        let mut failure = AwsFailure::from_sdk(database_resource("rds-data", action, self.name), error);
        // The Data API answers so when the user of the secret or the secret itself is not accepted.
        if matches!(failure.code.as_str(), "InvalidSecretException" | "SecretsErrorException") {
            failure.kind = FailureKind::Denied;
        }
        DatabaseError::Aws(failure)
    }
}

fn parameter((name, value): (&String, &Value)) -> Result<SqlParameter, DatabaseError> {
    let field = match value {
        Value::Null => Field::IsNull(true),
        Value::Bool(truth) => Field::BooleanValue(*truth),
        Value::String(text) => Field::StringValue(text.clone()),
        Value::Number(number) => match (number.as_i64(), number.as_f64()) {
            (Some(whole), _) => Field::LongValue(whole),
            (None, Some(fraction)) => Field::DoubleValue(fraction),
            (None, None) => return Err(DatabaseError::Parameter(name.clone())),
        },
        Value::Array(_) | Value::Object(_) => return Err(DatabaseError::Parameter(name.clone())),
    };
    Ok(SqlParameter::builder().name(name.trim_start_matches(':')).value(field).build())
}

fn found(answer: &ExecuteStatementOutput, most: usize) -> Found {
    let metadata = answer.column_metadata();
    let names = distinct(metadata.iter().map(column_name).collect());
    let types = metadata.iter().map(|column| column.type_name().unwrap_or_default().to_owned());
    let row = |fields: &Vec<Field>| names.iter().cloned().zip(fields.iter().map(cell)).collect();
    Found {
        truncated: answer.records().len() > most,
        rows: answer.records().iter().take(most).map(row).collect(),
        columns: names.iter().cloned().zip(types).collect(),
    }
}

fn column_name(column: &ColumnMetadata) -> String {
    let named = column.label().filter(|label| !label.is_empty()).or(column.name());
    named.unwrap_or("column").to_owned()
}
