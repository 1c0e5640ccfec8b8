//! The tracks of a release, with the masters to listen to.

use crate::components::badge::{Badge, Tone};
use crate::components::copy_button::CopyButton;
use crate::components::format::{duration, duration_in_words, isrc};
use crate::components::icon::Glyph;
use crate::components::permitted::may;
use crate::model::identifier::ReleaseId;
use crate::model::release::Track;
use crate::music::identifier::Iswc;
use leptos::prelude::*;

/// The tracks in order.
#[component]
pub fn Tracks(
    /// The tracks.
    tracks: Vec<Track>,
    /// For each track in order, the address of its master.
    audio_urls: Vec<Option<String>>,
    /// The release.
    release_id: ReleaseId,
) -> impl IntoView {
    let may_change = may("update_track_data");
    let change = move |track: &Track| may_change.then(|| edit_address(&release_id, track));
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
                                    .map(|(track, master)| {
                                        let change = change(&track);
                                        view! { <Row track=track master=master change=change /> }
                                    })
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

/// The form of a track.
fn edit_address(release_id: &ReleaseId, track: &Track) -> String {
    format!("/releases/{release_id}/edit?track={}", track.track_id)
}

/// What is known of the work and the words of a track, each part as people read it.
fn credits(track: &Track) -> Vec<String> {
    let mut parts = Vec::new();
    if !track.composers.is_empty() {
        parts.push(track.composers.join(", "));
    }
    if !track.lyricists.is_empty() {
        parts.push(format!("Lyrics: {}", track.lyricists.join(", ")));
    }
    parts.extend(contributors(track));
    parts.extend(track.language.as_ref().map(|language| format!("Language: {language}")));
    parts.extend(track.iswc.as_ref().map(|iswc| {
        let written = iswc.parse::<Iswc>().map_or_else(|_| iswc.clone(), |iswc| iswc.written());
        format!("ISWC: {written}")
    }));
    if track.cover_version {
        let licence = track.mechanical_licence.as_deref().unwrap_or("not licensed");
        parts.push(format!("Cover version: {licence}"));
    }
    parts.extend(track.samples.iter().map(|sample| {
        let cleared =
            sample.cleared_by.as_deref().map_or("not cleared".to_owned(), |by| format!("cleared by {by}"));
        format!("Sample: {}, {cleared}", sample.recording)
    }));
    if let Some(ai) = track.ai_use {
        let made =
            [(ai.vocals, "vocals"), (ai.instrumentation, "instruments"), (ai.post, "mixing and mastering")];
        let made: Vec<&str> =
            made.into_iter().filter(|(is_made, _)| *is_made).map(|(_, what)| what).collect();
        if !made.is_empty() {
            parts.push(format!("Made by AI: {}", made.join(", ")));
        }
    }
    parts
}

/// Who else made the recording: a part for each thing that somebody did, in the order of the record.
fn contributors(track: &Track) -> impl Iterator<Item = String> {
    let mut credits: Vec<(String, Vec<&str>)> = Vec::new();
    for contributor in &track.contributors {
        let credit = contributor.credit();
        match credits.iter_mut().find(|(known, _)| *known == credit) {
            Some((_, names)) => names.push(contributor.name.as_str()),
            None => credits.push((credit, vec![contributor.name.as_str()])),
        }
    }
    credits.into_iter().map(|(credit, names)| format!("{credit}: {}", names.join(", ")))
}

#[component]
fn Row(track: Track, master: Option<String>, change: Option<String>) -> impl IntoView {
    let credits = credits(&track);
    let version = track.version_title.clone().map(|version| format!(" ({version})"));
    let change_name = format!("Edit details of track {}", track.number);
    let player_name = format!("Master of {}", track.title);
    view! {
        <tr>
            <td class="number">{track.number}</td>
            <th scope="row">
                <span class="track-title">
                    {track.title}
                    {version}
                    {track.explicit.then(|| view! { <span class="explicit" title="Explicit">"Explicit"</span> })}
                </span>
                {credits
                    .into_iter()
                    .map(|part| view! { <span class="row-note">{part}</span> })
                    .collect_view()}
                {change
                    .map(|address| {
                        view! {
                            <a class="button" href=address aria-label=change_name>
                                "Edit details"
                            </a>
                        }
                    })}
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

#[cfg(test)]
mod tests {
    use super::*;

    fn track(more: serde_json::Value) -> Track {
        let mut track = serde_json::json!({
            "trackId": "trk_1", "number": 1, "title": "Night", "isrc": "NOX002600001", "durationSeconds": 180,
            "explicit": false, "composers": ["Mira Holm"]
        });
        if let (Some(track), serde_json::Value::Object(more)) = (track.as_object_mut(), more) {
            track.extend(more);
        }
        serde_json::from_value(track).expect("a track")
    }

    #[test]
    fn a_record_of_before_says_what_it_knows() {
        assert_eq!(credits(&track(serde_json::json!({}))), ["Mira Holm"]);
    }

    #[test]
    fn words_and_rights_are_told_as_people_read_them() {
        let more = serde_json::json!({
            "lyricists": ["Ida Lund"], "contributors": [
                { "role": "StudioProducer", "name": "Kim Aas" },
                { "role": "StudioMusician", "name": "Ida Lund", "instrument": "cello" },
                { "role": "StudioProducer", "name": "Nori" }
            ], "language": "no", "iswc": "T0345246801", "coverVersion": true,
            "samples": [{ "recording": "Dawn by Nori" }],
            "aiUse": { "vocals": false, "instrumentation": false, "post": true }
        });
        let told = [
            "Mira Holm",
            "Lyrics: Ida Lund",
            "Producer: Kim Aas, Nori",
            "Session musician (cello): Ida Lund",
            "Language: no",
            "ISWC: T-034.524.680-1",
            "Cover version: not licensed",
            "Sample: Dawn by Nori, not cleared",
            "Made by AI: mixing and mastering",
        ];
        assert_eq!(credits(&track(more)), told);
    }
}
