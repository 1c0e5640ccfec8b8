//! The line that answers where no workflow has one of its own: what the steps found, told plainly.

use super::draft::{Draft, words};
use super::format::Form;
use super::node::Node;
use super::rows;
use super::validate::record;
use crate::model::task::{Line, Piece};

/// Tells for each result how much it found, and lets the first of them answer where nothing else does.
pub(super) fn fill(results: &[Node<'_>], draft: &mut Draft) {
    if draft.headline.is_some() {
        return;
    }
    let mut lines = results.iter().filter_map(count);
    if let Some(first) = lines.next() {
        draft.headline = Some(Line(first));
        draft.findings.extend(lines.map(Line));
    }
}

fn count(result: &Node<'_>) -> Option<Vec<Piece>> {
    let mut pieces = vec![words(record(&result.planned.title)), words(": ")];
    match rows::main_list(result) {
        Some(list) if list.items().is_empty() => pieces.push(words("nothing was found.")),
        Some(list) => pieces.extend([Piece::Figure(list.figure(Form::Count)?), words(" found.")]),
        None => {
            let fields = result.fields();
            let told = fields.iter().find(|(_, node)| node.value.is_string() || node.value.is_number());
            let (_, field) = told?;
            pieces.push(field.figure(Form::of(field)?).map(Piece::Quoted)?);
        }
    }
    Some(pieces)
}
