//! What a model proposes, as a plan: one call of `propose_plan`, or calls of the tools themselves, which then are
//! steps side by side.

use crate::engine::converse::{NamedTool, Reply};
use crate::engine::supervisor::plan::tools::{self, Tools};
use crate::model::task::{Argument, Plan, PlannedStep, Planner, Reference, Risk, StepId, Workflow};
use crate::model::tool::ToolDescription;
use serde::Deserialize;
use serde_json::{Map, Value};
use std::collections::{BTreeMap, BTreeSet};

/// The tool with which a model proposes a plan.
pub(super) const PROPOSE_PLAN: &str = "propose_plan";

/// The tool with which it says that there is none.
pub(super) const CANNOT_PLAN: &str = "cannot_plan";

/// The longest title of a step, in characters.
const LONGEST_TITLE: usize = 120;

/// What a model has proposed.
#[derive(Debug)]
pub(super) enum Proposal {
    /// A plan. Nothing of it is checked yet.
    Plan(Plan),
    /// That there is none.
    Declined,
}

/// Why nothing can be read in what a model has said.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(super) enum Unreadable {
    /// It has named no tool.
    #[error("no tool was called")]
    NoCall,
    /// The arguments of `propose_plan` have another form.
    #[error("the plan has another form than its schema: {0}")]
    Form(String),
    /// Two steps have one id.
    #[error("two steps are called {0:?}")]
    Twice(String),
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Proposed {
    steps: Vec<ProposedStep>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct ProposedStep {
    id: String,
    tool: String,
    #[serde(default)]
    arguments: Map<String, Value>,
    #[serde(default)]
    depends_on: Vec<String>,
    #[serde(default)]
    reason: String,
}

/// An argument that an earlier step finds.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Found {
    from_step: String,
    pointer: String,
}

/// Reads what a model has said.
///
/// # Errors
/// When it is no plan, in words for the model.
pub(super) fn read(
    reply: &Reply,
    workflow: Workflow,
    tools: &[ToolDescription],
) -> Result<Proposal, Unreadable> {
    let calls: Vec<&NamedTool> = reply.calls().collect();
    let called = |name: &str| calls.iter().copied().find(|call| call.name == name);
    let steps = if let Some(call) = called(PROPOSE_PLAN) {
        let proposed = Proposed::deserialize(&call.input);
        proposed.map_err(|error| Unreadable::Form(error.to_string()))?.steps
    } else if called(CANNOT_PLAN).is_some() {
        return Ok(Proposal::Declined);
    } else if calls.is_empty() {
        return Err(Unreadable::NoCall);
    } else {
        calls.iter().enumerate().map(|(place, call)| side_by_side(place, call)).collect()
    };
    let ids = ids(&steps)?;
    let tools = Tools::new(tools);
    let steps = steps.into_iter().enumerate().map(|(place, step)| planned(place, step, &ids, &tools));
    let planner = Planner::Model { model_id: reply.model.clone() };
    Ok(Proposal::Plan(Plan {
        workflow: Some(workflow),
        planner,
        steps: steps.collect(),
        left_out: Vec::new(),
    }))
}

/// A tool that was called in place of being planned: a step that waits for no other.
fn side_by_side(place: usize, call: &NamedTool) -> ProposedStep {
    ProposedStep {
        id: StepId::at(place + 1).0,
        tool: call.name.clone(),
        arguments: call.input.as_object().cloned().unwrap_or_default(),
        depends_on: Vec::new(),
        reason: String::new(),
    }
}

/// The names of the steps: counted, whatever the model has called them.
fn ids(steps: &[ProposedStep]) -> Result<BTreeMap<String, StepId>, Unreadable> {
    let mut ids = BTreeMap::new();
    for (place, step) in steps.iter().enumerate() {
        if ids.insert(step.id.clone(), StepId::at(place + 1)).is_some() {
            return Err(Unreadable::Twice(step.id.clone()));
        }
    }
    Ok(ids)
}

fn planned(
    place: usize,
    step: ProposedStep,
    ids: &BTreeMap<String, StepId>,
    tools: &Tools<'_>,
) -> PlannedStep {
    // What is not in the plan keeps its name: the check tells it.
    let named = |id: &str| ids.get(id).cloned().unwrap_or_else(|| StepId(one_line(id)));
    let argument = |value: Value| match Found::deserialize(&value) {
        Ok(found) => Argument::From(Reference { step: named(&found.from_step), pointer: found.pointer }),
        Err(_) => Argument::Value(value),
    };
    let arguments: BTreeMap<_, _> =
        step.arguments.into_iter().map(|(name, value)| (name, argument(value))).collect();
    let found = arguments.values().filter_map(|argument| match argument {
        Argument::From(reference) => Some(reference.step.clone()),
        Argument::Value(_) => None,
    });
    let after: BTreeSet<StepId> = step.depends_on.iter().map(|id| named(id)).chain(found).collect();
    let tool = tools.get(&step.tool);
    let (expected_millis, expected_micro_dollars) = tools::usual(&step.tool);
    PlannedStep {
        id: StepId::at(place + 1),
        title: title(&step.reason, tool, &step.tool),
        after: after.into_iter().collect(),
        // A tool that is not there is refused by the check.
        risk: tool.map_or(Risk::High, tools::risk),
        tool: step.tool,
        arguments,
        optional: false,
        expected_millis,
        expected_micro_dollars,
    }
}

/// What the model says the step is for, else what the tool is called.
fn title(reason: &str, tool: Option<&ToolDescription>, name: &str) -> String {
    let reason = one_line(reason);
    if reason.is_empty() { tool.map_or(name, |tool| tool.title.as_str()).to_owned() } else { reason }
}

/// A text in one line, without control characters, of limited length.
fn one_line(text: &str) -> String {
    let words = text.split(|character: char| character.is_whitespace() || character.is_control());
    let line = words.filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ");
    line.chars().take(LONGEST_TITLE).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::converse::Part;
    use crate::engine::supervisor::plan::{PlanError, check};
    use crate::model::tool::ToolAnnotations;
    use proptest::prelude::*;
    use serde_json::json;

    fn tool(name: &str) -> ToolDescription {
        ToolDescription {
            name: name.to_owned(),
            server: "dynamodb".to_owned(),
            title: "Read something".to_owned(),
            description: String::new(),
            input_schema: json!({
                "type": "object", "additionalProperties": false,
                "properties": { "id": { "type": "string" } }, "required": ["id"],
            }),
            output_schema: json!({ "type": "object" }),
            annotations: ToolAnnotations {
                read_only_hint: true,
                destructive_hint: false,
                idempotent_hint: true,
                open_world_hint: false,
            },
        }
    }

    fn reply(calls: &[(&str, Value)]) -> Reply {
        let part = |(place, (name, input)): (usize, &(&str, Value))| {
            Part::Call(NamedTool { id: format!("c{place}"), name: (*name).to_owned(), input: input.clone() })
        };
        Reply { parts: calls.iter().enumerate().map(part).collect(), model: "a.model".to_owned() }
    }

    fn plan(calls: &[(&str, Value)]) -> Plan {
        match read(&reply(calls), Workflow::ArtistPerformance, &[tool("find"), tool("look")]) {
            Ok(Proposal::Plan(plan)) => plan,
            other => panic!("{other:?}"),
        }
    }

    fn checked(steps: Value) -> Result<(), PlanError> {
        let plan = plan(&[(PROPOSE_PLAN, json!({ "steps": steps }))]);
        check(&plan, &[tool("find"), tool("look")])
    }

    #[test]
    fn a_proposed_plan_is_counted_and_waits_for_what_its_arguments_come_from() {
        let plan = plan(&[(
            PROPOSE_PLAN,
            json!({ "steps": [
                { "id": "a", "tool": "find", "arguments": { "id": "x" }, "reason": "Find\nit" },
                { "id": "b", "tool": "look",
                  "arguments": { "id": { "fromStep": "a", "pointer": "/rows/0/id" } }, "reason": "" },
            ] }),
        )]);
        assert_eq!(plan.planner, Planner::Model { model_id: "a.model".to_owned() });
        assert_eq!(
            (plan.steps[0].title.as_str(), plan.steps[1].title.as_str()),
            ("Find it", "Read something")
        );
        assert_eq!(plan.steps[1].id, StepId::at(2));
        assert_eq!(plan.steps[1].after, [StepId::at(1)]);
        assert_eq!(check(&plan, &[tool("find"), tool("look")]), Ok(()));
    }

    #[test]
    fn tools_that_are_called_at_once_are_steps_side_by_side() {
        let plan = plan(&[("find", json!({ "id": "x" })), ("look", json!({ "id": "y" }))]);
        assert!(plan.steps.iter().all(|step| step.after.is_empty()));
        assert_eq!(check(&plan, &[tool("find"), tool("look")]), Ok(()));
    }

    #[test]
    fn what_cannot_be_run_is_told() {
        let step = |id: &str, tool: &str, after: &[&str]| json!({ "id": id, "tool": tool, "arguments": { "id": "x" }, "dependsOn": after, "reason": "r" });
        assert!(matches!(checked(json!([])), Err(PlanError::Empty)));
        let strange = checked(json!([step("a", "pay", &[])]));
        assert!(matches!(strange, Err(PlanError::UnknownTool { .. })), "{strange:?}");
        let cycle = checked(json!([step("a", "find", &["b"]), step("b", "look", &["a"])]));
        assert!(matches!(cycle, Err(PlanError::Cycle(_))), "{cycle:?}");
        let nowhere = checked(json!([step("a", "find", &["z"])]));
        assert!(matches!(nowhere, Err(PlanError::UnknownStep { .. })), "{nowhere:?}");
        let tools = [tool("find")];
        let read = |calls: &[(&str, Value)]| read(&reply(calls), Workflow::Breakouts, &tools);
        assert!(matches!(read(&[]), Err(Unreadable::NoCall)));
        assert!(matches!(read(&[(PROPOSE_PLAN, json!({ "plan": 1 }))]), Err(Unreadable::Form(_))));
        let twice = json!({ "steps": [step("a", "find", &[]), step("a", "find", &[])] });
        assert!(matches!(read(&[(PROPOSE_PLAN, twice)]), Err(Unreadable::Twice(_))));
        assert!(matches!(read(&[(CANNOT_PLAN, json!({ "reason": "no" }))]), Ok(Proposal::Declined)));
    }

    proptest! {
        #[test]
        fn whatever_a_model_proposes_is_a_plan_or_refused(text in "[\\[\\]{}\":,a-z0-9 ]{0,80}") {
            let input = serde_json::from_str(&text).unwrap_or_else(|_| json!({ "steps": text }));
            let _ = read(&reply(&[(PROPOSE_PLAN, input)]), Workflow::Breakouts, &[tool("find")]);
        }
    }
}
