//! The files: covers, masters, contracts and knowledge.

use super::label;
use patchline::engine::sample::{BucketRole, SampleObject};
use std::collections::BTreeSet;

fn of_role(role: BucketRole) -> Vec<SampleObject> {
    label().objects().filter(|object| object.bucket_role == role).collect()
}

#[test]
fn every_release_has_its_cover() {
    let label = label();
    let covers = of_role(BucketRole::Artwork);
    let keys: BTreeSet<_> = covers.iter().map(|cover| cover.key.clone()).collect();
    let wanted: BTreeSet<_> = label.releases().iter().filter_map(|release| release.artwork.clone()).collect();
    assert_eq!((keys.len(), keys), (60, wanted));
}

#[test]
fn covers_are_small_square_rgb_pictures_and_no_two_are_alike() {
    let covers = of_role(BucketRole::Artwork);
    for cover in &covers {
        assert!(cover.bytes.len() < 60_000, "{} has {} bytes", cover.key, cover.bytes.len());
        let picture = image::load_from_memory(&cover.bytes).unwrap();
        assert_eq!((picture.width(), picture.height(), picture.color()), (640, 640, image::ColorType::Rgb8));
    }
    assert_eq!(covers.iter().map(|cover| &cover.bytes).collect::<BTreeSet<_>>().len(), covers.len());
}

#[test]
fn two_tracks_have_masters_of_the_length_that_is_written_down() {
    let label = label();
    let masters = of_role(BucketRole::Audio);
    assert_eq!(masters.len(), 2);
    assert_ne!(masters[0].bytes, masters[1].bytes);
    for master in masters {
        let mut tracks = label.releases().iter().flat_map(|release| &release.tracks);
        let track = tracks.find(|track| track.audio.as_ref() == Some(&master.key)).unwrap();
        assert_eq!(master.key, format!("masters/{}.wav", track.track_id));
        assert_eq!(master.metadata["isrc"], track.isrc);
        let seconds = (master.bytes.len() - 44) / (44_100 * 4);
        assert_eq!(seconds, track.duration_seconds as usize);
    }
}

#[test]
fn contracts_are_filled_in_and_say_that_they_are_samples() {
    let label = label();
    let contracts = of_role(BucketRole::Contracts);
    assert_eq!(contracts.len(), 5);
    for contract in contracts {
        let text = String::from_utf8(contract.bytes).unwrap();
        let artist = label.artists().iter().find(|a| contract.key.starts_with(a.artist_id.as_str())).unwrap();
        assert!(text.contains(&artist.name), "{}", contract.key);
        assert!(text.contains("SAMPLE") && text.contains("Not legal advice"), "{}", contract.key);
        assert!(!text.contains('{'), "{} has an open place", contract.key);
    }
}

#[test]
fn knowledge_names_its_source_and_when_it_was_checked() {
    let documents = of_role(BucketRole::Knowledge);
    assert_eq!(documents.len(), 12);
    for document in documents {
        let text = String::from_utf8(document.bytes).unwrap();
        assert!(text.starts_with("# "), "{}", document.key);
        for part in ["Sample document", "Source: ", "Tier: ", "Date checked: 2026-"] {
            assert!(text.contains(part), "{} lacks {part:?}", document.key);
        }
    }
}

#[test]
fn metadata_is_plain_ascii_and_marks_sample_data() {
    for object in label().objects() {
        assert_eq!(object.metadata["sample"], "true", "{}", object.key);
        assert!(object.metadata.iter().all(|(name, value)| name.is_ascii() && value.is_ascii()));
    }
}
