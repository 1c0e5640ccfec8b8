//! Who is signed in, and the way out: in the bar, and in the menu of small screens.

use super::preferences::Preferences;
use leptos::prelude::*;

/// The name with the role, and the button of sign-out: a form, so it works without JavaScript.
#[component]
pub fn Account() -> impl IntoView {
    let viewer = use_context::<Preferences>().unwrap_or_default().viewer;
    viewer.map(|viewer| {
        let (name, role) = (viewer.name, viewer.role.title());
        view! {
            <form method="post" action="/sign-out" class="account">
                <span class="account-name" title=format!("{name}, {role}")>
                    {name}
                </span>
                <button type="submit" class="button">
                    "Sign out"
                </button>
            </form>
        }
    })
}
