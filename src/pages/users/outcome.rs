//! What came of a form: what was done, with the link where there is one, or why not.

use crate::api::error::AppError;
use crate::components::copy_button::CopyButton;
use crate::components::state::ErrorState;
use crate::model::user::UserChanged;
use leptos::prelude::*;

/// The id of the element that says what was done.
pub(super) const OUTCOME: &str = "users-outcome";

/// What came of a form.
#[component]
pub fn Outcome(
    /// What was done, or why not.
    result: Result<UserChanged, AppError>,
) -> impl IntoView {
    match result {
        Ok(changed) => view! { <Done changed=changed /> }.into_any(),
        Err(error) => view! { <ErrorState error=error /> }.into_any(),
    }
}

#[component]
fn Done(changed: UserChanged) -> impl IntoView {
    let words = changed.change.in_words(&changed.name);
    let link = changed.link.map(|link| {
        view! {
            <p class="people-link">
                <code>{link.clone()}</code>
                <CopyButton text=link what="the link" />
            </p>
            <p>"Give it to them yourself. It works once, within a day, and is shown only now."</p>
        }
    });
    view! {
        <div class="notice tone-good people-outcome" role="status" id=OUTCOME tabindex="-1">
            <p>
                <strong>{words}</strong>
            </p>
            {link}
        </div>
    }
}
