//! Releases and their tracks.

use super::contributor::Contributor;
use super::identifier::{ArtistId, ReleaseId, TrackId};
use super::track_streams::TrackStreams;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use std::fmt;

/// A release as stored, with its tracks.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Release {
    /// The id.
    pub release_id: ReleaseId,
    /// The main artist.
    pub artist_id: ArtistId,
    /// The title.
    pub title: String,
    /// Single, EP or album.
    pub kind: ReleaseKind,
    /// Where it stands.
    pub status: ReleaseStatus,
    /// The day it comes out, 00:01 local time.
    pub release_date: Date,
    /// The main genre, in lower case.
    pub genre: String,
    /// UPC-A (12 digits) or EAN-13.
    pub upc: String,
    /// The ℗ line, without the sign: year and owner.
    pub p_line: String,
    /// The © line, without the sign: year and owner.
    pub c_line: String,
    /// `GRid`, 18 characters without hyphens; none where it has none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub grid: Option<String>,
    /// The day on which it first came out anywhere; none where that is the release date.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub original_release_date: Option<Date>,
    /// Where it may come out: `world`, `world except Japan`, `NO, SE`; none where nobody says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub territory: Option<String>,
    /// Key of the contract that it comes out under, in the bucket for contracts; none where nobody names one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub contract: Option<String>,
    /// Key of the cover in the artwork bucket.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub artwork: Option<String>,
    /// The tracks in order.
    pub tracks: Vec<Track>,
    /// True for generated sample data.
    #[serde(default)]
    pub sample: bool,
    /// Counts the changes of this record; an update names the version it was made from.
    pub version: u32,
    /// Who changed it last; none while it is as it was made.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub updated_by: Option<String>,
    /// When it was changed last, RFC 3339 in UTC.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub updated_at: Option<String>,
}

/// A track of a release.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Track {
    /// The id within the label.
    pub track_id: TrackId,
    /// The position, from 1.
    pub number: u32,
    /// The title.
    pub title: String,
    /// ISRC, 12 characters without hyphens.
    pub isrc: String,
    /// Length in seconds.
    pub duration_seconds: u32,
    /// Whether it carries the explicit mark.
    pub explicit: bool,
    /// Composers by legal name.
    pub composers: Vec<String>,
    /// Which version it is, as stands behind its title: `Live`, `Radio Edit`; none for the usual one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version_title: Option<String>,
    /// The language of the vocals by its code in ISO 639, or `instrumental`; none where nobody says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub language: Option<String>,
    /// Who wrote the lyrics, by legal name.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub lyricists: Vec<String>,
    /// Who else made the recording.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub contributors: Vec<Contributor>,
    /// ISWC of the work, 11 characters without separators.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub iswc: Option<String>,
    /// Whether it is a new recording of somebody else's song.
    #[serde(default)]
    pub cover_version: bool,
    /// Who licensed the song to a cover version, and under which number; none where nobody did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mechanical_licence: Option<String>,
    /// Parts of other recordings in it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub samples: Vec<UsedSample>,
    /// What was made by artificial intelligence; none where nobody has answered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ai_use: Option<AiUse>,
    /// Key of the master in the audio bucket; none while it is not delivered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub audio: Option<String>,
}

/// A part of another recording in a track.
#[cfg_attr(feature = "ssr", derive(schemars::JsonSchema))]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "ssr", schemars(inline, deny_unknown_fields))]
pub struct UsedSample {
    /// The recording: title and artist.
    #[cfg_attr(feature = "ssr", schemars(title = "Recording", length(min = 1, max = 200)))]
    pub recording: String,
    /// Who cleared it, and under which number; none where it is not cleared.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "ssr", schemars(title = "Cleared by", length(min = 1, max = 200)))]
    pub cleared_by: Option<String>,
}

/// What of a recording was made by artificial intelligence, as DDEX asks.
#[cfg_attr(feature = "ssr", derive(schemars::JsonSchema))]
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "ssr", schemars(inline, deny_unknown_fields))]
pub struct AiUse {
    /// The vocals.
    #[cfg_attr(feature = "ssr", schemars(title = "Vocals"))]
    pub vocals: bool,
    /// The instruments.
    #[cfg_attr(feature = "ssr", schemars(title = "Instruments"))]
    pub instrumentation: bool,
    /// Mixing and mastering.
    #[cfg_attr(feature = "ssr", schemars(title = "Mixing and mastering"))]
    pub post: bool,
}

/// What sort of product a release is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "ssr", derive(schemars::JsonSchema))]
pub enum ReleaseKind {
    /// One to three tracks.
    Single,
    /// Four to six tracks.
    Ep,
    /// Seven tracks or more.
    Album,
}

impl fmt::Display for ReleaseKind {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            ReleaseKind::Single => "Single",
            ReleaseKind::Ep => "EP",
            ReleaseKind::Album => "Album",
        })
    }
}

/// Where a release stands on its way to the public.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "ssr", derive(schemars::JsonSchema))]
pub enum ReleaseStatus {
    /// Being prepared; the date is a wish.
    Draft,
    /// Delivered, with a fixed date.
    Scheduled,
    /// Out.
    Released,
    /// Taken down.
    Withdrawn,
}

impl ReleaseStatus {
    /// All of them, in the order of a release's life.
    pub const ALL: [ReleaseStatus; 4] =
        [ReleaseStatus::Draft, ReleaseStatus::Scheduled, ReleaseStatus::Released, ReleaseStatus::Withdrawn];

    /// The name as stored.
    pub fn id(self) -> &'static str {
        match self {
            ReleaseStatus::Draft => "draft",
            ReleaseStatus::Scheduled => "scheduled",
            ReleaseStatus::Released => "released",
            ReleaseStatus::Withdrawn => "withdrawn",
        }
    }
}

impl fmt::Display for ReleaseStatus {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            ReleaseStatus::Draft => "Draft",
            ReleaseStatus::Scheduled => "Scheduled",
            ReleaseStatus::Released => "Released",
            ReleaseStatus::Withdrawn => "Withdrawn",
        })
    }
}

/// One line of a list of releases.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "ssr", derive(schemars::JsonSchema))]
pub struct ReleaseRow {
    /// The id.
    #[cfg_attr(feature = "ssr", schemars(with = "String", title = "Release"))]
    pub release_id: ReleaseId,
    /// The title.
    pub title: String,
    /// The main artist.
    #[cfg_attr(feature = "ssr", schemars(with = "String", title = "Artist id"))]
    pub artist_id: ArtistId,
    /// The main artist's name.
    pub artist_name: String,
    /// Single, EP or album.
    pub kind: ReleaseKind,
    /// Where it stands.
    pub status: ReleaseStatus,
    /// The day it comes out.
    #[cfg_attr(feature = "ssr", schemars(with = "String", title = "Release date"))]
    pub release_date: Date,
    /// Number of tracks.
    pub track_count: u32,
    /// The cover's address for an `img`, if there is one.
    pub artwork_url: Option<String>,
}

/// What the page of a release shows.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ReleaseDetail {
    /// The release.
    pub release: Release,
    /// The main artist's name.
    pub artist_name: String,
    /// The cover's address, if there is one.
    pub artwork_url: Option<String>,
    /// For each track in order, the master's address for an `audio`, if there is one.
    pub audio_urls: Vec<Option<String>>,
    /// Streams of its recordings, on this release and any other; empty where no source tells them.
    pub track_streams: TrackStreams,
}

/// By what the list of releases is ordered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum ReleaseSort {
    /// Release date.
    #[default]
    Date,
    /// Title, A to Z.
    Title,
    /// Artist, A to Z.
    Artist,
    /// Status, in the order of a release's life.
    Status,
}
