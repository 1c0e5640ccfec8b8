//! The files of a release, its cover and its masters: which of them a form is about, and the name that a new one gets.

use super::identifier::TrackId;
use super::release::{Release, Track};

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
    /// The folder of the artist and the release, for a file that gets a new name.
    folder: String,
}

impl FilePlace {
    /// The place that a form is about; none where the release has no such track.
    pub fn of(release: &Release, subject: &str) -> Option<Self> {
        let folder = format!("artists/{}/{}", release.artist_id, release.release_id);
        if subject == COVER {
            return Some(Self { track: None, named: release.artwork.clone(), is_shared: false, folder });
        }
        let track = release.tracks.iter().find(|track| track.track_id.as_str() == subject)?;
        let named = track.audio.clone();
        let is_other = |other: &Track| other.track_id != track.track_id && other.audio == named;
        let is_shared = named.is_some() && release.tracks.iter().any(is_other);
        Some(Self { track: Some(track.track_id.clone()), named, is_shared, folder })
    }

    /// The name of a new file in its bucket. It is that of the file before, of which it becomes a new version, unless
    /// that has another ending, or is the master of another track, too.
    pub fn new_name(&self, file_name: &str) -> String {
        let new_ending = ending(file_name);
        let before = self.named.as_ref().filter(|named| !self.is_shared && ending(named) == new_ending);
        if let Some(named) = before {
            return named.clone();
        }
        let stem = self.track.as_ref().map_or(COVER, TrackId::as_str);
        let ending = new_ending.map(|ending| format!(".{ending}")).unwrap_or_default();
        format!("{}/{stem}{ending}", self.folder)
    }
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

    fn place(named: Option<&str>, is_shared: bool) -> FilePlace {
        FilePlace {
            track: "trk_1".parse().ok(),
            named: named.map(str::to_owned),
            is_shared,
            folder: "artists/art_1/rel_1".to_owned(),
        }
    }

    #[test]
    fn a_new_file_takes_the_place_of_the_one_before() {
        assert_eq!(
            place(Some("masters/night.wav"), false).new_name("Night (final).WAV"),
            "masters/night.wav"
        );
    }

    #[test]
    fn a_file_of_another_kind_or_of_two_tracks_gets_a_name_of_its_own() {
        let own = "artists/art_1/rel_1/trk_1.flac";
        assert_eq!(place(Some("masters/night.wav"), false).new_name("night.flac"), own);
        assert_eq!(place(Some("masters/night.flac"), true).new_name("C:\\takes\\night.flac"), own);
        assert_eq!(place(None, false).new_name("../../night.flac"), own);
        assert_eq!(place(None, false).new_name("night"), "artists/art_1/rel_1/trk_1");
        assert_eq!(place(None, false).new_name("night.a b/c"), "artists/art_1/rel_1/trk_1");
    }
}
