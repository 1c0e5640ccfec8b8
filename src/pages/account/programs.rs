//! The programs that act for somebody with access tokens: which, since when, how often.

use crate::components::date::Moment;
use crate::components::format::grouped;
use crate::components::state::EmptyState;
use crate::components::table::{ScrollingTable, numbers, words};
use crate::model::acting_program::{ActingProgram, ActingPrograms, DAYS};
use leptos::prelude::*;

/// The list.
#[component]
pub fn Programs(
    /// What the audit log tells of them.
    acting: ActingPrograms,
) -> impl IntoView {
    let ActingPrograms { programs, since, are_all } = acting;
    let not_all = (!are_all && !programs.is_empty()).then(|| {
        view! { <p class="muted">"There is more on record than could be looked at: these are the latest calls."</p> }
    });
    let list = if programs.is_empty() { nothing(are_all).into_any() } else { table(programs).into_any() };
    view! {
        <section class="panel is-flush" aria-labelledby="account-programs">
            <h2 id="account-programs">"Programs that act for you"</h2>
            {list}
            {not_all}
            <p class="muted">
                "Counted from the audit log since " <Moment rfc3339=since />
                ": calls with access tokens in your name, refused ones among them. Programs with keys stand on "
                <a href="/keys">"the page of your keys"</a> "."
            </p>
            <p class="muted">
                "If you do not know a program, take its access back where you gave it, and tell an admin."
            </p>
        </section>
    }
}

/// None was found. Where not all calls could be looked at, there may be one all the same.
fn nothing(are_all: bool) -> impl IntoView {
    let none = "No program has called with an access token in your name";
    let words = if are_all {
        format!("{none} in the last {DAYS} days.")
    } else {
        format!("{none} among the latest calls. There are more on record than could be looked at.")
    };
    view! {
        <EmptyState title="No programs found">
            <p>{words}</p>
        </EmptyState>
    }
}

fn table(programs: Vec<ActingProgram>) -> impl IntoView {
    let columns = vec![
        words("Program"),
        words("Access given at"),
        words("First call"),
        words("Last call"),
        numbers("Calls"),
    ];
    view! {
        <ScrollingTable label="Table of the programs that act for you" columns=columns>
            {programs.into_iter().map(row).collect_view()}
        </ScrollingTable>
    }
}

fn row(program: ActingProgram) -> impl IntoView {
    let ActingProgram { client, issuer, first_used, last_used, calls } = program;
    view! {
        <tr>
            <th scope="row">{client}</th>
            <td>{issuer.unwrap_or_else(|| "Unknown".to_owned())}</td>
            <td>
                <Moment rfc3339=first_used />
            </td>
            <td>
                <Moment rfc3339=last_used />
            </td>
            <td class="number">{grouped(calls.into())}</td>
        </tr>
    }
}
