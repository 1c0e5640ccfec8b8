//! Contracts of the sample label: outlines in our own words, marked as samples, and what they say as terms.

use super::artists::SampleArtist;
use super::deals::{LICENCE_RATE, LICENSED, PRODUCED};
use super::splits::WITH_SHEET;
use super::{BucketRole, LABEL_NAME, SampleObject, days_before};
use crate::model::contract::{ContractTerms, Rate};
use jiff::ToSpan;
use jiff::civil::Date;

/// The place in the roster of whoever the distribution agreement names.
const DISTRIBUTED: usize = 9;
/// The place in the roster of whoever is managed.
const MANAGED: usize = 20;
/// The outlines: name of the file, the artist's place in the roster, the text.
const OUTLINES: [(&str, usize, &str); 5] = [
    ("split-sheet", WITH_SHEET, include_str!("contracts/split-sheet.md")),
    ("producer-agreement", PRODUCED, include_str!("contracts/producer-agreement.md")),
    (DISTRIBUTION, DISTRIBUTED, include_str!("contracts/distribution-agreement.md")),
    ("licence-agreement", LICENSED, include_str!("contracts/licence-agreement.md")),
    ("management-agreement", MANAGED, include_str!("contracts/management-agreement.md")),
];

/// The one whose term ends soon.
const DISTRIBUTION: &str = "distribution-agreement";
/// Its first term ends so many days after the label's day: notice can be given for 45 more.
const DISTRIBUTION_DAYS: i32 = 135;
/// Its days of notice.
const DISTRIBUTION_NOTICE: u32 = 90;
/// The days of notice of the management agreement.
const MANAGEMENT_NOTICE: u32 = 90;

/// The contracts, each with the artist's name, the writers' and the day of signing filled in.
pub(super) fn documents(roster: &[SampleArtist], today: Date) -> impl Iterator<Item = SampleObject> + '_ {
    OUTLINES.iter().filter_map(move |(name, place, text)| {
        let artist = roster.get(*place)?;
        let [first, second] = artist.profile.writers;
        let filled = text
            .replace("{artist}", artist.profile.name)
            .replace("{first writer}", first)
            .replace("{second writer}", second)
            .replace("{date}", &signed_on(name, artist, today).to_string());
        Some(SampleObject::new(
            BucketRole::Contracts,
            key(artist, name),
            "text/markdown; charset=utf-8",
            filled.into_bytes(),
            &[("artist-id", artist.artist_id.as_str()), ("contract-type", name)],
        ))
    })
}

/// What they say, each with the key of its file.
pub(super) fn terms(roster: &[SampleArtist], today: Date) -> Vec<(String, ContractTerms)> {
    let told = OUTLINES.iter().filter_map(|(name, place, _)| {
        let artist = roster.get(*place)?;
        Some((key(artist, name), terms_of(name, artist, signed_on(name, artist, today))))
    });
    told.collect()
}

fn key(artist: &SampleArtist, name: &str) -> String {
    format!("{}/{name}.md", artist.artist_id)
}

/// The day of the contract: that on which the artist signed, but for the one whose term ends soon.
fn signed_on(name: &str, artist: &SampleArtist, today: Date) -> Date {
    if name == DISTRIBUTION {
        days_before(today, -DISTRIBUTION_DAYS - 1).saturating_sub(3.years())
    } else {
        artist.signed_on
    }
}

fn terms_of(name: &str, artist: &SampleArtist, signed_on: Date) -> ContractTerms {
    let artist_name = artist.profile.name;
    let [first, second] = artist.profile.writers;
    let terms = ContractTerms {
        territory: "world".to_owned(),
        signed_on: Some(signed_on),
        starts_on: Some(signed_on),
        ..ContractTerms::default()
    };
    match name {
        DISTRIBUTION => ContractTerms {
            kind: "distribution".to_owned(),
            parties: texts(&[LABEL_NAME, "Tramline Distribution (sample)"]),
            territory: "world except Japan".to_owned(),
            ends_on: Some(days_before(signed_on.saturating_add(3.years()), 1)),
            notice_days: Some(DISTRIBUTION_NOTICE),
            rates: rates(&[("Tramline Distribution (sample), of receipts", 1_800)]),
            options: texts(&["Goes on from year to year where nobody gives notice"]),
            ..terms
        },
        "producer-agreement" => ContractTerms {
            kind: "producer".to_owned(),
            parties: texts(&[LABEL_NAME, "Copperline Audio (sample)"]),
            rates: rates(&[("Copperline Audio (sample), of the label's net receipts", 300)]),
            ..terms
        },
        "licence-agreement" => ContractTerms {
            kind: "licence".to_owned(),
            parties: texts(&[artist_name, LABEL_NAME]),
            rates: rates(&[
                ("The owner, of receipts after agreed costs", LICENCE_RATE),
                ("The label, of receipts after agreed costs", 10_000 - LICENCE_RATE),
            ]),
            options: texts(&["A second album on the same terms, until six months after the first comes out"]),
            ..terms
        },
        "management-agreement" => ContractTerms {
            kind: "management".to_owned(),
            parties: texts(&[artist_name, "Meridian Lane Management (sample)"]),
            notice_days: Some(MANAGEMENT_NOTICE),
            rates: rates(&[
                ("The manager, of gross income from music", 1_500),
                ("The manager, in the first year after the end", 1_000),
                ("The manager, in the second year after the end", 500),
            ]),
            ..terms
        },
        _ => ContractTerms {
            kind: "split sheet".to_owned(),
            parties: texts(&[first, second]),
            territory: "all territories".to_owned(),
            rates: rates(&[
                (format!("{first}, of the work").as_str(), 6_000),
                (format!("{second}, of the work").as_str(), 4_000),
                (format!("{LABEL_NAME}, of the recording").as_str(), 10_000),
            ]),
            ..terms
        },
    }
}

fn texts(of: &[&str]) -> Vec<String> {
    of.iter().map(|text| (*text).to_owned()).collect()
}

/// Of what, and hundredths of a percent.
fn rates(of: &[(&str, i64)]) -> Vec<Rate> {
    let rate = |(what, points): &(&str, i64)| Rate {
        what: (*what).to_owned(),
        basis_points: u32::try_from(*points).unwrap_or_default(),
    };
    of.iter().map(rate).collect()
}
