//! The desk of a search: the form, what helps to fill it in, and what was found.

use super::Opening;
use super::address::Address;
use super::examples::EXAMPLES;
use super::form::{QueryForm, QueryState};
use super::help::SyntaxHelp;
use super::results::Results;
use super::runner::Runner;
use super::saved::SavedQueries;
use crate::components::state::ErrorState;
use crate::model::logs::LogGroupList;
use leptos::html;
use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::use_navigate;

/// Searches, as the address says and as the form is sent.
#[component]
pub fn Desk(
    /// What the search is opened with.
    opening: Opening,
    /// What the page is asked for.
    address: Memo<Address>,
) -> impl IntoView {
    let asked = address.get_untracked();
    let Opening { groups, saved, first } = opening;
    let begun = first.is_some();
    let state = QueryState::new(&asked, &groups.default_group);
    let runner = Runner::new(&asked, first);
    let questions = NodeRef::<html::Details>::new();
    Effect::new(move |before: Option<Address>| {
        let now = address.get();
        let changed = before.as_ref().is_some_and(|before| *before != now);
        let nothing_yet = before.is_none() && !runner.resume();
        if changed {
            state.fill(&now);
        }
        if (changed || nothing_yet) && now.searches() {
            runner.start(now.clone());
            if let Some(questions) = questions.get_untracked() {
                questions.set_open(false);
            }
        } else if changed {
            runner.clear();
        }
        now
    });
    let navigate = use_navigate();
    let show = StoredValue::new(move |wanted: Address| {
        if address.with_untracked(|now| *now == wanted) {
            if wanted.searches() {
                runner.start(wanted);
            }
        } else {
            navigate(&wanted.to_address(), NavigateOptions { scroll: false, ..NavigateOptions::default() });
        }
    });
    let run = Callback::new(move |()| show.with_value(|show| show(state.address())));
    let again = Callback::new(move |()| runner.start(address.get_untracked()));
    let listed = StoredValue::new(groups.clone());
    view! {
        <QueryForm groups=groups.clone() state=state runner=runner run=run />
        <div class="log-aids">
            <details node_ref=questions open=!begun>
                <summary>"Ready questions"</summary>
                <ReadyQuestions groups=groups.clone() address=address />
            </details>
            <SavedQueries saved=saved state=state address=address />
            <details>
                <summary>"How to write a query"</summary>
                <SyntaxHelp />
            </details>
        </div>
        {move || {
            runner
                .failure()
                .filter(|error| !state.belongs_to_the_form(error))
                .map(|error| view! { <ErrorState error=error retry=again /> })
        }}
        <div class="log-results" aria-busy=move || runner.is_running().to_string()>
            {move || {
                runner
                    .shown()
                    .map(|shown| {
                        let group = listed.with_value(|groups| existing(groups, &shown.state.started.log_group_name));
                        view! { <Results shown=shown group_exists=group /> }
                    })
            }}
        </div>
    }
}

/// Whether a group is there; one that is not listed is none that anybody misses.
fn existing(groups: &LogGroupList, name: &str) -> bool {
    groups.groups.iter().find(|group| group.name == name).is_none_or(|group| group.exists)
}

/// The ready questions as links, which keep the range.
#[component]
fn ReadyQuestions(groups: LogGroupList, address: Memo<Address>) -> impl IntoView {
    let groups = StoredValue::new(groups);
    let questions = EXAMPLES.iter().map(|example| {
        let href = move || {
            let group = groups.with_value(|groups| example.log.group(groups));
            address.with(|address| address.to_search(group, example.query, example.complete))
        };
        view! {
            <li>
                <a href=href data-noscroll="">
                    <span class="question-title">{example.title}</span>
                    <span class="question-note">{example.note}</span>
                </a>
            </li>
        }
    });
    view! { <ul class="questions">{questions.collect_view()}</ul> }
}
