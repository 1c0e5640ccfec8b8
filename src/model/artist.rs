//! Artists: who they are, what a list shows of them, and what their own page shows.

use super::analysis::Band;
use super::analytics::{DayTotal, Freshness, Platform, Share};
use super::engagement::{EngagementRate, EngagementRow};
use super::identifier::{ArtistId, ReleaseId};
use super::release::ReleaseRow;
use super::track_streams::TrackStreams;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// An artist as stored.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Artist {
    /// The id: the only safe way to refer to an artist.
    pub artist_id: ArtistId,
    /// The name as the artist writes it. Not unique.
    pub name: String,
    /// What tells artists of the same name apart, for instance `"folk singer, Oslo"`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub disambiguation: Option<String>,
    /// The main genre, in lower case.
    pub genre: String,
    /// The home country, ISO 3166-1 alpha-2.
    pub country: String,
    /// The day the artist signed.
    pub signed_on: Date,
    /// Some sentences about the artist.
    pub biography: String,
    /// ISNI, 16 characters without blanks; none where it is not known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub isni: Option<String>,
    /// IPI name number, 11 digits: the name under which societies know the artist as a writer; none where it is not
    /// known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ipi: Option<String>,
    /// Key of the portrait in the artwork bucket.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub portrait: Option<String>,
    /// What happened and may explain a change in the figures, oldest first.
    #[serde(default)]
    pub events: Vec<ArtistEvent>,
    /// True for generated sample data.
    #[serde(default)]
    pub sample: bool,
    /// Counts the changes of this record; an update names the version it was made from.
    pub version: u32,
}

/// Something that happened to an artist on a day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ArtistEvent {
    /// The day.
    pub date: Date,
    /// What kind of thing.
    pub kind: EventKind,
    /// One line, for instance `"Added to the playlist Night Drive (412,000 followers)"`.
    pub title: String,
}

/// The kinds of events that may move an artist's figures.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum EventKind {
    /// A release came out.
    Release,
    /// A playlist added a track.
    Playlist,
    /// The press wrote.
    Press,
    /// A tour or a show.
    Tour,
    /// Use in a film, a series or an advertisement.
    Sync,
}

/// One line of the list of artists.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ArtistRow {
    /// The id.
    pub artist_id: ArtistId,
    /// The name.
    pub name: String,
    /// What tells artists of the same name apart.
    pub disambiguation: Option<String>,
    /// The main genre.
    pub genre: String,
    /// The home country, ISO 3166-1 alpha-2.
    pub country: String,
    /// Streams of the last 28 days that have data, all platforms.
    pub streams28: u64,
    /// Relative change against the 28 days before (0.1 = +10 %); none without a full window before.
    pub change28: Option<f64>,
    /// Streams of each of the last 28 days, oldest first; none where the day is missing.
    pub sparkline: Vec<Option<u64>>,
    /// Number of releases.
    pub release_count: u32,
    /// How the artist stands among the others; none outside the list of artists.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub standing: Option<Standing>,
}

impl ArtistRow {
    /// Streams of the last 28 days; none where no day of them is known, which is not nought.
    pub fn known_streams28(&self) -> Option<u64> {
        self.sparkline.iter().any(Option::is_some).then_some(self.streams28)
    }
}

/// How an artist stands among the label's artists.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Standing {
    /// Growth in robust deviations of the peers' growth; none where that is not known.
    pub momentum: Option<f64>,
    /// The same as a word.
    pub band: Band,
    /// How many peers it is measured against.
    pub peers: u32,
    /// The size, by streams on a usual day; none without figures.
    pub stage: Option<String>,
    /// The newest day with figures of any platform; none without any.
    pub as_of: Option<Date>,
}

/// What the artist's page shows.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ArtistDetail {
    /// The artist.
    pub artist: Artist,
    /// Other artists with the same name.
    pub namesakes: Vec<ArtistRow>,
    /// Streams of the last 28 days that have data.
    pub streams28: u64,
    /// Relative change against the 28 days before.
    pub change28: Option<f64>,
    /// Saves of the last 28 days; none where not every row of them says any.
    pub saves28: Option<u64>,
    /// Followers on all streaming services at the end of the newest day; none where none says them.
    pub followers: Option<u64>,
    /// Followers on social networks, as each told them last; empty where none says them.
    #[serde(default)]
    pub social_followers: Vec<NetworkFollowers>,
    /// One entry for each calendar day from the first to the newest, at most 400, oldest first.
    pub days: Vec<DayTotal>,
    /// Streams of the last 28 days by platform, biggest first.
    pub platforms: Vec<Share>,
    /// Streams of the last 28 days by territory, biggest first.
    pub territories: Vec<Share>,
    /// The artist's releases, newest first.
    pub releases: Vec<ReleaseRow>,
    /// Their recordings, in the same order.
    pub tracks: Vec<ArtistTrack>,
    /// Streams by recording, as far as sources tell recordings apart.
    pub track_streams: TrackStreams,
    /// What platforms count beside listening, in the last 28 days with data; empty where nobody tells any of it.
    pub engagement: Vec<EngagementRow>,
    /// The engagement rate on each platform that tells enough for it.
    #[serde(default)]
    pub engagement_rates: Vec<EngagementRate>,
    /// Where the figures come from.
    pub freshness: Freshness,
}

impl ArtistDetail {
    /// How many of the newest 28 days are known, of which the sums are.
    pub fn known_days28(&self) -> usize {
        self.days.iter().rev().take(28).filter(|day| day.streams.is_some()).count()
    }
}

/// The followers of an artist on a social network.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct NetworkFollowers {
    /// The network.
    pub platform: Platform,
    /// How many.
    pub followers: u64,
    /// The day of which it told them.
    pub as_of: Date,
}

/// A recording of an artist, as the page of the artist shows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ArtistTrack {
    /// The title.
    pub title: String,
    /// ISRC, 12 characters without hyphens.
    pub isrc: String,
    /// Length in seconds.
    pub duration_seconds: u32,
    /// The release that it is on.
    pub release_id: ReleaseId,
    /// The title of the release.
    pub release_title: String,
    /// Whether its master is delivered.
    pub is_delivered: bool,
    /// The name of its master in addresses; none while it is not delivered.
    pub recording: Option<String>,
}

/// By what the list of artists is ordered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum ArtistSort {
    /// Name, A to Z.
    #[default]
    Name,
    /// Streams of the last 28 days.
    Streams,
    /// Relative change.
    Change,
    /// Momentum among the label's artists.
    Momentum,
    /// Genre, then name.
    Genre,
}
