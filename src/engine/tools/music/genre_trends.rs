//! `identify_genre_trends`: how the label's genres move, everywhere or in a territory, and who stands out.

mod members;
mod territories;

use super::label::{Label, momentum_among};
use super::{aside, counted, verdict};
use crate::engine::catalog::Catalog;
use crate::engine::config::TableRole;
use crate::engine::tools::{
    Class, Content, Context, Effect, Operation, Scope, Server, Tool, ToolError, choices,
};
use crate::model::analysis::{Breakout, Contributor, Excluded, GenreTrend, GenreTrends, Verdict};
use crate::model::analytics::Freshness;
use crate::model::artist::Artist;
use crate::model::territory::territory_name;
use crate::model::tool::AwsResource;
use crate::music::analysis::cohort::{NEEDED_ARTISTS, index};
use crate::music::analysis::comparison::Period;
use crate::music::analysis::daily::{Daily, after};
use crate::music::analysis::momentum::NEEDED_PEERS;
use crate::music::analysis::trend::{NEEDED_DAYS, TREND_DAYS, trend};
use jiff::civil::Date;
use members::Member;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// The most artists who stand out.
const MOST_BREAKOUTS: usize = 5;
/// An artist stands out from this momentum on.
const BREAKOUT: f64 = 1.0;
/// How far back an event may explain it, in days.
const DRIVER_DAYS: i32 = 42;
/// The largest index is brought to numbers of this size, as logarithms of 1 + x are taken.
const INDEX_SIZE: f64 = 1e6;

/// Which genre, where, and how far back.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct GenreTrendsInput {
    /// Only this genre, in lower case. Without it, all genres.
    #[schemars(title = "Genre", length(min = 1, max = 60))]
    pub genre: Option<String>,
    /// Only streams in this territory, ISO 3166-1 alpha-2.
    #[schemars(title = "Territory", length(min = 2, max = 2))]
    pub territory: Option<String>,
    /// How many days, 56 to 120.
    #[schemars(title = "Days", range(min = 56, max = 120))]
    #[serde(default = "usual_days")]
    pub days: u32,
    /// Also a row for each genre in each of the eight territories with the most streams, where no single one is asked
    /// for.
    #[schemars(title = "By territory")]
    #[serde(default)]
    pub by_territory: bool,
}

fn usual_days() -> u32 {
    90
}

/// Finds trends of genres.
pub struct IdentifyGenreTrends;

impl Operation for IdentifyGenreTrends {
    const NAME: &'static str = "identify_genre_trends";
    const EFFECT: Effect = Effect::Reads;
    const CLASS: Class = Class::Call;
    const SCOPED: bool = true;
    type Input = GenreTrendsInput;
    type Output = GenreTrends;

    fn resources(_: &GenreTrendsInput, catalog: &Catalog) -> Result<Vec<AwsResource>, ToolError> {
        Ok(vec![
            choices::dynamodb("Query", catalog.table(TableRole::Analytics)),
            choices::dynamodb("Scan", catalog.table(TableRole::Artists)),
        ])
    }

    async fn run(input: GenreTrendsInput, context: Context) -> Result<GenreTrends, ToolError> {
        let (catalog, scope) = (&context.catalog, &context.scope);
        let label = Label::read(catalog).await?;
        let table = catalog.table(TableRole::Analytics);
        let length = i32::try_from(input.days).unwrap_or(TREND_DAYS).min(TREND_DAYS);
        let genre = input.genre.as_deref().map(|genre| genre.trim().to_lowercase());
        let territory = input.territory.as_deref().map(str::to_uppercase);
        let whose = territory.as_ref().map_or_else(String::new, |code| format!(", territory {code}"));
        let mut answer = GenreTrends {
            rows: Vec::new(),
            breakouts: Vec::new(),
            momentum_known: 0,
            excluded: Vec::new(),
            days: counted(usize::try_from(length).unwrap_or_default()),
            freshness: Freshness {
                as_of: label.as_of,
                source: format!(
                    "table {table}, all artists{whose}, newest {length} days, as an index by genre"
                ),
                sample: label.artists.iter().any(|artist| artist.sample),
            },
            notes: Vec::new(),
        };
        let Some(newest) = label.as_of else {
            answer.notes.push(
                "There are no figures yet. Import the reports of a streaming service first.".to_owned(),
            );
            return Ok(answer);
        };
        let period = Period { from: after(newest, 1 - length), to: newest };
        let fits = |artist: &&Artist| genre.as_ref().is_none_or(|genre| artist.genre == *genre);
        let wanted: Vec<&Artist> = label.artists.iter().filter(fits).collect();
        if wanted.is_empty() {
            answer.notes.push(nobody_of(genre.as_deref().unwrap_or_default(), &label, scope));
            return Ok(answer);
        }
        let members = members::read(catalog, &label, &wanted, territory.as_deref(), period).await?;
        let (whose, place) = (scope.clone(), territory.clone());
        let worked_out = aside(move || {
            let mut notes = Vec::new();
            let found = rows(&members, &whose, place.as_deref(), period, &mut notes);
            (found, notes, members)
        });
        let (found, told, members) = worked_out.await?;
        match &territory {
            Some(code) if members.iter().all(|member| member.sum(period) == 0) => {
                answer.notes.extend(nothing_in(code, length, newest));
            }
            _ => {
                answer.rows = found;
                answer.notes.extend(told);
            }
        }
        if input.by_territory && territory.is_none() {
            let heard = territories::read(catalog, &wanted).await?;
            let whose = scope.clone();
            let (found, told) = aside(move || territories::rows(&heard, &whose, period)).await?;
            answer.rows.extend(found);
            answer.notes.extend(told.filter(|note| !answer.notes.contains(note)));
            answer.notes.push(format!(
                "No more than the {} territories with the most streams are told; ask for another one by its name.",
                territories::MOST
            ));
        }
        answer.excluded = excluded(&members, scope, period);
        (answer.breakouts, answer.momentum_known) = breakouts(&label, &wanted, scope);
        if answer.momentum_known == 0 {
            answer.notes.push(nobody_known());
        }
        answer.notes.push(format!(
            "An index counts each artist alike, whatever the size, and needs {NEEDED_ARTISTS} artists and \
             {NEEDED_DAYS} days. It is about this label's artists, not about the genre in the world."
        ));
        Ok(answer)
    }
}

/// Why nothing can be said of a territory, and what to do. Platforms name the largest territories only, so that one
/// without streams is not known to have none.
fn nothing_in(code: &str, days: i32, newest: Date) -> [String; 2] {
    [
        format!(
            "No streams from {} are known in the {days} days up to {newest}. Choose another territory, or import \
             figures by territory.",
            territory_name(code)
        ),
        "Platforms name the territories with the most streams only; those from others are part of the rest of the world."
            .to_owned(),
    ]
}

/// That there is nobody of a genre.
pub(super) fn nobody_of(genre: &str, label: &Label, scope: &Scope) -> String {
    let known = all_genres(label, scope);
    if known.is_empty() {
        return "There is no artist whose figures you may see. Ask an admin which artists are yours."
            .to_owned();
    }
    let known = known.join(", ");
    format!("The label has no artist of the genre {genre}. Choose one of those that it has: {known}.")
}

/// Why nobody is known to stand out.
pub(super) fn nobody_known() -> String {
    format!(
        "Who stands out is not known: that needs {NEEDED_PEERS} other artists, and three months of figures."
    )
}

/// The genres whose artists may be shown.
fn all_genres(label: &Label, scope: &Scope) -> Vec<String> {
    let shown = label.artists.iter().filter(|artist| scope.covers(&artist.artist_id));
    let genres: BTreeSet<&String> = shown.map(|artist| &artist.genre).collect();
    genres.into_iter().cloned().collect()
}

fn rows(
    members: &[Member],
    scope: &Scope,
    territory: Option<&str>,
    period: Period,
    notes: &mut Vec<String>,
) -> Vec<GenreTrend> {
    let genres: BTreeSet<&String> = members.iter().map(|member| &member.artist.genre).collect();
    let mut rows = Vec::new();
    let mut hidden = false;
    for genre in genres {
        let of_genre: Vec<&Member> = members.iter().filter(|member| member.artist.genre == *genre).collect();
        if reveals_others(&of_genre, scope, period) {
            hidden = true;
            continue;
        }
        rows.push(row(genre, &of_genre, scope, territory, period));
    }
    if hidden {
        notes.push(format!(
            "A genre is left out where fewer than {NEEDED_ARTISTS} other artists of it are heard, as its figures \
             would be those of single artists. Choose another genre or territory, or ask somebody who may see all \
             artists."
        ));
    }
    fastest_first(&mut rows);
    rows
}

/// In the order of how fast they grow; those of which that is not known come last.
fn fastest_first(rows: &mut [GenreTrend]) {
    let speed = |row: &GenreTrend| row.percent_per_day.unwrap_or(f64::NEG_INFINITY);
    rows.sort_by(|one, other| speed(other).total_cmp(&speed(one)));
}

/// Whether the sums of a genre would tell about one or two artists whose data may not be shown: of a large genre, too,
/// only some may be heard in a territory.
fn reveals_others(members: &[&Member], scope: &Scope, period: Period) -> bool {
    let others = || members.iter().filter(|member| !scope.covers(&member.artist.artist_id));
    let heard = others().filter(|member| member.sum(period) > 0).count();
    [others().count(), heard].iter().any(|count| (1..NEEDED_ARTISTS).contains(count))
}

fn row(
    genre: &str,
    members: &[&Member],
    scope: &Scope,
    territory: Option<&str>,
    period: Period,
) -> GenreTrend {
    let covered: Vec<Daily> = members
        .iter()
        .filter(|member| member.is_covered(period))
        .map(|member| member.streams.clone())
        .collect();
    let found = (covered.len() >= NEEDED_ARTISTS)
        .then(|| index(&covered, period.from, period.to).map(|_, value| Some(INDEX_SIZE * value)))
        .and_then(|index| trend(&index, period.to));
    let sum: u64 = members.iter().map(|member| member.sum(period)).sum();
    let mut contributors: Vec<Contributor> = members
        .iter()
        .filter(|member| scope.covers(&member.artist.artist_id) && sum > 0)
        .map(|member| Contributor {
            artist_id: member.artist.artist_id.to_string(),
            name: member.artist.name.clone(),
            share: super::figures::number(member.sum(period)) / super::figures::number(sum),
        })
        .collect();
    contributors.sort_by(|one, other| other.share.total_cmp(&one.share));
    GenreTrend {
        genre: genre.to_owned(),
        territory: territory.map(str::to_owned),
        streams: sum,
        percent_per_day: found.map(|found| 100.0 * found.per_day),
        low: found.map(|found| 100.0 * found.low),
        high: found.map(|found| 100.0 * found.high),
        verdict: found.map_or(Verdict::NotEnoughData, |found| verdict(found.verdict)),
        contributors,
    }
}

/// Those of whom too few days are known to count in an index.
fn excluded(members: &[Member], scope: &Scope, period: Period) -> Vec<Excluded> {
    members
        .iter()
        .filter(|member| scope.covers(&member.artist.artist_id) && !member.is_covered(period))
        .map(|member| Excluded {
            artist_id: member.artist.artist_id.to_string(),
            name: member.artist.name.clone(),
            reason: format!(
                "Only {} of the days from {} to {} are known.",
                member.streams.between(period.from, period.to).days_with_data(),
                period.from,
                period.to
            ),
        })
        .collect()
}

/// Those who grow fastest compared with their peers, and of how many that is known.
fn breakouts(label: &Label, wanted: &[&Artist], scope: &Scope) -> (Vec<Breakout>, u32) {
    let Some(to) = label.as_of else { return (Vec::new(), 0) };
    let shown: Vec<&Artist> =
        wanted.iter().copied().filter(|artist| scope.covers(&artist.artist_id)).collect();
    breakouts_at(label, &shown, to)
}

/// Those of some artists who grow fastest compared with their peers at the end of a day, and of how many that is
/// known.
pub(in crate::engine::tools) fn breakouts_at(
    label: &Label,
    shown: &[&Artist],
    to: Date,
) -> (Vec<Breakout>, u32) {
    let known = growing(label, shown, to);
    let count = counted(known.len());
    (standing_out(known), count)
}

/// The artists whose momentum is known.
fn growing(label: &Label, shown: &[&Artist], to: Date) -> Vec<Breakout> {
    let grown = label.grown(to);
    shown
        .iter()
        .filter_map(|artist| {
            let momentum = momentum_among(artist, to, &grown);
            Some(Breakout {
                artist_id: artist.artist_id.to_string(),
                name: artist.name.clone(),
                genre: artist.genre.clone(),
                value: momentum.value?,
                band: momentum.band,
                peers: momentum.peers,
                driver: driver(artist, to),
            })
        })
        .collect()
}

/// The fastest of them.
fn standing_out(known: Vec<Breakout>) -> Vec<Breakout> {
    let mut found: Vec<Breakout> = known.into_iter().filter(|artist| artist.value > BREAKOUT).collect();
    found.sort_by(|one, other| other.value.total_cmp(&one.value));
    found.truncate(MOST_BREAKOUTS);
    found
}

/// What was logged lately, which may be behind it.
fn driver(artist: &Artist, to: Date) -> String {
    let lately = after(to, -DRIVER_DAYS);
    let event = artist.events.iter().rev().find(|event| (lately..=to).contains(&event.date));
    event.map_or_else(
        || format!("No event is logged since {lately}."),
        |event| format!("{} ({}).", event.title, event.date),
    )
}

impl Tool for IdentifyGenreTrends {
    const SERVER: Server = Server::Music;
    const CONTENT: Content = Content::Untrusted;
    const TITLE: &'static str = "Identify genre trends";
    const DESCRIPTION: &'static str = "Says which genres of the label grow or fall, everywhere, in one \
        territory or in each of the largest, with an interval and whether it is proven, who makes up each genre, \
        and which artists grow faster than their peers.";
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    const OCTOBER: Period = Period { from: date(2026, 10, 1), to: date(2026, 10, 31) };

    #[test]
    fn days_are_ninety_unless_others_are_asked_for() {
        let input: GenreTrendsInput = serde_json::from_str("{}").expect("no argument is needed");
        assert_eq!((input.days, input.by_territory), (90, false));
    }

    /// An artist who has the same streams on each day of October.
    fn member(id: &str, streams: f64) -> Member {
        let artist = serde_json::json!({
            "artistId": id, "name": id, "genre": "indie pop", "country": "NO", "signedOn": "2024-01-01",
            "biography": "", "version": 1
        });
        let artist = serde_json::from_value(artist).expect("an artist");
        Member { artist, streams: Daily { first: OCTOBER.from, values: vec![Some(streams); 31] } }
    }

    #[test]
    fn a_sum_is_told_only_where_nobody_else_can_be_read_from_it() {
        let own = Scope::only(["art_1".parse().expect("an id")]);
        let told = |streams: [f64; 4]| {
            let members: Vec<Member> = (1..)
                .zip(streams)
                .map(|(number, streams)| member(&format!("art_{number}"), streams))
                .collect();
            let mut notes = Vec::new();
            let sums: Vec<u64> =
                rows(&members, &own, Some("LU"), OCTOBER, &mut notes).iter().map(|row| row.streams).collect();
            (sums, notes.len())
        };
        assert_eq!(told([1.0, 2.0, 3.0, 4.0]), (vec![310], 0));
        assert_eq!(told([1.0, 2.0, 0.0, 0.0]), (vec![], 1), "the rest would be what one artist has");
        assert_eq!(told([1.0, 0.0, 0.0, 0.0]), (vec![31], 0));
    }
}
