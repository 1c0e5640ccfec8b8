//! What can be repeated: a sentence of each workflow, as a link that fills the form.

use super::address;
use crate::components::icon::{Glyph, Icon};
use crate::model::role::Role;
use crate::model::task::TaskRequest;
use crate::model::workflow::WORKFLOWS;
use leptos::prelude::*;
use std::collections::BTreeMap;

/// What somebody of a role can have repeated.
#[component]
pub fn Ideas(
    /// Who asks.
    role: Role,
) -> impl IntoView {
    let links = WORKFLOWS.iter().filter_map(|entry| {
        let sentence = entry.scheduled(role)?.with_dots();
        let request =
            TaskRequest { task: sentence.clone(), parameters: BTreeMap::new(), music_industry_role: None };
        // The page is loaded anew, so that the form is filled without JavaScript, too.
        Some(view! {
            <li>
                <a href=address::repeating(&request) class="task-suggestion" rel="external">
                    <span class="task-suggestion-workflow">{entry.workflow.label()}</span>
                    <span>{sentence}</span>
                    <Icon glyph=Glyph::Forward />
                </a>
            </li>
        })
    });
    view! {
        <section class="panel task-suggestions" aria-labelledby="automation-ideas">
            <h2 id="automation-ideas">"What can be repeated"</h2>
            <p class="task-quiet">"Put a name in the place of dots, or say the ID in its field."</p>
            <ul aria-labelledby="automation-ideas">{links.collect_view()}</ul>
        </section>
    }
}
