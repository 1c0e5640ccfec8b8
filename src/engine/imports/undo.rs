//! Taking an import back: what was there before is put back, unless somebody has changed it since.

use super::record::{ImportRecord, key, unreadable};
use super::run::Before;
use super::worker::WorkError;
use crate::engine::catalog::analytics::ChangingFigures;
use crate::engine::catalog::imports::batch::{Batch, ENTRIES_AT_ONCE, EntryWrite, Expected};
use crate::engine::catalog::imports::kept::{Place, Target};
use crate::engine::catalog::imports::{OpenWork, Position};
use crate::engine::catalog::{Catalog, CatalogError};
use crate::model::import::ImportState;

/// How many names of files are asked for at once.
const AT_ONCE: u32 = 1_000;

/// A file of what was there before, and up to which entry of its part it counts.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Kept {
    key: String,
    part: u32,
    start: u64,
    end: u64,
}

/// Puts back what is left, from the position of the work on.
pub(super) async fn undo(
    catalog: &Catalog,
    record: &mut ImportRecord,
    work: &mut OpenWork,
) -> Result<(), WorkError> {
    let written = record.written.unwrap_or_default();
    let of = written.added + written.replaced;
    let files = counting(names(catalog, record).await?, written);
    let mut changing = ChangingFigures::default();
    for (number, file) in files.iter().enumerate().skip(work.position.part as usize) {
        let before = read(catalog, record, file).await?;
        let left =
            before.get(usize::try_from(work.position.within).unwrap_or(usize::MAX)..).unwrap_or_default();
        if record.target() == Target::Figures {
            catalog.begin_change(&mut changing, left.iter().map(|before| before.partition.as_str())).await?;
        }
        for batch in left.chunks(ENTRIES_AT_ONCE) {
            put_back(catalog, record, work, batch, of).await?;
        }
        let part = u32::try_from(number + 1).unwrap_or(u32::MAX);
        let next = Position { part, within: 0, of, ..work.position };
        if !catalog.move_work(work, next).await? {
            return Err(WorkError::LeaseLost);
        }
        work.position = next;
    }
    let last_of = record.check.as_ref().map(|check| check.last_of.clone()).unwrap_or_default();
    for platform in last_of.keys() {
        catalog.forget_source(platform, &record.brought_by(), &record.id).await?;
    }
    catalog.figures_were_imported(changing).await;
    record.undone = Some(work.position);
    record.state = ImportState::Undone;
    Ok(())
}

/// An import that found what this one has written, and still holds: undoing this one would take away what that one
/// says, or undoing that one afterwards would bring back what this one has written.
pub(super) async fn later(
    catalog: &Catalog,
    record: &ImportRecord,
) -> Result<Option<ImportRecord>, CatalogError> {
    for meeting in catalog.import_meetings(&record.id).await?.iter() {
        let later = ImportRecord::read(&catalog.import(&meeting.id).await?)?;
        if later.run == meeting.run && later.holds() {
            return Ok(Some(later));
        }
    }
    Ok(None)
}

async fn names(catalog: &Catalog, record: &ImportRecord) -> Result<Vec<String>, CatalogError> {
    let prefix = record.before();
    let mut names: Vec<String> = Vec::new();
    loop {
        let after = names.last().map(String::as_str);
        let (found, more) = catalog.list_objects_after(&record.bucket, &prefix, AT_ONCE, after).await?;
        names.extend(found.into_iter().map(|found| found.key));
        if !more {
            return Ok(names);
        }
    }
}

/// The files that count: of those that begin at the same entry the one of whoever held the lease last, and each up to
/// where the next begins. What comes after the end of the work was never written.
fn counting(mut names: Vec<String>, written: Position) -> Vec<Kept> {
    names.sort_unstable();
    let mut kept: Vec<Kept> = Vec::new();
    for name in names {
        let Some((part, start)) = parts_of(&name) else { continue };
        let end = if part == written.part { written.within } else { u64::MAX };
        let file = Kept { key: name, part, start, end };
        match kept.last_mut().filter(|last| last.part == part) {
            Some(last) if last.start == start => *last = file,
            Some(last) => {
                last.end = last.end.min(start);
                kept.push(file);
            }
            None => kept.push(file),
        }
    }
    kept.retain(|file| file.part <= written.part && file.start < file.end);
    kept
}

fn parts_of(name: &str) -> Option<(u32, u64)> {
    let (_, name) = name.rsplit_once('/')?;
    let mut parts = name.strip_suffix(".ndjson")?.split('-');
    Some((parts.next()?.parse().ok()?, parts.next()?.parse().ok()?))
}

async fn read(catalog: &Catalog, record: &ImportRecord, file: &Kept) -> Result<Vec<Before>, WorkError> {
    let mut body = catalog.open_object(&record.bucket, &key(&file.key)?, None, None).await?.body;
    let mut text = Vec::new();
    while let Some(piece) = body.next().await {
        text.extend_from_slice(&piece.map_err(|error| WorkError::Io(std::io::Error::other(error)))?);
    }
    let lines = text.split(|byte| *byte == b'\n').filter(|line| !line.is_empty());
    let all: Result<Vec<Before>, _> = lines.map(serde_json::from_slice).collect();
    let all = all.map_err(|error| unreadable(&record.id, error.to_string()))?;
    Ok(all.into_iter().filter(|before| (file.start..file.end).contains(&before.at)).collect())
}

/// Puts a batch back, without what somebody has changed since.
async fn put_back(
    catalog: &Catalog,
    record: &ImportRecord,
    work: &mut OpenWork,
    batch: &[Before],
    of: u64,
) -> Result<(), WorkError> {
    let mut left: Vec<&Before> = batch.iter().collect();
    loop {
        let writes: Vec<EntryWrite> = left
            .iter()
            .map(|before| EntryWrite {
                place: Place { partition: before.partition.clone(), sort: before.sort.clone() },
                entry: before.old.clone(),
                expected: Expected::WrittenBy(record.id.clone()),
            })
            .collect();
        let removed = left.iter().filter(|before| before.old.is_none()).count() as u64;
        let (all, kept) = (batch.len() as u64, left.len() as u64);
        let next = Position {
            within: work.position.within + all,
            done: work.position.done + all,
            of,
            added: work.position.added + removed,
            replaced: work.position.replaced + kept - removed,
            changed_since: work.position.changed_since + all - kept,
            ..work.position
        };
        match catalog.write_batch(record.target(), work, next, &writes).await? {
            Batch::Written => {
                work.position = next;
                return Ok(());
            }
            Batch::LeaseLost => return Err(WorkError::LeaseLost),
            Batch::Changed(places) => {
                let mut at = 0;
                left.retain(|_| {
                    at += 1;
                    !places.contains(&(at - 1))
                });
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::run::before_name;
    use super::*;

    fn name(part: u32, start: u64, epoch: u32) -> String {
        format!("imports/a/before/000001/{}", before_name(part, start, epoch))
    }

    #[test]
    fn each_entry_is_put_back_from_the_file_of_whoever_has_written_it() {
        let names = vec![
            name(0, 0, 1),
            name(0, 500, 2),
            name(0, 500, 1),
            name(1, 0, 2),
            name(1, 1980, 2),
            name(2, 0, 2),
        ];
        let written = Position { part: 1, within: 1_000, ..Position::default() };
        let counting = counting(names, written);
        let told: Vec<_> = counting.iter().map(|kept| (kept.key.clone(), kept.start, kept.end)).collect();
        assert_eq!(
            told,
            [(name(0, 0, 1), 0, 500), (name(0, 500, 2), 500, u64::MAX), (name(1, 0, 2), 0, 1_000)]
        );
    }
}
