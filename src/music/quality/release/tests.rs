//! For each rule a clean release that was damaged so: that rule fires, and no other.

use super::{
    Compared, Contract, Declared, Elsewhere, Planned, RULES, ReleaseSubject, Sound, TrackSubject, Unlike,
    check,
};
use crate::music::quality::{RULES as OF_RECORDINGS, artwork};
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
        clash: Some(Rule { id: "clash", value: 7 }),
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

/// All that is asked about words and rights, answered.
fn declared(lyricists: &[String]) -> Declared<'_> {
    Declared {
        iswc: Some("T0345246801"),
        language: Some("no"),
        lyricists,
        is_ai_answered: true,
        ..Declared::default()
    }
}

/// A contract that allows what the release does.
fn contract() -> Contract {
    Contract {
        signed_on: Some(date(2024, 3, 1)),
        starts_on: Some(date(2024, 3, 1)),
        ends_on: Some(date(2027, 2, 28)),
        territory: "world except Japan".parse().ok(),
    }
}

/// The contract of the release, to be damaged.
fn of<'c>(release: &'c mut ReleaseSubject<'_>) -> &'c mut Contract {
    release.contract.get_or_insert_default()
}

fn elsewhere(has_other_title: bool) -> Elsewhere<'static> {
    Elsewhere { name: "“Night” on Low Tide", has_other_title, seconds: 120 }
}

/// The codes after a change of a release with nothing wrong.
fn codes(change: impl FnOnce(&mut ReleaseSubject<'_>)) -> BTreeSet<&'static str> {
    codes_with(&[], change)
}

/// The same, where the first master was compared with others.
fn codes_with(compared: &[Compared], change: impl FnOnce(&mut ReleaseSubject<'_>)) -> BTreeSet<&'static str> {
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
        unlike: None,
        compared: &[],
        declared: declared(&composers),
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
        grid: Some("A12425GABC1234002M"),
        same_grid: None,
        isni: Some("0000000121032683"),
        ipi: None,
        same_isni: None,
        original_date: Some(date(2019, 3, 1)),
        territory: "NO, SE".parse().ok(),
        contract: Some(contract()),
        roster: vec![
            Planned { title: "Low Tide", genre: "synthwave", date: date(2027, 1, 20) },
            Planned { title: "Frost", genre: "folk", date: date(2027, 1, 8) },
        ],
        recording_parts: Some(10_000),
        publishing_parts: Some(10_000),
        tracks: vec![track(1, "Night", "NOX002600001", "a"), track(2, "Drive", "NOX002600002", "b")],
        today: TODAY,
        rules: &rules,
    };
    subject.tracks[0].compared = compared;
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
    let faults: [(&'static str, Change); 43] = [
        ("D01", |release| release.tracks[1].sound = Some(sound("a"))),
        ("D03", |release| release.tracks[0].elsewhere = Some(elsewhere(false))),
        ("D04", |release| release.upc = "036000291453"),
        ("D04", |release| release.tracks[0].isrc = "NOX00260001"),
        ("D05", |release| release.same_upc = Some("Low Tide")),
        ("D05", |release| release.tracks[0].elsewhere = Some(elsewhere(true))),
        ("D05", |release| release.tracks[1].isrc = "NO-X00-26-00001"),
        ("D05", |release| release.tracks[1].isrc = "NOX002600001"),
        ("D04", |release| release.grid = Some("A12425GABC1234002N")),
        ("D04", |release| release.isni = Some("0000000121032684")),
        ("D04", |release| release.tracks[0].declared.iswc = Some("T0345246802")),
        ("D05", |release| release.same_grid = Some("Low Tide")),
        ("D05", |release| release.same_isni = Some("Nori")),
        ("L02", |release| release.date = date(2026, 12, 4)),
        ("L03", |release| release.date = date(2027, 1, 9)),
        ("L04", |release| release.date = date(2026, 12, 18)),
        ("L05", |release| release.roster[0].date = date(2027, 1, 15)),
        ("L05", |release| release.roster[1].genre = "synthwave"),
        ("L06", |release| {
            release.tracks[1].sound = Some(Sound { kind: (Some(48_000), Some(24), Some(2)), ..sound("b") });
        }),
        ("L07", |release| release.tracks[1].number = 3),
        ("L07", |release| release.tracks[1].sound = Some(Sound { loudness: Some(-18.5), ..sound("b") })),
        ("L08", |release| of(release).signed_on = None),
        ("L08", |release| of(release).signed_on = Some(date(2040, 1, 1))),
        ("L08", |release| release.contract = Some(Contract::default())),
        ("L08", |release| of(release).ends_on = Some(date(2026, 11, 21))),
        ("L09", |release| release.has_cover = false),
        ("L10", |release| release.tracks[0].has_master = false),
        ("M01", |release| release.p_line = ""),
        ("M01", |release| release.tracks[0].declared.language = None),
        ("M01", |release| release.tracks[0].declared.language = Some("jp")),
        ("M02", |release| release.recording_parts = Some(9_999)),
        ("M02", |release| release.publishing_parts = Some(10_001)),
        ("M03", |release| release.tracks[0].title = "NIGHT"),
        ("M04", |release| release.tracks[0].seconds = 170),
        ("M05", |release| release.original_date = Some(date(2027, 1, 9))),
        ("M05", |release| {
            let fields = vec!["the composers"];
            release.tracks[0].unlike = Some(Unlike { name: "“Night” on Low Tide", fields });
        }),
        ("M06", |release| release.tracks[0].declared.is_cover_version = true),
        ("M06", |release| release.tracks[0].declared.uncleared = vec!["“Dawn” by Nori"]),
        ("M07", |release| release.tracks[0].declared.lyricists = &[]),
        ("M08", |release| release.tracks[0].declared.is_ai_answered = false),
        ("M09", |release| release.territory = "world".parse().ok()),
        ("M09", |release| of(release).starts_on = Some(date(2027, 1, 9))),
        ("M09", |release| of(release).ends_on = Some(date(2027, 1, 7))),
    ];
    for (code, change) in faults {
        assert_eq!(codes(change), BTreeSet::from([code]), "{code}");
    }
    // What is too late to deliver is too late for the pitch, too, and how a master sounds beside others takes more
    // than a line: the next tests.
    let raised: BTreeSet<&str> = faults.iter().map(|(code, _)| *code).chain(["D02", "L01"]).collect();
    let rules: BTreeSet<&str> = RULES.iter().map(|rule| rule.code).collect();
    assert_eq!(raised, rules, "every rule has its fault");
}

#[test]
fn a_date_too_near_is_too_late_for_the_pitch_too() {
    assert_eq!(codes(|release| release.date = date(2026, 11, 27)), BTreeSet::from(["L01", "L02"]));
    let out = codes(|release| (release.date, release.is_out) = (date(2026, 11, 24), true));
    assert_eq!(out, BTreeSet::new(), "what is out is not late");
}

#[test]
fn a_master_that_sounds_like_another_or_unlike_itself_raises_its_code() {
    let name = || "“Night” on Low Tide".to_owned();
    for (compared, code) in [
        (Compared::SameFile(name()), "D01"),
        (Compared::SoundsAlike { name: name(), percent: 96 }, "D02"),
        (Compared::SoundsUnlike { name: name(), percent: 61 }, "D02"),
    ] {
        let compared = [compared];
        let found = codes_with(&compared, |_| ());
        assert_eq!(found, BTreeSet::from([code]), "{compared:?}");
    }
}

#[test]
fn what_is_instrumental_needs_no_lyrics_and_what_is_cleared_no_more() {
    let instrumental = codes(|release| {
        let track = &mut release.tracks[0].declared;
        (track.language, track.lyricists) = (Some("instrumental"), &[]);
        (track.is_cover_version, track.mechanical_licence) = (true, Some("TONO 4711"));
    });
    assert_eq!(instrumental, BTreeSet::new());
    let old = codes(|release| {
        (release.date, release.is_out) = (date(2026, 11, 20), true);
        of(release).ends_on = Some(date(2026, 11, 21));
    });
    assert_eq!(old, BTreeSet::new(), "what came out within the term of a contract may have");
    assert_eq!(
        codes(|release| release.contract = None),
        BTreeSet::new(),
        "an unknown contract is told in the notes"
    );
}

#[test]
fn every_code_of_the_checklist_has_a_rule() {
    let codes =
        |letter: &str, most: u32| (1..=most).map(|number| format!("{letter}{number:02}")).collect::<Vec<_>>();
    let checklist = [("A", 10), ("S", 15), ("D", 5), ("M", 9), ("R", 8), ("L", 8)];
    let known: BTreeSet<&str> =
        OF_RECORDINGS.iter().chain(artwork::RULES).chain(RULES).map(|rule| rule.code).collect();
    for code in checklist.into_iter().flat_map(|(letter, most)| codes(letter, most)) {
        assert!(known.contains(code.as_str()), "{code} has no rule");
    }
}
