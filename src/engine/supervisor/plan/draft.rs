//! A plan that is being made.

use super::tools::{self, Tools};
use crate::engine::gateway::title_of;
use crate::model::task::{Argument, Plan, PlannedStep, Planner, Problem, Reference, StepId, Workflow};
use serde_json::Value;
use std::collections::BTreeMap;

/// A call that is to become a step.
pub(super) struct Call {
    tool: &'static str,
    title: String,
    arguments: BTreeMap<String, Argument>,
}

impl Call {
    /// Of a tool, for a purpose in words that people read.
    pub(super) fn of(tool: &'static str, title: impl Into<String>) -> Self {
        Self { tool, title: title.into(), arguments: BTreeMap::new() }
    }

    /// With an argument that is known.
    pub(super) fn with(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.arguments.insert(name.to_owned(), Argument::Value(value.into()));
        self
    }

    /// With an argument where it is known.
    pub(super) fn with_some(self, name: &str, value: Option<impl Into<Value>>) -> Self {
        match value {
            Some(value) => self.with(name, value),
            None => self,
        }
    }

    /// With an argument that an earlier step finds.
    pub(super) fn with_found(mut self, name: &str, step: &StepId, pointer: &str) -> Self {
        let reference = Reference { step: step.clone(), pointer: pointer.to_owned() };
        self.arguments.insert(name.to_owned(), Argument::From(reference));
        self
    }
}

/// A plan that is being made.
pub(super) struct Draft<'a> {
    tools: &'a Tools<'a>,
    steps: Vec<PlannedStep>,
    left_out: Vec<String>,
}

impl<'a> Draft<'a> {
    pub(super) fn new(tools: &'a Tools<'a>) -> Self {
        Self { tools, steps: Vec::new(), left_out: Vec::new() }
    }

    /// A step that the answer cannot do without.
    ///
    /// # Errors
    /// When its tool is not permitted.
    pub(super) fn need(&mut self, call: Call) -> Result<StepId, Problem> {
        let name = call.tool;
        self.push(call, false).ok_or_else(|| missing(name))
    }

    /// A step that the answer can do without; none where its tool is not permitted.
    pub(super) fn add(&mut self, call: Call) -> Option<StepId> {
        self.push(call, true)
    }

    /// Says what was asked for and is not looked at.
    pub(super) fn leave_out(&mut self, what: String) {
        self.left_out.push(what);
    }

    /// The finished plan.
    ///
    /// # Errors
    /// When it has no steps because no tool is permitted.
    pub(super) fn finish(self, workflow: Workflow) -> Result<Plan, Problem> {
        if self.steps.is_empty() {
            return Err(Problem {
                message: format!("None of the tools for “{}” may be used.", workflow.label()),
                remedy: "Ask an admin which role has them.".to_owned(),
                nearest: Vec::new(),
            });
        }
        let Self { steps, left_out, .. } = self;
        Ok(Plan { workflow: Some(workflow), planner: Planner::Rules, steps, left_out })
    }

    fn push(&mut self, call: Call, optional: bool) -> Option<StepId> {
        let tool = self.tools.get(call.tool)?;
        let id = StepId::at(self.steps.len() + 1);
        let mut after: Vec<StepId> = call
            .arguments
            .values()
            .filter_map(|argument| match argument {
                Argument::From(reference) => Some(reference.step.clone()),
                Argument::Value(_) => None,
            })
            .collect();
        after.sort();
        after.dedup();
        let (expected_millis, expected_micro_dollars) = tools::usual(call.tool);
        self.steps.push(PlannedStep {
            id: id.clone(),
            title: call.title,
            tool: call.tool.to_owned(),
            arguments: call.arguments,
            after,
            risk: tools::risk(tool),
            optional,
            expected_millis,
            expected_micro_dollars,
        });
        Some(id)
    }
}

/// What is said where a needed tool is not permitted.
pub(super) fn missing(tool: &str) -> Problem {
    let remedy = match tool {
        "query_database" => {
            "The ledger is read from a database: it is there when ENABLE_RDS is true, and the roles label and admin \
             may read it."
        }
        "update_release_data" => {
            "Labels and admins may change releases, and managers those of their artists. Ask one of them."
        }
        "query_performance_logs" | "analyze_user_activity" => "Only admins may read the logs.",
        "get_performance_metrics" => "The roles label and admin may read the metrics.",
        _ => "Ask an admin which role may use it, or whether its server is switched on.",
    };
    // Its name beside the words, as admins and clients know it by that.
    let called =
        title_of(tool).map_or_else(|| format!("the tool {tool}"), |title| format!("“{title}” ({tool})"));
    Problem {
        message: format!("This needs {called}, which you may not use or which is not there."),
        remedy: remedy.to_owned(),
        nearest: Vec::new(),
    }
}
