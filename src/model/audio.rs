//! What is found out about a recording, as pages and tools show it.

use super::tempo_and_key::{StatedKey, StatedTempo};
use serde::{Deserialize, Serialize};

/// The report on a recording.
#[cfg_attr(feature = "ssr", derive(schemars::JsonSchema))]
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AudioReport {
    /// The file's name in the bucket.
    pub file_name: String,
    /// The kind of file, for instance `WAV`; none where it is not audio.
    pub format: Option<String>,
    /// The container, for instance `RIFF`; none where it is not audio.
    pub container: Option<String>,
    /// The coding, for instance `PCM`; none where it could not be told.
    pub codec: Option<String>,
    /// Frames a second, in Hz.
    pub sample_rate: Option<u32>,
    /// Bits of a sample; none for lossy codings.
    pub bits: Option<u16>,
    /// How many channels.
    pub channels: Option<u16>,
    /// The length that could be read, in seconds.
    pub seconds: Option<f64>,
    /// The frames that could be read.
    pub samples: Option<u64>,
    /// The SHA-256 of the file.
    pub sha256: String,
    /// How loud it is.
    pub loudness: AudioLoudness,
    /// What stores add or take away when they play it.
    pub gains: Vec<StoreGain>,
    /// The tempo that somebody has stated of this very content: it counts before the measured one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stated_tempo: Option<StatedTempo>,
    /// The key that somebody has stated of this very content: it counts before the measured one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stated_key: Option<StatedKey>,
    /// The measured tempo; none where none was found.
    pub tempo: Option<AudioTempo>,
    /// The measured key; none where none was found.
    pub key: Option<AudioKey>,
    /// What its tags say.
    pub tags: AudioTags,
    /// What the quality check found, the weightiest first.
    pub findings: Vec<AudioFinding>,
    /// What the findings come to for each profile.
    pub verdicts: Vec<ProfileVerdict>,
    /// The day on which the file was stored.
    pub as_of: Option<String>,
    /// Where the figures come from.
    pub source: String,
    /// Whether it belongs to the sample label.
    pub sample: bool,
    /// What could not be seen, and limits of the methods.
    pub notes: Vec<String>,
}

/// How loud a recording is; what is silent has no loudness.
#[cfg_attr(feature = "ssr", derive(schemars::JsonSchema))]
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AudioLoudness {
    /// Integrated, in LUFS.
    pub integrated: Option<f64>,
    /// Loudness range, in LU.
    pub range: Option<f64>,
    /// The highest true peak, in dBTP.
    pub true_peak: Option<f64>,
    /// The highest momentary loudness, in LUFS.
    pub momentary_max: Option<f64>,
    /// The highest short-term loudness, in LUFS.
    pub short_term_max: Option<f64>,
}

/// What a store adds when it plays a recording.
#[cfg_attr(feature = "ssr", derive(schemars::JsonSchema))]
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct StoreGain {
    /// The store.
    pub store: String,
    /// The loudness at which it plays, in LUFS.
    pub target: f64,
    /// What it adds, in dB; negative where it turns down.
    pub gain: f64,
}

/// A tempo that was found by listening.
#[cfg_attr(feature = "ssr", derive(schemars::JsonSchema))]
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AudioTempo {
    /// Beats a minute.
    pub bpm: f64,
    /// From 0 to 1.
    pub confidence: f64,
}

/// A key that was found by listening.
#[cfg_attr(feature = "ssr", derive(schemars::JsonSchema))]
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AudioKey {
    /// For instance `E flat minor`.
    pub name: String,
    /// From 0 to 1.
    pub confidence: f64,
}

/// What the tags of a file say: written by whoever made it, and not checked.
#[cfg_attr(feature = "ssr", derive(schemars::JsonSchema))]
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AudioTags {
    /// The title.
    pub title: Option<String>,
    /// The artist.
    pub artist: Option<String>,
    /// The album.
    pub album: Option<String>,
    /// The artist of the album.
    pub album_artist: Option<String>,
    /// The composer.
    pub composer: Option<String>,
    /// The genre.
    pub genre: Option<String>,
    /// The date or year.
    pub date: Option<String>,
    /// The number on the album.
    pub track: Option<String>,
    /// The ISRC as written.
    pub isrc: Option<String>,
    /// The UPC or EAN as written.
    pub barcode: Option<String>,
    /// The line of copyright.
    pub copyright: Option<String>,
    /// The tempo as written.
    pub bpm: Option<String>,
    /// The key as written.
    pub key: Option<String>,
    /// The kinds of tags.
    pub kinds: Vec<String>,
    /// How many pictures are within.
    pub pictures: u32,
}

/// Something that the quality check found.
#[cfg_attr(feature = "ssr", derive(schemars::JsonSchema))]
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AudioFinding {
    /// The code of the rule, for instance `S04`.
    pub code: String,
    /// What it finds.
    pub title: String,
    /// How much it weighs.
    pub severity: FindingSeverity,
    /// What was measured.
    pub measured: String,
    /// What is allowed.
    pub limit: Option<String>,
    /// Where, in seconds; the first hundred places.
    pub at: Vec<AudioPlace>,
    /// Which part of the file, where it is not a time.
    pub field: Option<String>,
    /// Who says so.
    pub source: Option<String>,
    /// What to do.
    pub remedy: String,
}

/// A stretch of a recording.
#[cfg_attr(feature = "ssr", derive(schemars::JsonSchema))]
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AudioPlace {
    /// Where it begins, in seconds.
    pub from: f64,
    /// Where it ends, in seconds.
    pub to: f64,
}

/// How much a finding weighs.
#[cfg_attr(feature = "ssr", derive(schemars::JsonSchema))]
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum FindingSeverity {
    /// The store refuses it.
    Error,
    /// Somebody should look at it before delivery.
    Warning,
    /// To know.
    Information,
}

impl FindingSeverity {
    /// The words for people.
    pub fn label(self) -> &'static str {
        match self {
            FindingSeverity::Error => "Refused",
            FindingSeverity::Warning => "To look at",
            FindingSeverity::Information => "To know",
        }
    }
}

/// What findings come to for a profile.
#[cfg_attr(feature = "ssr", derive(schemars::JsonSchema))]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ProfileVerdict {
    /// The profile, for instance `spotify`.
    pub profile: String,
    /// What they come to.
    pub verdict: DeliveryVerdict,
}

/// Whether a recording can be delivered.
#[cfg_attr(feature = "ssr", derive(schemars::JsonSchema))]
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum DeliveryVerdict {
    /// Nothing stands against it.
    Pass,
    /// Somebody should look at it first.
    Warn,
    /// It would be refused.
    Fail,
}

impl DeliveryVerdict {
    /// What a store does, after its name in a sentence: `Spotify takes it`.
    pub fn words(self) -> &'static str {
        match self {
            DeliveryVerdict::Pass => "takes it",
            DeliveryVerdict::Warn => "will warn",
            DeliveryVerdict::Fail => "will refuse it",
        }
    }

    /// The same beside its name.
    pub fn label(self) -> &'static str {
        match self {
            DeliveryVerdict::Pass => "Takes it",
            DeliveryVerdict::Warn => "Will warn",
            DeliveryVerdict::Fail => "Will refuse it",
        }
    }
}

/// The stores whose rules are known: as in arguments and addresses, and as people know them.
pub const STORES: [(&str, &str); 3] =
    [("distributor", "Usual distributor"), ("spotify", "Spotify"), ("apple", "Apple Music")];

/// What people call the store of a profile.
pub fn store_name(profile: &str) -> Option<&'static str> {
    STORES.iter().find(|(id, _)| *id == profile).map(|(_, name)| *name)
}
