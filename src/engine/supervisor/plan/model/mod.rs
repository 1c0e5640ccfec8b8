//! A plan by a language model: it is told what was understood and which tools there are, and proposes steps. What
//! it proposes is read into the same plan as that by rules and passes the same check; told once what is wrong, and
//! wrong again, it leaves the task to the rules.
//!
//! What changes something is planned by rules alone and never comes here, so a model may propose none but the reading
//! tools of whoever asks. Nothing that it was told, and nothing that somebody has written into a title, can lead to a
//! change.

mod prompt;
mod proposal;
mod subject;

use super::check;
use crate::engine::converse::{OfferedTool, Turn};
use crate::engine::gateway::{Gateway, Origin, Principal};
use crate::engine::supervisor::asking::{AskedFor, Asker, TURNS, Useless};
use crate::engine::supervisor::understand::Understood;
use crate::engine::tools::bedrock::Purpose;
use crate::model::task::{Plan, Spent};
use crate::model::tool::ToolDescription;
use proposal::{Proposal, read};

/// The longest name of a tool that Bedrock takes.
const LONGEST_NAME: usize = 64;

/// What came of asking a model for a plan.
pub(in crate::engine::supervisor) enum ModelPlan {
    /// A plan that has passed the check.
    Planned {
        /// The plan.
        plan: Plan,
        /// What it took.
        spent: Spent,
    },
    /// No plan of a model.
    NotUsed {
        /// Why; none where no model is there to be asked.
        because: Option<Useless>,
        /// What it took all the same.
        spent: Spent,
    },
}

/// Plans with the language model of tasks, where there is one.
pub(in crate::engine::supervisor) async fn plan_with_model(
    gateway: &Gateway,
    principal: &Principal,
    origin: &Origin,
    understood: &Understood,
    tools: &[ToolDescription],
    asked_for: AskedFor<'_>,
) -> ModelPlan {
    let Some(mut asker) = Asker::new(gateway, principal, origin, Purpose::Plan, asked_for) else {
        return ModelPlan::NotUsed { because: None, spent: Spent::default() };
    };
    match proposed(&mut asker, understood, &offered(tools)).await {
        Ok(plan) => ModelPlan::Planned { plan, spent: asker.taken().spent },
        Err(because) => {
            tracing::warn!(?because, "a task is planned by rules");
            ModelPlan::NotUsed { because: Some(because), spent: asker.taken().spent }
        }
    }
}

/// A plan that holds, at the first or at the last try.
async fn proposed(
    asker: &mut Asker<'_>,
    understood: &Understood,
    tools: &[ToolDescription],
) -> Result<Plan, Useless> {
    let mut conversation = prompt::conversation(understood, tools);
    let mut wrong = String::new();
    for _ in 0..TURNS {
        let reply = asker.ask(&conversation).await?;
        wrong = match read(&reply, understood.workflow, tools) {
            Ok(Proposal::Declined) => return Err(Useless::Declined),
            Ok(Proposal::Plan(plan)) => match fits(&plan, understood, tools) {
                Ok(()) => return Ok(plan),
                Err(wrong) => wrong,
            },
            Err(error) => error.to_string(),
        };
        let calls = reply.calls().map(|call| call.id.clone()).collect();
        if reply.parts.is_empty() {
            break;
        }
        conversation.turns.push(Turn::Said(reply.parts));
        conversation.turns.push(Turn::Refused { calls, why: prompt::correction(&wrong) });
    }
    Err(Useless::Wrong { what: "made a plan that cannot be run", detail: wrong })
}

/// Whether a plan can be run, and is about what the task is about.
fn fits(plan: &Plan, understood: &Understood, tools: &[ToolDescription]) -> Result<(), String> {
    check(plan, tools).map_err(|error| error.to_string())?;
    subject::check(plan, understood).map_err(|error| error.to_string())
}

/// The tools that a model may propose: those of the caller that only read, within the label's own systems.
fn offered(tools: &[ToolDescription]) -> Vec<ToolDescription> {
    let reads = |tool: &&ToolDescription| {
        let is_name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-');
        let has_name = tool.name.len() <= LONGEST_NAME && tool.name.chars().all(is_name);
        tool.annotations.read_only_hint && !tool.annotations.open_world_hint && has_name
    };
    tools.iter().filter(reads).cloned().collect()
}

/// A tool as it is offered.
fn as_offered(tool: &ToolDescription) -> OfferedTool {
    OfferedTool {
        name: tool.name.clone(),
        description: tool.description.clone(),
        schema: tool.input_schema.clone(),
    }
}
