//! What was measured of a recording: properties, loudness, what stores add, tags.

use super::state::{change, level, whole_seconds};
use crate::components::date::Moment;
use crate::components::format::{duration, grouped};
use crate::model::audio::AudioReport;
use leptos::prelude::*;

/// A line of a list of facts; none where there is nothing to say.
fn fact(name: &'static str, text: Option<String>) -> impl IntoView {
    text.map(|text| {
        view! {
            <div>
                <dt>{name}</dt>
                <dd>{text}</dd>
            </div>
        }
    })
}

/// What the file is.
#[component]
pub fn Properties(
    /// The report.
    report: AudioReport,
) -> impl IntoView {
    let channels = report.channels.map(|channels| match channels {
        1 => "Mono".to_owned(),
        2 => "Stereo".to_owned(),
        more => format!("{more} channels"),
    });
    let tempo = measured_tempo(&report);
    let stated_tempo = report
        .stated_tempo
        .clone()
        .map(|stated| (format!("{} a minute", stated.text()), stated.by, stated.at));
    let key = measured_key(&report);
    let stated_key = report.stated_key.clone().map(|stated| (stated.name, stated.by, stated.at));
    let length =
        report.seconds.map(|seconds| format!("{} ({seconds:.3}\u{a0}s)", duration(whole_seconds(seconds))));
    view! {
        <section class="panel" aria-labelledby="properties">
            <h2 id="properties">"Properties"</h2>
            <dl class="facts-list">
                {fact("Format", report.format.clone())} {fact("Container", report.container.clone())}
                {fact("Coding", report.codec.clone())}
                {fact("Sample rate", report.sample_rate.map(|rate| format!("{}\u{a0}Hz", grouped(rate.into()))))}
                {fact("Bit depth", report.bits.map(|bits| format!("{bits}\u{a0}bits")))}
                {fact("Channels", channels)} {fact("Length", length)}
                {fact("Samples", report.samples.map(grouped))} {stated_or_measured("Tempo", stated_tempo, tempo)}
                {stated_or_measured("Key", stated_key, key)}
            </dl>
        </section>
    }
}

/// The tempo that was measured, in words; none where none was found.
pub(super) fn measured_tempo(report: &AudioReport) -> Option<String> {
    let tempo = report.tempo?;
    Some(format!("{:.1} a minute, {:.0}\u{a0}% sure", tempo.bpm, tempo.confidence * 100.0))
}

/// The key that was measured, in words; none where none was found.
pub(super) fn measured_key(report: &AudioReport) -> Option<String> {
    let key = report.key.as_ref()?;
    Some(format!("{}, {:.0}\u{a0}% sure", key.name, key.confidence * 100.0))
}

/// What somebody has stated, with who and when, before what was measured; that alone where nobody has.
fn stated_or_measured(
    name: &'static str,
    stated: Option<(String, String, String)>,
    measured: Option<String>,
) -> AnyView {
    let Some((value, by, at)) = stated else { return fact(name, measured).into_any() };
    let measured = measured.unwrap_or_else(|| "nothing was found".to_owned());
    view! {
        <div>
            <dt>{name}</dt>
            <dd>
                {value} ", stated by " {by} ", " <Moment rfc3339=at /> <br />
                <span class="audio-quiet">{format!("Measured: {measured}")}</span>
            </dd>
        </div>
    }
    .into_any()
}

/// How loud it is.
#[component]
pub fn Loudness(
    /// The report.
    report: AudioReport,
) -> impl IntoView {
    let loudness = report.loudness;
    view! {
        <section class="panel" aria-labelledby="loudness">
            <h2 id="loudness">"Loudness"</h2>
            <dl class="facts-list">
                {fact("Integrated", Some(level(loudness.integrated, "LUFS")))}
                {fact("Range", Some(level(loudness.range, "LU")))}
                {fact("True peak", Some(level(loudness.true_peak, "dBTP")))}
                {fact("Loudest 3 s", Some(level(loudness.short_term_max, "LUFS")))}
                {fact("Loudest 400 ms", Some(level(loudness.momentary_max, "LUFS")))}
            </dl>
            <p class="audio-quiet">"Measured by EBU R 128, Tech 3341 and Tech 3342."</p>
        </section>
    }
}

/// What each store does to it when it plays.
#[component]
pub fn Gains(
    /// The report.
    report: AudioReport,
) -> impl IntoView {
    (!report.gains.is_empty()).then(|| {
        view! {
            <section class="panel is-flush" aria-labelledby="gains">
                <h2 id="gains">"What stores do when they play it"</h2>
                <div class="table-scroll" tabindex="0" role="region" aria-label="Gains of stores">
                    <table class="list">
                        <thead>
                            <tr>
                                <th scope="col">"Store"</th>
                                <th scope="col" class="number">
                                    "Its level"
                                </th>
                                <th scope="col" class="number">
                                    "Gain"
                                </th>
                            </tr>
                        </thead>
                        <tbody>
                            {report
                                .gains
                                .into_iter()
                                .map(|gain| {
                                    view! {
                                        <tr>
                                            <th scope="row">{gain.store}</th>
                                            <td class="number">{level(Some(gain.target), "LUFS")}</td>
                                            <td class="number">{change(gain.gain)}</td>
                                        </tr>
                                    }
                                })
                                .collect_view()}
                        </tbody>
                    </table>
                </div>
                <p class="muted">
                    "A store turns a quiet recording up only as far as its peaks allow, so that it may stay below the store's level."
                </p>
            </section>
        }
    })
}

/// What its tags say.
#[component]
pub fn Tags(
    /// The report.
    report: AudioReport,
) -> impl IntoView {
    let tags = report.tags;
    let kinds = if tags.kinds.is_empty() { "None".to_owned() } else { tags.kinds.join(", ") };
    let pictures = (tags.pictures > 0).then(|| tags.pictures.to_string());
    view! {
        <section class="panel" aria-labelledby="tags">
            <h2 id="tags">"Tags"</h2>
            <dl class="facts-list">
                {fact("Kinds", Some(kinds))} {fact("Title", tags.title)} {fact("Artist", tags.artist)}
                {fact("Album", tags.album)} {fact("Artist of the album", tags.album_artist)}
                {fact("Composer", tags.composer)} {fact("Genre", tags.genre)} {fact("Date", tags.date)}
                {fact("Track", tags.track)} {fact("ISRC", tags.isrc)} {fact("UPC or EAN", tags.barcode)}
                {fact("Copyright", tags.copyright)} {fact("Tempo", tags.bpm)} {fact("Key", tags.key)}
                {fact("Pictures", pictures)}
            </dl>
            <p class="audio-quiet">"Tags are what somebody wrote into the file; stores take the release instead."</p>
        </section>
    }
}
