//! The sample label "Northlight Records": invented artists, releases, figures and files to try Patchline with.
//!
//! Pure: everything follows from a seed and a day, to the last byte and on every machine. What the
//! figures contain on purpose is listed by [`SampleLabel::plants`] and described in `docs/sample-label.md`.

mod analytics;
mod artists;
mod artwork;
mod audio;
mod contracts;
mod deals;
mod genre;
mod knowledge;
mod ledger;
mod names;
mod portable;
mod producers;
mod random;
mod releases;
mod roster;
mod splits;

pub use analytics::{Plant, PlantKind};
pub use ledger::{Account, Entry, LABEL_CURRENCY, Ledger, Line, Participant, Payment, Split, Statement};

use crate::model::analytics::{DailyAnalytics, Platform};
use crate::model::artist::Artist;
use crate::model::contract::ContractTerms;
use crate::model::identifier::{ArtistId, ReleaseId};
use crate::model::release::Release;
use crate::model::splits::ReleaseSplits;
use analytics::Figures;
use jiff::ToSpan;
use jiff::civil::Date;
use std::collections::BTreeMap;

/// The name of the sample label.
pub const LABEL_NAME: &str = "Northlight Records (sample)";
/// The seed that an installation uses unless it is told another.
pub const DEFAULT_SEED: u64 = 2026;
/// The services that the sample label has figures of.
pub const PLATFORMS: [Platform; 4] =
    [Platform::Spotify, Platform::AppleMusic, Platform::YoutubeMusic, Platform::AmazonMusic];
/// Days of figures, the last of them yesterday.
pub const HISTORY_DAYS: i32 = 400;
/// Days of figures of the artist who has just signed.
const NEWCOMER_DAYS: i32 = 21;

/// The sample label as of a day.
pub struct SampleLabel {
    seed: u64,
    today: Date,
    roster: Vec<artists::SampleArtist>,
    artists: Vec<Artist>,
    releases: Vec<Release>,
    figures: Vec<Figures>,
    plants: Vec<Plant>,
}

/// A file of the sample label for one of the buckets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SampleObject {
    /// Which bucket it belongs to.
    pub bucket_role: BucketRole,
    /// The key in the bucket.
    pub key: String,
    /// The media type.
    pub content_type: &'static str,
    /// The content.
    pub bytes: Vec<u8>,
    /// User metadata, ASCII only as S3 requires; `sample` is always `true`.
    pub metadata: BTreeMap<String, String>,
}

/// What a bucket is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum BucketRole {
    /// Masters.
    Audio,
    /// Covers.
    Artwork,
    /// Contracts.
    Contracts,
    /// Documents of the knowledge base.
    Knowledge,
}

/// The ids of the label's artists in the order of [`SampleLabel::artists`], whatever day it is.
pub fn artist_ids(seed: u64) -> Vec<ArtistId> {
    let any_day = jiff::civil::date(2026, 1, 1);
    artists::generate(seed, any_day).into_iter().map(|artist| artist.artist_id).collect()
}

impl SampleLabel {
    /// The label as it stands on `today`; its figures end the day before.
    pub fn generate(seed: u64, today: Date) -> Self {
        let roster = artists::generate(seed, today);
        let mut releases = releases::generate(seed, today, &roster);
        audio::attach(&mut releases, &roster);
        let plants = analytics::plants(seed, today, &roster, &releases);
        let figures = analytics::plan(seed, today, &roster, &releases);
        let artists =
            roster.iter().map(|artist| artist.record(analytics::events(today, artist, &releases))).collect();
        Self { seed, today, roster, artists, releases, figures, plants }
    }

    /// The artists.
    pub fn artists(&self) -> &[Artist] {
        &self.artists
    }

    /// The releases with their tracks, oldest first.
    pub fn releases(&self) -> &[Release] {
        &self.releases
    }

    /// The daily figures, made one by one: artist after artist, each in order of day and platform.
    pub fn analytics(&self) -> impl Iterator<Item = DailyAnalytics> + '_ {
        self.figures.iter().flat_map(|figures| figures.rows(self.seed))
    }

    /// The royalty ledger. Goes through all figures.
    pub fn ledger(&self) -> Ledger {
        ledger::generate(self.seed, self.today, &self.roster, &self.releases, self.analytics())
    }

    /// What the contracts say, each with the key of its file in the bucket for contracts.
    pub fn contract_terms(&self) -> Vec<(String, ContractTerms)> {
        contracts::terms(&self.roster, self.today)
    }

    /// Who shares in what each release earns, in the order of [`SampleLabel::releases`].
    pub fn splits(&self) -> Vec<(ReleaseId, ReleaseSplits)> {
        splits::generate(self.seed, &self.roster, &self.releases)
    }

    /// What the figures contain on purpose.
    pub fn plants(&self) -> &[Plant] {
        &self.plants
    }

    /// The files, made one by one: covers, masters, contracts, knowledge.
    pub fn objects(&self) -> impl Iterator<Item = SampleObject> + '_ {
        let covers = self.releases.iter().filter_map(|release| artwork::cover(self.seed, release));
        let masters = audio::masters(&self.artists, &self.releases);
        covers
            .chain(masters)
            .chain(contracts::documents(&self.roster, self.today))
            .chain(knowledge::documents())
    }
}

impl SampleObject {
    /// A file with the metadata `sample` and, beside it, these.
    fn new(
        bucket_role: BucketRole,
        key: String,
        content_type: &'static str,
        bytes: Vec<u8>,
        metadata: &[(&str, &str)],
    ) -> Self {
        let metadata = metadata.iter().chain(&[("sample", "true")]);
        let metadata = metadata.map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        Self { bucket_role, key, content_type, bytes, metadata }
    }
}

/// The day this many days before `date`, or after it when negative.
fn days_before(date: Date, days: i32) -> Date {
    date.saturating_sub(days.days())
}
