//! Conditions of policies in Cedar's structured form. What people have set is always a value in it, never a
//! piece of text that Cedar reads.

use cedar_policy::EntityUid;
use serde_json::{Value, json};

/// A condition, or a part of one.
#[derive(Debug, Clone)]
pub(super) struct Expression(Value);

impl Expression {
    pub(super) fn into_json(self) -> Value {
        self.0
    }

    /// `principal`, `action`, `resource` or `context`.
    pub(super) fn variable(name: &'static str) -> Self {
        Self(json!({ "Var": name }))
    }

    pub(super) fn text(text: &str) -> Self {
        Self(json!({ "Value": text }))
    }

    pub(super) fn number(number: i64) -> Self {
        Self(json!({ "Value": number }))
    }

    pub(super) fn entity(uid: &EntityUid) -> Self {
        Self(json!({ "Value": { "__entity": entity(uid) } }))
    }

    /// A network, or an address.
    pub(super) fn network(text: &str) -> Self {
        Self(json!({ "ip": [{ "Value": text }] }))
    }

    pub(super) fn set(members: impl IntoIterator<Item = Self>) -> Self {
        Self(json!({ "Set": members.into_iter().map(Self::into_json).collect::<Vec<_>>() }))
    }

    pub(super) fn attribute(self, name: &'static str) -> Self {
        Self(json!({ ".": { "left": self.0, "attr": name } }))
    }

    pub(super) fn has(self, name: &'static str) -> Self {
        Self(json!({ "has": { "left": self.0, "attr": name } }))
    }

    pub(super) fn is(self, entity_type: &str) -> Self {
        Self(json!({ "is": { "left": self.0, "entity_type": entity_type } }))
    }

    pub(super) fn within(self, entities: Self) -> Self {
        self.compared("in", entities)
    }

    pub(super) fn equals(self, other: Self) -> Self {
        self.compared("==", other)
    }

    pub(super) fn at_least(self, other: Self) -> Self {
        self.compared(">=", other)
    }

    pub(super) fn below(self, other: Self) -> Self {
        self.compared("<", other)
    }

    pub(super) fn contains(self, member: Self) -> Self {
        self.compared("contains", member)
    }

    pub(super) fn contains_all(self, members: Self) -> Self {
        self.compared("containsAll", members)
    }

    pub(super) fn without_members(self) -> Self {
        Self(json!({ "isEmpty": { "arg": self.0 } }))
    }

    pub(super) fn in_range_of(self, network: Self) -> Self {
        Self(json!({ "isInRange": [self.0, network.0] }))
    }

    /// Whether a text is made of these pieces, with anything between them.
    pub(super) fn like<'a>(self, pieces: impl Iterator<Item = &'a str>) -> Self {
        let mut pattern = Vec::new();
        for (index, piece) in pieces.enumerate() {
            if index > 0 {
                pattern.push(json!("Wildcard"));
            }
            if !piece.is_empty() {
                pattern.push(json!({ "Literal": piece }));
            }
        }
        Self(json!({ "like": { "left": self.0, "pattern": pattern } }))
    }

    pub(super) fn not(self) -> Self {
        Self(json!({ "!": { "arg": self.0 } }))
    }

    pub(super) fn and(self, other: Self) -> Self {
        self.compared("&&", other)
    }

    pub(super) fn or(self, other: Self) -> Self {
        self.compared("||", other)
    }

    /// One of several; none where there are none.
    pub(super) fn any(of: impl IntoIterator<Item = Self>) -> Option<Self> {
        of.into_iter().reduce(Self::or)
    }

    fn compared(self, operator: &str, other: Self) -> Self {
        Self(json!({ operator: { "left": self.0, "right": other.0 } }))
    }
}

/// An entity as policies and conditions name it.
pub(super) fn entity(uid: &EntityUid) -> Value {
    json!({ "type": uid.type_name().to_string(), "id": uid.id().unescaped() })
}
