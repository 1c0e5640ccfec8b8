//! What must be in order before a release can come out. What cannot be seen here is not called passed.

use super::masters::{Master, Standing};
use crate::model::contract::percent;
use crate::model::release::Release;
use crate::model::release_dates::GateView;
use crate::model::release_file::{self, COVER};
use crate::model::splits::{ReleaseSplits, WHOLE, total};
use crate::music::identifier::{Gtin, Isrc};
use crate::music::release::rules::{Rules, days_between, in_words};
use crate::music::release::timing::Asked;
use jiff::civil::Date;
use std::collections::BTreeSet;

/// The rule that lists the gates.
const GATES: &str = "lead-gates";

/// A release with what its gates ask for.
pub(super) struct OfRelease<'a> {
    /// Its record.
    pub(super) release: &'a Release,
    /// Its masters, in the order of its tracks.
    pub(super) masters: Vec<Master>,
    /// What was entered of who shares in it.
    pub(super) splits: ReleaseSplits,
}

/// All gates: of the release, and of the day that is planned, or else advised.
pub(super) fn of(
    asked: &Asked<'_>,
    rules: &Rules,
    of_release: Option<&OfRelease<'_>>,
    day: Option<Date>,
) -> Vec<GateView> {
    let release = of_release.map(|known| known.release);
    let splits = splits(of_release.map(|known| &known.splits));
    let mut gates = vec![masters(of_release), cover(release), splits, identifiers(release)];
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
        address: None,
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

/// Whether the masters pass their checks, with the address of the first thing that is to be done.
fn masters(of_release: Option<&OfRelease<'_>>) -> GateView {
    let (found, address) = match of_release {
        Some(known) => checks(known.release, &known.masters),
        None => (no_release(), None),
    };
    let gate = gate("masters", "Masters pass their checks", "all of them", Some(GATES), found);
    GateView { address, ..gate }
}

/// A master that is missing, or would be refused, keeps the gate shut; one that nobody could check yet leaves it
/// unknown.
fn checks(release: &Release, masters: &[Master]) -> (Found, Option<String>) {
    let stands = |passed: Option<bool>| masters.iter().find(move |master| state(master) == passed);
    let first = stands(Some(false)).or_else(|| stands(None));
    let passed = match first {
        Some(master) => state(master),
        None => Some(!masters.is_empty()),
    };
    let warned = masters.iter().find(|master| matches!(master.standing, Standing::Warned(_)));
    let told = first.or(warned);
    let (reason, remedy) = told.map(said).unwrap_or_default();
    let count = masters.iter().filter(|master| state(master) == Some(true)).count();
    let counted = format!("{count} of {} masters passed", masters.len());
    let measured = if reason.is_empty() { counted } else { format!("{counted}; {reason}") };
    let remedy = if masters.is_empty() { Some("Enter the tracks.".to_owned()) } else { remedy };
    let id = &release.release_id;
    let address = match told {
        Some(master) => master.address.clone(),
        None if masters.is_empty() => format!("/releases/{id}/edit"),
        None => format!("/releases/{id}?checks=distributor"),
    };
    (Found { passed, measured, remedy }, Some(address))
}

/// What a master does to the gate.
fn state(master: &Master) -> Option<bool> {
    match master.standing {
        Standing::Passed | Standing::Warned(_) => Some(true),
        Standing::NotNamed | Standing::Refused(_) => Some(false),
        Standing::NotThere | Standing::NotChecked => None,
    }
}

/// Why a master stands as it does, and what to do.
fn said(master: &Master) -> (String, Option<String>) {
    let title = &master.title;
    let (reason, remedy) = match &master.standing {
        Standing::Passed => return (String::new(), None),
        Standing::NotNamed => (format!("“{title}” has no master"), "Upload the master"),
        Standing::NotThere => {
            (format!("the file of “{title}” is not there"), "Upload it again, or name another file")
        }
        Standing::NotChecked => {
            (format!("“{title}” has not been checked to the end"), "Ask again when its check is done")
        }
        Standing::Warned(why) => (format!("look at “{title}” first: {why}"), "Look at the report"),
        Standing::Refused(why) => (
            format!("“{title}” would be refused: {why}"),
            "Mend what its report names, or waive it with a reason",
        ),
    };
    (reason, Some(format!("{remedy} (“{title}”).")))
}

/// Whether there is a cover. Whether it is good, the check of the release says: that looks at every pixel.
fn cover(release: Option<&Release>) -> GateView {
    let found = release.map_or_else(no_release, |release| {
        let is_there = release.artwork.is_some();
        let (measured, remedy) = if is_there {
            ("A cover is named; the check of the release says whether stores take it.", None)
        } else {
            ("No cover is named.", Some("Upload the cover.".to_owned()))
        };
        Found { passed: Some(is_there), measured: measured.to_owned(), remedy }
    });
    let address = release.map(|release| {
        let id = release.release_id.as_str();
        match &release.artwork {
            Some(_) => format!("/releases/{id}?checks=distributor"),
            None => release_file::address(id, COVER),
        }
    });
    GateView { address, ..gate("cover", "There is a cover", "one", Some(GATES), found) }
}

/// Whether the parts that were entered come to the whole. Nobody is asked for those of the works.
fn splits(splits: Option<&ReleaseSplits>) -> GateView {
    let found = splits.map_or_else(no_release, |splits| {
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
