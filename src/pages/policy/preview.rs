//! A change before it is saved: what it says, in words and in Cedar, what it would have done to real calls, and
//! the button that saves exactly this.

use super::address::{FORM_ACTION, PATH};
use super::cedar::CedarTexts;
use super::fields::hidden;
use super::review::{Review, summary};
use crate::components::icon::{Glyph, Icon};
use crate::model::policy::PolicyMode;
use crate::model::policy_form::PolicyForm;
use crate::model::policy_review::PolicyPreview;
use leptos::prelude::*;

/// The change.
#[component]
pub fn Preview(
    /// What it would come to.
    preview: PolicyPreview,
    /// What was typed.
    form: PolicyForm,
) -> impl IntoView {
    let PolicyPreview { changes, words, cedar, findings, proven, mode, review, unknown } = preview;
    let told = review.as_ref().map_or_else(
        || format!("What it would have done to calls could not be found out. {unknown}"),
        summary,
    );
    let review = review.map(|review| {
        view! {
            <Review review=review label="What would be otherwise" nothing="There is no such call." />
        }
    });
    let sentences = words.into_iter().map(|words| view! { <p>{words}</p> }).collect_view();
    let cedar =
        (!cedar.is_empty()).then(|| view! { <CedarTexts policies=cedar standing="as it would be" /> });
    let in_mode = (mode != PolicyMode::Enforcing)
        .then(|| view! { <p>"With this, the mode is: " {mode.in_words()}</p> });
    view! {
        <section class="panel policy-preview" aria-labelledby="policy-preview">
            <h2 id="policy-preview">"Before it is saved"</h2>
            <div class="notice tone-signal" role="status">
                <Icon glyph=Glyph::Information />
                <div>
                    <p>
                        <strong>{changes.join("; ")}</strong>
                        ". Nothing is saved yet."
                    </p>
                    <p>{told}</p>
                </div>
            </div>
            <Findings findings=findings />
            {sentences}
            {in_mode}
            {cedar}
            {review}
            <Proven proven=proven />
            <form class="policy-form" method="post" action=FORM_ACTION aria-label="Save the change">
                {hidden(&form)}
                <input type="hidden" name="step" value="save" />
                <div class="field">
                    <label for="policy-note">"Why"</label>
                    <input
                        id="policy-note"
                        type="text"
                        name="note"
                        value=form.note.clone()
                        maxlength="200"
                        autocomplete="off"
                        aria-describedby="policy-note-help"
                    />
                    <p class="field-help" id="policy-note-help">
                        "For whoever reads the list of changes later."
                    </p>
                </div>
                <div class="policy-actions">
                    <button type="submit" class="button is-primary">
                        "Save"
                    </button>
                    <a class="button" href=PATH rel="external">
                        "Leave it"
                    </a>
                </div>
            </form>
        </section>
    }
}

/// What does not fit together. It can be saved all the same.
#[component]
fn Findings(findings: Vec<String>) -> impl IntoView {
    (!findings.is_empty()).then(|| {
        let sentences = findings.into_iter().map(|finding| view! { <li>{finding}</li> }).collect_view();
        view! {
            <div class="notice tone-warning" role="status">
                <Icon glyph=Glyph::Warning />
                <div>
                    <p>
                        <strong>"Look at this before you save it:"</strong>
                    </p>
                    <ul>{sentences}</ul>
                </div>
            </div>
        }
    })
}

/// What is so whatever anybody asks for, also what nobody has asked for yet.
#[component]
fn Proven(proven: Vec<String>) -> impl IntoView {
    (!proven.is_empty()).then(|| {
        let sentences = proven.into_iter().map(|sentence| view! { <li>{sentence}</li> }).collect_view();
        view! {
            <p>"Proven, whatever anybody asks for:"</p>
            <ul>{sentences}</ul>
        }
    })
}
