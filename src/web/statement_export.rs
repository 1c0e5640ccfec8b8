//! `GET /export/statements/{artist}.csv`, `GET /export/statement-lines/{artist}.csv` and
//! `GET /export/unsettled-lines/{artist}.csv`: an artist's statement of royalties, the lines of reports that it was worked
//! out from, and those that could not be converted or matched. Amounts of the first two are in minor units, so that
//! nothing is rounded by whoever reads the file; those of the last are as the report has them.

use super::caller::Caller;
use super::error::RestError;
use super::export::{csv_lines, file, harmless};
use super::rest::{wrong_address, wrong_query};
use crate::engine::Engine;
use crate::engine::gateway::{CallError, CallErrorKind};
use crate::engine::tools::Operation;
use crate::engine::tools::music::royalties::{
    RoyaltiesInput, StatementInputsQuestion, UnsettledLine, ViewStatementInputs, ViewUnsettledLines,
};
use crate::engine::tools::views::ViewRoyalties;
use crate::model::royalties::{AccountStatement, StatementInput, StatementLine};
use axum::extract::rejection::{PathRejection, QueryRejection};
use axum::extract::{Path, Query, State};
use axum::response::Response;
use serde::Deserialize;

const CSV: &str = "text/csv; charset=utf-8";

/// The columns of a statement, with commas between them.
const STATEMENT: &str = "day,kind,what,month of use,received minor,rate basis points,amount minor,balance minor,\
    currency,reports,lines,rule";

/// The columns of the lines of reports that a statement was worked out from.
const LINES: &str = "line,report,import,received on,month of use,store,territory,isrc,title,units,reported minor,\
    reported currency,exchange rate micros,received minor,currency,kind of use,source of the rate,rule";

/// The columns of lines that could not be converted or matched.
const UNSETTLED: &str = "line,import,report,received on,month of use,store,territory,isrc,title,units,amount,\
    currency,reason,remedy";

/// The name of the file in the address.
type Name = Result<Path<String>, PathRejection>;

/// The days in the address.
type Days = Result<Query<StatementExport>, QueryRejection>;

/// Which days.
#[derive(Debug, Deserialize)]
pub(super) struct StatementExport {
    from: Option<String>,
    to: Option<String>,
}

/// What is asked of an operation, from the address; where that cannot be read, why, on record.
fn asked<O: Operation>(
    engine: &Engine,
    caller: &Caller,
    name: Name,
    days: Days,
) -> Result<RoyaltiesInput, RestError> {
    read(name, days).map_err(|error| caller.refused(engine, O::NAME, error))
}

fn read(name: Name, days: Days) -> Result<RoyaltiesInput, CallError> {
    const REMEDY: &str = "Ask for the artist's id and .csv: GET /export/statements/art_1.csv?from=2026-01-01";
    let Path(name) = name.map_err(|rejection| wrong_address(&rejection))?;
    let Query(days) = days.map_err(|rejection| wrong_query(&rejection, REMEDY))?;
    let Some(artist) = name.strip_suffix(".csv") else {
        return Err(CallError::new(CallErrorKind::NotFound, "There is no such file.", REMEDY));
    };
    let given = |text: Option<String>| text.filter(|text| !text.is_empty());
    Ok(RoyaltiesInput {
        artist_id: Some(artist.to_owned()),
        from: given(days.from),
        to: given(days.to),
        what_if: None,
        mechanicals: None,
    })
}

fn table(name: &str, columns: &str, rows: impl Iterator<Item = Vec<String>>) -> Response {
    let head = columns.split(',').map(str::to_owned).collect();
    file(name, CSV, csv_lines(std::iter::once(head).chain(rows)))
}

/// From the opening balance to what is payable.
pub(super) async fn statement(
    State(engine): State<Engine>,
    caller: Caller,
    name: Name,
    days: Days,
) -> Result<Response, RestError> {
    let input = asked::<ViewRoyalties>(&engine, &caller, name, days)?;
    let answer = engine.gateway.call::<ViewRoyalties>(&caller.principal, &caller.origin, input).await?;
    let rows = answer.output.statement.map(statement_rows).unwrap_or_default();
    Ok(table("statement.csv", STATEMENT, rows.into_iter()))
}

fn statement_rows(statement: AccountStatement) -> Vec<Vec<String>> {
    let AccountStatement { from, to, opening, lines, closing, payable, carried_over, .. } = statement;
    let currency = opening.currency.clone();
    let sum = |day: &str, kind: &str, what: &str, balance: i64| {
        let empty = String::new;
        vec![
            day.to_owned(),
            kind.to_owned(),
            what.to_owned(),
            empty(),
            empty(),
            empty(),
            empty(),
            balance.to_string(),
            currency.clone(),
            empty(),
            empty(),
            empty(),
        ]
    };
    let mut rows = vec![sum(&from, "opening", "Opening balance", opening.minor)];
    rows.extend(lines.into_iter().map(statement_row));
    rows.push(sum(&to, "closing", "Closing balance", closing.minor));
    rows.push(sum(&to, "payable", "Payable now", payable.minor));
    if carried_over.minor > 0 {
        rows.push(sum(&to, "carriedOver", "Carried over to the next statement", carried_over.minor));
    }
    rows
}

fn statement_row(line: StatementLine) -> Vec<String> {
    let numbers: Vec<String> = line.ledger_lines.iter().map(ToString::to_string).collect();
    vec![
        line.date,
        line.kind,
        harmless(&line.text),
        line.period.unwrap_or_default(),
        line.received.map(|money| money.minor.to_string()).unwrap_or_default(),
        line.rate_basis_points.map(|points| points.to_string()).unwrap_or_default(),
        line.amount.minor.to_string(),
        line.balance.minor.to_string(),
        line.amount.currency,
        harmless(&line.reports.join(" ")),
        numbers.join(" "),
        harmless(&line.rule.unwrap_or_default()),
    ]
}

/// The lines of reports that a statement was worked out from, all of them.
pub(super) async fn lines(
    State(engine): State<Engine>,
    caller: Caller,
    name: Name,
    days: Days,
) -> Result<Response, RestError> {
    let input = asked::<ViewStatementInputs>(&engine, &caller, name, days)?;
    let question = StatementInputsQuestion { statement: input, month: None, received: None };
    let call = engine.gateway.call::<ViewStatementInputs>(&caller.principal, &caller.origin, question);
    let found = call.await?.output;
    let currency = found.received.currency;
    let rows = found.lines.into_iter().map(|line| line_row(line, &currency));
    Ok(table("statement-lines.csv", LINES, rows))
}

fn line_row(line: StatementInput, currency: &str) -> Vec<String> {
    vec![
        line.id.to_string(),
        harmless(&line.report),
        line.import_id.unwrap_or_default(),
        line.received_on,
        harmless(&line.month),
        harmless(&line.store),
        harmless(&line.territory),
        harmless(&line.isrc),
        harmless(&line.title.unwrap_or_default()),
        line.quantity.to_string(),
        line.reported.to_string(),
        line.reported_currency,
        line.rate_micros.to_string(),
        line.received.map(|money| money.minor.to_string()).unwrap_or_default(),
        currency.to_owned(),
        harmless(&line.channel),
        harmless(&line.rate_source.unwrap_or_default()),
        harmless(&line.rule.unwrap_or_default()),
    ]
}

/// The lines of reports that could not be converted or matched, each with why and what to do.
pub(super) async fn unsettled(
    State(engine): State<Engine>,
    caller: Caller,
    name: Name,
    days: Days,
) -> Result<Response, RestError> {
    let input = asked::<ViewUnsettledLines>(&engine, &caller, name, days)?;
    let call = engine.gateway.call::<ViewUnsettledLines>(&caller.principal, &caller.origin, input);
    let found = call.await?.output;
    Ok(table("unsettled-lines.csv", UNSETTLED, found.into_iter().map(unsettled_row)))
}

/// The amount is a number that was read, so that a sign before it is no formula.
fn unsettled_row(line: UnsettledLine) -> Vec<String> {
    vec![
        line.line.to_string(),
        line.import_id.unwrap_or_default(),
        harmless(&line.report),
        line.received_on,
        harmless(&line.month),
        harmless(&line.store),
        harmless(&line.territory),
        harmless(&line.isrc),
        harmless(&line.title),
        line.units.to_string(),
        line.amount,
        harmless(&line.currency),
        line.reason,
        line.remedy,
    ]
}
