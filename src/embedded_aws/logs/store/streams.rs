//! Log streams.

use rusqlite::{OptionalExtension, Row, Transaction, params};

use super::{Store, StoreError};

/// A log stream. All times are milliseconds since 1970.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Stream {
    /// Its number in the store.
    pub(crate) id: i64,
    /// Its name.
    pub(crate) name: String,
    /// When it was made.
    pub(crate) created: i64,
    /// The time of its oldest event.
    pub(crate) first_event: Option<i64>,
    /// The time of its latest event.
    pub(crate) last_event: Option<i64>,
    /// When its latest batch arrived.
    pub(crate) last_ingestion: Option<i64>,
}

/// What became of the wish for a new stream.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Creation {
    /// It was made.
    Made,
    /// The group has one of that name.
    Exists,
    /// The group was removed meanwhile.
    NoGroup,
}

const COLUMNS: &str = "id, name, created, first_event, last_event, last_ingestion";

impl Stream {
    fn read(row: &Row<'_>) -> rusqlite::Result<Self> {
        Ok(Self {
            id: row.get(0)?,
            name: row.get(1)?,
            created: row.get(2)?,
            first_event: row.get(3)?,
            last_event: row.get(4)?,
            last_ingestion: row.get(5)?,
        })
    }
}

impl Store {
    /// Makes a stream, unless the group has one of that name.
    pub(crate) fn create_stream(&self, group: i64, name: &str, now: i64) -> Result<Creation, StoreError> {
        self.database.write(|state| {
            let sql = "SELECT 1 FROM groups WHERE id = ?1";
            if state.query_row(sql, params![group], |_| Ok(())).optional()?.is_none() {
                return Ok(Creation::NoGroup);
            }
            let sql = "INSERT INTO streams (group_id, name, created) VALUES (?1, ?2, ?3) \
                       ON CONFLICT (group_id, name) DO NOTHING";
            let is_made = state.execute(sql, params![group, name, now])? > 0;
            Ok(if is_made { Creation::Made } else { Creation::Exists })
        })
    }

    /// The stream of that name.
    pub(crate) fn stream(&self, group: i64, name: &str) -> Result<Option<Stream>, StoreError> {
        self.database.read(|state| {
            let sql = format!("SELECT {COLUMNS} FROM streams WHERE group_id = ?1 AND name = ?2");
            Ok(state.prepare_cached(&sql)?.query_row(params![group, name], Stream::read).optional()?)
        })
    }

    /// The streams of a group in the order of their names.
    pub(crate) fn streams(&self, group: i64) -> Result<Vec<Stream>, StoreError> {
        self.database.read(|state| streams(state, group))
    }

    /// Removes a stream and its events; false when there is none.
    pub(crate) fn delete_stream(&self, group: i64, name: &str) -> Result<bool, StoreError> {
        self.database.write(|state| {
            let sql = "SELECT id FROM streams WHERE group_id = ?1 AND name = ?2";
            let Some(id) =
                state.query_row(sql, params![group, name], |row| row.get::<_, i64>(0)).optional()?
            else {
                return Ok(false);
            };
            let sql = "UPDATE groups SET bytes = bytes - \
                       (SELECT coalesce(sum(bytes), 0) FROM events WHERE stream_id = ?2) WHERE id = ?1";
            state.execute(sql, params![group, id])?;
            state.execute("DELETE FROM events WHERE stream_id = ?1", params![id])?;
            state.execute("DELETE FROM streams WHERE id = ?1", params![id])?;
            Ok(true)
        })
    }
}

/// The streams of a group in the order of their names.
pub(super) fn streams(state: &Transaction<'_>, group: i64) -> Result<Vec<Stream>, StoreError> {
    let sql = format!("SELECT {COLUMNS} FROM streams WHERE group_id = ?1 ORDER BY name");
    let mut statement = state.prepare_cached(&sql)?;
    let streams = statement.query_map(params![group], Stream::read)?;
    Ok(streams.collect::<Result<_, _>>()?)
}
