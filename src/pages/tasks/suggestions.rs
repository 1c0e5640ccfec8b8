//! What can be asked: sentences that work as they are, and sentences with a gap to fill, from the one table of
//! workflows.

use super::address::{self, FIELD, TEMPLATES};
use super::history::beginning;
use crate::components::icon::{Glyph, Icon};
use crate::model::role::Role;
use crate::model::task_template::TaskTemplate;
use crate::model::workflow::{Sentence, WORKFLOWS};
use leptos::prelude::*;

/// The gap alone is no suggestion.
const NOTHING: &str = "…";

/// What somebody of a role can ask. Each is a link that fills the form.
#[component]
pub fn Suggestions(
    /// Who asks.
    role: Role,
    /// The tasks that they keep.
    templates: Vec<TaskTemplate>,
) -> impl IntoView {
    let of = |has_gap: bool| {
        let all = WORKFLOWS.iter().flat_map(|entry| {
            let label = entry.workflow.label();
            entry.sentences.iter().map(move |sentence| (label, sentence))
        });
        let fitting = all.filter(|(_, sentence)| sentence.has_gap() == has_gap && sentence.is_for(role));
        let fitting = fitting.filter(|(_, sentence)| sentence.with_dots() != NOTHING);
        fitting.map(|(label, sentence)| link(label, sentence)).collect_view()
    };
    let none_yet = templates.is_empty().then_some("You keep none yet. ");
    let own: Vec<_> = templates.into_iter().map(kept).collect();
    view! {
        <section class="panel task-suggestions" aria-labelledby="suggestions">
            <h2 id="suggestions">"What you can ask"</h2>
            <h3 id="suggestions-own">"Your templates"</h3>
            {(!own.is_empty()).then(|| view! { <ul aria-labelledby="suggestions-own">{own}</ul> })}
            <p class="task-quiet">
                {none_yet} <a href=TEMPLATES>"Keep, rename or remove templates"</a>
            </p>
            <h3 id="suggestions-ready">"Ready to send"</h3>
            <ul aria-labelledby="suggestions-ready">{of(false)}</ul>
            <h3 id="suggestions-templates">"Templates"</h3>
            <p class="task-quiet">"Put a name in the place of the dots."</p>
            <ul aria-labelledby="suggestions-templates">{of(true)}</ul>
        </section>
    }
}

/// A task that somebody keeps, with role and parameters.
fn kept(template: TaskTemplate) -> impl IntoView {
    let address = format!("{}#{FIELD}", address::with_form(&template.form));
    view! {
        <li>
            <a href=address class="task-suggestion" rel="external">
                <span class="task-suggestion-workflow">{template.name}</span>
                <span>{beginning(&template.form.task)}</span>
                <Icon glyph=Glyph::Forward />
            </a>
        </li>
    }
}

fn link(workflow: &'static str, sentence: &Sentence) -> impl IntoView + use<> {
    let sentence = sentence.with_dots();
    let address = format!("{}#{FIELD}", address::with_task(&sentence));
    view! {
        <li>
            <a href=address class="task-suggestion" data-noscroll="">
                <span class="task-suggestion-workflow">{workflow}</span>
                <span>{sentence}</span>
                <Icon glyph=Glyph::Forward />
            </a>
        </li>
    }
}
