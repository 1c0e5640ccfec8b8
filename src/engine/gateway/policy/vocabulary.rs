//! The words of policies: the Cedar schema, made from the table of permissions, and the names of its things.

use super::permissions::{Access, PERMISSIONS, Part, Permission};
use super::{Kind, PolicyError};
use crate::engine::gateway::Role;
use cedar_policy::{Entities, Entity, EntityId, EntityTypeName, EntityUid, Schema};
use std::collections::{HashMap, HashSet};
use std::fmt::Write;

/// The namespace of everything.
pub(super) const NAMESPACE: &str = "Patchline";

const TYPES: &str = include_str!("vocabulary.cedarschema");

/// The groups of actions beside the parts: what a role may do, and what it may do for its own artists.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Group {
    Part(Part),
    For(Role),
    OwnFor(Role),
}

impl Group {
    pub(super) fn id(self) -> String {
        match self {
            Group::Part(part) => part.id().to_owned(),
            Group::For(role) => format!("for {}", role.id()),
            Group::OwnFor(role) => format!("for {}, own artists", role.id()),
        }
    }

    fn all() -> impl Iterator<Item = Group> {
        let parts = Part::ALL.into_iter().map(Group::Part);
        parts.chain(ROLES.into_iter().flat_map(|role| [Group::For(role), Group::OwnFor(role)]))
    }

    /// Those that an operation is in.
    fn of(permission: &'static Permission) -> impl Iterator<Item = Group> {
        let roles = ROLES.into_iter().filter_map(move |role| match permission.access(role) {
            Access::Yes => Some(Group::For(role)),
            Access::Own => Some(Group::OwnFor(role)),
            Access::No => None,
        });
        std::iter::once(Group::Part(permission.part)).chain(roles)
    }
}

/// All roles.
pub(super) const ROLES: [Role; 5] = [Role::Artist, Role::Producer, Role::Manager, Role::Label, Role::Admin];

/// The schema as text.
///
/// It is put together from constants only; what people set is never in it.
pub(super) fn schema_text() -> String {
    let mut text = format!("namespace {NAMESPACE} {{\n{TYPES}");
    let quoted =
        |names: Vec<String>| names.iter().map(|name| format!("{name:?}")).collect::<Vec<_>>().join(", ");
    // Writing to a String cannot fail.
    let _ = writeln!(text, "  action {};", quoted(Group::all().map(Group::id).collect()));
    for permission in PERMISSIONS {
        let kinds = [Kind::Operation, Kind::Label].iter().chain(permission.touches);
        let kinds = kinds.map(|kind| kind.id()).collect::<Vec<_>>().join(", ");
        let _ = writeln!(
            text,
            "  action {:?} in [{}] appliesTo {{ principal: [Person, Key, Agent], resource: [{kinds}], \
             context: Circumstances }};",
            permission.operation,
            quoted(Group::of(permission).map(Group::id).collect()),
        );
    }
    text.push_str("}\n");
    text
}

/// The words, ready to be used.
pub(super) struct Vocabulary {
    pub(super) schema: Schema,
    /// The actions with their groups, and the roles. Made with the schema: without it, Cedar would know no
    /// group, and every policy that names one would be silent.
    pub(super) entities: Entities,
    types: HashMap<&'static str, EntityTypeName>,
    actions: HashMap<&'static str, EntityUid>,
    roles: HashMap<Role, EntityUid>,
}

impl Vocabulary {
    pub(super) fn new() -> Result<Self, PolicyError> {
        let (schema, _) = Schema::from_cedarschema_str(&schema_text())
            .map_err(|error| PolicyError::BuiltIn(format!("the schema is wrong: {error}")))?;
        let mut types = HashMap::new();
        for name in Kind::ALL.map(Kind::id).into_iter().chain(["Role", "Action"]) {
            let full = format!("{NAMESPACE}::{name}");
            let parsed = full.parse::<EntityTypeName>();
            let parsed = parsed.map_err(|error| PolicyError::BuiltIn(format!("{full}: {error}")))?;
            types.insert(name, parsed);
        }
        let uid = |name: &str, id: &str| uid(&types, name, id);
        let mut actions = HashMap::new();
        for permission in PERMISSIONS {
            actions.insert(permission.operation, uid("Action", permission.operation)?);
        }
        let mut roles = HashMap::new();
        for role in ROLES {
            roles.insert(role, uid("Role", role.id())?);
        }
        let known = roles.values().map(|role| Entity::new_no_attrs(role.clone(), HashSet::new()));
        let entities = Entities::from_entities(known, Some(&schema))
            .map_err(|error| PolicyError::BuiltIn(format!("the entities do not fit the schema: {error}")))?;
        Ok(Self { schema, entities, types, actions, roles })
    }

    /// The action of an operation; none where it has no row in the table of permissions.
    pub(super) fn action(&self, operation: &str) -> Option<&EntityUid> {
        self.actions.get(operation)
    }

    pub(super) fn is_kind(&self, named: &EntityTypeName, kind: Kind) -> bool {
        self.types.get(kind.id()) == Some(named)
    }

    pub(super) fn group(&self, group: Group) -> Result<EntityUid, PolicyError> {
        uid(&self.types, "Action", &group.id())
    }

    pub(super) fn role(&self, role: Role) -> Result<EntityUid, PolicyError> {
        self.roles.get(&role).cloned().ok_or_else(|| PolicyError::BuiltIn(format!("no role {}", role.id())))
    }

    /// Something by its kind and name. The name stays what it is, whatever characters it has.
    pub(super) fn thing(&self, kind: Kind, id: &str) -> Result<EntityUid, PolicyError> {
        uid(&self.types, kind.id(), id)
    }
}

fn uid(
    types: &HashMap<&'static str, EntityTypeName>,
    name: &str,
    id: &str,
) -> Result<EntityUid, PolicyError> {
    let known = types.get(name).ok_or_else(|| PolicyError::BuiltIn(format!("no kind {name}")))?;
    Ok(EntityUid::from_type_name_and_id(known.clone(), EntityId::new(id)))
}
