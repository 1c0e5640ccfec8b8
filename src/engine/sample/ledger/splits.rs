//! Who shares in the royalties of a track.

use super::super::artists::SampleArtist;
use super::super::random::Random;
use super::{LABEL_NAME, Participant, Split};
use crate::model::release::Release;

/// Invented producers.
const PRODUCERS: [&str; 6] =
    ["Ida Sundvoll", "Marek Oleandro", "Tove Brekkmoe", "Kofi Aderemi-Lund", "Celia Norrvik", "Jun Hayamori"];
/// What a producer may get, in hundredths of a percent.
const PRODUCER_PARTS: [i64; 4] = [1_000, 1_250, 1_500, 2_000];
/// The whole.
const WHOLE: i64 = 10_000;

/// Artists and producers, and the parts of every track.
pub(super) fn generate(
    seed: u64,
    roster: &[SampleArtist],
    releases: &[Release],
) -> (Vec<Participant>, Vec<Split>) {
    let mut random = Random::new(seed, "ledger splits");
    let artists = roster.iter().map(|artist| Participant {
        participant_id: artist_participant(artist.artist_id.as_str()),
        name: artist.profile.name.to_owned(),
        role: "artist",
        artist_id: Some(artist.artist_id.to_string()),
    });
    let producers = PRODUCERS.iter().zip(1..).map(|(name, number)| Participant {
        participant_id: producer_participant(number),
        name: format!("{name} (producer of {LABEL_NAME})"),
        role: "producer",
        artist_id: None,
    });
    let participants = artists.chain(producers).collect();

    let mut splits = Vec::new();
    for release in releases {
        // One producer makes a whole release; every second one is made by the artist alone.
        let producer = (random.below(2) == 0).then(|| 1 + random.below(6));
        for track in &release.tracks {
            let part = producer.map_or(0, |_| *random.pick(&PRODUCER_PARTS));
            let split = |participant_id, basis_points| Split {
                isrc: track.isrc.clone(),
                participant_id,
                basis_points,
            };
            splits.push(split(artist_participant(release.artist_id.as_str()), WHOLE - part));
            splits.extend(producer.map(|number| split(producer_participant(number), part)));
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
