//! The form that sets limits and budgets.

use super::PATH;
use crate::model::field::FieldError;
use crate::model::settings::{Figure, LimitsForm};
use leptos::prelude::*;

/// The form. A field that is left empty leaves its figure to the environment.
#[component]
pub fn FiguresForm(
    /// The version that is shown.
    version: u32,
    /// What can be set.
    figures: Vec<Figure>,
    /// What was typed before, where it was refused.
    typed: Option<LimitsForm>,
    /// What was wrong with it.
    wrong: Vec<FieldError>,
    /// The models without a price of their own.
    without_price: Vec<String>,
    /// Where a day of the budgets begins.
    time_zone: String,
) -> impl IntoView {
    let note = typed.as_ref().map(|typed| typed.note.clone()).unwrap_or_default();
    let fields = figures.into_iter().map(|figure| {
        let text = match &typed {
            Some(typed) => typed.set.get(&figure.name).cloned().unwrap_or_default(),
            None => figure.set.clone(),
        };
        let is_wrong = wrong.iter().any(|wrong| wrong.field == figure.name);
        field(figure, text, is_wrong)
    });
    let fields = fields.collect_view();
    let unpriced = (!without_price.is_empty()).then(|| {
        let models = without_price.join(", ");
        view! {
            <p class="notice tone-warning">
                {format!("No price is known of {models}. Calls are charged by the price of every other model.")}
            </p>
        }
    });
    view! {
        <section class="panel" aria-labelledby="settings-figures">
            <h2 id="settings-figures">"Limits and budgets"</h2>
            <p>
                {format!(
                    "A field that is empty leaves it to the environment. Budgets are for a day in the time zone {time_zone}.",
                )}
            </p>
            {unpriced}
            <form class="settings-form" method="post" action=PATH aria-label="Limits and budgets">
                <input type="hidden" name=LimitsForm::VERSION value=version.to_string() />
                {fields}
                <div class="field">
                    <label for="settings-note">"Why"</label>
                    <input
                        id="settings-note"
                        type="text"
                        name=LimitsForm::NOTE
                        value=note
                        maxlength="500"
                        autocomplete="off"
                    />
                </div>
                <button type="submit" class="button is-primary">
                    "Save"
                </button>
            </form>
        </section>
    }
}

fn field(figure: Figure, text: String, is_wrong: bool) -> impl IntoView {
    let Figure { name, title, help, otherwise, .. } = figure;
    let id = format!("settings-{}", name.to_ascii_lowercase());
    let help_id = format!("{id}-help");
    view! {
        <div class="field">
            <label for=id.clone()>{title}</label>
            <input
                id=id
                type="text"
                name=name
                value=text
                autocomplete="off"
                spellcheck="false"
                aria-describedby=help_id.clone()
                aria-invalid=is_wrong.then_some("true")
            />
            <p class="field-help" id=help_id>
                {format!("{help} Empty: {otherwise}.")}
            </p>
        </div>
    }
}
