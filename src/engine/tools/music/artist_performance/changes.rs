//! Two periods side by side: metrics, and what the change in streams is made of.

use crate::engine::tools::music::figures::{ArtistFigures, number};
use crate::engine::tools::music::{counted, verdict};
use crate::model::analysis::{Driver, DriverDimension, Market, MetricChange, Verdict};
use crate::model::analytics::DailyAnalytics;
use crate::music::analysis::anomaly::NEEDED_PEERS;
use crate::music::analysis::attribution::{self, drivers, largest};
use crate::music::analysis::comparison::{
    Change, NEEDED_PAIRS, Period, compare_rates, compare_sums, like_days,
};
use crate::music::analysis::daily::Daily;
use crate::music::analysis::statistics::mean;
use crate::music::metric::metric_of;
use jiff::civil::Date;
use std::collections::BTreeSet;

/// Platforms and territories together.
const MOST_DRIVERS: usize = 10;
/// How the territories beyond the largest are called.
const ELSEWHERE: &str = "Elsewhere";
/// The rest of the world as it is stored.
const REST: &str = "ZZ";

/// Two periods, and the pairs of like days that are known in both.
pub(super) struct Compared {
    now: Period,
    before: Period,
    pairs: Vec<(Date, Date)>,
    /// How many pairs there would be.
    possible: usize,
}

/// A metric: one series, or one for each unit of another.
enum Metric {
    Sum(Daily),
    Mean(Daily),
    Rate(Daily, Daily),
}

impl Compared {
    pub(super) fn of(figures: &ArtistFigures, now: Period, before: Period) -> Self {
        Self::of_streams(&figures.streams(), now, before)
    }

    /// The same by the days on which other streams are known.
    pub(super) fn of_streams(streams: &Daily, now: Period, before: Period) -> Self {
        let mut pairs = like_days(now, before);
        let possible = pairs.len();
        pairs.retain(|(one, other)| streams.on(*one).is_some() && streams.on(*other).is_some());
        Self { now, before, pairs, possible }
    }

    /// What the comparison rests on, in a sentence.
    pub(super) fn note(&self) -> String {
        let (known, possible) = (self.pairs.len(), self.possible);
        if known < NEEDED_PAIRS {
            return format!(
                "Only {known} pairs of like weekdays are known in both periods, and {NEEDED_PAIRS} are needed \
                 to say what changed."
            );
        }
        format!(
            "Changes compare {known} of {possible} pairs of like weekdays that are known in both periods, \
             without holidays; the 95 % intervals take into account that days resemble the days before."
        )
    }

    /// The metrics of both periods.
    pub(super) fn metrics(&self, figures: &ArtistFigures) -> Vec<MetricChange> {
        let streams = figures.streams();
        let listeners = figures.daily(|row| row.listeners);
        let saves = figures.daily(|row| row.saves);
        let metrics = [
            ("streams", Metric::Sum(streams.clone())),
            ("streamsPerDay", Metric::Mean(streams.clone())),
            ("listenersPerDay", Metric::Mean(listeners.clone())),
            ("streamsPerListener", Metric::Rate(streams, listeners.clone())),
            ("saves", Metric::Sum(saves.clone())),
            ("saveRate", Metric::Rate(saves, listeners)),
            ("followers", Metric::Mean(figures.daily(|row| row.followers))),
        ];
        metrics.into_iter().filter_map(|(id, metric)| self.metric(id, &metric)).collect()
    }

    /// The streams of a series in both periods.
    pub(super) fn metrics_of(&self, streams: &Daily) -> Vec<MetricChange> {
        let metrics =
            [("streams", Metric::Sum(streams.clone())), ("streamsPerDay", Metric::Mean(streams.clone()))];
        metrics.iter().filter_map(|(id, metric)| self.metric(id, metric)).collect()
    }

    /// The part that one series has in another, in the period and in the one before, over the days of which both are
    /// known.
    pub(super) fn parts(&self, part: &Daily, whole: &Daily) -> (Option<f64>, Option<f64>) {
        let rate = Metric::Rate(part.clone(), whole.clone());
        (value(&rate, self.now), value(&rate, self.before))
    }

    fn metric(&self, id: &str, metric: &Metric) -> Option<MetricChange> {
        let words = metric_of(id)?;
        let change = self.change(metric);
        Some(MetricChange {
            id: words.id.to_owned(),
            label: words.label.to_owned(),
            unit: words.unit.to_owned(),
            current: value(metric, self.now),
            before: value(metric, self.before),
            change: change.map(|found| found.change),
            low: change.and_then(|found| found.low),
            high: change.and_then(|found| found.high),
            verdict: change.map_or(Verdict::NotEnoughData, |found| verdict(found.verdict())),
        })
    }

    fn change(&self, metric: &Metric) -> Option<Change> {
        let series = match metric {
            Metric::Sum(series) | Metric::Mean(series) => vec![series],
            Metric::Rate(top, base) => vec![top, base],
        };
        // A platform may say the streams of a day and not its saves.
        let is_known = |day: Date| series.iter().all(|series| series.on(day).is_some());
        let pairs: Vec<(Date, Date)> =
            self.pairs.iter().copied().filter(|(one, other)| is_known(*one) && is_known(*other)).collect();
        if pairs.len() < NEEDED_PAIRS {
            return None;
        }
        let now =
            |series: &Daily| -> Vec<f64> { pairs.iter().filter_map(|(one, _)| series.on(*one)).collect() };
        let before = |series: &Daily| -> Vec<f64> {
            pairs.iter().filter_map(|(_, other)| series.on(*other)).collect()
        };
        match metric {
            Metric::Sum(series) | Metric::Mean(series) => compare_sums(&now(series), &before(series)),
            Metric::Rate(top, base) => compare_rates(&now(top), &now(base), &before(top), &before(base)),
        }
    }

    /// The platforms and territories behind the change, each with its part.
    pub(super) fn drivers(&self, figures: &ArtistFigures) -> Vec<Driver> {
        let (now, before) = self.days();
        let platforms = self.by_platform(figures, |row| Some(row.streams));
        let territories =
            drivers(&figures.sums(&now, territories_of), &figures.sums(&before, territories_of));
        let whole: i64 = platforms.iter().map(|driver| driver.change).sum();
        if whole == 0 {
            return Vec::new();
        }
        let room = MOST_DRIVERS.saturating_sub(platforms.len());
        let territories = largest(territories, room, ELSEWHERE);
        let territories = territories.into_iter().map(|part| row(DriverDimension::Territory, part, whole));
        let platforms = platforms.into_iter().map(|part| row(DriverDimension::Platform, part, whole));
        let mut rows: Vec<_> = platforms.chain(territories).collect();
        rows.sort_by_key(|driver| std::cmp::Reverse(driver.change.abs()));
        rows
    }

    /// The platforms behind a change of a part of the streams, each with its part. `streams`: those of a row, where it
    /// tells them.
    pub(super) fn platforms_of(
        &self,
        figures: &ArtistFigures,
        streams: impl Fn(&DailyAnalytics) -> Option<u64>,
    ) -> Vec<Driver> {
        let mut platforms = self.by_platform(figures, streams);
        platforms.retain(|platform| platform.change != 0);
        let whole: i64 = platforms.iter().map(|platform| platform.change).sum();
        if whole == 0 {
            return Vec::new();
        }
        platforms.into_iter().map(|part| row(DriverDimension::Platform, part, whole)).collect()
    }

    /// How much each platform moved on the days that are compared, the largest first.
    fn by_platform(
        &self,
        figures: &ArtistFigures,
        streams: impl Fn(&DailyAnalytics) -> Option<u64>,
    ) -> Vec<attribution::Driver> {
        let (now, before) = self.days();
        let of = |row: &DailyAnalytics| -> Vec<(String, u64)> {
            streams(row).map(|streams| (row.platform.label().to_owned(), streams)).into_iter().collect()
        };
        drivers(&figures.sums(&now, of), &figures.sums(&before, of))
    }

    /// The days that are compared, in the period and in the one before.
    fn days(&self) -> (BTreeSet<Date>, BTreeSet<Date>) {
        self.pairs.iter().copied().unzip()
    }

    /// What of the change the others had as well.
    pub(super) fn market(&self, figures: &ArtistFigures, others: &[Daily]) -> Market {
        let moved = |series: &Daily| {
            let known: Vec<(f64, f64)> = self
                .pairs
                .iter()
                .filter_map(|(one, other)| Some((series.on(*one)?, series.on(*other)?)))
                .collect();
            let now: f64 = known.iter().map(|(now, _)| now).sum();
            let before: f64 = known.iter().map(|(_, before)| before).sum();
            (known.len() >= NEEDED_PAIRS && before > 0.0).then(|| now / before - 1.0)
        };
        let changes: Vec<f64> = others.iter().filter_map(moved).collect();
        let own = moved(&figures.streams());
        let part = own.and_then(|own| attribution::market(own, &changes, NEEDED_PEERS));
        Market {
            shared: part.map(|part| part.shared),
            own: part.map(|part| part.own),
            peers: counted(changes.len()),
        }
    }
}

/// A part of a change as answers have it.
fn row(dimension: DriverDimension, part: attribution::Driver, whole: i64) -> Driver {
    let share_of_change = ratio(part.change, whole);
    Driver { dimension, name: part.name, change: part.change, share_of_change }
}

/// The streams of a row by territory, those of the rest of the world under its name.
fn territories_of(row: &DailyAnalytics) -> Vec<(String, u64)> {
    let name = |code: &String| if code == REST { ELSEWHERE.to_owned() } else { code.clone() };
    row.territories.iter().map(|(code, streams)| (name(code), *streams)).collect()
}

/// Nothing to compare.
pub(super) fn no_market() -> Market {
    Market { shared: None, own: None, peers: 0 }
}

/// The value of a metric over the known days of a period.
fn value(metric: &Metric, period: Period) -> Option<f64> {
    let known = |series: &Daily| series.between(period.from, period.to).known();
    match metric {
        Metric::Sum(series) => {
            Some(known(series)).filter(|days| !days.is_empty()).map(|days| days.iter().sum())
        }
        Metric::Mean(series) => mean(&known(series)),
        Metric::Rate(top, base) => {
            let within = top.between(period.from, period.to);
            let both = within.iter().filter_map(|(date, top)| Some((top?, base.on(date)?)));
            let (top, base) = both.fold((0.0, 0.0), |(tops, bases), (top, base)| (tops + top, bases + base));
            (base > 0.0).then(|| top / base)
        }
    }
}

fn ratio(part: i64, whole: i64) -> f64 {
    let sign = |value: i64| if value < 0 { -1.0 } else { 1.0 };
    sign(part) * sign(whole) * number(part.unsigned_abs()) / number(whole.unsigned_abs())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_against_the_whole_has_a_negative_share() {
        assert!((ratio(-5, 10) + 0.5).abs() < 1e-12 && (ratio(-5, -10) - 0.5).abs() < 1e-12);
    }
}
