//! A change of a release: what it is now, and what it was before.

use super::Found;
use super::draft::{Draft, label, said, texts, words};
use super::node::Node;
use super::rows;
use super::text::{capitalised, spelled};
use crate::model::task::{Argument, Line, Plan};
use serde_json::Value;

/// The tool that changes a release.
const CHANGE: &str = "update_release_data";

/// Tells what a step found: the record after the change, or the one before it.
pub(super) fn told(result: &Node<'_>, found: &Found<'_>, draft: &mut Draft) {
    let attributes = attributes(found.plan);
    let record = result.list("rows").into_iter().next();
    match (result.tool(), record) {
        (CHANGE, Some(record)) => made(&record, &attributes, draft),
        ("query_release_data", Some(record)) if is_begun(found) => before(&record, &attributes, draft),
        ("query_release_data", Some(record)) => as_it_is(&record, &attributes, draft),
        _ => rows::found(result, draft),
    }
}

/// Whether the change was begun: else it was refused or left out, or could not be tried.
fn is_begun(found: &Found<'_>) -> bool {
    let mut changes = found.plan.steps.iter().filter(|step| step.tool == CHANGE);
    changes.any(|step| found.steps.iter().any(|view| view.id == step.id && view.attempts > 0))
}

/// The names of what was to be changed.
fn attributes(plan: &Plan) -> Vec<String> {
    let change = plan.steps.iter().find(|step| step.tool == CHANGE);
    let data = change.and_then(|step| step.arguments.get("updateData"));
    match data {
        Some(Argument::Value(Value::Object(data))) => data.keys().cloned().collect(),
        _ => Vec::new(),
    }
}

fn made(record: &Node<'_>, attributes: &[String], draft: &mut Draft) {
    let title = record.quote("title");
    draft.headline(title.map(|title| Line(vec![title, words(" is changed.")])));
    table("What it is now", record, attributes, draft);
}

/// Without a record after the change nobody has seen that it was made.
fn before(record: &Node<'_>, attributes: &[String], draft: &mut Draft) {
    let title = record.quote("title");
    draft.headline(title.map(|title| Line(vec![title, words(" was not changed, as far as is known.")])));
    table("What it was before", record, attributes, draft);
}

fn as_it_is(record: &Node<'_>, attributes: &[String], draft: &mut Draft) {
    let title = record.quote("title");
    draft.headline(title.map(|title| Line(vec![title, words(" stays as it is.")])));
    table("What it is now", record, attributes, draft);
}

fn table(title: &str, record: &Node<'_>, attributes: &[String], draft: &mut Draft) {
    let changed: Vec<Node<'_>> = attributes.iter().filter_map(|name| record.get(name)).collect();
    draft.table(title, vec![texts("What"), texts("Value")], &changed, |field| {
        vec![label(&capitalised(&spelled(field.name()))), field.plain_cell()]
    });
    if changed.len() < attributes.len() {
        draft.unseen.push(said("The record does not say all that the change was about."));
    }
}
