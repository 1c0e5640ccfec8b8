//! What is said of a release and its tracks beyond their names: earlier dates, rights of others, lyrics, AI, contract.

use super::{Contract, ReleaseSubject, TrackSubject};
use crate::music::language::Language;
use crate::music::quality::Finding;
use crate::music::quality::Severity::{Error, Warning};

pub(super) fn check(subject: &ReleaseSubject<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    findings.extend(first_date(subject));
    for track in &subject.tracks {
        findings.extend(unlike(track));
        findings.extend(rights(track));
        findings.extend(lyrics(track));
        findings.extend(ai(track));
    }
    if let Some(contract) = &subject.contract {
        findings.extend(contract_of(subject, contract));
    }
    findings
}

fn first_date(subject: &ReleaseSubject<'_>) -> Option<Finding> {
    let first = subject.original_date.filter(|first| *first > subject.date)?;
    let measured = format!("first out on {first}, and comes out on {}", subject.date);
    Some(Finding::new("M05", Warning, measured).of("originalReleaseDate"))
}

fn unlike(track: &TrackSubject<'_>) -> Option<Finding> {
    let other = track.unlike.as_ref()?;
    let fields = other.fields.join(", ");
    let measured = format!("Track {}: not the same as {}: {fields}", track.number, other.name);
    Some(Finding::new("M05", Warning, measured).of("tracks").on(track.number))
}

fn rights(track: &TrackSubject<'_>) -> Vec<Finding> {
    let declared = &track.declared;
    let mut findings = Vec::new();
    if declared.is_cover_version
        && declared.mechanical_licence.is_none_or(|licence| licence.trim().is_empty())
    {
        let measured = format!("Track {}: a cover version without a mechanical licence", track.number);
        findings.push(Finding::new("M06", Warning, measured).of("mechanicalLicence").on(track.number));
    }
    findings.extend(declared.uncleared.iter().map(|recording| {
        let measured = format!("Track {}: the sample of {recording} is not cleared", track.number);
        Finding::new("M06", Warning, measured).of("samples").on(track.number)
    }));
    findings
}

fn lyrics(track: &TrackSubject<'_>) -> Option<Finding> {
    // That nobody says it is told as missing.
    let language = track.declared.language.filter(|language| !language.trim().is_empty())?;
    let is_named = track.declared.lyricists.iter().any(|name| !name.trim().is_empty());
    match language.parse::<Language>() {
        Ok(Language::Sung(code)) if !is_named => {
            let measured = format!("Track {}: vocals in {code:?}, and nobody who wrote them", track.number);
            Some(Finding::new("M07", Warning, measured).of("lyricists").on(track.number))
        }
        Ok(_) => None,
        Err(error) => {
            let measured = format!("Track {}: {error}", track.number);
            Some(Finding::new("M01", Error, measured).of("language").on(track.number))
        }
    }
}

fn ai(track: &TrackSubject<'_>) -> Option<Finding> {
    let measured = format!("Track {}: nobody has said what was made by AI", track.number);
    let found = || Finding::new("M08", Warning, measured).of("aiUse").on(track.number);
    (!track.declared.is_ai_answered).then(found)
}

/// What it tells of the contract is no more than what stands against this release: not everybody may read contracts.
fn contract_of(subject: &ReleaseSubject<'_>, contract: &Contract) -> Vec<Finding> {
    let mut findings = Vec::new();
    let has_ended = contract.ends_on.is_some_and(|day| day < subject.today);
    let against = match contract.signed_on {
        None => Some("no day is entered on which its contract was signed"),
        Some(day) if day > subject.today => Some("the day on which its contract is signed is still to come"),
        Some(_) => (has_ended && !subject.is_out).then_some("its contract has ended"),
    };
    findings.extend(against.map(|measured| Finding::new("L08", Error, measured).of("contract")));
    if contract.starts_on.is_some_and(|day| subject.date < day) {
        findings.push(Finding::new("M09", Error, "comes out before its contract begins").of("releaseDate"));
    }
    if !has_ended && contract.ends_on.is_some_and(|day| day < subject.date) {
        findings.push(Finding::new("M09", Error, "comes out after its contract has ended").of("releaseDate"));
    }
    if let (Some(allowed), Some(wanted)) = (&contract.territory, &subject.territory) {
        let outside = allowed.outside(wanted);
        if !outside.is_empty() {
            let measured = format!("outside the territory of its contract: {}", outside.join(", "));
            findings.push(Finding::new("M09", Error, measured).of("territory"));
        }
    }
    findings
}
