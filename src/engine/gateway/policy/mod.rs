//! Who may do what, decided by Cedar policies: those of the roles, and the rules of whoever runs Patchline.
//!
//! What is permitted is what a role's policy permits and no rule forbids. An evaluation that errs denies.

mod compile;
mod decision;
mod expression;
mod findings;
mod permissions;
mod question;
mod remembered;
mod rules;
mod slice;
#[cfg(test)]
mod tests;
mod vocabulary;
mod written;

pub use decision::{Decision, Denial};
pub(super) use findings::findings;
pub(super) use permissions::is_administration;
pub use permissions::{Access, PERMISSIONS, Permission, is_for_own_artists, nameable_tools};
pub use question::{Actor, ActorKind, Circumstances, Kind, Place};
pub use rules::{Pattern, Rule, RuleId, Says};

use super::Role;
use crate::engine::config::{Config, ConfigError, FiguresFrom, OnViolation, SecurityMode};
use arc_swap::ArcSwap;
use cedar_policy::{Authorizer, Decision as Answer, Entities, PolicySet, Request, Response};
use permissions::FOREIGN;
use remembered::WholeQuestion;
use slice::{Compiled, Slice};
use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};
use vocabulary::Vocabulary;

/// The most actors whose entities are kept.
const ACTORS: usize = 500;

/// Why policies cannot be used, or a question cannot be answered.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PolicyError {
    /// What comes with Patchline is wrong.
    #[error("the built-in policies are wrong: {0}")]
    BuiltIn(String),
    /// A rule is wrong.
    #[error("the rule {id} is wrong: {detail}")]
    Rule {
        /// Which.
        id: String,
        /// Why.
        detail: String,
    },
    /// A question that no policy can be asked.
    #[error("this cannot be decided: {0}")]
    Unanswerable(String),
}

/// Whether rules deny, and what a violation comes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Enforcement {
    /// Permissive: violations are counted, and never deny.
    pub mode: SecurityMode,
    /// When enforcing: whether they deny, or are on record and in the log.
    pub on_violation: OnViolation,
}

impl Enforcement {
    /// What the environment says.
    pub fn of(config: &Config) -> Self {
        Self { mode: config.security_mode, on_violation: config.on_violation }
    }

    fn blocks(self) -> bool {
        self.mode == SecurityMode::Enforcing && self.on_violation == OnViolation::Block
    }
}

/// The policies of this process. Asking takes microseconds: everything is parsed before.
pub struct Policy {
    words: Vocabulary,
    authorizer: Authorizer,
    compiled: ArcSwap<Compiled>,
    actors: RwLock<HashMap<Actor, Arc<Entities>>>,
}

/// The rules that say no to something.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Violated {
    /// Those in force.
    pub in_force: Vec<Arc<str>>,
    /// Those on trial.
    pub on_trial: Vec<Arc<str>>,
}

/// A question as Cedar reads it.
struct Asked {
    request: Request,
    entities: Arc<Entities>,
}

/// What is asked for, by whom, and where.
#[derive(Debug, Clone, Copy)]
pub struct Question<'a> {
    /// Who asks.
    pub actor: &'a Actor,
    /// The name of the operation, or of the tool of a third party.
    pub operation: &'a str,
    /// Whether it is not one of Patchline's own, so that it needs no row in the table of permissions.
    pub foreign: bool,
    /// Where.
    pub place: Place<'a>,
    /// When, from where, how much.
    pub circumstances: &'a Circumstances,
}

impl Policy {
    /// The policies of a configuration.
    ///
    /// # Errors
    /// The rule that is wrong.
    pub fn new(config: &Config) -> Result<Self, PolicyError> {
        let enforcement = Enforcement::of(config);
        let rules = Rule::of(config).map_err(|error| PolicyError::Rule {
            id: error.variable.to_owned(),
            detail: error.to_string(),
        })?;
        Self::with(rules, enforcement)
    }

    /// The policies of the roles, and these rules.
    ///
    /// # Errors
    /// The rule that is wrong.
    pub fn with(rules: Vec<Rule>, enforcement: Enforcement) -> Result<Self, PolicyError> {
        let words = Vocabulary::new()?;
        let compiled = Compiled::new(&words, rules, enforcement)?;
        let policy = Self {
            words,
            authorizer: Authorizer::new(),
            compiled: ArcSwap::from_pointee(compiled),
            actors: RwLock::default(),
        };
        policy.test_itself()?;
        Ok(policy)
    }

    /// Puts other rules in the place of these, at once and for every call that comes after.
    ///
    /// # Errors
    /// The rule that is wrong; then the former ones stay.
    pub fn replace(&self, rules: Vec<Rule>, enforcement: Enforcement) -> Result<(), PolicyError> {
        self.compiled.store(Arc::new(Compiled::new(&self.words, rules, enforcement)?));
        Ok(())
    }

    /// The policies in Cedar's own language, for people to read, each with its name.
    pub fn in_cedar(&self) -> Vec<(String, String)> {
        self.compiled.load().in_cedar()
    }

    /// The rules that can never apply to a call, as far as the schema tells.
    pub fn never_apply(&self) -> Vec<String> {
        self.compiled.load().never_apply.clone()
    }

    /// The schema in Cedar's own language.
    pub fn schema_in_cedar() -> String {
        vocabulary::schema_text()
    }

    /// How often each rule would have denied, or did, since it was put in place.
    pub fn violations(&self) -> Vec<(String, u64)> {
        self.compiled.load().violations()
    }

    /// Whether rules in force deny, or are only to say that they would.
    pub fn blocks(&self) -> bool {
        self.compiled.load().enforcement.blocks()
    }

    /// Which rules say no to something, whatever the mode and the role. It is not counted.
    ///
    /// # Errors
    /// Why it cannot be decided.
    pub fn violated(&self, question: &Question<'_>) -> Result<Violated, PolicyError> {
        let compiled = self.compiled.load();
        let slice = self.slice(&compiled, question)?;
        if slice.rules.is_empty() && slice.shadow.is_empty() {
            return Ok(Violated::default());
        }
        let asked = self.asked(question)?;
        let in_force = self.ask(&slice.rules, &asked);
        clear(&in_force)?;
        let on_trial = self.ask(&slice.shadow, &asked);
        clear(&on_trial)?;
        // Rules only forbid, so whatever decides has said no.
        Ok(Violated { in_force: names(&in_force), on_trial: names(&on_trial) })
    }

    /// Whether somebody may do something.
    pub fn decide(&self, question: &Question<'_>) -> Decision {
        let own = self.decide_for(question);
        // An agent never has more than the person it acts for.
        match question.actor.person() {
            Some(person) if own.allowed() => {
                let of_person = self.decide_for(&Question { actor: &person, ..*question });
                of_person.joined(own)
            }
            _ => own,
        }
    }

    /// The same, remembered where it was asked before. What a rule says no to is decided about each time, because it is
    /// counted.
    pub fn decide_again(&self, question: &Question<'_>) -> Decision {
        let Some(whole) = WholeQuestion::of(question) else { return self.decide(question) };
        // Whoever replaces the policies meanwhile replaces what is remembered with them.
        let compiled = self.compiled.load_full();
        if let Some(decision) = compiled.remembered.of(&whole) {
            return decision;
        }
        let decision = self.decide(question);
        if decision.allowed() && decision.would_deny.is_empty() {
            compiled.remembered.keep(whole, decision.clone());
        }
        decision
    }

    /// Whether an operation is listed for somebody: what their role may use at all, less what rules about
    /// tools forbid. Hours and addresses do not make lists shorter.
    pub fn offers(&self, actor: &Actor, operation: &str, foreign: bool) -> bool {
        let circumstances = Circumstances {
            address: None,
            channel: super::Channel::Rest,
            minute: 0,
            weekday: 1,
            size: None,
            owners: None,
        };
        let place = Place::Operation(operation);
        let question = Question { actor, operation, foreign, place, circumstances: &circumstances };
        let compiled = self.compiled.load();
        // Each call asks this several times, and each list and menu of everything.
        if !foreign && let Some(known) = compiled.offered(actor, operation) {
            return known;
        }
        let Ok(slice) = self.slice(&compiled, &question) else { return false };
        let Ok(asked) = self.asked(&question) else { return false };
        let of_role = self.ask(&slice.role, &asked);
        let forbidden = self.ask(&slice.listing, &asked);
        let is_offered = of_role.decision() == Answer::Allow
            && clear(&of_role).is_ok()
            && clear(&forbidden).is_ok()
            && names(&forbidden).is_empty();
        if !foreign {
            compiled.keep_offered(actor, operation, is_offered);
        }
        is_offered
    }

    fn decide_for(&self, question: &Question<'_>) -> Decision {
        self.evaluate(question).unwrap_or_else(|error| {
            tracing::error!(%error, operation = question.operation, "denied, because it cannot be decided");
            Decision::undecided(error)
        })
    }

    fn evaluate(&self, question: &Question<'_>) -> Result<Decision, PolicyError> {
        let compiled = self.compiled.load();
        let slice = self.slice(&compiled, question)?;
        let asked = self.asked(question)?;
        let of_role = self.ask(&slice.role, &asked);
        clear(&of_role)?;
        if of_role.decision() == Answer::Deny {
            return Ok(Decision::denied(names(&of_role), Denial::NotPermitted));
        }
        let mut decision = Decision::permitted(names(&of_role));
        if !slice.rules.is_empty() {
            let by_rules = self.ask(&slice.rules, &asked);
            clear(&by_rules)?;
            // Rules only forbid, so whatever decides has forbidden it.
            let violated = names(&by_rules);
            if !violated.is_empty() {
                compiled.count(&violated);
                if compiled.enforcement.blocks() {
                    let denial = Denial::Rules(compiled.rules_named(&violated));
                    return Ok(Decision::denied(violated, denial));
                }
                decision = decision.in_spite_of(violated);
            }
        }
        if !slice.shadow.is_empty() {
            // A rule on trial denies nothing, also where it errs.
            let tried = self.ask(&slice.shadow, &asked);
            let mut violated = names(&tried);
            violated.extend(tried.diagnostics().errors().map(of_error));
            if !violated.is_empty() {
                compiled.count(&violated);
                decision = decision.in_spite_of(violated);
            }
        }
        Ok(decision)
    }

    fn slice(&self, compiled: &Compiled, question: &Question<'_>) -> Result<Arc<Slice>, PolicyError> {
        compiled.slice(&self.words, question.actor.role, action_of(question), question.place.kind())
    }

    /// The question as Cedar reads it. It is checked against the schema, so what the schema does not know
    /// is denied.
    fn asked(&self, question: &Question<'_>) -> Result<Asked, PolicyError> {
        let Question { actor, place, circumstances, .. } = question;
        let action = self.words.action(action_of(question)).ok_or_else(|| {
            let message = format!("{} is not in the table of permissions", question.operation);
            PolicyError::Unanswerable(message)
        })?;
        let request = Request::new(
            actor.uid(&self.words)?,
            action.clone(),
            place.uid(&self.words)?,
            circumstances.context(actor, *place)?,
            Some(&self.words.schema),
        );
        let request = request.map_err(|error| PolicyError::Unanswerable(error.to_string()))?;
        Ok(Asked { request, entities: self.entities(actor)? })
    }

    fn ask(&self, policies: &PolicySet, asked: &Asked) -> Response {
        self.authorizer.is_authorized(&asked.request, policies, &asked.entities)
    }

    /// The actions, the roles, and somebody.
    fn entities(&self, actor: &Actor) -> Result<Arc<Entities>, PolicyError> {
        if let Some(known) = self.actors.read().unwrap_or_else(PoisonError::into_inner).get(actor) {
            return Ok(Arc::clone(known));
        }
        let entities = self.words.entities.clone();
        let entities = entities
            .add_entities([actor.entity(&self.words)?], Some(&self.words.schema))
            .map_err(|error| PolicyError::Unanswerable(error.to_string()))?;
        let entities = Arc::new(entities);
        let mut actors = self.actors.write().unwrap_or_else(PoisonError::into_inner);
        if actors.len() >= ACTORS {
            actors.clear();
        }
        actors.insert(actor.clone(), Arc::clone(&entities));
        Ok(entities)
    }

    /// Asks what must be denied, whatever the rules: if the engine ever says yes to it, nothing starts.
    fn test_itself(&self) -> Result<(), PolicyError> {
        let artist = Actor {
            id: "self-test".to_owned(),
            role: Role::Artist,
            artists: Vec::new(),
            kind: ActorKind::Person,
        };
        let admin = Actor { role: Role::Admin, ..artist.clone() };
        let circumstances = Circumstances {
            address: None,
            channel: super::Channel::Page,
            minute: 0,
            weekday: 1,
            size: None,
            owners: None,
        };
        let outside = Place::Bucket { name: "self-test", purpose: None, key: "masters/../secret" };
        for (actor, operation, place) in [
            (&artist, "drain_server", Place::Operation("drain_server")),
            (&artist, "query_artist_data", Place::Operation("query_artist_data")),
            (&admin, "no such operation", Place::Operation("no such operation")),
            (&admin, "get_audio_file", outside),
        ] {
            let question =
                Question { actor, operation, foreign: false, place, circumstances: &circumstances };
            if self.evaluate(&question).is_ok_and(|decision| decision.allowed()) {
                let message = format!("{operation} is permitted to {}", actor.role.id());
                return Err(PolicyError::BuiltIn(message));
            }
        }
        Ok(())
    }
}

/// Finds what is wrong with the tools that the environment names, in its rules and as the source of figures, before
/// anything starts.
///
/// # Errors
/// The first variable with a value that cannot be used.
pub fn check_configuration(config: &Config) -> Result<(), ConfigError> {
    Rule::of(config)?;
    check_source_of_figures(config)
}

/// Figures are fetched from others: of the label's own tools none answers with them.
fn check_source_of_figures(config: &Config) -> Result<(), ConfigError> {
    let Some(FiguresFrom::Tool(tool)) = &config.figures else { return Ok(()) };
    let refused = |why: &str| ConfigError {
        variable: "PATCHLINE_FIGURES_TOOL",
        value: tool.clone(),
        allowed: format!(
            "{why}; a tool of a third party in MCP_UPSTREAMS is allowed, such as charts_daily_figures"
        ),
    };
    if permissions::of(tool).is_some() {
        return Err(refused("this is a tool of Patchline itself"));
    }
    let is_of_somebody = Rule::third_parties(config).iter().any(|beginning| tool.starts_with(beginning));
    if is_of_somebody { Ok(()) } else { Err(refused("no third party has this prefix")) }
}

fn action_of<'a>(question: &Question<'a>) -> &'a str {
    if question.foreign { FOREIGN } else { question.operation }
}

/// Whether every policy could be evaluated. Cedar leaves out those that could not, even where they forbid.
fn clear(answer: &Response) -> Result<(), PolicyError> {
    match answer.diagnostics().errors().next() {
        None => Ok(()),
        Some(error) => Err(PolicyError::Unanswerable(error.to_string())),
    }
}

fn names(answer: &Response) -> Vec<Arc<str>> {
    let mut names: Vec<Arc<str>> =
        answer.diagnostics().reason().map(|id| Arc::from(AsRef::<str>::as_ref(id))).collect();
    names.sort_unstable();
    names
}

/// The policy that could not be evaluated.
fn of_error(error: &cedar_policy::AuthorizationError) -> Arc<str> {
    match error {
        cedar_policy::AuthorizationError::PolicyEvaluationError(error) => {
            Arc::from(AsRef::<str>::as_ref(error.policy_id()))
        }
    }
}
