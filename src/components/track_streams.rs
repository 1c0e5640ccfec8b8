//! Figures of recordings: streams and saves over periods that end with the newest day, and listeners of a day.

use super::date::short_date;
use super::format::{grouped, isrc};
use super::table::{ScrollingTable, numbers, words};
use crate::model::track_streams::{TRACK_PERIODS, TrackListeners, TrackRow, TrackStreams};
use leptos::prelude::*;

/// Figures by recording; nothing where no source tells them.
#[component]
pub fn TrackStreamsPanel(
    /// What the section is called.
    title: &'static str,
    /// The figures.
    found: TrackStreams,
) -> impl IntoView {
    let TrackStreams { as_of, days, rows } = found;
    if rows.is_empty() {
        return ().into_any();
    }
    let periods = TRACK_PERIODS.map(|days| numbers(format!("Streams, {days} days")));
    let saves = numbers(format!("Saves, {} days", TRACK_PERIODS[0]));
    let ends = [saves, words("Listeners of a day")];
    let columns: Vec<_> =
        [words("Recording"), words("ISRC")].into_iter().chain(periods).chain(ends).collect();
    let told: Vec<String> =
        TRACK_PERIODS.iter().zip(days).map(|(period, days)| format!("{days} of {period}")).collect();
    let up_to = as_of.map(|day| format!("Up to {}. ", short_date(day)));
    let note = format!(
        "Sources that name ISRCs told of {} days. What they do not divide among recordings is not here, and what no day says is not known. Listeners are those of the newest day that tells them, on each platform; they are never added up, because the same person counts on each day and platform.",
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
    let figures = track.streams.into_iter().chain([track.saves[0]]);
    let cells = figures.map(|figure| {
        view! { <td class="number">{figure.map_or_else(|| "Not known".to_owned(), grouped)}</td> }
    });
    let listeners: Vec<String> = track.listeners.iter().map(on_a_day).collect();
    let listeners = if listeners.is_empty() { "Not known".to_owned() } else { listeners.join("; ") };
    view! {
        <tr>
            <th scope="row">{track.title.unwrap_or_else(|| "Not in the catalogue".to_owned())}</th>
            <td>
                <code>{isrc(&track.isrc)}</code>
            </td>
            {cells.collect_view()}
            <td>{listeners}</td>
        </tr>
    }
}

/// Such as `1 200 on Spotify, 30 Nov 2026`.
fn on_a_day(told: &TrackListeners) -> String {
    format!("{} on {}, {}", grouped(told.listeners), told.platform.label(), short_date(told.date))
}
