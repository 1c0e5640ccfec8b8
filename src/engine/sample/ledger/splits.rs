//! Who shares in the royalties of a track.

use super::super::artists::SampleArtist;
use super::super::producers;
use super::{Participant, Split};
use crate::model::release::Release;

/// The whole, in hundredths of a percent.
const WHOLE: i64 = 10_000;

/// Artists and producers, and the parts of every track.
pub(super) fn generate(
    seed: u64,
    roster: &[SampleArtist],
    releases: &[Release],
) -> (Vec<Participant>, Vec<Split>) {
    let artists = roster.iter().map(|artist| Participant {
        participant_id: artist_participant(artist.artist_id.as_str()),
        name: artist.profile.name.to_owned(),
        role: "artist",
        artist_id: Some(artist.artist_id.to_string()),
    });
    let producers = producers::names().into_iter().zip(1..).map(|(name, number)| Participant {
        participant_id: producer_participant(number),
        name,
        role: "producer",
        artist_id: None,
    });
    let participants = artists.chain(producers).collect();

    let mut splits = Vec::new();
    for (release, production) in releases.iter().zip(producers::productions(seed, roster, releases)) {
        let part = production.map_or(0, |production| i64::from(production.basis_points));
        for track in &release.tracks {
            let split = |participant_id, basis_points| Split {
                isrc: track.isrc.clone(),
                participant_id,
                basis_points,
            };
            splits.push(split(artist_participant(release.artist_id.as_str()), WHOLE - part));
            splits.extend(production.map(|made| split(producer_participant(made.number), part)));
        }
    }
    (participants, splits)
}

fn artist_participant(artist_id: &str) -> String {
    format!("par_{artist_id}")
}

fn producer_participant(number: u32) -> String {
    format!("par_producer_{number}")
}
