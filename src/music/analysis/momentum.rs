//! How fast an artist grows compared with artists like them.

use super::daily::{Daily, after};
use super::holidays::is_holiday;
use super::statistics::{MAD_TO_DEVIATION, count, mean, median, median_absolute_deviation};
use jiff::civil::Date;

/// The newest days …
pub const NEWEST_DAYS: i32 = 28;
/// … against these before them.
pub const EARLIER_DAYS: i32 = 63;
/// Fewer peers say nothing.
pub const NEEDED_PEERS: usize = 20;
/// No spread among peers is taken to be smaller than this, in ln.
const LEAST_SPREAD: f64 = 0.02;

/// How an artist's size is called, by streams on a usual day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Stage {
    /// Fewer than 1,000.
    Emerging,
    /// Fewer than 10,000.
    Developing,
    /// Fewer than 100,000.
    Established,
    /// Fewer than a million.
    Mainstream,
    /// A million or more.
    Superstar,
}

impl Stage {
    /// The stage of an artist with this many streams a day. The limits are ours: the published stages are
    /// percentiles of all artists of the world, which nobody at a label can count.
    pub fn of(streams_per_day: f64) -> Self {
        match streams_per_day {
            streams if streams < 1_000.0 => Self::Emerging,
            streams if streams < 10_000.0 => Self::Developing,
            streams if streams < 100_000.0 => Self::Established,
            streams if streams < 1_000_000.0 => Self::Mainstream,
            _ => Self::Superstar,
        }
    }

    /// The word for it.
    pub fn label(self) -> &'static str {
        match self {
            Self::Emerging => "emerging",
            Self::Developing => "developing",
            Self::Established => "established",
            Self::Mainstream => "mainstream",
            Self::Superstar => "superstar",
        }
    }

    /// Whether another stage is the same or next to it.
    pub fn is_near(self, other: Self) -> bool {
        (self as i8 - other as i8).abs() <= 1
    }
}

/// How fast an artist grows, in words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Band {
    /// From 8 deviations on.
    Explosive,
    /// From 2.
    High,
    /// More than 1.
    Moderate,
    /// Between −1 and 1.
    Steady,
    /// Less than −1.
    Declining,
}

impl Band {
    /// The band of a value.
    pub fn of(value: f64) -> Self {
        match value {
            value if value >= 8.0 => Self::Explosive,
            value if value >= 2.0 => Self::High,
            value if value > 1.0 => Self::Moderate,
            value if value >= -1.0 => Self::Steady,
            _ => Self::Declining,
        }
    }
}

/// The growth of a metric: the mean of ln(1 + x) over the newest 28 days less that over the 63 days before,
/// both without holidays. None where a quarter or more of either is missing.
pub fn growth(series: &Daily, to: Date) -> Option<f64> {
    let usual = series.logarithms().map(|date, value| (!is_holiday(date)).then_some(value));
    let middle = |from: i32, until: i32, length: i32| {
        let part = usual.between(after(to, -from), after(to, -until));
        let enough = part.days_with_data() * 4 > usize::try_from(length).unwrap_or_default() * 3;
        mean(&part.known()).filter(|_| enough)
    };
    let newest = middle(NEWEST_DAYS - 1, 0, NEWEST_DAYS)?;
    Some(newest - middle(NEWEST_DAYS + EARLIER_DAYS - 1, NEWEST_DAYS, EARLIER_DAYS)?)
}

/// A metric's growth with that of the peers, and how much it counts.
#[derive(Debug, Clone, PartialEq)]
pub struct Part {
    /// The artist's growth.
    pub growth: f64,
    /// The peers' growth.
    pub peers: Vec<f64>,
    /// The weight.
    pub weight: f64,
}

/// The weighted mean of each metric's growth beyond the peers' median, in robust deviations of the peers'
/// growth: (g - median) / max(1.4826 MAD, 0.02). Metrics with fewer than [`NEEDED_PEERS`] peers do not count; none where none does.
pub fn momentum(parts: &[Part]) -> Option<f64> {
    let scores: Vec<(f64, f64)> = parts
        .iter()
        .filter(|part| part.peers.len() >= NEEDED_PEERS && part.weight > 0.0)
        .filter_map(|part| {
            let spread = MAD_TO_DEVIATION * median_absolute_deviation(&part.peers)?;
            let beyond = part.growth - median(&part.peers)?;
            Some((beyond / spread.max(LEAST_SPREAD), part.weight))
        })
        .collect();
    let weights: f64 = scores.iter().map(|(_, weight)| weight).sum();
    (weights > 0.0).then(|| scores.iter().map(|(score, weight)| score * weight).sum::<f64>() / weights)
}

/// The narrowest of several groups of peers that is large enough; none where even the widest is not.
pub fn narrowest<T>(groups: Vec<Vec<T>>) -> Option<(usize, Vec<T>)> {
    groups.into_iter().enumerate().find(|(_, group)| group.len() >= NEEDED_PEERS)
}

/// Streams on a usual day: the mean of the newest 28 days with data; none without any.
pub fn usual_day(series: &Daily, to: Date) -> Option<f64> {
    let newest = series.between(after(to, 1 - NEWEST_DAYS), to).known();
    (!newest.is_empty()).then(|| newest.iter().sum::<f64>() / count(newest.len()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    const TO: Date = date(2026, 11, 21);

    fn series(days: i32, newest: f64) -> Daily {
        let value = |day: i32| Some(if day >= days - 28 { newest } else { 1000.0 });
        Daily { first: after(TO, 1 - days), values: (0..days).map(value).collect() }
    }

    #[test]
    fn growth_is_measured_in_logarithms_over_91_days() {
        let found = growth(&series(91, 1200.0), TO).expect("91 days");
        assert!((found - (1201.0_f64 / 1001.0).ln()).abs() < 1e-12);
        assert_eq!(growth(&series(60, 1200.0), TO), None);
    }

    #[test]
    fn momentum_is_in_deviations_of_at_least_twenty_peers() {
        let peers: Vec<f64> = (0..20_u32).map(|peer| f64::from(peer) / 100.0 - 0.095).collect();
        let part = |peers: Vec<f64>| Part { growth: 0.2, peers, weight: 1.0 };
        let value = momentum(&[part(peers.clone())]).expect("twenty peers");
        assert!((value - 0.2 / (1.4826 * 0.05)).abs() < 1e-9, "{value}");
        assert_eq!(Band::of(value), Band::High);
        assert_eq!(momentum(&[part(peers[..19].to_vec())]), None);
    }

    #[test]
    fn peers_who_all_grow_alike_do_not_make_small_things_large() {
        let value = momentum(&[Part { growth: 0.01, peers: vec![0.0; 20], weight: 1.0 }]);
        assert_eq!(value.map(Band::of), Some(Band::Steady));
    }

    #[test]
    fn growth_that_all_peers_have_is_no_momentum() {
        let peers: Vec<f64> = (0..21_u32).map(|peer| 0.3 + f64::from(peer) / 100.0).collect();
        let value = momentum(&[Part { growth: 0.4, peers, weight: 1.0 }]);
        assert!(value.is_some_and(|value| value.abs() < 1e-9), "{value:?}");
    }

    #[test]
    fn the_narrowest_group_that_is_large_enough_is_taken() {
        assert_eq!(narrowest(vec![vec![1; 5], vec![2; 20], vec![3; 30]]).map(|(place, _)| place), Some(1));
        assert_eq!(narrowest(vec![vec![1; 5]]), None);
        assert!(
            Stage::of(9_999.0).is_near(Stage::of(50_000.0)) && !Stage::of(10.0).is_near(Stage::of(50_000.0))
        );
    }
}
