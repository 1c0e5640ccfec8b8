//! Whose a file is: told by its name, or by the releases that name it.

use crate::engine::config::BucketRole;
use crate::model::identifier::ArtistId;
use crate::model::release::Release;
use std::collections::{BTreeMap, BTreeSet};

/// The folder below which each artist has one of their own, in every bucket.
const ARTISTS: &str = "artists/";

/// The folder below which imports keep their files among contracts: it is nobody's.
const IMPORTS: &str = "imports/";

/// The artist to whom a file belongs by its name: files below `artists/<id>/` are that artist's, and among
/// contracts those below `<id>/`, too.
pub(crate) fn by_name(purpose: Option<BucketRole>, key: &str) -> Option<&str> {
    let below = match key.strip_prefix(ARTISTS) {
        Some(below) => below,
        None if purpose == Some(BucketRole::Contracts) && !key.starts_with(IMPORTS) => key,
        None => return None,
    };
    let (id, _) = below.split_once('/')?;
    (!id.is_empty()).then_some(id)
}

/// How the names of an artist's own files begin.
pub(crate) fn folders(purpose: BucketRole, artist: &ArtistId) -> Vec<String> {
    let everywhere = format!("{ARTISTS}{artist}/");
    match purpose {
        BucketRole::Contracts => vec![everywhere, format!("{artist}/")],
        BucketRole::Audio | BucketRole::Artwork => vec![everywhere],
    }
}

/// The files that releases name, each with the artists of those releases. What a name tells by itself is not
/// among them.
pub(crate) fn by_releases(purpose: BucketRole, releases: &[Release]) -> BTreeMap<&str, BTreeSet<&ArtistId>> {
    let mut found: BTreeMap<&str, BTreeSet<&ArtistId>> = BTreeMap::new();
    for release in releases {
        for key in named(purpose, release) {
            if by_name(Some(purpose), key).is_none() {
                found.entry(key).or_default().insert(&release.artist_id);
            }
        }
    }
    found
}

/// The artists of the releases that name one file.
pub(crate) fn of_file<'r>(purpose: BucketRole, releases: &'r [Release], key: &str) -> BTreeSet<&'r ArtistId> {
    naming(purpose, releases, key).map(|release| &release.artist_id).collect()
}

/// The releases that name one file.
pub(crate) fn naming<'r>(
    purpose: BucketRole,
    releases: &'r [Release],
    key: &str,
) -> impl Iterator<Item = &'r Release> {
    releases.iter().filter(move |release| named(purpose, release).contains(&key))
}

/// The files of a bucket that a release names.
fn named(purpose: BucketRole, release: &Release) -> Vec<&str> {
    match purpose {
        BucketRole::Audio => release.tracks.iter().filter_map(|track| track.audio.as_deref()).collect(),
        BucketRole::Artwork => release.artwork.as_deref().into_iter().collect(),
        BucketRole::Contracts => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_of_an_artist_is_theirs_in_every_bucket() {
        for purpose in [None, Some(BucketRole::Audio), Some(BucketRole::Contracts)] {
            assert_eq!(by_name(purpose, "artists/art_1/night.wav"), Some("art_1"), "{purpose:?}");
        }
    }

    #[test]
    fn contracts_lie_in_a_folder_with_the_name_of_the_artist() {
        assert_eq!(by_name(Some(BucketRole::Contracts), "art_1/agreement.md"), Some("art_1"));
        assert_eq!(by_name(Some(BucketRole::Audio), "art_1/night.wav"), None);
    }

    #[test]
    fn other_names_do_not_tell_whose_a_file_is() {
        for key in ["masters/artists/art_1/night.wav", "artists/art_1", "artists//night.wav", "artists", ""] {
            assert_eq!(by_name(Some(BucketRole::Audio), key), None, "{key}");
        }
        for key in ["agreement.md", "imports/", "imports/art_1/file"] {
            assert_eq!(by_name(Some(BucketRole::Contracts), key), None, "{key}");
        }
    }

    #[test]
    fn whatever_begins_with_a_folder_of_an_artist_is_theirs_by_its_name() {
        let artist: ArtistId = "art_1".parse().expect("an id");
        for purpose in [BucketRole::Audio, BucketRole::Artwork, BucketRole::Contracts] {
            for folder in folders(purpose, &artist) {
                assert_eq!(by_name(Some(purpose), &format!("{folder}a.b")), Some("art_1"), "{folder}");
            }
        }
    }
}
