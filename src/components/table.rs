//! Tables: their heads, the ones that order their rows, and the frame in which they scroll.

use super::icon::{Glyph, Icon};
use leptos::prelude::*;

/// The head of a column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    name: String,
    numeric: bool,
}

/// A column of words.
pub fn words(name: impl Into<String>) -> Column {
    Column { name: name.into(), numeric: false }
}

/// A column of numbers, which stand at the right.
pub fn numbers(name: impl Into<String>) -> Column {
    Column { name: name.into(), numeric: true }
}

/// A table in a frame that scrolls by itself where the window is too small for it, also by the keyboard.
#[component]
pub fn ScrollingTable(
    /// What the table is called by those who cannot see it.
    #[prop(into)]
    label: String,
    /// Its columns.
    #[prop(into)]
    columns: Signal<Vec<Column>>,
    /// Whether it is at most as high as a panel.
    #[prop(optional)]
    short: bool,
    /// Its rows.
    children: Children,
) -> impl IntoView {
    let heads = move || {
        let head = |column: Column| {
            view! {
                <th scope="col" class=column.numeric.then_some("number")>
                    {column.name}
                </th>
            }
        };
        columns.get().into_iter().map(head).collect_view()
    };
    view! {
        <div class="table-scroll" class:is-short=short tabindex="0" role="region" aria-label=label>
            <table>
                <thead>
                    <tr>{heads}</tr>
                </thead>
                <tbody>{children()}</tbody>
            </table>
        </div>
    }
}

/// In which direction a column orders the rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    /// Smallest first, A to Z.
    Ascending,
    /// Biggest first, Z to A.
    Descending,
}

impl Direction {
    /// How a column orders the rows, if it is the one that does.
    pub fn of(orders: bool, descending: bool) -> Option<Self> {
        orders.then_some(if descending { Self::Descending } else { Self::Ascending })
    }
}

/// A column's head that orders the rows by it: a link, so that it works without JavaScript.
#[component]
pub fn SortHead(
    /// The column's name.
    #[prop(into)]
    label: String,
    /// The address of the list in the order that a click asks for.
    #[prop(into)]
    address: String,
    /// How the column orders the rows now; none while another column does.
    direction: Option<Direction>,
    /// Whether the column holds numbers.
    #[prop(optional)]
    numeric: bool,
) -> impl IntoView {
    let sorted = match direction {
        Some(Direction::Ascending) => "ascending",
        Some(Direction::Descending) => "descending",
        None => "none",
    };
    view! {
        <th scope="col" class=numeric.then_some("number") aria-sort=sorted>
            <a class="sort" href=address data-noscroll="">
                {label}
                <Icon glyph=Glyph::Right />
            </a>
        </th>
    }
}
