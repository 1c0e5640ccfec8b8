//! What is left of limits and budgets after a call, for programs that go slower before they are refused.

use crate::model::money::MicroDollars;
use crate::model::settings::BudgetLeft;
use jiff::Timestamp;
use std::time::Duration;

/// What is left after a call.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Left {
    /// Of the limits of calls, the narrowest first; none where the call was not limited.
    pub(super) calls: Vec<CallsLeft>,
    /// What its calls of models cost.
    pub(super) cost: MicroDollars,
    /// Of the budgets that paid for it, the narrowest first.
    pub(super) budgets: Vec<BudgetLeft>,
    /// When the budgets begin anew; none where nothing was paid.
    pub(super) renewed_at: Option<Timestamp>,
}

/// What is left of a limit of calls, as this instance has counted. Where others have counted more, a call may be
/// refused sooner.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct CallsLeft {
    /// What the headers call it.
    pub(super) name: &'static str,
    pub(super) per_minute: u32,
    /// How many calls may be made at once now.
    pub(super) left: u32,
    /// After how long without calls nothing of the limit is used.
    pub(super) whole_in: Duration,
}

impl Left {
    /// The headers that tell it: `RateLimit-Policy` and `RateLimit` (draft-ietf-httpapi-ratelimit-headers) of
    /// calls; `Patchline-Cost` and `Patchline-Budget` of dollars, where a model was paid. Without a call that was
    /// limited there are none.
    pub fn headers(&self, now: Timestamp) -> Vec<(&'static str, String)> {
        let policies =
            self.calls.iter().map(|limit| format!("\"{}\";q={};w=60", limit.name, limit.per_minute));
        let limits = self.calls.iter().map(|limit| {
            let seconds = limit.whole_in.as_millis().div_ceil(1000);
            format!("\"{}\";r={};t={seconds}", limit.name, limit.left)
        });
        let mut headers = vec![("ratelimit-policy", listed(policies)), ("ratelimit", listed(limits))];
        if self.cost > MicroDollars::ZERO {
            headers.push(("patchline-cost", format!("{};qu=\"micro-dollars\"", self.cost.0)));
        }
        let seconds = self.renewed_at.map_or(0, |at| at.duration_since(now).as_secs().max(0));
        let budgets = self.budgets.iter().map(|budget| {
            let (whose, most, left) = (&budget.whose, budget.budget.0, budget.left().0);
            format!("\"{whose}\";q={most};r={left};t={seconds};qu=\"micro-dollars\"")
        });
        headers.push(("patchline-budget", listed(budgets)));
        headers.retain(|(_, value)| !value.is_empty());
        headers
    }
}

fn listed(items: impl Iterator<Item = String>) -> String {
    items.collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_tell_each_limit_and_each_budget_that_paid() {
        let calls =
            |name, left| CallsLeft { name, per_minute: 60, left, whole_in: Duration::from_millis(1500) };
        let now: Timestamp = "2026-11-27T12:00:00Z".parse().expect("a time");
        let whose = "Your budget".to_owned();
        let budget = BudgetLeft { whose, budget: MicroDollars(100), used: MicroDollars(40) };
        let left = Left {
            calls: vec![calls("tool", 3), calls("default", 9)],
            cost: MicroDollars(7),
            budgets: vec![budget],
            renewed_at: "2026-11-27T12:01:00Z".parse().ok(),
        };
        let expected = [
            ("ratelimit-policy", "\"tool\";q=60;w=60, \"default\";q=60;w=60"),
            ("ratelimit", "\"tool\";r=3;t=2, \"default\";r=9;t=2"),
            ("patchline-cost", "7;qu=\"micro-dollars\""),
            ("patchline-budget", "\"Your budget\";q=100;r=60;t=60;qu=\"micro-dollars\""),
        ];
        assert_eq!(left.headers(now), expected.map(|(name, value)| (name, value.to_owned())));
        assert!(Left::default().headers(now).is_empty());
    }
}
