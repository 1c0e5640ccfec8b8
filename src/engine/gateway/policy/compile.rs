//! Makes Cedar policies: those of the roles, from the table of permissions, and those of rules.

use super::expression::{Expression, entity};
use super::permissions::{self, FOREIGN, Part};
use super::rules::{Pattern, Rule, Says, is_of_a_server, plain};
use super::vocabulary::{Group, NAMESPACE, ROLES, Vocabulary};
use super::{Kind, PolicyError};
use crate::engine::config::{BucketRole, Schedule};
use crate::engine::gateway::Role;
use cedar_policy::{EntityUid, Policy, PolicyId};
use ipnet::IpNet;
use serde_json::{Value, json};

/// The names of the policies that are not made from rules begin so; names of rules have no colon.
const BUILT_IN: &str = "role:";

/// The operations that store files in buckets.
const STORING: [&str; 5] =
    ["upload_audio_file", "upload_audio_stream", "create_upload_url", "upload_artwork", "store_contract"];

/// Makes policies with the words of a schema.
pub(super) struct Compiler<'w> {
    words: &'w Vocabulary,
}

/// What a policy is about.
struct Scope {
    principal: Value,
    action: Value,
    resource: Value,
}

impl Scope {
    fn everything() -> Self {
        Self { principal: all(), action: all(), resource: all() }
    }

    fn of_kind(kind: Kind) -> Self {
        let resource = json!({ "op": "is", "entity_type": full_name(kind) });
        Self { resource, ..Self::everything() }
    }
}

/// When a policy counts.
enum Condition {
    Always,
    When(Expression),
    Unless(Expression),
}

impl<'w> Compiler<'w> {
    pub(super) fn new(words: &'w Vocabulary) -> Self {
        Self { words }
    }

    /// What each role may do. These hold in every mode.
    pub(super) fn roles(&self) -> Result<Vec<Policy>, PolicyError> {
        let mut policies = Vec::new();
        for role in ROLES {
            let permit = |id: String, group: Group, condition| {
                let scope = Scope {
                    principal: json!({ "op": "in", "entity": entity(&self.words.role(role)?) }),
                    action: json!({ "op": "in", "entity": group_entity(group) }),
                    resource: all(),
                };
                policy(&format!("{BUILT_IN}{id}"), "permit", scope, condition)
            };
            policies.push(permit(role.id().to_owned(), Group::For(role), Condition::Always)?);
            if permissions::PERMISSIONS.iter().any(|row| row.access(role) == permissions::Access::Own) {
                let own = Condition::When(about_own_artists());
                policies.push(permit(format!("{}-own-artists", role.id()), Group::OwnFor(role), own)?);
            }
            // Covers are shown wherever a release or an artist is.
            if matches!(role, Role::Artist | Role::Manager) {
                let covers = Condition::When(about_covers());
                let scope = Scope {
                    principal: json!({ "op": "in", "entity": entity(&self.words.role(role)?) }),
                    action: self.actions(&["open_file"])?,
                    resource: all(),
                };
                policies.push(policy(&format!("{BUILT_IN}{}-covers", role.id()), "permit", scope, covers)?);
            }
        }
        policies.push(self.contracts()?);
        policies.push(climbing()?);
        Ok(policies)
    }

    /// Contracts are for the label, for admins, and for managers of the artist, whatever tool opens them.
    fn contracts(&self) -> Result<Policy, PolicyError> {
        let context = || Expression::variable("context");
        let principal = || Expression::variable("principal");
        let is_contract = context()
            .has("purpose")
            .and(context().attribute("purpose").equals(Expression::text(BucketRole::Contracts.word())));
        let role = |role| Ok::<_, PolicyError>(Expression::entity(&self.words.role(role)?));
        let everybody = Expression::set([role(Role::Label)?, role(Role::Admin)?]);
        let managers = principal().within(role(Role::Manager)?).and(has_own_owners());
        let may = principal().within(everybody).or(managers);
        let scope = Scope::of_kind(Kind::Bucket);
        let condition = Condition::When(is_contract.and(may.not()));
        policy(&format!("{BUILT_IN}contracts"), "forbid", scope, condition)
    }

    /// The policies of a rule.
    pub(super) fn rule(&self, rule: &Rule) -> Result<Policy, PolicyError> {
        rule.check()?;
        let (scope, condition) = match &rule.says {
            Says::OnlyTools(tools) => {
                let named = self.is_one_of(tools)?.or(self.was_asked_by_name()?);
                (all_tools(), Condition::Unless(named))
            }
            Says::NoTools(tools) => (Scope::everything(), Condition::When(self.is_one_of(tools)?)),
            Says::NotForAgents(tools) => {
                let agent = Expression::variable("context").attribute("viaSupervisor");
                (Scope::everything(), Condition::When(agent.and(self.is_one_of(tools)?)))
            }
            Says::OnlyPlaces(kind, names) => {
                (Scope::of_kind(*kind), Condition::Unless(has_name("place", names)))
            }
            Says::NoPlaces(kind, names) => {
                let nameless = Expression::variable("context").has("place").not();
                (Scope::of_kind(*kind), Condition::When(nameless.or(has_name("place", names))))
            }
            Says::OnlyFiles(names) => {
                (Scope::of_kind(Kind::Bucket), Condition::Unless(has_name("key", names)))
            }
            Says::AtMostBytes(most) => {
                let context = || Expression::variable("context");
                let most = i64::try_from(*most).unwrap_or(i64::MAX);
                let too_large = Expression::number(most).below(context().attribute("size"));
                let too_large = context().has("size").and(too_large);
                // What is stored without telling how much it is could be anything.
                let stores = self.entities(&STORING)?;
                let unknown = context().has("size").not();
                let unknown = unknown.and(Expression::variable("action").within(stores));
                (Scope::of_kind(Kind::Bucket), Condition::When(too_large.or(unknown)))
            }
            Says::OnlyFrom(networks) => (Scope::everything(), Condition::Unless(comes_from(networks))),
            Says::NotFrom(networks) => {
                let unknown = Expression::variable("context").has("address").not();
                (Scope::everything(), Condition::When(unknown.or(comes_from(networks))))
            }
            Says::OnlyAt(schedule) => {
                // Admins may change the hours whenever it is.
                let administration = self.words.group(Group::Part(Part::Administration))?;
                let exempt = Expression::variable("action").within(Expression::entity(&administration));
                (Scope::everything(), Condition::Unless(happens_within(schedule).or(exempt)))
            }
        };
        let condition = self.for_roles(condition, &rule.roles)?;
        policy(rule.id.as_str(), "forbid", scope, condition)
    }

    /// A condition that holds for some roles only.
    fn for_roles(&self, condition: Condition, roles: &[Role]) -> Result<Condition, PolicyError> {
        if roles.is_empty() {
            return Ok(condition);
        }
        let mut named = Vec::new();
        for role in roles {
            named.push(Expression::entity(&self.words.role(*role)?));
        }
        let concerned = Expression::variable("principal").within(Expression::set(named));
        Ok(match condition {
            Condition::Always => Condition::When(concerned),
            Condition::When(when) => Condition::When(concerned.and(when)),
            Condition::Unless(unless) => Condition::When(concerned.and(unless.not())),
        })
    }

    fn action(&self, name: &str) -> Result<&'w EntityUid, PolicyError> {
        let unknown = || PolicyError::BuiltIn(format!("there is no operation {name}"));
        self.words.action(name).ok_or_else(unknown)
    }

    fn actions(&self, names: &[&str]) -> Result<Value, PolicyError> {
        let actions = names.iter().map(|name| self.action(name).map(entity));
        let actions = actions.collect::<Result<Vec<_>, _>>()?;
        Ok(json!({ "op": "in", "entities": actions }))
    }

    fn entities(&self, names: &[&str]) -> Result<Expression, PolicyError> {
        let actions = names.iter().map(|name| self.action(name).map(Expression::entity));
        Ok(Expression::set(actions.collect::<Result<Vec<_>, _>>()?))
    }

    /// Whether it is a tool of a third party that has been asked for by its name before, and been let through.
    fn was_asked_by_name(&self) -> Result<Expression, PolicyError> {
        let call = Expression::variable("action").equals(Expression::entity(self.action(FOREIGN)?));
        Ok(call.and(Expression::variable("resource").is(&full_name(Kind::Label))))
    }

    /// Whether what is asked for is one of these tools. Those of third parties share an action, and are told
    /// apart by the operation that is asked for first.
    fn is_one_of(&self, tools: &[String]) -> Result<Expression, PolicyError> {
        let (mut own, mut foreign) = (Vec::new(), Vec::new());
        for tool in tools {
            match self.words.action(tool) {
                Some(action) => own.push(Expression::entity(action)),
                None => foreign.push(Expression::entity(&self.words.thing(Kind::Operation, tool)?)),
            }
            // The same by another way in.
            if let Some(action) = other_form(tool).and_then(|other| self.words.action(other)) {
                own.push(Expression::entity(action));
            }
        }
        let action = || Expression::variable("action");
        let resource = || Expression::variable("resource");
        let is_own = (!own.is_empty()).then(|| action().within(Expression::set(own)));
        let is_foreign = if foreign.is_empty() {
            None
        } else {
            let call = self.action(FOREIGN)?;
            let named = resource().within(Expression::set(foreign));
            let named = resource().is(&full_name(Kind::Operation)).and(named);
            Some(action().equals(Expression::entity(call)).and(named))
        };
        Expression::any(is_own.into_iter().chain(is_foreign))
            .ok_or_else(|| PolicyError::BuiltIn("a list of no tools".to_owned()))
    }
}

/// All tools of servers.
fn all_tools() -> Scope {
    let parts = Part::ALL.into_iter().filter(|part| is_of_a_server(*part));
    let groups: Vec<_> = parts.map(|part| group_entity(Group::Part(part))).collect();
    Scope { action: json!({ "op": "in", "entities": groups }), ..Scope::everything() }
}

fn group_entity(group: Group) -> Value {
    json!({ "type": format!("{NAMESPACE}::Action"), "id": group.id() })
}

/// The operation that does the same as a tool in another form: as a stream.
fn other_form(tool: &str) -> Option<&'static str> {
    match tool {
        "upload_audio_file" => Some("upload_audio_stream"),
        "add_knowledge_document" => Some("upload_knowledge_document"),
        _ => None,
    }
}

fn all() -> Value {
    json!({ "op": "All" })
}

fn full_name(kind: Kind) -> String {
    format!("{NAMESPACE}::{}", kind.id())
}

fn policy(id: &str, effect: &str, scope: Scope, condition: Condition) -> Result<Policy, PolicyError> {
    let conditions = match condition {
        Condition::Always => json!([]),
        Condition::When(when) => json!([{ "kind": "when", "body": when.into_json() }]),
        Condition::Unless(unless) => json!([{ "kind": "unless", "body": unless.into_json() }]),
    };
    let structured = json!({
        "effect": effect,
        "principal": scope.principal,
        "action": scope.action,
        "resource": scope.resource,
        "conditions": conditions,
        "annotations": { "id": id },
    });
    Policy::from_json(Some(PolicyId::new(id)), structured)
        .map_err(|error| PolicyError::Rule { id: id.to_owned(), detail: error.to_string() })
}

/// Whether it is about artists of one's own, or not known yet what it is about by somebody who has artists.
fn about_own_artists() -> Expression {
    let principal = || Expression::variable("principal");
    let asked_at_all = Expression::variable("resource").is(&full_name(Kind::Operation));
    let has_some = principal().attribute("artists").without_members().not();
    asked_at_all.and(has_some).or(has_own_owners())
}

fn has_own_owners() -> Expression {
    let owners = || Expression::variable("context").attribute("owners");
    let artists = Expression::variable("principal").attribute("artists");
    Expression::variable("context")
        .has("owners")
        .and(owners().without_members().not())
        .and(artists.contains_all(owners()))
}

fn about_covers() -> Expression {
    let context = || Expression::variable("context");
    let is_cover = context()
        .has("purpose")
        .and(context().attribute("purpose").equals(Expression::text(BucketRole::Artwork.word())));
    Expression::variable("resource").is(&full_name(Kind::Operation)).or(is_cover)
}

/// No name leads out of its folder. The tools refuse such names, too; this is for the day when one does not.
fn climbing() -> Result<Policy, PolicyError> {
    let key = || Expression::variable("context").attribute("key");
    // `../…`, `…/../…`, `…/..`
    let like = |pieces: &[&str]| key().like(pieces.iter().copied());
    let climbs = like(&["../", ""])
        .or(like(&["", "/../", ""]))
        .or(like(&["", "/.."]))
        .or(key().equals(Expression::text("..")));
    let condition = Condition::When(Expression::variable("context").has("key").and(climbs));
    policy(&format!("{BUILT_IN}no-climbing"), "forbid", Scope::of_kind(Kind::Bucket), condition)
}

fn has_name(attribute: &'static str, names: &[Pattern]) -> Expression {
    let context = || Expression::variable("context");
    let value = || context().attribute(attribute);
    let exact: Vec<_> = names.iter().filter_map(Pattern::exact).map(Expression::text).collect();
    let listed = (!exact.is_empty()).then(|| Expression::set(exact).contains(value()));
    let alike = names.iter().filter(|name| name.exact().is_none()).map(|name| value().like(name.pieces()));
    let one_of_them = Expression::any(listed.into_iter().chain(alike));
    let known = context().has(attribute);
    known_and(known, one_of_them)
}

/// Cedar compares an address with one network at a time.
fn comes_from(networks: &[IpNet]) -> Expression {
    let context = || Expression::variable("context");
    let known = context().has("address");
    let within = networks.iter().map(|network| {
        let network = plain(*network).trunc().to_string();
        context().attribute("address").in_range_of(Expression::network(&network))
    });
    known_and(known, Expression::any(within))
}

/// Whether something is known and fits. An empty list has been refused before; nothing fits it.
fn known_and(known: Expression, fits: Option<Expression>) -> Expression {
    let fits = fits.unwrap_or_else(|| known.clone().not());
    known.and(fits)
}

/// A window over midnight is two: the evening of its days, and the morning after them.
fn happens_within(schedule: &Schedule) -> Expression {
    let context = || Expression::variable("context");
    let minute = || context().attribute("minute");
    let on = |days: Vec<i64>| {
        Expression::set(days.into_iter().map(Expression::number)).contains(context().attribute("weekday"))
    };
    let windows = schedule.spans().map(|span| {
        on(span.weekdays)
            .and(minute().at_least(Expression::number(span.from)))
            .and(minute().below(Expression::number(span.to)))
    });
    // A schedule has a window at least.
    Expression::any(windows).unwrap_or_else(|| minute().below(Expression::number(0)))
}
