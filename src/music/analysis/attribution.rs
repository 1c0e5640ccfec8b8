//! What a change in streams is made of: platforms, territories, the market.

use super::statistics::median;
use std::collections::BTreeMap;

/// A part of a change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Driver {
    /// The platform or territory.
    pub name: String,
    /// The change in streams.
    pub change: i64,
}

/// The change of each part between two sums, largest first. The parts add up to the change of the whole
/// exactly, as the parts of each sum add up to it.
pub fn drivers(now: &BTreeMap<String, u64>, before: &BTreeMap<String, u64>) -> Vec<Driver> {
    let sum = |sums: &BTreeMap<String, u64>, name: &str| {
        i64::try_from(sums.get(name).copied().unwrap_or_default()).unwrap_or(i64::MAX)
    };
    let mut names: Vec<&String> = now.keys().chain(before.keys()).collect();
    names.sort();
    names.dedup();
    let mut drivers: Vec<_> = names
        .into_iter()
        .map(|name| Driver { name: name.clone(), change: sum(now, name) - sum(before, name) })
        .collect();
    drivers.sort_by(|one, other| {
        other.change.abs().cmp(&one.change.abs()).then_with(|| one.name.cmp(&other.name))
    });
    drivers
}

/// The largest drivers, and the others added up under a name together with what has that name already, so
/// that they still add up to the whole.
pub fn largest(drivers: Vec<Driver>, most: usize, rest: &str) -> Vec<Driver> {
    let (mut named, mut others): (Vec<_>, Vec<_>) =
        drivers.into_iter().partition(|driver| driver.name != rest);
    if named.len() + others.len() > most {
        others.extend(named.split_off(most.saturating_sub(1).min(named.len())));
    }
    if !others.is_empty() {
        let change = others.iter().map(|driver| driver.change).sum();
        named.push(Driver { name: rest.to_owned(), change });
    }
    named
}

/// A change as the part that others had as well, and the rest.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct MarketPart {
    /// What the others changed by, in the median (0.1 = +10 %).
    pub shared: f64,
    /// What is left: (1 + shared)(1 + own) = 1 + change.
    pub own: f64,
}

/// Divides a change between the market and the artist; none with fewer than `needed` others.
pub fn market(change: f64, others: &[f64], needed: usize) -> Option<MarketPart> {
    let shared = median(others).filter(|shared| others.len() >= needed && *shared > -1.0)?;
    Some(MarketPart { shared, own: (1.0 + change) / (1.0 + shared) - 1.0 })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sums(parts: &[(&str, u64)]) -> BTreeMap<String, u64> {
        parts.iter().map(|(name, streams)| ((*name).to_owned(), *streams)).collect()
    }

    #[test]
    fn the_parts_add_up_to_the_whole() {
        let now = sums(&[("NO", 50), ("SE", 30), ("NZ", 400), ("DE", 7)]);
        let before = sums(&[("NO", 60), ("SE", 29), ("PL", 3)]);
        let all = drivers(&now, &before);
        assert_eq!(all.iter().map(|driver| driver.change).sum::<i64>(), 487 - 92);
        assert_eq!((all[0].name.as_str(), all[0].change), ("NZ", 400));
        let short = largest(all, 3, "elsewhere");
        assert_eq!(short.iter().map(|driver| driver.change).sum::<i64>(), 395);
        assert_eq!(short.last().map(|driver| driver.name.as_str()), Some("elsewhere"));
    }

    #[test]
    fn market_and_own_part_multiply_to_the_change() {
        let part = market(0.2, &[0.1, 0.05, 0.3, 0.1, 0.0], 5).expect("five others");
        assert!((part.shared - 0.1).abs() < 1e-12);
        assert!(((1.0 + part.shared) * (1.0 + part.own) - 1.2).abs() < 1e-12);
        assert_eq!(market(0.2, &[0.1; 4], 5), None);
    }
}
