//! Log groups.

use rusqlite::{OptionalExtension, Row, params};

use super::super::batch::DAY;
use super::{Store, StoreError};

/// A log group.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Group {
    /// Its number in the store.
    pub(crate) id: i64,
    /// Its name.
    pub(crate) name: String,
    /// When it was made, in milliseconds since 1970.
    pub(crate) created: i64,
    /// For how many days events are kept; none for ever.
    pub(crate) retention_days: Option<i64>,
    /// The bytes of all messages that it has.
    pub(crate) bytes: i64,
}

const COLUMNS: &str = "id, name, created, retention_days, bytes";

impl Group {
    fn read(row: &Row<'_>) -> rusqlite::Result<Self> {
        Ok(Self {
            id: row.get(0)?,
            name: row.get(1)?,
            created: row.get(2)?,
            retention_days: row.get(3)?,
            bytes: row.get(4)?,
        })
    }

    /// The time before which nothing is kept.
    pub(crate) fn cutoff(&self, now: i64) -> Option<i64> {
        self.retention_days.map(|days| now.saturating_sub(days.saturating_mul(DAY)))
    }
}

impl Store {
    /// Makes a group; false when there is one of that name.
    pub(crate) fn create_group(&self, name: &str, now: i64) -> Result<bool, StoreError> {
        self.database.write(|state| {
            let sql = "INSERT INTO groups (name, created, bytes) VALUES (?1, ?2, 0) ON CONFLICT DO NOTHING";
            Ok(state.prepare_cached(sql)?.execute(params![name, now])? > 0)
        })
    }

    /// The group of that name.
    pub(crate) fn group(&self, name: &str) -> Result<Option<Group>, StoreError> {
        self.database.read(|state| {
            let sql = format!("SELECT {COLUMNS} FROM groups WHERE name = ?1");
            Ok(state.prepare_cached(&sql)?.query_row(params![name], Group::read).optional()?)
        })
    }

    /// The groups whose names come after this one, in order.
    pub(crate) fn groups_after(&self, after: &str) -> Result<Vec<Group>, StoreError> {
        self.database.read(|state| {
            let sql = format!("SELECT {COLUMNS} FROM groups WHERE name > ?1 ORDER BY name");
            let mut statement = state.prepare_cached(&sql)?;
            let groups = statement.query_map(params![after], Group::read)?;
            Ok(groups.collect::<Result<_, _>>()?)
        })
    }

    /// Removes a group and all that is in it; false when there is none.
    pub(crate) fn delete_group(&self, name: &str) -> Result<bool, StoreError> {
        self.database.write(|state| {
            let sql = "SELECT id FROM groups WHERE name = ?1";
            let Some(id) = state.query_row(sql, params![name], |row| row.get::<_, i64>(0)).optional()? else {
                return Ok(false);
            };
            state.execute("DELETE FROM events WHERE group_id = ?1", params![id])?;
            state.execute("DELETE FROM streams WHERE group_id = ?1", params![id])?;
            state.execute("DELETE FROM groups WHERE id = ?1", params![id])?;
            Ok(true)
        })
    }

    /// Sets for how many days events are kept; false when there is no such group.
    pub(crate) fn set_retention(&self, name: &str, days: Option<i64>) -> Result<bool, StoreError> {
        self.database.write(|state| {
            let sql = "UPDATE groups SET retention_days = ?2 WHERE name = ?1";
            Ok(state.execute(sql, params![name, days])? > 0)
        })
    }
}
