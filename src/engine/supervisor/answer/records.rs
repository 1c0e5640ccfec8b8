//! Records of Patchline itself: who opened a file, what the logs say, whether all is well.

use super::draft::{Draft, numbers, said, texts, words};
use super::format::{Form, is_millis};
use super::node::Node;
use super::rows;
use super::text::spelled;
use super::validate::record;
use crate::model::task::{Line, Piece};
use serde_json::Value;

/// Parts of names of columns that hold durations, the one that tells most first.
const SLOWNESS: [&str; 8] = ["p99", "p95", "p90", "longest", "max", "mean", "average", "duration"];

/// How many of a kind are told in words.
const MOST_TOLD: usize = 5;

/// Who opened or downloaded a file.
pub(super) fn access(result: &Node<'_>, draft: &mut Draft) {
    let rows = result.list("rows");
    draft.headline(Some(Line(access_line(result, &rows))));
    let refused: Vec<&Node<'_>> = rows.iter().filter(|row| row.is("outcome", "denied")).collect();
    for row in refused.iter().take(MOST_TOLD) {
        draft.finding(who(row).map(|who| vec![who, words(" was refused.")]));
    }
    table(result, "Who and when", draft);
    advise_on_access(!refused.is_empty(), !rows.is_empty(), draft);
    draft.unseen.push(said(
        "The log knows who asked Patchline for the file. Who passed it on, or used a download address, is not in it.",
    ));
}

/// Who has used one file, from the audit log, which names it.
pub(super) fn uses_of_file(result: &Node<'_>, draft: &mut Draft) {
    let accesses = result.list("accesses");
    draft.headline(Some(Line(uses_line(result, &accesses))));
    let columns =
        vec![texts("Who"), numbers("Accesses"), numbers("Of those refused"), texts("The newest at")];
    draft.table("Who and how often", columns, &result.list("people"), |row| {
        vec![
            row.cell("who", Form::Text),
            row.cell("accesses", Form::Whole),
            row.cell("refused", Form::Whole),
            row.cell("newest", Form::Moment),
        ]
    });
    let columns = vec![texts("When"), texts("Who"), texts("What"), texts("Ended"), texts("By")];
    draft.table("Each access", columns, &accesses, |row| {
        vec![
            row.cell("time", Form::Moment),
            row.cell("who", Form::Text),
            row.cell("operation", Form::Spelled),
            row.cell("outcome", Form::Spelled),
            row.cell("channel", Form::Spelled),
        ]
    });
    advise_on_access(accesses.iter().any(|row| row.is("outcome", "denied")), !accesses.is_empty(), draft);
}

fn uses_line(result: &Node<'_>, accesses: &[Node<'_>]) -> Vec<Piece> {
    let period = || {
        let ends = result.show("from", Form::Moment).zip(result.show("to", Form::Moment));
        ends.map_or_else(Vec::new, |(from, to)| vec![words(" between "), from, words(" and "), to])
    };
    let mut pieces = Vec::new();
    if let (Some(newest), Some(count)) = (accesses.first(), result.show("accesses", Form::Count)) {
        let found = if accesses.len() == 1 { " access was found" } else { " accesses were found" };
        pieces.extend([count, words(found)]);
        pieces.extend(period());
        if let Some(name) = newest.quote("who") {
            pieces.extend([words("; the newest is of "), name]);
        }
    } else if result.get("nextCursor").is_some() {
        let unfinished = "No access was found so far; older records were not looked through";
        pieces.push(words(unfinished));
    } else if result.holds("stillThere") {
        pieces.push(words("Nobody opened, downloaded or changed it, as far as the log tells"));
        pieces.extend(period());
    } else {
        pieces.push(words("No file has exactly this name now, and no access under it was found"));
        pieces.extend(period());
    }
    pieces.push(words("."));
    pieces
}

/// How the servers are: all of them in a line, each in a row, and why one is not well.
pub(super) fn health(result: &Node<'_>, draft: &mut Draft) {
    let servers = result.list("servers");
    draft.headline(result.quote("summary").map(|summary| Line(vec![summary, words(".")])));
    let columns = vec![texts("Server"), texts("State"), texts("Why"), texts("Checked")];
    draft.table("Servers", columns, &servers, |row| {
        vec![
            row.cell("title", Form::Text),
            row.cell("health", Form::Spelled),
            row.cell_or("reason", Form::Passage, "nothing is wrong"),
            row.cell("checkedAt", Form::Moment),
        ]
    });
    for server in servers.iter().filter(|server| server.get("reason").is_some()) {
        draft.finding(
            server
                .quote("title")
                .zip(server.passage("reason"))
                .map(|(title, reason)| vec![title, words(": "), reason]),
        );
    }
}

/// What to do about those who were refused, and about those who were not.
fn advise_on_access(was_refused: bool, was_used: bool, draft: &mut Draft) {
    if was_refused {
        draft.advise(
            said(
                "Ask those who were refused what they wanted, and give them the role that it needs, or none.",
            ),
            said("A refusal is a mistake in the roles, or somebody who tries doors."),
            None,
        );
    }
    if was_used {
        draft.advise(
            said("Take back access from whoever has no reason to open the file."),
            said("A file that is not released yet should be seen by few."),
            None,
        );
    }
}

fn access_line(result: &Node<'_>, rows: &[Node<'_>]) -> Vec<Piece> {
    let mut pieces = match (rows.first(), result.show("rows", Form::Count)) {
        (Some(first), Some(count)) => {
            let mut pieces = vec![
                count,
                words(if rows.len() == 1 { " access was found" } else { " accesses were found" }),
            ];
            if let Some(name) = who(first) {
                pieces.extend([words("; the first is of "), name]);
            }
            pieces
        }
        _ => vec![words("Nobody opened or downloaded it, as far as the log tells")],
    };
    pieces.extend(range(result).unwrap_or_default());
    pieces.push(words("."));
    pieces
}

fn who(row: &Node<'_>) -> Option<Piece> {
    ["principal", "user", "userId", "person", "who"].into_iter().find_map(|name| row.quote(name))
}

/// ` between … and …`.
fn range(result: &Node<'_>) -> Option<Vec<Piece>> {
    let (from, to) = (result.show("startTime", Form::Moment)?, result.show("endTime", Form::Moment)?);
    Some(vec![words(" between "), from, words(" and "), to])
}

/// What the logs say.
pub(super) fn logs(result: &Node<'_>, draft: &mut Draft) {
    let rows = result.list("rows");
    let slowest = slowest(&rows);
    draft.headline(match &slowest {
        Some((row, node)) => slowest_line(row, node).map(Line),
        None => None,
    });
    draft.headline(Some(Line(counted(result, &rows))));
    for row in rows.iter().filter(|row| has_errors(row)).take(MOST_TOLD) {
        draft.finding(errors_line(row));
    }
    table(result, &record(&result.planned.title), draft);
    draft.finding(result.get("statistics").and_then(|read| {
        Some(vec![
            read.show("recordsMatched", Form::Whole)?,
            words(" records matched of "),
            read.show("recordsScanned", Form::Whole)?,
            words(" that were read."),
        ])
    }));
    if rows.iter().any(has_errors) {
        draft.advise(
            said("Look at the failed calls one by one, the most frequent first."),
            said("A call that fails often is usually one cause, not many."),
            None,
        );
    }
}

fn counted(result: &Node<'_>, rows: &[Node<'_>]) -> Vec<Piece> {
    let mut pieces = match result.show("rows", Form::Count).filter(|_| !rows.is_empty()) {
        Some(count) => vec![
            words("The log has "),
            count,
            words(if rows.len() == 1 { " row for this" } else { " rows for this" }),
        ],
        None => vec![words("The log has nothing for this")],
    };
    pieces.extend(range(result).unwrap_or_default());
    pieces.push(words("."));
    pieces
}

/// The row with the greatest duration, and the duration.
fn slowest<'a>(rows: &[Node<'a>]) -> Option<(Node<'a>, Node<'a>)> {
    let names: Vec<&str> = rows.first()?.fields().into_iter().map(|(name, _)| name).collect();
    let name = SLOWNESS.iter().find_map(|part| {
        names.iter().find(|name| name.to_ascii_lowercase().contains(part) && is_millis(name))
    })?;
    let of = |row: &Node<'a>| row.number(name);
    let row = rows
        .iter()
        .filter(|row| of(row).is_some())
        .max_by(|one, other| of(one).unwrap_or_default().total_cmp(&of(other).unwrap_or_default()))?;
    Some((row.clone(), row.get(name)?))
}

fn slowest_line(row: &Node<'_>, node: &Node<'_>) -> Option<Vec<Piece>> {
    let about =
        ["tool", "operation", "server", "route"].into_iter().find_map(|name| row.quote_in_words(name));
    let measure = spelled(node.name());
    let measure = measure.strip_suffix(" ms").unwrap_or(&measure);
    let measure = if measure.chars().any(char::is_numeric) { "the slowest calls" } else { measure };
    let mut pieces = vec![words("Slowest: ")];
    pieces.push(about.unwrap_or_else(|| words("the first row")));
    pieces.push(words(format!(", {measure} at ")));
    pieces.extend([Piece::Figure(node.figure(Form::Millis)?), words(".")]);
    Some(pieces)
}

fn has_errors(row: &Node<'_>) -> bool {
    ["errors", "failed", "failures"].into_iter().any(|name| row.number(name).is_some_and(|count| count > 0.0))
}

fn errors_line(row: &Node<'_>) -> Option<Vec<Piece>> {
    let count = ["errors", "failed", "failures"].into_iter().find_map(|name| row.show(name, Form::Whole))?;
    let about = ["tool", "operation", "server"].into_iter().find_map(|name| row.quote_in_words(name))?;
    Some(vec![about, words(": calls that failed: "), count, words(".")])
}

fn table(result: &Node<'_>, title: &str, draft: &mut Draft) {
    if let Some(list) = result.get("rows") {
        rows::table(result, &list, title, draft);
    }
}

/// What somebody did.
pub(super) fn activity(result: &Node<'_>, draft: &mut Draft) {
    draft.headline(activity_line(result).map(Line));
    let columns = vec![texts("Action"), texts("Server"), numbers("Times"), numbers("Failed or refused")];
    draft.table("What was done", columns, &result.list("kinds"), |row| {
        vec![
            row.suited_cell("tool"),
            row.cell_or("server", Form::Text, "a page"),
            row.cell("actions", Form::Whole),
            row.cell("errors", Form::Whole),
        ]
    });
    let columns = vec![texts("From"), texts("To"), numbers("Actions")];
    draft.table("Sessions", columns, &result.list("sessions"), |row| {
        vec![
            row.cell("startTime", Form::Moment),
            row.cell("endTime", Form::Moment),
            row.cell("actions", Form::Whole),
        ]
    });
    let unusual = result.list("standsOut");
    for one in &unusual {
        draft.finding(one.passage("statement").map(|statement| vec![words("Unusual: "), statement]));
    }
    if let Some(first) = unusual.first() {
        let reason = first.passage("statement").map(|statement| Line(vec![statement]));
        draft.advise(said("Ask what it was for."), reason.unwrap_or_default(), None);
    }
}

fn activity_line(result: &Node<'_>) -> Option<Vec<Piece>> {
    let mut pieces =
        vec![result.quote("userId")?, words(": "), result.show("actions", Form::Whole)?, words(" actions")];
    if let Some(errors) = result.show("errors", Form::Whole) {
        pieces.extend([words(", failed or refused: "), errors, words(",")]);
    }
    pieces.extend(range(result).unwrap_or_default());
    if result.list("standsOut").is_empty() {
        pieces.push(words("; nothing stands out."));
    } else {
        pieces.push(words("; something stands out, see the findings."));
    }
    Some(pieces)
}

/// How many calls there were, how many failed, how long they took.
pub(super) fn metrics(result: &Node<'_>, draft: &mut Draft) {
    let mut series: Vec<(Node<'_>, Node<'_>)> = result
        .list("series")
        .into_iter()
        .filter_map(|series| peak(&series.list("values")).map(|peak| (series, peak)))
        .collect();
    series.retain(|(_, peak)| value(peak) > 0.0);
    series.sort_by(|(_, one), (_, other)| value(other).total_cmp(&value(one)));
    let combined = peak(&result.list("combined"));
    if result.is("metric", "Errors") {
        let worst = combined.clone().filter(|peak| value(peak) > 0.0);
        draft.headline(Some(Line(errors_headline(result, worst.as_ref(), series.first()))));
        if worst.is_some() {
            draft.advise(
                said("Look at the failed calls in the logs, the most frequent first."),
                said("Calls failed in this time."),
                Some("Which calls failed?".to_owned()),
            );
        }
    }
    draft.finding(peak_line(result, combined.as_ref()));
    let title = match result.text("metric") {
        Some("Errors") => "Failed or refused calls, the highest of a period",
        Some("Duration") => "How long calls took, the highest of a period",
        _ => "Calls, the highest of a period",
    };
    let columns = vec![texts("Tool"), texts("Server"), texts("Ended"), numbers("Highest"), texts("When")];
    let peaks: Vec<Node<'_>> = series.iter().map(|(_, peak)| peak.clone()).collect();
    draft.table(title, columns, &peaks, |peak| {
        let of = series.iter().find(|(_, own)| own.pointer == peak.pointer).map(|(series, _)| series);
        let name = |name: &str| of.map_or_else(|| super::draft::label(""), |series| series.suited_cell(name));
        vec![name("tool"), name("server"), name("outcome"), measure(peak), peak.cell("time", Form::Moment)]
    });
}

/// The value of a period in the unit of its metric.
fn measure(peak: &Node<'_>) -> crate::model::task::AnswerPart {
    let form = peak.get("value").and_then(|node| Form::of(&node)).unwrap_or(Form::Measured);
    peak.cell("value", form)
}

fn value(node: &Node<'_>) -> f64 {
    node.number("value").unwrap_or_default()
}

/// The period with the highest value.
fn peak<'a>(values: &[Node<'a>]) -> Option<Node<'a>> {
    values.iter().max_by(|one, other| value(one).total_cmp(&value(other))).cloned()
}

fn peak_line(result: &Node<'_>, peak: Option<&Node<'_>>) -> Option<Vec<Piece>> {
    let peak = peak.filter(|peak| value(peak) > 0.0)?;
    let form = Form::of(&peak.get("value")?)?;
    let what = match result.text("metric") {
        Some("Errors") => "Failed or refused calls: at most ",
        Some("Duration") => "Calls took at most ",
        _ => "Calls: at most ",
    };
    let mut pieces = vec![
        words(what),
        peak.show("value", form)?,
        words(" in a period, at "),
        peak.show("time", Form::Moment)?,
    ];
    pieces.push(words("."));
    Some(pieces)
}

fn errors_headline(
    result: &Node<'_>,
    worst: Option<&Node<'_>>,
    first: Option<&(Node<'_>, Node<'_>)>,
) -> Vec<Piece> {
    let told = worst.and_then(|worst| {
        let mut pieces = vec![
            words("Some calls failed: at most "),
            worst.show("value", Form::Measured)?,
            words(" in a period"),
        ];
        if let Some(tool) = first.and_then(|(series, _)| series.quote_in_words("tool")) {
            pieces.extend([words(", most of "), tool]);
        }
        Some(pieces)
    });
    let has_failures = first.is_some_and(|(_, peak)| value(peak) > 0.0);
    let mut pieces = told.unwrap_or_else(|| {
        vec![words(if has_failures {
            "Some calls failed; the table has them"
        } else {
            "All is well: no call failed"
        })]
    });
    pieces.extend(range(result).unwrap_or_default());
    pieces.push(words("."));
    pieces
}

/// Databases and knowledge bases, and what is wrong with them.
pub(super) fn services(result: &Node<'_>, draft: &mut Draft) {
    let list = rows::main_list(result);
    let items = list.as_ref().map(Node::items).unwrap_or_default();
    for item in &items {
        let name = ["name", "instanceName", "knowledgeBaseId"].into_iter().find_map(|name| item.quote(name));
        draft.finding(
            name.zip(item.passage("problem")).map(|(name, problem)| vec![name, words(": "), problem]),
        );
        for failed in item.list("failedDocuments") {
            draft.finding(
                failed.quoted(Form::Passage).map(|text| vec![words("A document could not be read: "), text]),
            );
        }
    }
    let is_ill = items
        .iter()
        .any(|item| item.get("problem").is_some() || item.value.get("exists") == Some(&Value::Bool(false)));
    if is_ill {
        draft.advise(
            said("Let an admin run the doctor: it says what is missing, and how to put it right."),
            said("A service cannot be used as it is configured."),
            None,
        );
    }
    if let Some(list) = list {
        rows::table(result, &list, &record(&result.planned.title), draft);
    }
}
