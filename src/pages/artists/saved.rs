//! The views of the list that a person keeps: open, keep the one that is shown, delete.

use crate::api::artist_views::{KeepView, RemoveView};
use crate::api::error::AppError;
use crate::model::saved_view::{MAX_VIEW_NAME, SavedView};
use crate::pages::kept::{Deletion, NotKept, follow};
use leptos::form::ActionForm;
use leptos::prelude::*;

/// The kept views. Both forms work without JavaScript, too.
#[component]
pub fn SavedViews(
    /// The views as they were when the page was opened.
    saved: Vec<SavedView>,
    /// The query string of what is shown now.
    #[prop(into)]
    query: Signal<String>,
) -> impl IntoView {
    let keep = ServerAction::<KeepView>::new();
    let remove = ServerAction::<RemoveView>::new();
    let views = RwSignal::new(saved);
    let failure = RwSignal::new(None::<AppError>);
    follow(views, failure, move || keep.value().get());
    follow(views, failure, move || remove.value().get());
    let summary = move || match views.with(Vec::len) {
        0 => "My views".to_owned(),
        count => format!("My views ({count})"),
    };
    view! {
        <details class="saved-views">
            <summary>{summary}</summary>
            <Kept views=views remove=remove />
            <ActionForm action=keep attr:class="saved-form">
                <input type="hidden" name="query" value=query.get_untracked() prop:value=query />
                <label>
                    <span>"Keep this view as"</span>
                    <input type="text" name="name" required maxlength=MAX_VIEW_NAME.to_string() autocomplete="off" />
                </label>
                <button type="submit" class="button">
                    "Keep"
                </button>
            </ActionForm>
            <NotKept failure=failure />
        </details>
    }
}

#[component]
fn Kept(views: RwSignal<Vec<SavedView>>, remove: ServerAction<RemoveView>) -> impl IntoView {
    let row = move |kept: SavedView| {
        let SavedView { name, query } = kept;
        let href = if query.is_empty() { "/artists".to_owned() } else { format!("/artists?{query}") };
        view! {
            <li>
                <a href=href>{name.clone()}</a>
                <ActionForm action=remove>
                    <Deletion name=name />
                </ActionForm>
            </li>
        }
    };
    move || {
        if views.with(Vec::is_empty) {
            view! { <p class="muted">"None yet. Views that you keep are here for you alone."</p> }.into_any()
        } else {
            view! {
                <ul class="saved-list">
                    <For each=move || views.get() key=|kept| (kept.name.clone(), kept.query.clone()) children=row />
                </ul>
            }
            .into_any()
        }
    }
}
