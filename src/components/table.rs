//! Heads of tables that order their rows.

use super::icon::{Glyph, Icon};
use leptos::prelude::*;

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
