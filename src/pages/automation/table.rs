//! Automations as rows.

use super::address;
use super::history::RunBadge;
use crate::components::table::{ScrollingTable, words};
use crate::model::automation::AutomationView;
use crate::pages::tasks;
use leptos::prelude::*;

/// A table of automations.
#[component]
pub fn Table(
    /// The automations.
    automations: Vec<AutomationView>,
    /// Whether each row says whose it is, and lets it be paused.
    of_everybody: bool,
) -> impl IntoView {
    let names = ["Automation", "When", "Next", "Last run"];
    let mut columns: Vec<_> = names.into_iter().map(words).collect();
    if of_everybody {
        columns.insert(1, words("Owner"));
        columns.push(words("Action"));
    }
    let label = if of_everybody { "Automations of everybody" } else { "Your automations" };
    view! {
        <section class="panel is-flush">
            <ScrollingTable label=label columns=columns>
                {automations.into_iter().map(|automation| row(automation, of_everybody)).collect_view()}
            </ScrollingTable>
        </section>
    }
}

fn row(automation: AutomationView, of_everybody: bool) -> impl IntoView {
    let AutomationView { id, owner, owner_name, wish, paused, next, runs, .. } = automation;
    let is_paused = paused.is_some();
    let next = match (paused, next) {
        (Some(paused), _) => format!("Paused: {}", paused.reason),
        (None, Some(next)) => next,
        (None, None) => "When it happens".to_owned(),
    };
    let last = runs.into_iter().next().map(|run| {
        let line = run.outcome.map(|outcome| view! { <span class="task-headline">{outcome}</span> });
        let badge = view! { <RunBadge state=run.state /> };
        // Of those of others there is none: the server leaves it out.
        let answer = run.task.map(|task| {
            view! { <a href=tasks::address::of_task(&task)>"The answer"</a> }
        });
        view! {
            {badge}
            " "
            {answer}
            {line}
        }
    });
    let name = wish.name.clone();
    let name = if of_everybody {
        view! { <span>{name}</span> }.into_any()
    } else {
        view! { <a href=address::of(&id)>{name}</a> }.into_any()
    };
    let pause = (of_everybody && !is_paused).then(|| {
        view! {
            <form method="post" action=address::PATH>
                <input type="hidden" name="change" value="pauseAny" />
                <input type="hidden" name="owner" value=owner />
                <input type="hidden" name="id" value=id />
                <button type="submit" class="button">
                    {format!("Pause {}", wish.name)}
                </button>
            </form>
        }
    });
    view! {
        <tr>
            <th scope="row" class="task-words">
                {name}
                {(!of_everybody).then(|| view! { <span class="task-headline">{wish.request.task}</span> })}
            </th>
            {of_everybody.then(|| view! { <td>{owner_name}</td> })}
            <td class="task-words">{wish.when.in_words()}</td>
            <td>{next}</td>
            <td class="task-words">{last}</td>
            {of_everybody.then(|| view! { <td>{pause}</td> })}
        </tr>
    }
}
