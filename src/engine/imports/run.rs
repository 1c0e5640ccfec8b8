//! Writing: part by part, batch by batch, each exactly once, after what was there before is kept.

use super::check;
use super::compare::{self, CHUNK, Difference, Glasses};
use super::directory;
use super::record::{ImportRecord, unreadable};
use super::spool::Table;
use super::worker::WorkError;
use crate::engine::catalog::Catalog;
use crate::engine::catalog::analytics::ChangingFigures;
use crate::engine::catalog::imports::batch::{Batch, ENTRIES_AT_ONCE, EntryWrite, Expected};
use crate::engine::catalog::imports::kept::{KeptEntry, Place};
use crate::engine::catalog::imports::{KeptSource, OpenWork, Position};
use crate::model::import::ImportState;
use bytes::Bytes;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// How often a chunk is compared anew because others write at the same moment.
const TRIES: u32 = 5;

/// What was at a place before, and where in its part it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Before {
    /// Counts the entries of the part.
    pub(super) at: u64,
    /// The place.
    pub(super) partition: String,
    /// The place within it.
    pub(super) sort: String,
    /// What was there; none where nothing was.
    pub(super) old: Option<KeptEntry>,
}

/// A change that is to be made.
struct Change {
    at: u64,
    write: EntryWrite,
    is_new: bool,
}

/// Writes what is left of an import, from the position of the work on.
pub(super) async fn run(
    catalog: &Catalog,
    record: &mut ImportRecord,
    work: &mut OpenWork,
) -> Result<(), WorkError> {
    let (Some(mapping), Some(check)) = (record.mapping.clone(), record.check.clone()) else {
        return Err(unreadable(&record.id, "it was never checked".to_owned()).into());
    };
    let directory = directory::of(catalog, record.artists.as_ref()).await?;
    let (true, Some(latest)) = (directory.digest() == check.directory, check.latest) else {
        return check_again(catalog, record, work).await;
    };
    let glasses = Glasses { mapping: Arc::new(mapping), directory: Arc::new(directory), latest };
    let mut met = BTreeSet::new();
    let mut changing = ChangingFigures::default();
    let table = Table::fetch(catalog, record).await?;
    let of = check.counts.new + check.counts.same + check.counts.changed;
    for (at, part) in check.parts.iter().enumerate().skip(work.position.part as usize) {
        let entries = compare::entries(catalog, record, compare::read_part(&table, &glasses, part).await?)?;
        catalog.begin_change(&mut changing, entries.iter().filter_map(KeptEntry::artist_of_figures)).await?;
        while work.position.within < entries.len() as u64 {
            write_chunk(catalog, record, work, &entries, of, &mut met).await?;
            tokio::task::yield_now().await;
        }
        let part = u32::try_from(at + 1).unwrap_or(u32::MAX);
        move_to(catalog, work, Position { part, within: 0, of, ..work.position }).await?;
    }
    let now = Timestamp::now().to_string();
    let source = record.brought_by();
    for (platform, last_day) in &check.last_of {
        catalog.note_source(KeptSource::new(platform, &source, *last_day, &now, &record.id)).await?;
    }
    catalog.figures_were_imported(changing).await;
    record.written = Some(work.position);
    record.state = ImportState::Done;
    Ok(())
}

/// The artists, releases or recordings are others than those by which the file was divided: its lines would fall into
/// other parts, or between them. What was not begun to be written is checked again, for somebody to look at.
async fn check_again(catalog: &Catalog, record: &mut ImportRecord, work: &OpenWork) -> Result<(), WorkError> {
    if work.position.added + work.position.replaced > 0 {
        return Err(WorkError::CatalogueChanged);
    }
    check::check(catalog, record).await?;
    if let Some(check) = &mut record.check {
        let words = "The artists or releases of the label were changed after it was checked, so nothing was imported and \
                     it was checked again. Look at it, and run it.";
        check.notes.insert(0, words.to_owned());
    }
    Ok(())
}

async fn move_to(catalog: &Catalog, work: &mut OpenWork, next: Position) -> Result<(), WorkError> {
    if !catalog.move_work(work, next).await? {
        return Err(WorkError::LeaseLost);
    }
    work.position = next;
    Ok(())
}

/// Writes the next entries of a part, as many as are compared at once.
async fn write_chunk(
    catalog: &Catalog,
    record: &ImportRecord,
    work: &mut OpenWork,
    entries: &[KeptEntry],
    of: u64,
    met: &mut BTreeSet<String>,
) -> Result<(), WorkError> {
    let end = entries.len().min(place(work.position.within) + CHUNK);
    for _ in 0..TRIES {
        let start = place(work.position.within);
        let changes = changes(catalog, record, work, &entries[start..end], start, met).await?;
        if write_changes(catalog, record, work, &changes, end, of).await? {
            return Ok(());
        }
    }
    Err(WorkError::Busy)
}

fn place(within: u64) -> usize {
    usize::try_from(within).unwrap_or(usize::MAX)
}

/// What is to be written of entries, after what is there is kept.
async fn changes(
    catalog: &Catalog,
    record: &ImportRecord,
    work: &OpenWork,
    chunk: &[KeptEntry],
    start: usize,
    met: &mut BTreeSet<String>,
) -> Result<Vec<Change>, WorkError> {
    let there = compare::existing(catalog, record.target(), chunk).await?;
    for earlier in earlier(record, &there, chunk) {
        if !met.contains(&earlier) {
            catalog.note_meeting(&earlier, &record.id, record.run).await?;
            met.insert(earlier);
        }
    }
    let mut changes = Vec::new();
    let mut before = String::new();
    for (offset, entry) in chunk.iter().enumerate() {
        let place = entry.place();
        let old = there.get(&place);
        let entry = compare::merged(entry, old);
        let difference = compare::difference(&entry, old);
        if difference == Difference::Same {
            continue;
        }
        let at = (start + offset) as u64;
        let kept =
            Before { at, partition: place.partition.clone(), sort: place.sort.clone(), old: old.cloned() };
        let line = serde_json::to_string(&kept).map_err(|error| unreadable(&record.id, error.to_string()))?;
        before.push_str(&line);
        before.push('\n');
        let expected = old.map_or(Expected::Nothing, |old| Expected::This(Box::new(old.clone())));
        let write = EntryWrite { place, entry: Some(entry), expected };
        changes.push(Change { at, write, is_new: difference == Difference::New });
    }
    if !changes.is_empty() {
        let name = before_name(work.position.part, start as u64, work.epoch);
        let key = format!("{}{name}", record.before());
        catalog.replace_object(&record.bucket, &key, "application/x-ndjson", Bytes::from(before)).await?;
    }
    Ok(changes)
}

/// The other imports that have written what is there.
fn earlier(
    record: &ImportRecord,
    there: &BTreeMap<Place, KeptEntry>,
    chunk: &[KeptEntry],
) -> BTreeSet<String> {
    let found = chunk.iter().filter_map(|entry| there.get(&entry.place())?.import_id());
    found.filter(|earlier| *earlier != record.id).map(str::to_owned).collect()
}

/// The name under which it is kept what was there before: in the order of the work, and of who did it.
pub(super) fn before_name(part: u32, start: u64, epoch: u32) -> String {
    format!("{part:06}-{start:012}-{epoch:06}.ndjson")
}

/// Writes changes; false where something else stands at a place by now.
async fn write_changes(
    catalog: &Catalog,
    record: &ImportRecord,
    work: &mut OpenWork,
    changes: &[Change],
    end: usize,
    of: u64,
) -> Result<bool, WorkError> {
    let batches = changes.chunks(ENTRIES_AT_ONCE).collect::<Vec<_>>();
    for (number, batch) in batches.iter().enumerate() {
        let is_last = number + 1 == batches.len();
        let within = if is_last { end as u64 } else { batch.last().map_or(0, |change| change.at + 1) };
        let looked_after = within - work.position.within;
        let written = batch.len() as u64;
        let added = batch.iter().filter(|change| change.is_new).count() as u64;
        let next = Position {
            within,
            of,
            done: work.position.done + looked_after,
            added: work.position.added + added,
            replaced: work.position.replaced + written - added,
            same: work.position.same + looked_after - written,
            ..work.position
        };
        let writes: Vec<EntryWrite> = batch.iter().map(|change| change.write.clone()).collect();
        match catalog.write_batch(record.target(), work, next, &writes).await? {
            Batch::Written => work.position = next,
            Batch::LeaseLost => return Err(WorkError::LeaseLost),
            Batch::Changed(_) => return Ok(false),
        }
    }
    if changes.is_empty() {
        let looked_after = end as u64 - work.position.within;
        let next = Position {
            within: end as u64,
            of,
            done: work.position.done + looked_after,
            same: work.position.same + looked_after,
            ..work.position
        };
        move_to(catalog, work, next).await?;
    }
    Ok(true)
}
