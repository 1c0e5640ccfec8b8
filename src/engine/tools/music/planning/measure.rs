//! What releases of an artist did, by the figures of their own tracks or by the artist's: like is compared with like.

use super::figures::{Figures, came_out};
use super::own_tracks::OwnTracks;
use crate::engine::catalog::analytics::ByTrack;
use crate::model::release::Release;
use crate::model::release_insights::CurveBasis;
use crate::music::release::curve::Curve;

/// The releases that a comparison needs: with fewer it would say more than is known.
pub(super) const LEAST_PAST: usize = 3;

/// The most releases of the past that are shown.
const MOST_PAST: usize = 20;

/// An earlier release with its curve.
pub(super) struct Past<'a> {
    pub(super) release: &'a Release,
    pub(super) curve: Curve,
}

/// The figures of an artist by which releases are measured.
pub(super) struct Measure<'a> {
    pub(super) figures: &'a Figures,
    pub(super) by_track: &'a ByTrack,
}

impl Measure<'_> {
    /// What a release did by the streams of its own tracks; none where no source tells them, or it is not out.
    pub(super) fn own_tracks(&self, release: &Release) -> Option<OwnTracks> {
        let as_of = self.figures.as_of.filter(|_| came_out(release))?;
        OwnTracks::of(release, self.by_track, as_of)
    }

    /// The releases of the artist that came out before a release, newest first, with what they did.
    pub(super) fn earlier<'r>(
        &self,
        all: &'r [Release],
        release: &Release,
        basis: CurveBasis,
    ) -> Vec<Past<'r>> {
        let own = all.iter().filter(|other| other.artist_id == release.artist_id);
        let before = own.filter(|other| other.release_id != release.release_id && came_out(other));
        let mut former: Vec<&Release> =
            before.filter(|other| other.release_date < release.release_date).collect();
        former.sort_by_key(|other| std::cmp::Reverse(other.release_date));
        let past = |release: &'r Release| Past { release, curve: self.curve(release, basis) };
        former.into_iter().take(MOST_PAST).map(past).collect()
    }

    fn curve(&self, release: &Release, basis: CurveBasis) -> Curve {
        match basis {
            CurveBasis::Tracks => self.own_tracks(release).map(|own| own.curve).unwrap_or_default(),
            CurveBasis::Artist => self.figures.curve(release.release_date),
        }
    }

    /// The earlier releases of one to come: by the figures of their own tracks where enough of them have those of their
    /// first week, else by the artist's.
    pub(super) fn for_plans<'r>(&self, all: &'r [Release], release: &Release) -> (CurveBasis, Vec<Past<'r>>) {
        let by_tracks = self.earlier(all, release, CurveBasis::Tracks);
        let known = by_tracks.iter().filter(|past| past.curve.week1.is_some()).count();
        if known >= LEAST_PAST {
            (CurveBasis::Tracks, by_tracks)
        } else {
            (CurveBasis::Artist, self.earlier(all, release, CurveBasis::Artist))
        }
    }
}
