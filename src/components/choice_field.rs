//! A filter of a list: one of several is chosen, or any.

use leptos::prelude::*;

/// A filter of which one of several is chosen, or any: a field of the list's form without JavaScript, which asks at
/// once with it.
#[component]
pub fn ChoiceField(
    /// The field's name for people.
    label: &'static str,
    /// The field's name in the address.
    name: &'static str,
    /// What it is called that all will do.
    any: &'static str,
    /// What there is to choose from: each as the address says it, and in words.
    choices: Vec<(&'static str, String)>,
    /// What the address says now; empty where all will do.
    #[prop(into)]
    chosen: Signal<String>,
    /// Called with what was chosen, as the address says it.
    on_choose: Callback<String>,
) -> impl IntoView {
    let options = choices.into_iter().map(move |(value, words)| {
        view! {
            <option
                value=value
                selected=chosen.with_untracked(|chosen| chosen == value)
                prop:selected=move || chosen.with(|chosen| chosen == value)
            >
                {words}
            </option>
        }
    });
    view! {
        <label class="select-field">
            <span>{label}</span>
            <select name=name on:change=move |event| on_choose.run(event_target_value(&event))>
                <option value="">{any}</option>
                {options.collect_view()}
            </select>
        </label>
    }
}
