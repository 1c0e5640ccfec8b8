//! Decisions that were made before, for callers who ask for the same again and again.
//!
//! A decision depends on the policies and the question and on nothing else. So it lies with the policies, which others
//! replace as a whole, and is found only by a question that is the same in everything, the minute of the day included.

use super::{Actor, Circumstances, Decision, Kind, Place, Question};
use crate::engine::gateway::Channel;
use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{PoisonError, RwLock};

/// How many decisions are remembered. Beyond that all are forgotten.
const MOST: usize = 4_096;

/// How many bytes of names a question may have to be remembered. Callers choose some of them, such as the id of an
/// artist that there is not, and are not to fill the memory with them.
const LONGEST: usize = 4_096;

/// Everything that a question says.
#[derive(Debug, PartialEq, Eq, Hash)]
pub(super) struct WholeQuestion {
    actor: Actor,
    operation: String,
    foreign: bool,
    kind: Kind,
    name: String,
    address: Option<IpAddr>,
    channel: Channel,
    minute: i64,
    weekday: i64,
    owners: Option<Vec<String>>,
}

impl WholeQuestion {
    /// What a question says; none where it is about a file or its size, as hardly any two of those are the same, and
    /// none where it is very long.
    pub(super) fn of(question: &Question<'_>) -> Option<Self> {
        let Question { actor, operation, foreign, place, circumstances } = *question;
        let Circumstances { address, channel, minute, weekday, size: None, owners } = circumstances else {
            return None;
        };
        let name = match place {
            Place::Operation(name) | Place::Other(_, name) => name,
            Place::Label => "",
            Place::Bucket { .. } => return None,
        };
        let names = owners.iter().flatten().chain(&actor.artists).map(String::len);
        if operation.len() + name.len() + names.sum::<usize>() > LONGEST {
            return None;
        }
        Some(Self {
            actor: actor.clone(),
            operation: operation.to_owned(),
            foreign,
            kind: place.kind(),
            name: name.to_owned(),
            address: *address,
            channel: *channel,
            minute: *minute,
            weekday: *weekday,
            owners: owners.clone(),
        })
    }
}

/// What was decided before by the same policies.
#[derive(Debug, Default)]
pub(super) struct Remembered(RwLock<HashMap<WholeQuestion, Decision>>);

impl Remembered {
    /// What was decided; none where nobody has asked yet.
    pub(super) fn of(&self, question: &WholeQuestion) -> Option<Decision> {
        self.0.read().unwrap_or_else(PoisonError::into_inner).get(question).cloned()
    }

    /// Keeps what was decided.
    pub(super) fn keep(&self, question: WholeQuestion, decision: Decision) {
        let mut decisions = self.0.write().unwrap_or_else(PoisonError::into_inner);
        if decisions.len() >= MOST {
            decisions.clear();
        }
        decisions.insert(question, decision);
    }
}
