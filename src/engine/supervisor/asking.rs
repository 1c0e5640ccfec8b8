//! Questions to the language model of tasks: each a call at the door, all of one purpose within one time, and what
//! they have taken added up.

use super::budget;
use crate::engine::config::{TaskLimits, TaskModel, Tokens};
use crate::engine::converse::{Conversation, Outcome, Reply};
use crate::engine::gateway::{CallError, CallErrorKind, Gateway, Origin, Principal};
use crate::engine::tools::bedrock::{AnsweredQuestion, AskModelForTask, AskModelInput, Purpose};
use crate::model::task::Spent;
use std::collections::BTreeSet;
use std::time::{Duration, Instant};

/// How often a model may answer: once, and once more when it is told what was wrong.
pub(super) const TURNS: usize = 2;

/// The least time in which it makes sense to ask.
const LEAST: Duration = Duration::from_millis(200);

/// Why a model was of no use, as the end of a sentence that begins with "the language model". Without figures,
/// since answers repeat it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(super) enum Useless {
    /// Limits or budgets.
    #[error("may not be asked now: its budget is used up, or as many calls as may be are under way")]
    OverLimit,
    /// Rules, or the key or token that calls.
    #[error("may not be used here")]
    NotAllowed,
    /// It was asked, and said nothing in time.
    #[error("did not answer in time")]
    Silent,
    /// It was asked, and broke off or failed.
    #[error("was asked and failed")]
    Failed,
    /// A process has died that had asked the same.
    #[error("was asked before, and its answer was lost")]
    Lost,
    /// It or the store is away.
    #[error("could not be reached")]
    Away,
    /// What it said was wrong, also when it was told so.
    #[error("{what}")]
    Wrong {
        /// What it did.
        what: &'static str,
        /// What was wrong with it, for the log.
        detail: String,
    },
    /// It said that it cannot.
    #[error("found no way with the tools that may be used")]
    Declined,
}

impl From<CallError> for Useless {
    fn from(error: CallError) -> Self {
        tracing::warn!(%error, request_id = error.request_id, "the language model of tasks was not used");
        match error.kind {
            CallErrorKind::TooManyRequests => Self::OverLimit,
            CallErrorKind::Forbidden | CallErrorKind::Unauthenticated => Self::NotAllowed,
            CallErrorKind::Conflict => Self::Lost,
            _ => Self::Away,
        }
    }
}

/// The task that a question is for.
#[derive(Debug, Clone, Copy)]
pub(super) struct AskedFor<'a> {
    /// Names it, the same for every attempt, so that a question is paid for once whichever process dies.
    pub(super) name: &'a str,
    /// What it may take.
    pub(super) limits: TaskLimits,
    /// What it has taken.
    pub(super) spent: Spent,
    /// The questions that are in that: asked again, they are answered by what was kept, and cost nothing more.
    pub(super) counted: &'a BTreeSet<String>,
}

/// What questions have taken that were not counted before, and their names.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Taken {
    pub(super) spent: Spent,
    pub(super) questions: BTreeSet<String>,
}

impl Taken {
    /// Adds what a question has taken, where it was not counted before.
    fn add(&mut self, question: String, spent: Spent, counted: &BTreeSet<String>) {
        if !counted.contains(&question) && self.questions.insert(question) {
            self.spent.add(spent);
        }
    }
}

/// Who asks the model, what for, and what that has taken so far.
pub(super) struct Asker<'a> {
    gateway: &'a Gateway,
    principal: &'a Principal,
    origin: &'a Origin,
    model: &'a TaskModel,
    purpose: Purpose,
    asked_for: AskedFor<'a>,
    until: Instant,
    taken: Taken,
}

impl<'a> Asker<'a> {
    /// Somebody who asks; none where there is no language model.
    pub(super) fn new(
        gateway: &'a Gateway,
        principal: &'a Principal,
        origin: &'a Origin,
        purpose: Purpose,
        asked_for: AskedFor<'a>,
    ) -> Option<Self> {
        let model = gateway.task_model()?;
        let until = Instant::now() + model.patience;
        Some(Self { gateway, principal, origin, model, purpose, asked_for, until, taken: Taken::default() })
    }

    /// Asks once.
    pub(super) async fn ask(&mut self, conversation: &Conversation) -> Result<Reply, Useless> {
        let patience = self.until.saturating_duration_since(Instant::now());
        if patience < LEAST {
            return Err(Useless::Silent);
        }
        let mut spent = self.asked_for.spent;
        spent.add(self.taken.spent);
        if budget::is_used_up(&self.asked_for.limits, spent) {
            tracing::warn!(
                asked_for = self.asked_for.name,
                "the budget of a task is used up; no model is asked"
            );
            return Err(Useless::OverLimit);
        }
        let origin = Origin {
            session: self.origin.session.clone(),
            ..Origin::new(self.origin.channel, self.origin.address)
        };
        let input = AskModelInput {
            purpose: self.purpose,
            asked_for: self.asked_for.name.to_owned(),
            patience,
            conversation: conversation.clone(),
        };
        let answered = self.gateway.call::<AskModelForTask>(self.principal, &origin, input).await?.output;
        let AnsweredQuestion { name, asked } = answered;
        let tokens = Tokens { input: asked.read, output: asked.written };
        let spent = Spent {
            input_tokens: tokens.input,
            output_tokens: tokens.output,
            micro_dollars: self.gateway.cost(&self.model.id, tokens).0,
        };
        self.taken.add(name, spent, self.asked_for.counted);
        match asked.outcome {
            Outcome::Reply(reply) => Ok(reply),
            Outcome::TooSlow => Err(Useless::Silent),
            Outcome::Failed => Err(Useless::Failed),
        }
    }

    /// What the questions have taken so far, of which nothing was counted before.
    pub(super) fn taken(self) -> Taken {
        self.taken
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_question_that_was_counted_before_is_not_counted_again() {
        let call = Spent { input_tokens: 12, output_tokens: 3, micro_dollars: 15 };
        let counted = BTreeSet::from(["before".to_owned()]);
        let mut taken = Taken::default();
        for question in ["before", "new", "new"] {
            taken.add(question.to_owned(), call, &counted);
        }
        assert_eq!(taken, Taken { spent: call, questions: BTreeSet::from(["new".to_owned()]) });
    }
}
