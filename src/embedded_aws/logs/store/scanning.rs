//! Reading many events for a query, newest first, and of each only what the query needs.

use std::collections::HashMap;
use std::sync::Arc;

use rusqlite::fallible_streaming_iterator::FallibleStreamingIterator;
use rusqlite::params;

use super::{Store, StoreError, streams};

/// What is read of each event besides its time and its number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Needs {
    /// Nothing more: the index alone answers.
    TimeOnly,
    /// Its stream and when it arrived.
    Origin,
    /// That and its text.
    Message,
}

/// The events of a group in a span of time.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Span {
    /// The group.
    pub(crate) group: i64,
    /// The earliest time, in milliseconds since 1970.
    pub(crate) from: i64,
    /// The latest time, included.
    pub(crate) to: i64,
}

/// What is scanned.
#[derive(Debug, Clone)]
pub(crate) struct Scan {
    /// The groups, each with its span.
    pub(crate) spans: Vec<Span>,
    /// What is read.
    pub(crate) needs: Needs,
}

/// An event as far as it was read.
#[derive(Debug)]
pub(crate) struct ScannedEvent<'r> {
    /// Which of the spans it is from.
    pub(crate) span: usize,
    /// Its number.
    pub(crate) number: i64,
    /// When it happened, in milliseconds since 1970.
    pub(crate) timestamp: i64,
    /// The length of its text.
    pub(crate) bytes: u64,
    /// When it arrived, and the name of its stream, if needed.
    pub(crate) origin: Option<(i64, Arc<str>)>,
    /// Its text; empty if not needed.
    pub(crate) message: &'r str,
}

impl Store {
    /// Calls for each event, those of all groups together newest first, until the call fails.
    pub(crate) fn scan<E: From<StoreError>>(
        &self,
        scan: &Scan,
        mut each: impl FnMut(&ScannedEvent<'_>) -> Result<(), E>,
    ) -> Result<(), E> {
        let database_error = |error: rusqlite::Error| E::from(StoreError::from(error));
        self.database.read(|state| {
            let mut names = HashMap::new();
            if scan.needs != Needs::TimeOnly {
                for span in &scan.spans {
                    let streams = streams::streams(state, span.group)?.into_iter();
                    names.extend(streams.map(|stream| (stream.id, Arc::<str>::from(stream.name))));
                }
            }
            let mut statements = Vec::new();
            for _ in &scan.spans {
                statements.push(state.prepare(sql(scan.needs)).map_err(database_error)?);
            }
            let mut cursors = Vec::new();
            for (statement, span) in statements.iter_mut().zip(&scan.spans) {
                let mut rows =
                    statement.query(params![span.group, span.from, span.to]).map_err(database_error)?;
                rows.advance().map_err(database_error)?;
                let head = head(&rows).map_err(database_error)?;
                cursors.push((rows, head));
            }
            while let Some(newest) = newest(&cursors) {
                let Some((rows, latest)) = cursors.get_mut(newest) else { break };
                if let (Some(row), Some((timestamp, number))) = (rows.get(), *latest) {
                    let event =
                        read(row, newest, timestamp, number, scan.needs, &names).map_err(database_error)?;
                    each(&event)?;
                }
                rows.advance().map_err(database_error)?;
                *latest = head(rows).map_err(database_error)?;
            }
            Ok(())
        })
    }
}

fn sql(needs: Needs) -> &'static str {
    match needs {
        Needs::TimeOnly => {
            "SELECT timestamp, number, bytes FROM events WHERE group_id = ?1 AND timestamp BETWEEN ?2 AND ?3 \
             ORDER BY timestamp DESC, number DESC"
        }
        Needs::Origin => {
            "SELECT timestamp, number, bytes, ingested, stream_id FROM events \
             WHERE group_id = ?1 AND timestamp BETWEEN ?2 AND ?3 ORDER BY timestamp DESC, number DESC"
        }
        Needs::Message => {
            "SELECT timestamp, number, bytes, ingested, stream_id, message FROM events \
             WHERE group_id = ?1 AND timestamp BETWEEN ?2 AND ?3 ORDER BY timestamp DESC, number DESC"
        }
    }
}

/// Time and number of the row that a cursor is at; none at its end.
fn head(rows: &rusqlite::Rows<'_>) -> rusqlite::Result<Option<(i64, i64)>> {
    rows.get().map(|row| Ok((row.get(0)?, row.get(1)?))).transpose()
}

/// The cursor that is at the latest event.
fn newest(cursors: &[(rusqlite::Rows<'_>, Option<(i64, i64)>)]) -> Option<usize> {
    let heads = cursors.iter().enumerate().filter_map(|(index, (_, head))| Some(((*head)?, index)));
    heads.max_by_key(|(head, _)| *head).map(|(_, index)| index)
}

fn read<'r>(
    row: &'r rusqlite::Row<'_>,
    span: usize,
    timestamp: i64,
    number: i64,
    needs: Needs,
    names: &HashMap<i64, Arc<str>>,
) -> rusqlite::Result<ScannedEvent<'r>> {
    let bytes = row.get(2)?;
    let origin = match needs {
        Needs::TimeOnly => None,
        Needs::Origin | Needs::Message => {
            let ingested = row.get(3)?;
            names.get(&row.get(4)?).map(|name| (ingested, Arc::clone(name)))
        }
    };
    let message = if needs == Needs::Message { row.get_ref(5)?.as_str()? } else { "" };
    Ok(ScannedEvent { span, number, timestamp, bytes, origin, message })
}
