//! From what was understood to a plan: which tools are called with what, in which order.
//!
//! Rules make the same plan of the same understanding and the same tools. Where there is a language model it plans
//! first, and the rules do what it cannot; both plans pass the same check. Steps that the answer can do without are left
//! out where their tool is not permitted; where a needed one is not, it is said what is missing.

mod check;
mod draft;
mod model;
#[cfg(test)]
mod tests;
mod tools;
mod workflows;

pub(super) use model::{ModelPlan, plan_with_model};

pub use check::{MAX_STEPS, PlanError, check};
pub use tools::Tools;

use super::understand::Understood;
use crate::model::task::{Plan, Problem};
use crate::model::tool::ToolDescription;

/// Plans by rules.
///
/// # Errors
/// When a tool that the workflow cannot do without is not among the permitted ones.
pub fn plan(understood: &Understood, tools: &[ToolDescription]) -> Result<Plan, Problem> {
    workflows::plan(understood, &Tools::new(tools))
}
