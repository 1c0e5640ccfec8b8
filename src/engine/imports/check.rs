//! The dry run: reads a file, says what is in it and how it is to what is there, and writes nothing.

use super::compare::{self, CHUNK, Difference, Glasses};
use super::record::{Check, ImportRecord};
use super::spool::Table;
use super::worker::WorkError;
use super::{directory, record};
use crate::engine::catalog::Catalog;
use crate::engine::catalog::analytics::latest_day;
use crate::model::import::{ImportCounts, ImportState, StatementShare, StatementSum, UnmatchedSale};
use crate::music::import::directory::Directory;
use crate::music::import::evidence;
use crate::music::import::head::{self, LOOKED_AT};
use crate::music::import::layout::Subject;
use crate::music::import::mapping::Mapping;
use crate::music::import::number::Decimal;
use crate::music::import::reading::Problem;
use crate::music::import::rows::{Row, Rows};
use crate::music::import::survey::{self, NOBODY, Survey};
use crate::music::royalty::exact::minor_digits;
use bytes::Bytes;
use jiff::Timestamp;
use std::sync::Arc;

/// How many lines the page shows.
const SAMPLE: usize = 10;
/// How much of a cell it shows, and of how many columns.
const SHOWN: usize = 80;
const COLUMNS: usize = 100;
/// How many problems, names and recordings it shows.
const PROBLEMS: usize = 50;
const NAMES: usize = 200;
const RECORDINGS: usize = 100;
const EARNERS: usize = 500;

/// Checks an import and changes its record accordingly.
pub(super) async fn check(catalog: &Catalog, record: &mut ImportRecord) -> Result<(), WorkError> {
    let table = Table::fetch(catalog, record).await?;
    let first = first_rows(&table).await?;
    if record.mapping.is_none() {
        let head = head::find(&first)?;
        record.mapping = Some(Mapping::proposed(&head, table.dialect.clone()));
        record.head = Some(head);
    }
    let Some(mapping) = &mut record.mapping else { return Ok(()) };
    record.sample = sample(&first, mapping.head);
    let mut check = Check::default();
    let missing = mapping.missing();
    let evidence = {
        let mapping = mapping.clone();
        table.read(move |file, _| evidence::of(file, &mapping)).await?
    };
    let open = evidence::decide(mapping, evidence);
    check.questions = missing.into_iter().chain(open).map(|(_, words)| words).collect();
    if record.artists.is_some() && mapping.subject == Subject::Statement {
        // What is payable is worked out of statements, which is not for those who may not see it.
        check
            .questions
            .push("It is a statement of sales, which the label imports. Bring it to them.".to_owned());
    }
    if check.questions.is_empty() {
        let directory = directory::of(catalog, record.artists.as_ref()).await?;
        let latest = latest_day(Timestamp::now());
        (check.directory, check.latest) = (directory.digest(), Some(latest));
        let mapping = Arc::new(mapping.clone());
        let glasses = Glasses { mapping, directory: Arc::new(directory), latest };
        look(catalog, record, &table, &glasses, &mut check).await?;
    }
    record.check = Some(check);
    record.failure = None;
    record.state = ImportState::Ready;
    Ok(())
}

async fn first_rows(table: &Table) -> Result<Vec<Row>, WorkError> {
    let dialect = table.dialect.clone();
    let read = table.read(move |file, _| {
        let mut rows = Rows::new(file, &dialect);
        let mut first = Vec::new();
        while first.len() < LOOKED_AT {
            let Some(row) = rows.next_row()? else { break };
            first.push(row.clone());
        }
        Ok(first)
    });
    read.await
}

fn sample(first: &[Row], head: u64) -> Vec<Vec<String>> {
    let rows = first.iter().filter(|row| row.line > head && !row.is_blank()).take(SAMPLE);
    let cell = |cell: &str| cell.trim().chars().take(SHOWN).collect();
    rows.map(|row| row.cells.iter().take(COLUMNS).map(cell).collect()).collect()
}

/// Reads all of it, and compares it with what is there.
async fn look(
    catalog: &Catalog,
    record: &ImportRecord,
    table: &Table,
    glasses: &Glasses,
    check: &mut Check,
) -> Result<(), WorkError> {
    let eyes = glasses.clone();
    let read = table.read(move |file, goes_on| survey::of(file, eyes.reader(), |_| goes_on()));
    let mut survey = read.await?.ok_or(WorkError::Stopped)?;
    check.parts = survey.parts();
    check.counts = counts(&survey);
    let mut problems = std::mem::take(&mut survey.problems);
    let (mut joined, mut worldwide) = (0, 0);
    for part in &check.parts {
        let found = compare::read_part(table, glasses, part).await?;
        check.counts.repeated += found.repeated;
        joined += found.joined;
        worldwide += found.worldwide;
        let entries = compare::entries(catalog, record, found)?;
        for chunk in entries.chunks(CHUNK) {
            let there = compare::existing(catalog, record.target(), chunk).await?;
            for entry in chunk {
                let old = there.get(&entry.place());
                match compare::difference(&compare::merged(entry, old), old) {
                    Difference::New => check.counts.new += 1,
                    Difference::Same => check.counts.same += 1,
                    Difference::Changed => check.counts.changed += 1,
                }
            }
        }
    }
    keep_problems(catalog, record, &problems).await?;
    problems.truncate(PROBLEMS);
    describe(&survey, &glasses.directory, check);
    check.problems = problems;
    note_repeats(check, joined, worldwide);
    if !record.target_has_lines() && check.counts.usable > 0 {
        check.notes.extend(unsaid(&glasses.mapping));
    }
    Ok(())
}

/// What lines are about that others are about, too.
fn note_repeats(check: &mut Check, joined: u64, worldwide: u64) {
    if check.counts.repeated > 0 {
        check.notes.push(match check.counts.repeated {
            1 => "1 line stands in the file twice, word for word. It counts once.".to_owned(),
            lines => format!("{lines} lines stand in the file twice, word for word. They count once."),
        });
    }
    if joined > 0 {
        let lines = if joined == 1 { "1 line is".to_owned() } else { format!("{joined} lines are") };
        check.notes.push(format!(
            "{lines} about the same day, platform, territory and recording as an earlier one, such as two offers of a \
             store. They are added up. Leave out of the file what they are to correct."
        ));
    }
    if worldwide > 0 {
        let times = if worldwide == 1 { "Once".to_owned() } else { format!("{worldwide} times") };
        check.notes.push(format!(
            "{times} the file has streams of the whole world, or of no territory, beside those of territories that they \
             cover. They count as the sum, and what the territories lack as the rest of the world."
        ));
    }
}

fn counts(survey: &Survey) -> ImportCounts {
    ImportCounts {
        lines: survey.rows,
        usable: survey.usable,
        wrong: survey.wrong,
        of_unknown: survey.of_unknown,
        left_out: survey.left_out,
        ..ImportCounts::default()
    }
}

/// Which figures the file does not say.
fn unsaid(mapping: &Mapping) -> Option<String> {
    use crate::music::import::field::Field;
    let figures = [Field::Listeners, Field::Saves, Field::Followers];
    let unsaid: Vec<_> =
        figures.into_iter().filter(|field| mapping.column(*field).is_none()).map(Field::label).collect();
    let words = || {
        format!(
            "The file does not say: {}. What is there of it stays; where nothing is there, nothing is made up.",
            unsaid.join(", ").to_lowercase()
        )
    };
    (!unsaid.is_empty()).then(words)
}

fn describe(survey: &Survey, directory: &Directory, check: &mut Check) {
    check.notes = survey.notes(directory);
    check.problem_count = survey.problem_count;
    check.span = survey.first.clone().zip(survey.last.clone());
    check.last_of.clone_from(&survey.last_of);
    check.unknown = survey.unknown.iter().map(|(name, lines)| (name.clone(), *lines)).collect();
    check.unknown.sort_by_key(|(_, lines)| std::cmp::Reverse(*lines));
    if survey.more_unknown || check.unknown.len() > NAMES {
        check
            .notes
            .push("More names are not known than are shown. Choose for these, and check again.".to_owned());
    }
    check.unknown.truncate(NAMES);
    let unmatched = survey.unmatched().into_iter().take(RECORDINGS).map(|sold| {
        let nearest = directory.nearest_recording(&sold.title);
        let parts = [sold.artist, sold.title, sold.isrc];
        let said: Vec<&str> = parts.iter().map(String::as_str).filter(|part| !part.is_empty()).collect();
        UnmatchedSale {
            what: said.join(" · "),
            lines: sold.lines,
            nearest: nearest.map(|(isrc, title)| format!("{title}, {isrc}")),
        }
    });
    check.unmatched = unmatched.collect();
    if survey.unmatched_lines > 0 {
        check.notes.push(format!(
            "{} lines are about nothing that the catalogue has. They are kept, so that no money is lost, and belong \
             to nobody.",
            survey.unmatched_lines
        ));
    }
    check.sums = survey.currencies.iter().map(|(currency, found)| sum_of(currency, *found)).collect();
    check.earned = survey.earned.iter().map(|(key, found)| share(directory, key, *found)).collect();
    check.earned.sort_by(|a, b| (a.artist_id.is_none(), &a.name).cmp(&(b.artist_id.is_none(), &b.name)));
    if check.earned.len() > EARNERS {
        check.notes.push(format!("Only the first {EARNERS} artists are shown under “Who earned what”."));
        check.earned.truncate(EARNERS);
    }
}

fn sum_of(currency: &str, (sum, lines): (Option<Decimal>, u64)) -> StatementSum {
    let amount = sum.map(|sum| exact(&sum.to_string(), currency));
    StatementSum { currency: currency.to_owned(), amount, lines }
}

fn share(
    directory: &Directory,
    (whose, currency): &(String, String),
    found: (Option<Decimal>, u64),
) -> StatementShare {
    let artist_id = (whose != NOBODY).then(|| whose.clone());
    let name = match &artist_id {
        Some(id) => directory.name_of(id).unwrap_or(id).to_owned(),
        None => "Not in the catalogue".to_owned(),
    };
    StatementShare { artist_id, name, sum: sum_of(currency, found) }
}

/// An amount with at least the digits of its currency.
fn exact(amount: &str, currency: &str) -> String {
    let digits = minor_digits(currency) as usize;
    match amount.split_once('.') {
        Some((whole, fraction)) => format!("{whole}.{fraction:0<digits$}"),
        None if digits == 0 => amount.to_owned(),
        None => format!("{amount}.{:0<digits$}", ""),
    }
}

/// Keeps all lines that cannot be used, for whoever corrects them.
async fn keep_problems(
    catalog: &Catalog,
    record: &ImportRecord,
    problems: &[Problem],
) -> Result<(), WorkError> {
    let mut text = String::new();
    for problem in problems {
        let line = serde_json::to_string(problem)
            .map_err(|error| record::unreadable(&record.id, error.to_string()))?;
        text.push_str(&line);
        text.push('\n');
    }
    let key = record.problems_key()?;
    let kept = Bytes::from(text);
    Ok(catalog.replace_object(&record.bucket, key.as_str(), "application/x-ndjson", kept).await?)
}

impl ImportRecord {
    fn target_has_lines(&self) -> bool {
        self.target() == crate::engine::catalog::imports::kept::Target::Lines
    }
}
