//! A line in which a task is said; it is begun on the page of tasks.

use crate::pages::tasks::address::PATH;
use leptos::prelude::*;

/// A form that leads to the page of tasks with what was typed.
#[component]
pub fn Ask() -> impl IntoView {
    view! {
        <form class="ask-patchline" method="get" action=PATH aria-label="Ask Patchline">
            <label for="ask-patchline">"Ask Patchline"</label>
            <input
                id="ask-patchline"
                type="text"
                name="task"
                required
                maxlength="500"
                autocomplete="off"
                placeholder="Which artists are breaking out?"
            />
            <button type="submit" class="button">
                "Continue"
            </button>
        </form>
    }
}
