//! What lists of things that a person keeps have in common: they follow what is answered, say why something was not
//! kept, and delete by name.

use crate::api::error::AppError;
use crate::components::icon::{Glyph, Icon};
use leptos::prelude::*;

/// Has a list follow the answers to a form, each of which brings the whole list.
pub fn follow<T: Send + Sync + 'static>(
    list: RwSignal<Vec<T>>,
    failure: RwSignal<Option<AppError>>,
    answer: impl Fn() -> Option<Result<Vec<T>, AppError>> + 'static,
) {
    Effect::new(move |_| match answer() {
        Some(Ok(kept)) => {
            failure.set(None);
            list.set(kept);
        }
        Some(Err(error)) => failure.set(Some(error)),
        None => {}
    });
}

/// Why something was not kept.
#[component]
pub fn NotKept(
    /// What the last answer says.
    failure: RwSignal<Option<AppError>>,
) -> impl IntoView {
    view! {
        <p class="field-error" role="alert">
            {move || failure.get().map(|error| first_words(&error))}
        </p>
    }
}

/// What stands in a form that deletes a thing.
#[component]
pub fn Deletion(
    /// The thing's name.
    name: String,
) -> impl IntoView {
    let label = format!("Delete “{name}”");
    view! {
        <input type="hidden" name="name" value=name />
        <button type="submit" class="icon-button" aria-label=label.clone() title=label>
            <Icon glyph=Glyph::Remove />
        </button>
    }
}

/// What is wrong, in one sentence: the name is the only field that a person fills in here.
fn first_words(error: &AppError) -> String {
    match error.fields.first() {
        Some(wrong) => format!("Not kept: {}.", wrong.message.trim_end_matches('.')),
        None => error.to_string(),
    }
}
