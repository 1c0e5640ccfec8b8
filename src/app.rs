//! HTML shell and the table of routes.

use leptos::prelude::*;

/// The whole page.
#[component]
pub fn App() -> impl IntoView {
    view! { <main></main> }
}
