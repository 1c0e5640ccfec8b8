//! Which figures hold for whom: the usual ones, those of a role, and those of a tool.

use crate::engine::config::{Allowances, OtherLimit};
use crate::engine::gateway::{Principal, Role};
use std::num::NonZeroU32;
use std::time::Duration;

/// The fewest calls that are taken from the shared budget at once, where the burst allows it.
const LEAST: u32 = 5;

const QUARTERS_OF_A_MINUTE: u32 = 240;

/// So many calls a minute, so many of them at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Quota {
    pub(super) per_minute: NonZeroU32,
    pub(super) burst: NonZeroU32,
}

impl Quota {
    pub(super) fn new(per_minute: u32, burst: u32) -> Self {
        let at_least_one = |number| NonZeroU32::new(number).unwrap_or(NonZeroU32::MIN);
        Self { per_minute: at_least_one(per_minute), burst: at_least_one(burst) }
    }

    fn of(other: &OtherLimit) -> Self {
        Self::new(other.per_minute, other.burst)
    }

    /// The time in which one more call becomes allowed.
    pub(super) fn interval(self) -> Duration {
        Duration::from_mins(1) / self.per_minute.get()
    }

    /// How many calls are taken from the shared budget at once: what a quarter of a second allows, five at
    /// least, never more than half of the burst. What is taken and not used is lost, so never too many.
    pub(super) fn lease(self) -> u32 {
        let share = (self.per_minute.get() / QUARTERS_OF_A_MINUTE).max(LEAST);
        share.min(self.burst.get() / 2).max(1)
    }

    /// At how many calls that are left of a lease more are taken, before anybody has to wait for them. None of a small
    /// one: single calls use it up, and most of what is taken ahead would be lost.
    pub(super) fn refilled_at(self) -> Option<u32> {
        let lease = self.lease();
        (lease > LEAST).then_some(lease / 2)
    }
}

/// A budget that a call is counted against.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Budget {
    /// Whose it is, and for what.
    pub(super) id: String,
    /// What the headers call it.
    pub(super) name: &'static str,
    /// The tool that it is for; none where it is for all calls.
    pub(super) tool: Option<String>,
    /// The role that it is for; none where it is for everybody.
    pub(super) role: Option<Role>,
    pub(super) quota: Quota,
}

impl Budget {
    /// Which limit it is, with its figures, for whoever has reached it.
    pub(super) fn in_words(&self) -> String {
        let Quota { per_minute, burst } = self.quota;
        let calls = if per_minute.get() == 1 { "call" } else { "calls" };
        let of = self.tool.as_deref().map(|tool| format!(" of {tool}")).unwrap_or_default();
        let whom = match self.role {
            Some(role) => format!("somebody with the role {}", role.title()),
            None => "one person".to_owned(),
        };
        format!(
            "The limit of {per_minute} {calls}{of} a minute for {whom} is reached, of which {burst} may come at once. \
             Everything that calls in your name counts, keys and agents too."
        )
    }
}

/// All figures.
pub(super) struct Quotas {
    usual: Quota,
    others: Vec<OtherLimit>,
}

impl Quotas {
    pub(super) fn new(allowances: &Allowances) -> Self {
        let usual = Quota::new(allowances.per_minute, allowances.burst);
        Self { usual, others: allowances.others.clone() }
    }

    /// Every quota that there is.
    pub(super) fn all(&self) -> impl Iterator<Item = Quota> {
        let others = self.others.iter().map(Quota::of);
        std::iter::once(self.usual).chain(others)
    }

    /// The budgets of a call, the narrowest first: that of the tool, where it has figures of its own, and
    /// that of the principal for everything.
    pub(super) fn of(&self, principal: &Principal, operation: &str) -> Vec<Budget> {
        let role = principal.effective_role();
        let tool = self.figures(Some(operation), role).map(|other| {
            let quota = Quota::of(other);
            Budget {
                id: format!("{}#{operation}", self.whose(principal, Some(operation), quota)),
                name: "tool",
                tool: Some(operation.to_owned()),
                role: other.role.is_some().then_some(role),
                quota,
            }
        });
        tool.into_iter().chain([self.whole(principal)]).collect()
    }

    /// The budget of a principal for everything.
    pub(super) fn whole(&self, principal: &Principal) -> Budget {
        let role = principal.effective_role();
        // Without a tool, figures are found for a role only.
        let other = self.figures(None, role);
        let quota = other.map_or(self.usual, Quota::of);
        Budget {
            id: self.whose(principal, None, quota),
            name: "default",
            tool: None,
            role: other.map(|_| role),
            quota,
        }
    }

    /// Whose a budget is: the person's, for everything that calls in their name. What is held to a lower role
    /// with other figures has one of its own, because it would use up the person's at another pace.
    fn whose(&self, principal: &Principal, tool: Option<&str>, quota: Quota) -> String {
        let person = principal.person();
        if self.figures(tool, principal.role).map_or(self.usual, Quota::of) == quota {
            return person.to_owned();
        }
        format!("{person}@{}", principal.effective_role().id())
    }

    /// The figures for a tool, or for all of them: those for the role before those for everybody.
    fn figures(&self, tool: Option<&str>, role: Role) -> Option<&OtherLimit> {
        let fits = |named: Option<&str>| {
            let mut found = self.others.iter().filter(|other| other.tool.as_deref() == tool);
            found.rfind(|other| other.role.as_deref() == named)
        };
        fits(Some(role.id())).or_else(|| tool.and_then(|_| fits(None)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::config::Config;
    use crate::engine::gateway::KeyUse;
    use crate::model::key::KeyScope;
    use std::sync::Arc;

    fn quotas(limits: &str) -> Quotas {
        let variables = |name: &str| match name {
            "MCP_MOCK_AWS_SERVICES" => Some("true".to_owned()),
            "MCP_RATE_LIMITS" if !limits.is_empty() => Some(limits.to_owned()),
            _ => None,
        };
        Quotas::new(&Config::load(&variables, false).expect("a configuration").allowances)
    }

    fn budgets(limits: &str, role: Role, tool: &str) -> Vec<(String, u32, u32)> {
        let who = Principal::new("ana", "Ana", role);
        let budgets = quotas(limits).of(&who, tool).into_iter();
        budgets.map(|one| (one.id, one.quota.per_minute.get(), one.quota.burst.get())).collect()
    }

    #[test]
    fn without_other_figures_everything_counts_against_one_budget() {
        assert_eq!(budgets("", Role::Artist, "get_artwork"), [("ana".to_owned(), 60, 10)]);
    }

    #[test]
    fn a_role_has_its_own_figures() {
        let limits = "artist=30/5";
        assert_eq!(budgets(limits, Role::Artist, "get_artwork"), [("ana".to_owned(), 30, 5)]);
        assert_eq!(budgets(limits, Role::Label, "get_artwork"), [("ana".to_owned(), 60, 10)]);
    }

    #[test]
    fn a_tool_has_a_budget_beside_that_of_everything() {
        let limits = "generate_music_insights=10/2,label.generate_music_insights=20/4";
        let whole = || ("ana".to_owned(), 60, 10);
        let of_tool = |per_minute, burst| ("ana#generate_music_insights".to_owned(), per_minute, burst);
        let tool = "generate_music_insights";
        assert_eq!(budgets(limits, Role::Artist, tool), [of_tool(10, 2), whole()]);
        assert_eq!(budgets(limits, Role::Label, tool), [of_tool(20, 4), whole()]);
        assert_eq!(budgets(limits, Role::Label, "get_artwork"), [whole()]);
    }

    #[test]
    fn whoever_reaches_a_limit_is_told_which_one_it_is() {
        let limits = "artist=30/5,query_artist_data=10/2,label.query_artist_data=1/1";
        let told = |role: Role, tool: &str| {
            let budgets = quotas(limits).of(&Principal::new("ana", "Ana", role), tool);
            budgets[0].in_words().split(" is reached").next().map(str::to_owned).unwrap_or_default()
        };
        assert_eq!(told(Role::Admin, "get_artwork"), "The limit of 60 calls a minute for one person");
        assert_eq!(
            told(Role::Artist, "get_artwork"),
            "The limit of 30 calls a minute for somebody with the role Artist"
        );
        assert_eq!(
            told(Role::Admin, "query_artist_data"),
            "The limit of 10 calls of query_artist_data a minute for one person"
        );
        assert_eq!(
            told(Role::Label, "query_artist_data"),
            "The limit of 1 call of query_artist_data a minute for somebody with the role Label"
        );
    }

    #[test]
    fn a_key_that_is_held_to_a_lower_role_has_the_figures_of_that() {
        let scope = KeyScope::AllTools;
        let in_use = KeyUse { owner: "ana".to_owned(), scope, ceiling: Role::Artist, token: None };
        let owner = Principal::new("key:1", "Report", Role::Label);
        let key = Principal { key: Some(Arc::new(in_use)), ..owner };
        let whole = |limits: &str| {
            let budget = quotas(limits).whole(&key);
            (budget.id, budget.quota.per_minute.get())
        };
        assert_eq!(whole("artist=5/1"), ("ana@artist".to_owned(), 5));
        assert_eq!(whole("label=5/1"), ("ana@artist".to_owned(), 60));
        assert_eq!(whole(""), ("ana".to_owned(), 60), "with the same figures it shares those of its owner");
    }

    #[test]
    fn a_lease_is_never_more_than_half_of_the_burst() {
        for (per_minute, burst, lease) in
            [(60, 10, 5), (60, 3, 1), (60, 1, 1), (100_000, 10_000, 416), (1_000_000, 100_000, 4_166)]
        {
            assert_eq!(Quota::new(per_minute, burst).lease(), lease, "{per_minute}/{burst}");
        }
    }

    #[test]
    fn only_a_large_lease_is_refilled_before_it_is_used_up() {
        for (per_minute, burst, refilled_at) in [
            (60, 10, None),
            (1_000, 100, None),
            (6_000, 10, None),
            (6_000, 600, Some(12)),
            (100_000, 10_000, Some(208)),
        ] {
            assert_eq!(Quota::new(per_minute, burst).refilled_at(), refilled_at, "{per_minute}/{burst}");
        }
    }
}
