//! From a request to a plan: what it means, and which steps answer it.

use super::agent::{agent_of, rank};
use super::asking::AskedFor;
use super::journal::new_step;
use super::plan::ModelPlan;
use super::understand::{Understanding, Understood, not_looked_at, understand};
use super::{Shared, plan};
use crate::engine::gateway::{CallError, CallErrorKind, Origin, Principal};
use crate::model::field::FieldError;
use crate::model::task::{LONGEST_TASK, Plan, Problem, Question, Spent, TaskRequest, TaskState, TaskView};
use crate::model::tool::ToolDescription;
use std::collections::BTreeSet;

/// The most that parameters may have as JSON, in bytes.
const MOST_PARAMETERS: usize = 16 * 1024;

/// What became of a request before anything is done.
pub(super) enum Draft {
    /// It is understood, and there is a plan.
    Planned {
        /// What was understood.
        line: String,
        /// The plan.
        plan: Plan,
        /// What a model took for it.
        spent: Spent,
    },
    /// It may mean several things.
    Asks(Question),
    /// It is not understood, or not for this person.
    Not {
        /// Why.
        problem: Problem,
        /// What a model took that found no way either.
        spent: Spent,
    },
}

impl Draft {
    /// It is not understood, or not for this person, and no model was asked.
    fn not(problem: Problem) -> Self {
        Self::Not { problem, spent: Spent::default() }
    }

    /// Notes it in a task.
    pub(super) fn note(self, view: &mut TaskView) {
        view.question = None;
        match self {
            Self::Planned { line, plan, spent } => {
                view.spent.add(spent);
                view.state = TaskState::Waiting;
                view.understood = Some(line);
                view.steps = plan.steps.iter().map(|step| new_step(&step.id)).collect();
                view.plan = Some(plan);
            }
            Self::Asks(question) => {
                view.state = TaskState::Asking;
                view.question = Some(question);
            }
            Self::Not { problem, spent } => {
                view.spent.add(spent);
                view.state = TaskState::Refused;
                view.ended_at = Some(view.updated_at.clone());
                view.problem = Some(problem);
            }
        }
    }
}

/// Whether a request can be read at all.
///
/// # Errors
/// `Invalid` with the field that is wrong.
pub(super) fn check(request: &TaskRequest) -> Result<(), CallError> {
    let wrong = |field: &str, message: String, remedy: &str| {
        let fields = vec![FieldError::new(field, message.clone())];
        let error =
            CallError::new(CallErrorKind::Invalid, format!("The task cannot be taken: {message}."), remedy);
        Err(CallError { fields, ..error })
    };
    let length = request.task.chars().count();
    if request.task.trim().is_empty() {
        return wrong("task", "it says nothing".to_owned(), "Say in a sentence what you want to know.");
    }
    if length > LONGEST_TASK {
        let message = format!("it has {length} characters, and {LONGEST_TASK} are allowed");
        return wrong("task", message, "Say it shorter.");
    }
    let parameters: usize =
        request.parameters.iter().map(|(name, value)| name.len() + value.to_string().len()).sum();
    if parameters > MOST_PARAMETERS {
        let message = format!("they have {parameters} bytes, and {MOST_PARAMETERS} are allowed");
        return wrong("parameters", message, "Name files and records instead of sending them.");
    }
    Ok(())
}

impl Shared {
    /// Understands a request and plans its steps. `name` is the same for every attempt at it.
    ///
    /// # Errors
    /// When the names cannot be read.
    pub(super) async fn draft(
        &self,
        principal: &Principal,
        origin: &Origin,
        request: &TaskRequest,
        name: &str,
    ) -> Result<Draft, CallError> {
        if let Some(role) = request.music_industry_role
            && rank(role) > rank(principal.effective_role())
        {
            return Ok(Draft::not(role_too_high(principal)));
        }
        let agent = agent_of(principal, request.music_industry_role);
        let known = self.known(&agent, origin).await?;
        let understanding = understand(request, &known);
        let understanding = Box::pin(self.with_contract(&agent, origin, understanding, &known));
        let understood = match understanding.await {
            Understanding::Clear(understood) => understood,
            Understanding::Ask(question) => return Ok(Draft::Asks(question)),
            Understanding::Not(problem) => return Ok(Draft::not(problem)),
        };
        let tools = self.gateway.tools(&agent);
        // What changes something is planned by rules alone: no model decides what that is.
        if understood.change.is_some() {
            return Ok(match by_rules(request, &understood, &tools) {
                Ok(plan) => Draft::Planned { line: understood.line, plan, spent: Spent::default() },
                Err(problem) => Draft::not(problem),
            });
        }
        let counted = BTreeSet::new();
        let asked_for = AskedFor { name, limits: self.limits, spent: Spent::default(), counted: &counted };
        let planned = plan::plan_with_model(&self.gateway, &agent, origin, &understood, &tools, asked_for);
        // Large, and there is seldom a model.
        let planned = Box::pin(planned);
        Ok(match planned.await {
            ModelPlan::Planned { plan, spent } => Draft::Planned { line: understood.line, plan, spent },
            ModelPlan::NotUsed { because, spent } => match by_rules(request, &understood, &tools) {
                Ok(mut plan) => {
                    plan.left_out.extend(not_looked_at(&understood, &known));
                    let line = match because {
                        Some(because) => {
                            let line = understood.line;
                            format!("{line}. Planned by rules, because the language model {because}.")
                        }
                        None => understood.line,
                    };
                    Draft::Planned { line, plan, spent }
                }
                Err(problem) => Draft::Not { problem, spent },
            },
        })
    }
}

/// The plan by rules, which passes the same check as that of a model.
fn by_rules(
    request: &TaskRequest,
    understood: &Understood,
    tools: &[ToolDescription],
) -> Result<Plan, Problem> {
    let plan = plan::plan(understood, tools)?;
    match plan::check(&plan, tools) {
        Ok(()) => Ok(plan),
        Err(error) => {
            tracing::error!(%error, task = request.task, "a plan of our own is wrong");
            Err(Problem {
                message: format!("The plan for this task is wrong, so nothing was done: {error}."),
                remedy: "Tell an admin; until then call the tools themselves.".to_owned(),
                nearest: Vec::new(),
            })
        }
    }
}

fn role_too_high(principal: &Principal) -> Problem {
    let own = principal.effective_role().title();
    Problem {
        message: format!("A task runs in your own role, {own}, or in one with fewer rights."),
        remedy: format!("Choose {own}, or leave the role out."),
        nearest: Vec::new(),
    }
}
