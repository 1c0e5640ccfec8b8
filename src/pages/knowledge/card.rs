//! One result: a fact with its figure and its source, or a passage of a document.

use super::address::{Address, Open};
use super::facts::{Facts, Figure};
use super::marked::{excerpt, marked};
use super::words::file_name;
use crate::components::badge::{Badge, Tone};
use crate::components::icon::Glyph;
use crate::model::knowledge::{Detail, Place, Source};
use leptos::prelude::*;

/// What is opened for a source; none where it lies outside of the knowledge base's bucket.
pub fn opens(source: &Source) -> Option<Open> {
    match &source.detail {
        Detail::Entry(entry) => Some(Open { file_name: entry.file_name(), ..Open::default() }),
        Detail::Document(place) if place.file_name.is_empty() => None,
        Detail::Document(place) => {
            Some(Open { file_name: place.file_name.clone(), page: place.page, passage: place.passage })
        }
    }
}

/// A result as a card.
#[component]
pub fn Card(
    /// The result.
    source: Source,
    /// Its number on the page, from 1.
    number: u32,
    /// What the address asks for.
    address: Memo<Address>,
) -> impl IntoView {
    let open = opens(&source);
    let title = source.title.clone();
    let id = format!("result-{number}");
    let heading = match open {
        Some(open) => {
            let href = move || address.with(|address| address.opened(open.clone()).write());
            view! {
                <a id=id href=href data-noscroll="">
                    {title}
                </a>
            }
            .into_any()
        }
        None => title.into_any(),
    };
    let superseded = (!source.in_force)
        .then(|| view! { <Badge tone=Tone::Warning glyph=Glyph::Warning word="Not in force on that day" /> });
    match source.detail {
        Detail::Entry(entry) => view! {
            <article class="panel card">
                <header class="card-head">
                    <h3>{heading}</h3>
                    {superseded}
                </header>
                <div class="card-body">
                    <p class="card-text">{marked(&source.text, &source.marks)}</p>
                    {entry.amount.clone().map(|amount| view! { <Figure amount=amount /> })}
                </div>
                <Facts entry=*entry />
            </article>
        }
        .into_any(),
        Detail::Document(place) => {
            let (text, marks) = excerpt(&source.text, &source.marks);
            view! {
                <article class="panel card">
                    <header class="card-head">
                        <h3>{heading}</h3>
                        <Badge tone=Tone::Quiet glyph=Glyph::Press word="Document" />
                    </header>
                    <Where place=place />
                    <p class="card-text is-quote">{marked(&text, &marks)}</p>
                </article>
            }
            .into_any()
        }
    }
}

/// The file, the page and the headings of a passage.
#[component]
pub fn Where(
    /// The place.
    place: Place,
) -> impl IntoView {
    let mut parts = vec![file_name(&place.file_name).to_owned()];
    parts.extend(place.page.map(|page| format!("page {page}")));
    parts.extend((!place.headings.is_empty()).then(|| place.headings.join(" › ")));
    view! { <p class="card-place">{parts.join(" · ")}</p> }
}
