//! The search field with its filters: a plain GET form without JavaScript, search-as-you-type with it.

use super::address::{Address, PATH, kind_id};
use super::words::{is_question, place_name, topic_name};
use super::{History, Show};
use crate::components::icon::{Glyph, Icon};
use crate::components::typed_text::TypedText;
use crate::model::knowledge::{FilterChoices, Kind, Tier};
use leptos::html;
use leptos::prelude::*;
use std::time::Duration;

/// How long the viewer must stop typing before the knowledge base is asked.
const PAUSE: Duration = Duration::from_millis(250);
/// The longest question, in characters.
const MAX_LENGTH: &str = "500";

/// The field, the filters, and the button for an answer.
#[component]
pub fn SearchBar(
    /// What the address asks for now.
    address: Memo<Address>,
    /// Goes to another address of the page.
    show: Show,
    /// What the filters offer.
    choices: FilterChoices,
) -> impl IntoView {
    let search = Memo::new(move |_| address.with(|address| address.query.search.clone()));
    let field = NodeRef::<html::Input>::new();
    let typed = TypedText::follow(search.into(), field);
    let ask = move |text: String| {
        if typed.asks(&text) {
            let next = address.with_untracked(|now| now.narrowed(|query| query.search = text));
            show.run((Address { answer: false, ..next }, History::Replace));
        }
    };
    let mut ask_after_pause = debounce(PAUSE, ask);
    let send = move |wants_answer: bool| {
        let Some(field) = field.get_untracked() else { return };
        let text = field.value();
        typed.asks(&text);
        let answer = wants_answer || is_question(&text);
        let next = address.with_untracked(|now| now.narrowed(|query| query.search = text));
        show.run((Address { answer, ..next }, History::Keep));
    };
    let on_submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        send(false);
    };
    let on_answer = move |event: leptos::ev::MouseEvent| {
        event.prevent_default();
        send(true);
    };
    view! {
        <form class="knowledge-form" method="get" action=PATH role="search" aria-label="Knowledge base" on:submit=on_submit>
            <div class="ask">
                <label class="search-field">
                    <span class="visually-hidden">"Ask or search the knowledge base"</span>
                    <Icon glyph=Glyph::Search />
                    <input
                        type="search"
                        name="search"
                        placeholder="Ask a question, or type some words"
                        autocomplete="off"
                        maxlength=MAX_LENGTH
                        value=search.get_untracked()
                        node_ref=field
                        on:input=move |event| ask_after_pause(event_target_value(&event))
                    />
                </label>
                <button type="submit" class="button without-script">
                    "Search"
                </button>
                <button type="submit" name="answer" value="1" class="button is-primary" on:click=on_answer>
                    "Answer"
                </button>
            </div>
            <Filters address=address show=show choices=choices />
        </form>
    }
}

#[component]
fn Filters(address: Memo<Address>, show: Show, choices: FilterChoices) -> impl IntoView {
    let narrow = move |change: &dyn Fn(&mut crate::model::knowledge::KnowledgeQuery)| {
        show.run((address.with_untracked(|now| now.narrowed(change)), History::Replace));
    };
    let choose_day = move |event: leptos::ev::Event| {
        let day = event_target_value(&event).parse().ok();
        narrow(&|query| query.as_of = day);
    };
    let chosen = |text: String| (!text.is_empty()).then_some(text);
    let choose_topic = move |text: String| {
        narrow(&|query| {
            query.topic = chosen(text.clone());
            keep_to_entries(query, !text.is_empty());
        });
    };
    let choose_place = move |text: String| {
        narrow(&|query| {
            query.jurisdiction = chosen(text.clone());
            keep_to_entries(query, !text.is_empty());
        });
    };
    let choose_tier = move |text: String| {
        narrow(&|query| {
            query.tier = Tier::from_word(&text);
            keep_to_entries(query, !text.is_empty());
        });
    };
    let choose_kind = move |text: String| {
        narrow(&|query| {
            query.only = [Kind::Entries, Kind::Documents].into_iter().find(|kind| kind_id(*kind) == text);
            if query.only == Some(Kind::Documents) {
                // Documents have none of these.
                (query.topic, query.jurisdiction, query.tier) = (None, None, None);
            }
        });
    };
    let day = Memo::new(move |_| {
        address.with(|address| address.query.as_of.map(|day| day.to_string()).unwrap_or_default())
    });
    let now = move |read: fn(&Address) -> String| Memo::new(move |_| address.with(read));
    let named = |words: Vec<String>, name: fn(&str) -> String| -> Vec<(String, String)> {
        words.into_iter().map(|word| (name(&word), word)).map(|(name, word)| (word, name)).collect()
    };
    let tiers = Tier::ALL.into_iter().map(|tier| (tier.word().to_owned(), tier.to_string())).collect();
    let kinds = vec![
        (kind_id(Kind::Entries).to_owned(), "Facts with sources".to_owned()),
        (kind_id(Kind::Documents).to_owned(), "Documents".to_owned()),
    ];
    view! {
        <div class="filters">
            <label class="filter">
                <span>"As of"</span>
                <input
                    type="date"
                    name="asOf"
                    value=day.get_untracked()
                    prop:value=day
                    on:change=choose_day
                />
            </label>
            <Choice
                label="Where it holds"
                name="jurisdiction"
                any="Anywhere"
                options=named(choices.jurisdictions, place_name)
                now=now(|address| address.query.jurisdiction.clone().unwrap_or_default())
                choose=Callback::new(choose_place)
            />
            <Choice
                label="Topic"
                name="topic"
                any="Any topic"
                options=named(choices.topics, topic_name)
                now=now(|address| address.query.topic.clone().unwrap_or_default())
                choose=Callback::new(choose_topic)
            />
            <Choice
                label="Kind of source"
                name="tier"
                any="Any source"
                options=tiers
                now=now(|address| address.query.tier.map(Tier::word).unwrap_or_default().to_owned())
                choose=Callback::new(choose_tier)
            />
            <Choice
                label="Show"
                name="only"
                any="Everything"
                options=kinds
                now=now(|address| address.query.only.map(kind_id).unwrap_or_default().to_owned())
                choose=Callback::new(choose_kind)
            />
        </div>
    }
}

/// Only entries have a topic, a place and a kind of source: who asks for one does not want documents.
fn keep_to_entries(query: &mut crate::model::knowledge::KnowledgeQuery, is_narrowed: bool) {
    if is_narrowed && query.only == Some(Kind::Documents) {
        query.only = None;
    }
}

/// A filter with a choice of words.
#[component]
fn Choice(
    /// Its name for people.
    label: &'static str,
    /// Its name in the address.
    name: &'static str,
    /// The words for no filter.
    any: &'static str,
    /// Words of the address with names for people.
    options: Vec<(String, String)>,
    /// The word that is chosen.
    now: Memo<String>,
    /// Called with the word that the viewer chooses.
    choose: Callback<String>,
) -> impl IntoView {
    view! {
        <label class="filter">
            <span>{label}</span>
            <select name=name on:change=move |event| choose.run(event_target_value(&event))>
                <option value="">{any}</option>
                {options
                    .into_iter()
                    .map(|(word, title)| {
                        let mine = word.clone();
                        view! {
                            <option
                                value=word.clone()
                                selected=now.with_untracked(|now| *now == word)
                                prop:selected=move || now.with(|now| *now == mine)
                            >
                                {title}
                            </option>
                        }
                    })
                    .collect_view()}
            </select>
        </label>
    }
}
