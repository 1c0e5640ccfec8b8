//! `record_analytics`: writes daily figures, all or none.

use crate::engine::catalog::Catalog;
use crate::engine::catalog::analytics::{ROWS_AT_ONCE, latest_day};
use crate::engine::config::TableRole;
use crate::engine::tools::{Class, Content, Context, Effect, Operation, Server, Tool, ToolError, choices};
use crate::model::analytics::{DailyAnalytics, Platform};
use crate::model::engagement::Engagement;
use crate::model::field::FieldError;
use crate::model::tool::AwsResource;
use crate::music::identifier::Isrc;
use jiff::civil::{Date, date};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// The figures to write.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct RecordAnalyticsInput {
    /// The table.
    #[schemars(title = "Table")]
    pub table_name: Option<String>,
    /// Where the figures come from, for instance the name of a platform's report.
    #[schemars(title = "Source", length(min = 1, max = 120))]
    pub source: String,
    /// The figures: one row for each artist, day and platform; at most 100.
    #[schemars(title = "Rows", length(min = 1, max = ROWS_AT_ONCE))]
    pub rows: Vec<RecordedRow>,
}

/// The most that a figure of a day can be: more than mankind can play, and far from where sums overflow.
const MOST: u64 = 1_000_000_000_000;

/// Figures of recordings in a row: a hundred rows with so many are less than what one transaction can write.
const MOST_TRACKS: usize = 1000;

/// The earliest day with figures; earlier ones are mistyped.
const EARLIEST: Date = date(2000, 1, 1);

/// The figures of an artist on a platform on a day.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schemars(inline)]
pub struct RecordedRow {
    /// The artist's id.
    #[schemars(title = "Artist", length(min = 1, max = 64))]
    pub artist_id: String,
    /// The day.
    #[schemars(title = "Day", extend("format" = "date"))]
    pub date: String,
    /// The platform.
    #[schemars(title = "Platform")]
    pub platform: Platform,
    /// Plays of at least 30 seconds; 0 for a social network, whose plays are views.
    #[schemars(title = "Streams", range(max = MOST))]
    pub streams: u64,
    /// Different listeners; 0 for a social network, which has none.
    #[schemars(title = "Listeners", range(max = MOST))]
    pub listeners: u64,
    /// Times that a track was saved; 0 for a social network, which does not tell it.
    #[schemars(title = "Saves", range(max = MOST))]
    pub saves: u64,
    /// Followers at the end of the day.
    #[schemars(title = "Followers", range(max = MOST))]
    pub followers: u64,
    /// Streams by territory (ISO 3166-1 alpha-2; `ZZ` for the rest of the world). They must add up to
    /// the streams.
    #[schemars(title = "Territories")]
    pub territories: BTreeMap<String, u64>,
    /// Streams by recording (ISRC), as far as the source tells recordings apart: together at most the streams.
    #[schemars(title = "Tracks", extend("maxProperties" = MOST_TRACKS))]
    #[serde(default)]
    pub tracks: BTreeMap<String, u64>,
    /// Saves by recording (ISRC), as far as the source tells them: together at most the saves.
    #[schemars(title = "Saves by track", extend("maxProperties" = MOST_TRACKS))]
    #[serde(default)]
    pub track_saves: BTreeMap<String, u64>,
    /// Different listeners of each recording (ISRC) on the day, as far as the source tells them: each at most the
    /// listeners. They are never added up.
    #[schemars(title = "Listeners by track", extend("maxProperties" = MOST_TRACKS))]
    #[serde(default)]
    pub track_listeners: BTreeMap<String, u64>,
    /// Times that a track was added to a playlist on the day; left out where it is not known.
    #[schemars(title = "Playlist adds", range(max = MOST))]
    pub playlist_adds: Option<u64>,
    /// Followers of the playlists that have a track, at the end of the day; left out where it is not known.
    #[schemars(title = "Playlist reach", range(max = MOST))]
    pub playlist_reach: Option<u64>,
    /// Times that a track was skipped on the day; left out where it is not known.
    #[schemars(title = "Skips", range(max = MOST))]
    pub skips: Option<u64>,
    /// Likes on the day; left out where it is not known.
    #[schemars(title = "Likes", range(max = MOST))]
    pub likes: Option<u64>,
    /// Comments on the day; left out where it is not known.
    #[schemars(title = "Comments", range(max = MOST))]
    pub comments: Option<u64>,
    /// Posts on the day; left out where it is not known.
    #[schemars(title = "Posts", range(max = MOST))]
    pub posts: Option<u64>,
    /// Views on the day; left out where it is not known.
    #[schemars(title = "Views", range(max = MOST))]
    pub views: Option<u64>,
}

/// What was written.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Recorded {
    /// The table.
    #[schemars(title = "Table")]
    pub table_name: String,
    /// How many rows were written.
    #[schemars(title = "Rows written")]
    pub recorded: u32,
}

impl RecordAnalyticsInput {
    /// All rows, checked; every mistake is named.
    fn rows(&self) -> Result<Vec<DailyAnalytics>, ToolError> {
        let mut rows = Vec::with_capacity(self.rows.len());
        let mut wrong = Vec::new();
        let mut seen = BTreeSet::new();
        for (position, row) in self.rows.iter().enumerate() {
            match row.check(position, &self.source) {
                Ok(row) => {
                    if !seen.insert((row.artist_id.clone(), row.sort_key())) {
                        let message = "this artist, day and platform is there twice";
                        wrong.push(FieldError::new(format!("rows.{position}"), message));
                    }
                    rows.push(row);
                }
                Err(mistakes) => wrong.extend(mistakes),
            }
        }
        if wrong.is_empty() { Ok(rows) } else { Err(ToolError::Invalid(wrong)) }
    }
}

impl RecordedRow {
    /// What it says beside listening.
    fn engagement(&self) -> Engagement {
        Engagement {
            playlist_adds: self.playlist_adds,
            playlist_reach: self.playlist_reach,
            skips: self.skips,
            likes: self.likes,
            comments: self.comments,
            posts: self.posts,
            views: self.views,
        }
    }

    /// Its streams by recording, or what is wrong with them.
    fn tracks(&self) -> Result<BTreeMap<String, u64>, String> {
        if self.tracks.len() + self.track_saves.len() + self.track_listeners.len() > MOST_TRACKS {
            return Err(format!("more than {MOST_TRACKS} figures of recordings in a row"));
        }
        parts_of("streams", self.streams, by_isrc(&self.tracks)?)
    }

    /// Its saves by recording, or what is wrong with them.
    fn track_saves(&self) -> Result<BTreeMap<String, u64>, String> {
        parts_of("saves", self.saves, by_isrc(&self.track_saves)?)
    }

    /// Its listeners by recording, or what is wrong with them. The same person hears several recordings, so each of them
    /// may have all listeners.
    fn track_listeners(&self) -> Result<BTreeMap<String, u64>, String> {
        let found = by_isrc(&self.track_listeners)?;
        if let Some((isrc, listeners)) = found.iter().find(|(_, listeners)| **listeners > self.listeners) {
            return Err(format!("{isrc} has {listeners}, but listeners is {}", self.listeners));
        }
        Ok(found)
    }

    fn check(&self, position: usize, source: &str) -> Result<DailyAnalytics, Vec<FieldError>> {
        let mut wrong = Vec::new();
        let mut note = |field: &str, message: String| {
            wrong.push(FieldError::new(format!("rows.{position}.{field}"), message));
        };
        let artist_id = self.artist_id.parse().map_err(|error| note("artistId", format!("{error}")));
        let date = self.date.parse::<Date>().map_err(|error| note("date", format!("not a day: {error}")));
        if date.is_ok_and(|date| date < EARLIEST) {
            note("date", format!("figures begin on {EARLIEST}"));
        }
        let country = |code: &String| code.len() == 2 && code.chars().all(|c| c.is_ascii_uppercase());
        if let Some(code) = self.territories.keys().find(|code| !country(code)) {
            note("territories", format!("{code:?} is not a country code of two capital letters"));
        }
        let sum = self.territories.values().try_fold(0_u64, |sum, streams| sum.checked_add(*streams));
        if sum != Some(self.streams) {
            let sum = sum.map_or_else(|| "too much".to_owned(), |sum| sum.to_string());
            note("territories", format!("they add up to {sum}, but streams is {}", self.streams));
        }
        let platform = self.platform;
        let listening = [("streams", self.streams), ("listeners", self.listeners), ("saves", self.saves)];
        for (field, _) in listening.into_iter().filter(|(_, value)| platform.is_social() && *value > 0) {
            note(field, format!("{} is a social network: give 0, and its plays as views", platform.label()));
        }
        let heard = |value: u64| (!platform.is_social()).then_some(value);
        let tracks = self.tracks().map_err(|message| note("tracks", message)).unwrap_or_default();
        let track_saves =
            self.track_saves().map_err(|message| note("trackSaves", message)).unwrap_or_default();
        let track_listeners =
            self.track_listeners().map_err(|message| note("trackListeners", message)).unwrap_or_default();
        match (artist_id, date) {
            (Ok(artist_id), Ok(date)) if wrong.is_empty() => Ok(DailyAnalytics {
                artist_id,
                date,
                platform,
                streams: self.streams,
                listeners: heard(self.listeners),
                saves: heard(self.saves),
                followers: Some(self.followers),
                territories: self.territories.clone(),
                tracks,
                track_saves,
                track_listeners,
                engagement: self.engagement(),
                source: source.to_owned(),
            }),
            _ => Err(wrong),
        }
    }
}

/// Figures by recording, each code as it is stored, or what is wrong with the codes.
fn by_isrc(figures: &BTreeMap<String, u64>) -> Result<BTreeMap<String, u64>, String> {
    let mut found = BTreeMap::new();
    for (code, figure) in figures {
        let isrc = code.parse::<Isrc>().map_err(|error| format!("{code:?}: {error}"))?;
        if found.insert(isrc.as_str().to_owned(), *figure).is_some() {
            return Err(format!("{isrc} is there twice"));
        }
    }
    Ok(found)
}

/// Parts that are together at most the whole, or what is wrong with them.
fn parts_of(name: &str, whole: u64, parts: BTreeMap<String, u64>) -> Result<BTreeMap<String, u64>, String> {
    let sum = parts.values().copied().fold(0, u64::saturating_add);
    if sum > whole { Err(format!("they add up to {sum}, but {name} is {whole}")) } else { Ok(parts) }
}

/// A day to come would be the newest of the whole label, and every other artist's recent days empty.
fn none_in_the_future(rows: &[DailyAnalytics], latest: Date) -> Result<(), ToolError> {
    let wrong: Vec<_> = rows
        .iter()
        .enumerate()
        .filter(|(_, row)| row.date > latest)
        .map(|(position, row)| {
            let message = format!("{} has not come yet; today is {latest} at the latest", row.date);
            FieldError::new(format!("rows.{position}.date"), message)
        })
        .collect();
    if wrong.is_empty() { Ok(()) } else { Err(ToolError::Invalid(wrong)) }
}

/// Writes daily figures.
pub struct RecordAnalytics;

impl Operation for RecordAnalytics {
    const NAME: &'static str = "record_analytics";
    const EFFECT: Effect = Effect::Replaces;
    const CLASS: Class = Class::Call;
    type Input = RecordAnalyticsInput;
    type Output = Recorded;

    fn resources(input: &RecordAnalyticsInput, catalog: &Catalog) -> Result<Vec<AwsResource>, ToolError> {
        let table = choices::table(input.table_name.as_deref(), TableRole::Analytics, catalog)?;
        input.rows()?;
        Ok(vec![choices::dynamodb("PutItem", table)])
    }

    async fn run(input: RecordAnalyticsInput, context: Context) -> Result<Recorded, ToolError> {
        let catalog = &context.catalog;
        let table = choices::table(input.table_name.as_deref(), TableRole::Analytics, catalog)?;
        let rows = input.rows()?;
        none_in_the_future(&rows, latest_day(context.now))?;
        let artists: BTreeSet<_> = rows.iter().map(|row| row.artist_id.clone()).collect();
        for artist in &artists {
            catalog.artist(catalog.table(TableRole::Artists), artist).await?;
        }
        catalog.record(table, &rows).await?;
        Ok(Recorded { table_name: table.to_owned(), recorded: u32::try_from(rows.len()).unwrap_or(u32::MAX) })
    }
}

impl Tool for RecordAnalytics {
    const SERVER: Server = Server::DynamoDb;
    const CONTENT: Content = Content::Trusted;
    const TITLE: &'static str = "Record daily figures";
    const DESCRIPTION: &'static str = "Writes daily figures of artists, all rows or none. A row for the same \
        artist, day and platform is replaced.";
    // The same rows again replace themselves.
    const IDEMPOTENT: bool = true;

    fn complete_schema(schema: &mut Value, catalog: &Catalog) {
        choices::offer_tables(schema, TableRole::Analytics, catalog);
    }
}
