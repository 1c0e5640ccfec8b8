//! The territories in which an artist is heard most.

use super::figures::number;
use crate::model::analytics::DailyAnalytics;
use std::collections::BTreeMap;

/// A territory with this part of the streams is a main one. Ours.
const MAIN_PART: f64 = 0.10;

/// The home of an artist, and the territories with a tenth or more of the streams of some rows.
pub(super) fn main_territories<'r>(
    home: &'r str,
    rows: impl Iterator<Item = &'r DailyAnalytics>,
) -> Vec<&'r str> {
    let mut sums: BTreeMap<&str, u64> = BTreeMap::new();
    let mut whole = 0_u64;
    for row in rows {
        whole = whole.saturating_add(row.streams);
        for (code, streams) in &row.territories {
            let sum = sums.entry(code.as_str()).or_default();
            *sum = sum.saturating_add(*streams);
        }
    }
    let is_main = |streams: u64| streams > 0 && number(streams) >= MAIN_PART * number(whole);
    let abroad = sums.into_iter().filter(|(code, streams)| *code != home && is_main(*streams));
    std::iter::once(home).chain(abroad.map(|(code, _)| code)).collect()
}
