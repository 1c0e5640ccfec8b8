//! The tracks of a release, with the masters to listen to.

use crate::components::badge::{Badge, Tone};
use crate::components::copy_button::CopyButton;
use crate::components::format::{duration, duration_in_words, isrc};
use crate::components::icon::Glyph;
use crate::model::release::Track;
use leptos::prelude::*;

/// The tracks in order.
#[component]
pub fn Tracks(
    /// The tracks.
    tracks: Vec<Track>,
    /// For each track in order, the address of its master.
    audio_urls: Vec<Option<String>>,
) -> impl IntoView {
    view! {
        <section class="panel is-flush" aria-labelledby="tracks">
            <h2 id="tracks">"Tracks"</h2>
            {if tracks.is_empty() {
                view! { <p class="panel-empty">"No tracks yet."</p> }.into_any()
            } else {
                let masters = audio_urls.into_iter().chain(std::iter::repeat(None));
                view! {
                    <div class="table-scroll" tabindex="0" role="region" aria-label="Table of the tracks">
                        <table class="list tracks">
                            <thead>
                                <tr>
                                    <th scope="col" class="number">
                                        "No."
                                    </th>
                                    <th scope="col">"Title"</th>
                                    <th scope="col">"ISRC"</th>
                                    <th scope="col" class="number">
                                        "Length"
                                    </th>
                                    <th scope="col">"Master"</th>
                                </tr>
                            </thead>
                            <tbody>
                                {tracks
                                    .into_iter()
                                    .zip(masters)
                                    .map(|(track, master)| view! { <Row track=track master=master /> })
                                    .collect_view()}
                            </tbody>
                        </table>
                    </div>
                }
                .into_any()
            }}
        </section>
    }
}

#[component]
fn Row(track: Track, master: Option<String>) -> impl IntoView {
    let composers = track.composers.join(", ");
    let player_name = format!("Master of {}", track.title);
    view! {
        <tr>
            <td class="number">{track.number}</td>
            <th scope="row">
                <span class="track-title">
                    {track.title}
                    {track.explicit.then(|| view! { <span class="explicit" title="Explicit">"Explicit"</span> })}
                </span>
                {(!composers.is_empty()).then(|| view! { <span class="row-note">{composers}</span> })}
            </th>
            <td>
                <span class="identifier">
                    <code>{isrc(&track.isrc)}</code>
                    <CopyButton text=track.isrc.clone() what=format!("ISRC of track {}", track.number) />
                </span>
            </td>
            <td class="number" title=duration_in_words(track.duration_seconds)>
                {duration(track.duration_seconds)}
            </td>
            <td>
                {match master {
                    Some(address) => {
                        view! { <audio controls preload="none" src=address aria-label=player_name></audio> }.into_any()
                    }
                    None => {
                        view! { <Badge tone=Tone::Warning glyph=Glyph::Warning word="Not delivered" /> }.into_any()
                    }
                }}
            </td>
        </tr>
    }
}
