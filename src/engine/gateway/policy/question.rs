//! What is asked of the policies: who, what, where, and under which circumstances.

use super::PolicyError;
use super::vocabulary::Vocabulary;
use crate::engine::catalog::ownership;
use crate::engine::config::BucketRole;
use crate::engine::gateway::principal::CallerKind;
use crate::engine::gateway::{Channel, Principal, Role};
use cedar_policy::{Context, Entity, EntityUid, RestrictedExpression};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use std::cell::RefCell;
use std::collections::{HashMap, HashSet};
use std::net::IpAddr;

/// The kinds of things that policies speak of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    /// A person.
    Person,
    /// An API key, or an access token.
    Key,
    /// What acts for a person.
    Agent,
    /// An operation as such.
    Operation,
    /// What belongs to the label and lies in no place with a name.
    Label,
    /// A bucket.
    Bucket,
    /// A table.
    Table,
    /// A model.
    Model,
    /// A knowledge base.
    KnowledgeBase,
    /// A log group.
    LogGroup,
    /// A database.
    Database,
    /// A namespace of metrics.
    Metrics,
}

impl Kind {
    pub(super) const ALL: [Kind; 12] = [
        Kind::Person,
        Kind::Key,
        Kind::Agent,
        Kind::Operation,
        Kind::Label,
        Kind::Bucket,
        Kind::Table,
        Kind::Model,
        Kind::KnowledgeBase,
        Kind::LogGroup,
        Kind::Database,
        Kind::Metrics,
    ];

    /// The name in the schema.
    pub(super) fn id(self) -> &'static str {
        match self {
            Kind::Person => "Person",
            Kind::Key => "Key",
            Kind::Agent => "Agent",
            Kind::Operation => "Operation",
            Kind::Label => "Label",
            Kind::Bucket => "Bucket",
            Kind::Table => "Table",
            Kind::Model => "Model",
            Kind::KnowledgeBase => "KnowledgeBase",
            Kind::LogGroup => "LogGroup",
            Kind::Database => "Database",
            Kind::Metrics => "Metrics",
        }
    }

    /// The word for people.
    pub fn in_words(self) -> &'static str {
        match self {
            Kind::Person => "person",
            Kind::Key => "key",
            Kind::Agent => "agent",
            Kind::Operation => "operation",
            Kind::Label => "label",
            Kind::Bucket => "bucket",
            Kind::Table => "table",
            Kind::Model => "model",
            Kind::KnowledgeBase => "knowledge base",
            Kind::LogGroup => "log group",
            Kind::Database => "database",
            Kind::Metrics => "metrics",
        }
    }
}

/// Who asks.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Actor {
    /// The id in the audit log.
    pub id: String,
    /// What the person is to the label, or whoever the key or the agent belongs to.
    pub role: Role,
    /// The ids of the artists that are their own.
    pub artists: Vec<String>,
    /// What asks.
    pub kind: ActorKind,
}

/// What asks.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum ActorKind {
    /// A person.
    Person,
    /// An API key, or an access token.
    Key,
    /// Something that acts for a person. Role and artists are the person's.
    Agent {
        /// The id of the person.
        on_behalf_of: String,
    },
}

impl Actor {
    /// The actor that a principal is.
    pub fn of(principal: &Principal) -> Self {
        let artists = principal.artists.iter().map(ToString::to_string).collect();
        if principal.by_supervisor {
            let kind = ActorKind::Agent { on_behalf_of: principal.id.clone() };
            return Self { id: format!("supervisor:{}", principal.id), role: principal.role, artists, kind };
        }
        let kind = match principal.kind() {
            CallerKind::Person => ActorKind::Person,
            CallerKind::Key | CallerKind::Token => ActorKind::Key,
        };
        Self { id: principal.id.clone(), role: principal.role, artists, kind }
    }

    fn is_agent(&self) -> bool {
        matches!(self.kind, ActorKind::Agent { .. })
    }

    /// The person for whom an agent acts; none where somebody acts for themselves.
    pub(super) fn person(&self) -> Option<Self> {
        match &self.kind {
            ActorKind::Person | ActorKind::Key => None,
            ActorKind::Agent { on_behalf_of } => {
                Some(Self { id: on_behalf_of.clone(), kind: ActorKind::Person, ..self.clone() })
            }
        }
    }

    pub(super) fn uid(&self, words: &Vocabulary) -> Result<EntityUid, PolicyError> {
        let kind = match self.kind {
            ActorKind::Person => Kind::Person,
            ActorKind::Key => Kind::Key,
            ActorKind::Agent { .. } => Kind::Agent,
        };
        words.thing(kind, &self.id)
    }

    pub(super) fn entity(&self, words: &Vocabulary) -> Result<Entity, PolicyError> {
        let mut attributes = HashMap::from([("artists".to_owned(), texts(&self.artists))]);
        if let ActorKind::Agent { on_behalf_of } = &self.kind {
            let person = RestrictedExpression::new_entity_uid(words.thing(Kind::Person, on_behalf_of)?);
            attributes.insert("onBehalfOf".to_owned(), person);
        }
        let parents = HashSet::from([words.role(self.role)?]);
        Entity::new(self.uid(words)?, attributes, parents)
            .map_err(|error| PolicyError::Unanswerable(error.to_string()))
    }
}

/// Where an operation goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place<'a> {
    /// Nowhere yet: whether the operation may be used at all.
    Operation(&'a str),
    /// To what belongs to the label and lies in no place with a name.
    Label,
    /// To a bucket, and a file in it or the files whose names begin so.
    Bucket {
        /// The name.
        name: &'a str,
        /// What it is for, where that is known.
        purpose: Option<BucketRole>,
        /// The file's name, or how names begin.
        key: &'a str,
    },
    /// To another place by its kind and name.
    Other(Kind, &'a str),
}

impl Place<'_> {
    pub(super) fn kind(self) -> Kind {
        match self {
            Place::Operation(_) => Kind::Operation,
            Place::Label => Kind::Label,
            Place::Bucket { .. } => Kind::Bucket,
            Place::Other(kind, _) => kind,
        }
    }

    pub(super) fn uid(self, words: &Vocabulary) -> Result<EntityUid, PolicyError> {
        let name = match self {
            Place::Operation(name) | Place::Bucket { name, .. } | Place::Other(_, name) => name,
            Place::Label => "label",
        };
        words.thing(self.kind(), name)
    }

    /// The artist to whom a file belongs by its name.
    pub fn owner(self) -> Option<String> {
        let Place::Bucket { purpose, key, .. } = self else { return None };
        ownership::by_name(purpose, key).map(str::to_owned)
    }
}

/// Under which circumstances.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Circumstances {
    /// Where the call comes from.
    pub address: Option<IpAddr>,
    /// By which face.
    pub channel: Channel,
    /// Minutes since midnight where the label is.
    pub minute: i64,
    /// From Monday (1) to Sunday (7).
    pub weekday: i64,
    /// The bytes that would be stored.
    pub size: Option<u64>,
    /// The artists whose data it is about; none where that cannot be told.
    pub owners: Option<Vec<String>>,
}

impl Circumstances {
    /// Those of a call at a moment, by the clock of a time zone.
    ///
    /// Policies never see the moment itself: Cedar's own arithmetic of time has no zones and may fail.
    pub fn at(now: Timestamp, zone: &TimeZone, address: Option<IpAddr>, channel: Channel) -> Self {
        let clock = now.to_zoned(zone.clone());
        Self {
            // An IPv4 caller may arrive as a mapped IPv6 address, which no IPv4 block would match.
            address: address.map(|address| address.to_canonical()),
            channel,
            minute: i64::from(clock.hour()) * 60 + i64::from(clock.minute()),
            weekday: i64::from(clock.weekday().to_monday_one_offset()),
            size: None,
            owners: None,
        }
    }

    pub(super) fn context(&self, actor: &Actor, place: Place<'_>) -> Result<Context, PolicyError> {
        let text = |text: &str| RestrictedExpression::new_string(text.to_owned());
        let long = RestrictedExpression::new_long;
        let mut pairs = vec![
            ("channel", text(self.channel.id())),
            ("minute", long(self.minute)),
            ("weekday", long(self.weekday)),
            ("viaSupervisor", RestrictedExpression::new_bool(actor.is_agent())),
        ];
        if let Some(address) = self.address {
            pairs.push(("address", address_expression(address.to_canonical())));
        }
        match place {
            Place::Operation(_) | Place::Label => {}
            Place::Bucket { name, purpose, key } => {
                pairs.push(("place", text(name)));
                pairs.push(("key", text(key)));
                pairs.extend(purpose.map(|purpose| ("purpose", text(purpose.word()))));
            }
            Place::Other(_, name) => pairs.push(("place", text(name))),
        }
        if let Some(size) = self.size {
            pairs.push(("size", long(i64::try_from(size).unwrap_or(i64::MAX))));
        }
        if let Some(owners) = &self.owners {
            pairs.push(("owners", texts(owners)));
        }
        Context::from_pairs(pairs.into_iter().map(|(name, value)| (name.to_owned(), value)))
            .map_err(|error| PolicyError::Unanswerable(error.to_string()))
    }
}

/// An address as Cedar has it. Cedar parses the name of its type each time, and one call asks about several places
/// from the same address: so each thread keeps the one that it had last.
fn address_expression(address: IpAddr) -> RestrictedExpression {
    LAST_ADDRESS.with_borrow_mut(|last| match last {
        Some((known, expression)) if *known == address => expression.clone(),
        _ => {
            let expression = RestrictedExpression::new_ip(address.to_string());
            *last = Some((address, expression.clone()));
            expression
        }
    })
}

thread_local! {
    static LAST_ADDRESS: RefCell<Option<(IpAddr, RestrictedExpression)>> = const { RefCell::new(None) };
}

fn texts(texts: &[String]) -> RestrictedExpression {
    RestrictedExpression::new_set(texts.iter().map(|text| RestrictedExpression::new_string(text.clone())))
}
