//! What the quality check found: weight, measurement, limit, place, source and remedy.

use super::state::SeverityBadge;
use crate::components::format::{duration, with_minus_signs};
use crate::components::player::seek_address;
use crate::model::audio::{AudioFinding, AudioPlace};
use crate::model::recording::ProfileReport;
use leptos::prelude::*;

/// Places of a finding that are shown.
const MOST_PLACES: usize = 12;

/// What a store's rules find.
#[component]
pub fn Findings(
    /// What the store says.
    profile: ProfileReport,
) -> impl IntoView {
    let ProfileReport { name, source, findings, .. } = profile;
    let count = findings.len();
    view! {
        <p class="audio-quiet">{format!("Rules of {name}. Source: {source}.")}</p>
        {if count == 0 {
            view! { <p>"Nothing was found."</p> }.into_any()
        } else {
            view! {
                <ul class="audio-findings" aria-label=format!("Findings for {name}")>
                    {findings.into_iter().map(|finding| view! { <Finding finding=finding /> }).collect_view()}
                </ul>
            }
                .into_any()
        }}
    }
}

#[component]
fn Finding(finding: AudioFinding) -> impl IntoView {
    let AudioFinding { code, title, severity, measured, limit, at, field, source, remedy } = finding;
    let at = told_apart(&at);
    let more = at.len().saturating_sub(MOST_PLACES);
    let has_places = !at.is_empty();
    let places =
        at.into_iter().take(MOST_PLACES).map(|(from, words)| view! { <Place from=from words=words /> });
    let places = places.collect_view();
    view! {
        <li class="audio-finding">
            <p class="audio-finding-title">
                <SeverityBadge severity=severity />
                <strong>{title}</strong>
                <code>{code}</code>
            </p>
            <dl>
                <Line name="Measured" text=Some(with_minus_signs(&measured)) />
                <Line name="Allowed" text=limit.as_deref().map(with_minus_signs) />
                <Line name="Part" text=field />
                {has_places
                    .then(|| {
                        view! {
                            <div>
                                <dt>"Where"</dt>
                                <dd class="audio-places">
                                    {places}
                                    {(more > 0).then(|| format!("and {more} more"))}
                                </dd>
                            </div>
                        }
                    })}
                <Line name="What to do" text=Some(remedy) />
                <Line name="Source" text=Some(source.unwrap_or_else(|| "Rule of experience".to_owned())) />
            </dl>
        </li>
    }
}

#[component]
fn Line(name: &'static str, text: Option<String>) -> impl IntoView {
    text.map(|text| {
        view! {
            <div>
                <dt>{name}</dt>
                <dd>{text}</dd>
            </div>
        }
    })
}

/// A place, which is heard when it is clicked.
#[component]
fn Place(
    /// Where it begins, in seconds.
    from: f64,
    /// How it is told.
    words: String,
) -> impl IntoView {
    view! {
        <a class="audio-place" href=seek_address(from) rel="external">
            {words}
        </a>
    }
}

/// Where each place begins and how it is told. Of those that a reader could not tell apart, the first: a master
/// that clips all the time does so a hundred times in its first second.
fn told_apart(places: &[AudioPlace]) -> Vec<(f64, String)> {
    let mut told = places.iter().map(|place| (place.from, words(place))).collect::<Vec<_>>();
    told.dedup_by(|one, before| one.1 == before.1);
    told
}

fn words(place: &AudioPlace) -> String {
    let from = clock(place.from);
    if place.to - place.from >= 0.1 { format!("{from} to {}", clock(place.to)) } else { from }
}

/// A place in a recording, to a tenth of a second: `1:02.5`.
fn clock(seconds: f64) -> String {
    let tenths = (seconds.max(0.0) * 10.0).round();
    let whole = super::state::whole_seconds((tenths / 10.0).floor());
    let tenth = super::state::whole_seconds(tenths % 10.0);
    format!("{}.{tenth}", duration(whole))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_told_to_a_tenth_of_a_second() {
        assert_eq!(
            (clock(62.54), clock(0.0), clock(59.96)),
            ("1:02.5".to_owned(), "0:00.0".to_owned(), "1:00.0".to_owned())
        );
    }

    #[test]
    fn places_that_read_alike_are_told_once() {
        let places = [(0.01, 0.02), (0.03, 0.04), (0.5, 0.9), (0.5, 0.9), (2.0, 2.01)];
        let places = places.map(|(from, to)| AudioPlace { from, to });
        let words = told_apart(&places).into_iter().map(|(_, words)| words).collect::<Vec<_>>();
        assert_eq!(words, ["0:00.0", "0:00.5 to 0:00.9", "0:02.0"]);
    }
}
