//! Where an artist is ahead of others and where behind.

use super::Side;
use crate::model::analysis::{ComparedArtist, Contrast};
use crate::music::analysis::statistics::median;

/// At most so many strengths, and so many gaps.
const MOST: usize = 2;
/// A smaller difference from the others is none.
const LEAST_DIFFERENCE: f64 = 0.1;
/// A smaller difference of changes is none.
const LEAST_DIFFERENCE_OF_CHANGES: f64 = 0.02;

/// What is compared.
struct Aspect {
    metric: &'static str,
    words: &'static str,
    /// The artist's value.
    of: fn(&ComparedArtist) -> Option<f64>,
    /// How large a difference is: as a ratio of the others' value, or of changes.
    is_change: bool,
}

const ASPECTS: [Aspect; 4] = [
    Aspect {
        metric: "streams",
        words: "Streams of 28 days",
        of: |artist| artist.streams.map(crate::engine::tools::music::figures::number),
        is_change: false,
    },
    Aspect { metric: "change", words: "Change of the streams", of: |artist| artist.change, is_change: true },
    Aspect {
        metric: "saveRate",
        words: "Saves for each listener",
        of: |artist| artist.save_rate,
        is_change: false,
    },
    Aspect {
        metric: "followersPerStream",
        words: "Followers for each stream of 28 days",
        of: |artist| {
            let streams = crate::engine::tools::music::figures::number(artist.streams?);
            let followers = crate::engine::tools::music::figures::number(artist.followers?);
            (streams > 0.0).then(|| followers / streams)
        },
        is_change: false,
    },
];

/// Strengths and gaps of the first artist, the largest first.
pub(super) fn contrasts(sides: &[Side]) -> (Vec<Contrast>, Vec<Contrast>) {
    let Some((first, others)) = sides.split_first().filter(|(_, others)| !others.is_empty()) else {
        return (Vec::new(), Vec::new());
    };
    let mut found: Vec<(f64, Contrast)> =
        ASPECTS.iter().filter_map(|aspect| contrast(aspect, first, others)).collect();
    found.sort_by(|(one, _), (other, _)| other.abs().total_cmp(&one.abs()));
    let (strengths, gaps): (Vec<_>, Vec<_>) = found.into_iter().partition(|(size, _)| *size > 0.0);
    let rows = |found: Vec<(f64, Contrast)>| found.into_iter().take(MOST).map(|(_, row)| row).collect();
    (rows(strengths), rows(gaps))
}

fn contrast(aspect: &Aspect, first: &Side, others: &[Side]) -> Option<(f64, Contrast)> {
    let value = (aspect.of)(&first.row)?;
    let values: Vec<f64> = others.iter().filter_map(|side| (aspect.of)(&side.row)).collect();
    let peers = median(&values)?;
    let size = if aspect.is_change { value - peers } else { (peers > 0.0).then(|| value / peers - 1.0)? };
    let least = if aspect.is_change { LEAST_DIFFERENCE_OF_CHANGES } else { LEAST_DIFFERENCE };
    if size.abs() < least {
        return None;
    }
    let direction = if size > 0.0 { "more than" } else { "less than" };
    let how = if aspect.is_change {
        format!("{:.1} percentage points {direction}", 100.0 * size.abs())
    } else {
        format!("{:.0} % {direction}", 100.0 * size.abs())
    };
    let text = format!("{}: {how} the median of the others.", aspect.words);
    Some((size, Contrast { text, metric: aspect.metric.to_owned(), value, peers }))
}
