//! The check of every answer, whoever wrote it: each figure is in a step's result and is written as its
//! value is, names the source that it comes from, and no other number is told.

use super::Found;
use super::format::Form;
use super::node::Node;
use super::sources;
use super::text::{capitalised, clean, is_clean, is_excerpt, spelled};
use crate::model::task::{AnswerPart, Figure, Line, Piece, TaskAnswer};
use serde_json::Value;
use std::collections::BTreeSet;

/// The longest text of a result whose words may stand in headings and in sentences of tasks, in characters.
const LONGEST_NAME: usize = 100;

/// Something in an answer that no step supports.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Unsupported {
    /// A figure refers to nothing.
    #[error("“{text}” refers to {place}, where no finished step has a value")]
    NoPlace {
        /// The figure.
        text: String,
        /// The place: step and JSON pointer.
        place: String,
    },
    /// A figure is not its value.
    #[error("“{text}” is not what {place} says")]
    OtherValue {
        /// The figure.
        text: String,
        /// The place: step and JSON pointer.
        place: String,
    },
    /// A figure names a source that is not listed, or another one than its own.
    #[error("“{text}” names the source {source_place}, which is not where it comes from")]
    OtherSource {
        /// The figure.
        text: String,
        /// The place in the list of sources, from 0.
        source_place: u32,
    },
    /// Words have a number that neither the task nor a figure has.
    #[error("“{0}” has a number that no step found")]
    Number(String),
    /// A text has hidden characters, or is too long.
    #[error("“{0}” has hidden characters or is too long")]
    Unclean(String),
    /// A row of a table has more or fewer cells than there are columns.
    #[error("a row of the table “{title}” has {cells} cells where there are {columns} columns")]
    Row {
        /// The title of the table.
        title: String,
        /// The cells of the row.
        cells: usize,
        /// The columns of the table.
        columns: usize,
    },
    /// A source that no figure names.
    #[error("no figure comes from the source “{0}”")]
    Source(String),
}

/// Checks an answer against the results of the steps.
///
/// # Errors
/// All that no step supports, in the order of reading.
pub fn validate(answer: &TaskAnswer, found: &Found<'_>) -> Result<(), Vec<Unsupported>> {
    let mut check =
        Check { answer, found, known: Known::of(found), named: BTreeSet::new(), problems: Vec::new() };
    check.line(&answer.headline);
    for table in &answer.tables {
        check.name(&table.title);
        table.columns.iter().for_each(|column| check.name(&column.title));
        for row in &table.rows {
            if row.len() != table.columns.len() {
                check.problems.push(Unsupported::Row {
                    title: table.title.clone(),
                    cells: row.len(),
                    columns: table.columns.len(),
                });
            }
            for cell in row {
                check.cell(cell);
            }
        }
    }
    answer.findings.iter().for_each(|line| check.line(line));
    for advice in &answer.advice {
        check.line(&advice.action);
        check.line(&advice.reason);
        if let Some(task) = &advice.task {
            check.name(task);
        }
    }
    answer.unseen.iter().for_each(|line| check.line(line));
    for (place, source) in answer.sources.iter().enumerate() {
        if !check.named.contains(&place) {
            check.problems.push(Unsupported::Source(source.title.clone()));
        }
    }
    if check.problems.is_empty() { Ok(()) } else { Err(check.problems) }
}

/// The check of one answer.
struct Check<'a> {
    answer: &'a TaskAnswer,
    found: &'a Found<'a>,
    known: Known,
    /// The places of the sources that figures name.
    named: BTreeSet<usize>,
    problems: Vec<Unsupported>,
}

impl Check<'_> {
    fn line(&mut self, Line(pieces): &Line) {
        for piece in pieces {
            match piece {
                Piece::Words(text) => self.words(text),
                Piece::Figure(figure) | Piece::Quoted(figure) => self.figure(figure),
            }
        }
    }

    fn cell(&mut self, cell: &AnswerPart) {
        match cell {
            AnswerPart::Label(text) | AnswerPart::Unknown(text) => self.words(text),
            AnswerPart::Found(figure) => self.figure(figure),
        }
    }

    fn words(&mut self, text: &str) {
        if !is_clean(text) {
            self.problems.push(Unsupported::Unclean(text.to_owned()));
        } else if !self.known.records.contains(text) && !self.known.has_numbers_of(text, false) {
            self.problems.push(Unsupported::Number(text.to_owned()));
        }
    }

    /// A heading, or the sentence of a task: it may have the names that results have.
    fn name(&mut self, text: &str) {
        if !is_clean(text) {
            self.problems.push(Unsupported::Unclean(text.to_owned()));
        } else if !self.known.has_numbers_of(text, true) {
            self.problems.push(Unsupported::Number(text.to_owned()));
        }
    }

    fn figure(&mut self, figure: &Figure) {
        let text = figure.text.clone();
        let place = format!("{}:{}", figure.from.step, figure.from.pointer);
        if !is_clean(&text) {
            return self.problems.push(Unsupported::Unclean(text));
        }
        let Some(node) = Node::at(self.found, &figure.from).filter(|node| !node.value.is_null()) else {
            return self.problems.push(Unsupported::NoPlace { text, place });
        };
        if !is_written_as(&text, &node) {
            return self.problems.push(Unsupported::OtherValue { text, place });
        }
        let place = usize::try_from(figure.source).unwrap_or(usize::MAX);
        self.named.insert(place);
        if self.answer.sources.get(place) != Some(&sources::of(&node)) {
            self.problems.push(Unsupported::OtherSource { text, source_place: figure.source });
        }
    }
}

/// Whether one of the forms writes the value so, or the text is a part of the value's own words.
pub(super) fn is_written_as(text: &str, node: &Node<'_>) -> bool {
    let by_form = Form::ALL.into_iter().filter_map(|form| form.write(node)).any(|written| written == text);
    by_form
        || node
            .value
            .as_str()
            .is_some_and(|whole| whole.contains(char::is_whitespace) && is_excerpt(text, whole))
}

/// The words whose numbers may be repeated.
struct Known {
    /// Numbers of the task's own words and parameters.
    asked: BTreeSet<String>,
    /// Words with digits that results use as names: of fields, of things, ids.
    names: BTreeSet<String>,
    /// What the record of the task says of itself: titles and problems of its steps.
    records: BTreeSet<String>,
}

impl Known {
    fn of(found: &Found<'_>) -> Self {
        let mut known = Self { asked: BTreeSet::new(), names: BTreeSet::new(), records: BTreeSet::new() };
        known.asked.extend(numbers_in(&found.request.task));
        let mut given = Vec::new();
        for value in found.request.parameters.values() {
            collect(value, &mut given);
            given.extend(value.as_f64().map(|_| value.to_string()));
        }
        for text in given {
            known.asked.extend(numbers_in(&text));
        }
        let mut names = Vec::new();
        for step in found.steps {
            step.arguments.iter().chain(&step.result).for_each(|value| collect(value, &mut names));
            known.records.extend(step.problem.iter().map(|problem| record(problem)));
        }
        known.records.extend(found.plan.steps.iter().map(|step| record(&step.title)));
        known.records.extend(found.plan.left_out.iter().map(|what| record(what)));
        known.records.extend(found.understood_line.map(record));
        for name in names {
            known.names.extend(numbered_words(&name));
            known.names.extend(numbered_words(&spelled(&name)));
            known.names.extend(numbered_words(&capitalised(&spelled(&name))));
        }
        known
    }

    /// Whether each number of the words is known.
    fn has_numbers_of(&self, text: &str, as_name: bool) -> bool {
        numbered_words(text).all(|word| {
            let named = as_name && self.names.contains(&word);
            named || numbers_in(&word).all(|number| self.asked.contains(&number))
        })
    }
}

/// What the record of a task says, as it stands in an answer.
pub(super) fn record(text: &str) -> String {
    clean(text, super::text::LONGEST_QUOTE)
}

/// The words of a text that have a digit, without the signs around them.
fn numbered_words(text: &str) -> impl Iterator<Item = String> {
    let words = text.split_whitespace().filter(|word| word.chars().any(char::is_numeric));
    words.map(|word| word.trim_matches(|character: char| !character.is_alphanumeric()).to_owned())
}

/// The numbers of a text: runs of digits with the signs between them.
fn numbers_in(text: &str) -> impl Iterator<Item = String> {
    let runs = text.split(|character: char| !character.is_numeric() && !matches!(character, '.' | ','));
    let numbers = runs.map(|run| run.trim_matches(['.', ',']).to_owned());
    numbers.filter(|number| number.chars().any(char::is_numeric))
}

/// The names and short texts of a value.
fn collect(value: &Value, into: &mut Vec<String>) {
    match value {
        Value::String(text) if text.chars().count() <= LONGEST_NAME => into.push(text.clone()),
        Value::Array(items) => items.iter().for_each(|item| collect(item, into)),
        Value::Object(fields) => fields.iter().for_each(|(name, value)| {
            into.push(name.clone());
            collect(value, into);
        }),
        _ => {}
    }
}
