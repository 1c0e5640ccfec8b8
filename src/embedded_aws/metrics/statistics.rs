//! The arithmetic of metrics: samples, the statistics of a period, and percentiles.

use std::collections::BTreeMap;
use std::fmt;

use super::metric::Unit;

/// One value that was reported, with how often; or a set of values of which only the sums are known.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Sample {
    /// Seconds since 1970.
    pub(super) time: i64,
    pub(super) unit: Unit,
    pub(super) count: f64,
    pub(super) sum: f64,
    pub(super) minimum: f64,
    pub(super) maximum: f64,
}

/// What is asked about the values of a period.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Statistic {
    /// How many there are.
    SampleCount,
    /// Their sum.
    Sum,
    /// Sum by count.
    Average,
    /// The smallest.
    Minimum,
    /// The largest.
    Maximum,
    /// The value that this part of them does not exceed.
    Percentile(Percentile),
}

/// A percentile from 0 to 100.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Percentile {
    /// As it was written, such as `p99.9`.
    name: String,
    /// 0 to 1.
    part: f64,
}

impl Statistic {
    /// One of the five simple ones.
    pub(super) fn simple(name: &str) -> Option<Self> {
        Some(match name {
            "SampleCount" => Self::SampleCount,
            "Sum" => Self::Sum,
            "Average" => Self::Average,
            "Minimum" => Self::Minimum,
            "Maximum" => Self::Maximum,
            _ => return None,
        })
    }

    /// A percentile: `p`, a number from 0 to 100, at most ten digits behind the point.
    pub(super) fn percentile(name: &str) -> Option<Self> {
        let number = name.strip_prefix('p')?;
        let (whole, behind) = number.split_once('.').unwrap_or((number, "0"));
        let digits = |text: &str, most: usize| {
            (1..=most).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit())
        };
        let percent: f64 = (digits(whole, 3) && digits(behind, 10)).then(|| number.parse().ok())??;
        let percentile = Percentile { name: name.to_owned(), part: percent / 100.0 };
        (percent <= 100.0).then_some(Self::Percentile(percentile))
    }

    /// Any of them by name.
    pub(super) fn named(name: &str) -> Option<Self> {
        Self::simple(name).or_else(|| Self::percentile(name))
    }
}

impl fmt::Display for Statistic {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::SampleCount => "SampleCount",
            Self::Sum => "Sum",
            Self::Average => "Average",
            Self::Minimum => "Minimum",
            Self::Maximum => "Maximum",
            Self::Percentile(percentile) => &percentile.name,
        })
    }
}

/// What is known of the values of one period.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Summary {
    count: f64,
    sum: f64,
    range: Option<(f64, f64)>,
    /// The values with their counts, in no order.
    values: Vec<(f64, f64)>,
    /// Whether [`Summary::values`] are all of them, and none is negative: else CloudWatch knows no
    /// percentiles.
    incomplete: bool,
}

impl Summary {
    /// Takes one more sample in.
    pub(super) fn add(&mut self, sample: &Sample) {
        self.count += sample.count;
        self.sum += sample.sum;
        let (low, high) = self.range.unwrap_or((sample.minimum, sample.maximum));
        self.range = Some((low.min(sample.minimum), high.max(sample.maximum)));
        // Where smallest and largest are the same, all of them are known; so it is with a set of one.
        if sample.minimum.total_cmp(&sample.maximum).is_eq() && sample.minimum >= 0.0 {
            self.values.push((sample.minimum, sample.count));
        } else {
            self.incomplete = true;
        }
    }

    /// The statistic; none where it is not known.
    pub(super) fn value(&self, statistic: &Statistic) -> Option<f64> {
        let value = match statistic {
            Statistic::SampleCount => self.count,
            Statistic::Sum => self.sum,
            Statistic::Average => self.sum / self.count,
            Statistic::Minimum => self.range?.0,
            Statistic::Maximum => self.range?.1,
            Statistic::Percentile(_) if self.incomplete => return None,
            Statistic::Percentile(percentile) => weighted_percentile(&self.values, percentile.part)?,
        };
        value.is_finite().then_some(value)
    }
}

/// The percentile of values that each occur `count` times: linear between the two nearest ranks, as
/// if the values lay in a row (Hyndman and Fan, 1996, definition 7). `part` is 0 to 1.
fn weighted_percentile(values: &[(f64, f64)], part: f64) -> Option<f64> {
    let mut ordered = values.to_vec();
    ordered.sort_by(|(left, _), (right, _)| left.total_cmp(right));
    let total: f64 = ordered.iter().map(|(_, count)| count).sum();
    let rank = part * (total - 1.0).max(0.0);
    let below = value_at(&ordered, rank.floor())?;
    let above = value_at(&ordered, rank.floor() + 1.0)?;
    Some(below + (rank - rank.floor()) * (above - below))
}

/// The value at this place of the row, from 0; the last one beyond its end.
fn value_at(ordered: &[(f64, f64)], place: f64) -> Option<f64> {
    let mut passed = 0.0;
    for (value, count) in ordered {
        passed += count;
        if place < passed {
            return Some(*value);
        }
    }
    ordered.last().map(|(value, _)| *value)
}

/// The beginning of the period that a time lies in: periods are counted from 1970, so that all
/// questions divide time alike.
pub(super) fn period_of(time: i64, period: i64) -> i64 {
    time - time.rem_euclid(period)
}

/// The summaries of the periods in which there are samples, by their beginnings.
pub(super) fn summaries(samples: &[Sample], period: i64) -> BTreeMap<i64, Summary> {
    let mut periods: BTreeMap<i64, Summary> = BTreeMap::new();
    for sample in samples {
        periods.entry(period_of(sample.time, period)).or_default().add(sample);
    }
    periods
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn value(time: i64, value: f64, count: f64) -> Sample {
        Sample { time, unit: Unit::NONE, count, sum: value * count, minimum: value, maximum: value }
    }

    fn of(samples: &[Sample]) -> Summary {
        summaries(samples, i64::MAX).into_values().next().unwrap_or_default()
    }

    fn percentile(name: &str) -> Statistic {
        Statistic::percentile(name).unwrap()
    }

    #[test]
    fn periods_begin_at_multiples_of_their_length() {
        let samples = [value(59, 1.0, 1.0), value(60, 2.0, 1.0), value(119, 3.0, 1.0), value(180, 4.0, 1.0)];
        let sums: Vec<(i64, Option<f64>)> =
            summaries(&samples, 60).iter().map(|(time, all)| (*time, all.value(&Statistic::Sum))).collect();
        assert_eq!(sums, [(0, Some(1.0)), (60, Some(5.0)), (180, Some(4.0))]);
        assert_eq!(period_of(-1, 60), -60);
    }

    #[test]
    fn counts_weigh_in_every_statistic() {
        let all = of(&[value(0, 1.0, 3.0), value(0, 5.0, 1.0)]);
        assert_eq!(all.value(&Statistic::SampleCount), Some(4.0));
        assert_eq!(all.value(&Statistic::Sum), Some(8.0));
        assert_eq!(all.value(&Statistic::Average), Some(2.0));
        assert_eq!(all.value(&Statistic::Minimum), Some(1.0));
        assert_eq!(all.value(&Statistic::Maximum), Some(5.0));
        assert_eq!(all.value(&percentile("p50")), Some(1.0));
    }

    #[test]
    fn percentiles_of_a_hundred_values() {
        let all = of(&(1..=100).map(|number| value(0, f64::from(number), 1.0)).collect::<Vec<_>>());
        for (name, expected) in
            [("p0", 1.0), ("p50", 50.5), ("p99", 99.01), ("p99.9", 99.901), ("p100", 100.0)]
        {
            let found = all.value(&percentile(name)).unwrap();
            assert!((found - expected).abs() < 1e-9, "{name}: {found}");
        }
    }

    #[test]
    fn a_set_has_no_percentiles_unless_all_its_values_are_the_same() {
        let set = |minimum, maximum| Sample { minimum, maximum, count: 4.0, sum: 8.0, ..value(0, 0.0, 0.0) };
        assert_eq!(of(&[set(1.0, 3.0)]).value(&percentile("p50")), None);
        assert_eq!(of(&[set(2.0, 2.0)]).value(&percentile("p50")), Some(2.0));
        assert_eq!(of(&[value(0, 1.0, 1.0), set(1.0, 3.0)]).value(&percentile("p50")), None);
        assert_eq!(of(&[set(1.0, 3.0)]).value(&Statistic::Average), Some(2.0));
    }

    #[test]
    fn there_are_no_percentiles_where_a_value_is_negative() {
        let all = of(&[value(0, -1.0, 1.0), value(0, 4.0, 1.0)]);
        assert_eq!(all.value(&percentile("p90")), None);
        assert_eq!(all.value(&Statistic::Minimum), Some(-1.0));
    }

    #[test]
    fn only_percentages_are_percentiles() {
        for name in
            ["p", "p100.1", "p101", "p-1", "p1e1", "P50", "p.5", "p50.", "tm90", "p99.12345678901", "p+5"]
        {
            assert_eq!(Statistic::named(name), None, "{name}");
        }
        for name in ["p0", "p99.99", "p100", "Average"] {
            assert_eq!(Statistic::named(name).map(|found| found.to_string()).as_deref(), Some(name));
        }
    }

    proptest! {
        #[test]
        fn a_percentile_lies_between_the_extremes_and_grows_with_its_rank(
            values in prop::collection::vec((0.0..1.0e6, 1..5_u8), 1..40),
            low in 0..=1000_u16,
            high in 0..=1000_u16,
        ) {
            let samples: Vec<Sample> =
                values.iter().map(|(number, count)| value(0, *number, f64::from(*count))).collect();
            let all = of(&samples);
            let (low, high) = (low.min(high), low.max(high));
            let at = |rank: u16| all.value(&percentile(&format!("p{}.{}", rank / 10, rank % 10))).unwrap();
            prop_assert!(all.value(&Statistic::Minimum).unwrap() <= at(low));
            prop_assert!(at(low) <= at(high) + 1e-9);
            prop_assert!(at(high) <= all.value(&Statistic::Maximum).unwrap() + 1e-9);
        }

        #[test]
        fn a_count_is_the_same_as_the_value_that_often(
            values in prop::collection::vec((0.0..100.0, 1..4_u8), 1..10),
            rank in 0..=100_u8,
        ) {
            let counted: Vec<Sample> =
                values.iter().map(|(number, count)| value(0, *number, f64::from(*count))).collect();
            let repeated: Vec<Sample> = values
                .iter()
                .flat_map(|(number, count)| std::iter::repeat_n(value(0, *number, 1.0), usize::from(*count)))
                .collect();
            let wanted = percentile(&format!("p{rank}"));
            let (left, right) = (of(&counted).value(&wanted).unwrap(), of(&repeated).value(&wanted).unwrap());
            prop_assert!((left - right).abs() < 1e-9);
        }

        #[test]
        fn no_period_loses_a_value(times in prop::collection::vec(-10_000_i64..10_000, 0..50), period in 1_i64..500) {
            let samples: Vec<Sample> = times.iter().map(|time| value(*time, 1.0, 1.0)).collect();
            let periods = summaries(&samples, period);
            let counted: f64 = periods.values().filter_map(|all| all.value(&Statistic::SampleCount)).sum();
            prop_assert!((counted - f64::from(u32::try_from(times.len()).unwrap())).abs() < 0.5);
            prop_assert!(periods.keys().all(|begin| begin.rem_euclid(period) == 0));
        }
    }
}
