//! Files: a master that was checked, and what a contract says.

use super::draft::{Draft, listed, numbers, said, texts, words};
use super::format::Form;
use super::node::Node;
use super::releases::plain;
use super::rows;
use super::text::{LONGEST_PASSAGE, clean, is_excerpt, unmarked};
use crate::model::audio::DeliveryVerdict;
use crate::model::task::{AnswerPart, Figure, Line, Piece};

/// What people look for in a contract: the name, and words that a clause about it has.
const TERMS: [(&str, &[&str]); 9] = [
    ("Term and notice", &["term:", "years", "notice"]),
    ("Territory", &["territory", "world"]),
    ("Shares and rates", &["%"]),
    ("Accounting and payment", &["accounting", "payment", "statement"]),
    ("Recoupment and costs", &["recoup", "advance", "costs"]),
    ("Exclusivity", &["exclusiv"]),
    ("Options", &["option"]),
    ("Reversion and end", &["revert", "reversion", "takes the recordings down", "end of the term"]),
    ("Consent", &["consent", "approval"]),
];

/// A master after its check: whether it can be delivered, and what to mend.
pub(super) fn checked(result: &Node<'_>, draft: &mut Draft) {
    let findings = result.list("findings");
    draft.headline(checked_line(result, &findings).map(Line));
    let columns = vec![
        texts("Weight"),
        texts("Finding"),
        numbers("Measured"),
        numbers("Allowed"),
        texts("Where"),
        texts("What to do"),
    ];
    let mut sorted = findings.clone();
    sorted.sort_by_key(severity);
    draft.table("What the check found", columns, &sorted, |row| {
        vec![
            row.cell("severity", Form::Spelled),
            row.cell("title", Form::Text),
            plain(row, "measured"),
            plain(row, "limit"),
            place(row),
            row.cell("remedy", Form::Text),
        ]
    });
    draft.table("For each store", vec![texts("Store"), texts("Result")], &result.list("verdicts"), |row| {
        vec![row.cell("profile", Form::Spelled), row.cell("verdict", Form::Spelled)]
    });
    loudness(result, draft);
    draft.finding(described(result));
    draft.finding(stated(result));
    draft.finding(tempo(result));
    for row in sorted.iter().filter(|row| severity(row) < 2).take(8) {
        if let Some((remedy, title)) = row.passage("remedy").zip(row.quote("title")) {
            draft.advise(Line(vec![remedy]), Line(vec![title]), None);
        }
    }
}

/// Which upload was the newest, and from when it is; that there is none, where nothing was found.
pub(super) fn newest(result: &Node<'_>, draft: &mut Draft) {
    let is_newest = result.step.arguments.as_ref().is_some_and(|sent| sent["order"] == "newest");
    if !is_newest {
        return rows::found(result, draft);
    }
    let Some(file) = result.list("files").into_iter().next() else {
        draft.headline(Some(said(
            "There is no upload among the files that you may see, so nothing was checked.",
        )));
        return;
    };
    draft.finding(file.quote("fileName").map(|name| {
        let mut pieces = vec![words("The newest upload is "), name];
        if let Some(stored) = file.show("lastModified", Form::Moment) {
            pieces.extend([words(", stored "), stored]);
        }
        pieces.push(words("."));
        pieces
    }));
}

fn severity(row: &Node<'_>) -> u8 {
    match row.text("severity") {
        Some("error") => 0,
        Some("warning") => 1,
        _ => 2,
    }
}

fn checked_line(result: &Node<'_>, findings: &[Node<'_>]) -> Option<Vec<Piece>> {
    let mut pieces = vec![result.quote("fileName")?, words(": ")];
    let worst = findings.iter().min_by_key(|row| severity(row));
    let verdicts = result.list("verdicts");
    let (refusing, warning) = (stores(&verdicts, "fail"), stores(&verdicts, "warn"));
    match worst.map(severity) {
        Some(0) => pieces.push(words("not ready for delivery")),
        Some(1) if refusing.is_empty() => pieces.push(words("can be delivered after a look at the warnings")),
        _ if refusing.is_empty() => pieces.push(words("ready for delivery; the check found nothing to mend")),
        _ => pieces.push(words("not ready for every store")),
    }
    let (named, what) = if refusing.is_empty() {
        (warning, DeliveryVerdict::Warn)
    } else {
        (refusing, DeliveryVerdict::Fail)
    };
    if !named.is_empty() {
        pieces.push(words("; "));
        pieces.extend(listed(named));
        pieces.push(words(format!(" {}", what.words())));
    }
    if let Some(title) = worst.filter(|row| severity(row) < 2).and_then(|row| row.quote("title")) {
        pieces.extend([words("; first: "), title]);
    }
    pieces.push(words("."));
    Some(pieces)
}

/// The stores that come to this verdict, as a sentence names them.
fn stores(verdicts: &[Node<'_>], word: &str) -> Vec<Piece> {
    let of = verdicts.iter().filter(|verdict| verdict.is("verdict", word));
    of.filter_map(|verdict| match verdict.text("profile") {
        Some("distributor") => Some(words("the distributor")),
        _ => verdict.get("profile")?.quoted(Form::Spelled),
    })
    .collect()
}

/// Where in the file: the first place, or the field.
fn place(row: &Node<'_>) -> AnswerPart {
    let first = row.list("at").into_iter().next();
    let time = first.and_then(|at| at.get("from")).and_then(|from| from.figure(Form::Clock));
    let field = || row.get("at").or_else(|| row.get("field")).and_then(|field| field.figure(Form::Text));
    time.or_else(field).map_or_else(|| AnswerPart::Unknown("the whole file".to_owned()), AnswerPart::Found)
}

fn loudness(result: &Node<'_>, draft: &mut Draft) {
    let measured = result.get("loudness").into_iter().collect::<Vec<_>>();
    let columns = vec![
        numbers("Integrated, LUFS"),
        numbers("Range, LU"),
        numbers("True peak, dBTP"),
        numbers("Momentary at most, LUFS"),
        numbers("Short term at most, LUFS"),
    ];
    draft.table("Loudness", columns, &measured, |row| {
        ["integrated", "range", "truePeak", "momentaryMax", "shortTermMax"]
            .map(|name| row.cell(name, Form::Tenths))
            .to_vec()
    });
    let columns = vec![texts("Store"), numbers("Target, LUFS"), numbers("It plays it changed by, dB")];
    draft.table("How stores play it", columns, &result.list("gains"), |row| {
        vec![row.cell("store", Form::Text), row.cell("target", Form::Tenths), row.cell("gain", Form::Tenths)]
    });
}

fn described(result: &Node<'_>) -> Option<Vec<Piece>> {
    let mut pieces = vec![words("It is "), result.quote("codec").or_else(|| result.quote("format"))?];
    if let Some(rate) = result.show("sampleRate", Form::Whole) {
        pieces.extend([words(", "), rate, words(" Hz")]);
    }
    if let Some(bits) = result.show("bits", Form::Whole) {
        pieces.extend([words(", "), bits, words(" bits")]);
    }
    if let Some(channels) = result.show("channels", Form::Whole) {
        pieces.extend([words(", channels: "), channels]);
    }
    if let Some(length) = result.show("seconds", Form::Clock) {
        pieces.extend([words(", playing time "), length]);
    }
    pieces.push(words("."));
    Some(pieces)
}

/// What somebody has stated of tempo and key: it counts before what was measured.
fn stated(result: &Node<'_>) -> Option<Vec<Piece>> {
    let mut pieces = Vec::new();
    if let Some(tempo) = result.get("statedTempo") {
        pieces.extend([words("Tempo stated by "), tempo.quote("by")?, words(": ")]);
        pieces.extend([tempo.show("bpm", Form::Stated)?, words(" beats a minute")]);
    }
    if let Some(key) = result.get("statedKey") {
        pieces.push(words(if pieces.is_empty() { "Key stated by " } else { "; key stated by " }));
        pieces.extend([key.quote("by")?, words(": "), key.quote("name")?]);
    }
    if pieces.is_empty() {
        return None;
    }
    pieces.push(words("."));
    Some(pieces)
}

/// What was measured of both.
fn tempo(result: &Node<'_>) -> Option<Vec<Piece>> {
    let mut pieces = Vec::new();
    if let Some(tempo) = result.get("tempo") {
        pieces.extend([
            words("Measured tempo "),
            tempo.show("bpm", Form::Tenths)?,
            words(" beats a minute (confidence "),
        ]);
        pieces.extend([tempo.show("confidence", Form::Percent)?, words(")")]);
    }
    if let Some(key) = result.get("key") {
        pieces.push(words(if pieces.is_empty() { "Measured key " } else { ", key " }));
        pieces.extend([
            key.quote("name")?,
            words(" (confidence "),
            key.show("confidence", Form::Percent)?,
            words(")"),
        ]);
    }
    if pieces.is_empty() {
        return None;
    }
    pieces.push(words("; both can be wrong by an octave or a neighbour."));
    Some(pieces)
}

/// What a contract says, in its own words.
pub(super) fn contract(result: &Node<'_>, draft: &mut Draft) {
    draft.unseen.push(said("This repeats what the document says. It is not legal advice."));
    let Some(text) = result.get("text").filter(|text| text.value.is_string()) else {
        draft.headline(result.quote("fileName").map(|name| {
            Line(vec![name, words(" is stored, but its text cannot be read here; open the document.")])
        }));
        draft.unseen.push(said(
            "Only contracts in plain text or Markdown are read; this one is of another kind, or too large.",
        ));
        file(result, draft);
        return;
    };
    let clauses = clauses(&text);
    draft.headline(Some(Line(contract_line(result, &clauses))));
    let mut silent = Vec::new();
    let columns = vec![texts("About"), texts("What the document says")];
    let mut rows: Vec<Vec<AnswerPart>> = Vec::new();
    for (name, signs) in TERMS {
        let of: Vec<&Figure> = clauses.iter().filter(|clause| says(clause, signs)).collect();
        if of.is_empty() {
            silent.push(words(name));
        }
        rows.extend(
            of.into_iter().map(|clause| vec![super::draft::label(name), AnswerPart::Found(clause.clone())]),
        );
    }
    if !rows.is_empty() {
        rows.truncate(super::draft::MOST_ROWS);
        draft.tables.push(crate::model::task::AnswerTable {
            title: "What it says".to_owned(),
            columns,
            rows,
        });
    }
    if !silent.is_empty() {
        let mut pieces = vec![words("The text was found to say nothing of: ")];
        pieces.extend(listed(silent));
        pieces.push(words(". It may say it in other words."));
        draft.unseen.push(Line(pieces));
    }
    contract_advice(&clauses, draft);
    file(result, draft);
}

/// The clauses of a document: its lines without signs of lists and headings.
fn clauses(text: &Node<'_>) -> Vec<Figure> {
    let lines = text.value.as_str().unwrap_or_default().lines();
    let lines = lines.map(|line| clean(unmarked(line).trim_start_matches(['#', '-', '>', ' ']), usize::MAX));
    let clauses = lines.filter(|line| line.split(' ').count() > 2 && !line.starts_with('|'));
    clauses.filter_map(|line| excerpt(text, &line)).collect()
}

/// A part of the text as a quotation, up to where a word ends before it would be too long.
fn excerpt(text: &Node<'_>, part: &str) -> Option<Figure> {
    let mut end = part.char_indices().nth(LONGEST_PASSAGE).map_or(part.len(), |(place, _)| place);
    if end < part.len() {
        end = part[..end].rfind(' ')?;
    }
    let part = part[..end].trim();
    is_excerpt(part, text.value.as_str()?).then(|| Figure {
        text: part.to_owned(),
        from: text.reference(),
        source: 0,
    })
}

fn says(clause: &Figure, signs: &[&str]) -> bool {
    let text = clause.text.to_lowercase();
    signs.iter().any(|sign| text.contains(sign))
}

fn contract_line(result: &Node<'_>, clauses: &[Figure]) -> Vec<Piece> {
    let mut pieces = Vec::new();
    match clauses.first() {
        Some(title) => pieces.push(Piece::Quoted(title.clone())),
        None => pieces.extend(result.quote("fileName")),
    }
    let parties = clauses.iter().find(|clause| says(clause, &["parties:"]));
    let money = clauses.iter().find(|clause| says(clause, &["%"]));
    for clause in [parties, money].into_iter().flatten() {
        pieces.extend([words(" · "), Piece::Quoted(clause.clone())]);
    }
    pieces
}

fn contract_advice(clauses: &[Figure], draft: &mut Draft) {
    let watched: [(&[&str], &str); 4] = [
        (&["notice"], "Put the last day for notice into the calendar."),
        (&["consent"], "Ask for the consent in writing before anything that needs it."),
        (&["object within"], "Note the time within which an objection is possible."),
        (&["days before the release"], "Plan deliveries by the time that this contract asks for."),
    ];
    for (signs, action) in watched {
        if let Some(clause) = clauses.iter().find(|clause| says(clause, signs)) {
            draft.advise(said(action), Line(vec![Piece::Quoted(clause.clone())]), None);
        }
    }
}

/// The file itself.
fn file(result: &Node<'_>, draft: &mut Draft) {
    let columns = vec![texts("File"), texts("Kind"), numbers("Size"), texts("Stored")];
    draft.table("The document", columns, std::slice::from_ref(result), |row| {
        vec![
            row.cell("fileName", Form::Text),
            row.cell("contentType", Form::Text),
            row.cell("sizeBytes", Form::Bytes),
            row.cell("lastModified", Form::Moment),
        ]
    });
}
