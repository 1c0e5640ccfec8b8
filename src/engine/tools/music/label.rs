//! The label's artists with their newest figures: whom an artist is compared with. Of others than those in
//! the scope of a call, only sums and medians leave this server.

use super::figures::{number, reports_seldom, seldom, span_of, steady};
use super::{band, counted};
use crate::engine::catalog::analytics::{DayStreams, RECENT_DAYS, Recent};
use crate::engine::catalog::{Catalog, CatalogError};
use crate::model::analysis::MomentumValue;
use crate::model::analytics::Platform;
use crate::model::artist::{Artist, Standing};
use crate::model::identifier::ArtistId;
use crate::music::analysis::daily::{Daily, after};
use crate::music::analysis::momentum::{
    EARLIER_DAYS, NEEDED_PEERS, NEWEST_DAYS, Part, Stage, growth, momentum, narrowest, usual_day,
};
use futures::{StreamExt, TryStreamExt, stream};
use jiff::civil::Date;
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

/// How many artists' figures are read side by side.
const SIDE_BY_SIDE: usize = 8;

/// The label's artists with the streams of their newest days.
pub(in crate::engine::tools) struct Label {
    pub(in crate::engine::tools) artists: Vec<Artist>,
    /// The streams of the newest [`RECENT_DAYS`] days; unknown on days on which a platform is missing.
    recent: HashMap<ArtistId, Daily>,
    /// What these were added up from.
    told: HashMap<ArtistId, Arc<Recent>>,
    /// The newest day with figures of any platform, of each artist who has some.
    newest: HashMap<ArtistId, Date>,
    /// The newest day of all with figures.
    pub(in crate::engine::tools) as_of: Option<Date>,
}

impl Label {
    /// Reads them.
    pub(in crate::engine::tools) async fn read(catalog: &Catalog) -> Result<Self, CatalogError> {
        let artists = catalog.artists().await?.to_vec();
        let ids: Vec<ArtistId> = artists.iter().map(|artist| artist.artist_id.clone()).collect();
        let told: HashMap<_, _> = stream::iter(ids)
            .map(|id| async move {
                let days = catalog.recent(&id).await?;
                Ok::<_, CatalogError>((id, days))
            })
            .buffer_unordered(SIDE_BY_SIDE)
            .try_collect()
            .await?;
        let newest: HashMap<ArtistId, Date> =
            told.iter().filter_map(|(id, recent)| Some((id.clone(), recent.as_of()?))).collect();
        let as_of = newest.values().copied().max();
        let recent = told.iter().filter_map(|(id, days)| Some((id.clone(), totals(days, as_of?)))).collect();
        Ok(Self { artists, recent, told, newest, as_of })
    }

    /// The artist of an id.
    pub(super) fn artist(&self, id: &ArtistId) -> Result<&Artist, CatalogError> {
        let found = self.artists.iter().find(|artist| artist.artist_id == *id);
        found.ok_or_else(|| CatalogError::NotFound { what: "artist", id: id.to_string() })
    }

    /// The streams of an artist's newest days.
    pub(in crate::engine::tools) fn streams(&self, id: &ArtistId) -> Option<&Daily> {
        self.recent.get(id)
    }

    /// What platforms told of an artist's newest days; none where they told nothing.
    pub(super) fn newest_days(&self, id: &ArtistId) -> Option<&Recent> {
        self.told.get(id).map(Arc::as_ref).filter(|recent| recent.as_of().is_some())
    }

    /// Everybody's streams but one's.
    pub(super) fn others(&self, id: &ArtistId) -> Vec<Daily> {
        let others = self.artists.iter().filter(|artist| artist.artist_id != *id);
        others.filter_map(|artist| self.recent.get(&artist.artist_id).cloned()).collect()
    }

    /// The stage of an artist by the newest days; none without figures.
    pub(super) fn stage(&self, artist: &Artist) -> Option<Stage> {
        let streams = self.recent.get(&artist.artist_id)?;
        usual_day(streams, self.as_of?).map(Stage::of)
    }

    /// How fast everybody grows up to a day of whom that is known.
    pub(super) fn grown(&self, to: Date) -> Vec<Grown<'_>> {
        let grown = |artist: &Artist| growth(self.recent.get(&artist.artist_id)?, to);
        let known = self.artists.iter().filter_map(|artist| Some((artist, grown(artist)?)));
        known.map(|(artist, growth)| Grown { artist, growth, stage: self.stage(artist) }).collect()
    }

    /// How fast an artist grows up to a day, compared with the narrowest group of peers that is large
    /// enough: same stage and genre, same stage, or everybody.
    pub(super) fn momentum(&self, artist: &Artist, to: Date) -> MomentumValue {
        let mut found = momentum_among(artist, to, &self.grown(to));
        let told = self.told.get(&artist.artist_id).map(|recent| told(recent)).unwrap_or_default();
        for (platform, days) in seldom(&told) {
            found.reason = format!("{} {}", found.reason, reports_seldom(platform, days));
        }
        found
    }

    /// How every artist stands among the others on the newest day. With many artists it is work for a thread of
    /// its own.
    pub(in crate::engine::tools) fn standings(&self) -> HashMap<ArtistId, Standing> {
        let grown = self.as_of.map(|to| (to, self.grown(to)));
        let standing = |artist: &Artist| {
            let momentum = grown.as_ref().map(|(to, grown)| momentum_among(artist, *to, grown));
            Standing {
                momentum: momentum.as_ref().and_then(|found| found.value),
                band: momentum.as_ref().map_or(band(None), |found| found.band),
                peers: momentum.as_ref().map_or(0, |found| found.peers),
                stage: self.stage(artist).map(|stage| stage.label().to_owned()),
                as_of: self.newest.get(&artist.artist_id).copied(),
            }
        };
        self.artists.iter().map(|artist| (artist.artist_id.clone(), standing(artist))).collect()
    }
}

/// An artist's growth, in ln.
pub(super) struct Grown<'a> {
    pub(super) artist: &'a Artist,
    growth: f64,
    stage: Option<Stage>,
}

/// The momentum of an artist among all whose growth is known.
pub(super) fn momentum_among(artist: &Artist, to: Date, grown: &[Grown<'_>]) -> MomentumValue {
    let without = |peers: usize, reason: String| MomentumValue {
        value: None,
        band: band(None),
        peers: counted(peers),
        reason,
    };
    let own = grown.iter().find(|grown| grown.artist.artist_id == artist.artist_id);
    let Some(own) = own else {
        let days = NEWEST_DAYS + EARLIER_DAYS;
        let reason = format!("Momentum needs {days} days of figures up to {to}, and they are not there.");
        return without(grown.len(), reason);
    };
    let of = |fits: &dyn Fn(&Grown<'_>) -> bool| -> Vec<f64> {
        let peers = grown.iter().filter(|other| other.artist.artist_id != artist.artist_id);
        peers.filter(|other| fits(other)).map(|other| other.growth).collect()
    };
    let closest = of(&|other| other.stage == own.stage && other.artist.genre == artist.genre);
    let same_stage = of(&|other| other.stage == own.stage);
    let everybody = of(&|_| true);
    let (alike, all) = (closest.len(), everybody.len());
    let Some((group, peers)) = narrowest(vec![closest, same_stage, everybody]) else {
        let reason = format!("Momentum needs {NEEDED_PEERS} peers with figures, and the label has {all}.");
        return without(all, reason);
    };
    let count = peers.len();
    let stage = own.stage.map_or("the same", Stage::label);
    let whom = match group {
        0 => format!("{count} {stage} artists of {}", artist.genre),
        1 => format!("{count} {stage} artists of any genre, as only {alike} share the genre"),
        _ => format!("all {count} other artists of the label, as only {alike} share stage and genre"),
    };
    let value = momentum(&[Part { growth: own.growth, peers, weight: 1.0 }]);
    MomentumValue {
        value,
        band: band(value),
        peers: counted(count),
        reason: format!(
            "Growth of the streams over {NEWEST_DAYS} days against the {EARLIER_DAYS} before, beyond the median of \
             {whom}, in deviations of their growth. Streams are the only metric that counts (weight 1)."
        ),
    }
}

/// The totals of days over the platforms that report throughout; unknown where one of them is missing.
fn totals(recent: &Recent, as_of: Date) -> Daily {
    let length = i32::try_from(RECENT_DAYS).unwrap_or(i32::MAX);
    let told = told(recent);
    let platforms = steady(&told, span_of(&told), length);
    let whole = |day: &DayStreams| platforms.iter().map(|platform| day.of(*platform)).sum::<Option<u64>>();
    let known = recent.days.iter().filter_map(|(date, day)| Some((*date, number(whole(day)?))));
    Daily::of(&known.collect::<BTreeMap<Date, f64>>(), after(as_of, 1 - length), as_of)
}

/// On which day which platform reported, oldest first.
fn told(recent: &Recent) -> Vec<(Date, Platform)> {
    let days = recent.days.iter();
    days.flat_map(|(date, day)| day.told().map(move |(platform, _)| (*date, platform))).collect()
}
