//! Writing events, and reading a page of them.

use rusqlite::{OptionalExtension, Row, params};

use super::super::batch::{MOST_BYTES, NewEvent};
use super::super::position::Position;
use super::{Store, StoreError};

/// An event as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct StoredEvent {
    /// Its number: later events have higher ones.
    pub(crate) number: i64,
    /// Its stream.
    pub(crate) stream: i64,
    /// When it happened, in milliseconds since 1970.
    pub(crate) timestamp: i64,
    /// When it arrived, likewise.
    pub(crate) ingested: i64,
    /// Its text.
    pub(crate) message: String,
}

impl StoredEvent {
    fn read(row: &Row<'_>) -> rusqlite::Result<Self> {
        Ok(Self {
            number: row.get(0)?,
            stream: row.get(1)?,
            timestamp: row.get(2)?,
            ingested: row.get(3)?,
            message: row.get(4)?,
        })
    }

    /// Its place.
    pub(crate) fn position(&self) -> Position {
        Position { timestamp: self.timestamp, number: self.number }
    }
}

/// An event and where it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Record {
    /// The event.
    pub(crate) event: StoredEvent,
    /// The name of its group.
    pub(crate) group: String,
    /// The name of its stream.
    pub(crate) stream: String,
    /// For how many days the group keeps events; none for ever.
    pub(crate) retention_days: Option<i64>,
}

/// Which events are read: those of a stream or of a whole group.
#[derive(Debug, Clone, Copy)]
pub(crate) struct PageRequest {
    /// The group, or the stream if `is_stream`.
    pub(crate) of: i64,
    /// Whether `of` is a stream.
    pub(crate) is_stream: bool,
    /// The earliest time, in milliseconds since 1970.
    pub(crate) from: i64,
    /// The latest time, included.
    pub(crate) to: i64,
    /// Where reading begins; the event there is not read.
    pub(crate) position: Position,
    /// Towards later or earlier events.
    pub(crate) direction: Direction,
    /// The most events.
    pub(crate) limit: usize,
    /// How many events are looked at before the page ends without having its number.
    pub(crate) effort: usize,
}

/// Which way events are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Direction {
    /// Towards later events.
    Forward,
    /// Towards earlier events.
    Backward,
}

/// Events that were found, in the order they were read.
#[derive(Debug)]
pub(crate) struct Page {
    /// The events.
    pub(crate) events: Vec<StoredEvent>,
    /// Where reading ended before the last event, if it did.
    pub(crate) stopped_at: Option<Position>,
}

impl Store {
    /// Appends events to a stream, all or none; false when the stream was removed meanwhile.
    pub(crate) fn append(
        &self,
        group: i64,
        stream: i64,
        events: &[NewEvent],
        now: i64,
    ) -> Result<bool, StoreError> {
        let (Some(first), Some(last)) = (events.first(), events.last()) else { return Ok(true) };
        self.database.write(|state| {
            let sql = "UPDATE streams SET last_ingestion = ?4, \
                       first_event = min(coalesce(first_event, ?2), ?2), \
                       last_event = max(coalesce(last_event, ?3), ?3) WHERE id = ?1";
            let found = state.execute(sql, params![stream, first.timestamp, last.timestamp, now])?;
            if found == 0 {
                return Ok(false);
            }
            let sql = "INSERT INTO events (group_id, stream_id, timestamp, ingested, bytes, message) \
                       VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
            let mut insert = state.prepare_cached(sql)?;
            let mut bytes = 0_i64;
            for event in events {
                let length = i64::try_from(event.message.len()).unwrap_or(i64::MAX);
                bytes = bytes.saturating_add(length);
                insert.execute(params![group, stream, event.timestamp, now, length, event.message])?;
            }
            state.execute("UPDATE groups SET bytes = bytes + ?2 WHERE id = ?1", params![group, bytes])?;
            Ok(true)
        })
    }

    /// A page of events that fit; at least one, and else at most as many as fit in a mebibyte.
    pub(crate) fn page(
        &self,
        request: &PageRequest,
        mut fits: impl FnMut(&StoredEvent) -> bool,
    ) -> Result<Page, StoreError> {
        let owner = if request.is_stream { "stream_id" } else { "group_id" };
        let (comparison, order) = match request.direction {
            Direction::Forward => (">", "ASC"),
            Direction::Backward => ("<", "DESC"),
        };
        let sql = format!(
            "SELECT number, stream_id, timestamp, ingested, message FROM events \
             WHERE {owner} = ?1 AND timestamp BETWEEN ?2 AND ?3 AND (timestamp, number) {comparison} (?4, ?5) \
             ORDER BY timestamp {order}, number {order}"
        );
        let PageRequest { of, from, to, position, .. } = *request;
        self.database.read(|state| {
            let mut statement = state.prepare_cached(&sql)?;
            let mut rows = statement.query(params![of, from, to, position.timestamp, position.number])?;
            let mut page = Page { events: Vec::new(), stopped_at: None };
            let mut bytes = 0;
            let mut seen = 0;
            let mut last = position;
            while let Some(row) = rows.next()? {
                let event = StoredEvent::read(row)?;
                let is_found = fits(&event);
                let length = event.message.len();
                let is_full = page.events.len() >= request.limit
                    || (!page.events.is_empty() && bytes + length > MOST_BYTES);
                if seen >= request.effort || (is_found && is_full) {
                    page.stopped_at = Some(last);
                    return Ok(page);
                }
                seen += 1;
                last = event.position();
                if is_found {
                    bytes += length;
                    page.events.push(event);
                }
            }
            Ok(page)
        })
    }

    /// The event of that number.
    pub(crate) fn event(&self, number: i64) -> Result<Option<Record>, StoreError> {
        self.database.read(|state| {
            let sql = "SELECT e.number, e.stream_id, e.timestamp, e.ingested, e.message, g.name, s.name, \
                       g.retention_days FROM events e JOIN groups g ON g.id = e.group_id \
                       JOIN streams s ON s.id = e.stream_id WHERE e.number = ?1";
            let read = |row: &Row<'_>| {
                Ok(Record {
                    event: StoredEvent::read(row)?,
                    group: row.get(5)?,
                    stream: row.get(6)?,
                    retention_days: row.get(7)?,
                })
            };
            Ok(state.prepare_cached(sql)?.query_row(params![number], read).optional()?)
        })
    }
}
