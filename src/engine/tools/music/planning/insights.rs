//! `generate_release_insights`: what a release did, against the artist's own past.

use super::figures::{Figures, came_out, streams};
use super::measure::{LEAST_PAST, Measure, Past};
use super::own_tracks::{OwnTracks, isrcs};
use crate::engine::catalog::Catalog;
use crate::engine::config::TableRole;
use crate::engine::tools::{Class, Content, Context, Effect, Operation, Server, Subject, Tool, ToolError};
use crate::model::identifier::ReleaseId;
use crate::model::release::Release;
use crate::model::release_insights::{CurveBasis, CurveDay, PastRelease, ReleaseInsights};
use crate::model::tool::AwsResource;
use crate::music::identifier::Isrc;
use crate::music::release::curve::{Curve, DAYS};
use crate::music::release::percentile;
use crate::music::release::rules::days_between;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// Days within which another release of the artist is part of the picture.
const NEAR: i32 = 28;

/// Which release.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ReleaseInsightsInput {
    /// The release's id.
    #[schemars(title = "Release", length(min = 1, max = 64))]
    pub release_id: String,
}

/// Tells what a release did.
pub struct GenerateReleaseInsights;

impl Operation for GenerateReleaseInsights {
    const NAME: &'static str = "generate_release_insights";
    const EFFECT: Effect = Effect::Reads;
    const CLASS: Class = Class::Call;
    const SCOPED: bool = true;
    type Input = ReleaseInsightsInput;
    type Output = ReleaseInsights;

    fn resources(_: &ReleaseInsightsInput, catalog: &Catalog) -> Result<Vec<AwsResource>, ToolError> {
        Ok(super::what_is_read(catalog).to_vec())
    }

    fn subject(input: &ReleaseInsightsInput) -> Subject {
        Subject::release(None, Some(&input.release_id))
    }

    async fn run(input: ReleaseInsightsInput, context: Context) -> Result<ReleaseInsights, ToolError> {
        let catalog = &context.catalog;
        let id: ReleaseId = parsed("releaseId", &input.release_id)?;
        let release = catalog.release(catalog.table(TableRole::Releases), &id).await?;
        let artist = catalog.artist(catalog.table(TableRole::Artists), &release.artist_id).await?;
        let history = catalog.history(&release.artist_id).await?;
        let by_track = catalog.by_track(&release.artist_id).await?;
        let all = catalog.releases().await?;
        let figures = Figures::of(&history, &release.artist_id, catalog);
        let measure = Measure { figures: &figures, by_track: &by_track };
        let own = measure.own_tracks(&release);
        let (basis, past) = match &own {
            Some(_) => (CurveBasis::Tracks, measure.earlier(&all, &release, CurveBasis::Tracks)),
            None if came_out(&release) => {
                (CurveBasis::Artist, measure.earlier(&all, &release, CurveBasis::Artist))
            }
            None => measure.for_plans(&all, &release),
        };
        let curve = match &own {
            Some(own) => own.curve.clone(),
            None if came_out(&release) => figures.curve(release.release_date),
            None => Curve::default(),
        };
        let weeks: Vec<f64> = past.iter().filter_map(|past| past.curve.week1).collect();
        let percentile = curve.week1.filter(|_| weeks.len() >= LEAST_PAST);
        Ok(ReleaseInsights {
            percentile: percentile.and_then(|week| percentile::rank(&weeks, week)),
            notes: notes(&release, &all, &figures, (&curve, own.as_ref(), basis), weeks.len()),
            basis,
            day1: streams(curve.day1),
            week1: streams(curve.week1),
            day28: streams(curve.day28),
            decay_per_week: curve.decay_per_week,
            half_life_weeks: curve.half_life_weeks,
            front_load: curve.front_load,
            curve: days(&curve.days),
            usual: days(&usual(&past)),
            past: past.iter().map(view).collect(),
            release_id: release.release_id.to_string(),
            artist_id: release.artist_id.to_string(),
            release_date: release.release_date.to_string(),
            state: release.status.id().to_owned(),
            title: release.title,
            artist_name: artist.name,
            as_of: figures.as_of.map(|day| day.to_string()),
            sample: release.sample || figures.sample,
            source: figures.source,
        })
    }
}

/// The id that an argument names.
pub(super) fn parsed<T: std::str::FromStr<Err: std::fmt::Display>>(
    field: &str,
    text: &str,
) -> Result<T, ToolError> {
    text.parse().map_err(|error| ToolError::field(field, format!("{error}")))
}

fn days(uplift: &[Option<f64>]) -> Vec<CurveDay> {
    (0_u32..).zip(uplift).map(|(day, uplift)| CurveDay { day, uplift: streams(*uplift) }).collect()
}

/// The median of the earlier releases for each day on which at least three of them are known; nothing where that
/// is no day.
fn usual(past: &[Past<'_>]) -> Vec<Option<f64>> {
    let of_day = |day: usize| {
        let known: Vec<f64> =
            past.iter().filter_map(|past| past.curve.days.get(day).copied().flatten()).collect();
        percentile::quantile(&known, 0.5).filter(|_| known.len() >= LEAST_PAST)
    };
    let all: Vec<Option<f64>> = (0..DAYS).map(of_day).collect();
    if all.iter().any(Option::is_some) { all } else { Vec::new() }
}

fn view(past: &Past<'_>) -> PastRelease {
    PastRelease {
        release_id: past.release.release_id.to_string(),
        title: past.release.title.clone(),
        release_date: past.release.release_date.to_string(),
        day1: streams(past.curve.day1),
        week1: streams(past.curve.week1),
        day28: streams(past.curve.day28),
    }
}

fn notes(
    release: &Release,
    all: &[Release],
    figures: &Figures,
    (curve, own, basis): (&Curve, Option<&OwnTracks>, CurveBasis),
    weeks: usize,
) -> Vec<String> {
    let mut notes = vec![own.map_or_else(|| of_earlier(basis), OwnTracks::note)];
    if !came_out(release) {
        notes.push("The release is not out yet, so it has no figures.".to_owned());
    } else if figures.as_of.is_none() {
        notes.push("There are no figures of this artist.".to_owned());
    } else if own.is_none() && curve.days.iter().all(Option::is_none) {
        let first = figures.first.map(|day| day.to_string()).unwrap_or_default();
        notes.push(format!(
            "Nothing can be said of this release: figures begin on {first}, and the four weeks before a release \
             are needed."
        ));
    } else if curve.day28.is_none() {
        notes.push("The first 28 days are not over, or too many of them lack figures.".to_owned());
    }
    if weeks < LEAST_PAST {
        let of_what = match basis {
            CurveBasis::Tracks => "figures of their own tracks in",
            CurveBasis::Artist => "figures of",
        };
        notes.push(format!(
            "A percentile needs {LEAST_PAST} earlier releases with {of_what} their first week; there are {weeks}."
        ));
    }
    if let Some(own) = own {
        notes.extend(own.gaps());
        notes.extend(tracks_before(release, all));
    }
    if basis == CurveBasis::Artist {
        notes.extend(beside_the_artist(release, all, figures));
    }
    notes
}

/// By what releases are measured that have no figures of their own tracks, or of which there are none yet.
fn of_earlier(basis: CurveBasis) -> String {
    match basis {
        CurveBasis::Tracks => {
            "From the tracks' own figures: earlier releases are shown by the streams of their tracks, with nothing \
             taken off."
        }
        CurveBasis::Artist => {
            "From the artist's figures, because no source tells those of the release's tracks, or of enough earlier \
             ones: what is shown are the artist's streams above the level expected without the release, which is the \
             median of the same weekday in the four weeks before. A trend that the artist has anyway is in it."
        }
    }
    .to_owned()
}

/// What else is in the streams of tracks: those of recordings that were out before.
fn tracks_before(release: &Release, all: &[Release]) -> Option<String> {
    let own = isrcs(release);
    let earlier = all.iter().filter(|other| other.release_id != release.release_id && came_out(other));
    let before: BTreeSet<Isrc> =
        earlier.filter(|other| other.release_date < release.release_date).flat_map(isrcs).collect();
    let known = own.intersection(&before).count();
    (known > 0).then(|| {
        format!("{known} of its tracks came out before; what they would have had anyway is in the figures.")
    })
}

/// What the artist's figures lack, and what else is in them.
fn beside_the_artist(release: &Release, all: &[Release], figures: &Figures) -> Vec<String> {
    let mut notes = Vec::new();
    if figures.incomplete > 0 {
        notes.push(format!(
            "{} days lack the report of a platform and count as unknown; sums are filled with the mean of the \
             other days where at least three quarters are known.",
            figures.incomplete
        ));
    }
    let near = all.iter().filter(|other| {
        other.artist_id == release.artist_id
            && other.release_id != release.release_id
            && came_out(other)
            && days_between(release.release_date, other.release_date).abs() <= NEAR
    });
    notes.extend(near.map(|other| {
        format!(
            "“{}” by the same artist came out on {}; its effect cannot be told apart.",
            other.title, other.release_date
        )
    }));
    notes
}

impl Tool for GenerateReleaseInsights {
    const SERVER: Server = Server::Music;
    const CONTENT: Content = Content::Untrusted;
    const TITLE: &'static str = "Release insights";
    const DESCRIPTION: &'static str = "Tells what a release did: the streams of its tracks, or where no source tells \
        those, the artist's streams above the expected level, on the first day, in the first week and in 28 days, how \
        fast that fades, and how it compares with the artist's earlier releases.";
}
