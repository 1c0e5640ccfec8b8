//! Recordings as pages show them: what became of each upload, and the report on it.

use super::audio::{AudioFinding, AudioReport, DeliveryVerdict};
use super::tempo_and_key::StatementStanding;
use super::written_time::{day_and_clock, utc};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// How far an upload is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum RecordingState {
    /// An address was made for it, and nothing has come yet.
    Announced,
    /// It is stored, and nobody has listened to it yet.
    Waiting,
    /// It is being listened to.
    Processing,
    /// Nothing stands against delivery.
    Passed,
    /// Somebody should look at it first.
    Warned,
    /// It would be refused.
    Failed,
    /// It is no audio, or nothing of it can be read.
    Unreadable,
    /// The file is gone.
    Deleted,
}

impl RecordingState {
    /// All of them, in the order in which an upload comes to them.
    pub const ALL: [RecordingState; 8] = [
        RecordingState::Announced,
        RecordingState::Waiting,
        RecordingState::Processing,
        RecordingState::Passed,
        RecordingState::Warned,
        RecordingState::Failed,
        RecordingState::Unreadable,
        RecordingState::Deleted,
    ];

    /// The word for machines.
    pub fn id(self) -> &'static str {
        match self {
            RecordingState::Announced => "announced",
            RecordingState::Waiting => "waiting",
            RecordingState::Processing => "processing",
            RecordingState::Passed => "passed",
            RecordingState::Warned => "warned",
            RecordingState::Failed => "failed",
            RecordingState::Unreadable => "unreadable",
            RecordingState::Deleted => "deleted",
        }
    }

    /// The word for people.
    pub fn word(self) -> &'static str {
        match self {
            RecordingState::Announced => "Expected",
            RecordingState::Waiting => "Waiting",
            RecordingState::Processing => "Being checked",
            RecordingState::Passed => "Passed",
            RecordingState::Warned => "Look at it",
            RecordingState::Failed => "Would be refused",
            RecordingState::Unreadable => "Unreadable",
            RecordingState::Deleted => "Deleted",
        }
    }

    /// The state of this [`RecordingState::id`].
    pub fn from_id(id: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.id() == id)
    }

    /// What a verdict makes of an upload.
    pub fn of_verdict(verdict: DeliveryVerdict) -> Self {
        match verdict {
            DeliveryVerdict::Pass => RecordingState::Passed,
            DeliveryVerdict::Warn => RecordingState::Warned,
            DeliveryVerdict::Fail => RecordingState::Failed,
        }
    }

    /// Whether work on it is still to be done.
    pub fn is_open(self) -> bool {
        matches!(self, RecordingState::Waiting | RecordingState::Processing)
    }

    /// Whether everybody who may open the file may hear it: it has been listened to, and is audio.
    pub fn is_released(self) -> bool {
        matches!(self, RecordingState::Passed | RecordingState::Warned | RecordingState::Failed)
    }
}

/// The order of the list.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum RecordingSort {
    /// By when it was uploaded.
    #[default]
    Uploaded,
    /// By name.
    Name,
    /// By length.
    Length,
    /// By loudness.
    Loudness,
    /// By state.
    State,
}

/// What the list of recordings was asked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct RecordingQuery {
    /// Part of a file's name, a title, an artist or a release; case and accents do not matter.
    pub search: String,
    /// Only recordings that are so far.
    pub state: Option<RecordingState>,
    /// Only this format, for instance `WAV`; all where it is empty.
    pub format: String,
    /// The order.
    pub sort: RecordingSort,
    /// Whether the order is turned round.
    pub descending: bool,
    /// The page, from 1; 0 is read as 1.
    pub page: u32,
}

impl Default for RecordingQuery {
    fn default() -> Self {
        Self {
            search: String::new(),
            state: None,
            format: String::new(),
            sort: RecordingSort::Uploaded,
            descending: true,
            page: 1,
        }
    }
}

impl RecordingQuery {
    /// Whether rows are left out by search, filter or page.
    pub fn is_narrowed(&self) -> bool {
        !self.search.is_empty() || self.state.is_some() || !self.format.is_empty() || self.page > 1
    }
}

/// A recording in a list.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RecordingRow {
    /// Names it in addresses.
    pub id: String,
    /// The bucket.
    pub bucket_name: String,
    /// The file's name in the bucket.
    pub file_name: String,
    /// The title by the release that names the file, or by its tags.
    pub title: Option<String>,
    /// The artist by the release that names the file, or by its tags.
    pub artist: Option<String>,
    /// The release that names the file, and its title.
    pub release: Option<ReleaseOfRecording>,
    /// How far it is.
    pub state: RecordingState,
    /// Why it is so, where there is more to say.
    pub why: Option<String>,
    /// How far the work is, in percent, while it goes on.
    pub progress: u32,
    /// The format, once it is known.
    pub format: Option<String>,
    /// The length, in seconds.
    pub seconds: Option<f64>,
    /// The integrated loudness, in LUFS.
    pub integrated: Option<f64>,
    /// The highest true peak, in dBTP.
    pub true_peak: Option<f64>,
    /// Size in bytes.
    pub bytes: u64,
    /// When it was stored, RFC 3339 in UTC.
    pub uploaded_at: Option<String>,
    /// By whom, where Patchline knows it.
    pub uploaded_by: Option<String>,
    /// Whether it belongs to the sample label.
    pub sample: bool,
}

impl RecordingRow {
    /// What people call it: its title, or the last part of the file's name.
    pub fn name(&self) -> &str {
        self.title.as_deref().unwrap_or_else(|| last_part(&self.file_name))
    }
}

/// The last part of a file's name.
pub fn last_part(file_name: &str) -> &str {
    file_name.rsplit('/').next().unwrap_or(file_name)
}

/// A release that names a recording as the master of a track.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ReleaseOfRecording {
    /// Its id.
    pub release_id: String,
    /// Its title.
    pub title: String,
    /// The id of the track whose master it is.
    pub track_id: String,
}

/// A page of recordings.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RecordingList {
    /// The rows of this page.
    pub rows: Vec<RecordingRow>,
    /// Rows on all pages.
    pub total: u32,
    /// This page, from 1.
    pub page: u32,
    /// The formats that there are, for the filter.
    pub formats: Vec<String>,
    /// How many recordings of the whole list wait or are being listened to.
    pub open: u32,
    /// Where the viewer's uploads go unless another folder is named.
    pub folder: String,
    /// How many recordings are stored in a form that cannot be read, and are missing here.
    pub unreadable: u32,
}

/// The waveform of a recording, all channels mixed or one alone: low and high of each point.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct WaveformPart {
    /// Frames a second, in Hz.
    pub sample_rate: u32,
    /// Frames of a point.
    pub samples_per_pixel: u32,
    /// Where it begins, in seconds.
    pub from: f64,
    /// Low, high, low, high …, from -32768 to 32767.
    pub data: Vec<i16>,
}

/// How loud a recording is over time, by EBU Tech 3341.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct LoudnessCurve {
    /// Seconds between values: 0.1, and more for what is long.
    pub step: f64,
    /// Momentary loudness (400 ms), in tenths of a LUFS; the highest within a step. -1000 is silence.
    pub momentary: Vec<i16>,
    /// Short-term loudness (3 s), the same.
    pub short_term: Vec<i16>,
}

/// What a profile says of a recording.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ProfileReport {
    /// The profile, for instance `spotify`.
    pub id: String,
    /// What people call the store.
    pub name: String,
    /// Where the store says what it takes.
    pub source: String,
    /// What the findings come to.
    pub verdict: DeliveryVerdict,
    /// What was found, the weightiest first.
    pub findings: Vec<AudioFinding>,
}

/// All that was found out about a recording.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RecordingReport {
    /// The report with the findings for usual distributors.
    pub report: AudioReport,
    /// What each store says.
    pub profiles: Vec<ProfileReport>,
    /// How loud it is over time.
    pub curve: LoudnessCurve,
    /// The waveform, coarse enough for the whole to be seen.
    pub waveform: WaveformPart,
    /// The same of left and right; none where there are more or fewer than two channels, or the report is older than
    /// this.
    #[serde(default)]
    pub sides: Vec<WaveformPart>,
}

/// All that the page of a recording shows.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RecordingDetail {
    /// Its line.
    pub row: RecordingRow,
    /// The report, once there is one.
    pub report: Option<RecordingReport>,
    /// When the report was made, RFC 3339 in UTC.
    pub processed_at: Option<String>,
    /// What was stated of its tempo and key beside what the report shows.
    pub statement: StatementStanding,
    /// Whether its file lies where the viewer may write: whoever has artists of their own writes in their folders only.
    pub is_in_reach: bool,
    /// The address of the sound, where the viewer may hear it.
    pub media_url: Option<String>,
    /// Another recording with the same content.
    pub same_as: Option<NamedRecording>,
    /// Others that sound the same, though their content is another; those most alike first.
    pub sounds_like: Vec<AlikeRecording>,
    /// Recordings to compare it with: of the same release, or in the same folder.
    pub others: Vec<NamedRecording>,
    /// The versions of the file before this one, the last of them first.
    pub versions: Vec<RecordingVersion>,
    /// The one that it is compared with.
    pub compared: Option<ComparedRecording>,
}

/// A recording by its name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct NamedRecording {
    /// Names it in addresses.
    pub id: String,
    /// What people call it.
    pub name: String,
}

/// A version of a recording's file before the newest.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RecordingVersion {
    /// Its id in the bucket.
    pub version_id: String,
    /// When it was stored, RFC 3339 in UTC.
    pub stored_at: Option<String>,
    /// Whether it was listened to while it was the newest, as far as that is remembered.
    pub was_heard: bool,
    /// Its integrated loudness, in LUFS; none where it is not known, or it is silent.
    pub integrated: Option<f64>,
}

/// How the choice of a version begins. No id of a recording has a dot.
const CHOICE_OF_VERSION: &str = "version.";

impl RecordingVersion {
    /// Names it where recordings to compare with are chosen.
    pub fn choice(&self) -> String {
        format!("{CHOICE_OF_VERSION}{}", self.version_id)
    }

    /// What people call it: `the version of 27 Nov 2026, 21:05 UTC, −14.0 LUFS`.
    pub fn name(&self) -> String {
        let moment = self.stored_at.as_deref().and_then(|at| at.parse::<Timestamp>().ok());
        let stored = match moment {
            Some(moment) => format!("the version of {} UTC", day_and_clock(utc(moment))),
            None => "a version before".to_owned(),
        };
        match self.integrated {
            Some(integrated) => {
                let loudness = format!("{integrated:.1}").replace('-', "\u{2212}");
                format!("{stored}, {loudness} LUFS")
            }
            None => format!("{stored}, loudness not known"),
        }
    }
}

/// A recording that sounds like another one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AlikeRecording {
    /// Which.
    pub recording: NamedRecording,
    /// How much of both acoustic prints is equal, in percent.
    pub percent: u32,
}

/// A recording beside another one.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ComparedRecording {
    /// Which.
    pub recording: NamedRecording,
    /// The address of its sound.
    pub media_url: String,
    /// Its integrated loudness, in LUFS.
    pub integrated: Option<f64>,
}

/// Which recording a page shows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RecordingAsked {
    /// Names it, as addresses do.
    pub id: String,
    /// The one that it is compared with, if any.
    #[serde(default)]
    pub compare: Option<String>,
    /// The version of its own file that it is compared with, if any.
    #[serde(default)]
    pub version: Option<String>,
}

impl RecordingAsked {
    /// One by itself.
    pub fn alone(id: impl Into<String>) -> Self {
        Self { id: id.into(), compare: None, version: None }
    }

    /// One beside what was chosen to compare it with: another recording, or [`RecordingVersion::choice`].
    pub fn beside(id: impl Into<String>, choice: Option<String>) -> Self {
        let choice = choice.filter(|choice| !choice.is_empty());
        let version = choice.as_deref().and_then(|choice| choice.strip_prefix(CHOICE_OF_VERSION));
        match version {
            Some(version) => Self { version: Some(version.to_owned()), ..Self::alone(id) },
            None => Self { compare: choice, ..Self::alone(id) },
        }
    }
}

/// Which part of a waveform is wanted, and how fine.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct WaveformAsked {
    /// The recording, as addresses name it.
    pub id: String,
    /// How many samples a point stands for.
    pub samples_per_pixel: u32,
    /// Where it begins, in seconds.
    pub from: f64,
    /// Where it ends, in seconds.
    pub to: f64,
    /// Which channel, from 1; none for all of them mixed.
    #[serde(default)]
    pub channel: Option<u32>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_version_is_chosen_by_its_name_and_says_where_its_loudness_is_not_known() {
        let version = RecordingVersion {
            version_id: "a1".to_owned(),
            stored_at: Some("2026-11-27T21:05:00Z".to_owned()),
            was_heard: true,
            integrated: Some(-14.04),
        };
        assert!(version.name().ends_with("UTC, \u{2212}14.0 LUFS"), "{}", version.name());
        let unknown = RecordingVersion { integrated: None, ..version.clone() };
        assert!(unknown.name().ends_with("loudness not known"), "{}", unknown.name());
        let asked = RecordingAsked::beside("b", Some(version.choice()));
        assert_eq!((asked.compare, asked.version.as_deref()), (None, Some("a1")));
        let asked = RecordingAsked::beside("b", Some("c".to_owned()));
        assert_eq!((asked.compare.as_deref(), asked.version), (Some("c"), None));
        assert_eq!(RecordingAsked::beside("b", Some(String::new())), RecordingAsked::alone("b"));
    }

    #[test]
    fn only_what_was_listened_to_and_is_audio_is_released() {
        let released: Vec<_> = RecordingState::ALL
            .into_iter()
            .filter(|state| state.is_released())
            .map(RecordingState::id)
            .collect();
        assert_eq!(released, ["passed", "warned", "failed"]);
        assert!(
            RecordingState::ALL.into_iter().all(|state| RecordingState::from_id(state.id()) == Some(state))
        );
    }
}
