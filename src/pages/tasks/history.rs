//! One's own tasks, the newest first.

use super::address::{self, PATH};
use super::state::TaskBadge;
use crate::components::date::Moment;
use crate::components::icon::{Glyph, Icon};
use crate::components::state::{EmptyState, NoResult};
use crate::components::table::{ScrollingTable, words};
use crate::model::task::{TaskList, TaskQuery, TaskRow, TaskState, Workflow};
use leptos::prelude::*;

/// The tasks with their filter and the way to older ones.
#[component]
pub fn History(
    /// A page of them.
    tasks: TaskList,
    /// What was asked for.
    query: TaskQuery,
) -> impl IntoView {
    let is_narrowed = query != TaskQuery::default();
    if tasks.tasks.is_empty() && !is_narrowed {
        return view! {
            <EmptyState title="No tasks yet">
                <p>
                    "Say above what you want to know, and start. Or choose a sentence from what you can ask: it is put into the box."
                </p>
            </EmptyState>
        }
        .into_any();
    }
    view! {
        <section class="task-history" aria-labelledby="history">
            <h2 id="history">"Your tasks"</h2>
            <Filter query=query.clone() />
            <Rows tasks=tasks query=query />
        </section>
    }
    .into_any()
}

/// The form that narrows the list down.
#[component]
fn Filter(query: TaskQuery) -> impl IntoView {
    let chosen = query.state.map_or("", TaskState::id);
    let options = address::states().map(|(id, label)| {
        let selected = id == chosen;
        view! {
            <option value=id selected=selected>
                {label}
            </option>
        }
    });
    view! {
        <form class="task-filter" method="get" action=PATH role="search" aria-label="Search your tasks">
            <label class="log-field">
                <span>"Words"</span>
                <input type="search" name="text" value=query.text autocomplete="off" maxlength="100" />
            </label>
            <label class="log-field">
                <span>"State"</span>
                <select name="state">
                    <option value="">"Any"</option>
                    {options.into_iter().collect_view()}
                </select>
            </label>
            <button type="submit" class="button">
                "Show"
            </button>
        </form>
    }
}

#[component]
fn Rows(tasks: TaskList, query: TaskQuery) -> impl IntoView {
    let TaskList { tasks, next } = tasks;
    if tasks.is_empty() && next.is_none() {
        return view! { <NoResult noun="tasks" search=query.text all=PATH /> }.into_any();
    }
    let newest = query.before.is_some().then(|| {
        let address = address::of_history(&TaskQuery { before: None, ..query.clone() });
        view! {
            <a class="button" href=address>
                <Icon glyph=Glyph::Left />
                "Newest"
            </a>
        }
    });
    let older = next.map(|before| {
        let address = address::of_history(&TaskQuery { before: Some(before), ..query.clone() });
        view! {
            <a class="button" href=address rel="next">
                "Older"
                <Icon glyph=Glyph::Right />
            </a>
        }
    });
    view! {
        <ScrollingTable label="List of your tasks" columns=vec![words("Task"), words("State"), words("Kind"), words("Begun")]>
            {tasks.into_iter().map(row).collect_view()}
        </ScrollingTable>
        <nav class="task-actions" aria-label="Pages of your tasks">
            {newest}
            {older}
        </nav>
    }
    .into_any()
}

fn row(task: TaskRow) -> impl IntoView {
    let TaskRow { id, task, workflow, state, headline, created_at, .. } = task;
    view! {
        <tr>
            <th scope="row" class="task-words">
                <a href=address::of_task(&id)>{beginning(&task)}</a>
                {headline.map(|headline| view! { <span class="task-headline">{headline}</span> })}
            </th>
            <td>
                <TaskBadge state=state />
            </td>
            <td>{workflow.map_or("–", Workflow::label)}</td>
            <td>
                <Moment rfc3339=created_at />
            </td>
        </tr>
    }
}

/// As much of the words as fits a line or two.
pub(super) fn beginning(task: &str) -> String {
    const MOST: usize = 120;
    match task.char_indices().nth(MOST) {
        Some((end, _)) => format!("{}…", task[..end].trim_end()),
        None => task.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::beginning;

    #[test]
    fn long_words_are_cut_between_characters() {
        assert_eq!(beginning("How is Mira doing?"), "How is Mira doing?");
        assert_eq!(beginning(&"é".repeat(500)).chars().count(), 121);
    }
}
