//! What violations come to: the mode that holds, and the form for another.

use super::address::FORM_ACTION;
use super::fields::Wrong;
use crate::model::policy::{PolicyMode, PolicyVersion};
use leptos::prelude::*;

/// The mode.
#[component]
pub fn Mode(
    /// The mode that holds.
    mode: PolicyMode,
    /// What is stored.
    current: PolicyVersion,
    /// Whether the viewer may change it.
    may_change: bool,
    /// What was chosen before and could not be taken.
    typed: Option<String>,
    /// What is wrong with it.
    wrong: Wrong,
) -> impl IntoView {
    let stored = current.mode.map(PolicyMode::id).unwrap_or_default().to_owned();
    let form = may_change
        .then(|| view! { <Form chosen=typed.unwrap_or(stored) version=current.version wrong=wrong /> });
    view! {
        <section class="panel" aria-labelledby="policy-mode">
            <h2 id="policy-mode">"Mode"</h2>
            <p class="notice">{mode.in_words()}</p>
            {form}
        </section>
    }
}

#[component]
fn Form(chosen: String, version: u32, wrong: Wrong) -> impl IntoView {
    let option = |mode: PolicyMode| {
        let selected = mode.id() == chosen;
        view! {
            <option value=mode.id() selected=selected>
                {mode.in_words()}
            </option>
        }
    };
    let of_environment = chosen.is_empty();
    view! {
        <form class="policy-form" method="post" action=FORM_ACTION aria-label="Change the mode">
            <input type="hidden" name="what" value="mode" />
            <input type="hidden" name="step" value="preview" />
            <input type="hidden" name="expected" value=version.to_string() />
            <div class="field">
                <label for="policy-mode-choice">"Violations of rules"</label>
                <select
                    id="policy-mode-choice"
                    name="mode"
                    aria-describedby=wrong.described("mode", "policy-mode-help")
                    aria-invalid=wrong.flag("mode")
                >
                    <option value="" selected=of_environment>
                        "As the environment says (MCP_SECURITY_MODE, MCP_ON_VIOLATION)"
                    </option>
                    {PolicyMode::ALL.into_iter().map(option).collect_view()}
                </select>
                <p class="field-help" id="policy-mode-help">
                    "What a role may not do is refused in every mode."
                </p>
                {wrong.told("mode")}
            </div>
            <button type="submit" class="button">
                "Show what changes"
            </button>
        </form>
    }
}
