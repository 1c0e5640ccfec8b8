//! Identifiers of a release, its tracks and its artist: their form, and that nothing else has them.

use super::{Compared, ReleaseSubject, TrackSubject};
use crate::music::identifier::{Grid, Gtin, IpiName, Isni, Isrc, Iswc};
use crate::music::quality::Finding;
use crate::music::quality::Severity::{Error, Warning};
use std::collections::BTreeMap;
use std::fmt::Display;
use std::str::FromStr;

pub(super) fn check(subject: &ReleaseSubject<'_>) -> Vec<Finding> {
    let mut findings = product(subject);
    let mut seen: BTreeMap<String, u32> = BTreeMap::new();
    for track in &subject.tracks {
        let number = track.number;
        let iswc = track.declared.iswc;
        let iswc = iswc.and_then(|iswc| wrong::<Iswc>(&format!("Track {number}: ISWC"), "iswc", iswc));
        findings.extend(iswc.map(|found| found.on(number)));
        if !track.isrc.is_empty() {
            findings.extend(recording(track, &mut seen));
        }
        findings.extend(track.compared.iter().map(|compared| sound(number, compared)));
    }
    findings
}

/// An identifier that is not one.
fn wrong<T: FromStr<Err: Display>>(name: &str, field: &'static str, text: &str) -> Option<Finding> {
    let error = text.parse::<T>().err()?;
    Some(Finding::new("D04", Error, format!("{name} {text}: {error}")).of(field))
}

/// Those of the product and of its artist.
fn product(subject: &ReleaseSubject<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    let twice = |name: &str, field, text: &str, other: &str| {
        Finding::new("D05", Error, format!("{name} {text} is that of {other}, too")).of(field)
    };
    if !subject.upc.is_empty() {
        findings.extend(wrong::<Gtin>("UPC", "upc", subject.upc));
        findings.extend(subject.same_upc.map(|other| twice("UPC", "upc", subject.upc, other)));
    }
    if let Some(grid) = subject.grid {
        findings.extend(wrong::<Grid>("GRid", "grid", grid));
        findings.extend(subject.same_grid.map(|other| twice("GRid", "grid", grid, other)));
    }
    if let Some(isni) = subject.isni {
        findings.extend(wrong::<Isni>("ISNI", "isni", isni));
        findings.extend(subject.same_isni.map(|other| twice("ISNI", "isni", isni, other)));
    }
    // Several artists may be one writer, so that it is not looked for with others.
    findings.extend(subject.ipi.and_then(|ipi| wrong::<IpiName>("IPI", "ipi", ipi)));
    findings
}

/// Those of a recording.
fn recording(track: &TrackSubject<'_>, seen: &mut BTreeMap<String, u32>) -> Vec<Finding> {
    let number = track.number;
    let mut findings = Vec::new();
    let isrc = wrong::<Isrc>(&format!("Track {number}: ISRC"), "isrc", track.isrc);
    findings.extend(isrc.map(|found| found.on(number)));
    let code =
        track.isrc.parse::<Isrc>().map_or_else(|_| track.isrc.to_owned(), |isrc| isrc.as_str().to_owned());
    if let Some(first) = seen.insert(code, number) {
        let measured = format!("Tracks {first} and {number}: ISRC {}", track.isrc);
        findings.push(Finding::new("D05", Error, measured).of("isrc").on(number));
    }
    findings.extend(track.elsewhere.map(|other| {
        if other.has_other_title {
            let measured = format!("Track {number}: ISRC {} is that of {}, too", track.isrc, other.name);
            return Finding::new("D05", Warning, measured).of("isrc").on(number);
        }
        let measured =
            format!("Track {number}: {} s, and {} s as {}", track.seconds, other.seconds, other.name);
        Finding::new("D03", Warning, measured).of("isrc").on(number)
    }));
    findings
}

/// How it sounds beside others of the catalogue.
fn sound(number: u32, compared: &Compared) -> Finding {
    let (code, severity, measured) = match compared {
        Compared::SameFile(name) => ("D01", Error, format!("the same file as {name}, under another ISRC")),
        Compared::SoundsAlike { name, percent } => {
            ("D02", Warning, format!("sounds like {name} ({percent} % the same), under another ISRC"))
        }
        Compared::SoundsUnlike { name, percent } => (
            "D02",
            Error,
            format!("sounds otherwise than {name} ({percent} % the same), under the same ISRC"),
        ),
    };
    Finding::new(code, severity, format!("Track {number}: {measured}")).of("audio").on(number)
}
