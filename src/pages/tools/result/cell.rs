//! One value of a result.

use super::super::form::base64::readable_size;
use super::shape::{Cell, Fact};
use crate::components::date::{Day, Moment};
use crate::components::format::grouped;
use leptos::prelude::*;

/// Draws a value.
pub fn draw(cell: Cell) -> AnyView {
    match cell {
        Cell::Nothing => view! {
            <span class="muted" aria-hidden="true">
                "–"
            </span>
            <span class="visually-hidden">"nothing"</span>
        }
        .into_any(),
        Cell::Text(text) | Cell::Number(text) => text.into_any(),
        Cell::Count(count) => grouped(count).into_any(),
        Cell::Size(bytes) => {
            let size = readable_size(bytes);
            view! { <span title=format!("{} bytes", grouped(bytes))>{size}</span> }.into_any()
        }
        Cell::YesNo(answer) => if answer { "Yes" } else { "No" }.into_any(),
        Cell::Day(date) => view! { <Day date=date /> }.into_any(),
        Cell::Moment(moment) => view! { <Moment rfc3339=moment /> }.into_any(),
        Cell::Link(url) => {
            let words = shortened(&url);
            view! {
                <a href=url rel="external noreferrer" class="result-link">
                    {words}
                </a>
            }
            .into_any()
        }
        Cell::Json(text) => view! { <code>{text}</code> }.into_any(),
    }
}

/// The beginning of an address, which says where it leads: what a signature adds is not for people.
fn shortened(url: &str) -> String {
    const MOST: usize = 90;
    if url.chars().count() <= MOST {
        return url.to_owned();
    }
    url.chars().take(MOST).chain(['…']).collect()
}

/// Names with values.
#[component]
pub fn Facts(
    /// What they are about; none at the top of a result.
    label: Option<String>,
    /// The names with their values.
    facts: Vec<Fact>,
) -> impl IntoView {
    view! {
        {label.map(|label| view! { <h4>{label}</h4> })}
        <dl class="fact-list">
            {facts
                .into_iter()
                .map(|fact| view! { <div><dt>{fact.label}</dt><dd>{draw(fact.cell)}</dd></div> })
                .collect_view()}
        </dl>
    }
}
