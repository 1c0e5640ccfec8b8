//! From the syntax tree to the stages: resolves names, and finds out what is needed of each event.

use std::collections::{HashMap, HashSet};
use std::ops::Range;
use std::sync::Arc;

use super::aggregation::Aggregation;
use super::error::QueryError;
use super::evaluate::Resolved;
use super::execution::{Execution, Output, Sorting, Stage};
use super::json_fields::WantedFields;
use super::row::{Row, Source};
use super::syntax::{Aggregate, AggregateKind, Column, Command, Expression, Extraction, Operand, SortKey};

/// A query that is ready to run.
#[derive(Debug)]
pub(crate) struct Plan {
    stages: Vec<Stage>,
    output: Output,
    slots: usize,
    wanted: WantedFields,
    needs_message: bool,
    needs_origin: bool,
}

impl Plan {
    /// Resolves the commands; `most` is how many rows are returned when the query does not limit them.
    pub(super) fn of(commands: Vec<Command>, most: usize) -> Result<Self, QueryError> {
        let mut planner = Planner::default();
        for command in commands {
            planner.add(command)?;
        }
        Ok(planner.finish(most))
    }

    /// Whether the messages of events are needed. Times and numbers always are.
    pub(crate) fn needs_message(&self) -> bool {
        self.needs_message
    }

    /// Whether the streams of events, or the times at which they arrived, are needed.
    pub(crate) fn needs_origin(&self) -> bool {
        self.needs_origin
    }

    /// For a query that only counts events by time: a length in milliseconds, such that events in the
    /// same period of this length, counted from 1970, are all the same to it.
    pub(crate) fn counting_period(&self) -> Option<i64> {
        match self.stages.iter().find(|stage| !matches!(stage, Stage::Tally(_))) {
            Some(Stage::Aggregate(aggregation)) => aggregation.counting_period(),
            _ => None,
        }
    }

    /// Begins.
    pub(crate) fn start(self) -> Execution {
        let row = Row::new(self.slots, Arc::new(self.wanted));
        Execution::new(self.stages, self.output, row)
    }
}

/// What chose the columns of the result.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum Choice {
    /// Nothing yet: the usual two come first.
    #[default]
    Usual,
    /// `fields` or `stats`, and parsed fields join them.
    Added,
    /// `display`: nothing joins them unasked.
    Final,
}

#[derive(Default)]
struct Planner {
    stages: Vec<Stage>,
    slots: usize,
    wanted: WantedFields,
    needs_message: bool,
    needs_origin: bool,
    /// The slots of names that were given or computed.
    names: HashMap<String, usize>,
    /// The columns of the result so far.
    columns: Vec<(String, Source)>,
    choice: Choice,
    /// Whether rows stand for groups, and so have no fields but those of the group.
    is_grouped: bool,
}

impl Planner {
    fn add(&mut self, command: Command) -> Result<(), QueryError> {
        match command {
            Command::Fields(columns) => {
                if self.choice == Choice::Usual {
                    // What was parsed before stays.
                    self.choice = Choice::Added;
                }
                self.choose(columns)
            }
            Command::Display(columns) => {
                self.choice = Choice::Final;
                self.columns.clear();
                self.choose(columns)
            }
            Command::Filter(condition) => {
                let condition = self.resolve(condition)?;
                self.stages.push(Stage::Filter(condition));
                Ok(())
            }
            Command::Parse(extraction) => self.parse(extraction),
            Command::Stats { columns, by } => self.stats(columns, by),
            Command::Sort(keys) => self.sort(keys),
            Command::Limit(rows) => {
                self.stages.push(Stage::Limit(rows));
                Ok(())
            }
            Command::Dedup(columns) => {
                let keys = columns
                    .into_iter()
                    .map(|column| self.resolve_column(column))
                    .collect::<Result<_, _>>()?;
                self.stages.push(Stage::Dedup { keys, seen: HashSet::new() });
                Ok(())
            }
        }
    }

    fn choose(&mut self, columns: Vec<Column>) -> Result<(), QueryError> {
        for column in columns {
            let name = column.name().to_owned();
            let has_alias = column.alias.is_some();
            let source = match self.resolve_column(column)? {
                Expression::Reference(source) if !has_alias => source,
                expression => Source::Slot(self.compute(&name, expression)),
            };
            self.show(name, source);
        }
        Ok(())
    }

    fn show(&mut self, name: String, source: Source) {
        match self.columns.iter_mut().find(|(known, _)| *known == name) {
            Some((_, known)) => *known = source,
            None => self.columns.push((name, source)),
        }
    }

    /// Computes a value that later commands can name.
    fn compute(&mut self, name: &str, expression: Resolved) -> usize {
        let slot = self.name(name);
        self.stages.push(Stage::Compute { slot, expression });
        slot
    }

    /// A new slot for this name.
    fn name(&mut self, name: &str) -> usize {
        let slot = self.slots;
        self.slots += 1;
        self.names.insert(name.to_owned(), slot);
        slot
    }

    fn parse(&mut self, extraction: Extraction) -> Result<(), QueryError> {
        let subject = self.resolve(extraction.subject)?;
        let mut slots = Vec::new();
        for (group, name) in extraction.fields {
            let slot = self.name(&name);
            slots.push((group, slot));
            if self.choice != Choice::Final {
                self.show(name, Source::Slot(slot));
            }
        }
        self.stages.push(Stage::Extract { subject, pattern: extraction.pattern, slots });
        Ok(())
    }

    fn stats(&mut self, columns: Vec<Column>, by: Vec<Column>) -> Result<(), QueryError> {
        let mut names = HashMap::new();
        let mut shown = Vec::new();
        let mut groups = Vec::new();
        for column in by {
            let name = column.name().to_owned();
            let expression = self.resolve_column(column)?;
            let slot = self.new_slot();
            groups.push((expression, slot));
            names.insert(name.clone(), slot);
            shown.push((name, Source::Slot(slot)));
        }
        let mut computed = Vec::new();
        let mut after = Vec::new();
        for column in columns {
            let name = column.name().to_owned();
            let expression = column.expression.replace(&mut |operand| match operand {
                Operand::Aggregate(aggregate) => self.aggregate(*aggregate, &mut computed),
                // What was computed before in the same command.
                Operand::Field(name, span) => {
                    names.get(&name).map(|slot| Source::Slot(*slot)).ok_or_else(|| {
                        let message = format!(
                            "expected a function of stats, such as count(*), around the field {name}"
                        );
                        QueryError::new(span, message)
                    })
                }
            })?;
            let slot = match expression {
                Expression::Reference(Source::Slot(slot)) => slot,
                expression => {
                    let slot = self.new_slot();
                    after.push(Stage::Compute { slot, expression });
                    slot
                }
            };
            names.insert(name.clone(), slot);
            shown.push((name, Source::Slot(slot)));
        }
        self.stages.push(Stage::Aggregate(Box::new(Aggregation::new(groups, computed))));
        self.stages.extend(after);
        (self.names, self.columns) = (names, shown);
        (self.choice, self.is_grouped) = (Choice::Added, true);
        Ok(())
    }

    fn new_slot(&mut self) -> usize {
        self.slots += 1;
        self.slots - 1
    }

    fn aggregate(
        &mut self,
        aggregate: Aggregate,
        computed: &mut Vec<(AggregateKind, Option<Resolved>, usize)>,
    ) -> Result<Source, QueryError> {
        let goes_by_time = matches!(aggregate.kind, AggregateKind::Earliest | AggregateKind::Latest);
        if goes_by_time && self.is_grouped {
            let message =
                "expected no earliest or latest after stats: its rows are of no single time; use min or max";
            return Err(QueryError::new(aggregate.span, message));
        }
        let argument = aggregate.argument.map(|argument| self.resolve(argument)).transpose()?;
        let slot = self.new_slot();
        computed.push((aggregate.kind, argument, slot));
        Ok(Source::Slot(slot))
    }

    fn sort(&mut self, keys: Vec<SortKey>) -> Result<(), QueryError> {
        let keys = keys
            .into_iter()
            .map(|key| Ok((self.resolve_column(key.column)?, key.is_descending)))
            .collect::<Result<_, QueryError>>()?;
        self.stages.push(Stage::Sort(Sorting::new(keys)));
        Ok(())
    }

    /// An expression; after `stats` also a column by what was written there, such as `bin(5m)`.
    fn resolve_column(&mut self, column: Column) -> Result<Resolved, QueryError> {
        if self.is_grouped
            && let Some(slot) = self.grouped_slot(&column.written)
        {
            return Ok(Expression::Reference(Source::Slot(slot)));
        }
        self.resolve(column.expression)
    }

    /// The slot of a column of `stats` that is called so, whatever the spaces.
    fn grouped_slot(&self, written: &str) -> Option<usize> {
        if let Some(slot) = self.names.get(written) {
            return Some(*slot);
        }
        let wanted = squeezed(written);
        self.names.iter().find(|(name, _)| squeezed(name) == wanted).map(|(_, slot)| *slot)
    }

    fn resolve(&mut self, expression: Expression<Operand>) -> Result<Resolved, QueryError> {
        expression.replace(&mut |operand| match operand {
            Operand::Field(name, span) => self.source(&name, span),
            Operand::Aggregate(aggregate) => {
                let slot = self.is_grouped.then(|| self.grouped_slot(&aggregate.written)).flatten();
                slot.map(Source::Slot).ok_or_else(|| {
                    let message = "expected a function of one row: functions of many rows belong to stats";
                    QueryError::new(aggregate.span.clone(), message)
                })
            }
        })
    }

    fn source(&mut self, name: &str, place: Range<usize>) -> Result<Source, QueryError> {
        if let Some(slot) = self.names.get(name) {
            return Ok(Source::Slot(*slot));
        }
        if self.is_grouped {
            let message = format!("expected a field that the stats before makes; {name} is gone");
            return Err(QueryError::new(place, message));
        }
        Ok(match name {
            "@timestamp" => Source::Timestamp,
            "@ingestionTime" => {
                self.needs_origin = true;
                Source::IngestionTime
            }
            "@logStream" => {
                self.needs_origin = true;
                Source::Stream
            }
            "@log" => Source::Log,
            "@ptr" => Source::Pointer,
            "@message" => {
                self.needs_message = true;
                Source::Message
            }
            field => {
                self.needs_message = true;
                Source::Field(self.wanted.want(field))
            }
        })
    }

    fn finish(mut self, most: usize) -> Plan {
        if self.choice == Choice::Usual {
            self.needs_message = true;
            let parsed = std::mem::take(&mut self.columns);
            for (name, source) in [("@timestamp", Source::Timestamp), ("@message", Source::Message)] {
                self.columns.push((name.to_owned(), source));
            }
            for (name, source) in parsed {
                self.show(name, source);
            }
        }
        if !self.is_grouped && self.columns.iter().all(|(name, _)| name != "@ptr") {
            self.columns.push(("@ptr".to_owned(), Source::Pointer));
        }
        // A query that limits its rows itself may ask for more than the default.
        let limits = self.stages.iter().filter_map(|stage| match stage {
            Stage::Limit(rows) => Some(*rows),
            _ => None,
        });
        let most = limits.min().unwrap_or(most);
        bound_sorting(&mut self.stages, most);
        let tally = place_of_tally(&self.stages);
        self.stages.insert(tally, Stage::Tally(0));
        let output = Output { columns: self.columns, most, rows: Vec::new() };
        Plan {
            stages: self.stages,
            output,
            slots: self.slots,
            wanted: self.wanted,
            needs_message: self.needs_message,
            needs_origin: self.needs_origin,
        }
    }
}

/// After the last filter of events: what gets there has matched.
fn place_of_tally(stages: &[Stage]) -> usize {
    let ends = |stage: &Stage| {
        matches!(stage, Stage::Aggregate(_) | Stage::Sort(_) | Stage::Limit(_) | Stage::Dedup { .. })
    };
    let end = stages.iter().position(ends).unwrap_or(stages.len());
    let filters = stages.iter().take(end).rposition(|stage| matches!(stage, Stage::Filter(_)));
    filters.map_or(0, |filter| filter + 1)
}

/// Sorting holds only as many rows as can get into the result, where nothing after it drops others.
fn bound_sorting(stages: &mut [Stage], most: usize) {
    let mut wanted = Some(most);
    for stage in stages.iter_mut().rev() {
        match stage {
            Stage::Limit(rows) => wanted = Some(wanted.map_or(*rows, |wanted| wanted.min(*rows))),
            Stage::Sort(sorting) => {
                sorting.want(wanted);
                wanted = None;
            }
            Stage::Filter(_) | Stage::Dedup { .. } | Stage::Aggregate(_) => wanted = None,
            Stage::Compute { .. } | Stage::Extract { .. } | Stage::Tally(_) => {}
        }
    }
}

fn squeezed(text: &str) -> String {
    text.chars().filter(|character| !character.is_whitespace()).collect()
}
