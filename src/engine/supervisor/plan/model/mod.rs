//! The planner with a language model: it is told what was understood and which tools there are, and proposes a plan,
//! which is checked like any other. Once it may mend it; then Patchline plans by its own rules, and says why.

mod proposal;

use super::{check, plan as plan_by_rules};
use crate::engine::catalog::Catalog;
use crate::engine::config::Tokens;
use crate::engine::conversation::{Conversation, Turn};
use crate::engine::spending::{ModelError, Purse};
use crate::engine::supervisor::understand::Understood;
use crate::model::task::{Plan, Problem};
use crate::model::tool::ToolDescription;
use jiff::Timestamp;

/// How often a plan may be proposed: once, and mended once.
const PROPOSALS: u32 = 2;

/// What the planner needs to ask a model.
#[derive(Debug, Clone, Copy)]
pub struct Asking<'a> {
    /// Where the models are.
    pub catalog: &'a Catalog,
    /// What the calls are paid from.
    pub purse: &'a Purse,
    /// The id of the model on Bedrock.
    pub model: &'a str,
    /// The time of the call.
    pub now: Timestamp,
}

/// A plan, and how it came about.
#[derive(Debug, Clone, PartialEq)]
pub struct Planned {
    /// The plan. It has been checked.
    pub plan: Plan,
    /// Why the model's plan was not taken; none where it was.
    pub fallback: Option<String>,
    /// What the model read and wrote.
    pub used: Tokens,
}

/// Lets a model plan; where that comes to nothing, plans by rules.
///
/// # Errors
/// When the rules, too, have no plan out of the permitted tools.
pub async fn plan(
    asking: Asking<'_>,
    understood: &Understood,
    tools: &[ToolDescription],
) -> Result<Planned, Problem> {
    let mut used = Tokens::default();
    let why = match proposed(asking, understood, tools, &mut used).await {
        Ok(Ok(plan)) => return Ok(Planned { plan, fallback: None, used }),
        Ok(Err(mistake)) => format!("The model's plan could not be used: {mistake}."),
        Err(error) => format!("The model was not asked or did not answer: {error}"),
    };
    Ok(Planned { plan: plan_by_rules(understood, tools)?, fallback: Some(why), used })
}

/// The model's plan, or what was wrong with the last one that it proposed.
async fn proposed(
    asking: Asking<'_>,
    understood: &Understood,
    tools: &[ToolDescription],
    used: &mut Tokens,
) -> Result<Result<Plan, String>, ModelError> {
    let Asking { catalog, purse, model, now } = asking;
    if !catalog.knowledge.is_language_model(model) {
        return Ok(Err("no language model is configured".to_owned()));
    }
    let offered = proposal::offered(tools);
    let mut talk = Conversation::begin(catalog, purse, model, proposal::SYSTEM.to_owned(), &offered)?;
    talk.say(&proposal::request(understood))?;
    let mut mistake = String::new();
    for _ in 0..PROPOSALS {
        let turn = talk.next(now).await?;
        used.input = used.input.saturating_add(turn.used.input);
        used.output = used.output.saturating_add(turn.used.output);
        match checked(&turn, model, understood, tools) {
            Ok(plan) => return Ok(Ok(plan)),
            Err(wrong) => {
                talk.refuse(&format!("This plan cannot be run: {wrong}. Submit a corrected plan."))?;
                mistake = wrong;
            }
        }
    }
    Ok(Err(mistake))
}

fn checked(
    turn: &Turn,
    model: &str,
    understood: &Understood,
    tools: &[ToolDescription],
) -> Result<Plan, String> {
    let plan = proposal::read(turn, model, understood, tools)?;
    check(&plan, tools).map_err(|error| error.to_string())?;
    Ok(plan)
}
