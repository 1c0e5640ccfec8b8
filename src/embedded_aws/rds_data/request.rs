//! What `ExecuteStatement` may ask for, checked once.

use serde::Deserialize;

use crate::embedded_aws::rds::{Access, DATABASE, Instance};

use super::error::DataApiError;
use super::parameter::{Parameter, SqlParameter};

/// The longest statement, in characters.
const STATEMENT_LENGTH: usize = 65_536;

/// The body of `ExecuteStatement`.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Body {
    resource_arn: Option<String>,
    secret_arn: Option<String>,
    sql: Option<String>,
    database: Option<String>,
    schema: Option<String>,
    parameters: Option<Vec<SqlParameter>>,
    transaction_id: Option<String>,
    include_result_metadata: Option<bool>,
    continue_after_timeout: Option<bool>,
    result_set_options: Option<ResultSetOptions>,
    format_records_as: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct ResultSetOptions {
    decimal_return_type: Option<String>,
    long_return_type: Option<String>,
}

/// A statement to be run.
#[derive(Debug)]
pub(super) struct Statement {
    pub(super) access: Access,
    pub(super) sql: String,
    pub(super) parameters: Vec<Parameter>,
    pub(super) form: Form,
}

/// The form of the answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Form {
    /// Whether columns are described.
    pub(super) with_metadata: bool,
    /// Whether rows are one JSON text.
    pub(super) as_json: bool,
    /// Whether whole numbers are texts, which JavaScript needs above 2⁵³.
    pub(super) longs_as_text: bool,
}

impl Statement {
    /// Reads a body meant for this instance.
    pub(super) fn read(body: &[u8], instance: &Instance) -> Result<Self, DataApiError> {
        let body: Body = serde_json::from_slice(body)
            .map_err(|error| DataApiError::BadRequest(format!("the request could not be read: {error}")))?;
        let access = access(&body, instance)?;
        refuse_unsupported(&body)?;
        let form = form(&body)?;
        let sql = required(body.sql, "sql")?;
        if sql.chars().count() > STATEMENT_LENGTH || sql.contains('\0') {
            return Err(DataApiError::BadRequest(format!(
                "sql must have at most {STATEMENT_LENGTH} characters, and none of them may be zero"
            )));
        }
        let parameters = body.parameters.unwrap_or_default().into_iter().map(Parameter::read);
        Ok(Self { access, sql, parameters: parameters.collect::<Result<_, _>>()?, form })
    }
}

fn required(text: Option<String>, name: &str) -> Result<String, DataApiError> {
    let missing = || DataApiError::BadRequest(format!("{name} is required"));
    text.filter(|text| !text.trim().is_empty()).ok_or_else(missing)
}

/// Which database is meant, and what the secret opens.
fn access(body: &Body, instance: &Instance) -> Result<Access, DataApiError> {
    let resource = required(body.resource_arn.clone(), "resourceArn")?;
    let secret = required(body.secret_arn.clone(), "secretArn")?;
    for (name, text) in [("resourceArn", &resource), ("secretArn", &secret)] {
        if !text.starts_with("arn:") {
            return Err(DataApiError::BadRequest(format!("{name} is not a valid ARN: {text}")));
        }
    }
    if !instance.is_meant_by(&resource) {
        return Err(DataApiError::DatabaseNotFound(format!("there is no database with the ARN {resource}")));
    }
    if let Some(database) = body.database.as_deref().filter(|name| !name.is_empty() && *name != DATABASE) {
        return Err(DataApiError::DatabaseNotFound(format!(
            "there is no database {database}; there is {DATABASE}"
        )));
    }
    let unknown = || DataApiError::InvalidSecret(format!("there is no secret with the ARN {secret}"));
    instance.access_by(&secret).ok_or_else(unknown)
}

fn refuse_unsupported(body: &Body) -> Result<(), DataApiError> {
    if let Some(id) = &body.transaction_id {
        return Err(DataApiError::TransactionNotFound(id.clone()));
    }
    if body.schema.as_deref().is_some_and(|schema| !schema.is_empty()) {
        return Err(DataApiError::BadRequest("the parameter schema isn't supported".to_owned()));
    }
    if body.continue_after_timeout == Some(true) {
        return Err(DataApiError::BadRequest(
            "the embedded AWS ends every statement after the time limit; continueAfterTimeout must be false"
                .to_owned(),
        ));
    }
    Ok(())
}

fn form(body: &Body) -> Result<Form, DataApiError> {
    let choice = |name: &str, chosen: Option<&str>, usual: &str, other: &str| match chosen {
        None => Ok(false),
        Some(chosen) if chosen == usual => Ok(false),
        Some(chosen) if chosen == other => Ok(true),
        Some(chosen) => {
            Err(DataApiError::BadRequest(format!("{name} must be {usual} or {other}, not {chosen}")))
        }
    };
    let options = body.result_set_options.as_ref();
    let longs = options.and_then(|options| options.long_return_type.as_deref());
    let decimals = options.and_then(|options| options.decimal_return_type.as_deref());
    // SQLite has no decimals, so that either way of returning them is kept to.
    choice("decimalReturnType", decimals, "STRING", "DOUBLE_OR_LONG")?;
    Ok(Form {
        with_metadata: body.include_result_metadata.unwrap_or(false),
        as_json: choice("formatRecordsAs", body.format_records_as.as_deref(), "NONE", "JSON")?,
        longs_as_text: choice("longReturnType", longs, "LONG", "STRING")?,
    })
}
