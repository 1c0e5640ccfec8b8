//! Days that neither the weekday nor the market explains.

use super::daily::{Daily, after, days_between, weekday};
use super::holidays::touches_holiday;
use super::statistics::{MAD_TO_DEVIATION, median, median_absolute_deviation};
use jiff::civil::Date;

/// A day stands out from this many robust deviations on …
pub const LEAST_Z: f64 = 6.0;
/// … if it also moves streams by more than this part.
pub const LEAST_EFFECT: f64 = 0.25;
/// The market moves when the median of the others does by this part.
const MARKET_EFFECT: f64 = 0.15;
/// So many others are needed to tell what the market did.
pub const NEEDED_PEERS: usize = 5;
/// The least number of days from which the usual spread is taken.
const NEEDED_DAYS: usize = 28;
/// Within so many days a way back belongs to the anomaly before.
const WAY_BACK_DAYS: i32 = 7;
/// A spread smaller than this is that of rounding, in ln.
const LEAST_SPREAD: f64 = 0.005;
/// An event explains what begins from two days before it on …
const DAYS_BEFORE_EVENT: i32 = 2;
/// … until three days after it.
const DAYS_AFTER_EVENT: i32 = 3;

/// A day on which streams jumped.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Anomaly {
    /// The day.
    pub date: Date,
    /// By how much streams moved against the day before, beyond weekday and market, as a ratio.
    pub effect: f64,
    /// The same in robust deviations of the artist's usual days.
    pub z: f64,
    /// What kind it is.
    pub kind: AnomalyKind,
    /// The last day before streams went back as suddenly, if they did within a week.
    pub until: Option<Date>,
}

/// Where an anomaly comes from, as far as the figures tell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AnomalyKind {
    /// The artist alone.
    Own,
    /// All others moved as well.
    Market,
    /// A holiday, or the day after one.
    Holiday,
}

/// The days on which streams jumped.
///
/// Of ln(1 + x), the difference from the day before, less the median of that weekday, less the median of
/// the same day among the others (who went through the same). z = (r − median)/(1.4826 MAD), over all days
/// of the artist but the holidays. A day stands out with |z| > 6 and an effect of more than 25 %. Where only
/// the difference before the others were taken off stands out, and the others' median moved by more than
/// 15 %, the market moved. A sudden way back within a week belongs to the anomaly that it ends. Without at
/// least five others on a day nothing is taken off. None below four weeks of differences: nobody knows then.
pub fn anomalies(own: &Daily, others: &[Daily]) -> Option<Vec<Anomaly>> {
    let own = weekday_adjusted(own);
    let others: Vec<Daily> = others.iter().map(weekday_adjusted).collect();
    let market = |date: Date| {
        let moves: Vec<f64> = others.iter().filter_map(|other| other.on(date)).collect();
        median(&moves).filter(|_| moves.len() >= NEEDED_PEERS)
    };
    let rest = own.map(|date, value| Some(value - market(date).unwrap_or_default()));
    let (usual, usual_before) = (Usual::of(&rest)?, Usual::of(&own)?);
    let found = own.iter().filter_map(|(date, value)| {
        let (whole, own_part) = (value?, rest.on(date)?);
        let (effect, z, shared) = if usual.stands_out(own_part) {
            (own_part, usual.z(own_part), false)
        } else if usual_before.stands_out(whole)
            && (market(date).is_some_and(|moved| moved.exp_m1().abs() > MARKET_EFFECT)
                || touches_holiday(date))
        {
            (whole, usual_before.z(whole), true)
        } else {
            return None;
        };
        let kind = if touches_holiday(date) {
            AnomalyKind::Holiday
        } else if shared {
            AnomalyKind::Market
        } else {
            AnomalyKind::Own
        };
        Some((Anomaly { date, effect: effect.exp_m1(), z, kind, until: None }, effect))
    });
    Some(with_ways_back(found.collect()))
}

/// Differences of logarithms from day to day, less the median of each weekday.
fn weekday_adjusted(series: &Daily) -> Daily {
    let differences = series.logarithms().differences();
    let usual = differences.map(|date, value| (!touches_holiday(date)).then_some(value)).weekday_medians();
    differences.map(|date, value| Some(value - usual[weekday(date)]?))
}

/// The middle and spread of usual days.
struct Usual {
    middle: f64,
    deviation: f64,
}

impl Usual {
    fn of(series: &Daily) -> Option<Self> {
        let usual = series.map(|date, value| (!touches_holiday(date)).then_some(value)).known();
        if usual.len() < NEEDED_DAYS {
            return None;
        }
        let deviation = median_absolute_deviation(&usual)?.max(LEAST_SPREAD) * MAD_TO_DEVIATION;
        Some(Self { middle: median(&usual)?, deviation })
    }

    fn z(&self, value: f64) -> f64 {
        (value - self.middle) / self.deviation
    }

    fn stands_out(&self, value: f64) -> bool {
        self.z(value).abs() > LEAST_Z && value.exp_m1().abs() > LEAST_EFFECT
    }
}

/// Takes out sudden ways back, and writes down where the anomaly that they end was last seen.
fn with_ways_back(found: Vec<(Anomaly, f64)>) -> Vec<Anomaly> {
    let mut kept: Vec<(Anomaly, f64)> = Vec::new();
    for (anomaly, moved) in found {
        let ended = kept.iter_mut().rev().find(|(earlier, earlier_moved)| {
            earlier.until.is_none()
                && days_between(earlier.date, anomaly.date) <= WAY_BACK_DAYS
                && earlier_moved.signum() * moved.signum() < 0.0
                && (earlier_moved + moved).abs() < 0.5 * earlier_moved.abs()
        });
        match ended {
            Some((earlier, _)) => earlier.until = Some(after(anomaly.date, -1)),
            None => kept.push((anomaly, moved)),
        }
    }
    kept.into_iter().map(|(anomaly, _)| anomaly).collect()
}

/// The event that explains what began on a day, if one was logged from two days before to three days after
/// it: the nearest.
pub fn explanation<T>(began: Date, events: &[T], day: impl Fn(&T) -> Date) -> Option<&T> {
    let distance = |event: &T| days_between(day(event), began);
    let near =
        events.iter().filter(|event| (-DAYS_BEFORE_EVENT..=DAYS_AFTER_EVENT).contains(&distance(event)));
    near.min_by_key(|event| distance(event).abs())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::music::analysis::chance::chance;
    use jiff::civil::date;

    const FIRST: Date = date(2026, 6, 1);

    fn series(artist: i32, factor: impl Fn(i32) -> f64) -> Daily {
        let week = |day: i32| 1.0 + 0.2 * f64::from(day % 7) / 7.0;
        let values = (0..120)
            .map(|day| Some(10_000.0 * week(day) * (0.02 * chance(day + 1000 * artist)).exp() * factor(day)));
        Daily { first: FIRST, values: values.collect() }
    }

    fn others(factor: impl Fn(i32) -> f64 + Copy) -> Vec<Daily> {
        (1..=8).map(|artist| series(artist, factor)).collect()
    }

    #[test]
    fn the_week_alone_is_no_anomaly() {
        assert_eq!(anomalies(&series(0, |_| 1.0), &others(|_| 1.0)), Some(vec![]));
    }

    #[test]
    fn a_spike_of_three_days_is_one_anomaly_with_its_end() {
        let own = series(0, |day| if (60..63).contains(&day) { 2.5 } else { 1.0 });
        let found = anomalies(&own, &others(|_| 1.0)).expect("enough days");
        assert_eq!(found.len(), 1, "{found:?}");
        assert_eq!((found[0].date, found[0].kind), (after(FIRST, 60), AnomalyKind::Own));
        assert_eq!(found[0].until, Some(after(FIRST, 62)));
        assert!((found[0].effect - 1.5).abs() < 0.15 && found[0].z > 6.0);
    }

    #[test]
    fn what_happens_to_all_is_the_market() {
        let shock = |day: i32| if day == 80 { 0.7 } else { 1.0 };
        let found = anomalies(&series(0, shock), &others(shock)).expect("enough days");
        assert_eq!(found.len(), 1, "{found:?}");
        assert_eq!((found[0].date, found[0].kind), (after(FIRST, 80), AnomalyKind::Market));
        let alone = anomalies(&series(0, shock), &[]).expect("enough days");
        assert_eq!(alone.iter().map(|found| found.kind).collect::<Vec<_>>(), [AnomalyKind::Own]);
    }

    #[test]
    fn a_holiday_is_called_one() {
        let first = date(2026, 10, 1);
        let quiet = |day: i32| if day == 85 { 0.6 } else { 1.0 };
        let own = Daily { first, ..series(0, quiet) };
        let found = anomalies(&own, &[]).expect("enough days");
        assert_eq!(found.iter().map(|found| found.kind).collect::<Vec<_>>(), [AnomalyKind::Holiday]);
    }

    #[test]
    fn three_weeks_are_too_few_and_noughts_have_no_unusual_day() {
        let own = series(0, |day| if day == 10 { 9.0 } else { 1.0 });
        assert_eq!(anomalies(&own.between(FIRST, after(FIRST, 20)), &[]), None);
        assert_eq!(anomalies(&series(0, |_| 0.0), &others(|_| 1.0)), Some(vec![]));
    }

    #[test]
    fn the_nearest_event_explains() {
        let events = [after(FIRST, 57), after(FIRST, 59), after(FIRST, 63)];
        assert_eq!(explanation(after(FIRST, 60), &events, |date| *date), Some(&after(FIRST, 59)));
        assert_eq!(explanation(after(FIRST, 70), &events, |date| *date), None);
    }
}
