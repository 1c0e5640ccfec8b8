//! The records of the sample label's artists.

use super::random::Random;
use super::roster::{Profile, ROSTER, Role};
use super::{HISTORY_DAYS, NEWCOMER_DAYS, days_before};
use crate::model::artist::{Artist, ArtistEvent};
use crate::model::identifier::ArtistId;
use jiff::civil::Date;

/// An artist's record together with what it was made from.
pub(super) struct SampleArtist {
    pub(super) profile: &'static Profile,
    pub(super) artist_id: ArtistId,
    pub(super) signed_on: Date,
}

/// All artists, with ids drawn from the seed.
pub(super) fn generate(seed: u64, today: Date) -> Vec<SampleArtist> {
    let mut random = Random::new(seed, "artists");
    ROSTER
        .iter()
        .map(|profile| SampleArtist {
            profile,
            artist_id: artist_id(&mut random),
            signed_on: signed_on(profile, today, &mut random),
        })
        .collect()
}

#[expect(clippy::expect_used, reason = "letters, digits and '_' are always an id")]
fn artist_id(random: &mut Random) -> ArtistId {
    random.id("art").parse().expect("a generated id is an id")
}

/// The newcomer signed when the figures begin; everyone else before the first release.
fn signed_on(profile: &Profile, today: Date, random: &mut Random) -> Date {
    let days_ago = match profile.role {
        Role::Newcomer => NEWCOMER_DAYS,
        _ => 3 * HISTORY_DAYS + i32::try_from(random.below(700)).unwrap_or_default(),
    };
    days_before(today, days_ago)
}

impl SampleArtist {
    /// The record as stored.
    pub(super) fn record(&self, mut events: Vec<ArtistEvent>) -> Artist {
        events.sort_by_key(|event| event.date);
        Artist {
            artist_id: self.artist_id.clone(),
            name: self.profile.name.to_owned(),
            disambiguation: self.profile.disambiguation.map(str::to_owned),
            genre: self.profile.genre.label().to_owned(),
            country: self.profile.country.to_owned(),
            signed_on: self.signed_on,
            biography: format!("{} Sample data: this artist is invented.", self.profile.biography),
            isni: None,
            ipi: None,
            portrait: None,
            events,
            sample: true,
            version: 1,
        }
    }
}
