//! What of a plan waits until its person has seen it: while a step of high risk is not approved, only what its
//! arguments are found by is read. What else changes, sends or costs something is asked for beside it, and what only
//! reads for the answer waits.

use super::approval::Kind;
use crate::model::task::{PlannedStep, Risk, StepId};
use std::collections::{BTreeMap, BTreeSet};

/// What may become of a step now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Hold {
    /// Nothing holds it back.
    Free,
    /// It has to be approved first.
    Asks,
    /// It waits until the others are decided about.
    Waits,
}

/// What holds back the steps that have not been begun, in the order of the plan. `is_approved` tells of which a person
/// has approved a call.
pub(super) fn holds<'s>(
    open: &'s [(PlannedStep, Kind)],
    is_approved: impl Fn(&StepId) -> bool,
) -> BTreeMap<&'s StepId, Hold> {
    let is_unseen = open.iter().any(|(step, kind)| kind.risk == Risk::High && !is_approved(&step.id));
    let feeding = feeding(open);
    let of = |(step, kind): &'s (PlannedStep, Kind)| {
        let hold = match () {
            () if !is_unseen || is_approved(&step.id) => Hold::Free,
            () if is_asked_for(*kind) => Hold::Asks,
            () if feeding.contains(&step.id) => Hold::Free,
            () => Hold::Waits,
        };
        (&step.id, hold)
    };
    open.iter().map(of).collect()
}

/// Whether a step is asked for beside one of high risk: it changes, sends or costs something, or is one itself.
fn is_asked_for(kind: Kind) -> bool {
    kind.acts || kind.pays || kind.risk == Risk::High
}

/// The steps that those need which are asked for, also by way of others.
fn feeding(open: &[(PlannedStep, Kind)]) -> BTreeSet<&StepId> {
    let mut needed: BTreeSet<&StepId> = BTreeSet::new();
    for (step, kind) in open.iter().rev() {
        if is_asked_for(*kind) || needed.contains(&step.id) {
            needed.extend(&step.after);
        }
    }
    needed
}

#[cfg(test)]
mod tests {
    use super::*;

    fn step(place: usize, after: &[usize], risk: Risk, acts: bool) -> (PlannedStep, Kind) {
        let planned = PlannedStep {
            id: StepId::at(place),
            title: String::new(),
            tool: "a_tool".to_owned(),
            arguments: BTreeMap::new(),
            after: after.iter().map(|place| StepId::at(*place)).collect(),
            risk,
            optional: false,
            expected_millis: 0,
            expected_micro_dollars: 0,
        };
        let kind = Kind { risk, changes: acts, pays: false, acts, is_foreign: false, is_untrusted: false };
        (planned, kind)
    }

    fn held(steps: &[(PlannedStep, Kind)], approved: &[usize]) -> Vec<Hold> {
        let approved: Vec<_> = approved.iter().map(|place| StepId::at(*place)).collect();
        holds(steps, |id| approved.contains(id)).into_values().collect()
    }

    #[test]
    fn before_a_step_of_high_risk_is_approved_only_what_it_needs_is_read() {
        use Hold::{Asks, Free, Waits};
        let read = |place, after| step(place, after, Risk::Low, false);
        let steps = [
            read(1, &[]),
            read(2, &[1]),
            step(3, &[2], Risk::High, true),
            read(4, &[1]),
            step(5, &[], Risk::Medium, true),
        ];
        assert_eq!(held(&steps, &[]), [Free, Free, Asks, Waits, Asks]);
        assert_eq!(held(&steps, &[3]), [Free; 5]);
        assert_eq!(held(&steps, &[5]), [Free, Free, Asks, Waits, Free]);
        let without = [read(1, &[]), step(2, &[], Risk::Medium, true)];
        assert_eq!(held(&without, &[]), [Free; 2]);
        // A plan may say more of a step than its tool does.
        let only_reads = [read(1, &[]), step(2, &[1], Risk::High, false)];
        assert_eq!(held(&only_reads, &[]), [Free, Asks]);
    }
}
