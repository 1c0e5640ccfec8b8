//! What was decided, by which policies, and why.

use super::PolicyError;
use super::rules::{Rule, Says};
use crate::model::audit::NOT_PERMITTED;
use std::sync::Arc;

/// The answer to a question.
#[derive(Debug, Clone, PartialEq)]
pub struct Decision {
    /// The policies that decided, by their names.
    pub policies: Vec<Arc<str>>,
    /// The rules that would have denied, and were only to say so.
    pub would_deny: Vec<Arc<str>>,
    /// Why not; none where it is allowed.
    pub denial: Option<Denial>,
}

/// Why something is denied.
#[derive(Debug, Clone, PartialEq)]
pub enum Denial {
    /// The role has no permission for it, or none for artists of others.
    NotPermitted,
    /// These rules forbid it.
    Rules(Vec<Arc<Rule>>),
    /// It could not be decided, and so is denied.
    Undecided(PolicyError),
}

impl Decision {
    pub(super) fn permitted(policies: Vec<Arc<str>>) -> Self {
        Self { policies, would_deny: Vec::new(), denial: None }
    }

    pub(super) fn denied(policies: Vec<Arc<str>>, denial: Denial) -> Self {
        Self { policies, would_deny: Vec::new(), denial: Some(denial) }
    }

    pub(super) fn undecided(error: PolicyError) -> Self {
        Self::denied(Vec::new(), Denial::Undecided(error))
    }

    /// The same, with rules that would have denied it.
    pub(super) fn in_spite_of(mut self, rules: Vec<Arc<str>>) -> Self {
        self.would_deny.extend(rules);
        self
    }

    /// Both of two: allowed only where both are.
    #[must_use]
    pub fn joined(mut self, other: Self) -> Self {
        let merge = |into: &mut Vec<Arc<str>>, more: Vec<Arc<str>>| {
            into.extend(more);
            into.sort_unstable();
            into.dedup();
        };
        // What denies is what is told.
        if !self.allowed() {
            return self;
        }
        if !other.allowed() {
            return other;
        }
        merge(&mut self.policies, other.policies);
        merge(&mut self.would_deny, other.would_deny);
        self
    }

    /// Whether it may be done.
    pub fn allowed(&self) -> bool {
        self.denial.is_none()
    }

    /// The reason, for records: a word, and the rules where there are some.
    pub fn reason(&self) -> &'static str {
        match &self.denial {
            None if self.would_deny.is_empty() => "permitted",
            None => "permitted in spite of a rule",
            Some(Denial::NotPermitted) => NOT_PERMITTED,
            Some(Denial::Rules(rules)) => {
                rules.first().map_or("forbidden by a rule", |rule| match rule.says {
                    Says::OnlyTools(_) | Says::NoTools(_) => "tool not allowed",
                    Says::NotForAgents(_) => "not for the supervisor",
                    Says::OnlyPlaces(..) | Says::NoPlaces(..) => "place not allowed",
                    Says::OnlyFiles(_) => "file not allowed",
                    Says::AtMostBytes(_) => "too large",
                    Says::OnlyFrom(_) | Says::NotFrom(_) => "address not allowed",
                    Says::OnlyAt(_) => "not at this time",
                })
            }
            Some(Denial::Undecided(_)) => "could not be decided",
        }
    }
}
