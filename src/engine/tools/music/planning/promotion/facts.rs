//! The facts of a pitch, in order of weight, and where the streams come from.

use crate::model::analytics::DailyAnalytics;
use crate::model::artist::{Artist, EventKind};
use crate::model::day::short_day;
use crate::model::number::grouped;
use crate::model::release::Release;
use crate::model::territory::territory_name;
use crate::music::release::rules::plus;
use jiff::civil::Date;
use std::collections::BTreeMap;

/// The rest of the world, which is no territory to speak of.
const REST: &str = "ZZ";

/// How many territories are named.
const NAMED: usize = 3;

/// Days that shares are of.
const DAYS: i32 = 28;

/// What happened longer ago than this is no news.
const NEWS_DAYS: i32 = 365;

/// A territory's part of the streams.
pub(super) struct Territory {
    code: String,
    percent: u64,
}

impl Territory {
    /// Such as `Norway 34 %`.
    pub(super) fn in_words(&self) -> String {
        format!("{} {} %", territory_name(&self.code), self.percent)
    }
}

/// The territories with most streams in the newest 28 days.
pub(super) fn territories(history: &[DailyAnalytics], as_of: Option<Date>) -> Vec<Territory> {
    let Some(as_of) = as_of else { return Vec::new() };
    let mut sums: BTreeMap<&str, u64> = BTreeMap::new();
    for row in history.iter().filter(|row| row.date > plus(as_of, -DAYS)) {
        for (code, streams) in &row.territories {
            *sums.entry(code).or_default() += streams;
        }
    }
    let all: u64 = sums.values().sum();
    let mut named: Vec<(&str, u64)> = sums.into_iter().filter(|(code, _)| *code != REST).collect();
    named.sort_by_key(|(code, streams)| (std::cmp::Reverse(*streams), *code));
    let percent = |streams: u64| (streams * 100 + all / 2).checked_div(all).unwrap_or(0);
    let territory =
        |(code, streams): (&str, u64)| Territory { code: code.to_owned(), percent: percent(streams) };
    named.into_iter().take(NAMED).map(territory).filter(|territory| territory.percent > 0).collect()
}

/// Sentences of facts. Nothing is in them that is not in the catalogue or the figures.
pub(super) fn of(
    release: &Release,
    artist: &Artist,
    history: &[DailyAnalytics],
    as_of: Option<Date>,
    territories: &[Territory],
) -> Vec<String> {
    let mut facts = vec![who(release, artist)];
    if let Some(writers) = writers(release) {
        facts.push(format!("Written by {writers}."));
    }
    if let Some(as_of) = as_of {
        if !territories.is_empty() {
            let shares: Vec<String> = territories.iter().map(Territory::in_words).collect();
            facts.push(format!("Most streamed in {} (28 days to {}).", shares.join(", "), short_day(as_of)));
        }
        if let Some(followers) = followers(history).filter(|followers| *followers > 0) {
            facts.push(format!("{} followers on all platforms.", grouped(followers)));
        }
    }
    facts.extend(news(release, artist));
    let first = release.tracks.first();
    if let Some(track) = first.filter(|track| track.title != release.title) {
        facts.push(format!("The first track is “{}”.", track.title));
    }
    facts
}

fn who(release: &Release, artist: &Artist) -> String {
    let day = release.release_date.strftime("%-d %B %Y");
    let of = artist.disambiguation.as_deref().map(|words| format!(" ({words})")).unwrap_or_default();
    let tracks = match release.tracks.len() {
        1 => String::new(),
        count => format!(", {count} tracks"),
    };
    format!(
        "“{}” by {}{of}, {} from {}: {} out {day}{tracks}.",
        release.title,
        artist.name,
        release.genre,
        artist.country,
        release.kind.to_string().to_lowercase()
    )
}

/// The writers of all tracks, each once, in the order of the tracks.
fn writers(release: &Release) -> Option<String> {
    let mut names: Vec<&str> = Vec::new();
    for name in release.tracks.iter().flat_map(|track| &track.composers) {
        if !names.contains(&name.as_str()) {
            names.push(name);
        }
    }
    (!names.is_empty()).then(|| names.join(", "))
}

/// The newest thing that happened to the artist and is no release.
fn news(release: &Release, artist: &Artist) -> Option<String> {
    let recent = artist.events.iter().filter(|event| event.kind != EventKind::Release);
    let recent = recent.filter(|event| event.date >= plus(release.release_date, -NEWS_DAYS));
    let newest = recent.max_by_key(|event| event.date)?;
    Some(format!("{} ({}).", newest.title, newest.date.strftime("%-d %B %Y")))
}

/// The followers that each platform reported last, added up; none where none ever did.
fn followers(history: &[DailyAnalytics]) -> Option<u64> {
    let told = history.iter().filter_map(|row| Some((row.platform, row.followers?)));
    let newest: BTreeMap<_, u64> = told.collect();
    (!newest.is_empty()).then(|| newest.values().sum())
}
