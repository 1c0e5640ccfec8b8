//! What an automation ran: when, why, what came of it, and who was told.

use crate::components::badge::{Badge, Tone};
use crate::components::date::Moment;
use crate::components::icon::Glyph;
use crate::components::table::{ScrollingTable, words};
use crate::model::automation::{Delivery, RunState, RunView};
use crate::pages::tasks;
use leptos::prelude::*;

/// How far a run is, as icon, word and colour.
#[component]
pub fn RunBadge(
    /// The state.
    state: RunState,
) -> impl IntoView {
    let (tone, glyph) = match state {
        RunState::Waiting => (Tone::Quiet, Glyph::Pulse),
        RunState::Running => (Tone::Signal, Glyph::Wave),
        RunState::Done => (Tone::Good, Glyph::Check),
        RunState::Partial => (Tone::Warning, Glyph::Warning),
        RunState::Failed => (Tone::Bad, Glyph::Warning),
        RunState::Refused => (Tone::Quiet, Glyph::Withdrawn),
        RunState::NeedsYou => (Tone::Warning, Glyph::Question),
    };
    view! { <Badge tone=tone glyph=glyph word=state.label() /> }
}

/// The runs, the newest first.
#[component]
pub fn History(
    /// The runs.
    runs: Vec<RunView>,
) -> impl IntoView {
    let columns = vec![words("Due"), words("Run"), words("What came of it"), words("Told")];
    view! {
        <section class="task-history" aria-labelledby="automation-history">
            <h2 id="automation-history">"What it ran"</h2>
            {if runs.is_empty() {
                view! { <p class="task-quiet">"Nothing yet."</p> }.into_any()
            } else {
                view! {
                    <ScrollingTable label="Runs of this automation" columns=columns>
                        {runs.into_iter().map(row).collect_view()}
                    </ScrollingTable>
                }
                    .into_any()
            }}
        </section>
    }
}

fn row(run: RunView) -> impl IntoView {
    let RunView { cause, due_at, state, task, outcome, remark, deliveries, .. } = run;
    let link = task.map(|task| {
        view! { <a href=tasks::address::of_task(&task)>"The task"</a> }
    });
    view! {
        <tr>
            <th scope="row">
                <Moment rfc3339=due_at />
            </th>
            <td class="task-words">
                <RunBadge state=state />
                <span class="task-headline">{cause}</span>
                {remark.map(|remark| view! { <span class="task-headline">{remark}</span> })}
            </td>
            <td class="task-words">
                {outcome.map(|outcome| view! { <span class="automation-outcome">{outcome}</span> })}
                {link}
            </td>
            <td class="task-words">
                <ul>{deliveries.into_iter().map(delivery).collect_view()}</ul>
            </td>
        </tr>
    }
}

fn delivery(delivery: Delivery) -> impl IntoView {
    let Delivery { way, state, attempts, problem, .. } = delivery;
    let tries = if attempts > 1 { format!(", {attempts} tries") } else { String::new() };
    view! {
        <li>
            {format!("{}: {}{tries}", way.label(), state.label())}
            {problem.map(|problem| view! { <span class="task-headline">{problem}</span> })}
        </li>
    }
}
