//! Questions about the industry: statements with their source, days of effect and how sure they are.

use super::draft::{Draft, numbers, said, texts, words};
use super::format::Form;
use super::node::Node;
use crate::model::task::{Line, Piece};

/// Statements that are told in words.
const MOST_STATEMENTS: usize = 4;

/// What a search found. Where the question is another one, the best statements only stand beside its answer.
pub(super) fn found(result: &Node<'_>, leads: bool, draft: &mut Draft) {
    let results = result.list("results");
    if !leads {
        for statement in results.iter().take(2).filter_map(statement_line) {
            draft.findings.push(statement);
        }
        return;
    }
    if result.holds("notInKnowledgeBase") || results.is_empty() {
        draft.headline(Some(said("The knowledge base does not answer this.")));
        if !results.is_empty() {
            draft
                .unseen
                .push(said("What the table shows only comes nearest to the question; it is no answer."));
        }
    } else {
        draft.headline(calculation(result).or_else(|| results.iter().find_map(statement_line)));
        let told = draft.headline.clone();
        let statements = results.iter().filter_map(statement_line).take(MOST_STATEMENTS);
        draft.findings.extend(statements.filter(|line| Some(line) != told.as_ref()));
    }
    entries(&results, draft);
    doubts(&results, draft);
}

/// What an answer from the knowledge base says.
pub(super) fn answered(result: &Node<'_>, leads: bool, draft: &mut Draft) {
    let sources = result.list("sources");
    if result.holds("notInKnowledgeBase") {
        if leads {
            draft.headline(Some(said("The knowledge base does not answer this.")));
        }
        return;
    }
    let parts: Vec<Line> =
        result.list("citations").iter().filter_map(|part| part.get("text")?.line()).collect();
    if leads {
        draft.headline(
            calculation(result).or_else(|| parts.first().cloned()).or_else(|| result.get("answer")?.line()),
        );
    }
    let told = draft.headline.clone();
    draft.findings.extend(parts.into_iter().filter(|line| Some(line) != told.as_ref()).take(MOST_STATEMENTS));
    entries(&sources, draft);
    doubts(&sources, draft);
    if result.holds("usedLanguageModel") {
        draft.unseen.push(said("A language model put the answer into words; the sources decide."));
    }
}

fn calculation(result: &Node<'_>) -> Option<Line> {
    let sum = result.get("calculation")?;
    let mut pieces = vec![sum.show("value", Form::Measured)?, words(" "), sum.quote("unit")?];
    if let Some(way) = sum.passage("text") {
        pieces.extend([words(": "), way]);
    }
    Some(Line(pieces))
}

fn statement_line(found: &Node<'_>) -> Option<Line> {
    let entry = found.get("entry");
    let text =
        entry.as_ref().and_then(|entry| entry.passage("statement")).or_else(|| found.passage("text"))?;
    let mut pieces = vec![text];
    if found.value.get("inForce").and_then(serde_json::Value::as_bool) == Some(false) {
        pieces.push(words(" (Not in force on the day asked about.)"));
    }
    Some(Line(pieces))
}

fn entries(results: &[Node<'_>], draft: &mut Draft) {
    let of_entries: Vec<Node<'_>> =
        results.iter().filter(|found| found.get("entry").is_some()).cloned().collect();
    let columns = vec![
        texts("Rule"),
        numbers("Value"),
        texts("Unit"),
        texts("Where"),
        texts("From"),
        texts("Until"),
        texts("Weight of the source"),
        texts("How sure"),
    ];
    draft.table("Rules with their days and sources", columns, &of_entries, |found| {
        let Some(entry) = found.get("entry") else { return Vec::new() };
        let or = |name: &str, form: Form, why: &str| entry.cell_or(name, form, why);
        vec![
            found.cell("title", Form::Text),
            or("value", Form::Measured, "no figure"),
            or("unit", Form::Text, "no figure"),
            or("jurisdiction", Form::Text, "not known"),
            or("effectiveFrom", Form::Day, "not known"),
            or("effectiveTo", Form::Day, "no end known"),
            or("tier", Form::Spelled, "not known"),
            or("confidence", Form::Spelled, "not known"),
        ]
    });
}

fn doubts(results: &[Node<'_>], draft: &mut Draft) {
    let unsettled = results
        .iter()
        .filter(|found| found.get("entry").is_some_and(|entry| entry.is("confidence", "unsettled")));
    for found in unsettled {
        draft.missing(found.quote("title").map(|title: Piece| vec![words("Sources disagree on: "), title]));
    }
}
