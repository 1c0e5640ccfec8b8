//! Parts of a sum as level meters.

use super::format::{compact, grouped, percent};
use crate::model::analytics::Share;
use leptos::prelude::*;

/// One line for each part: name, meter, share, streams.
#[component]
pub fn ShareBars(
    /// The parts, biggest first.
    shares: Vec<Share>,
    /// The name to show for a part's label.
    #[prop(default = |label| label.to_owned())]
    name: fn(&str) -> String,
) -> impl IntoView {
    // The longest meter is the biggest part: shares are compared with each other, and each says its percentage.
    let biggest = shares.iter().map(|part| part.share).fold(0.0, f64::max).max(f64::MIN_POSITIVE);
    view! {
        <ul class="shares">
            {shares
                .into_iter()
                .map(|part| {
                    view! {
                        <li>
                            <span class="share-name">{name(&part.label)}</span>
                            <span class="meter" aria-hidden="true">
                                <span class="meter-level" style=format!("--level: {:.4}", part.share / biggest)></span>
                            </span>
                            <span class="share-part number">{percent(part.share)}</span>
                            <span class="share-streams number" title=grouped(part.streams)>
                                {compact(part.streams)}
                                <span class="visually-hidden">" streams"</span>
                            </span>
                        </li>
                    }
                })
                .collect_view()}
        </ul>
    }
}
