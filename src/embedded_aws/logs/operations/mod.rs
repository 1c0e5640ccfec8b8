//! From the name of an operation and its parameters to its answer. Blocks on the disk.

mod filtering;
mod groups;
mod queries;
mod reading;
mod records;
mod streams;
mod writing;

use std::path::Path;
use std::sync::Arc;

use serde_json::{Value, json};

use super::error::LogsError;
use super::names::GroupName;
use super::parameters::Parameters;
use super::queries::Queries;
use super::store::{Group, Store, StoreError};

/// The most groups or streams on a page.
const PAGE: usize = 50;

/// The log groups of a region, and the queries over them.
#[derive(Debug)]
pub(crate) struct Operations {
    store: Arc<Store>,
    queries: Queries,
    region: String,
}

/// An operation at work: its parameters, and the time that it takes for now.
struct Call<'o> {
    operations: &'o Operations,
    parameters: Parameters,
    /// In milliseconds since 1970.
    now: i64,
}

type Answer = Result<Value, LogsError>;

impl Operations {
    /// Opens the store of this file.
    pub(crate) fn open(path: &Path, region: &str) -> Result<Self, StoreError> {
        let store = Arc::new(Store::open(path)?);
        Ok(Self { store, queries: Queries::default(), region: region.to_owned() })
    }

    /// Answers a request that arrived at this time, in milliseconds since 1970.
    pub(crate) fn answer(&self, operation: &str, body: Value, now: i64) -> Answer {
        let mut call = Call { operations: self, parameters: Parameters::of(body)?, now };
        match operation {
            "CreateLogGroup" => call.create_log_group(),
            "DeleteLogGroup" => call.delete_log_group(),
            "DescribeLogGroups" => call.describe_log_groups(),
            "PutRetentionPolicy" => call.put_retention_policy(),
            "DeleteRetentionPolicy" => call.delete_retention_policy(),
            "CreateLogStream" => call.create_log_stream(),
            "DeleteLogStream" => call.delete_log_stream(),
            "DescribeLogStreams" => call.describe_log_streams(),
            "PutLogEvents" => call.put_log_events(),
            "GetLogEvents" => call.get_log_events(),
            "FilterLogEvents" => call.filter_log_events(),
            "StartQuery" => call.start_query(),
            "GetQueryResults" => call.get_query_results(),
            "StopQuery" => call.stop_query(),
            "DescribeQueries" => call.describe_queries(),
            "GetLogRecord" => call.get_log_record(),
            _ => Err(LogsError::UnknownOperation),
        }
    }

    /// Removes events that their groups no longer keep, and says how many there were.
    pub(crate) fn remove_expired(&self, now: i64) -> Result<usize, StoreError> {
        self.store.remove_expired(now)
    }

    /// Stops all queries and folds the write-ahead log into the file.
    pub(crate) fn close(&self) -> Result<(), StoreError> {
        self.queries.close();
        self.store.checkpoint()
    }
}

impl Call<'_> {
    fn store(&self) -> &Store {
        &self.operations.store
    }

    /// The parameter `logGroupName`, which must be there.
    fn group_name(&mut self) -> Result<GroupName, LogsError> {
        GroupName::parse(&self.parameters.required_text("logGroupName")?)
    }

    /// The group that `logGroupName` or `logGroupIdentifier` names.
    fn named_group(&mut self) -> Result<Group, LogsError> {
        let name = self.parameters.text("logGroupName")?;
        let identifier = self.parameters.text("logGroupIdentifier")?;
        let name = match (name, identifier) {
            (Some(name), None) => GroupName::parse(&name)?,
            (None, Some(identifier)) => GroupName::parse_identifier(&identifier, &self.operations.region)?,
            _ => {
                return Err(LogsError::invalid(
                    "either logGroupName or logGroupIdentifier must be given, and not both",
                ));
            }
        };
        self.existing_group(&name)
    }

    fn existing_group(&self, name: &GroupName) -> Result<Group, LogsError> {
        self.store().group(name.as_str())?.ok_or_else(|| LogsError::no_group(name.as_str()))
    }

    /// `startTime`, 0 where it is not given, and `endTime`, which must not be before it.
    fn range(&mut self) -> Result<(i64, Option<i64>), LogsError> {
        let start = self.parameters.time("startTime")?.unwrap_or(0);
        match self.parameters.time("endTime")? {
            Some(end) if end < start => {
                Err(LogsError::invalid(format!("endTime {end} must not be before startTime {start}")))
            }
            end => Ok((start, end)),
        }
    }

    /// Refuses parameters that were not read.
    fn finish_parameters(&mut self) -> Result<(), LogsError> {
        let nothing = Parameters::of(json!({}))?;
        std::mem::replace(&mut self.parameters, nothing).finish()
    }
}

/// The answer of an operation that returns nothing.
fn nothing() -> Value {
    json!({})
}

/// Puts a value that is there under its name.
fn insert(object: &mut Value, name: &str, value: Option<impl Into<Value>>) {
    if let (Some(object), Some(value)) = (object.as_object_mut(), value) {
        object.insert(name.to_owned(), value.into());
    }
}

#[cfg(test)]
mod tests;
