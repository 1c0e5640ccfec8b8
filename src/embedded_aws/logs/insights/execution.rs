//! A query at work: rows go in one by one, and through the stages as far as they get.

use std::cmp::Ordering;
use std::collections::HashSet;

use super::aggregation::Aggregation;
use super::evaluate::Resolved;
use super::memory::{MOST_BYTES, Memory};
use super::patterns::Pattern;
use super::row::{Event, Row, Source};
use super::value::Value;

/// How many rows a query may hold back to sort them, or remember to tell doubles.
const MOST_ROWS_HELD: usize = 500_000;

/// Why a query ended without a result.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum ExecutionError {
    /// There are more groups, or different values, than one query may have.
    #[error("the query makes more than {most} groups or counts more than {most} different values")]
    TooManyGroups {
        /// How many it may have.
        most: usize,
    },
    /// Too many rows would have to be held.
    #[error(
        "the query sorts or compares more than {most} rows; filter before, or limit right after the sort"
    )]
    TooManyRows {
        /// How many it may hold.
        most: usize,
    },
    /// What would have to be held is too large.
    #[error(
        "the query would hold more than {} MiB; filter before, group by less, or limit right after the sort",
        MOST_BYTES / (1024 * 1024)
    )]
    OutOfMemory,
    /// A match would take minutes.
    #[error(
        "a regular expression is too large for a long record; make it simpler, or filter long records out before"
    )]
    PatternTooHard,
}

/// A row of the result: names and values.
pub(crate) type ResultRow = Vec<(String, String)>;

/// A step of the pipeline.
#[derive(Debug)]
pub(super) enum Stage {
    /// Puts the value of an expression into a slot.
    Compute { slot: usize, expression: Resolved },
    /// Lets rows through of which this is true.
    Filter(Resolved),
    /// Puts what the groups of a pattern find into slots.
    Extract { subject: Resolved, pattern: Pattern, slots: Vec<(usize, usize)> },
    /// Counts the events that matched.
    Tally(u64),
    /// Lets the first row through of those that agree in all these.
    Dedup { keys: Vec<Resolved>, seen: HashSet<Vec<u8>> },
    /// Lets so many more rows through.
    Limit(usize),
    /// Holds all rows back, and lets them through in order.
    Sort(Sorting),
    /// Makes one row of each group.
    Aggregate(Box<Aggregation>),
}

/// The result so far.
#[derive(Debug)]
pub(super) struct Output {
    /// The columns, and where their values are.
    pub(super) columns: Vec<(String, Source)>,
    /// The most rows.
    pub(super) most: usize,
    /// The rows.
    pub(super) rows: Vec<ResultRow>,
}

/// A query at work.
#[derive(Debug)]
pub(crate) struct Execution {
    stages: Vec<Stage>,
    output: Output,
    row: Row,
    memory: Memory,
}

impl Execution {
    pub(super) fn new(stages: Vec<Stage>, output: Output, row: Row) -> Self {
        Self { stages, output, row, memory: Memory::new(MOST_BYTES) }
    }

    /// The same with another limit of memory.
    #[cfg(test)]
    pub(super) fn with_memory(self, bytes: usize) -> Self {
        Self { memory: Memory::new(bytes), ..self }
    }

    /// The place for the next event. What the query does not need can be left as it is.
    pub(crate) fn event(&mut self) -> &mut Event {
        self.row.reset();
        &mut self.row.event
    }

    /// Takes the event that was put into its place. Events are to come newest first.
    ///
    /// # Errors
    /// When the query would need more memory than it may.
    pub(crate) fn take(&mut self) -> Result<(), ExecutionError> {
        push(&mut self.stages, &mut self.output, &mut self.row, &mut self.memory)
    }

    /// Takes as many events as the one that was put into its place, in the sense of
    /// [`Plan::counting_period`](super::Plan::counting_period).
    ///
    /// # Errors
    /// When the query would need more memory than it may.
    pub(crate) fn take_run(&mut self, count: u64) -> Result<(), ExecutionError> {
        self.row.weight = count;
        self.take()
    }

    /// How many events matched so far.
    pub(crate) fn matched(&self) -> u64 {
        let tally = self.stages.iter().find_map(|stage| match stage {
            Stage::Tally(count) => Some(*count),
            _ => None,
        });
        tally.unwrap_or(0)
    }

    /// The result, after the last event.
    ///
    /// # Errors
    /// When the query would need more memory than it may.
    pub(crate) fn finish(mut self) -> Result<Vec<ResultRow>, ExecutionError> {
        let mut stages = self.stages.as_mut_slice();
        while let Some((stage, rest)) = stages.split_first_mut() {
            match stage {
                Stage::Sort(sorting) => {
                    for mut row in sorting.finish() {
                        self.memory.let_go(row.size());
                        push(rest, &mut self.output, &mut row, &mut self.memory)?;
                    }
                }
                Stage::Aggregate(aggregation) => {
                    let (output, memory) = (&mut self.output, &mut self.memory);
                    aggregation.finish(&mut self.row, |row| push(rest, output, row, memory))?;
                }
                _ => {}
            }
            stages = rest;
        }
        Ok(self.output.rows)
    }
}

/// Sends a row through the stages until one holds it or lets it fall.
fn push(
    stages: &mut [Stage],
    output: &mut Output,
    row: &mut Row,
    memory: &mut Memory,
) -> Result<(), ExecutionError> {
    for stage in stages {
        let goes_on = match stage {
            Stage::Compute { slot, expression } => {
                let value = expression.value(row);
                row.set(*slot, value);
                true
            }
            Stage::Filter(condition) => condition.is_true(row),
            Stage::Extract { subject, pattern, slots } => {
                extract(subject, pattern, slots, row);
                true
            }
            Stage::Tally(count) => {
                *count += row.weight;
                true
            }
            Stage::Dedup { keys, seen } => is_first(keys, seen, row, memory)?,
            Stage::Limit(left) => {
                let goes_on = *left > 0;
                *left = left.saturating_sub(1);
                goes_on
            }
            Stage::Sort(sorting) => {
                sorting.add(row, memory)?;
                false
            }
            Stage::Aggregate(aggregation) => {
                aggregation.add(row, memory)?;
                false
            }
        };
        if row.is_given_up() {
            return Err(ExecutionError::PatternTooHard);
        }
        if !goes_on {
            return Ok(());
        }
    }
    output.add(row, memory)
}

fn extract(subject: &Resolved, pattern: &Pattern, slots: &[(usize, usize)], row: &mut Row) {
    let groups = slots.iter().map(|(group, _)| *group);
    match subject.with_text(row, |text| pattern.groups(text, groups)) {
        None | Some(Ok(None)) => {}
        Some(Ok(Some(values))) => {
            for ((_, slot), value) in slots.iter().zip(values) {
                row.set(*slot, value.map_or(Value::Missing, Value::Text));
            }
        }
        Some(Err(too_hard)) => {
            row.give_up(too_hard);
        }
    }
}

/// Whether no row before agreed with this one. Rows with a missing value agree with none.
fn is_first(
    keys: &[Resolved],
    seen: &mut HashSet<Vec<u8>>,
    row: &Row,
    memory: &mut Memory,
) -> Result<bool, ExecutionError> {
    let mut key = Vec::new();
    for expression in keys {
        let value = expression.value(row);
        if !value.is_present() {
            return Ok(true);
        }
        value.write_key(&mut key);
    }
    if seen.contains(&key) {
        return Ok(false);
    }
    if seen.len() >= MOST_ROWS_HELD {
        return Err(ExecutionError::TooManyRows { most: MOST_ROWS_HELD });
    }
    memory.hold(key.len())?;
    seen.insert(key);
    Ok(true)
}

impl Output {
    fn add(&mut self, row: &Row, memory: &mut Memory) -> Result<(), ExecutionError> {
        if self.rows.len() >= self.most {
            return Ok(());
        }
        let cells = self.columns.iter().filter_map(|(name, source)| {
            let value = row.value(*source);
            value.text().map(|text| (name.clone(), text.into_owned()))
        });
        let cells: ResultRow = cells.collect();
        memory.hold(cells.iter().map(|(name, value)| name.len() + value.len()).sum())?;
        self.rows.push(cells);
        Ok(())
    }
}

/// A `sort` command at work.
#[derive(Debug)]
pub(super) struct Sorting {
    /// What is compared, and whether the greatest comes first.
    keys: Vec<(Resolved, bool)>,
    /// How many rows are wanted of the sorted ones, if not all.
    wanted: Option<usize>,
    rows: Vec<(Vec<Value>, Row)>,
    /// The keys of the last wanted row when rows were last dropped: what comes after it need not be
    /// held.
    cut: Option<Vec<Value>>,
}

impl Sorting {
    pub(super) fn new(keys: Vec<(Resolved, bool)>) -> Self {
        Self { keys, wanted: None, rows: Vec::new(), cut: None }
    }

    /// Says how many rows are wanted, if not all.
    pub(super) fn want(&mut self, wanted: Option<usize>) {
        self.wanted = wanted;
    }

    fn add(&mut self, row: &Row, memory: &mut Memory) -> Result<(), ExecutionError> {
        let values: Vec<_> = self.keys.iter().map(|(expression, _)| expression.value(row)).collect();
        if self.cut.as_ref().is_some_and(|cut| compare(&self.keys, &values, cut).is_ge()) {
            return Ok(());
        }
        memory.hold(row.size())?;
        self.rows.push((values, row.clone()));
        match self.wanted {
            Some(wanted) if self.rows.len() >= wanted.saturating_mul(2).max(1000) => {
                self.drop_unwanted(wanted, memory);
            }
            None if self.rows.len() > MOST_ROWS_HELD => {
                return Err(ExecutionError::TooManyRows { most: MOST_ROWS_HELD });
            }
            _ => {}
        }
        Ok(())
    }

    fn sort(&mut self) {
        let keys = &self.keys;
        // Stable: rows that agree in all keys stay newest first.
        self.rows.sort_by(|(left, _), (right, _)| compare(keys, left, right));
    }

    fn drop_unwanted(&mut self, wanted: usize, memory: &mut Memory) {
        self.sort();
        for (_, row) in self.rows.drain(wanted.min(self.rows.len())..) {
            memory.let_go(row.size());
        }
        self.cut = self.rows.last().map(|(values, _)| values.clone());
    }

    fn finish(&mut self) -> impl Iterator<Item = Row> {
        self.sort();
        std::mem::take(&mut self.rows).into_iter().map(|(_, row)| row)
    }
}

fn compare(keys: &[(Resolved, bool)], left: &[Value], right: &[Value]) -> Ordering {
    let orders = keys.iter().zip(left.iter().zip(right)).map(|((_, is_descending), (left, right))| {
        let order = left.rank(right);
        if *is_descending { order.reverse() } else { order }
    });
    orders.fold(Ordering::Equal, Ordering::then)
}
