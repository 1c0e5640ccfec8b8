//! Search and filter of a list: a plain form without JavaScript, search-as-you-type with it.

use super::icon::{Glyph, Icon};
use super::typed_text::TypedText;
use leptos::html;
use leptos::prelude::*;
use std::time::Duration;

/// How long the viewer must stop typing before the list is asked.
const PAUSE: Duration = Duration::from_millis(250);
/// The longest search text, in characters.
const MAX_LENGTH: &str = "100";

/// The search field of a list, in a GET form that keeps what else the address says.
#[component]
pub fn SearchForm(
    /// Where the form goes: the list's path.
    action: &'static str,
    /// The field's name for people.
    label: &'static str,
    /// What the address asks for now.
    #[prop(into)]
    search: Signal<String>,
    /// Called with the new text when the viewer stops typing or sends the form.
    on_search: Callback<String>,
    /// Filters, and hidden fields for the order.
    children: Children,
) -> impl IntoView {
    let field = NodeRef::<html::Input>::new();
    let typed = TypedText::follow(search, field);
    let ask = move |text: String| {
        if typed.asks(&text) {
            on_search.run(text);
        }
    };
    let mut ask_after_pause = debounce(PAUSE, ask);
    let send = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        if let Some(field) = field.get_untracked() {
            ask(field.value());
        }
    };
    view! {
        <form class="list-form" method="get" action=action role="search" aria-label=label on:submit=send>
            <label class="search-field">
                <span class="visually-hidden">{label}</span>
                <Icon glyph=Glyph::Search />
                <input
                    type="search"
                    name="search"
                    placeholder=label
                    autocomplete="off"
                    maxlength=MAX_LENGTH
                    value=search.get_untracked()
                    node_ref=field
                    on:input=move |event| ask_after_pause(event_target_value(&event))
                />
            </label>
            {children()}
            <button type="submit" class="button without-script">
                "Show"
            </button>
        </form>
    }
}
