//! The views of the list that a person keeps: open, keep the one that is shown, delete.

use crate::api::artist_views::{KeepView, RemoveView};
use crate::api::error::AppError;
use crate::components::icon::{Glyph, Icon};
use crate::model::saved_view::{MAX_VIEW_NAME, SavedView};
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
    // Each answer brings the whole list.
    let take = move |answer: Option<Result<Vec<SavedView>, AppError>>| match answer {
        Some(Ok(list)) => {
            failure.set(None);
            views.set(list);
        }
        Some(Err(error)) => failure.set(Some(error)),
        None => {}
    };
    Effect::new(move |_| take(keep.value().get()));
    Effect::new(move |_| take(remove.value().get()));
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
            <p class="field-error" role="alert">
                {move || failure.get().map(|error| first_words(&error))}
            </p>
        </details>
    }
}

#[component]
fn Kept(views: RwSignal<Vec<SavedView>>, remove: ServerAction<RemoveView>) -> impl IntoView {
    let row = move |kept: SavedView| {
        let SavedView { name, query } = kept;
        let href = if query.is_empty() { "/artists".to_owned() } else { format!("/artists?{query}") };
        let label = format!("Delete “{name}”");
        view! {
            <li>
                <a href=href>{name.clone()}</a>
                <ActionForm action=remove>
                    <input type="hidden" name="name" value=name />
                    <button type="submit" class="icon-button" aria-label=label.clone() title=label>
                        <Icon glyph=Glyph::Remove />
                    </button>
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

/// What is wrong, in one sentence: the name is the only field that a person fills in here.
fn first_words(error: &AppError) -> String {
    match error.fields.first() {
        Some(wrong) => format!("Not kept: {}.", wrong.message.trim_end_matches('.')),
        None => error.to_string(),
    }
}
