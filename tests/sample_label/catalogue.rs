//! Artists, releases and tracks.

use super::{TODAY, label, labels};
use jiff::ToSpan;
use jiff::civil::Weekday;
use patchline::model::release::{ReleaseKind, ReleaseStatus, Track};
use patchline::music::identifier::{Gtin, Isrc};
use std::collections::BTreeSet;

#[test]
fn the_label_has_24_artists_60_releases_and_about_220_tracks() {
    for (label, _) in labels() {
        assert_eq!(label.artists().len(), 24);
        assert_eq!(label.releases().len(), 60);
        let tracks: usize = label.releases().iter().map(|release| release.tracks.len()).sum();
        assert!((200..=245).contains(&tracks), "{tracks} tracks");
    }
}

#[test]
fn artists_come_from_nine_genres_and_twelve_countries() {
    let label = label();
    let genres: BTreeSet<_> = label.artists().iter().map(|artist| &artist.genre).collect();
    let countries: BTreeSet<_> = label.artists().iter().map(|artist| &artist.country).collect();
    assert_eq!((genres.len(), countries.len()), (9, 12));
}

#[test]
fn ids_are_unique() {
    for (label, _) in labels() {
        let artists: BTreeSet<_> = label.artists().iter().map(|artist| &artist.artist_id).collect();
        let releases: BTreeSet<_> = label.releases().iter().map(|release| &release.release_id).collect();
        let tracks = || label.releases().iter().flat_map(|release| &release.tracks);
        let track_ids: BTreeSet<_> = tracks().map(|track| &track.track_id).collect();
        assert_eq!((artists.len(), releases.len(), track_ids.len()), (24, 60, tracks().count()));
    }
}

#[test]
fn every_isrc_is_valid_unique_of_the_year_of_release_and_no_real_one() {
    let label = label();
    let mut seen = BTreeSet::new();
    for release in label.releases() {
        for track in &release.tracks {
            let isrc: Isrc = track.isrc.parse().unwrap();
            assert_eq!(isrc.prefix(), "XX0NL");
            assert_eq!(isrc.year(), format!("{:02}", release.release_date.year() % 100));
            assert!(seen.insert(isrc), "{isrc} is given twice");
        }
    }
}

#[test]
fn every_upc_is_valid_unique_and_kept_for_internal_use() {
    let label = label();
    let upcs: BTreeSet<Gtin> = label.releases().iter().map(|release| release.upc.parse().unwrap()).collect();
    assert_eq!(upcs.len(), 60);
    assert!(upcs.iter().all(Gtin::is_internal));
}

#[test]
fn the_kind_of_a_release_fits_its_tracks_which_are_numbered_through() {
    for (label, _) in labels() {
        for release in label.releases() {
            let kind = match release.tracks.len() {
                1..=3 => ReleaseKind::Single,
                4..=6 => ReleaseKind::Ep,
                _ => ReleaseKind::Album,
            };
            assert_eq!(release.kind, kind, "{}", release.title);
            assert!(
                release
                    .tracks
                    .iter()
                    .map(|track| track.number)
                    .eq(1..=u32::try_from(release.tracks.len()).unwrap())
            );
        }
    }
}

#[test]
fn no_title_of_a_track_is_used_twice() {
    let label = label();
    let tracks = || label.releases().iter().flat_map(|release| &release.tracks);
    let titles: BTreeSet<_> = tracks().map(|track| &track.title).collect();
    assert_eq!(titles.len(), tracks().count());
}

#[test]
fn the_status_of_a_release_fits_its_date_and_one_is_withdrawn() {
    for (label, today) in labels() {
        let withdrawn = label.releases().iter().filter(|r| r.status == ReleaseStatus::Withdrawn).count();
        assert_eq!(withdrawn, 1);
        for release in label.releases() {
            let out = matches!(release.status, ReleaseStatus::Released | ReleaseStatus::Withdrawn);
            assert_eq!(out, release.release_date <= today, "{} {:?}", release.title, release.status);
        }
        for status in ReleaseStatus::ALL {
            assert!(label.releases().iter().any(|release| release.status == status), "none is {status}");
        }
    }
}

#[test]
fn releases_come_mostly_on_fridays_from_three_years_ago_to_four_months_ahead() {
    let label = label();
    let fridays =
        label.releases().iter().filter(|release| release.release_date.weekday() == Weekday::Friday).count();
    assert!(fridays >= 45, "{fridays} of 60");
    let (from, to) = (TODAY.saturating_sub(3.years().weeks(1)), TODAY.saturating_add(4.months()));
    assert!(label.releases().iter().all(|release| (from..=to).contains(&release.release_date)));
}

#[test]
fn nobody_released_before_signing() {
    for (label, _) in labels() {
        for release in label.releases() {
            let artist = label.artists().iter().find(|a| a.artist_id == release.artist_id).unwrap();
            assert!(artist.signed_on <= release.release_date, "{} {}", artist.name, release.title);
        }
    }
}

#[test]
fn everything_says_that_it_is_sample_data() {
    let label = label();
    assert!(label.artists().iter().all(|artist| artist.sample && artist.biography.contains("Sample data")));
    let marked = |track: &Track| track.isrc.starts_with("XX");
    assert!(label.releases().iter().all(|release| release.sample && release.p_line.contains("(sample)")));
    assert!(label.releases().iter().flat_map(|release| &release.tracks).all(marked));
}
