//! Streams of recordings over the periods that end with the newest day.

use super::date::short_date;
use super::format::{grouped, isrc};
use super::table::{ScrollingTable, numbers, words};
use crate::model::track_streams::{TRACK_PERIODS, TrackRow, TrackStreams};
use leptos::prelude::*;

/// Streams by recording; nothing where no source tells them.
#[component]
pub fn TrackStreamsPanel(
    /// What the section is called.
    title: &'static str,
    /// The streams.
    found: TrackStreams,
) -> impl IntoView {
    let TrackStreams { as_of, days, rows } = found;
    if rows.is_empty() {
        return ().into_any();
    }
    let periods = TRACK_PERIODS.map(|days| numbers(format!("Streams, {days} days")));
    let columns: Vec<_> = [words("Recording"), words("ISRC")].into_iter().chain(periods).collect();
    let told: Vec<String> =
        TRACK_PERIODS.iter().zip(days).map(|(period, days)| format!("{days} of {period}")).collect();
    let up_to = as_of.map(|day| format!("Up to {}. ", short_date(day)));
    let note = format!(
        "Sources that name ISRCs told of {} days. What they do not divide among recordings is not here, and what no day says is not known.",
        told.join(", "),
    );
    view! {
        <section class="panel" aria-labelledby="track-streams">
            <h2 id="track-streams">{title}</h2>
            <ScrollingTable label="Table of streams by track" columns=columns short=true>
                {rows.into_iter().map(row).collect_view()}
            </ScrollingTable>
            <p class="muted">{up_to} {note}</p>
        </section>
    }
    .into_any()
}

fn row(track: TrackRow) -> impl IntoView {
    let cells = track.streams.map(|streams| {
        view! { <td class="number">{streams.map_or_else(|| "Not known".to_owned(), grouped)}</td> }
    });
    view! {
        <tr>
            <th scope="row">{track.title.unwrap_or_else(|| "Not in the catalogue".to_owned())}</th>
            <td>
                <code>{isrc(&track.isrc)}</code>
            </td>
            {cells.into_iter().collect_view()}
        </tr>
    }
}
