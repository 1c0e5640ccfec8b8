//! Tasks: a sentence, the plan that was made of it, what its steps found, and the answer.
//!
//! A task is kept as it is shown, so that its page reads the same while it runs and years later.

mod answer;
mod plan;
mod spent;

pub use answer::{
    Advice, AnswerPart, AnswerTable, Column, Figure, Line, Piece, Source, SourceKind, TaskAnswer, Writer,
};
pub use plan::{
    Argument, Plan, PlannedStep, Planner, Reference, Risk, StepDecision, StepId, StepState, StepView,
    Workflow,
};
pub use spent::Spent;

use super::role::Role;
use super::tool::Choice;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::BTreeMap;

/// The longest text of a task, in characters.
pub const LONGEST_TASK: usize = 4_000;

/// What somebody asks for.
#[cfg_attr(feature = "ssr", derive(schemars::JsonSchema))]
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct TaskRequest {
    /// The task in words.
    pub task: String,
    /// What is already known, for instance `artistId`, `releaseId`, `from`, `to`, `territory`; it decides where
    /// the words say nothing, and where both say something they must agree.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub parameters: BTreeMap<String, Value>,
    /// The role to work in: one's own, or one with fewer rights.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "ssr", schemars(with = "Option<String>"))]
    pub music_industry_role: Option<Role>,
}

/// How far a task is.
#[cfg_attr(feature = "ssr", derive(schemars::JsonSchema))]
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum TaskState {
    /// It waits for a free instance, or for its first step.
    Waiting,
    /// Its steps are being done.
    Running,
    /// It needs an answer: the words mean several things.
    Asking,
    /// A step of high risk needs approval before anything more is done.
    Approving,
    /// All is done.
    Done,
    /// Some steps failed; the answer says what could not be seen.
    Partial,
    /// Nothing could be answered.
    Failed,
    /// It was not understood, or is not for this person; nothing was done.
    Refused,
    /// Somebody stopped it.
    Cancelled,
}

impl TaskState {
    /// Whether nothing will change any more unless somebody begins it anew.
    pub fn has_ended(self) -> bool {
        matches!(self, Self::Done | Self::Partial | Self::Failed | Self::Refused | Self::Cancelled)
    }

    /// The word that people read.
    pub fn label(self) -> &'static str {
        match self {
            Self::Waiting => "Waiting",
            Self::Running => "Working",
            Self::Asking => "Needs an answer",
            Self::Approving => "Needs approval",
            Self::Done => "Done",
            Self::Partial => "Partly done",
            Self::Failed => "Failed",
            Self::Refused => "Not done",
            Self::Cancelled => "Cancelled",
        }
    }

    /// The name as stored and in addresses.
    pub fn id(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Running => "running",
            Self::Asking => "asking",
            Self::Approving => "approving",
            Self::Done => "done",
            Self::Partial => "partial",
            Self::Failed => "failed",
            Self::Refused => "refused",
            Self::Cancelled => "cancelled",
        }
    }
}

/// A task as its page shows it.
#[cfg_attr(feature = "ssr", derive(schemars::JsonSchema))]
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct TaskView {
    /// Names the task: a ULID, newest last in the order of text.
    pub id: String,
    /// Whose task it is, as a name for people.
    pub owner: String,
    /// What was asked.
    pub request: TaskRequest,
    /// How far it is.
    pub state: TaskState,
    /// When it was begun, RFC 3339 in UTC.
    pub created_at: String,
    /// When it changed last, RFC 3339 in UTC.
    pub updated_at: String,
    /// When it ended, RFC 3339 in UTC.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ended_at: Option<String>,
    /// What was understood, in one line that people read; none while it asks or where nothing was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub understood: Option<String>,
    /// The question that is open.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "ssr", schemars(with = "Option<Value>"))]
    pub question: Option<Question>,
    /// The plan; none while it is not understood.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub plan: Option<Plan>,
    /// How far each step of the plan is, in the order of the plan.
    pub steps: Vec<StepView>,
    /// Where approval is needed: what names exactly these steps with these arguments.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub approval: Option<String>,
    /// The steps that wait for approval, in the order of the plan.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub awaiting: Vec<StepId>,
    /// The answer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answer: Option<TaskAnswer>,
    /// Why it failed or was refused, and what to do.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub problem: Option<Problem>,
    /// What the person thought of the answer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub feedback: Option<Feedback>,
    /// What calls of models have taken: those of the plan, of all steps, also of those that were done again, and of
    /// the answer.
    #[serde(default)]
    pub spent: Spent,
    /// Counts the changes, for those who follow it.
    pub revision: u32,
}

/// A question that has to be answered before a task can go on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Question {
    /// The question, a full sentence.
    pub text: String,
    /// What may be chosen; its argument is the parameter that settles it.
    pub choice: Choice,
}

/// Why a task came to nothing.
#[cfg_attr(feature = "ssr", derive(schemars::JsonSchema))]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Problem {
    /// What happened, to what. A full sentence.
    pub message: String,
    /// What the person can do. A full sentence.
    pub remedy: String,
    /// The nearest tasks that can be done, as sentences to send instead.
    #[serde(default)]
    pub nearest: Vec<String>,
}

/// What a person thought of an answer.
#[cfg_attr(feature = "ssr", derive(schemars::JsonSchema))]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Feedback {
    /// Thumbs up or down.
    pub helpful: bool,
    /// A comment; may be empty.
    pub comment: String,
}

/// A line of the list of tasks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct TaskRow {
    /// Names the task.
    pub id: String,
    /// The task in words.
    pub task: String,
    /// The workflow; none where it was not understood.
    pub workflow: Option<Workflow>,
    /// How far it is.
    pub state: TaskState,
    /// The line that answers; none while there is none.
    pub headline: Option<String>,
    /// When it was begun, RFC 3339 in UTC.
    pub created_at: String,
    /// When it ended, RFC 3339 in UTC.
    pub ended_at: Option<String>,
}

/// Which tasks of one's own.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct TaskQuery {
    /// Only those in this state.
    pub state: Option<TaskState>,
    /// Only those whose words contain this.
    pub text: String,
    /// Only those before this id: the next page.
    pub before: Option<String>,
}

/// A page of the list of tasks, newest first.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct TaskList {
    /// The tasks.
    pub tasks: Vec<TaskRow>,
    /// What `before` has to be for the next page; none at the end.
    pub next: Option<String>,
}

/// What a person decides about a task.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", tag = "kind")]
pub enum TaskDecision {
    /// Answers the question: the value of the choice's argument.
    #[serde(rename_all = "camelCase")]
    Answer {
        /// One of the options.
        value: String,
    },
    /// Approves exactly what [`TaskView::approval`] names.
    #[serde(rename_all = "camelCase")]
    Approve {
        /// What it named when the person looked at it.
        approval: String,
    },
    /// Refuses the steps that wait for approval; the others are done.
    Refuse,
    /// Gives a step of a plan that waits for approval other arguments, before it is begun; what waits is asked for
    /// again.
    #[serde(rename_all = "camelCase")]
    Change {
        /// The step.
        step: StepId,
        /// All of its arguments, an object. What earlier steps are still to find stays where it is not named.
        arguments: Value,
    },
    /// Leaves out a step of a plan that waits for approval, before it is begun, with those that need it.
    #[serde(rename_all = "camelCase")]
    LeaveOut {
        /// The step.
        step: StepId,
    },
    /// Stops it at once.
    Cancel,
    /// Does this step, and those that need it, again.
    #[serde(rename_all = "camelCase")]
    Retry {
        /// The step.
        step: StepId,
    },
    /// Says what the person thought of the answer.
    Judge(Feedback),
}

impl TaskDecision {
    /// Whether the task is run again after it.
    pub fn goes_on(&self) -> bool {
        !matches!(self, Self::Refuse | Self::Cancel | Self::Judge(_))
    }
}
