//! The button that prints the page.

use super::browser;
use leptos::prelude::*;

/// Opens the browser's dialogue for printing. Hidden where there is no JavaScript, because it would do nothing.
#[component]
pub fn PrintButton() -> impl IntoView {
    view! {
        <button type="button" class="button with-script" on:click=move |_| browser::print()>
            "Print"
        </button>
    }
}
