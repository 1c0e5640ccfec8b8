//! From the name of an operation to the call of `dynoxide`.

use dynoxide::{Database, DynoxideError};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::batches;

/// The answer of an operation, as JSON.
pub(super) type Answer = Result<Vec<u8>, DynoxideError>;

/// Runs one operation; none when there is no operation of that name. Blocks on the disk.
pub(super) fn execute(database: &Database, operation: &str, body: Value) -> Option<Answer> {
    let answer = match operation {
        "BatchExecuteStatement" => run(body, |input| database.batch_execute_statement(input)),
        "BatchGetItem" => run(body, |input| database.batch_get_item(input)),
        "BatchWriteItem" => run(body, |input| batches::write(database, input)),
        "CreateTable" => run(body, |input| database.create_table(input)),
        "DeleteItem" => run(body, |input| database.delete_item(input)),
        "DeleteTable" => run(body, |input| database.delete_table(input)),
        "DescribeStream" => run(body, |input| database.describe_stream(input)),
        "DescribeTable" => run(body, |input| database.describe_table(input)),
        "DescribeTimeToLive" => run(body, |input| database.describe_time_to_live(input)),
        "ExecuteStatement" => run(body, |input| database.execute_statement(input)),
        "ExecuteTransaction" => run(body, |input| database.execute_transaction(input)),
        "GetItem" => run(body, |input| database.get_item(input)),
        "GetRecords" => run(body, |input| database.get_records(input)),
        "GetShardIterator" => run(body, |input| database.get_shard_iterator(input)),
        "ListStreams" => run(body, |input| database.list_streams(input)),
        "ListTables" => run(body, |input| database.list_tables(input)),
        "ListTagsOfResource" => run(body, |input| database.list_tags_of_resource(input)),
        "PutItem" => run(body, |input| database.put_item(input)),
        "Query" => run(body, |input| database.query(input)),
        "Scan" => run(body, |input| database.scan(input)),
        "SearchVectors" => run(body, |input| database.search_vectors(input)),
        "TagResource" => run(body, |input| database.tag_resource(input)),
        "TransactGetItems" => run(body, |input| database.transact_get_items(input)),
        "TransactWriteItems" => run(body, |input| database.transact_write_items(input)),
        "UntagResource" => run(body, |input| database.untag_resource(input)),
        "UpdateItem" => run(body, |input| database.update_item(input)),
        "UpdateTable" => run(body, |input| database.update_table(input)),
        "UpdateTimeToLive" => run(body, |input| database.update_time_to_live(input)),
        _ => return None,
    };
    Some(answer.map_err(|error| in_words_of(operation, error)))
}

fn run<Input: DeserializeOwned, Output: Serialize>(
    body: Value,
    call: impl FnOnce(Input) -> Result<Output, DynoxideError>,
) -> Answer {
    let input = serde_json::from_value(body).map_err(|error| reading_error(&error.to_string()))?;
    let output = call(input)?;
    serde_json::to_vec(&output).map_err(|error| DynoxideError::InternalServerError(error.to_string()))
}

/// `dynoxide` marks errors that it finds while reading a request with a prefix; the prefix chooses
/// the exception and is not for the wire. Without one, a wrong JSON type is a serialisation error,
/// and anything else a validation error.
fn reading_error(message: &str) -> DynoxideError {
    for prefix in ["VALIDATION_AS_READ:", "VALIDATION:"] {
        if let Some(message) = message.strip_prefix(prefix) {
            return DynoxideError::ValidationException(message.to_owned());
        }
    }
    if let Some(message) = message.strip_prefix("VALIDATION_REQUEST:") {
        return DynoxideError::EnvelopedValidation(message.to_owned());
    }
    for prefix in ["SERIALIZATION_AS_READ:", "SERIALIZATION:"] {
        if let Some(message) = message.strip_prefix(prefix) {
            return DynoxideError::SerializationException(message.to_owned());
        }
    }
    if message.starts_with("invalid type") && !message.starts_with("invalid type: null") {
        DynoxideError::SerializationException(message.to_owned())
    } else {
        DynoxideError::ValidationException(message.to_owned())
    }
}

/// Writes to one item count their validation errors, all other operations do not.
fn in_words_of(operation: &str, error: DynoxideError) -> DynoxideError {
    match error {
        DynoxideError::EnvelopedValidation(message)
            if matches!(operation, "PutItem" | "UpdateItem" | "DeleteItem") =>
        {
            DynoxideError::ValidationException(format!("1 validation error detected: {message}"))
        }
        other => other,
    }
}
