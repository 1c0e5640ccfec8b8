//! The releases of the sample label and their tracks.

use super::artists::SampleArtist;
use super::names::Titles;
use super::random::Random;
use super::roster::Role;
use super::{NEWCOMER_DAYS, days_before};
use crate::model::identifier::{ReleaseId, TrackId};
use crate::model::release::{AiUse, Release, ReleaseKind, ReleaseStatus, Track};
use crate::music::identifier::{Gtin, Isrc};
use jiff::civil::{Date, Weekday};

/// Prefix of all sample ISRCs. No country is called `XX`, and none will be: ISO 3166 leaves `XA` to `XZ` to users.
pub(super) const ISRC_PREFIX: &str = "XX0NL";
/// First digits of all sample UPCs: GS1 keeps numbers that begin with 2 for use inside a shop.
const UPC_PREFIX: u64 = 200;

/// How many releases of each kind.
const KINDS: [(ReleaseKind, usize); 3] =
    [(ReleaseKind::Single, 32), (ReleaseKind::Ep, 18), (ReleaseKind::Album, 10)];
/// Upcoming releases further away than this are drafts.
const SCHEDULED_DAYS: i32 = 70;

/// All releases, oldest first.
pub(super) fn generate(seed: u64, today: Date, artists: &[SampleArtist]) -> Vec<Release> {
    let mut random = Random::new(seed, "releases");
    let mut planned = plan(today, artists, &mut random);
    planned.sort_by_key(|slot| (slot.date, slot.artist));
    let mut kinds: Vec<ReleaseKind> =
        KINDS.iter().flat_map(|(kind, count)| std::iter::repeat_n(*kind, *count)).collect();
    random.shuffle(&mut kinds);
    let mut press = Press { random, titles: Titles::new(seed), releases: 0, tracks: 0 };
    let pressed = planned.into_iter().zip(kinds);
    pressed.map(|(slot, kind)| press.release(&slot, kind, &artists[slot.artist])).collect()
}

/// A release before it has a title: whose it is, and when it comes out.
struct Slot {
    /// The artist's place in the roster.
    artist: usize,
    date: Date,
    status: ReleaseStatus,
}

/// Two releases for each artist and a third, upcoming one for every other artist: 60.
///
/// One lies before the period of the figures, one inside it. Where an artist's figures show something
/// else (a trend, a spike), the second one lies early, so that it has faded by then.
fn plan(today: Date, artists: &[SampleArtist], random: &mut Random) -> Vec<Slot> {
    let mut slots = Vec::new();
    for (artist, SampleArtist { profile, .. }) in artists.iter().enumerate() {
        let mut days_ahead = match profile.role {
            Role::Newcomer => vec![-NEWCOMER_DAYS, days(random, 14, SCHEDULED_DAYS)],
            Role::Ordinary | Role::Gap => vec![days(random, -1090, -430), days(random, -380, -16)],
            _ => vec![days(random, -1090, -430), days(random, -390, -250)],
        };
        if artist % 2 == 1 {
            days_ahead.push(days(random, 8, 118));
        }
        for ahead in days_ahead {
            let date = match profile.role {
                Role::Newcomer if ahead < 0 => days_before(today, -ahead),
                _ => release_day(days_before(today, -ahead), random),
            };
            slots.push(Slot { artist, date, status: status(date, today) });
        }
    }
    withdraw_one(&mut slots, artists);
    slots
}

/// A number of days evenly from `low` to `high`.
fn days(random: &mut Random, low: i32, high: i32) -> i32 {
    low + i32::try_from(random.below(high.abs_diff(low) + 1)).unwrap_or_default()
}

/// The Friday of the week, the world's release day; one release in ten comes on the Wednesday before.
fn release_day(near: Date, random: &mut Random) -> Date {
    let since_friday = i32::from(near.weekday().since(Weekday::Friday));
    let friday = days_before(near, since_friday);
    if random.below(10) == 0 { days_before(friday, 2) } else { friday }
}

fn status(date: Date, today: Date) -> ReleaseStatus {
    if date <= today {
        ReleaseStatus::Released
    } else if date <= days_before(today, -SCHEDULED_DAYS) {
        ReleaseStatus::Scheduled
    } else {
        ReleaseStatus::Draft
    }
}

/// The oldest release of the artist with the gap in the figures was taken down.
fn withdraw_one(slots: &mut [Slot], artists: &[SampleArtist]) {
    let of_artist = slots.iter_mut().filter(|slot| artists[slot.artist].profile.role == Role::Gap);
    if let Some(slot) = of_artist.min_by_key(|slot| slot.date) {
        slot.status = ReleaseStatus::Withdrawn;
    }
}

/// Makes releases one after another and numbers them through.
struct Press {
    random: Random,
    titles: Titles,
    releases: u64,
    tracks: u32,
}

impl Press {
    fn release(&mut self, slot: &Slot, kind: ReleaseKind, artist: &SampleArtist) -> Release {
        self.releases += 1;
        let count = match kind {
            ReleaseKind::Single => [1, 1, 1, 2, 2, 3][self.random.below(6) as usize],
            ReleaseKind::Ep => 4 + self.random.below(3),
            ReleaseKind::Album => 8 + self.random.below(3),
        };
        let tracks: Vec<Track> = (1..=count).map(|number| self.track(number, slot.date, artist)).collect();
        let title = match (kind, tracks.first()) {
            (ReleaseKind::Single, Some(track)) => track.title.clone(),
            _ => self.titles.next(artist.profile.language),
        };
        let release_id = release_id(&mut self.random);
        Release {
            grid: None,
            original_release_date: None,
            territory: Some("world".to_owned()),
            contract: None,
            artwork: Some(format!("covers/{release_id}.png")),
            release_id,
            artist_id: artist.artist_id.clone(),
            title,
            kind,
            status: slot.status,
            release_date: slot.date,
            genre: artist.profile.genre.label().to_owned(),
            upc: upc(self.releases).to_string(),
            p_line: format!("{} Northlight Records (sample)", slot.date.year()),
            c_line: format!("{} Northlight Records (sample)", slot.date.year()),
            tracks,
            sample: true,
            version: 1,
            updated_by: None,
            updated_at: None,
        }
    }

    fn track(&mut self, number: u32, date: Date, artist: &SampleArtist) -> Track {
        self.tracks += 1;
        let writers = artist.profile.writers;
        let alone = self.random.below(3) == 0;
        let writers: Vec<String> =
            writers.iter().take(if alone { 1 } else { 2 }).map(|name| (*name).to_owned()).collect();
        Track {
            track_id: track_id(&mut self.random),
            number,
            title: self.titles.next(artist.profile.language),
            isrc: isrc(date, self.tracks).to_string(),
            duration_seconds: 128 + self.random.below(240),
            explicit: artist.profile.genre == super::genre::Genre::HipHop && self.random.below(2) == 0,
            composers: writers.clone(),
            version_title: None,
            language: Some(artist.profile.language.code().to_owned()),
            lyricists: writers.into_iter().take(1).collect(),
            contributors: Vec::new(),
            iswc: None,
            cover_version: false,
            mechanical_licence: None,
            samples: Vec::new(),
            ai_use: Some(AiUse::default()),
            audio: None,
        }
    }
}

#[expect(clippy::expect_used, reason = "letters, digits and '_' are always an id")]
fn release_id(random: &mut Random) -> ReleaseId {
    random.id("rel").parse().expect("a generated id is an id")
}

#[expect(clippy::expect_used, reason = "letters, digits and '_' are always an id")]
fn track_id(random: &mut Random) -> TrackId {
    random.id("trk").parse().expect("a generated id is an id")
}

/// The UPC of the nth release: the prefix, eight digits and the check digit.
#[expect(clippy::expect_used, reason = "eleven digits are always the body of a UPC")]
fn upc(release: u64) -> Gtin {
    Gtin::from_body(&format!("{UPC_PREFIX}{:08}", release * 101)).expect("eleven digits are a body")
}

/// The ISRC of the nth track of the label, with the year in which it came out.
#[expect(clippy::expect_used, reason = "the prefix is well formed and the rest are digits")]
fn isrc(date: Date, track: u32) -> Isrc {
    let year = date.year().rem_euclid(100);
    format!("{ISRC_PREFIX}{year:02}{track:05}").parse().expect("prefix and seven digits are an ISRC")
}
