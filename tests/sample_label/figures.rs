//! The daily figures: which rows there are, and that each row is consistent in itself.

use super::{label, labels};
use jiff::ToSpan;
use jiff::civil::Date;
use patchline::engine::sample::PLATFORMS;
use patchline::model::analytics::Platform;
use patchline::model::identifier::ArtistId;
use std::collections::{BTreeMap, BTreeSet};

#[test]
fn territories_add_up_to_the_streams_and_listeners_are_not_more_than_streams() {
    for (label, _) in labels() {
        for row in label.analytics() {
            assert_eq!(row.territories.values().sum::<u64>(), row.streams, "{} {}", row.artist_id, row.date);
            assert!(row.listeners <= Some(row.streams) && row.saves <= row.listeners, "{row:?}");
            assert_eq!(row.source, "sample");
        }
    }
}

#[test]
fn rows_come_in_order_and_none_twice() {
    let keys: Vec<_> =
        label().analytics().map(|row| (row.artist_id.clone(), row.date, row.platform)).collect();
    assert!((36_500..=38_400).contains(&keys.len()), "{} rows", keys.len());
    assert_eq!(keys.iter().collect::<BTreeSet<_>>().len(), keys.len());
    let in_order = |pair: &[(ArtistId, Date, Platform)]| {
        pair[0].0 != pair[1].0 || (pair[0].1, pair[0].2) < (pair[1].1, pair[1].2)
    };
    assert!(keys.windows(2).all(in_order));
}

#[test]
fn the_figures_of_every_artist_end_yesterday_on_every_platform() {
    for (label, today) in labels() {
        let mut newest = BTreeMap::new();
        for row in label.analytics() {
            newest.insert((row.artist_id, row.platform), row.date);
        }
        assert_eq!(newest.len(), 24 * PLATFORMS.len());
        assert!(newest.values().all(|date| *date == today.saturating_sub(1.day())));
    }
}

#[test]
fn followers_change_slowly() {
    let mut before = BTreeMap::new();
    for row in label().analytics() {
        let followers = row.followers.expect("each row says them");
        if let Some(earlier) = before.insert((row.artist_id.clone(), row.platform), followers) {
            assert!(followers.abs_diff(earlier) <= earlier / 20 + 5, "{} {}", row.artist_id, row.date);
        }
    }
}

#[test]
fn tracks_of_new_releases_have_a_part_of_the_figures_of_one_platform_from_their_day_on() {
    for (label, today) in labels() {
        let mut recordings = BTreeMap::new();
        for release in label.releases() {
            for track in &release.tracks {
                let of = (release.artist_id.clone(), release.release_date);
                recordings.insert(track.isrc.replace('-', ""), of);
            }
        }
        let mut told = BTreeSet::new();
        for row in label.analytics() {
            assert!(row.tracks.values().sum::<u64>() <= row.streams, "{row:?}");
            assert!(Some(row.track_saves.values().sum::<u64>()) <= row.saves, "{row:?}");
            assert!(
                row.track_listeners.values().all(|listeners| Some(*listeners) <= row.listeners),
                "{row:?}"
            );
            for isrc in row.tracks.keys() {
                let (artist, date) = &recordings[isrc];
                assert!(*artist == row.artist_id && *date <= row.date, "{row:?}");
                assert_eq!(row.platform, Platform::Spotify);
            }
            told.extend(row.tracks.into_keys());
        }
        let newest = today.saturating_sub(400.days())..today;
        let wanted = recordings.into_iter().filter(|(_, (_, date))| newest.contains(date));
        assert_eq!(told, wanted.map(|(isrc, _)| isrc).collect::<BTreeSet<String>>());
    }
}
