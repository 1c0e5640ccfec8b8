//! The same seed and day give the same label, on every machine.

use super::{TODAY, label};
use patchline::engine::sample::{BucketRole, DEFAULT_SEED, SampleLabel, artist_ids};
use sha2::{Digest, Sha256};

/// What these bytes hashed to when the label was made. The calculation uses no function whose last digit
/// depends on the machine, so this holds everywhere; a deliberate change of the label changes it.
const RECORDS: &str = "18d677a3671c50e4fb17f891da96fa444e83ce6274e623484f7411b3ca526a69";
const MASTERS: &str = "07058716fe34d3314d557c65bb460fa087d035754c1e4a4f5c58539b2a3fbaeb";

/// All names, numbers and figures in a form that does not depend on how records are stored.
fn records(label: &SampleLabel) -> String {
    let mut digest = Sha256::new();
    for artist in label.artists() {
        digest.update(format!("{} {} {}\n", artist.artist_id, artist.name, artist.signed_on));
    }
    for release in label.releases() {
        digest.update(format!("{} {} {}\n", release.release_id, release.title, release.release_date));
        for track in &release.tracks {
            digest.update(format!(
                "{} {} {} {}\n",
                track.track_id, track.title, track.isrc, track.duration_seconds
            ));
        }
    }
    for row in label.analytics() {
        digest.update(format!("{} {} {}", row.artist_id, row.date, row.platform));
        let said = [row.listeners, row.saves, row.followers].map(|figure| figure.expect("each row says it"));
        digest.update(format!(" {} {} {} {}", row.streams, said[0], said[1], said[2]));
        digest.update(format!(" {:?}\n", row.territories));
    }
    hex::encode(digest.finalize())
}

/// All files with these roles.
fn files(label: &SampleLabel, wanted: impl Fn(BucketRole) -> bool) -> String {
    let mut digest = Sha256::new();
    for object in label.objects().filter(|object| wanted(object.bucket_role)) {
        digest.update(format!("{} {:?}\n", object.key, object.metadata));
        digest.update(&object.bytes);
    }
    hex::encode(digest.finalize())
}

#[test]
fn the_same_seed_and_day_repeat_every_byte() {
    let (one, other) = (label(), label());
    assert_eq!(one.artists(), other.artists());
    assert_eq!(one.releases(), other.releases());
    assert_eq!(one.plants(), other.plants());
    assert_eq!(records(&one), records(&other));
    assert!(one.analytics().eq(other.analytics()), "figures by track, too");
    assert_eq!(files(&one, |_| true), files(&other, |_| true));
}

#[test]
fn another_seed_gives_other_ids_and_figures() {
    let other = SampleLabel::generate(DEFAULT_SEED + 1, TODAY);
    assert_ne!(label().artists()[0].artist_id, other.artists()[0].artist_id);
    assert_ne!(records(&label()), records(&other));
}

#[test]
fn records_and_masters_are_those_of_every_other_machine() {
    let label = label();
    assert_eq!(records(&label), RECORDS);
    assert_eq!(files(&label, |role| role == BucketRole::Audio), MASTERS);
}

#[test]
fn the_ids_of_its_artists_are_known_whatever_day_it_is() {
    for (label, seed) in [(label(), DEFAULT_SEED), (SampleLabel::generate(7, TODAY), 7)] {
        let ids: Vec<_> = label.artists().iter().map(|artist| artist.artist_id.clone()).collect();
        assert_eq!(artist_ids(seed), ids);
    }
}
