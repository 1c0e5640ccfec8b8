//! Which workflow is meant: sums the points of what was found, and says how sure that is.

use super::concepts::Concept;
use super::weights::WEIGHTS;
use crate::model::task::Workflow;
use std::collections::BTreeMap;

/// The points that a workflow needs to be what is meant.
pub(super) const NEEDED: i32 = 20;

/// How many points ahead of the next it has to be; otherwise [`FIRST`] decides, or the person.
const MARGIN: i32 = 3;

/// More phrases about the same thing say little more.
const FOR_EACH_MORE: i32 = 2;

/// Of two that are near each other, the first is meant: the more special one, which answers the other, too.
const FIRST: &[(Workflow, Workflow)] = &[
    (Workflow::StreamAuthenticity, Workflow::ExplainChange),
    (Workflow::StreamAuthenticity, Workflow::ArtistPerformance),
    (Workflow::ExplainChange, Workflow::ArtistPerformance),
    (Workflow::ReleaseInsights, Workflow::ArtistPerformance),
    (Workflow::CompareArtists, Workflow::ArtistPerformance),
    (Workflow::WaterfallPlan, Workflow::ReleaseDate),
    (Workflow::WaterfallPlan, Workflow::PromotionPlan),
    (Workflow::ReleaseDate, Workflow::ReleaseInsights),
    (Workflow::GenreTrends, Workflow::Breakouts),
    (Workflow::AssetAccess, Workflow::ContractSummary),
    (Workflow::AssetAccess, Workflow::CheckUpload),
    (Workflow::PerformanceLogs, Workflow::SystemHealth),
    (Workflow::Earnings, Workflow::ArtistPerformance),
    (Workflow::WeeklyReport, Workflow::SystemHealth),
];

/// What is meant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Verdict {
    /// This.
    Clear(Workflow),
    /// One of these, the likelier first.
    Near(Workflow, Workflow),
    /// None is likely enough; these come nearest, the likeliest first.
    Nothing(Vec<Workflow>),
}

/// Weighs what was found.
pub(super) fn weigh(found: &BTreeMap<Concept, usize>) -> Verdict {
    let ranked = ranked(found);
    match ranked.as_slice() {
        [(best, points), (next, behind), ..] if *points >= NEEDED => {
            if points - behind >= MARGIN {
                Verdict::Clear(*best)
            } else if FIRST.contains(&(*next, *best)) {
                Verdict::Clear(*next)
            } else if FIRST.contains(&(*best, *next)) {
                Verdict::Clear(*best)
            } else {
                Verdict::Near(*best, *next)
            }
        }
        _ => {
            let near = ranked.iter().take_while(|(_, points)| *points > 0);
            Verdict::Nothing(near.take(3).map(|(workflow, _)| *workflow).collect())
        }
    }
}

/// The workflows by their points, most first.
fn ranked(found: &BTreeMap<Concept, usize>) -> Vec<(Workflow, i32)> {
    let mut points: BTreeMap<Workflow, i32> =
        Workflow::ALL.into_iter().map(|workflow| (workflow, 0)).collect();
    for (concept, weights) in WEIGHTS {
        let Some(phrases) = found.get(concept) else { continue };
        let more = i32::try_from(phrases.saturating_sub(1).min(2)).unwrap_or(0) * FOR_EACH_MORE;
        for (workflow, weight) in *weights {
            // What speaks a little for a workflow does not speak for it more by being said twice.
            let bonus = if *weight >= 10 { more } else { 0 };
            *points.entry(*workflow).or_default() += weight + bonus;
        }
    }
    let mut ranked: Vec<(Workflow, i32)> = points.into_iter().collect();
    ranked.sort_by_key(|(workflow, points)| (std::cmp::Reverse(*points), *workflow));
    ranked
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_said_is_nothing_meant() {
        assert_eq!(weigh(&BTreeMap::new()), Verdict::Nothing(Vec::new()));
    }

    #[test]
    fn the_more_special_of_two_near_ones_is_meant() {
        for (first, second) in FIRST {
            assert!(!FIRST.contains(&(*second, *first)), "{first:?} and {second:?} each come first");
        }
    }
}
