//! The tables of a statement: what happened on the account, who shares in it, what each recording brought, and the
//! lines of reports behind a sum.

use super::statement::{address, day, percent};
use crate::components::format::{counted, grouped};
use crate::components::table::{ScrollingTable, numbers, words};
use crate::model::royalties::{
    AccountStatement, PayeeView, StatementInput, StatementInputs, StatementLine, StatementQuestion,
    TrackMoney, Undivided,
};
use crate::model::territory::territory_name;
use leptos::prelude::*;

/// A number that may be below zero.
fn signed(number: i64) -> String {
    let sign = if number < 0 { "\u{2212}" } else { "" };
    format!("{sign}{}", grouped(number.unsigned_abs()))
}

/// From the opening balance to what is payable.
#[component]
pub fn Movements(
    /// What the page was asked.
    question: StatementQuestion,
    /// The days in words.
    period: String,
    /// The statement.
    statement: AccountStatement,
) -> impl IntoView {
    let AccountStatement {
        account_id,
        from,
        to,
        rate_basis_points,
        agreements,
        opening,
        lines,
        closing,
        payable,
        carried_over,
        ..
    } = statement;
    let by = match agreements.as_slice() {
        [] => String::new(),
        names => format!(" Contracts that say something about royalties: {}.", names.join(", ")),
    };
    let sum = |when: String, what: &'static str, amount: String| {
        view! {
            <tr>
                <td>{when}</td>
                <th scope="row">{what}</th>
                <td></td>
                <td></td>
                <td class="number"></td>
                <td class="number">{amount}</td>
            </tr>
        }
    };
    let row = |line: StatementLine| {
        let (amount, balance) = (line.amount.text.clone(), line.balance.text.clone());
        view! {
            <tr>
                <td>{day(&line.date)}</td>
                <th scope="row">{line.text.clone()}</th>
                <td>{line.rule.clone()}</td>
                <td>
                    <Origin question=question.clone() line=line />
                </td>
                <td class="number">{amount}</td>
                <td class="number">{balance}</td>
            </tr>
        }
    };
    let rows = lines.into_iter().map(row).collect_view();
    view! {
        <section class="panel" aria-labelledby="movements">
            <h2 id="movements">"From the opening balance to what is payable"</h2>
            <p class="muted">
                {format!(
                    "Account {account_id}, rate {}, booked and received from {period}. A balance below zero is still to be recouped, and nothing is paid before it is.{by}",
                    percent(rate_basis_points)
                )}
            </p>
            <ScrollingTable
                label="Movements of the account"
                columns=vec![words("Day"), words("What"), words("Rule"), words("Worked out from"), numbers("Amount"), numbers("Balance")]
            >
                {sum(day(&from), "Opening balance", opening.text)}
                {rows}
                {sum(day(&to), "Closing balance", closing.text)}
                {sum(String::new(), "Payable now", payable.text)}
                {(carried_over.minor > 0)
                    .then(|| sum(String::new(), "Carried over to the next statement", carried_over.text))}
            </ScrollingTable>
        </section>
    }
}

/// What a line of the statement was worked out from: the lines of reports, or the entry of the account.
#[component]
fn Origin(question: StatementQuestion, line: StatementLine) -> impl IntoView {
    let StatementLine { date, kind, period, reports, ledger_lines, .. } = line;
    // What is released was received earlier.
    let received = if kind == "released" { String::new() } else { date };
    let count = ledger_lines.len() as u64;
    match period {
        Some(month) => {
            let text = format!("{} of {}", counted(count, "line"), reports.join(", "));
            let address = format!("{}#inputs", address(&question, &month, &received));
            view! { <a href=address>{text}</a> }.into_any()
        }
        None if count == 0 => "Not in the ledger".into_any(),
        None => {
            let numbers: Vec<String> = ledger_lines.iter().map(ToString::to_string).collect();
            format!("Entry {} of the account", numbers.join(", ")).into_any()
        }
    }
}

/// The lines of reports behind a sum.
#[component]
pub fn Inputs(
    /// What the page was asked.
    question: StatementQuestion,
    /// The lines.
    inputs: StatementInputs,
) -> impl IntoView {
    let StatementInputs { lines, count, received, source } = inputs;
    let shown = lines.len() as u64;
    let more = (shown < count).then(|| format!("The first {} are shown; the file has all. ", grouped(shown)));
    let came = match question.received.as_str() {
        "" => String::new(),
        day_of => format!(", reported on {}", day(day_of)),
    };
    let columns = vec![
        numbers("Line"),
        words("Report"),
        words("Store"),
        words("Kind of use"),
        words("Territory"),
        words("Recording"),
        numbers("Units"),
        numbers("Reported, minor units"),
        numbers("Exchange rate"),
        words("Source of the rate"),
        numbers("Received"),
        words("Rule"),
    ];
    view! {
        <section class="panel" aria-labelledby="inputs">
            <h2 id="inputs">{format!("The lines of {}", question.month)}</h2>
            <p>
                {more} {format!("{}{came}, came to {}. ", counted(count, "line"), received.text)}
                <a href=address(&question, "", "")>"Hide them"</a>
            </p>
            <ScrollingTable label="Lines of reports" columns=columns short=true>
                {lines.into_iter().map(input).collect_view()}
            </ScrollingTable>
            <details class="source">
                <summary>"Source"</summary>
                <p>{source}</p>
            </details>
        </section>
    }
}

fn input(line: StatementInput) -> impl IntoView {
    let report = match line.import_id {
        Some(id) => {
            let address = crate::pages::imports::address_of(&id);
            view! { <a href=address>{line.report}</a> }.into_any()
        }
        None => line.report.into_any(),
    };
    // Millionths with a point; an exchange rate is never rounded on the page.
    let (whole, rest) = (line.rate_micros / 1_000_000, line.rate_micros.unsigned_abs() % 1_000_000);
    let received = line.received.map_or_else(|| "Too large to write down".to_owned(), |money| money.text);
    view! {
        <tr>
            <td class="number">{line.id.to_string()}</td>
            <td>{report}</td>
            <td>{line.store}</td>
            <td>{line.channel}</td>
            <td>{territory_name(&line.territory).to_owned()}</td>
            <td>{line.title.unwrap_or(line.isrc)}</td>
            <td class="number">{signed(line.quantity)}</td>
            <td class="number">{signed(line.reported)}</td>
            <td class="number">{format!("{whole}.{rest:06}")}</td>
            <td>{line.rate_source}</td>
            <td class="number">{received}</td>
            <td>{line.rule}</td>
        </tr>
    }
}

/// Who shares in the royalties, and what cannot be divided.
#[component]
pub fn Payees(
    /// Who shares, largest first.
    payees: Vec<PayeeView>,
    /// What cannot be divided.
    undivided: Vec<Undivided>,
) -> impl IntoView {
    let row = |payee: PayeeView| {
        view! {
            <tr>
                <th scope="row">{payee.name}</th>
                <td>{payee.role}</td>
                <td class="number">{payee.amount.text}</td>
            </tr>
        }
    };
    let left = |part: Undivided| view! { <li>{format!("{}, {}: {}", part.isrc, part.amount.text, part.reason)}</li> };
    let table = if payees.is_empty() {
        view! { <p class="panel-empty">"Nobody shares in royalties of these days."</p> }.into_any()
    } else {
        view! {
            <ScrollingTable label="Shares of the royalties" columns=vec![words("Who"), words("As"), numbers("Royalties")]>
                {payees.into_iter().map(row).collect_view()}
            </ScrollingTable>
        }
        .into_any()
    };
    view! {
        <section class="panel" aria-labelledby="payees">
            <h2 id="payees">"Who earned what"</h2>
            {table}
            {(!undivided.is_empty())
                .then(|| {
                    view! {
                        <h3>"What cannot be divided"</h3>
                        <ul class="craft-evidence">{undivided.into_iter().map(left).collect_view()}</ul>
                    }
                })}
        </section>
    }
}

/// What each recording brought.
#[component]
pub fn Recordings(
    /// The recordings, most first.
    tracks: Vec<TrackMoney>,
) -> impl IntoView {
    let row = |track: TrackMoney| {
        view! {
            <tr>
                <th scope="row">{track.title.unwrap_or_else(|| "Not in the catalogue".to_owned())}</th>
                <td>
                    <code>{track.isrc}</code>
                </td>
                <td class="number">{signed(track.quantity)}</td>
                <td class="number">{track.received.text}</td>
                <td class="number">{track.royalties.text}</td>
            </tr>
        }
    };
    (!tracks.is_empty()).then(|| {
        view! {
            <section class="panel" aria-labelledby="recordings">
                <h2 id="recordings">"What each recording brought"</h2>
                <ScrollingTable
                    label="Royalties by recording"
                    columns=vec![words("Recording"), words("ISRC"), numbers("Units"), numbers("Received"), numbers("Royalties")]
                    short=true
                >
                    {tracks.into_iter().map(row).collect_view()}
                </ScrollingTable>
            </section>
        }
    })
}
