//! A list in a table: how many there are, the rows, and the steps through its pages.

use super::format::counted;
use super::pager::Pager;
use leptos::prelude::*;

/// The table of one page of a list, with what stands above and below it.
#[component]
pub fn ListTable(
    /// What the list is of, in the singular: `"artist"`.
    one: &'static str,
    /// The same in the plural, which is also the table's class: `"artists"`.
    many: &'static str,
    /// The table's name for those who cannot see it.
    label: &'static str,
    /// Rows on all pages.
    total: u32,
    /// This page, from 1.
    page: u32,
    /// What stands beside the count: where the figures come from, or that they are sample data.
    note: AnyView,
    /// The cells of the head.
    head: AnyView,
    /// The `tbody` with the rows.
    body: AnyView,
    /// The address of a page.
    address: impl Fn(u32) -> String,
) -> impl IntoView {
    view! {
        <div class="list-head">
            <p role="status">{counted(total.into(), one)}</p>
            {note}
        </div>
        <div class="table-scroll" tabindex="0" role="region" aria-label=label>
            <table class=format!("list {many}")>
                <thead>
                    <tr>{head}</tr>
                </thead>
                {body}
            </table>
        </div>
        <Pager noun=many page=page total=total address=address />
    }
}
