//! What was earned and who gets paid, from the rows of the royalty ledger.

use super::draft::{Draft, said, words};
use super::format::Form;
use super::node::Node;
use super::rows;
use super::text::spelled;
use super::validate::record;
use crate::model::task::{Line, Piece};

/// Rows of which amounts are told in words.
const MOST_TOLD: usize = 5;

/// Rows of the ledger: amounts, balances, who shares in them.
pub(super) fn statement(result: &Node<'_>, draft: &mut Draft) {
    let rows = result.list("rows");
    if rows.is_empty() {
        draft.missing(Some(vec![
            words(record(&result.planned.title)),
            words(": the ledger has no rows for this."),
        ]));
        return;
    }
    let is_open = |row: &&Node<'_>| balance(row).is_some_and(|(_, minor)| minor < 0.0);
    let lines = rows.iter().filter(|row| !is_open(row)).take(MOST_TOLD).filter_map(amount_line);
    let mut lines = lines.collect::<Vec<_>>().into_iter();
    if draft.headline.is_none() {
        draft.headline = lines.next().map(|line| headline(result, rows.len(), line));
    }
    draft.findings.extend(lines.map(|mut line| {
        line.push(words("."));
        Line(line)
    }));
    for row in rows.iter().filter(is_open).take(MOST_TOLD) {
        draft.finding(not_recouped(row));
    }
    if let Some(list) = result.get("rows") {
        rows::table(result, &list, &record(&result.planned.title), draft);
    }
    let is_owed = rows.iter().any(|row| balance(row).is_some_and(|(_, minor)| minor > 0.0));
    let has_advice = draft.advice.iter().any(|advice| advice.action == pay());
    if is_owed && !has_advice {
        draft.advise(
            pay(),
            said("A balance above zero is recouped and owed; below zero nothing is to be paid yet."),
            None,
        );
    }
}

fn pay() -> Line {
    said("Check the balances above zero against the contracts, and pay what is due.")
}

/// What a row is about, and its amounts.
fn amount_line(row: &Node<'_>) -> Option<Vec<Piece>> {
    let fields = row.fields();
    let amounts: Vec<&(&str, Node<'_>)> =
        fields.iter().filter(|(_, node)| Form::of(node) == Some(Form::Money)).collect();
    if amounts.is_empty() {
        return None;
    }
    let about = fields
        .iter()
        .filter(|(name, node)| *name != "currency" && !name.ends_with("_id") && node.value.is_string());
    let about = about
        .filter(|(_, node)| Form::of(node) != Some(Form::Money))
        .filter_map(|(name, node)| Some((*name, node.quoted(Form::of(node)?)?)))
        .take(2);
    let mut pieces = Vec::new();
    for (name, piece) in about {
        if !pieces.is_empty() {
            pieces.push(words(if name.starts_with("last_") { " to " } else { ", " }));
        }
        pieces.push(piece);
    }
    for (place, (name, node)) in amounts.into_iter().enumerate() {
        let before = if place > 0 {
            "; "
        } else if pieces.is_empty() {
            ""
        } else {
            ": "
        };
        pieces.push(words(format!("{before}{} ", field(name))));
        pieces.push(node.figure(Form::Money).map(Piece::Figure)?);
    }
    Some(pieces)
}

/// The name of an amount in words; without digits, which words do not hold.
fn field(name: &str) -> String {
    let words = spelled(name);
    let words = words.strip_suffix(" minor").unwrap_or(&words);
    if words.chars().any(char::is_numeric) || words.is_empty() {
        "amount".to_owned()
    } else {
        words.to_owned()
    }
}

/// The first amounts as the answer; where there are more rows, how many.
fn headline(result: &Node<'_>, rows: usize, mut line: Vec<Piece>) -> Line {
    let count = result.show("rows", Form::Count).filter(|_| rows > 1);
    match count {
        Some(count) => line.extend([words(", one of "), count, words(" rows in the table.")]),
        None => line.push(words(".")),
    }
    Line(line)
}

/// The balance of an account, in minor units.
fn balance<'a>(row: &Node<'a>) -> Option<(Node<'a>, f64)> {
    let fields = row.fields();
    let (_, node) = fields.into_iter().find(|(name, _)| name.to_ascii_lowercase().contains("balance"))?;
    let minor = node.value.as_f64().or_else(|| node.value.as_str()?.parse().ok())?;
    Some((node, minor))
}

fn not_recouped(row: &Node<'_>) -> Option<Vec<Piece>> {
    let (node, _) = balance(row)?;
    let amount = node.figure(Form::of(&node)?).map(Piece::Figure)?;
    let name = ["name", "artist_name", "artistName", "artist_id", "artistId", "account_id"]
        .into_iter()
        .find_map(|name| row.quote(name));
    let mut pieces = vec![name.unwrap_or_else(|| words("This account"))];
    pieces.extend([words(": not recouped yet, balance "), amount, words("; nothing is to be paid.")]);
    Some(pieces)
}
