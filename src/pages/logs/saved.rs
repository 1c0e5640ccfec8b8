//! The queries that a person keeps: open, keep what stands in the form, delete.

use super::address::Address;
use super::form::QueryState;
use crate::api::error::AppError;
use crate::api::log_search::KeepLogQuery;
use crate::api::logs::RemoveLogQuery;
use crate::model::logs::{MAX_SAVED_NAME, SavedLogQuery};
use crate::pages::kept::{Deletion, NotKept, follow};
use leptos::form::ActionForm;
use leptos::prelude::*;

/// The kept queries. Both forms work without JavaScript, too.
#[component]
pub fn SavedQueries(
    /// The queries as they were when the page was opened.
    saved: Vec<SavedLogQuery>,
    /// What stands in the form.
    state: QueryState,
    /// What the page shows; opened queries keep its range.
    address: Memo<Address>,
) -> impl IntoView {
    let keep = ServerAction::<KeepLogQuery>::new();
    let remove = ServerAction::<RemoveLogQuery>::new();
    let queries = RwSignal::new(saved);
    let failure = RwSignal::new(None::<AppError>);
    follow(queries, failure, move || keep.value().get());
    follow(queries, failure, move || remove.value().get());
    let count = move || queries.with(Vec::len);
    let nothing_to_keep = move || state.query.with(|query| query.trim().is_empty());
    view! {
        <details>
            <summary>
                {move || if count() == 0 { "My queries".to_owned() } else { format!("My queries ({})", count()) }}
            </summary>
            <div class="saved">
                <Kept queries=queries address=address remove=remove />
                <ActionForm action=keep attr:class="saved-form">
                    <input type="hidden" name="group" value=state.group.get_untracked() prop:value=move || state.group.get() />
                    <input type="hidden" name="query" value=state.query.get_untracked() prop:value=move || state.query.get() />
                    <label class="log-field">
                        <span>"Keep this query as"</span>
                        <input type="text" name="name" required maxlength=MAX_SAVED_NAME.to_string() autocomplete="off" />
                    </label>
                    <button type="submit" class="button" disabled=nothing_to_keep() prop:disabled=nothing_to_keep>
                        "Keep"
                    </button>
                </ActionForm>
                <NotKept failure=failure />
            </div>
        </details>
    }
}

#[component]
fn Kept(
    queries: RwSignal<Vec<SavedLogQuery>>,
    address: Memo<Address>,
    remove: ServerAction<RemoveLogQuery>,
) -> impl IntoView {
    let row = move |kept: SavedLogQuery| {
        let SavedLogQuery { name, log_group_name, query } = kept;
        let shown = query.replace('\n', " ");
        let href = move || address.with(|address| address.to_search(log_group_name.clone(), &query, true));
        view! {
            <li>
                <a href=href data-noscroll="">
                    <span class="question-title">{name.clone()}</span>
                    <code class="question-note">{shown}</code>
                </a>
                <ActionForm action=remove>
                    <Deletion name=name />
                </ActionForm>
            </li>
        }
    };
    move || {
        if queries.with(Vec::is_empty) {
            view! { <p class="muted">"None yet. Queries that you keep are here for you alone."</p> }
                .into_any()
        } else {
            view! {
                <ul class="questions saved-list">
                    <For each=move || queries.get() key=|kept| (kept.name.clone(), kept.query.clone()) children=row />
                </ul>
            }
            .into_any()
        }
    }
}
