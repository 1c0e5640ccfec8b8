//! Rows of any query as a table: columns as the query named them, each value in the form that suits it.

use super::draft::{Draft, numbers, texts, words};
use super::format::Form;
use super::node::Node;
use super::text::{capitalised, spelled};
use super::validate::record;
use crate::model::task::{AnswerPart, Column};
use serde_json::Value;

/// The most columns of a table; the step's result has the others.
const MOST_COLUMNS: usize = 8;

/// The most rows that are looked at for columns.
const LOOKED_AT: usize = 50;

/// The lists that tools answer with, the one that matters first.
const LISTS: [&str; 6] = ["rows", "files", "results", "instances", "knowledgeBases", "series"];

/// Shows what a step found as it is: its rows, or its own fields.
pub(super) fn found(result: &Node<'_>, draft: &mut Draft) {
    match main_list(result) {
        Some(list) => table(result, &list, &record(&result.planned.title), draft),
        None => fields(result, draft),
    }
}

/// Rows of daily figures: the newest and the strongest of them in words, too.
pub(super) fn daily(result: &Node<'_>, draft: &mut Draft) {
    let rows = result.list("rows");
    let strongest = rows.iter().filter(|row| row.number("streams").is_some()).max_by(|one, other| {
        one.number("streams").unwrap_or_default().total_cmp(&other.number("streams").unwrap_or_default())
    });
    let newest = rows.iter().max_by_key(|row| row.text("date").unwrap_or_default());
    draft.finding(
        newest.and_then(|row| {
            Some(vec![words("The newest day is "), row.show("date", Form::Day)?, words(".")])
        }),
    );
    draft.finding(strongest.and_then(|row| {
        let mut pieces = vec![
            words("The strongest of these rows: "),
            row.show("streams", Form::Whole)?,
            words(" streams on "),
        ];
        pieces.push(row.show("date", Form::Day)?);
        pieces.extend(
            row.get("platform")
                .and_then(|platform| platform.quoted(Form::of(&platform)?))
                .into_iter()
                .flat_map(|platform| [words(", "), platform]),
        );
        pieces.push(words("."));
        Some(pieces)
    }));
    found(result, draft);
}

/// The list that a step answers with.
pub(super) fn main_list<'a>(result: &Node<'a>) -> Option<Node<'a>> {
    let known = LISTS.iter().find_map(|name| result.get(name).filter(is_list_of_objects));
    known.or_else(|| result.fields().into_iter().map(|(_, node)| node).find(|node| is_list_of_objects(node)))
}

fn is_list_of_objects(node: &Node<'_>) -> bool {
    node.value.as_array().is_some_and(|items| items.iter().all(Value::is_object))
}

/// The rows of a list as a table.
pub(super) fn table(result: &Node<'_>, list: &Node<'_>, title: &str, draft: &mut Draft) {
    let rows = list.items();
    let names = columns(result, &rows);
    if names.is_empty() {
        return;
    }
    let columns = names.iter().map(|name| column(name, &rows)).collect();
    // The words of a step's title are the task's own; a heading may only have numbers that results have.
    let title = if title.chars().any(char::is_numeric) { "What was found" } else { title };
    draft.table(title, columns, &rows, |row| names.iter().map(|name| row.suited_cell(name)).collect());
}

/// The names of the columns that can be shown: in the order of the query, or of the first rows.
fn columns<'a>(result: &Node<'a>, rows: &[Node<'a>]) -> Vec<&'a str> {
    let said: Vec<&str> = result.list("columns").iter().filter_map(|column| column.text("name")).collect();
    let mut names: Vec<&str> = Vec::new();
    let in_rows = rows.iter().take(LOOKED_AT).flat_map(Node::fields);
    let shown = in_rows.filter(|(_, node)| Form::of(node).is_some() && !is_hidden(node));
    for name in said.into_iter().chain(shown.map(|(name, _)| name)) {
        if !names.contains(&name) && !name.starts_with('@') || name == "@timestamp" && !names.contains(&name)
        {
            names.push(name);
        }
    }
    names.truncate(MOST_COLUMNS);
    names
}

/// Whether a field says nothing to people: fingerprints, versions, addresses.
fn is_hidden(node: &Node<'_>) -> bool {
    matches!(
        node.name(),
        "dayPlatform"
            | "etag"
            | "versionId"
            | "version"
            | "url"
            | "downloadUrl"
            | "uri"
            | "sample"
            | "ownerId"
    )
}

fn column(name: &str, rows: &[Node<'_>]) -> Column {
    let title = heading(name);
    let first = rows.iter().take(LOOKED_AT).find_map(|row| row.get(name));
    let is_number = first.is_some_and(|node| {
        matches!(node.value, Value::Number(_) | Value::Array(_)) || Form::of(&node) == Some(Form::Money)
    });
    if is_number { numbers(&title) } else { texts(&title) }
}

/// The name of a column as a heading. Minor units are shown as amounts.
fn heading(name: &str) -> String {
    let words = spelled(name.trim_start_matches('@'));
    capitalised(words.strip_suffix(" minor").unwrap_or(&words))
}

/// The fields of a result without lists.
fn fields(result: &Node<'_>, draft: &mut Draft) {
    let shown: Vec<Node<'_>> = result
        .fields()
        .into_iter()
        .filter(|(name, node)| {
            !matches!(*name, "notes" | "notice") && Form::of(node).is_some() && !is_hidden(node)
        })
        .map(|(_, node)| node)
        .collect();
    draft.table("What the step found", vec![texts("Field"), texts("Value")], &shown, |field| {
        vec![AnswerPart::Label(label(field.name())), field.plain_cell()]
    });
}

/// The name of a field as a label; names with digits stay out, as labels hold no numbers.
fn label(name: &str) -> String {
    let words = capitalised(&spelled(name));
    if words.chars().any(char::is_numeric) || words.is_empty() { "A field".to_owned() } else { words }
}
