//! The stage *authorise* of a call: what the policies say of the operation, and then of each place that it
//! would touch.

use super::owners::{self, Matter};
use super::policy::{
    Actor, Circumstances, Decision, Denial, Enforcement, Kind, Place, Policy, PolicyError, Question, Rule,
    Says, is_for_own_artists,
};
use super::{CallError, CallErrorKind, Origin, Principal, Visit};
use crate::engine::catalog::Catalog;
use crate::engine::config::{Buckets, Config};
use crate::engine::tools::Scope;
use crate::model::policy::PolicyVersion;
use crate::model::tool::AwsResource;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

/// The policies of the door.
pub(super) struct Rules {
    /// None where they are wrong: then nothing is permitted to anybody.
    policy: Option<Policy>,
    /// What the environment says.
    environment: Vec<Rule>,
    mode_of_environment: Enforcement,
    /// What admins have set, as it was read last.
    stored: RwLock<PolicyVersion>,
    /// Whether what admins have set is not known yet, so that nothing may be permitted.
    unread: AtomicBool,
    /// How the names of third parties' tools begin.
    third_parties: Vec<String>,
    buckets: Buckets,
    time_zone: TimeZone,
}

/// What the policies have said of a call so far, for its records.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Verdict {
    /// The policies that decided.
    pub(super) policies: Vec<Arc<str>>,
    /// The rules that would have denied it, and were only to say so.
    pub(super) would_deny: Vec<Arc<str>>,
    /// In a few words.
    pub(super) reason: Option<&'static str>,
}

impl Verdict {
    fn add(&mut self, decision: &Decision) {
        let merge = |into: &mut Vec<Arc<str>>, more: &[Arc<str>]| {
            into.extend(more.iter().cloned());
            into.sort_unstable();
            into.dedup();
        };
        if !decision.allowed() {
            // What denies is what is told, not what let it through before.
            self.policies.clear();
        }
        merge(&mut self.policies, &decision.policies);
        merge(&mut self.would_deny, &decision.would_deny);
        self.reason = Some(decision.reason());
    }
}

impl Rules {
    pub(super) fn new(config: &Config) -> Self {
        let policy = Policy::new(config);
        if let Err(error) = &policy {
            tracing::error!(%error, "nothing is permitted to anybody, because the policies are wrong");
        }
        Self {
            policy: policy.ok(),
            environment: Rule::of(config).unwrap_or_default(),
            mode_of_environment: Enforcement::of(config),
            stored: RwLock::default(),
            unread: AtomicBool::new(false),
            third_parties: Rule::third_parties(config),
            buckets: config.buckets.clone(),
            time_zone: config.time_zone.clone(),
        }
    }

    pub(super) fn policy(&self) -> Option<&Policy> {
        self.policy.as_ref()
    }

    /// The rules of the environment.
    pub(super) fn environment(&self) -> &[Rule] {
        &self.environment
    }

    /// How the names of third parties' tools begin.
    pub(super) fn third_parties(&self) -> &[String] {
        &self.third_parties
    }

    /// What admins have set, as it was read last.
    pub(super) fn stored(&self) -> PolicyVersion {
        self.stored.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// What violations come to under a version.
    pub(super) fn enforcement(&self, version: &PolicyVersion) -> Enforcement {
        version.mode.map_or(self.mode_of_environment, Enforcement::from)
    }

    /// From now on nothing is permitted until what admins have set has been read.
    pub(super) fn wait_for_stored(&self) {
        self.unread.store(true, Ordering::Release);
    }

    /// Takes over what was read. True when it is news.
    pub(super) fn apply(&self, version: PolicyVersion) -> Result<bool, PolicyError> {
        let Some(policy) = &self.policy else { return Ok(false) };
        // Held until the policies are in place, so that an older version never comes after a newer one.
        let mut stored = self.stored.write().unwrap_or_else(PoisonError::into_inner);
        let news = version.version > stored.version;
        if news {
            let rules = Rule::read(&version.rules).map_err(|wrong| {
                let detail = wrong.first().map_or("", |wrong| wrong.message.as_str());
                PolicyError::Rule { id: "stored".to_owned(), detail: detail.to_owned() }
            })?;
            let all = self.environment.iter().cloned().chain(rules).collect();
            policy.replace(all, self.enforcement(&version))?;
            *stored = version;
        }
        self.unread.store(false, Ordering::Release);
        Ok(news)
    }

    /// A file in a bucket, or a bucket.
    pub(super) fn bucket<'n>(&self, name: &'n str, key: &'n str) -> Place<'n> {
        Place::Bucket { name, purpose: self.buckets.role_of(name), key }
    }

    /// Whether a principal may use an operation at all, whenever and from wherever.
    pub(super) fn offer(&self, principal: &Principal, operation: &str, foreign: bool) -> bool {
        let actors = actors_of(principal);
        let offers = |policy: &Policy| actors.iter().all(|actor| policy.offers(actor, operation, foreign));
        self.policy.as_ref().is_some_and(offers)
    }

    /// Those of Patchline's own operations that a principal may use at all: who asks is put together once for all of
    /// them.
    pub(super) fn offered<'o>(
        &self,
        principal: &Principal,
        operations: impl Iterator<Item = &'o str>,
    ) -> Vec<&'o str> {
        let Some(policy) = &self.policy else { return Vec::new() };
        let actors = actors_of(principal);
        let is_offered = |operation: &&str| actors.iter().all(|actor| policy.offers(actor, operation, false));
        operations.filter(is_offered).collect()
    }

    /// How often each rule would have denied, or did.
    pub(super) fn violations(&self) -> Vec<(String, u64)> {
        self.policy.as_ref().map(Policy::violations).unwrap_or_default()
    }

    /// Whether this call is allowed now, from there, as far as that is known before its arguments are read.
    pub(super) fn check(&self, visit: &mut Visit) -> Result<(), CallError> {
        let operation = visit.name.clone();
        let circumstances = self.circumstances(&visit.origin);
        self.decide(visit, Place::Operation(&operation), &circumstances)
    }

    /// Whether it is allowed for everything that it would touch, and of which artists it may show data.
    pub(super) async fn check_places(
        &self,
        visit: &mut Visit,
        catalog: &Catalog,
        resources: &[AwsResource],
        matter: &Matter,
    ) -> Result<Scope, CallError> {
        let circumstances = Circumstances { size: matter.subject.bytes, ..self.circumstances(&visit.origin) };
        let about = |owners: Option<Vec<String>>| Circumstances { owners, ..circumstances.clone() };
        let own_only = !visit.foreign && is_own_only(&visit.principal, &visit.name);
        let scope = if own_only && matter.is_scoped {
            Scope::only(visit.principal.artists.iter().cloned())
        } else {
            Scope::Everything
        };
        if resources.is_empty() {
            let owners = owners::of(catalog, matter, Place::Label, &visit.principal, own_only).await?;
            self.decide(visit, Place::Label, &about(owners))?;
            return Ok(scope);
        }
        for (index, resource) in resources.iter().enumerate() {
            let place = self.place(resource);
            if resources[..index].iter().any(|earlier| self.place(earlier) == place) {
                continue;
            }
            let Some(place) = place else {
                let error = PolicyError::Unanswerable(format!("{} is no place", resource.action));
                tracing::error!(%error, operation = visit.name, "denied, because it cannot be decided");
                visit.verdict.reason = Some("could not be decided");
                return Err(undecided(&visit.principal, &visit.name));
            };
            let owners = owners::of(catalog, matter, place, &visit.principal, own_only).await?;
            self.decide(visit, place, &about(owners))?;
        }
        Ok(scope)
    }

    pub(super) fn circumstances(&self, origin: &Origin) -> Circumstances {
        Circumstances::at(Timestamp::now(), &self.time_zone, origin.address, origin.channel)
    }

    /// The clock by which hours are meant.
    pub(super) fn time_zone(&self) -> &TimeZone {
        &self.time_zone
    }

    fn decide(
        &self,
        visit: &mut Visit,
        place: Place<'_>,
        circumstances: &Circumstances,
    ) -> Result<(), CallError> {
        let (principal, operation) = (&visit.principal, visit.name.as_str());
        if self.unread.load(Ordering::Acquire) {
            visit.verdict.reason = Some("the rules are not read yet");
            return Err(CallError {
                retry_after: Some(Duration::from_secs(2)),
                ..CallError::new(
                    CallErrorKind::Unavailable,
                    "The rules that say who may do what could not be read yet.",
                    "Try again in some seconds.",
                )
            });
        }
        let Some(policy) = &self.policy else {
            visit.verdict.reason = Some("the policies are wrong");
            return Err(undecided(principal, operation));
        };
        let actor = Actor::of(principal);
        let question = Question { actor: &actor, operation, foreign: visit.foreign, place, circumstances };
        let mut decision = policy.decide_again(&question);
        // What the caller's own role and those that they are held to all may is what the caller may.
        for role in principal.held_to() {
            if decision.allowed() {
                let lower = Actor { role, ..actor.clone() };
                decision = policy.decide_again(&Question { actor: &lower, ..question }).joined(decision);
            }
        }
        if !decision.would_deny.is_empty() {
            let rules = decision.would_deny.join(", ");
            tracing::warn!(principal = principal.id, operation, rules, "would be denied");
        }
        let refused = decision.denial.as_ref().map(|denial| match denial {
            Denial::NotPermitted => not_permitted(principal, operation, place),
            Denial::Rules(rules) => CallError {
                not_now: !rules.is_empty() && rules.iter().all(|rule| rule.says.is_of_circumstances()),
                ..self.forbidden(rules, operation, place, circumstances)
            },
            Denial::Undecided(_) => undecided(principal, operation),
        });
        visit.verdict.add(&decision);
        refused.map_or(Ok(()), Err)
    }

    /// The error for what rules forbid: the words of the first.
    fn forbidden(
        &self,
        rules: &[Arc<Rule>],
        operation: &str,
        place: Place<'_>,
        circumstances: &Circumstances,
    ) -> CallError {
        let what = match place {
            Place::Bucket { name, .. } => format!("The bucket {name:?}"),
            Place::Other(kind, name) => format!("The {} {name:?}", kind.in_words()),
            Place::Operation(_) | Place::Label => format!("The operation {operation}"),
        };
        match rules.first().map(|rule| &rule.says) {
            Some(Says::OnlyFrom(_) | Says::NotFrom(_)) => {
                let address = circumstances.address;
                let caller = address.map_or_else(|| "an unknown address".to_owned(), |a| a.to_string());
                forbidden(
                    format!("Calls from {caller} are not allowed."),
                    "Come from the label's network, or ask an admin to allow this address.",
                )
            }
            Some(Says::OnlyAt(_)) => {
                let now = Timestamp::now().to_zoned(self.time_zone.clone());
                let clock = now.strftime("%a %H:%M %Z");
                forbidden(
                    format!("Calls are not allowed at this time ({clock})."),
                    "Come back within the allowed hours, or ask an admin to change them.",
                )
            }
            Some(Says::NotForAgents(_)) => forbidden(
                format!("The supervisor may not use {operation}."),
                "Do it yourself, or ask an admin to allow it.",
            ),
            Some(Says::OnlyPlaces(..) | Says::NoPlaces(..)) => forbidden(
                format!("{what} may not be used."),
                "Choose another one, or ask an admin to allow it.",
            ),
            Some(Says::OnlyFiles(_)) => {
                let key = if let Place::Bucket { key, .. } = place { key } else { "" };
                forbidden(
                    format!("A file of the name {key:?} may not be used here."),
                    "Choose another folder, or ask an admin to allow it.",
                )
            }
            Some(Says::AtMostBytes(most)) => forbidden(
                format!("Files of more than {most} bytes may not be stored here."),
                "Send less, or ask an admin to allow it. A file whose size is not announced counts as too large.",
            ),
            Some(Says::OnlyTools(_) | Says::NoTools(_)) | None => {
                forbidden(format!("{operation} is not allowed here."), "Ask an admin to allow it.")
            }
        }
    }

    /// The place that a resource is; none where it is nothing that policies know.
    pub(super) fn place<'r>(&self, resource: &'r AwsResource) -> Option<Place<'r>> {
        let (action, name) = (resource.action.as_str(), resource.name.as_str());
        Some(match resource.service.as_str() {
            "s3" => {
                let (name, key) = name.split_once('/').unwrap_or((name, ""));
                self.bucket(name, key)
            }
            "dynamodb" => Place::Other(Kind::Table, name),
            // A query that was started names itself, and belongs to whoever has started it.
            "logs" if matches!(action, "logs:GetQueryResults" | "logs:StopQuery") => Place::Label,
            "logs" => Place::Other(Kind::LogGroup, name),
            "cloudwatch" => Place::Other(Kind::Metrics, name),
            "rds" | "rds-data" => Place::Other(Kind::Database, name),
            "bedrock" if action == "bedrock:InvokeModel" => Place::Other(Kind::Model, name),
            "bedrock" => Place::Other(Kind::KnowledgeBase, name),
            // What leaves the house goes to no place of the label.
            "ses" | "webhook" => Place::Label,
            // The tools of third parties are decided by their names.
            _ if action == "mcp:CallTool" => Place::Label,
            _ => return None,
        })
    }
}

/// Who a principal is to the policies: themselves, and themselves in each role that they have nothing beyond.
fn actors_of(principal: &Principal) -> Vec<Actor> {
    let own = Actor::of(principal);
    let held: Vec<Actor> = principal.held_to().map(|role| Actor { role, ..own.clone() }).collect();
    std::iter::once(own).chain(held).collect()
}

/// Whether a caller may use an operation for artists of their own only: by their role, or by one that they are
/// held to.
fn is_own_only(principal: &Principal, operation: &str) -> bool {
    std::iter::once(principal.role).chain(principal.held_to()).any(|role| is_for_own_artists(operation, role))
}

fn not_permitted(principal: &Principal, operation: &str, place: Place<'_>) -> CallError {
    let name = &principal.name;
    let message = match place {
        Place::Operation(_) => format!("{name} may not use {operation}."),
        Place::Label => format!("{name} may use {operation} for artists of their own only."),
        Place::Bucket { .. } | Place::Other(..) => {
            format!("{name} may not use {operation} for this, or for artists of their own only.")
        }
    };
    let remedy = if principal.artists.is_empty() && is_own_only(principal, operation) {
        "Ask an admin which artists are yours: none are noted at your account."
    } else {
        "Ask an admin for the permission."
    };
    forbidden(message, remedy)
}

fn undecided(principal: &Principal, operation: &str) -> CallError {
    let name = &principal.name;
    let message = format!("Whether {name} may use {operation} cannot be decided, so it is refused.");
    forbidden(message, "Tell an admin the request id; the log says what is wrong.")
}

fn forbidden(message: String, remedy: &str) -> CallError {
    CallError::new(CallErrorKind::Forbidden, message, remedy)
}
