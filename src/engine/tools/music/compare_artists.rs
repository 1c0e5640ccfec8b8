//! `compare_artists`: artists side by side, or those who resemble one, with the reasons.

mod contrasts;
mod likeness;

use super::band;
use super::figures::{ArtistFigures, whole};
use super::label::Label;
use super::periods::{self, Asked, USUAL_DAYS};
use crate::engine::catalog::Catalog;
use crate::engine::config::TableRole;
use crate::engine::tools::{
    Class, Content, Context, Effect, Operation, Server, Subject, Tool, ToolError, choices,
};
use crate::model::analysis::{ArtistComparison, ComparedArtist};
use crate::model::analytics::Freshness;
use crate::model::artist::Artist;
use crate::model::identifier::ArtistId;
use crate::model::tool::AwsResource;
use crate::music::analysis::comparison::{compare_sums, like_days};
use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The most artists side by side.
const MOST_ARTISTS: usize = 8;
/// How many similar artists are found unless more are asked for.
const USUAL_SIMILAR: u32 = 3;
/// The rest of the world.
const REST: &str = "ZZ";

/// Which artists.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct CompareArtistsInput {
    /// The artists' ids, the first of them compared with the others.
    #[schemars(title = "Artists", length(max = 8))]
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub artist_ids: Vec<String>,
    /// One artist, in place of several: it is compared with those who resemble it.
    #[schemars(title = "Artist", length(min = 1, max = 64))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub artist_id: Option<String>,
    /// How many similar artists to find, with `artistId`; 3 unless given.
    #[schemars(title = "Similar artists", range(min = 1, max = 7))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub similar: Option<u32>,
}

impl CompareArtistsInput {
    /// The ids, checked: none twice.
    fn ids(&self) -> Result<Vec<ArtistId>, ToolError> {
        if let Some(id) = &self.artist_id {
            if !self.artist_ids.is_empty() {
                return Err(ToolError::field("artistId", "give one artist or a list of artists, not both"));
            }
            return Ok(vec![periods::artist("artistId", id)?]);
        }
        if self.similar.is_some() {
            return Err(ToolError::field(
                "similar",
                "similar artists are found for one artist: give artistId",
            ));
        }
        if self.artist_ids.is_empty() || self.artist_ids.len() > MOST_ARTISTS {
            return Err(ToolError::field("artistIds", "one to eight artists are needed"));
        }
        let mut ids: Vec<ArtistId> = Vec::new();
        for (place, text) in self.artist_ids.iter().enumerate() {
            let field = format!("artistIds.{place}");
            let id = periods::artist(&field, text)?;
            if ids.contains(&id) {
                return Err(ToolError::field(field, "this artist is named twice"));
            }
            ids.push(id);
        }
        Ok(ids)
    }
}

/// Compares artists.
pub struct CompareArtists;

impl Operation for CompareArtists {
    const NAME: &'static str = "compare_artists";
    const EFFECT: Effect = Effect::Reads;
    const CLASS: Class = Class::Call;
    const SCOPED: bool = true;
    type Input = CompareArtistsInput;
    type Output = ArtistComparison;

    fn resources(input: &CompareArtistsInput, catalog: &Catalog) -> Result<Vec<AwsResource>, ToolError> {
        input.ids()?;
        Ok(vec![
            choices::dynamodb("Query", catalog.table(TableRole::Analytics)),
            choices::dynamodb("Scan", catalog.table(TableRole::Artists)),
        ])
    }

    fn subject(input: &CompareArtistsInput) -> Subject {
        let ids = input.artist_id.iter().chain(&input.artist_ids).cloned();
        Subject { artists: Some(ids.collect()), ..Subject::default() }
    }

    async fn run(input: CompareArtistsInput, context: Context) -> Result<ArtistComparison, ToolError> {
        let catalog = &context.catalog;
        let label = Label::read(catalog).await?;
        let asked = input.ids()?;
        let mut shown = Vec::new();
        for id in &asked {
            shown.push(Side::read(catalog, &label, label.artist(id)?).await?);
        }
        let (mut similar, mut notes) = (Vec::new(), Vec::new());
        if input.artist_id.is_some() {
            let wanted = usize::try_from(input.similar.unwrap_or(USUAL_SIMILAR)).unwrap_or(MOST_ARTISTS);
            let found = likeness::similar(&label, &context.scope, &asked, wanted, catalog).await?;
            for row in &found {
                let id = periods::artist("artistId", &row.artist_id)?;
                shown.push(Side::read(catalog, &label, label.artist(&id)?).await?);
            }
            if found.is_empty() {
                notes.push("No artist whose figures may be shown has a similar size.".to_owned());
            }
            similar = found;
        }
        let (strengths, gaps) = contrasts::contrasts(&shown);
        if shown.len() < 2 {
            notes.push("Strengths and gaps need at least two artists.".to_owned());
        }
        notes.extend(shown.iter().flat_map(Side::notes));
        let table = catalog.table(TableRole::Analytics);
        Ok(ArtistComparison {
            freshness: Freshness {
                as_of: shown.iter().filter_map(|side| side.as_of).max(),
                source: format!(
                    "table {table}, newest {USUAL_DAYS} known days of each artist against the {USUAL_DAYS} before"
                ),
                sample: shown.iter().any(|side| side.sample),
            },
            artists: shown.into_iter().map(|side| side.row).collect(),
            similar,
            strengths,
            gaps,
            notes,
        })
    }
}

/// An artist of the comparison.
struct Side {
    row: ComparedArtist,
    as_of: Option<Date>,
    sample: bool,
    gaps: Vec<String>,
}

impl Side {
    async fn read(catalog: &Catalog, label: &Label, artist: &Artist) -> Result<Self, ToolError> {
        let figures = ArtistFigures::read(catalog, &artist.artist_id, 2 * USUAL_DAYS).await?;
        let mut side = Self {
            row: ComparedArtist {
                artist_id: artist.artist_id.to_string(),
                name: artist.name.clone(),
                genre: artist.genre.clone(),
                country: artist.country.clone(),
                streams: None,
                change: None,
                save_rate: None,
                followers: None,
                momentum: None,
                band: band(None),
                top_territory: None,
            },
            as_of: figures.as_of(),
            sample: artist.sample || figures.is_sample(),
            gaps: vec!["There are no figures yet.".to_owned()],
        };
        if let Some(newest) = figures.newest_known() {
            side.fill(&figures, newest)?;
            let momentum = label.momentum(artist, newest);
            side.row.momentum = momentum.value;
            side.row.band = momentum.band;
        }
        Ok(side)
    }

    fn fill(&mut self, figures: &ArtistFigures, newest: Date) -> Result<(), ToolError> {
        let (now, before) = Asked::default().periods(newest)?;
        let streams = figures.streams();
        let sum = |daily: &crate::music::analysis::daily::Daily| -> f64 {
            daily.between(now.from, now.to).known().iter().sum()
        };
        let known: Vec<(f64, f64)> = like_days(now, before)
            .into_iter()
            .filter_map(|(one, other)| Some((streams.on(one)?, streams.on(other)?)))
            .collect();
        let (newer, older): (Vec<f64>, Vec<f64>) = known.into_iter().unzip();
        let listeners = figures.daily(|row| row.listeners);
        let saves = figures.daily(|row| row.saves).between(now.from, now.to);
        let both = saves.iter().filter_map(|(date, saves)| Some((saves?, listeners.on(date)?)));
        let (saves, listeners) =
            both.fold((0.0, 0.0), |(all, heard), (saves, listeners)| (all + saves, heard + listeners));
        let mut territories: BTreeMap<&str, u64> = BTreeMap::new();
        for row in figures.rows().filter(|row| (now.from..=now.to).contains(&row.date)) {
            for (code, streams) in &row.territories {
                *territories.entry(code).or_default() += streams;
            }
        }
        self.row.streams = Some(whole(sum(&streams)));
        self.row.change = compare_sums(&newer, &older).map(|found| found.change);
        self.row.save_rate = (listeners > 0.0).then(|| saves / listeners);
        self.row.followers = figures.daily(|row| row.followers).on(newest).map(whole);
        self.row.top_territory = territories
            .into_iter()
            .filter(|(code, _)| *code != REST)
            .max_by_key(|(_, streams)| *streams)
            .map(|(code, _)| code.to_owned());
        let begin = figures.first().map_or(before.from, |first| first.max(before.from));
        self.gaps = figures.gaps(begin, now.to);
        if begin > before.from {
            self.gaps.push(format!("There are figures from {begin} on only."));
        }
        Ok(())
    }

    fn notes(&self) -> Vec<String> {
        self.gaps.iter().map(|gap| format!("{}: {gap}", self.row.name)).collect()
    }
}

impl Tool for CompareArtists {
    const SERVER: Server = Server::Music;
    const CONTENT: Content = Content::Untrusted;
    const TITLE: &'static str = "Compare artists";
    const DESCRIPTION: &'static str = "Puts up to eight artists side by side, or finds those who resemble one \
        by genre, territories and size, with the reasons; says where the first is ahead and where behind.";
}
