//! Policies, compiled and checked, and those of them that can matter to a question.

use super::compile::Compiler;
use super::permissions;
use super::remembered::Remembered;
use super::rules::Rule;
use super::vocabulary::{ROLES, Vocabulary};
use super::{Actor, Enforcement, Kind, PolicyError};
use crate::engine::gateway::Role;
use cedar_policy::{
    ActionConstraint, EntityUid, Policy, PolicySet, PrincipalConstraint, ResourceConstraint, ValidationMode,
    ValidationWarning, Validator,
};
use std::collections::{BTreeMap, HashMap};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, PoisonError, RwLock};

/// By role, operation and kind of place.
type Slices = HashMap<(Role, &'static str, Kind), Arc<Slice>>;

/// All policies, and what follows from a violation.
pub(super) struct Compiled {
    pub(super) enforcement: Enforcement,
    role: Vec<Policy>,
    rules: Vec<(Arc<Rule>, Policy)>,
    /// The rules that can never apply.
    pub(super) never_apply: Vec<String>,
    violations: BTreeMap<Arc<str>, AtomicU64>,
    slices: RwLock<Slices>,
    offered: RwLock<Offered>,
    /// What was decided by these policies.
    pub(super) remembered: Remembered,
}

/// What is listed for whom. It depends on nothing else than these policies, so it goes with them.
type Offered = HashMap<Actor, HashMap<&'static str, bool>>;

/// The most actors of whom that is kept.
const ACTORS: usize = 500;

/// The policies that can matter to a role, an action and a kind of place. The others cannot be satisfied,
/// because their scope names another role, other actions or another kind.
pub(super) struct Slice {
    /// What roles may do. Decides in every mode.
    pub(super) role: PolicySet,
    /// What rules forbid.
    pub(super) rules: PolicySet,
    /// Those of them that take tools out of lists.
    pub(super) listing: PolicySet,
    /// The rules on trial.
    pub(super) shadow: PolicySet,
}

impl Compiled {
    pub(super) fn new(
        words: &Vocabulary,
        rules: Vec<Rule>,
        enforcement: Enforcement,
    ) -> Result<Self, PolicyError> {
        let compiler = Compiler::new(words);
        let role = compiler.roles()?;
        let mut policies = Vec::with_capacity(rules.len());
        for rule in rules {
            let policy = compiler.rule(&rule)?;
            policies.push((Arc::new(rule), policy));
        }
        let all = role.iter().chain(policies.iter().map(|(_, policy)| policy));
        let never_apply = check(words, all)?;
        let violations =
            policies.iter().map(|(rule, _)| (Arc::<str>::from(rule.id.as_str()), AtomicU64::new(0)));
        Ok(Self {
            enforcement,
            role,
            violations: violations.collect(),
            rules: policies,
            never_apply,
            slices: RwLock::default(),
            offered: RwLock::default(),
            remembered: Remembered::default(),
        })
    }

    /// Whether one of Patchline's own operations is listed for somebody; none where nobody has found out yet.
    pub(super) fn offered(&self, actor: &Actor, operation: &str) -> Option<bool> {
        let offered = self.offered.read().unwrap_or_else(PoisonError::into_inner);
        offered.get(actor)?.get(operation).copied()
    }

    /// Keeps that it is, or is not. Only names of the table are kept, so there is an end to them.
    pub(super) fn keep_offered(&self, actor: &Actor, operation: &str, is_offered: bool) {
        let Some(permission) = permissions::of(operation) else { return };
        let mut offered = self.offered.write().unwrap_or_else(PoisonError::into_inner);
        if offered.len() >= ACTORS && !offered.contains_key(actor) {
            offered.clear();
        }
        offered.entry(actor.clone()).or_default().insert(permission.operation, is_offered);
    }

    pub(super) fn slice(
        &self,
        words: &Vocabulary,
        role: Role,
        operation: &str,
        kind: Kind,
    ) -> Result<Arc<Slice>, PolicyError> {
        let Some(permission) = permissions::of(operation) else {
            let message = format!("{operation} is not in the table of permissions");
            return Err(PolicyError::Unanswerable(message));
        };
        let key = (role, permission.operation, kind);
        if let Some(known) = self.slices.read().unwrap_or_else(PoisonError::into_inner).get(&key) {
            return Ok(Arc::clone(known));
        }
        let slice = Arc::new(self.cut(words, role, permission.operation, kind)?);
        let mut slices = self.slices.write().unwrap_or_else(PoisonError::into_inner);
        Ok(Arc::clone(slices.entry(key).or_insert(slice)))
    }

    fn cut(&self, words: &Vocabulary, role: Role, operation: &str, kind: Kind) -> Result<Slice, PolicyError> {
        let unknown = || PolicyError::BuiltIn(format!("there is no operation {operation}"));
        let action = words.action(operation).ok_or_else(unknown)?;
        let others = ROLES.into_iter().filter(|other| *other != role);
        let others = others.map(|other| words.role(other)).collect::<Result<Vec<_>, _>>()?;
        let can_matter = |policy: &&Policy| {
            concerns_action(words, policy, action)
                && concerns_kind(words, policy, kind)
                && !is_for_one_of(policy, &others)
        };
        let rules = |wanted: fn(&Rule) -> bool| {
            let wanted = self.rules.iter().filter(move |(rule, _)| wanted(rule));
            set(wanted.map(|(_, policy)| policy).filter(can_matter))
        };
        let blocks = self.enforcement.blocks();
        Ok(Slice {
            role: set(self.role.iter().filter(can_matter))?,
            rules: rules(|rule| !rule.shadow)?,
            listing: if blocks {
                rules(|rule| !rule.shadow && rule.is_about_tools())?
            } else {
                PolicySet::new()
            },
            shadow: rules(|rule| rule.shadow)?,
        })
    }

    /// Everything, for whoever wants to know whether a slice leaves out what matters.
    #[cfg(test)]
    pub(super) fn uncut(&self) -> Result<Slice, PolicyError> {
        let rules = |shadow: bool| {
            let wanted = self.rules.iter().filter(move |(rule, _)| rule.shadow == shadow);
            set(wanted.map(|(_, policy)| policy))
        };
        let (role, listing) = (set(self.role.iter())?, PolicySet::new());
        Ok(Slice { role, rules: rules(false)?, listing, shadow: rules(true)? })
    }

    /// Puts a policy in that nobody has checked.
    #[cfg(test)]
    pub(super) fn with_unchecked(mut self, rule: Rule, policy: Policy) -> Self {
        self.rules.push((Arc::new(rule), policy));
        self
    }

    /// The policies for people to read.
    pub(super) fn in_cedar(&self) -> Vec<(String, String)> {
        let all = self.role.iter().chain(self.rules.iter().map(|(_, policy)| policy));
        all.map(|policy| (policy.id().to_string(), policy.to_cedar().unwrap_or_default())).collect()
    }

    pub(super) fn rules_named(&self, names: &[Arc<str>]) -> Vec<Arc<Rule>> {
        let is_meant = |rule: &Arc<Rule>| names.iter().any(|name| **name == *rule.id.as_str());
        self.rules.iter().map(|(rule, _)| rule).filter(|rule| is_meant(rule)).cloned().collect()
    }

    /// Counts violations.
    pub(super) fn count(&self, names: &[Arc<str>]) {
        for name in names {
            if let Some(count) = self.violations.get(name) {
                count.fetch_add(1, Ordering::Relaxed);
            }
        }
    }

    pub(super) fn violations(&self) -> Vec<(String, u64)> {
        let counted = self.violations.iter();
        counted.map(|(name, count)| (name.to_string(), count.load(Ordering::Relaxed))).collect()
    }
}

/// Checks policies against the schema, strictly: no policy that could err. Answers with those that can never
/// apply, which is no error.
fn check<'p>(
    words: &Vocabulary,
    policies: impl Iterator<Item = &'p Policy>,
) -> Result<Vec<String>, PolicyError> {
    let all = set(policies)?;
    let validated = Validator::new(words.schema.clone()).validate(&all, ValidationMode::Strict);
    match validated.validation_errors().next() {
        None => Ok(validated.validation_warnings().filter_map(never_applies).collect()),
        Some(error) => {
            Err(PolicyError::Rule { id: error.policy_id().to_string(), detail: error.to_string() })
        }
    }
}

fn never_applies(warning: &ValidationWarning) -> Option<String> {
    match warning {
        ValidationWarning::ImpossiblePolicy(_) | ValidationWarning::InvalidActionApplication(_) => {
            Some(warning.policy_id().to_string())
        }
        // The others are about letters that look alike.
        _ => None,
    }
}

fn set<'p>(policies: impl Iterator<Item = &'p Policy>) -> Result<PolicySet, PolicyError> {
    PolicySet::from_policies(policies.cloned())
        .map_err(|error| PolicyError::Rule { id: "?".to_owned(), detail: error.to_string() })
}

/// Whether a policy's scope may hold for an action: it names the action, a group of it, or none.
fn concerns_action(words: &Vocabulary, policy: &Policy, action: &EntityUid) -> bool {
    let holds = |named: &EntityUid| named == action || words.entities.is_ancestor_of(named, action);
    match policy.action_constraint() {
        ActionConstraint::Any => true,
        ActionConstraint::Eq(named) => holds(&named),
        ActionConstraint::In(named) => named.iter().any(holds),
    }
}

fn concerns_kind(words: &Vocabulary, policy: &Policy, kind: Kind) -> bool {
    match policy.resource_constraint() {
        ResourceConstraint::Is(named) => words.is_kind(&named, kind),
        _ => true,
    }
}

/// Whether a policy's scope is one of these roles.
fn is_for_one_of(policy: &Policy, roles: &[EntityUid]) -> bool {
    matches!(policy.principal_constraint(), PrincipalConstraint::In(named) if roles.contains(&named))
}
