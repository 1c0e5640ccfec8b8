//! Everything that was put into the figures is really there, by simple statistics.

use super::labels;
use jiff::ToSpan;
use jiff::civil::{Date, Weekday};
use patchline::engine::sample::{PLATFORMS, Plant, PlantKind, SampleLabel};
use patchline::model::analytics::DailyAnalytics;
use patchline::model::artist::{Artist, EventKind};
use patchline::model::identifier::ArtistId;
use std::collections::BTreeMap;

/// Streams of each day, by artist.
struct Totals(BTreeMap<ArtistId, BTreeMap<Date, f64>>);

impl Totals {
    fn of(label: &SampleLabel) -> Self {
        let mut totals: BTreeMap<ArtistId, BTreeMap<Date, f64>> = BTreeMap::new();
        for row in label.analytics() {
            let streams = u32::try_from(row.streams).unwrap();
            *totals.entry(row.artist_id).or_default().entry(row.date).or_default() += f64::from(streams);
        }
        Self(totals)
    }

    /// The mean of the days from `first`, as many as `days`, that have figures.
    fn mean(&self, artist: &ArtistId, first: Date, days: i64) -> f64 {
        let last = after(first, days - 1);
        let found: Vec<f64> = self.0[artist].range(first..=last).map(|(_, streams)| *streams).collect();
        found.iter().sum::<f64>() / f64::from(u32::try_from(found.len()).unwrap())
    }

    /// The median of the days from `first`, as many as `days`: holidays do not move it.
    fn median(&self, artist: &ArtistId, first: Date, days: i64) -> f64 {
        median(self.0[artist].range(first..=after(first, days - 1)).map(|(_, streams)| *streams).collect())
    }

    /// A day against the mean of the same weekday two and three weeks before and after, as far as there
    /// are figures; none for artists without figures on the day.
    fn against_same_weekday(&self, artist: &ArtistId, date: Date) -> Option<f64> {
        let days = &self.0[artist];
        let around: Vec<f64> =
            [-21, -14, 14, 21].into_iter().filter_map(|by| days.get(&after(date, by)).copied()).collect();
        let count = f64::from(u32::try_from(around.len()).unwrap());
        Some(days.get(&date)? / (around.iter().sum::<f64>() / count))
    }
}

fn after(date: Date, days: i64) -> Date {
    date.saturating_add(days.days())
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

fn of_kind(label: &SampleLabel, kind: PlantKind) -> Vec<Plant> {
    let plants: Vec<Plant> = label.plants().iter().filter(|plant| plant.kind == kind).cloned().collect();
    assert!(!plants.is_empty(), "no {kind:?}");
    plants
}

/// The only plant of a kind, with its artist.
fn only(label: &SampleLabel, kind: PlantKind) -> (Plant, Artist) {
    let mut plants = of_kind(label, kind);
    assert_eq!(plants.len(), 1);
    let plant = plants.remove(0);
    let artist = label.artists().iter().find(|artist| Some(&artist.artist_id) == plant.artist_id.as_ref());
    (plant.clone(), artist.unwrap().clone())
}

/// Mann and Kendall's trend statistic on the logarithms, as it is (first) and with Hamed and Rao's
/// correction for memory (second).
fn trend(streams: &[f64]) -> (f64, f64) {
    let x: Vec<f64> = streams.iter().map(|value| value.ln()).collect();
    let n = f64::from(u32::try_from(x.len()).unwrap());
    let pairs = || (0..x.len()).flat_map(|later| (0..later).map(move |earlier| (earlier, later)));
    let distance = |earlier: usize, later: usize| f64::from(u32::try_from(later - earlier).unwrap());
    let score: f64 = pairs().map(|(earlier, later)| (x[later] - x[earlier]).signum()).sum();
    let slope = median(pairs().map(|(i, j)| (x[j] - x[i]) / distance(i, j)).collect());
    let rest: Vec<f64> = x.iter().enumerate().map(|(at, value)| value - slope * distance(0, at)).collect();
    let below = |value: &f64| u32::try_from(rest.iter().filter(|other| *other < value).count()).unwrap();
    let rank: Vec<f64> = rest.iter().map(|value| f64::from(below(value)) - (n - 1.0) / 2.0).collect();
    let power: f64 = rank.iter().map(|value| value * value).sum();
    let mut memory = 0.0;
    for lag in 1..x.len() {
        let correlation = rank.iter().zip(&rank[lag..]).map(|(one, other)| one * other).sum::<f64>() / power;
        if correlation.abs() > 1.96 / n.sqrt() {
            let left = n - distance(0, lag);
            memory += left * (left - 1.0) * (left - 2.0) * correlation;
        }
    }
    let variance = n * (n - 1.0) * (2.0 * n + 5.0) / 18.0;
    let corrected = variance * (1.0 + 2.0 / (n * (n - 1.0) * (n - 2.0)) * memory);
    let z = |variance: f64| (score - score.signum()) / variance.sqrt();
    (z(variance), z(corrected))
}

fn series(totals: &Totals, plant: &Plant) -> Vec<f64> {
    let days = &totals.0[plant.artist_id.as_ref().unwrap()];
    days.range(plant.first..=plant.last).map(|(_, streams)| *streams).collect()
}

#[test]
fn the_steady_growth_is_proven_and_about_0_4_percent_a_day() {
    for (label, _) in labels() {
        let (plant, artist) = only(&label, PlantKind::SteadyGrowth);
        let totals = Totals::of(&label);
        let early = totals.median(&artist.artist_id, plant.first, 28);
        let late = totals.median(&artist.artist_id, after(plant.last, -27), 28);
        let per_day = (late / early).ln() / 92.0;
        assert!((0.0033..0.0047).contains(&per_day), "{per_day} a day");
        assert!(trend(&series(&totals, &plant)).1 > 3.0);
    }
}

#[test]
fn the_steady_decline_is_proven() {
    for (label, _) in labels() {
        let (plant, artist) = only(&label, PlantKind::SteadyDecline);
        let totals = Totals::of(&label);
        let early = totals.median(&artist.artist_id, plant.first, 28);
        let late = totals.median(&artist.artist_id, after(plant.last, -27), 28);
        assert!((late / early).ln() / 122.0 < -0.0023);
        assert!(trend(&series(&totals, &plant)).1 < -3.0);
    }
}

#[test]
fn the_false_trend_looks_like_growth_but_is_not_proven() {
    for (label, _) in labels() {
        let (plant, artist) = only(&label, PlantKind::FalseTrend);
        let totals = Totals::of(&label);
        let late = totals.mean(&artist.artist_id, after(plant.last, -27), 28);
        let before = totals.mean(&artist.artist_id, after(plant.last, -55), 28);
        assert!(late / before > 1.05, "{} against the 28 days before", late / before);
        let (plain, corrected) = trend(&series(&totals, &plant));
        assert!(plain > 1.96, "not even the plain test is deceived: z {plain}");
        assert!(corrected.abs() < 1.96, "z {corrected}");
    }
}

#[test]
fn the_explained_spike_has_a_logged_playlist_and_fades() {
    for (label, _) in labels() {
        let (plant, artist) = only(&label, PlantKind::ExplainedSpike);
        let totals = Totals::of(&label);
        let before = totals.mean(&artist.artist_id, after(plant.first, -14), 14);
        let first_days = totals.mean(&artist.artist_id, plant.first, 3);
        assert!((1.5..2.2).contains(&(first_days / before)), "{}", first_days / before);
        assert!(totals.mean(&artist.artist_id, after(plant.first, 32), 7) < before * 1.35);
        let logged = |event: &_| matches!(event, patchline::model::artist::ArtistEvent { kind: EventKind::Playlist, date, .. } if *date == plant.first);
        assert!(artist.events.iter().any(logged));
    }
}

#[test]
fn the_unexplained_spike_is_foreign_unsaved_unlogged_and_short() {
    for (label, _) in labels() {
        let (plant, artist) = only(&label, PlantKind::UnexplainedSpike);
        let rows: Vec<DailyAnalytics> =
            label.analytics().filter(|row| row.artist_id == artist.artist_id).collect();
        let sum = |first: Date, days: i64, count: &dyn Fn(&DailyAnalytics) -> u64| {
            let within = rows.iter().filter(|row| (first..=after(first, days - 1)).contains(&row.date));
            f64::from(u32::try_from(within.map(count).sum::<u64>()).unwrap())
        };
        let week_before = after(plant.first, -7);
        let increment =
            |count: &dyn Fn(&DailyAnalytics) -> u64| sum(plant.first, 3, count) - sum(week_before, 3, count);
        let streams = increment(&|row| row.streams);
        let foreign = increment(&|row| row.territories.get("NZ").copied().unwrap_or_default());
        assert!(streams > sum(week_before, 3, &|row| row.streams), "it more than doubles");
        assert!(foreign / streams > 0.6, "{}", foreign / streams);
        let saves = |first| sum(first, 3, &|row| row.saves.unwrap_or_default());
        assert!(saves(plant.first) < saves(week_before) * 1.25);
        let after_it =
            sum(after(plant.first, 7), 3, &|row| row.streams) / sum(week_before, 3, &|row| row.streams);
        assert!((0.8..1.2).contains(&after_it), "{after_it} of the level before");
        let near = after(plant.first, -14)..=after(plant.last, 3);
        assert!(!artist.events.iter().any(|event| near.contains(&event.date)));
    }
}

#[test]
fn everyone_falls_on_christmas_and_on_the_day_of_the_shock() {
    for (label, _) in labels() {
        let totals = Totals::of(&label);
        let change = |date| {
            let all = totals.0.keys().filter_map(|artist| totals.against_same_weekday(artist, date));
            median(all.collect())
        };
        let shock = &of_kind(&label, PlantKind::MarketShock)[0];
        assert!((0.66..0.74).contains(&change(shock.first)), "{}", change(shock.first));
        for holiday in of_kind(&label, PlantKind::Holiday) {
            assert!(change(holiday.last) < 0.85, "{} {}", holiday.last, change(holiday.last));
        }
    }
}

#[test]
fn each_genre_has_its_own_week() {
    for (label, _) in labels() {
        let totals = Totals::of(&label);
        let share = |genre: &str, weekday: Weekday| {
            let artists = label.artists().iter().filter(|artist| artist.genre == genre);
            let days = || artists.clone().flat_map(|artist| &totals.0[&artist.artist_id]);
            let on_weekday = days().filter(|(date, _)| date.weekday() == weekday);
            on_weekday.map(|(_, streams)| streams).sum::<f64>()
                / days().map(|(_, streams)| streams).sum::<f64>()
                * 7.0
        };
        assert!(share("electronic", Weekday::Saturday) > share("electronic", Weekday::Monday) + 0.15);
        assert!(share("ambient", Weekday::Monday) > share("ambient", Weekday::Saturday) + 0.08);
    }
}

#[test]
fn exactly_the_planted_reports_are_missing() {
    for (label, today) in labels() {
        let rows: BTreeMap<_, _> =
            label.analytics().map(|row| ((row.artist_id, row.date, row.platform), row.streams)).collect();
        let (newcomer, _) = only(&label, PlantKind::ShortHistory);
        let mut missing = 0;
        for artist in label.artists() {
            let days = if newcomer.artist_id.as_ref() == Some(&artist.artist_id) { 21 } else { 400 };
            for ago in 1..=days {
                for platform in PLATFORMS {
                    missing += i32::from(!rows.contains_key(&(
                        artist.artist_id.clone(),
                        after(today, -ago),
                        platform,
                    )));
                }
            }
        }
        let (gap, _) = only(&label, PlantKind::Gap);
        assert_eq!((gap.last - gap.first).get_days() + 1, 4);
        let reports = of_kind(&label, PlantKind::MissingReport);
        assert!(reports.len() >= 5);
        assert_eq!(missing, 4 * 4 + i32::try_from(reports.len()).unwrap());
        let has = |plant: &Plant, platform| {
            rows.contains_key(&(plant.artist_id.clone().unwrap(), plant.first, platform))
        };
        assert!(PLATFORMS.into_iter().all(|platform| !has(&gap, platform)));
        for report in &reports {
            let missing = PLATFORMS.into_iter().filter(|platform| !has(report, *platform));
            assert_eq!(missing.count(), 1, "{}", report.sentence);
        }
    }
}

#[test]
fn the_newcomer_has_three_weeks_of_figures() {
    for (label, today) in labels() {
        let (plant, artist) = only(&label, PlantKind::ShortHistory);
        let totals = Totals::of(&label);
        let days: Vec<&Date> = totals.0[&artist.artist_id].keys().collect();
        assert_eq!((days.len(), *days[0], plant.last), (21, artist.signed_on, after(today, -1)));
    }
}

#[test]
fn two_artists_share_a_name_and_can_be_told_apart() {
    for (label, _) in labels() {
        let ids: Vec<_> =
            of_kind(&label, PlantKind::Namesake).into_iter().map(|plant| plant.artist_id).collect();
        let artists: Vec<&Artist> =
            label.artists().iter().filter(|artist| ids.contains(&Some(artist.artist_id.clone()))).collect();
        let [one, other] = artists[..] else { panic!("{} namesakes", artists.len()) };
        assert_eq!(one.name, other.name);
        assert!(one.genre != other.genre && one.country != other.country);
        assert!(one.disambiguation.is_some() && one.disambiguation != other.disambiguation);
    }
}

#[test]
fn releases_make_figures_jump_and_fade() {
    for (label, _) in labels() {
        let totals = Totals::of(&label);
        let (gap, _) = only(&label, PlantKind::Gap);
        let disturbed = |plant: &&Plant| {
            let holidays = matches!((plant.first.month(), plant.first.day()), (12, 15..) | (1, ..=10));
            holidays || plant.artist_id == gap.artist_id
        };
        let plants = of_kind(&label, PlantKind::ReleaseJump);
        let mut checked = 0;
        for plant in plants.iter().filter(|plant| !disturbed(plant)) {
            let artist = plant.artist_id.as_ref().unwrap();
            if !totals.0[artist].contains_key(&after(plant.first, -7)) || plant.last != after(plant.first, 27)
            {
                continue;
            }
            let before = totals.mean(artist, after(plant.first, -7), 7);
            let week = totals.mean(artist, plant.first, 7);
            let fourth = totals.mean(artist, after(plant.first, 21), 7);
            assert!(week / before > 1.25, "{} {}", plant.sentence, week / before);
            assert!(fourth - before < 0.6 * (week - before), "{} does not fade", plant.sentence);
            checked += 1;
        }
        assert!(checked >= 10, "only {checked} releases could be checked");
    }
}
