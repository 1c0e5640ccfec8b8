//! An answer while it is written, and the words that its lines are made of.

use super::node::Node;
use crate::model::task::{Advice, AnswerPart, AnswerTable, Column, Line, Piece};

/// The most rows of a table; the step itself has the others.
pub(super) const MOST_ROWS: usize = 25;

/// Words of Patchline's own. They hold no numbers.
pub(super) fn words(text: impl Into<String>) -> Piece {
    Piece::Words(text.into())
}

/// A line of Patchline's own words alone.
pub(super) fn said(text: &str) -> Line {
    Line(vec![words(text)])
}

/// A column of texts.
pub(super) fn texts(title: &str) -> Column {
    Column { title: title.to_owned(), numeric: false }
}

/// A column of numbers.
pub(super) fn numbers(title: &str) -> Column {
    Column { title: title.to_owned(), numeric: true }
}

/// A cell with words of the table's own.
pub(super) fn label(text: &str) -> AnswerPart {
    AnswerPart::Label(text.to_owned())
}

/// An answer while it is written.
#[derive(Default)]
pub(super) struct Draft {
    pub(super) headline: Option<Line>,
    pub(super) tables: Vec<AnswerTable>,
    pub(super) findings: Vec<Line>,
    pub(super) advice: Vec<Advice>,
    pub(super) unseen: Vec<Line>,
}

impl Draft {
    /// Takes the line that answers, unless there is one.
    pub(super) fn headline(&mut self, line: Option<Line>) {
        if self.headline.is_none() {
            self.headline = line;
        }
    }

    /// Adds a finding, where there is one.
    pub(super) fn finding(&mut self, pieces: Option<Vec<Piece>>) {
        self.findings.extend(pieces.map(Line));
    }

    /// Adds something to do with its reason.
    pub(super) fn advise(&mut self, action: Line, reason: Line, task: Option<String>) {
        self.advice.push(Advice { action, reason, task });
    }

    /// Adds what could not be seen.
    pub(super) fn missing(&mut self, pieces: Option<Vec<Piece>>) {
        self.unseen.extend(pieces.map(Line));
    }

    /// Adds a table of a row for each part of a list, where it has any; says so where it leaves some out.
    pub(super) fn table<'a>(
        &mut self,
        title: &str,
        columns: Vec<Column>,
        rows: &[Node<'a>],
        cells: impl Fn(&Node<'a>) -> Vec<AnswerPart>,
    ) {
        if rows.is_empty() {
            return;
        }
        if rows.len() > MOST_ROWS {
            let line =
                format!("The table “{title}” shows the first rows only; the step's result has all of them.");
            self.unseen.push(said(&line));
        }
        let rows = rows.iter().take(MOST_ROWS).map(cells).collect();
        self.tables.push(AnswerTable { title: title.to_owned(), columns, rows });
    }
}

/// Joins pieces with commas and an "and".
pub(super) fn listed(pieces: Vec<Piece>) -> Vec<Piece> {
    let count = pieces.len();
    let mut joined = Vec::with_capacity(count * 2);
    for (index, piece) in pieces.into_iter().enumerate() {
        match index {
            0 => {}
            _ if index + 1 == count => joined.push(words(" and ")),
            _ => joined.push(words(", ")),
        }
        joined.push(piece);
    }
    joined
}

/// Takes the full stop after a quotation that has its own.
pub(super) fn tidy(Line(pieces): &mut Line) {
    for place in 1..pieces.len() {
        let (before, rest) = pieces.split_at_mut(place);
        let (Some(Piece::Quoted(figure)), Some(Piece::Words(text))) = (before.last(), rest.first_mut())
        else {
            continue;
        };
        if figure.text.ends_with(['.', '!', '?', '…']) && text.starts_with('.') {
            text.remove(0);
        }
    }
    pieces.retain(|piece| !matches!(piece, Piece::Words(text) if text.is_empty()));
}

/// An id as it may stand in the sentence of a task: letters, digits, `-` and `_` only.
pub(super) fn id<'a>(node: &Node<'a>, name: &str) -> Option<&'a str> {
    let id = node.nearest(name)?;
    let fits = |character: char| character.is_ascii_alphanumeric() || matches!(character, '-' | '_');
    (id.len() <= 64 && id.chars().all(fits)).then_some(id)
}

/// The sentence of a task about the thing that a field names.
pub(super) fn task(node: &Node<'_>, name: &str, before: &str, after: &str) -> Option<String> {
    id(node, name).filter(|id| !id.is_empty()).map(|id| format!("{before}{id}{after}"))
}
