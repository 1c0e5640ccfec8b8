//! Gives every artist of the label years of figures: the newest fourteen weeks again and again, each time fourteen weeks
//! earlier, on the same weekdays.
//!
//! They are written into the file of the embedded store while nobody has it open: millions of rows would take a
//! quarter of an hour as requests. They lie there in order of days, as daily reports leave them, and not by artist.

use crate::problem::{Because, Problem};
use rusqlite::{Connection, params};
use std::path::Path;

/// The days that are repeated: those that lists and comparisons read.
const PERIOD_DAYS: u32 = 98;

/// The figures that each row has beside streams by territory: streams, listeners, saves and followers.
const FIGURES_OF_A_ROW: u64 = 4;

/// It is read back at once, and a crash only ends the measurement.
const HASTE: &str = "PRAGMA synchronous = OFF; PRAGMA cache_size = -262144; PRAGMA temp_store = MEMORY;";

/// The newest rows of everybody. A key stands in the file with its kind before it: `S:2026-11-26#spotify`.
const NEWEST: &str = "CREATE TEMP TABLE newest AS \
    SELECT pk, sk, item_json, item_size, hash_prefix FROM analytics \
    WHERE sk >= 'S:' || (SELECT date(max(substr(sk, 3, 10)), ?1) FROM analytics) ORDER BY sk, pk";

/// The same rows so many days earlier. The day stands in the key and twice in the item, and nowhere else.
const EARLIER: &str = "INSERT INTO analytics (pk, sk, item_json, item_size, cached_at, hash_prefix) \
    SELECT pk, 'S:' || date(substr(sk, 3, 10), ?1) || substr(sk, 13), \
    replace(item_json, substr(sk, 3, 10), date(substr(sk, 3, 10), ?1)), item_size, NULL, hash_prefix FROM newest";

/// What the label has afterwards.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Written {
    /// Rows: an artist's day on a platform.
    pub(crate) rows: u64,
    /// Bytes of the store's file.
    pub(crate) bytes: u64,
}

impl Written {
    /// The figures of the rows without those by territory.
    pub(crate) fn facts(self) -> u64 {
        self.rows * FIGURES_OF_A_ROW
    }
}

/// Gives everybody at least so many years. No process may have the folder open.
pub(crate) async fn give_years(data: &Path, years: u32) -> Result<Written, Problem> {
    let file = data.join("dynamodb.sqlite");
    let what = "write years of figures into the file of the store";
    let written =
        tokio::task::spawn_blocking(move || write(&file, (years * 365).div_ceil(PERIOD_DAYS))).await;
    written.because(what)?
}

fn write(file: &Path, periods: u32) -> Result<Written, Problem> {
    let rows = fill(file, periods).because("write years of figures into the file of the store")?;
    let bytes = std::fs::metadata(file).because("look at the file of the store")?.len();
    Ok(Written { rows: u64::try_from(rows).unwrap_or_default(), bytes })
}

/// Writes everything anew, the oldest first; answers with the number of rows.
fn fill(file: &Path, periods: u32) -> rusqlite::Result<i64> {
    let connection = Connection::open(file)?;
    connection.execute_batch(HASTE)?;
    connection.execute(NEWEST, params![format!("-{} days", PERIOD_DAYS - 1)])?;
    connection.execute("DELETE FROM analytics", [])?;
    for times in (0..periods).rev() {
        connection.execute(EARLIER, params![format!("-{} days", times * PERIOD_DAYS)])?;
    }
    connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))?;
    connection.query_row("SELECT count(*) FROM analytics", [], |row| row.get(0))
}
