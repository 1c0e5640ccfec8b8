//! Conversations with a knowledge base: what was asked and answered before, for the language model.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};

use crate::embedded_aws::bedrock::models::{Role, Turn};

/// How many conversations are remembered; the oldest are forgotten.
const SESSIONS: usize = 500;
/// How many questions of one are remembered.
const QUESTIONS: usize = 5;

/// The conversations of this process. Cloning gives another handle to the same.
#[derive(Clone, Default)]
pub(in crate::embedded_aws::bedrock) struct Sessions {
    all: Arc<Mutex<VecDeque<Session>>>,
}

struct Session {
    id: String,
    turns: Vec<Turn>,
}

impl Sessions {
    /// What was said in a conversation; none when it is not known, or forgotten.
    pub(super) fn turns(&self, id: &str) -> Option<Vec<Turn>> {
        let all = self.all.lock().unwrap_or_else(PoisonError::into_inner);
        all.iter().find(|session| session.id == id).map(|session| session.turns.clone())
    }

    /// Adds a question and its answer to a conversation, or begins one.
    pub(super) fn remember(&self, id: &str, question: &str, answer: &str) {
        let mut all = self.all.lock().unwrap_or_else(PoisonError::into_inner);
        let place = all.iter().position(|session| session.id == id);
        let session = place.and_then(|place| all.remove(place));
        let mut session = session.unwrap_or_else(|| Session { id: id.to_owned(), turns: Vec::new() });
        session.turns.push(Turn::said(Role::User, question));
        session.turns.push(Turn::said(Role::Assistant, answer));
        let surplus = session.turns.len().saturating_sub(2 * QUESTIONS);
        session.turns.drain(..surplus);
        all.push_back(session);
        if all.len() > SESSIONS {
            all.pop_front();
        }
    }
}
