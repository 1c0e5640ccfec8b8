//! What the whole label earned and who gets paid, from the summary of all accounts.

use super::draft::{Draft, MOST_ROWS, numbers, said, texts, words};
use super::format::Form;
use super::node::Node;
use crate::model::task::{AnswerPart, Line, Piece};

/// Accounts of which something is told in words.
const MOST_TOLD: usize = 5;

/// The sums first, then the accounts, who shares, and what is in no sum.
pub(super) fn summary(result: &Node<'_>, draft: &mut Draft) {
    let totals = result.list("totals");
    let mut lines = totals.iter().filter_map(|total| came_in(result, total));
    draft.headline(lines.next().map(Line));
    draft.findings.extend(lines.map(Line));
    if totals.is_empty() {
        draft.headline(Some(said("The ledger has no account whose money could be added up.")));
    }
    for total in &totals {
        draft.finding(unmatched(total));
        draft.finding(of_use(total));
    }
    let accounts = result.list("artists");
    for account in accounts.iter().filter(|account| minor(account, "payable") > 0).take(MOST_TOLD) {
        draft.finding(to_be_paid(account));
    }
    for account in accounts.iter().filter(|account| minor(account, "closing") < 0).take(MOST_TOLD) {
        draft.finding(not_recouped(account));
    }
    tables(result, &accounts, draft);
    in_no_sum(result, draft);
    if accounts.iter().any(|account| minor(account, "payable") > 0) {
        draft.advise(
            said("Check what is payable against the statements, and pay what is due."),
            said(
                "It follows from the terms that were entered with the contracts; a balance below zero is not recouped, \
                 and nothing is to be paid on it yet.",
            ),
            None,
        );
    }
}

fn came_in(result: &Node<'_>, total: &Node<'_>) -> Option<Vec<Piece>> {
    Some(vec![
        result.show("from", Form::Day)?,
        words(" to "),
        result.show("to", Form::Day)?,
        words(": "),
        amount(total, "received")?,
        words(" came in, "),
        amount(total, "royalties")?,
        words(" of it are the artists' royalties; "),
        amount(total, "payable")?,
        words(" is payable."),
    ])
}

fn of_use(total: &Node<'_>) -> Option<Vec<Piece>> {
    let amount = amount(total, "ofUse")?;
    Some(vec![words("For use in these months, whenever it was reported: "), amount, words(".")])
}

fn unmatched(total: &Node<'_>) -> Option<Vec<Piece>> {
    total.number("unmatchedLines").filter(|lines| *lines > 0.0)?;
    Some(vec![
        amount(total, "unmatched")?,
        words(" of what came in is for recordings that are not in the catalogue; lines: "),
        total.show("unmatchedLines", Form::Whole)?,
        words("."),
    ])
}

fn to_be_paid(account: &Node<'_>) -> Option<Vec<Piece>> {
    Some(vec![account.quote("artistName")?, words(": "), amount(account, "payable")?, words(" is payable.")])
}

fn not_recouped(account: &Node<'_>) -> Option<Vec<Piece>> {
    Some(vec![
        account.quote("artistName")?,
        words(": not recouped yet, balance "),
        amount(account, "closing")?,
        words("; nothing is to be paid."),
    ])
}

fn tables(result: &Node<'_>, accounts: &[Node<'_>], draft: &mut Draft) {
    let columns = vec![
        texts("Artist"),
        numbers("Came in"),
        numbers("Royalties"),
        numbers("Balance"),
        numbers("Payable"),
    ];
    draft.table("Artists", columns, accounts, |row| {
        let mut cells = vec![row.cell("artistName", Form::Text)];
        cells.extend(["received", "royalties", "closing", "payable"].map(|name| cell(row, name)));
        cells
    });
    let columns = vec![texts("Who shares in the royalties"), texts("Role"), numbers("Part")];
    draft.table("Payees", columns, &result.list("payees"), |row| {
        vec![row.cell("name", Form::Text), row.cell("role", Form::Spelled), cell(row, "amount")]
    });
    let columns = vec![texts("Platform"), numbers("Came in")];
    draft.table("Platforms", columns, &result.list("platforms"), |row| {
        let platform = row.get("platform").map_or_else(unknown, |platform| platform.plain_cell());
        vec![platform, cell(row, "received")]
    });
    let columns = vec![texts("Month of use"), numbers("Came in")];
    draft.table("Months of use", columns, &result.list("months"), |row| {
        vec![row.cell("month", Form::Month), cell(row, "received")]
    });
}

/// What is in no sum, and how that is mended.
fn in_no_sum(result: &Node<'_>, draft: &mut Draft) {
    let unconverted = result.list("unconverted");
    for row in unconverted.iter().take(MOST_ROWS) {
        draft.missing(not_converted(row));
    }
    for row in result.list("leftOut").iter().take(MOST_ROWS) {
        let name = row.quote("artistName").or_else(|| row.quote("artistId"));
        let reason = row.passage("reason");
        draft.missing(name.zip(reason).map(|(name, reason)| vec![name, words(" is in no sum: "), reason]));
    }
    if !unconverted.is_empty() {
        draft.advise(
            said("Enter the missing exchange rates on the statements of these artists."),
            said("Without a rate of their month, lines in another currency are in no sum."),
            None,
        );
    }
}

fn not_converted(row: &Node<'_>) -> Option<Vec<Piece>> {
    let lines = row.get("lines")?;
    let amount = amount(&lines, "amount").unwrap_or_else(|| words("An amount that is too large to tell"));
    Some(vec![
        amount,
        words(" of "),
        row.quote("artistName")?,
        words(" for "),
        lines.show("month", Form::Month)?,
        words(" is in no sum: no exchange rate was entered."),
    ])
}

/// An amount with its currency.
fn amount(row: &Node<'_>, name: &str) -> Option<Piece> {
    row.get(name)?.show("minor", Form::Money)
}

fn cell(row: &Node<'_>, name: &str) -> AnswerPart {
    row.get(name).map_or_else(unknown, |amount| amount.cell("minor", Form::Money))
}

fn unknown() -> AnswerPart {
    AnswerPart::Unknown("not known".to_owned())
}

/// An amount in minor units; nought where there is none.
fn minor(row: &Node<'_>, name: &str) -> i64 {
    row.value.get(name).and_then(|amount| amount.get("minor")?.as_i64()).unwrap_or(0)
}
