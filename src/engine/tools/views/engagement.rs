//! What platforms count of an artist beside listening, over a window of days, as the page of the artist shows it.

use crate::model::analytics::{DailyAnalytics, Platform};
use crate::model::engagement::{EngagementMetric, EngagementRate, EngagementRow, PlatformEngagement};
use crate::music::analysis::daily::after;
use crate::music::metric::{Metric, Summed, metric_of};
use std::collections::BTreeMap;

/// Every metric, known or not, of rows that come oldest first; nothing where no row tells any.
pub(super) fn rows_of(window: &[&DailyAnalytics]) -> Vec<EngagementRow> {
    if window.iter().all(|row| row.engagement.is_unknown()) {
        return Vec::new();
    }
    let known =
        EngagementMetric::ALL.into_iter().filter_map(|metric| Some((metric, metric_of(metric.id())?)));
    known.map(|(metric, words)| row(metric, words, window)).collect()
}

fn row(metric: EngagementMetric, words: &Metric, window: &[&DailyAnalytics]) -> EngagementRow {
    let mut platforms: BTreeMap<Platform, PlatformEngagement> = BTreeMap::new();
    for row in window {
        let Some(value) = row.engagement.of(metric) else { continue };
        let found = platforms.entry(row.platform).or_insert_with(|| PlatformEngagement {
            platform: row.platform,
            value: 0,
            days: 0,
            as_of: row.date,
        });
        found.value = if metric.is_level() { value } else { found.value.saturating_add(value) };
        found.days += 1;
        found.as_of = row.date;
    }
    let platforms: Vec<PlatformEngagement> = platforms.into_values().collect();
    let is_summed = words.summed == Summed::Added && !platforms.is_empty();
    let sum = is_summed.then(|| platforms.iter().fold(0_u64, |sum, one| sum.saturating_add(one.value)));
    EngagementRow {
        metric,
        label: words.label.to_owned(),
        unit: words.unit.to_owned(),
        formula: format!("{}. {}", words.formula, words.summed.in_words()),
        platforms,
        sum,
    }
}

/// With fewer known days no engagement rate is told: three quarters of its days.
const RATE_NEEDED: usize = 45;

/// The engagement rates of rows that come oldest first, as the dictionary of metrics defines them; of platforms that
/// tell likes, comments and followers on enough days.
pub(super) fn rates_of<'r>(rows: impl Iterator<Item = &'r DailyAnalytics>) -> Vec<EngagementRate> {
    let mut platforms: BTreeMap<Platform, Vec<&DailyAnalytics>> = BTreeMap::new();
    for row in rows {
        platforms.entry(row.platform).or_default().push(row);
    }
    platforms.into_iter().filter_map(|(platform, rows)| rate(platform, &rows)).collect()
}

#[expect(clippy::cast_precision_loss, reason = "likes and followers are far below 2^52")]
fn rate(platform: Platform, rows: &[&DailyAnalytics]) -> Option<EngagementRate> {
    let told = |row: &&DailyAnalytics| {
        let (likes, comments) = (row.engagement.likes?, row.engagement.comments?);
        Some((row.date, likes.saturating_add(comments)))
    };
    let mut known: Vec<_> = rows.iter().filter_map(told).collect();
    let (as_of, _) = *known.last()?;
    known.retain(|(date, _)| *date > after(as_of, -EngagementRate::DAYS));
    let followers = rows.iter().rev().find_map(|row| row.followers).filter(|followers| *followers > 0)?;
    let reactions = known.iter().fold(0_u64, |sum, (_, count)| sum.saturating_add(*count));
    (known.len() >= RATE_NEEDED).then(|| EngagementRate {
        platform,
        rate: reactions as f64 / followers as f64,
        reactions,
        followers,
        days: u32::try_from(known.len()).unwrap_or(u32::MAX),
        as_of,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::engagement::Engagement;
    use jiff::civil::date;

    #[test]
    fn each_metric_is_summed_as_the_dictionary_says() {
        for metric in EngagementMetric::ALL {
            let words = metric_of(metric.id()).expect("it stands in the dictionary");
            assert_eq!(words.summed == Summed::LastOfEach, metric.is_level(), "{metric}");
        }
    }

    #[test]
    fn counts_are_added_up_levels_are_the_last_of_each_platform_and_the_rest_is_unknown() {
        let row = |day: i8, platform: Platform, likes: Option<u64>, reach: u64| DailyAnalytics {
            artist_id: "art_1".parse().expect("an id"),
            date: date(2026, 11, day),
            platform,
            streams: 0,
            listeners: None,
            saves: None,
            followers: None,
            territories: BTreeMap::new(),
            tracks: BTreeMap::new(),
            track_saves: BTreeMap::new(),
            track_listeners: BTreeMap::new(),
            engagement: Engagement { likes, playlist_reach: Some(reach), ..Engagement::default() },
            source: "test".to_owned(),
        };
        let window = [
            row(1, Platform::Spotify, Some(5), 1000),
            row(2, Platform::Spotify, None, 900),
            row(2, Platform::AppleMusic, Some(0), 50),
        ];
        let window: Vec<_> = window.iter().collect();
        let found = rows_of(&window);
        let of = |metric| found.iter().find(|row| row.metric == metric).expect("a row");
        let likes = of(EngagementMetric::Likes);
        assert_eq!((likes.sum, likes.platforms[0].days, likes.platforms[1].value), (Some(5), 1, 0));
        let reach = of(EngagementMetric::PlaylistReach);
        assert_eq!((reach.sum, reach.platforms[0].value, reach.platforms[1].value), (None, 900, 50));
        let views = of(EngagementMetric::Views);
        assert_eq!((views.sum, views.platforms.len()), (None, 0));
        assert!(rows_of(&[]).is_empty());
    }
}
