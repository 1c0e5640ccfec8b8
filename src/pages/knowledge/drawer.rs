//! The drawer with a source: the fact with all that is known of it, or the page with the passage highlighted.

use super::address::{Address, Open};
use super::browser;
use super::card::Where;
use super::facts::{Facts, Figure};
use super::marked::{PASSAGE, marked, marked_with_passage};
use super::{History, Show};
use crate::api::error::AppError;
use crate::components::icon::{Glyph, Icon};
use crate::components::state::ErrorState;
use crate::model::knowledge::{Detail, OpenedSource, Place};
use leptos::prelude::*;

/// The id of the drawer, for the focus.
const DRAWER: &str = "source";

/// The drawer.
#[component]
pub fn Drawer(
    /// The source, or why it cannot be opened.
    opened: Result<OpenedSource, AppError>,
    /// What the address asks for.
    address: Memo<Address>,
    /// Goes to another address of the page.
    show: Show,
) -> impl IntoView {
    Effect::new(move |_| {
        browser::focus_soon(DRAWER, Some(PASSAGE));
    });
    let close = move || address.with(|address| address.closed().write());
    let on_key = move |event: leptos::ev::KeyboardEvent| {
        if event.key() == "Escape" {
            show.run((address.with_untracked(Address::closed), History::Keep));
        }
    };
    view! {
        <aside class="source-drawer" id=DRAWER tabindex="-1" aria-label="Source" on:keydown=on_key>
            <p class="drawer-head">
                <span>"Source"</span>
                <a class="button" href=close data-noscroll="">
                    "Close"
                </a>
            </p>
            {match opened {
                Ok(opened) => view! { <Opened opened=opened address=address /> }.into_any(),
                Err(error) => view! { <ErrorState error=error /> }.into_any(),
            }}
        </aside>
    }
}

#[component]
fn Opened(opened: OpenedSource, address: Memo<Address>) -> AnyView {
    let OpenedSource { source, pages } = opened;
    match source.detail {
        Detail::Entry(entry) => view! {
            <h2>{source.title}</h2>
            {entry.amount.clone().map(|amount| view! { <Figure amount=amount /> })}
            <p class="passage">{marked(&source.text, &source.marks)}</p>
            <Facts entry=*entry />
            <p class="drawer-note">"Knowledge, not legal advice. Check the source before you rely on it."</p>
        }
        .into_any(),
        Detail::Document(place) => {
            let passage =
                address.with_untracked(|address| address.open.as_ref().and_then(|open| open.passage));
            let text = match passage {
                Some(passage) => marked_with_passage(&source.text, &source.marks, passage),
                None => marked(&source.text, &source.marks),
            };
            view! {
                <h2>{source.title}</h2>
                <Where place=place.clone() />
                <PageSteps place=place pages=pages address=address />
                <div class="page-text">{text}</div>
            }
            .into_any()
        }
    }
}

/// The way to the pages before and after.
#[component]
fn PageSteps(place: Place, pages: Option<u32>, address: Memo<Address>) -> impl IntoView {
    let (page, pages) = place.page.zip(pages).filter(|(_, pages)| *pages > 1)?;
    let step = move |to: u32, words: &'static str, glyph: Glyph| {
        let open = Open { file_name: place.file_name.clone(), page: Some(to), passage: None };
        let href = move || address.with(|address| address.opened(open.clone()).write());
        view! {
            <a class="button" href=href data-noscroll="">
                <Icon glyph=glyph />
                {words}
            </a>
        }
    };
    Some(view! {
        <nav class="page-steps" aria-label="Pages of the document">
            {(page > 1).then(|| step(page - 1, "Page before", Glyph::Left))}
            <span>{format!("page {page} of {pages}")}</span>
            {(page < pages).then(|| step(page + 1, "Next page", Glyph::Right))}
        </nav>
    })
}
