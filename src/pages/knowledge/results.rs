//! What was found: what it was taken to ask, the sum, the cards; or what to do when nothing was.

use super::address::{Address, MOST_RESULTS};
use super::card::Card;
use super::facts::Figure;
use super::words::{asked_days, is_question};
use crate::components::state::EmptyState;
use crate::model::knowledge::{Calculation, Findings, Kind, KnowledgeQuery};
use leptos::prelude::*;

/// Questions that show what can be asked.
const EXAMPLES: [&str; 5] = [
    "what is the mechanical rate for a 6:10 song pressed in 2026?",
    "how early must a track be pitched to Spotify?",
    "how loud may a master be for streaming?",
    "when does a copyright transfer in the US end?",
    "what belongs in a split sheet?",
];

/// The results.
#[component]
pub fn Results(
    /// What was found.
    findings: Findings,
    /// What the address asks for.
    address: Memo<Address>,
) -> AnyView {
    let now = address.get_untracked();
    if findings.results.is_empty() {
        return view! { <Nothing query=now.query /> }.into_any();
    }
    // The answer says the sum and what is missing itself.
    let with_answer = now.answer;
    let Findings { days, is_known, calculation, results, has_more } = findings;
    let shown = u32::try_from(results.len()).unwrap_or(u32::MAX);
    let more = (has_more && shown < MOST_RESULTS).then(|| {
        let query = KnowledgeQuery { shown: (now.query.shown + 10).min(MOST_RESULTS), ..now.query.clone() };
        Address { query, ..now.clone() }.write()
    });
    view! {
        <div class="list-head">
            <h2>{if is_known { "What the knowledge base has" } else { "What comes nearest" }}</h2>
            <p role="status">
                {format!(
                    "{}{}",
                    if has_more {
                        format!("the first {shown} results")
                    } else if shown == 1 {
                        "1 result".to_owned()
                    } else {
                        format!("{shown} results")
                    },
                    if days.is_empty() { String::new() } else { format!(", as of {}", asked_days(&days)) },
                )}
            </p>
        </div>
        {(!with_answer).then(|| calculation.map(|sum| view! { <Sum calculation=sum /> }))}
        {(!with_answer && !is_known).then(|| view! { <NotKnown query=now.query.clone() /> })}
        <ol class="cards">
            {(1_u32..)
                .zip(results)
                .map(|(number, source)| view! { <li><Card source=source number=number address=address /></li> })
                .collect_view()}
        </ol>
        {more
            .map(|more| {
                view! {
                    <p>
                        <a class="button" href=more data-noscroll="">
                            "Show more"
                        </a>
                    </p>
                }
            })}
    }
    .into_any()
}

/// A sum with the way to it.
#[component]
pub fn Sum(
    /// The sum.
    calculation: Calculation,
) -> impl IntoView {
    view! {
        <section class="panel sum" aria-label="Worked out">
            <Figure amount=calculation.amount />
            <p>{calculation.text}</p>
        </section>
    }
}

/// Nothing answers the question, and what to do then.
#[component]
fn NotKnown(query: KnowledgeQuery) -> impl IntoView {
    view! {
        <section class="notice tone-quiet">
            <div>
                <p><strong>"This is not in the knowledge base."</strong>" The results below only come nearest to it."</p>
                <NextSteps query=query />
            </div>
        </section>
    }
}

/// What to do when something is not in the knowledge base.
#[component]
pub fn NextSteps(
    /// What was asked.
    query: KnowledgeQuery,
) -> impl IntoView {
    let narrowed = query.topic.is_some()
        || query.tier.is_some()
        || query.jurisdiction.is_some()
        || query.only == Some(Kind::Documents);
    view! {
        <ul class="next-steps">
            {narrowed
                .then(|| {
                    view! {
                        <li>
                            <a href=Address::of_search(query.search.clone()).write()>"Search without filters"</a>
                        </li>
                    }
                })}
            <li>"Ask in other words: name the right, the shop or the kind of royalty."</li>
            <li>
                <a href=Address::of_documents().write()>"Add a document"</a>
                " that has the answer; it can be searched within seconds."
            </li>
            <li>"For a decision, ask somebody who knows: a lawyer, your distributor, the society."</li>
        </ul>
    }
}

#[component]
fn Nothing(query: KnowledgeQuery) -> impl IntoView {
    let title = format!("Nothing is found for “{}”", query.search.trim());
    view! {
        <EmptyState title=title>
            <p>"This is not in the knowledge base."</p>
            <NextSteps query=query />
        </EmptyState>
    }
}

/// How to begin.
#[component]
pub fn Beginning() -> impl IntoView {
    view! {
        <section class="beginning">
            <h2>"Ask about rights, rates, delivery, release and contracts"</h2>
            <p>
                "Facts come with their source, the days on which they are in force and how sure they are. "
                "Contracts and other documents that you add are found with their page."
            </p>
            <ul class="examples">
                {EXAMPLES
                    .into_iter()
                    .map(|example| {
                        let address = Address { answer: is_question(example), ..Address::of_search(example) };
                        view! {
                            <li>
                                <a href=address.write()>{example}</a>
                            </li>
                        }
                    })
                    .collect_view()}
            </ul>
        </section>
    }
}
