//! Where figures come from and how old they are.

use super::badge::SampleBadge;
use super::date::Day;
use crate::model::analytics::Freshness;
use leptos::prelude::*;

/// One line: the newest day, the marker of sample data, and the query on demand.
#[component]
pub fn FreshnessLine(
    /// What is known about the figures.
    freshness: Freshness,
) -> impl IntoView {
    let Freshness { as_of, source, sample } = freshness;
    view! {
        <div class="freshness">
            {sample.then(|| view! { <SampleBadge /> })}
            <span>
                {match as_of {
                    Some(date) => view! { "Figures up to " <Day date=date /> }.into_any(),
                    None => "No figures yet".into_any(),
                }}
            </span>
            <details class="source">
                <summary>"Source"</summary>
                <p>{source}</p>
            </details>
        </div>
    }
}
