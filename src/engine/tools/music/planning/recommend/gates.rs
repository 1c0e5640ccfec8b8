//! What must be in order before a release can come out. What cannot be seen here is not called passed.

use crate::model::contract::percent;
use crate::model::release::Release;
use crate::model::release_dates::GateView;
use crate::model::splits::{ReleaseSplits, WHOLE, total};
use crate::music::identifier::{Gtin, Isrc};
use crate::music::release::rules::{Rules, days_between, in_words};
use crate::music::release::timing::Asked;
use jiff::civil::Date;
use std::collections::BTreeSet;

/// The rule that lists the gates.
const GATES: &str = "lead-gates";

/// All gates: of the release, and of the day that is planned, or else advised.
pub(super) fn of(
    asked: &Asked<'_>,
    rules: &Rules,
    release: Option<&Release>,
    entered: &ReleaseSplits,
    day: Option<Date>,
) -> Vec<GateView> {
    let mut gates = vec![masters(release), splits(release, entered), identifiers(release)];
    gates.extend(day.map(|day| lead(asked, rules, day)));
    gates.extend(day.map(|day| pitch(asked, rules, day)));
    gates
}

struct Found {
    passed: Option<bool>,
    measured: String,
    remedy: Option<String>,
}

fn gate(id: &str, label: &str, limit: impl Into<String>, source: Option<&str>, found: Found) -> GateView {
    GateView {
        id: id.to_owned(),
        label: label.to_owned(),
        passed: found.passed,
        measured: found.measured,
        limit: limit.into(),
        remedy: found.remedy,
        source: source.map(str::to_owned),
    }
}

fn no_release() -> Found {
    Found {
        passed: None,
        measured: "No release was named.".to_owned(),
        remedy: Some("Ask again with the release's id once it is in the catalogue.".to_owned()),
    }
}

/// Whether masters and cover are there. Whether they are good, their own checks say.
fn masters(release: Option<&Release>) -> GateView {
    let found = release.map_or_else(no_release, |release| {
        let missing: Vec<_> = release.tracks.iter().filter(|track| track.audio.is_none()).collect();
        let delivered = release.tracks.len() - missing.len();
        let cover = if release.artwork.is_some() { "a cover" } else { "no cover" };
        let complete = missing.is_empty() && release.artwork.is_some() && !release.tracks.is_empty();
        let remedy = match missing.first() {
            Some(track) => format!("Upload the master of “{}”.", track.title),
            None if !complete => "Upload the cover.".to_owned(),
            None => "Run process_audio on each master: this tool does not read files.".to_owned(),
        };
        Found {
            passed: if complete { None } else { Some(false) },
            measured: format!("{delivered} of {} masters and {cover} are there", release.tracks.len()),
            remedy: Some(remedy),
        }
    });
    gate("masters", "Masters and cover pass their checks", "all of them", Some(GATES), found)
}

/// Whether the parts that were entered come to the whole. Nobody is asked for those of the works.
fn splits(release: Option<&Release>, splits: &ReleaseSplits) -> GateView {
    let found = release.map_or_else(no_release, |_| {
        let (recordings, works) = (total(&splits.recordings), total(&splits.publishing));
        let is_wrong = [recordings, works].into_iter().flatten().any(|parts| parts != WHOLE);
        let passed = if is_wrong { Some(false) } else { recordings.map(|_| true) };
        let remedy = match passed {
            Some(true) => None,
            Some(false) => Some("Correct the splits on the page of the release, before anybody is paid."),
            None => Some("Enter on the page of the release who shares in its recordings."),
        };
        let said = |parts: Option<u32>| parts.map_or_else(|| "not entered".to_owned(), percent);
        Found {
            passed,
            measured: format!("recordings {}, works {}", said(recordings), said(works)),
            remedy: remedy.map(str::to_owned),
        }
    });
    gate("splits", "Splits are complete", "100.00 %", Some("splits-must-sum"), found)
}

fn identifiers(release: Option<&Release>) -> GateView {
    let found = release.map_or_else(no_release, |release| {
        let mut wrong: Vec<String> = Vec::new();
        if let Err(error) = release.upc.parse::<Gtin>() {
            wrong.push(format!("UPC {}: {error}", release.upc));
        }
        let mut seen = BTreeSet::new();
        for track in &release.tracks {
            match track.isrc.parse::<Isrc>() {
                Err(error) => wrong.push(format!("ISRC of “{}”: {error}", track.title)),
                Ok(isrc) if !seen.insert(isrc) => wrong.push(format!("{isrc} is there twice")),
                Ok(_) => {}
            }
        }
        let count = release.tracks.len();
        Found {
            passed: Some(wrong.is_empty() && count > 0),
            measured: if wrong.is_empty() { format!("UPC and {count} ISRC valid") } else { wrong.join("; ") },
            remedy: (!wrong.is_empty())
                .then(|| "Correct the codes with update_release_data and update_track_data.".to_owned()),
        }
    });
    gate(
        "identifiers",
        "UPC and ISRC are valid",
        "well formed, with check digit, each once",
        Some(GATES),
        found,
    )
}

fn lead(asked: &Asked<'_>, rules: &Rules, day: Date) -> GateView {
    let (limit, source) = match (asked.own_lead, &rules.least_lead) {
        (Some(own), _) => (Some(own), None),
        (None, Some(rule)) => (Some(rule.value), Some(rule.id)),
        (None, None) => (None, None),
    };
    let open = rules.open_days(asked.ready, day).max(0);
    let passed = limit.map(|limit| open >= limit);
    let found = Found {
        passed,
        measured: format!("{open} days on which deliveries are processed, up to {}", in_words(day)),
        remedy: (passed == Some(false)).then(|| "Take a later date.".to_owned()),
    };
    let limit = limit.map_or("not known".to_owned(), |limit| format!("at least {limit} days"));
    gate("lead", "Enough time for the delivery", limit, source, found)
}

fn pitch(asked: &Asked<'_>, rules: &Rules, day: Date) -> GateView {
    let days = days_between(asked.ready, day);
    let floor = rules.pitch_floor;
    let advised = rules.pitch_advised.map(|rule| rule.value);
    let passed = floor.map(|rule| days >= rule.value);
    let remedy = match (passed, advised) {
        (Some(false), _) => Some("Take a later date: a pitch guarantees nothing so late.".to_owned()),
        (Some(true), Some(advised)) if days < advised => {
            Some(format!("Pitch at once: {advised} days would give editors time."))
        }
        _ => None,
    };
    let limit = match (floor, advised) {
        (Some(rule), Some(advised)) => {
            format!("at least {} days; fewer than {advised} are flagged", rule.value)
        }
        (Some(rule), None) => format!("at least {} days", rule.value),
        (None, _) => "not known".to_owned(),
    };
    let measured = format!("{days} days up to {}", in_words(day));
    let found = Found { passed, measured, remedy };
    gate("pitch", "Enough time for a pitch", limit, floor.map(|rule| rule.id), found)
}
