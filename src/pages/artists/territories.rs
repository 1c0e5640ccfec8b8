//! Where an artist's streams come from: a map of tiles, and a row for each territory with its part as a level meter.

use crate::components::format::{grouped, percent};
use crate::components::table::{ScrollingTable, numbers, words};
use crate::components::territory_map::TerritoryMap;
use crate::model::analytics::Share;
use crate::model::territory::territory_name;
use leptos::prelude::*;

/// The territories of the newest 28 days.
#[component]
pub fn Territories(
    /// The territories, biggest first.
    shares: Vec<Share>,
) -> impl IntoView {
    let biggest = shares.iter().map(|part| part.share).fold(0.0, f64::max).max(f64::MIN_POSITIVE);
    let row = move |part: Share| {
        view! {
            <tr>
                <th scope="row">
                    {territory_name(&part.label).to_owned()}
                    <span class="meter" aria-hidden="true">
                        <span class="meter-level" style=format!("--level: {:.4}", part.share / biggest)></span>
                    </span>
                </th>
                <td class="number">{percent(part.share)}</td>
                <td class="number">{grouped(part.streams)}</td>
            </tr>
        }
    };
    if shares.is_empty() {
        return view! { <p class="panel-empty">"No platform has reported territories yet."</p> }.into_any();
    }
    view! {
        <TerritoryMap shares=shares.clone() />
        <ScrollingTable
            label="Streams by territory"
            columns=vec![words("Territory"), numbers("Share"), numbers("Streams")]
            short=true
        >
            {shares.into_iter().map(row).collect_view()}
        </ScrollingTable>
    }
    .into_any()
}
