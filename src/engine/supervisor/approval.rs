//! Which steps a person has to approve first, and what they approve: exactly these calls and no others.

use crate::engine::gateway::{Gateway, Principal};
use crate::model::task::{PlannedStep, Risk, StepId};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;

/// What is known of the tool of a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "five things that do not follow from each other")]
pub(super) struct Kind {
    /// What a call may do, by what the plan says and by what the tool says of itself: the worse of both.
    pub(super) risk: Risk,
    /// Whether it changes something. What is not known is taken to.
    pub(super) changes: bool,
    /// Whether it may have a model do something that costs.
    pub(super) pays: bool,
    /// Whether it changes something, or sends something away.
    pub(super) acts: bool,
    /// Whether it belongs to a third party.
    pub(super) is_foreign: bool,
    /// Whether its result holds what others wrote.
    pub(super) is_untrusted: bool,
}

impl Kind {
    /// What is known of the tool of a step, for whoever calls it.
    pub(super) fn of(gateway: &Gateway, principal: &Principal, step: &PlannedStep) -> Self {
        let is_foreign = gateway.foreign_tool(&step.tool).is_some();
        let hints = gateway.tool(principal, &step.tool).map(|tool| tool.annotations);
        let changes = hints.is_none_or(|hints| !hints.read_only_hint);
        let of_tool = match hints {
            Some(hints) if hints.destructive_hint && changes => Risk::High,
            Some(_) if changes => Risk::Medium,
            _ => Risk::Low,
        };
        Self {
            risk: step.risk.max(of_tool),
            changes,
            pays: gateway.pays(&step.tool),
            acts: changes || is_foreign || hints.is_some_and(|hints| hints.open_world_hint),
            is_foreign,
            is_untrusted: gateway.tells_of_others(&step.tool),
        }
    }

    /// Whether a call is made once, whatever becomes of the process: it changes something, or costs something.
    pub(super) fn is_done_once(self) -> bool {
        self.changes || self.pays
    }

    /// Whether a person has to approve a call first.
    pub(super) fn needs_approval(self, read_untrusted: bool) -> bool {
        self.risk == Risk::High || (read_untrusted && self.acts)
    }
}

/// What names these calls together.
pub(super) fn of_all(pending: &BTreeMap<StepId, String>) -> String {
    let mut digest = Sha256::new();
    for (step, call) in pending {
        digest.update(step.0.as_bytes());
        digest.update(b"\n");
        digest.update(call.as_bytes());
        digest.update(b"\n");
    }
    hex::encode(digest.finalize())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kind(risk: Risk, acts: bool) -> Kind {
        Kind { risk, changes: acts, pays: false, acts, is_foreign: false, is_untrusted: false }
    }

    #[test]
    fn what_is_of_high_risk_is_approved_and_what_acts_after_untrusted_reading_too() {
        for (kind, before, after) in [
            (kind(Risk::High, true), true, true),
            (kind(Risk::Medium, true), false, true),
            (kind(Risk::Medium, false), false, false),
            (kind(Risk::Low, true), false, true),
            (kind(Risk::Low, false), false, false),
        ] {
            assert_eq!((kind.needs_approval(false), kind.needs_approval(true)), (before, after), "{kind:?}");
        }
    }

    #[test]
    fn one_call_more_or_another_one_has_another_name() {
        let call = |step: usize, digest: &str| (StepId::at(step), digest.to_owned());
        let one = of_all(&BTreeMap::from([call(1, "a")]));
        assert_ne!(one, of_all(&BTreeMap::from([call(1, "b")])));
        assert_ne!(one, of_all(&BTreeMap::from([call(1, "a"), call(2, "b")])));
    }
}
