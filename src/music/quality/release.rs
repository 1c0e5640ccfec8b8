//! The checklist for a release as a whole: identifiers, data, style, order, loudness from track to track, dates,
//! rights.

mod declared;
mod identity;
#[cfg(test)]
mod tests;

use super::rules::{Rule, rule_of};
use super::{Finding, Severity, style};
use crate::music::release::rules::{Rules, days_between};
use crate::music::release::timing::weekday_name;
use crate::music::territory::Territories;
use Severity::{Error, Information, Warning};
use jiff::civil::Date;

const ISO: Option<&str> = Some("ISO 3901; GS1 General Specifications");
const STORES: Option<&str> = Some("Distributors' delivery specifications");
const STYLE: Option<&str> = Some("Music Metadata Style Guide; distributors' style guides");
const KNOWLEDGE: Option<&str> = Some("Rules of the knowledge base in force");
const LAW: Option<&str> = Some("17 USC 115; distributors' delivery specifications");
const DDEX: Option<&str> = Some("DDEX credits for the use of AI; Spotify, 25 September 2025");
const SPLITS: Option<&str> = Some("Knowledge base: splits-must-sum");

/// The rules in the order of their codes.
#[rustfmt::skip]
pub const RULES: &[Rule] = &[
    rule_of("D01", "Same audio under another ISRC", None, ISO, "Deliver the right master; the same recording keeps its ISRC."),
    rule_of("D02", "Sounds like another recording, or unlike the one of its ISRC", Some("less than 90 % of two acoustic prints; more under one ISRC"), ISO, "Listen to both; the same recording has one ISRC, another mix or edit one of its own."),
    rule_of("D03", "One ISRC, two lengths", Some("1 s"), ISO, "Check the master; another edit is another recording with an ISRC of its own."),
    rule_of("D04", "Identifier is wrong", Some("12 characters of an ISRC; a check digit that fits"), ISO, "Copy it again from where it was given out."),
    rule_of("D05", "Identifier is used twice", None, ISO, "Give each recording an ISRC, each product a UPC and a GRid, and each artist an ISNI of its own."),
    rule_of("L01", "Too late to deliver", None, KNOWLEDGE, "Choose a later date."),
    rule_of("L02", "Little time to pitch", None, KNOWLEDGE, "Pitch today, or choose a later date."),
    rule_of("L03", "Not on a Friday", None, KNOWLEDGE, "Choose a Friday, or say why not."),
    rule_of("L04", "In closed weeks", None, KNOWLEDGE, "Choose a date outside of them, or deliver before they begin."),
    rule_of("L05", "Another release of the genre is near", None, KNOWLEDGE, "Choose another date, or agree on which of both comes first."),
    rule_of("L06", "Masters of different kinds", Some("one sample rate, one bit depth, one number of channels"), STORES, "Export all masters of a release alike."),
    rule_of("L07", "Order or loudness jumps", Some("numbers from 1 without gaps; 6 LU between neighbours"), None, "Put the tracks in order, which numbers them anew; where the loudness jumps, listen to both one after the other."),
    rule_of("L08", "Contract is not signed, or has ended", Some("signed, and in force today"), STORES, "Have it signed or renewed, and enter that on its page."),
    rule_of("L09", "Cover is missing", None, STORES, "Upload a cover and name it in the release."),
    rule_of("L10", "Master is missing", None, STORES, "Upload the master and name it at the track."),
    rule_of("M01", "Something is missing", None, STORES, "Fill it in."),
    rule_of("M02", "Parts do not add up", Some("100.00 %"), SPLITS, "Correct the splits on the page of the release, before anybody is paid."),
    rule_of("M03", "Title against the style of stores", None, STYLE, "Write the title as stores ask for it."),
    rule_of("M04", "Length in the data is another than that of the master", Some("1 s"), STORES, "Correct the length, or deliver the right master."),
    rule_of("M05", "Older release disagrees", Some("first date not after the release date; one recording, the same data everywhere"), STORES, "Correct the first date, or make the data of the recording the same on each release: stores link them by it."),
    rule_of("M06", "Rights of others are not cleared", Some("a mechanical licence for each cover version, each sample cleared"), LAW, "Get the licence and enter it at the track, or deliver without the recording."),
    rule_of("M07", "Vocals without lyrics", Some("who wrote them, or language “instrumental”"), STORES, "Name who wrote the lyrics, or say that it is instrumental."),
    rule_of("M08", "Use of AI is not answered", Some("an answer for vocals, instruments, mixing and mastering"), DDEX, "Ask the producer and enter the answer at the track."),
    rule_of("M09", "Outside of what the contract allows", Some("territory and term of the contract"), STORES, "Narrow the territory, change the date, or agree on more in the contract."),
];

/// A release as it is checked.
#[derive(Debug, Clone)]
pub struct ReleaseSubject<'a> {
    /// The title.
    pub title: &'a str,
    /// The name of the main artist.
    pub artist: &'a str,
    /// UPC or EAN.
    pub upc: &'a str,
    /// The ℗ line.
    pub p_line: &'a str,
    /// The © line.
    pub c_line: &'a str,
    /// The main genre.
    pub genre: &'a str,
    /// The day it comes out.
    pub date: Date,
    /// Whether it is out already: dates are not looked at then.
    pub is_out: bool,
    /// Whether a cover is named.
    pub has_cover: bool,
    /// Another release with the same UPC.
    pub same_upc: Option<&'a str>,
    /// `GRid`.
    pub grid: Option<&'a str>,
    /// Another release with the same `GRid`.
    pub same_grid: Option<&'a str>,
    /// ISNI of the main artist.
    pub isni: Option<&'a str>,
    /// IPI name number of the main artist.
    pub ipi: Option<&'a str>,
    /// Another artist with the same ISNI.
    pub same_isni: Option<&'a str>,
    /// The day on which it first came out anywhere, where that is said.
    pub original_date: Option<Date>,
    /// Where it may come out, where that is said and can be read.
    pub territory: Option<Territories>,
    /// The contract that it names; none where it names none.
    pub contract: Option<Contract>,
    /// Other releases of the label that are not withdrawn.
    pub roster: Vec<Planned<'a>>,
    /// What the parts of all who share in the recordings come to, in hundredths of a percent; none where nobody says.
    pub recording_parts: Option<u32>,
    /// The same of those who share in the works.
    pub publishing_parts: Option<u32>,
    /// The tracks in order.
    pub tracks: Vec<TrackSubject<'a>>,
    /// The day on which it is checked.
    pub today: Date,
    /// The rules of timing in force.
    pub rules: &'a Rules,
}

/// A track as it is checked.
#[derive(Debug, Clone)]
pub struct TrackSubject<'a> {
    /// The position.
    pub number: u32,
    /// The title.
    pub title: &'a str,
    /// The ISRC.
    pub isrc: &'a str,
    /// The length in the data, in seconds.
    pub seconds: u32,
    /// Composers and lyricists.
    pub composers: &'a [String],
    /// Whether a master is named.
    pub has_master: bool,
    /// What the master sounds like; none where it was not listened to.
    pub sound: Option<Sound>,
    /// A track of another release that has its ISRC and is not the same in title or length.
    pub elsewhere: Option<Elsewhere<'a>>,
    /// A track of another release that has its ISRC and its title, and other data.
    pub unlike: Option<Unlike<'a>>,
    /// Recordings of the catalogue that sound like it under another ISRC, or unlike it under its own.
    pub compared: &'a [Compared],
    /// What is said of its words and rights.
    pub declared: Declared<'a>,
}

/// What is said of the words and rights of a track.
#[derive(Debug, Clone, Default)]
pub struct Declared<'a> {
    /// ISWC of the work.
    pub iswc: Option<&'a str>,
    /// The language of the vocals, or that there are none; none where nobody says.
    pub language: Option<&'a str>,
    /// Who wrote the lyrics.
    pub lyricists: &'a [String],
    /// Whether it is a new recording of somebody else's song.
    pub is_cover_version: bool,
    /// Who licensed the song to a cover version.
    pub mechanical_licence: Option<&'a str>,
    /// Parts of other recordings in it that nobody has cleared.
    pub uncleared: Vec<&'a str>,
    /// Whether somebody has said what was made by AI.
    pub is_ai_answered: bool,
}

/// A track of another release with the same ISRC and title, and other data.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unlike<'a> {
    /// What it is called, as far as that may be told.
    pub name: &'a str,
    /// What is not the same: the composers, the language …
    pub fields: Vec<&'static str>,
}

/// How a master compares with another one of the catalogue.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Compared {
    /// The very same file under another ISRC, with the name of that recording.
    SameFile(String),
    /// Sounds the same under another ISRC.
    SoundsAlike {
        /// The name of the other one.
        name: String,
        /// How much of both acoustic prints is equal, in percent.
        percent: u32,
    },
    /// Sounds otherwise under the same ISRC.
    SoundsUnlike {
        /// The name of the other one.
        name: String,
        /// How much of both acoustic prints is equal, in percent.
        percent: u32,
    },
}

/// What a contract says, as far as it was entered; nothing of it where nobody has.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Contract {
    /// The day on which it was signed.
    pub signed_on: Option<Date>,
    /// The first day.
    pub starts_on: Option<Date>,
    /// The last day.
    pub ends_on: Option<Date>,
    /// Where it holds, where that can be read.
    pub territory: Option<Territories>,
}

/// Another release of the label.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Planned<'a> {
    /// The title.
    pub title: &'a str,
    /// The main genre.
    pub genre: &'a str,
    /// The day it comes out.
    pub date: Date,
}

/// A track of another release with the same ISRC.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Elsewhere<'a> {
    /// What it is called, as far as that may be told.
    pub name: &'a str,
    /// Whether it has another title.
    pub has_other_title: bool,
    /// Its length in seconds.
    pub seconds: u32,
}

/// What a master sounds like.
#[derive(Debug, Clone, PartialEq)]
pub struct Sound {
    /// Sample rate in Hz, bits, channels.
    pub kind: (Option<u32>, Option<u16>, Option<u16>),
    /// The length in seconds.
    pub seconds: Option<f64>,
    /// The integrated loudness in LUFS.
    pub loudness: Option<f64>,
    /// The SHA-256 of the file.
    pub sha256: String,
}

/// The most that neighbours may differ in loudness, in LU.
const JUMP: f64 = 6.0;
/// The most that lengths may differ, in seconds.
const LENGTH: f64 = 1.0;
/// All parts, in hundredths of a percent.
const WHOLE: u32 = 10_000;

/// Every rule that has something to say about a release as a whole, the weightiest first.
pub fn check(subject: &ReleaseSubject<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    findings.extend(identity::check(subject));
    findings.extend(missing(subject));
    findings.extend(titles(subject));
    findings.extend(order(subject));
    findings.extend(sounds(subject));
    if !subject.is_out {
        findings.extend(dates(subject));
    }
    findings.extend(splits(subject));
    findings.extend(declared::check(subject));
    findings.sort_by(|a, b| b.severity.cmp(&a.severity).then_with(|| a.rule.code.cmp(b.rule.code)));
    findings
}

fn splits(subject: &ReleaseSubject<'_>) -> Vec<Finding> {
    let known = [("The recordings", subject.recording_parts), ("The works", subject.publishing_parts)];
    let known = known.into_iter().filter_map(|(what, parts)| Some((what, parts?)));
    let wrong = known.filter(|(_, parts)| *parts != WHOLE);
    wrong
        .map(|(what, parts)| {
            let measured = format!("{what}: {}.{:02} %", parts / 100, parts % 100);
            Finding::new("M02", Error, measured).of("splits")
        })
        .collect()
}

fn missing(subject: &ReleaseSubject<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    let fields = [
        (subject.title, "title", "the title"),
        (subject.artist, "artist", "the main artist"),
        (subject.upc, "upc", "the UPC"),
        (subject.p_line, "pLine", "the ℗ line"),
        (subject.c_line, "cLine", "the © line"),
        (subject.genre, "genre", "the genre"),
    ];
    let empty = fields.into_iter().filter(|(value, ..)| value.trim().is_empty());
    findings.extend(empty.map(|(_, field, name)| Finding::new("M01", Error, name).of(field)));
    if subject.tracks.is_empty() {
        findings.push(Finding::new("M01", Error, "the tracks").of("tracks"));
    }
    for track in &subject.tracks {
        let number = track.number;
        let mut lacks = |field, name: &str| {
            findings.push(Finding::new("M01", Error, format!("Track {number}: {name}")).of(field).on(number));
        };
        if track.title.trim().is_empty() {
            lacks("title", "the title");
        }
        if track.isrc.is_empty() {
            lacks("isrc", "the ISRC");
        }
        if track.composers.iter().all(|name| name.trim().is_empty()) {
            lacks("composers", "the composer");
        }
        if track.declared.language.is_none_or(|language| language.trim().is_empty()) {
            lacks("language", "the language, or that it is instrumental");
        }
        if !track.has_master {
            let measured = format!("Track {number}: {}", track.title);
            findings.push(Finding::new("L10", Error, measured).of("audio").on(number));
        }
    }
    if !subject.has_cover {
        findings.push(Finding::new("L09", Error, "no cover is named").of("artwork"));
    }
    findings
}

fn titles(subject: &ReleaseSubject<'_>) -> Vec<Finding> {
    let told = |what: String, title: &str| {
        let faults = style::of_title(title, subject.artist);
        (!faults.is_empty()).then(|| {
            Finding::new("M03", Warning, format!("{what} {title:?} {}", faults.join("; "))).of("title")
        })
    };
    let own = told("The title".to_owned(), subject.title);
    let tracks = subject.tracks.iter().filter_map(|track| {
        let found = told(format!("Track {}:", track.number), track.title)?;
        Some(found.on(track.number))
    });
    own.into_iter().chain(tracks).collect()
}

fn order(subject: &ReleaseSubject<'_>) -> Vec<Finding> {
    let wrong = subject.tracks.iter().zip(1_u32..).find(|(track, number)| track.number != *number);
    let measured =
        wrong.map(|(track, number)| format!("track {} stands where {number} is expected", track.number));
    measured.map(|measured| Finding::new("L07", Warning, measured).of("tracks")).into_iter().collect()
}

fn sounds(subject: &ReleaseSubject<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    let heard: Vec<(&TrackSubject<'_>, &Sound)> =
        subject.tracks.iter().filter_map(|track| Some((track, track.sound.as_ref()?))).collect();
    for (at, (track, sound)) in heard.iter().enumerate() {
        let same = heard[..at]
            .iter()
            .find(|(other, known)| known.sha256 == sound.sha256 && other.isrc != track.isrc);
        if let Some((other, _)) = same {
            let measured = format!("Tracks {} and {} have the same master", other.number, track.number);
            findings.push(Finding::new("D01", Error, measured).of("audio").on(track.number));
        }
        if let Some(seconds) =
            sound.seconds.filter(|seconds| (seconds - f64::from(track.seconds)).abs() > LENGTH)
        {
            let measured = format!(
                "Track {}: {} s in the data, {seconds:.1} s in the master",
                track.number, track.seconds
            );
            findings.push(Finding::new("M04", Warning, measured).of("audio").on(track.number));
        }
    }
    if let Some((first, rest)) = heard.split_first()
        && let Some((odd, sound)) = rest.iter().find(|(_, sound)| sound.kind != first.1.kind)
    {
        let measured =
            format!("Track {}: {}; track {}: {}", first.0.number, kind(first.1), odd.number, kind(sound));
        findings.push(Finding::new("L06", Warning, measured).of("audio").on(odd.number));
    }
    for pair in subject.tracks.windows(2) {
        let loudness = |track: &TrackSubject<'_>| track.sound.as_ref().and_then(|sound| sound.loudness);
        if let (Some(before), Some(after)) = (loudness(&pair[0]), loudness(&pair[1]))
            && (after - before).abs() > JUMP
        {
            let measured = format!(
                "From track {} to track {}: {:+.1} LU",
                pair[0].number,
                pair[1].number,
                after - before
            );
            findings.push(Finding::new("L07", Warning, measured).of("audio").on(pair[1].number));
        }
    }
    findings
}

fn kind(sound: &Sound) -> String {
    let (rate, bits, channels) = sound.kind;
    let known = |value: Option<String>| value.unwrap_or_else(|| "unknown".to_owned());
    format!(
        "{} Hz, {} bits, {} channels",
        known(rate.map(|rate| rate.to_string())),
        known(bits.map(|bits| bits.to_string())),
        known(channels.map(|channels| channels.to_string()))
    )
}

fn dates(subject: &ReleaseSubject<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    let days = days_between(subject.today, subject.date);
    let rules = subject.rules;
    let in_days = |least: i32| format!("{days} days from today; at least {least}");
    if let Some(least) = rules.least_lead.as_ref().filter(|rule| days < rule.value) {
        findings.push(Finding::new("L01", Error, in_days(least.value)).of("releaseDate"));
    }
    let floor = rules.pitch_floor.as_ref().filter(|rule| days < rule.value);
    let advised = rules.pitch_advised.as_ref().filter(|rule| days < rule.value);
    if let Some(rule) = floor {
        let measured = format!("{days} days from today; pitches close {} days before", rule.value);
        findings.push(Finding::new("L02", Warning, measured).of("releaseDate"));
    } else if let Some(rule) = advised {
        let measured = format!("{days} days from today; {} are advised", rule.value);
        findings.push(Finding::new("L02", Information, measured).of("releaseDate"));
    }
    if let Some(rule) = rules.weekday.as_ref().filter(|rule| rule.value != subject.date.weekday()) {
        let measured = format!(
            "a {}; music comes out on a {}",
            weekday_name(subject.date.weekday()),
            weekday_name(rule.value)
        );
        findings.push(Finding::new("L03", Warning, measured).of("releaseDate"));
    }
    if rules.closed.as_ref().is_some_and(|rule| rule.value.contains(subject.date)) {
        findings.push(Finding::new("L04", Warning, subject.date.to_string()).of("releaseDate"));
    }
    findings.extend(clash(subject));
    findings
}

/// The nearest release of the genre that is too near.
fn clash(subject: &ReleaseSubject<'_>) -> Option<Finding> {
    let least = subject.rules.clash.as_ref()?.value;
    if subject.genre.trim().is_empty() {
        return None;
    }
    let apart = |other: &&Planned<'_>| days_between(subject.date, other.date).abs();
    let near = subject.roster.iter().filter(|other| other.genre == subject.genre && apart(other) <= least);
    let nearest = near.min_by_key(apart)?;
    let days = apart(&nearest);
    let noun = if days == 1 { "day" } else { "days" };
    let measured = format!(
        "“{}” comes out on {}, {days} {noun} apart; more than {least} are advised for one genre",
        nearest.title, nearest.date
    );
    Some(Finding::new("L05", Warning, measured).of("releaseDate"))
}
