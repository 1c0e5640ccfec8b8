//! Statements of the platforms and their lines.

use super::super::PLATFORMS;
use super::super::random::Random;
use super::{Line, Month, Statement, scaled};
use crate::model::analytics::{DailyAnalytics, Platform};
use crate::model::release::{Release, ReleaseStatus, Track};
use std::collections::BTreeMap;

/// Territories that have lines of their own, for each artist, platform and month; the others are added
/// up as the rest of the world.
const TERRITORIES: usize = 3;
/// The rest of the world.
const REST: &str = "ZZ";
/// Tracks that share an artist's streams of a month.
const TRACKS: usize = 2;

/// What a platform pays, invented but of the usual size.
struct Terms {
    currency: &'static str,
    /// In millionths of the label's currency.
    exchange_rate_micros: i64,
    /// For a stream in a market of full price, in millionths of a unit of the currency.
    stream_micros: i64,
}

/// Those of a platform; none of those that the sample has no figures of.
fn terms(platform: Platform) -> Option<Terms> {
    let (currency, exchange_rate_micros, stream_micros) = match platform {
        Platform::Spotify => ("EUR", 1_085_000, 3_150),
        Platform::AppleMusic => ("USD", 1_000_000, 6_400),
        Platform::YoutubeMusic => ("USD", 1_000_000, 2_250),
        Platform::AmazonMusic => ("GBP", 1_270_000, 3_300),
        _ => return None,
    };
    Some(Terms { currency, exchange_rate_micros, stream_micros })
}

/// The price of a territory in percent of the full price.
fn price_percent(territory: &str) -> i64 {
    match territory {
        "NO" | "SE" | "IS" | "GB" | "US" | "NL" => 110,
        "DE" | "FR" | "JP" | "CA" | "NZ" => 100,
        "ES" | "KR" | "PL" => 75,
        "BR" | "MX" => 45,
        "NG" => 25,
        _ => 65,
    }
}

/// An artist, a platform and a month (its place in the list).
type Key = (String, Platform, usize);

/// The statements of the months and their lines.
pub(super) fn generate(
    seed: u64,
    months: &[Month],
    releases: &[Release],
    figures: impl Iterator<Item = DailyAnalytics>,
) -> (Vec<Statement>, Vec<Line>) {
    let statements =
        months.iter().flat_map(|month| PLATFORMS.map(|platform| statement(*month, platform))).flatten();
    let mut random = Random::new(seed, "ledger lines");
    let mut lines = Vec::new();
    for ((artist_id, platform, place), territories) in streams(months, figures) {
        let Some(month) = months.get(place) else { continue };
        let tracks = tracks_of(&artist_id, *month, releases, &mut random);
        for (territory, quantity) in merged(territories) {
            for (release, track, streams) in divided(quantity, &tracks) {
                let Some(mut line) = line(*month, platform, &territory, streams) else { continue };
                line.line_id = i64::try_from(lines.len()).unwrap_or_default() + 1;
                line.isrc.clone_from(&track.isrc);
                line.release_id = release.release_id.to_string();
                line.artist_id.clone_from(&artist_id);
                lines.push(line);
            }
        }
    }
    (statements.collect(), lines)
}

fn statement(month: Month, platform: Platform) -> Option<Statement> {
    let terms = terms(platform)?;
    Some(Statement {
        statement_id: statement_id(month, platform),
        platform: platform.id(),
        period: month.period(),
        currency: terms.currency,
        exchange_rate_micros: terms.exchange_rate_micros,
        received_on: month.reported_on().to_string(),
    })
}

fn statement_id(month: Month, platform: Platform) -> String {
    format!("st_{}_{platform}", month.period())
}

/// Streams by territory of each artist, platform and month.
fn streams(
    months: &[Month],
    figures: impl Iterator<Item = DailyAnalytics>,
) -> BTreeMap<Key, BTreeMap<String, u64>> {
    let mut streams: BTreeMap<Key, BTreeMap<String, u64>> = BTreeMap::new();
    for row in figures {
        let first = row.date.first_of_month();
        let Some(place) = months.iter().position(|month| month.first == first) else { continue };
        let territories = streams.entry((row.artist_id.to_string(), row.platform, place)).or_default();
        for (territory, count) in row.territories {
            *territories.entry(territory).or_default() += count;
        }
    }
    streams
}

/// The largest territories, and the rest as one.
fn merged(territories: BTreeMap<String, u64>) -> Vec<(String, u64)> {
    let (rest, mut named): (Vec<_>, Vec<_>) = territories.into_iter().partition(|(code, _)| code == REST);
    named.sort_by_key(|(code, count)| (std::cmp::Reverse(*count), code.clone()));
    let small = named.split_off(TERRITORIES.min(named.len()));
    let others: u64 = rest.iter().chain(&small).map(|(_, count)| count).sum();
    named.push((REST.to_owned(), others));
    named.retain(|(_, count)| *count > 0);
    named
}

/// Tracks of the artist that were out in that month.
fn tracks_of<'a>(
    artist_id: &str,
    month: Month,
    releases: &'a [Release],
    random: &mut Random,
) -> Vec<(&'a Release, &'a Track)> {
    let mut tracks: Vec<(&Release, &Track)> = releases
        .iter()
        .filter(|release| release.artist_id.as_str() == artist_id && release.release_date <= month.last_day())
        .filter(|release| matches!(release.status, ReleaseStatus::Released | ReleaseStatus::Withdrawn))
        .flat_map(|release| release.tracks.iter().map(move |track| (release, track)))
        .collect();
    random.shuffle(&mut tracks);
    tracks.truncate(TRACKS);
    tracks
}

/// The first track has two thirds of the streams, the second the rest.
fn divided<'a>(quantity: u64, tracks: &[(&'a Release, &'a Track)]) -> Vec<(&'a Release, &'a Track, u64)> {
    let second = if tracks.len() > 1 { quantity / 3 } else { 0 };
    let parts = [quantity - second, second];
    let shared = tracks.iter().zip(parts).map(|((release, track), streams)| (*release, *track, streams));
    shared.filter(|(_, _, streams)| *streams > 0).collect()
}

fn line(month: Month, platform: Platform, territory: &str, streams: u64) -> Option<Line> {
    let terms = terms(platform)?;
    let quantity = i64::try_from(streams).unwrap_or(i64::MAX);
    // Millionths of a unit, hundredths of the price: a cent is 10,000 × 100 of them.
    let amount_minor = scaled(quantity, terms.stream_micros * price_percent(territory), 1_000_000);
    Some(Line {
        line_id: 0,
        statement_id: statement_id(month, platform),
        isrc: String::new(),
        release_id: String::new(),
        artist_id: String::new(),
        territory: territory.to_owned(),
        quantity,
        amount_minor,
        currency: terms.currency,
    })
}
