//! What a release did: the streams of its own tracks, or where those are not known, the artist's streams above the level
//! that was expected without it.
//!
//! Expected for a day is the median of the same weekday in the four weeks before the release, so that the shape
//! of the week does not count as an effect. Sums are given for day 0 (D1), days 0 to 6 (W1) and days 0 to 27
//! (D28). The weekly change is e^b - 1 and the half-life ln 0.5 / b, where b is the least-squares slope of
//! the logarithm of the weekly means of the uplift. A trend that the artist has anyway is not taken out.

use std::f64::consts::LN_2;

/// Days that are looked at, before the release and from it on.
pub const DAYS: usize = 28;

/// Days of a week.
const WEEK: usize = 7;

/// The part of the days of a sum that must have figures; the others are filled with the mean of those.
const NEEDED: f64 = 0.75;

/// The weeks that a slope needs.
const LEAST_WEEKS: usize = 3;

/// What a release did.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Curve {
    /// Streams of the tracks, or the artist's above the expected level, for each day from the release on; none where
    /// figures or the level are not known.
    pub days: Vec<Option<f64>>,
    /// Day 0.
    pub day1: Option<f64>,
    /// Days 0 to 6.
    pub week1: Option<f64>,
    /// Days 0 to 27.
    pub day28: Option<f64>,
    /// The part of the first 28 days that came in the first week; none unless both sums are above zero.
    pub front_load: Option<f64>,
    /// The change of the uplift from week to week (-0.3 = 30 % less each week).
    pub decay_per_week: Option<f64>,
    /// After how many weeks half of it is left; none while it does not fall.
    pub half_life_weeks: Option<f64>,
}

/// The curve of a release from its artist's streams. `before` are the 28 days that end on the day before it, oldest
/// first; `after` the days from its day on. Days without complete figures are none.
pub fn curve(before: &[Option<f64>; DAYS], after: &[Option<f64>]) -> Curve {
    let level: Vec<Option<f64>> = (0..WEEK).map(|weekday| expected(before, weekday)).collect();
    let days: Vec<Option<f64>> = after
        .iter()
        .take(DAYS)
        .enumerate()
        .map(|(day, streams)| Some((*streams)? - level[day % WEEK]?))
        .collect();
    of_days(days)
}

/// The curve of a release from the streams of its own tracks, for each day from its day on. Nothing is taken off:
/// without the release they would have none.
pub fn curve_of_tracks(streams: &[Option<f64>]) -> Curve {
    of_days(streams.iter().copied().take(DAYS).collect())
}

fn of_days(days: Vec<Option<f64>>) -> Curve {
    let week1 = sum(&days, WEEK);
    let day28 = sum(&days, DAYS);
    let slope = slope(&weekly(&days));
    let front_load = match (week1, day28) {
        (Some(week), Some(all)) if week > 0.0 && all > 0.0 => Some(week / all),
        _ => None,
    };
    Curve {
        day1: days.first().copied().flatten(),
        week1,
        day28,
        front_load,
        decay_per_week: slope.map(|b| b.exp() - 1.0),
        half_life_weeks: slope.filter(|b| *b < 0.0).map(|b| -LN_2 / b),
        days,
    }
}

/// The median of a weekday in the four weeks before; none where fewer than two of the four are known.
fn expected(before: &[Option<f64>; DAYS], weekday: usize) -> Option<f64> {
    let known: Vec<f64> = before.iter().skip(weekday).step_by(WEEK).copied().flatten().collect();
    (known.len() >= 2).then(|| super::percentile::quantile(&known, 0.5))?
}

/// The sum of the first days, where enough of them are known.
fn sum(days: &[Option<f64>], length: usize) -> Option<f64> {
    let span = days.get(..length)?;
    Some(mean(span)? * count(length))
}

/// The mean of days, where enough of them are known.
fn mean(days: &[Option<f64>]) -> Option<f64> {
    let known: Vec<f64> = days.iter().copied().flatten().collect();
    (count(known.len()) >= NEEDED * count(days.len()) && !known.is_empty())
        .then(|| known.iter().sum::<f64>() / count(known.len()))
}

/// The logarithms of the weekly means, up to the first week without an uplift: what is below the level has no
/// logarithm, and what comes after it is no longer the release's.
fn weekly(days: &[Option<f64>]) -> Vec<f64> {
    let means = days.chunks_exact(WEEK).map(mean);
    means.map_while(|mean| mean.filter(|mean| *mean > 0.0)).map(f64::ln).collect()
}

/// The least-squares slope over equally distant values.
fn slope(values: &[f64]) -> Option<f64> {
    if values.len() < LEAST_WEEKS {
        return None;
    }
    let n = count(values.len());
    let (mid, mean) = ((n - 1.0) / 2.0, values.iter().sum::<f64>() / n);
    let (mut above, mut below) = (0.0, 0.0);
    for (place, value) in values.iter().enumerate() {
        let distance = count(place) - mid;
        above += distance * (value - mean);
        below += distance * distance;
    }
    Some(above / below)
}

#[expect(clippy::cast_precision_loss, reason = "numbers of days are far below 2^52")]
fn count(number: usize) -> f64 {
    number as f64
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// A week with its own shape.
    fn usual(day: usize) -> f64 {
        1_000.0 + 50.0 * count(day % WEEK)
    }

    fn before() -> [Option<f64>; DAYS] {
        std::array::from_fn(|day| Some(usual(day)))
    }

    fn after(uplift: impl Fn(usize) -> f64) -> Vec<Option<f64>> {
        (0..DAYS).map(|day| Some(usual(day) + uplift(day))).collect()
    }

    fn close(found: Option<f64>, expected: f64) -> bool {
        found.is_some_and(|found| (found - expected).abs() < 1e-6)
    }

    #[test]
    fn an_effect_that_halves_in_two_weeks_is_found() {
        let halving = |day: usize| 600.0 * (-LN_2 * count(day) / 14.0).exp();
        let found = curve(&before(), &after(halving));
        assert!(close(found.day1, 600.0), "{found:?}");
        assert!(close(found.week1, (0..WEEK).map(halving).sum()));
        assert!(close(found.day28, (0..DAYS).map(halving).sum()));
        assert!(close(found.half_life_weeks, 2.0));
        assert!(close(found.decay_per_week, 0.5_f64.sqrt() - 1.0));
        assert!(found.front_load.is_some_and(|part| (0.25..0.5).contains(&part)));
    }

    #[test]
    fn a_lost_day_is_filled_and_many_lost_days_are_not() {
        let mut streams = after(|_| 100.0);
        streams[3] = None;
        assert!(close(curve(&before(), &streams).week1, 700.0));
        streams[4] = None;
        assert_eq!(curve(&before(), &streams).week1, None);
        assert!(close(curve(&before(), &streams).day28, 2_800.0));
    }

    #[test]
    fn of_the_tracks_own_streams_nothing_is_taken_off() {
        let halving = |day: usize| Some(600.0 * (-LN_2 * count(day) / 14.0).exp());
        let streams: Vec<_> = (0..DAYS + 5).map(halving).collect();
        let found = curve_of_tracks(&streams);
        assert_eq!(found.days.len(), DAYS);
        assert!(close(found.day1, 600.0) && close(found.half_life_weeks, 2.0), "{found:?}");
        assert!(close(found.week1, streams.iter().take(WEEK).copied().flatten().sum()));
    }

    #[test]
    fn a_young_release_has_no_sums_yet() {
        let found = curve(&before(), &after(|_| 100.0)[..5]);
        assert!(close(found.day1, 100.0));
        assert_eq!((found.week1, found.day28, found.decay_per_week), (None, None, None));
        assert_eq!(curve(&before(), &[]), Curve::default());
    }

    #[test]
    fn without_days_before_nothing_is_known() {
        assert_eq!(curve(&[None; DAYS], &after(|_| 1.0)).day1, None);
    }

    proptest! {
        #[test]
        fn nothing_is_found_where_nothing_happened(lost in proptest::collection::vec(any::<bool>(), DAYS)) {
            let streams: Vec<Option<f64>> =
                after(|_| 0.0).into_iter().zip(lost).map(|(day, lost)| day.filter(|_| !lost)).collect();
            let found = curve(&before(), &streams);
            for sum in [found.day1, found.week1, found.day28].into_iter().flatten() {
                prop_assert!(sum.abs() < 1e-6);
            }
            prop_assert_eq!((found.front_load, found.half_life_weeks), (None, None));
        }
    }
}
