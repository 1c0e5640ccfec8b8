//! The checklist for a release as a whole: identifiers, data, style, order, loudness from track to track, dates.

use super::rules::{Rule, rule_of};
use super::{Finding, Severity, style};
use crate::music::identifier::{Gtin, Isrc};
use crate::music::release::rules::{Rules, days_between};
use crate::music::release::timing::weekday_name;
use Severity::{Error, Information, Warning};
use jiff::civil::Date;
use std::collections::BTreeMap;

const ISO: Option<&str> = Some("ISO 3901; GS1 General Specifications");
const STORES: Option<&str> = Some("Distributors' delivery specifications");
const STYLE: Option<&str> = Some("Music Metadata Style Guide; distributors' style guides");
const KNOWLEDGE: Option<&str> = Some("Rules of the knowledge base in force");
const SPLITS: Option<&str> = Some("Knowledge base: splits-must-sum");

/// The rules in the order of their codes.
#[rustfmt::skip]
pub const RULES: &[Rule] = &[
    rule_of("D01", "Same audio under another ISRC", None, ISO, "Deliver the right master; the same recording keeps its ISRC."),
    rule_of("D03", "One ISRC, two lengths", Some("1 s"), ISO, "Check the master; another edit is another recording with an ISRC of its own."),
    rule_of("D04", "Identifier is wrong", Some("12 characters of an ISRC; a check digit that fits"), ISO, "Copy it again from where it was given out."),
    rule_of("D05", "Identifier is used twice", None, ISO, "Give each recording an ISRC and each product a UPC of its own."),
    rule_of("L01", "Too late to deliver", None, KNOWLEDGE, "Choose a later date."),
    rule_of("L02", "Little time to pitch", None, KNOWLEDGE, "Pitch today, or choose a later date."),
    rule_of("L03", "Not on a Friday", None, KNOWLEDGE, "Choose a Friday, or say why not."),
    rule_of("L04", "In closed weeks", None, KNOWLEDGE, "Choose a date outside of them, or deliver before they begin."),
    rule_of("L06", "Masters of different kinds", Some("one sample rate, one bit depth, one number of channels"), STORES, "Export all masters of a release alike."),
    rule_of("L07", "Order or loudness jumps", Some("numbers from 1 without gaps; 6 LU between neighbours"), None, "Number the tracks anew; listen to the two tracks one after the other."),
    rule_of("L09", "Cover is missing", None, STORES, "Upload a cover and name it in the release."),
    rule_of("L10", "Master is missing", None, STORES, "Upload the master and name it at the track."),
    rule_of("M01", "Something is missing", None, STORES, "Fill it in."),
    rule_of("M02", "Parts do not add up", Some("100.00 %"), SPLITS, "Correct the splits on the page of the release, before anybody is paid."),
    rule_of("M03", "Title against the style of stores", None, STYLE, "Write the title as stores ask for it."),
    rule_of("M04", "Length in the data is another than that of the master", Some("1 s"), STORES, "Correct the length, or deliver the right master."),
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
    findings.extend(identifiers(subject));
    findings.extend(missing(subject));
    findings.extend(titles(subject));
    findings.extend(order(subject));
    findings.extend(sounds(subject));
    if !subject.is_out {
        findings.extend(dates(subject));
    }
    findings.extend(splits(subject));
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

fn identifiers(subject: &ReleaseSubject<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    if !subject.upc.is_empty() {
        if let Err(error) = subject.upc.parse::<Gtin>() {
            findings.push(Finding::new("D04", Error, format!("UPC {}: {error}", subject.upc)).of("upc"));
        }
        if let Some(other) = subject.same_upc {
            findings.push(
                Finding::new("D05", Error, format!("UPC {} is that of {other}, too", subject.upc)).of("upc"),
            );
        }
    }
    let mut seen: BTreeMap<String, u32> = BTreeMap::new();
    for track in subject.tracks.iter().filter(|track| !track.isrc.is_empty()) {
        let number = track.number;
        let code = match track.isrc.parse::<Isrc>() {
            Ok(isrc) => isrc.as_str().to_owned(),
            Err(error) => {
                let measured = format!("Track {number}: ISRC {}: {error}", track.isrc);
                findings.push(Finding::new("D04", Error, measured).of("isrc"));
                track.isrc.to_owned()
            }
        };
        if let Some(first) = seen.insert(code, number) {
            let measured = format!("Tracks {first} and {number}: ISRC {}", track.isrc);
            findings.push(Finding::new("D05", Error, measured).of("isrc"));
        }
        findings.extend(track.elsewhere.map(|other| {
            if other.has_other_title {
                let measured = format!("Track {number}: ISRC {} is that of {}, too", track.isrc, other.name);
                return Finding::new("D05", Warning, measured).of("isrc");
            }
            let measured =
                format!("Track {number}: {} s, and {} s as {}", track.seconds, other.seconds, other.name);
            Finding::new("D03", Warning, measured).of("isrc")
        }));
    }
    findings
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
            findings.push(Finding::new("M01", Error, format!("Track {number}: {name}")).of(field));
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
        if !track.has_master {
            findings.push(Finding::new("L10", Error, format!("Track {number}: {}", track.title)).of("audio"));
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
    let tracks =
        subject.tracks.iter().filter_map(|track| told(format!("Track {}:", track.number), track.title));
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
            findings.push(Finding::new("D01", Error, measured).of("audio"));
        }
        if let Some(seconds) =
            sound.seconds.filter(|seconds| (seconds - f64::from(track.seconds)).abs() > LENGTH)
        {
            let measured = format!(
                "Track {}: {} s in the data, {seconds:.1} s in the master",
                track.number, track.seconds
            );
            findings.push(Finding::new("M04", Warning, measured).of("audio"));
        }
    }
    if let Some((first, rest)) = heard.split_first()
        && let Some((odd, sound)) = rest.iter().find(|(_, sound)| sound.kind != first.1.kind)
    {
        let measured =
            format!("Track {}: {}; track {}: {}", first.0.number, kind(first.1), odd.number, kind(sound));
        findings.push(Finding::new("L06", Warning, measured).of("audio"));
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
            findings.push(Finding::new("L07", Warning, measured).of("audio"));
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
    findings
}

#[cfg(test)]
mod tests {
    use super::{Elsewhere, RULES, ReleaseSubject, Sound, TrackSubject, check};
    use crate::music::release::rules::{ClosedWeeks, Rule, Rules, YearDay};
    use jiff::civil::{Date, Weekday, date};
    use std::collections::BTreeSet;

    const TODAY: Date = date(2026, 11, 22);

    fn rules() -> Rules {
        let closed = ClosedWeeks { from: YearDay { month: 12, day: 18 }, to: YearDay { month: 1, day: 1 } };
        Rules {
            weekday: Some(Rule { id: "friday", value: Weekday::Friday }),
            least_lead: Some(Rule { id: "lead", value: 7 }),
            pitch_floor: Some(Rule { id: "pitch", value: 7 }),
            pitch_advised: Some(Rule { id: "advised", value: 21 }),
            closed: Some(Rule { id: "closed", value: closed }),
            ..Rules::default()
        }
    }

    fn composers() -> Vec<String> {
        vec!["Mira Sund".to_owned()]
    }

    fn sound(sha256: &str) -> Sound {
        Sound {
            kind: (Some(44_100), Some(24), Some(2)),
            seconds: Some(180.2),
            loudness: Some(-12.0),
            sha256: sha256.to_owned(),
        }
    }

    fn elsewhere(has_other_title: bool) -> Elsewhere<'static> {
        Elsewhere { name: "“Night” on Low Tide", has_other_title, seconds: 120 }
    }

    /// The codes after a change of a release with nothing wrong.
    fn codes(change: impl FnOnce(&mut ReleaseSubject<'_>)) -> BTreeSet<&'static str> {
        let (rules, composers) = (rules(), composers());
        let track = |number, title, isrc, sha256| TrackSubject {
            number,
            title,
            isrc,
            seconds: 180,
            composers: &composers,
            has_master: true,
            sound: Some(sound(sha256)),
            elsewhere: None,
        };
        let mut subject = ReleaseSubject {
            title: "Night Drive",
            artist: "Mira",
            upc: "036000291452",
            p_line: "2026 Patchline",
            c_line: "2026 Patchline",
            genre: "synthwave",
            date: date(2027, 1, 8),
            is_out: false,
            has_cover: true,
            same_upc: None,
            recording_parts: Some(10_000),
            publishing_parts: Some(10_000),
            tracks: vec![track(1, "Night", "NOX002600001", "a"), track(2, "Drive", "NOX002600002", "b")],
            today: TODAY,
            rules: &rules,
        };
        change(&mut subject);
        check(&subject).iter().map(|finding| finding.rule.code).collect()
    }

    #[test]
    fn codes_are_in_order() {
        assert!(RULES.windows(2).all(|pair| pair[0].code < pair[1].code));
    }

    #[test]
    fn a_release_with_nothing_wrong_raises_nothing() {
        assert_eq!(codes(|_| ()), BTreeSet::new());
    }

    #[test]
    fn each_fault_raises_its_code_and_no_other() {
        type Change = fn(&mut ReleaseSubject<'_>);
        let faults: [(&'static str, Change); 21] = [
            ("D01", |release| release.tracks[1].sound = Some(sound("a"))),
            ("D03", |release| release.tracks[0].elsewhere = Some(elsewhere(false))),
            ("D04", |release| release.upc = "036000291453"),
            ("D04", |release| release.tracks[0].isrc = "NOX00260001"),
            ("D05", |release| release.same_upc = Some("Low Tide")),
            ("D05", |release| release.tracks[0].elsewhere = Some(elsewhere(true))),
            ("D05", |release| release.tracks[1].isrc = "NO-X00-26-00001"),
            ("D05", |release| release.tracks[1].isrc = "NOX002600001"),
            ("L02", |release| release.date = date(2026, 12, 4)),
            ("L03", |release| release.date = date(2027, 1, 9)),
            ("L04", |release| release.date = date(2026, 12, 18)),
            ("L06", |release| {
                release.tracks[1].sound =
                    Some(Sound { kind: (Some(48_000), Some(24), Some(2)), ..sound("b") });
            }),
            ("L07", |release| release.tracks[1].number = 3),
            ("L07", |release| release.tracks[1].sound = Some(Sound { loudness: Some(-18.5), ..sound("b") })),
            ("L09", |release| release.has_cover = false),
            ("L10", |release| release.tracks[0].has_master = false),
            ("M01", |release| release.p_line = ""),
            ("M02", |release| release.recording_parts = Some(9_999)),
            ("M02", |release| release.publishing_parts = Some(10_001)),
            ("M03", |release| release.tracks[0].title = "NIGHT"),
            ("M04", |release| release.tracks[0].seconds = 170),
        ];
        for (code, change) in faults {
            assert_eq!(codes(change), BTreeSet::from([code]), "{code}");
        }
        // What is too late to deliver is too late for the pitch, too: the next test.
        let raised: BTreeSet<&str> = faults.iter().map(|(code, _)| *code).chain(["L01"]).collect();
        let rules: BTreeSet<&str> = RULES.iter().map(|rule| rule.code).collect();
        assert_eq!(raised, rules, "every rule has its fault");
    }

    #[test]
    fn a_date_too_near_is_too_late_for_the_pitch_too() {
        assert_eq!(codes(|release| release.date = date(2026, 11, 27)), BTreeSet::from(["L01", "L02"]));
        let out = codes(|release| (release.date, release.is_out) = (date(2026, 11, 24), true));
        assert_eq!(out, BTreeSet::new(), "what is out is not late");
    }
}
