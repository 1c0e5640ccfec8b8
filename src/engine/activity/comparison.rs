//! What stands out in somebody's actions, against their own past and against others.
//!
//! Every rule needs a least amount of data and states its numbers; where the data is not enough, that
//! is said instead. The thresholds are ours: they are meant to be rare among ordinary days.

use crate::model::activity::{Comparison, StandsOut};
use std::collections::BTreeMap;

/// How many equal ranges before are looked at.
pub(crate) const PAST_RANGES: usize = 4;

/// How many of them must have records, of anybody.
const LEAST_PAST: usize = 3;

/// How many others must have acted.
const LEAST_PEERS: usize = 4;

/// Actions below which a number of actions says nothing.
const LEAST_ACTIONS: u64 = 10;

/// Actions that each side of a comparison of error rates needs.
const LEAST_FOR_RATES: u64 = 20;

/// How far error rates must be apart: by this much, and by this many standard errors.
const LEAST_RATE_DIFFERENCE: f64 = 0.1;
const LEAST_Z: f64 = 3.0;

/// The most kinds of actions that are named as new.
const NAMED_KINDS: usize = 5;

/// Actions and how many of them failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Counts {
    /// All actions.
    pub(crate) actions: u64,
    /// Those that failed or were refused.
    pub(crate) errors: u64,
}

impl Counts {
    fn sum<'a>(counts: impl IntoIterator<Item = &'a Counts>) -> Self {
        counts.into_iter().fold(Self::default(), |sum, one| Self {
            actions: sum.actions + one.actions,
            errors: sum.errors + one.errors,
        })
    }

    #[expect(clippy::cast_precision_loss, reason = "counts are far below 2^53")]
    fn rate(self) -> f64 {
        if self.actions == 0 { 0.0 } else { self.errors as f64 / self.actions as f64 }
    }
}

/// What was found, or why nothing could be.
type Findings = (Vec<StandsOut>, Vec<String>);

/// Compares with the same person's equal ranges before. Ranges without records of anybody are `None`:
/// nothing is known of them.
pub(crate) fn against_past(now: Counts, past: &[Option<Counts>]) -> Findings {
    let known: Vec<_> = past.iter().flatten().copied().collect();
    let (count, all) = (known.len(), past.len());
    if count < LEAST_PAST {
        let why = format!(
            "Not enough data to compare with the past: {count} of the {all} ranges before have records, \
             and {LEAST_PAST} are needed."
        );
        return (Vec::new(), vec![why]);
    }
    let mut found = Vec::new();
    let most = known.iter().map(|counts| counts.actions).max().unwrap_or_default();
    let least = known.iter().map(|counts| counts.actions).min().unwrap_or_default();
    let actions = now.actions;
    if actions > 2 * most && actions - most >= LEAST_ACTIONS {
        found
            .push(format!("{actions} actions, against at most {most} in each of the {count} ranges before."));
    }
    if least >= LEAST_ACTIONS && actions * 3 < least {
        found.push(format!(
            "{actions} actions, against at least {least} in each of the {count} ranges before."
        ));
    }
    let before = Counts::sum(&known);
    let mut missing = Vec::new();
    match rates(now, before) {
        Some(Some(direction)) => found.push(format!(
            "{} of {actions} actions failed ({}), {direction} than before: {} of {} ({}).",
            now.errors,
            percent(now),
            before.errors,
            before.actions,
            percent(before)
        )),
        Some(None) => {}
        None => missing.push(format!(
            "Not enough data to compare the error rate with the past: {actions} actions now and {} before, \
             and {LEAST_FOR_RATES} of each are needed.",
            before.actions
        )),
    }
    (stated(Comparison::OwnPast, found), missing)
}

/// Compares with what others did in the same range.
pub(crate) fn against_peers(now: Counts, peers: &[Counts]) -> Findings {
    let peers: Vec<_> = peers.iter().filter(|peer| peer.actions > 0).collect();
    let count = peers.len();
    if count < LEAST_PEERS {
        let why = format!(
            "Not enough data to compare with others: {count} of them did anything in this range, and \
             {LEAST_PEERS} are needed."
        );
        return (Vec::new(), vec![why]);
    }
    let mut found = Vec::new();
    let mut sorted: Vec<_> = peers.iter().map(|peer| peer.actions).collect();
    sorted.sort_unstable();
    let median = median(&sorted);
    let most = sorted.last().copied().unwrap_or_default();
    let actions = now.actions;
    if actions >= LEAST_ACTIONS && actions > most && as_float(actions) > 3.0 * median {
        found.push(format!(
            "{actions} actions, more than any of {count} others: their median is {median}, their most {most}."
        ));
    }
    let others = Counts::sum(peers.iter().copied());
    let mut missing = Vec::new();
    match rates(now, others) {
        Some(Some(direction)) => found.push(format!(
            "{} of {actions} actions failed ({}), {direction} than of {count} others: {} of {} ({}).",
            now.errors,
            percent(now),
            others.errors,
            others.actions,
            percent(others)
        )),
        Some(None) => {}
        None => missing.push(format!(
            "Not enough data to compare the error rate with others: {actions} actions against {} of theirs, \
             and {LEAST_FOR_RATES} of each are needed.",
            others.actions
        )),
    }
    (stated(Comparison::Peers, found), missing)
}

/// Names what somebody did now and never in the ranges before, if they did enough then.
pub(crate) fn new_kinds(now: &BTreeMap<String, u64>, before: &BTreeMap<String, u64>) -> Findings {
    let actions_before: u64 = before.values().sum();
    if actions_before < LEAST_FOR_RATES {
        let why = format!(
            "Not enough data to tell new kinds of actions: {actions_before} actions in the ranges before, \
             and {LEAST_FOR_RATES} are needed."
        );
        return (Vec::new(), vec![why]);
    }
    let mut new: Vec<_> = now.iter().filter(|(kind, _)| !before.contains_key(*kind)).collect();
    new.sort_by_key(|(_, count)| std::cmp::Reverse(**count));
    let more = new.len().saturating_sub(NAMED_KINDS);
    let named: Vec<_> =
        new.iter().take(NAMED_KINDS).map(|(kind, count)| format!("{kind} ({count})")).collect();
    if named.is_empty() {
        return (Vec::new(), Vec::new());
    }
    let rest = if more > 0 { format!(" and {more} more") } else { String::new() };
    let statement = format!(
        "New kinds of actions: {}{rest}; none of them among {actions_before} actions in the ranges before.",
        named.join(", ")
    );
    (stated(Comparison::OwnPast, vec![statement]), Vec::new())
}

/// Whether two error rates differ, and how: a test of two proportions with their pooled variance.
/// `None` where there is not enough data.
fn rates(now: Counts, other: Counts) -> Option<Option<&'static str>> {
    if now.actions < LEAST_FOR_RATES || other.actions < LEAST_FOR_RATES {
        return None;
    }
    let difference = now.rate() - other.rate();
    let pooled = Counts::sum(&[now, other]).rate();
    let variance = pooled * (1.0 - pooled) * (1.0 / as_float(now.actions) + 1.0 / as_float(other.actions));
    let differs = variance > 0.0
        && difference.abs() >= LEAST_RATE_DIFFERENCE
        && difference.abs() / variance.sqrt() >= LEAST_Z;
    Some(differs.then_some(if difference > 0.0 { "more" } else { "fewer" }))
}

fn median(sorted: &[u64]) -> f64 {
    let middle = sorted.len() / 2;
    let at = |index: usize| as_float(sorted.get(index).copied().unwrap_or_default());
    if sorted.len().is_multiple_of(2) {
        f64::midpoint(at(middle.saturating_sub(1)), at(middle))
    } else {
        at(middle)
    }
}

#[expect(clippy::cast_precision_loss, reason = "counts are far below 2^53")]
fn as_float(count: u64) -> f64 {
    count as f64
}

fn percent(counts: Counts) -> String {
    format!("{:.0} %", counts.rate() * 100.0)
}

fn stated(against: Comparison, statements: Vec<String>) -> Vec<StandsOut> {
    statements.into_iter().map(|statement| StandsOut { against, statement }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counts(actions: u64, errors: u64) -> Counts {
        Counts { actions, errors }
    }

    fn past(actions: [u64; 4]) -> Vec<Option<Counts>> {
        actions.into_iter().map(|actions| Some(counts(actions, 0))).collect()
    }

    fn statements((found, _): Findings) -> Vec<String> {
        found.into_iter().map(|found| found.statement).collect()
    }

    #[test]
    fn far_more_than_ever_before_stands_out_with_its_numbers() {
        assert_eq!(
            statements(against_past(counts(90, 0), &past([30, 41, 25, 33]))),
            ["90 actions, against at most 41 in each of the 4 ranges before."]
        );
        assert!(statements(against_past(counts(60, 0), &past([30, 41, 25, 33]))).is_empty());
        assert!(statements(against_past(counts(9, 0), &past([1, 0, 2, 1]))).is_empty(), "a few are few");
    }

    #[test]
    fn far_fewer_than_ever_before_stand_out() {
        assert_eq!(
            statements(against_past(counts(3, 0), &past([30, 41, 25, 33]))),
            ["3 actions, against at least 25 in each of the 4 ranges before."]
        );
    }

    #[test]
    fn a_higher_error_rate_stands_out_when_there_is_enough_of_both() {
        let (found, missing) = against_past(counts(40, 20), &past([30, 41, 25, 33]));
        assert_eq!(found[0].statement, "20 of 40 actions failed (50 %), more than before: 0 of 129 (0 %).");
        assert!(missing.is_empty());
        let (found, missing) = against_past(counts(10, 9), &past([30, 41, 25, 33]));
        assert!(found.is_empty() && missing[0].starts_with("Not enough data to compare the error rate"));
    }

    #[test]
    fn ranges_without_any_record_are_not_taken_for_idleness() {
        let (found, missing) = against_past(counts(500, 0), &[Some(counts(1, 0)), None, None, None]);
        assert!(found.is_empty());
        assert_eq!(
            missing,
            [
                "Not enough data to compare with the past: 1 of the 4 ranges before have records, and 3 are needed."
            ]
        );
    }

    #[test]
    fn peers_are_compared_by_median_and_most() {
        let peers = [counts(4, 0), counts(10, 1), counts(6, 0), counts(8, 1)];
        assert_eq!(
            statements(against_peers(counts(40, 3), &peers)),
            ["40 actions, more than any of 4 others: their median is 7, their most 10."]
        );
        assert!(statements(against_peers(counts(9, 0), &peers)).is_empty());
        let (found, missing) = against_peers(counts(40, 0), &[counts(4, 0), counts(0, 0)]);
        assert!(found.is_empty() && missing[0].contains("1 of them did anything"));
    }

    #[test]
    fn what_was_never_done_before_is_named() {
        let kinds = |pairs: &[(&str, u64)]| -> BTreeMap<String, u64> {
            pairs.iter().map(|(kind, count)| ((*kind).to_owned(), *count)).collect()
        };
        let now = kinds(&[("get_contract", 3), ("query_artist_data", 40)]);
        assert_eq!(
            statements(new_kinds(&now, &kinds(&[("query_artist_data", 100)]))),
            ["New kinds of actions: get_contract (3); none of them among 100 actions in the ranges before."]
        );
        let (found, missing) = new_kinds(&now, &kinds(&[("query_artist_data", 3)]));
        assert!(found.is_empty() && !missing.is_empty());
    }
}
