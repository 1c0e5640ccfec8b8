//! Steps through the pages of a list.

use super::format::grouped;
use super::icon::{Glyph, Icon};
use crate::model::list::PAGE_SIZE;
use leptos::prelude::*;

/// Which rows are shown, and links to the pages before and after. Links keep search, filter and order.
#[component]
pub fn Pager(
    /// What the list is of: `"artists"`.
    noun: &'static str,
    /// This page, from 1.
    page: u32,
    /// Rows on all pages.
    total: u32,
    /// The address of a page.
    address: impl Fn(u32) -> String,
) -> impl IntoView {
    let pages = total.div_ceil(PAGE_SIZE).max(1);
    let first = (page.saturating_sub(1) * PAGE_SIZE + 1).min(total);
    let last = page.saturating_mul(PAGE_SIZE).min(total);
    let rows =
        format!("{}–{} of {} {noun}", grouped(first.into()), grouped(last.into()), grouped(total.into()));
    let step = |target: Option<u32>, glyph: Glyph, word: &'static str, rel: &'static str| match target {
        Some(target) => view! {
            <a class="button" href=address(target) rel=rel>
                <Icon glyph=glyph />
                {word}
            </a>
        }
        .into_any(),
        None => view! {
            <span class="button is-off" aria-hidden="true">
                <Icon glyph=glyph />
                {word}
            </span>
        }
        .into_any(),
    };
    let previous = step((page > 1).then(|| page - 1), Glyph::Left, "Previous", "prev");
    let next = step((page < pages).then(|| page + 1), Glyph::Right, "Next", "next");
    view! {
        <nav class="pager" aria-label=format!("Pages of {noun}")>
            <p class="pager-rows">{rows}</p>
            {(pages > 1)
                .then(|| {
                    view! {
                        <div class="pager-steps">
                            {previous} <span class="pager-page">{format!("Page {page} of {pages}")}</span> {next}
                        </div>
                    }
                })}
        </nav>
    }
}
