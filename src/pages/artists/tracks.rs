//! An artist's recordings, each with its release and its master, and the way to the covers and contracts.

use crate::components::badge::{Badge, Tone};
use crate::components::format::{duration, duration_in_words, isrc};
use crate::components::icon::Glyph;
use crate::components::permitted::may;
use crate::components::table::{ScrollingTable, numbers, words};
use crate::model::artist::ArtistTrack;
use crate::pages::audio::address::of_recording;
use crate::pages::query_string;
use leptos::prelude::*;

/// The recordings of all releases, those of the newest first.
#[component]
pub fn Recordings(
    /// The artist's name, by which contracts are looked for.
    name: String,
    /// The recordings.
    tracks: Vec<ArtistTrack>,
    /// Whether any source divides the streams among recordings.
    is_divided: bool,
) -> impl IntoView {
    let linked = may("browse_recordings");
    let contracts = may("browse_contracts").then(|| {
        let address = query_string::address("/contracts", &[("search", &name)]);
        view! {
            <p>
                <a href=address>"Contracts of this name"</a>
            </p>
        }
    });
    let row = move |track: ArtistTrack| {
        let master = match track.recording.filter(|_| linked) {
            Some(id) => view! { <a href=of_recording(&id)>"Master and its report"</a> }.into_any(),
            None if track.is_delivered => "Delivered".into_any(),
            None => {
                view! { <Badge tone=Tone::Warning glyph=Glyph::Warning word="Not delivered" /> }.into_any()
            }
        };
        view! {
            <tr>
                <th scope="row">{track.title}</th>
                <td>
                    <a href=format!("/releases/{}", track.release_id)>{track.release_title}</a>
                </td>
                <td>
                    <code>{isrc(&track.isrc)}</code>
                </td>
                <td class="number" title=duration_in_words(track.duration_seconds)>
                    {duration(track.duration_seconds)}
                </td>
                <td>{master}</td>
            </tr>
        }
    };
    let table = if tracks.is_empty() {
        view! { <p class="panel-empty">"No recordings yet."</p> }.into_any()
    } else {
        view! {
            <ScrollingTable
                label="Recordings"
                columns=vec![words("Recording"), words("Release"), words("ISRC"), numbers("Length"), words("Master")]
                short=true
            >
                {tracks.into_iter().map(row).collect_view()}
            </ScrollingTable>
            <p class="muted">
                {(!is_divided).then_some("How streams divide among recordings is not known: no export or record of the last 400 days has named ISRCs. ")}
                "What each recording earned stands in the statement."
            </p>
        }
        .into_any()
    };
    view! {
        <section class="panel" aria-labelledby="artist-recordings">
            <h2 id="artist-recordings">"Recordings and contracts"</h2>
            {table}
            {contracts}
        </section>
    }
}
