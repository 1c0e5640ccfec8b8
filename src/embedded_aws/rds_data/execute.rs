//! Runs one statement within its limits.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use rusqlite::types::Value;
use rusqlite::{Connection, ErrorCode};

use crate::embedded_aws::rds::Access;

use super::database::as_a_whole;
use super::error::DataApiError;
use super::parameter::Parameter;
use super::request::Statement;

/// Steps of SQLite's machine between two looks at the clock.
const STEPS: i32 = 1000;

/// How much a statement may take.
#[derive(Debug, Clone, Copy)]
pub(super) struct Limits {
    /// Bytes of values in the result.
    pub(super) bytes: usize,
    /// How long it may run.
    pub(super) time: Duration,
}

/// What came of a statement.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Outcome {
    /// The names of the columns; none of a statement without a result.
    pub(super) columns: Vec<String>,
    pub(super) rows: Vec<Vec<Value>>,
    /// How many rows were written.
    pub(super) updated: u64,
}

/// Runs the statement. It is ended when the time is over or `is_abandoned` becomes true.
pub(super) fn execute(
    connection: &Connection,
    statement: &Statement,
    limits: Limits,
    is_abandoned: &Arc<AtomicBool>,
) -> Result<Outcome, DataApiError> {
    let begun = Instant::now();
    let abandoned = Arc::clone(is_abandoned);
    let is_over = move || begun.elapsed() >= limits.time || abandoned.load(Ordering::Relaxed);
    connection.progress_handler(STEPS, Some(is_over));
    let outcome = run(connection, statement, limits.bytes);
    connection.progress_handler(0, None::<fn() -> bool>);
    outcome.map_err(|error| match error {
        Failure::Database(error) => explain(error, statement.access, limits.time),
        Failure::Refused(error) => error,
    })
}

/// Why a statement did not come to its end, before it is told to the client.
enum Failure {
    Database(rusqlite::Error),
    Refused(DataApiError),
}

impl From<rusqlite::Error> for Failure {
    fn from(error: rusqlite::Error) -> Self {
        Self::Database(error)
    }
}

impl From<DataApiError> for Failure {
    fn from(error: DataApiError) -> Self {
        Self::Refused(error)
    }
}

fn run(connection: &Connection, statement: &Statement, most_bytes: usize) -> Result<Outcome, Failure> {
    let mut prepared = connection.prepare(&statement.sql)?;
    let columns: Vec<String> = prepared.column_names().into_iter().map(str::to_owned).collect();
    // Statements that neither write nor return anything are settings and the like, or nothing at all.
    let only_reads = prepared.readonly() && !columns.is_empty();
    if !only_reads && statement.access == Access::Read {
        return Err(refused_to_write().into());
    }
    bind(&mut prepared, &statement.parameters)?;
    // What a statement has written counts only once all that it returns could be taken.
    let writes_and_returns = !prepared.readonly() && !columns.is_empty();
    let changes_before = connection.total_changes();
    let mut take = || rows(&mut prepared, columns.len(), most_bytes);
    let rows = if writes_and_returns { as_a_whole(connection, take)? } else { take()? };
    let updated = connection.total_changes().saturating_sub(changes_before);
    Ok(Outcome { columns, rows, updated })
}

/// All that a statement returns.
fn rows(
    prepared: &mut rusqlite::Statement<'_>,
    columns: usize,
    most_bytes: usize,
) -> Result<Vec<Vec<Value>>, Failure> {
    let mut rows = Vec::new();
    let mut bytes = 0;
    let mut cursor = prepared.raw_query();
    while let Some(row) = cursor.next()? {
        let values = (0..columns).map(|place| row.get(place)).collect::<Result<Vec<Value>, _>>()?;
        bytes += values.iter().map(size).sum::<usize>();
        if bytes > most_bytes {
            return Err(DataApiError::TooLarge.into());
        }
        rows.push(values);
    }
    Ok(rows)
}

/// Each parameter of the statement must be given, and nothing else.
fn bind(prepared: &mut rusqlite::Statement<'_>, parameters: &[Parameter]) -> Result<(), Failure> {
    let mut is_used = vec![false; parameters.len()];
    for place in 1..=prepared.parameter_count() {
        let name =
            prepared.parameter_name(place).and_then(|name| name.strip_prefix(':')).ok_or_else(|| {
                DataApiError::BadRequest(
                    "parameters are named, such as :isrc; ?, @name and $name are not supported".to_owned(),
                )
            })?;
        let found = parameters.iter().position(|parameter| parameter.name == name);
        let found =
            found.ok_or_else(|| DataApiError::BadRequest(format!("Cannot find parameter: {name}")))?;
        if let Some(used) = is_used.get_mut(found) {
            *used = true;
        }
        if let Some(parameter) = parameters.get(found) {
            prepared.raw_bind_parameter(place, &parameter.value)?;
        }
    }
    match parameters.iter().zip(is_used).find(|(_, used)| !used) {
        None => Ok(()),
        Some((parameter, _)) => {
            let message = format!("the statement has no parameter :{}, or it is given twice", parameter.name);
            Err(DataApiError::BadRequest(message).into())
        }
    }
}

/// Numbers count as AWS's binary ones do.
fn size(value: &Value) -> usize {
    match value {
        Value::Null | Value::Integer(_) | Value::Real(_) => 8,
        Value::Text(text) => text.len().max(8),
        Value::Blob(bytes) => bytes.len().max(8),
    }
}

fn refused_to_write() -> DataApiError {
    DataApiError::Database("permission denied: this secret may only run statements that read".to_owned())
}

fn explain(error: rusqlite::Error, access: Access, time: Duration) -> DataApiError {
    match error.sqlite_error_code() {
        Some(ErrorCode::OperationInterrupted) => DataApiError::TimedOut(time.as_secs_f32()),
        Some(ErrorCode::TooBig) => DataApiError::TooLarge,
        Some(ErrorCode::AuthorizationForStatementDenied) if access == Access::Read => refused_to_write(),
        Some(ErrorCode::AuthorizationForStatementDenied) => DataApiError::Database(
            "permission denied: the Data API of the embedded AWS runs single statements over tables, views and indexes"
                .to_owned(),
        ),
        _ => error.into(),
    }
}

#[cfg(test)]
mod tests {
    use super::super::database::Database;
    use super::super::request::Form;
    use super::*;
    use tempfile::TempDir;

    const LIMITS: Limits = Limits { bytes: 1024, time: Duration::from_secs(5) };

    struct Fixture {
        directory: TempDir,
        database: Database,
    }

    impl Fixture {
        fn new() -> Self {
            let directory = TempDir::new().unwrap();
            let database = Database::open(&directory.path().join("data.sqlite")).unwrap();
            let fixture = Self { directory, database };
            fixture
                .run(Access::Write, "CREATE TABLE amounts (id INTEGER PRIMARY KEY, minor INTEGER)")
                .unwrap();
            fixture.run(Access::Write, "INSERT INTO amounts VALUES (1, 100), (2, 250)").unwrap();
            fixture
        }

        fn run(&self, access: Access, sql: &str) -> Result<Outcome, DataApiError> {
            self.run_with(access, sql, Vec::new(), LIMITS)
        }

        fn run_with(
            &self,
            access: Access,
            sql: &str,
            parameters: Vec<Parameter>,
            limits: Limits,
        ) -> Result<Outcome, DataApiError> {
            let form = Form { with_metadata: false, as_json: false, longs_as_text: false };
            let statement = Statement { access, sql: sql.to_owned(), parameters, form };
            let still_wanted = Arc::new(AtomicBool::new(false));
            self.database.with(access, |connection| execute(connection, &statement, limits, &still_wanted))
        }
    }

    #[test]
    fn reading_returns_rows_and_writing_counts_them() {
        let fixture = Fixture::new();
        let read = fixture.run(Access::Read, "SELECT sum(minor) AS total FROM amounts").unwrap();
        assert_eq!((read.columns, read.rows), (vec!["total".to_owned()], vec![vec![Value::Integer(350)]]));
        let written = fixture.run(Access::Write, "UPDATE amounts SET minor = minor + 1").unwrap();
        assert_eq!(written.updated, 2);
        assert_eq!(fixture.run(Access::Read, "SELECT 1").unwrap().updated, 0);
    }

    #[test]
    fn a_reader_cannot_write_in_any_way() {
        let fixture = Fixture::new();
        let stolen = fixture.directory.path().join("stolen.sqlite");
        let into = format!("VACUUM INTO '{}'", stolen.display());
        let attach = format!("ATTACH '{}' AS other", stolen.display());
        for sql in [
            "INSERT INTO amounts VALUES (3, 1)",
            "INSERT INTO amounts VALUES (3, 1) RETURNING id",
            "UPDATE amounts SET minor = 0",
            "DELETE FROM amounts",
            "DROP TABLE amounts",
            "CREATE TABLE other (id)",
            "CREATE TEMP TABLE other (id)",
            "CREATE VIRTUAL TABLE other USING fts5(a)",
            "REPLACE INTO amounts VALUES (1, 0)",
            "WITH gone AS (SELECT 1) DELETE FROM amounts",
            "PRAGMA journal_mode = DELETE",
            "PRAGMA table_info(amounts)",
            "SELECT * FROM pragma_table_info('amounts')",
            "SELECT load_extension('x')",
            "BEGIN",
            "SAVEPOINT a",
            "VACUUM",
            "ANALYZE",
            "REINDEX",
            "-- nothing",
            &into,
            &attach,
        ] {
            assert!(matches!(fixture.run(Access::Read, sql), Err(DataApiError::Database(_))), "{sql}");
        }
        assert!(!stolen.exists());
        assert_eq!(
            fixture.run(Access::Read, "SELECT count(*), sum(minor) FROM amounts").unwrap().rows,
            [[Value::Integer(2), Value::Integer(350)]]
        );
    }

    #[test]
    fn not_even_a_writer_leaves_the_database() {
        let fixture = Fixture::new();
        let stolen = fixture.directory.path().join("stolen.sqlite");
        let into = format!("VACUUM INTO '{}'", stolen.display());
        let attach = format!("ATTACH '{}' AS other", stolen.display());
        for sql in
            ["BEGIN", "COMMIT", "PRAGMA writable_schema = ON", "SELECT load_extension('x')", &into, &attach]
        {
            assert!(matches!(fixture.run(Access::Write, sql), Err(DataApiError::Database(_))), "{sql}");
        }
        assert!(!stolen.exists());
    }

    #[test]
    fn several_statements_are_refused_and_none_is_run() {
        let fixture = Fixture::new();
        let sql = "DELETE FROM amounts; DELETE FROM amounts";
        assert!(matches!(fixture.run(Access::Write, sql), Err(DataApiError::BadRequest(_))));
        assert!(fixture.run(Access::Read, "SELECT 1;").is_ok());
        assert!(fixture.run(Access::Read, &format!("SELECT 1{}", ";".repeat(60_000))).is_ok());
        assert_eq!(fixture.run(Access::Read, "SELECT id FROM amounts").unwrap().rows.len(), 2);
    }

    #[test]
    fn a_statement_that_never_ends_is_ended() {
        let fixture = Fixture::new();
        let endless = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT max(i) FROM n";
        let limits = Limits { time: Duration::from_millis(50), ..LIMITS };
        for access in [Access::Read, Access::Write] {
            let ended = fixture.run_with(access, endless, Vec::new(), limits);
            assert!(matches!(ended, Err(DataApiError::TimedOut(_))), "{ended:?}");
        }
        // The connection is as good as before.
        assert_eq!(fixture.run(Access::Write, "DELETE FROM amounts WHERE id = 1").unwrap().updated, 1);
    }

    #[test]
    fn a_statement_ends_when_nobody_waits_for_it() {
        let fixture = Fixture::new();
        let endless = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT max(i) FROM n";
        let form = Form { with_metadata: false, as_json: false, longs_as_text: false };
        let statement =
            Statement { access: Access::Read, sql: endless.to_owned(), parameters: Vec::new(), form };
        let limits = Limits { time: Duration::from_hours(1), ..LIMITS };
        let abandoned = Arc::new(AtomicBool::new(true));
        let ended = fixture
            .database
            .with(Access::Read, |connection| execute(connection, &statement, limits, &abandoned));
        assert!(matches!(ended, Err(DataApiError::TimedOut(_))), "{ended:?}");
    }

    #[test]
    fn a_large_result_is_refused() {
        let fixture = Fixture::new();
        let limits = Limits { bytes: 1000, ..LIMITS };
        let run = |sql: &str| fixture.run_with(Access::Read, sql, Vec::new(), limits);
        assert!(run("SELECT printf('%.1000c', 'x')").is_ok());
        assert!(matches!(run("SELECT printf('%.1001c', 'x')"), Err(DataApiError::TooLarge)));
        assert!(matches!(run("SELECT zeroblob(1000000000)"), Err(DataApiError::TooLarge)));
        let many =
            "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT 126) SELECT NULL FROM n";
        assert!(matches!(run(many), Err(DataApiError::TooLarge)));
    }

    #[test]
    fn parameters_are_named_and_complete() {
        let fixture = Fixture::new();
        let run = |sql: &str, names: &[&str]| {
            let parameter = |name: &&str| Parameter { name: (*name).to_owned(), value: Value::Integer(1) };
            fixture.run_with(Access::Read, sql, names.iter().map(parameter).collect(), LIMITS)
        };
        let by_id = "SELECT minor FROM amounts WHERE id = :id";
        assert_eq!(run(by_id, &["id"]).unwrap().rows, [[Value::Integer(100)]]);
        assert!(matches!(run(by_id, &[]), Err(DataApiError::BadRequest(_))));
        assert!(matches!(run(by_id, &["id", "other"]), Err(DataApiError::BadRequest(_))));
        assert!(matches!(run(by_id, &["id", "id"]), Err(DataApiError::BadRequest(_))));
        for sql in ["SELECT ?", "SELECT ?1", "SELECT @id", "SELECT $id"] {
            assert!(matches!(run(sql, &["id"]), Err(DataApiError::BadRequest(_))), "{sql}");
        }
    }
}
