//! Removes events that are older than their group keeps them.

use rusqlite::params;

use super::{Store, StoreError};

/// How many events go in one transaction, so that writers never wait long.
const AT_ONCE: i64 = 10_000;

impl Store {
    /// Removes expired events of all groups, and says how many there were.
    pub(crate) fn remove_expired(&self, now: i64) -> Result<usize, StoreError> {
        let mut removed = 0;
        for group in self.groups_after("")? {
            let Some(cutoff) = group.cutoff(now) else { continue };
            loop {
                let count = self.remove_some(group.id, cutoff)?;
                removed += count;
                if count == 0 {
                    break;
                }
            }
        }
        Ok(removed)
    }

    /// Removes some of the events of a group before this time.
    fn remove_some(&self, group: i64, cutoff: i64) -> Result<usize, StoreError> {
        let chosen = "SELECT number FROM events WHERE group_id = ?1 AND timestamp < ?2 \
                      ORDER BY timestamp, number LIMIT ?3";
        self.database.write(|state| {
            let sql = format!(
                "UPDATE groups SET bytes = bytes - \
                 (SELECT coalesce(sum(bytes), 0) FROM events WHERE number IN ({chosen})) WHERE id = ?1"
            );
            state.execute(&sql, params![group, cutoff, AT_ONCE])?;
            let sql = format!("DELETE FROM events WHERE number IN ({chosen})");
            let removed = state.execute(&sql, params![group, cutoff, AT_ONCE])?;
            if removed > 0 {
                let sql = "UPDATE streams SET \
                           first_event = (SELECT min(timestamp) FROM events WHERE stream_id = streams.id), \
                           last_event = (SELECT max(timestamp) FROM events WHERE stream_id = streams.id) \
                           WHERE group_id = ?1 AND first_event < ?2";
                state.execute(sql, params![group, cutoff])?;
            }
            Ok(removed)
        })
    }
}
