//! Who is signed in, with the way to their account and the way out: in the bar, and in the menu of small screens.

use super::icon::{Glyph, Icon};
use super::preferences::Preferences;
use leptos::prelude::*;

/// The name with the role, which leads to the account, and the button of sign-out: a form, so it works without JavaScript.
#[component]
pub fn Account() -> impl IntoView {
    let named = |preferences: &Preferences| {
        preferences.viewer.as_ref().map(|viewer| (viewer.name.clone(), viewer.role.title()))
    };
    with_context(named).flatten().map(|(name, role)| {
        let who = format!("Your account: {name}, {role}");
        view! {
            <form method="post" action="/sign-out" class="account">
                <a href="/account" class="account-name" title=who>
                    <Icon glyph=Glyph::Person />
                    <span>{name}</span>
                </a>
                <button type="submit" class="button">
                    "Sign out"
                </button>
            </form>
        }
    })
}
