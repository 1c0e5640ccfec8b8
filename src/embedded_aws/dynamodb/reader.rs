//! Reads of single items that wait for no write.
//!
//! `dynoxide` has one connection, so whoever reads waits for whoever writes, and that for the disk. SQLite lets others
//! read meanwhile what was committed last. So single items are read by a second `dynoxide` over the same file. It
//! remembers how tables are, so another one takes its place when one of them has changed.

use std::path::Path;
use std::sync::{Arc, PoisonError, RwLock};

use dynoxide::Database;
use serde_json::Value;

use super::operations::{self, Answer};

/// What is read by it.
const GET_ITEM: &str = "GetItem";

/// What changes how a table is.
const CHANGES: [&str; 6] =
    ["CreateTable", "DeleteTable", "TagResource", "UntagResource", "UpdateTable", "UpdateTimeToLive"];

/// The second `dynoxide`, opened when something is read. Cloning is cheap.
#[derive(Clone)]
pub(super) struct Reader {
    path: Arc<Path>,
    opened: Arc<RwLock<Option<Database>>>,
}

impl Reader {
    /// For the file at a path, which is there.
    pub(super) fn new(path: &Path) -> Self {
        Self { path: path.into(), opened: Arc::default() }
    }

    /// Runs one operation on the file, `database` being the first `dynoxide`; none when there is no operation of that
    /// name. Blocks on the disk.
    pub(super) fn execute(&self, database: &Database, operation: &str, body: Value) -> Option<Answer> {
        if operation == GET_ITEM {
            return self.read(database, body);
        }
        if !CHANGES.contains(&operation) {
            return operations::execute(database, operation, body);
        }
        // Nobody reads until the table has changed, and whoever reads then opens another one.
        let mut opened = self.opened.write().unwrap_or_else(PoisonError::into_inner);
        *opened = None;
        operations::execute(database, operation, body)
    }

    fn read(&self, database: &Database, body: Value) -> Option<Answer> {
        let opened = self.opened.read().unwrap_or_else(PoisonError::into_inner);
        if let Some(reader) = opened.as_ref() {
            return operations::execute(reader, GET_ITEM, body);
        }
        drop(opened);
        let mut opened = self.opened.write().unwrap_or_else(PoisonError::into_inner);
        let reader = opened.get_or_insert_with(|| {
            Database::new(&self.path.to_string_lossy()).unwrap_or_else(|error| {
                tracing::warn!(%error, "reads of the embedded DynamoDB wait for its writes");
                database.clone()
            })
        });
        operations::execute(reader, GET_ITEM, body)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rusqlite::Connection;
    use serde_json::json;
    use tempfile::TempDir;

    struct Store {
        folder: TempDir,
        database: Database,
        reader: Reader,
    }

    impl Store {
        fn new() -> Self {
            let folder = tempfile::tempdir().expect("a folder");
            let path = folder.path().join("test.sqlite");
            let database = Database::new(&path.to_string_lossy()).expect("a database");
            let reader = Reader::new(&path);
            let store = Self { folder, database, reader };
            store.create_table("id");
            store
        }

        fn run(&self, operation: &str, body: Value) -> Result<Value, String> {
            let answer = self.reader.execute(&self.database, operation, body).expect("an operation");
            let answer = answer.map_err(|error| error.to_string())?;
            Ok(serde_json::from_slice(&answer).expect("JSON"))
        }

        fn create_table(&self, key: &str) {
            let table = json!({
                "TableName": "things",
                "BillingMode": "PAY_PER_REQUEST",
                "KeySchema": [{ "AttributeName": key, "KeyType": "HASH" }],
                "AttributeDefinitions": [{ "AttributeName": key, "AttributeType": "S" }],
            });
            self.run("CreateTable", table).expect("it is made");
        }

        fn put(&self, item: &Value) {
            self.run("PutItem", json!({ "TableName": "things", "Item": item })).expect("it is written");
        }

        fn get(&self, key: &Value) -> Result<Value, String> {
            let found = self.run("GetItem", json!({ "TableName": "things", "Key": key }))?;
            Ok(found["Item"].clone())
        }
    }

    #[test]
    fn what_was_written_is_read_at_once() {
        let (store, key) = (Store::new(), json!({ "id": { "S": "a" } }));
        for text in ["one", "two", "three"] {
            let item = json!({ "id": { "S": "a" }, "text": { "S": text } });
            store.put(&item);
            assert_eq!(store.get(&key), Ok(item));
        }
        store.run("DeleteItem", json!({ "TableName": "things", "Key": key })).expect("it is deleted");
        assert_eq!(store.get(&key), Ok(Value::Null));
    }

    #[test]
    fn a_read_waits_for_no_write() {
        let (store, item) = (Store::new(), json!({ "id": { "S": "a" } }));
        store.put(&item);
        assert_eq!(store.get(&item), Ok(item.clone()));
        let writer = Connection::open(store.folder.path().join("test.sqlite")).expect("a connection");
        writer.execute_batch("BEGIN IMMEDIATE").expect("somebody writes");
        assert_eq!(store.get(&item), Ok(item));
    }

    #[test]
    fn a_table_that_was_made_anew_is_read_as_it_is_now() {
        let (store, old, new) =
            (Store::new(), json!({ "id": { "S": "a" } }), json!({ "name": { "S": "a" } }));
        store.put(&old);
        assert_eq!(store.get(&old), Ok(old.clone()));
        store.run("DeleteTable", json!({ "TableName": "things" })).expect("it is gone");
        assert!(store.get(&old).is_err(), "there is no table");
        store.create_table("name");
        store.put(&new);
        assert_eq!(store.get(&new), Ok(new.clone()));
        assert!(store.get(&old).is_err(), "it has another key");
    }
}
