//! The files of a release, its cover and its masters: which of them a form is about, the names that a new one may get,
//! and which other releases name the same file.

use super::identifier::{ReleaseId, TrackId};
use super::release::{Release, Track};
use serde::{Deserialize, Serialize};

/// What the cover is called in forms and addresses; a master is called by the id of its track.
pub const COVER: &str = "cover";

/// The page on which the cover or a master of a release is replaced.
pub fn address(release_id: &str, subject: &str) -> String {
    format!("/releases/{release_id}/files#file-{subject}")
}

/// A file of a release that is to be replaced, or given for the first time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FilePlace {
    /// The track whose master it is; none for the cover.
    pub track: Option<TrackId>,
    /// The name that the record has now; none where it names no file.
    pub named: Option<String>,
    /// Whether another track of the release names the same file.
    pub is_shared: bool,
    /// The masters that the other tracks of the release name.
    beside: Vec<String>,
    /// The folder of the artist and the release, for a file that gets a new name.
    folder: String,
}

/// How many names of its own are tried for a new file.
const OWN_NAMES: u32 = 20;

impl FilePlace {
    /// The place that a form is about; none where the release has no such track.
    pub fn of(release: &Release, subject: &str) -> Option<Self> {
        let folder = format!("artists/{}/{}", release.artist_id, release.release_id);
        if subject == COVER {
            let named = release.artwork.clone();
            return Some(Self { track: None, named, is_shared: false, beside: Vec::new(), folder });
        }
        let track = release.tracks.iter().find(|track| track.track_id.as_str() == subject)?;
        let named = track.audio.clone();
        let others = release.tracks.iter().filter(|other| other.track_id != track.track_id);
        let beside: Vec<String> = others.filter_map(|other: &Track| other.audio.clone()).collect();
        let is_shared = named.as_ref().is_some_and(|named| beside.contains(named));
        Some(Self { track: Some(track.track_id.clone()), named, is_shared, beside, folder })
    }

    /// What the file is.
    pub fn purpose(&self) -> FilePurpose {
        if self.track.is_some() { FilePurpose::Master } else { FilePurpose::Cover }
    }

    /// The name of the file before, where a new one can become a new version of it: it has the same ending, and is not
    /// the master of another track of the release, too.
    pub fn name_before(&self, file_name: &str) -> Option<&str> {
        let new_ending = ending(file_name);
        self.named.as_deref().filter(|named| !self.is_shared && ending(named) == new_ending)
    }

    /// Names in the folder of the release for a new file, the most obvious first. No other track of the release names
    /// a file so; other releases may.
    pub fn own_names(&self, file_name: &str) -> Vec<String> {
        let stem = self.track.as_ref().map_or(COVER, TrackId::as_str);
        let ending = ending(file_name).map(|ending| format!(".{ending}")).unwrap_or_default();
        let numbered = (1..=OWN_NAMES).map(|number| {
            let more = if number == 1 { String::new() } else { format!("-{number}") };
            format!("{}/{stem}{more}{ending}", self.folder)
        });
        numbered.filter(|name| !self.beside.contains(name)).collect()
    }

    /// Whether a file lies in the folder of the release.
    pub fn is_own(&self, file_name: &str) -> bool {
        let below = file_name.strip_prefix(self.folder.as_str()).and_then(|rest| rest.strip_prefix('/'));
        below.is_some_and(|name| !name.is_empty())
    }
}

/// What releases name a file as.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum FilePurpose {
    /// The master of a track.
    Master,
    /// The cover.
    Cover,
}

/// Files of which is asked which releases name them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct FileUsesAsked {
    /// As what.
    pub purpose: FilePurpose,
    /// The names of the files in the label's usual bucket.
    pub file_names: Vec<String>,
    /// A release that does not count.
    #[serde(default)]
    pub except: Option<ReleaseId>,
}

/// The releases that name a file.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct FileUses {
    /// Those that the viewer may see.
    pub releases: Vec<NamingRelease>,
    /// How many others name it, too.
    pub untold: u32,
    /// Whether it is not among the files of the artists whose files the viewer may replace.
    pub is_kept: bool,
}

/// A release that names a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct NamingRelease {
    /// Its id.
    pub release_id: ReleaseId,
    /// Its title.
    pub title: String,
}

impl FileUses {
    /// Whether no release names it.
    pub fn is_empty(&self) -> bool {
        self.releases.is_empty() && self.untold == 0
    }

    /// What somebody agrees to who has the file replaced for all of them; with another release it is another text.
    pub fn consent(&self) -> String {
        let mut ids: Vec<&str> = self.releases.iter().map(|release| release.release_id.as_str()).collect();
        ids.sort_unstable();
        format!("{}+{}", ids.join(","), self.untold)
    }
}

/// A file that is to take its place in a release, before it is sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct NewReleaseFile {
    /// The release.
    pub release_id: ReleaseId,
    /// [`COVER`], or the id of a track.
    pub subject: String,
    /// The version of the release that was shown.
    pub expected_version: u32,
    /// Its name on the sender's side.
    pub file_name: String,
    /// [`FileUses::consent`] of the releases for which it is replaced, too; empty where it is for this release only.
    pub everywhere: String,
}

/// Where a new file of a release goes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PlannedFile {
    /// Its name in the bucket.
    pub file_name: String,
    /// Whether the release has to name another file than it does.
    pub is_renamed: bool,
}

/// A stored file that a release is to name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct NamedReleaseFile {
    /// The release.
    pub release_id: ReleaseId,
    /// [`COVER`], or the id of a track.
    pub subject: String,
    /// The version of the release that was shown.
    pub expected_version: u32,
    /// The file's name in the bucket, in the folder of the release.
    pub file_name: String,
}

/// That a file is stored must not look like a failure of all, or gigabytes are sent once more: the message, and what to
/// do.
pub fn stored_but_not_named(file_name: &str, why: &str) -> (String, String) {
    (
        format!("The file is stored as {file_name}, but the release does not name it yet. {why}"),
        format!("Enter {file_name} among the details of the release or of its track, or ask the label to."),
    )
}

/// The ending of a name in lower case, such as `wav`.
fn ending(name: &str) -> Option<String> {
    const LONGEST: usize = 5;
    let (_, ending) = name.rsplit(['/', '\\']).next()?.rsplit_once('.')?;
    let is_one =
        (1..=LONGEST).contains(&ending.len()) && ending.bytes().all(|letter| letter.is_ascii_alphanumeric());
    is_one.then(|| ending.to_ascii_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(named: Option<&str>, beside: &[&str]) -> FilePlace {
        FilePlace {
            track: "trk_1".parse().ok(),
            named: named.map(str::to_owned),
            is_shared: named.is_some_and(|named| beside.contains(&named)),
            beside: beside.iter().map(|&name| name.to_owned()).collect(),
            folder: "artists/art_1/rel_1".to_owned(),
        }
    }

    #[test]
    fn a_new_file_takes_the_place_of_the_one_before_if_that_is_of_the_same_kind_and_of_one_track() {
        let named = Some("masters/night.wav");
        assert_eq!(place(named, &[]).name_before("Night (final).WAV"), named);
        assert_eq!(place(named, &[]).name_before("night.flac"), None);
        assert_eq!(place(named, &["masters/night.wav"]).name_before("night.wav"), None);
        assert_eq!(place(None, &[]).name_before("night.wav"), None);
    }

    #[test]
    fn a_name_of_its_own_is_in_the_folder_of_the_release_and_of_no_other_track() {
        let first = |place: FilePlace, file_name: &str| place.own_names(file_name).into_iter().next();
        let own = Some("artists/art_1/rel_1/trk_1.flac".to_owned());
        assert_eq!(first(place(Some("masters/night.wav"), &[]), "C:\\takes\\night.FLAC"), own);
        assert_eq!(first(place(None, &[]), "../../night.flac"), own);
        let taken = place(None, &["artists/art_1/rel_1/trk_1.flac"]);
        assert_eq!(first(taken.clone(), "a.flac"), Some("artists/art_1/rel_1/trk_1-2.flac".to_owned()));
        for unusual in ["night", "night.a b/c"] {
            assert_eq!(first(place(None, &[]), unusual), Some("artists/art_1/rel_1/trk_1".to_owned()));
        }
        assert!(taken.own_names("a.flac").iter().all(|name| taken.is_own(name)));
        for other in ["artists/art_1/rel_10/a.flac", "artists/art_1/rel_1/", "masters/night.wav"] {
            assert!(!taken.is_own(other), "{other}");
        }
    }

    #[test]
    fn whoever_agrees_to_some_releases_has_not_agreed_to_another_one() {
        let release =
            |id: &str| NamingRelease { release_id: id.parse().expect("an id"), title: "Night".to_owned() };
        let uses = |ids: &[&str], untold| {
            let releases = ids.iter().map(|id| release(id)).collect();
            FileUses { releases, untold, is_kept: false }
        };
        assert_eq!(uses(&["rel_2", "rel_1"], 0).consent(), uses(&["rel_1", "rel_2"], 0).consent());
        assert_ne!(uses(&["rel_1"], 0).consent(), uses(&["rel_1"], 1).consent());
        assert!(uses(&[], 0).is_empty() && !uses(&[], 1).is_empty());
    }

    #[test]
    fn a_file_that_is_stored_is_not_sent_again_because_somebody_was_faster_meanwhile() {
        let (message, remedy) = stored_but_not_named("artists/art_1/rel_1/trk_1.wav", "It has been changed.");
        assert!(message.starts_with("The file is stored as artists/art_1/rel_1/trk_1.wav"), "{message}");
        assert!(message.ends_with("It has been changed."), "{message}");
        assert!(remedy.contains("artists/art_1/rel_1/trk_1.wav"), "{remedy}");
    }
}
