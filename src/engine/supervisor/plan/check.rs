//! Whether a plan can be run: its tools are permitted, its arguments fit, and each step comes after those that it
//! needs.

use super::tools::Tools;
use crate::model::task::{Argument, Plan, PlannedStep, StepId};
use crate::model::tool::ToolDescription;
use jsonschema::PatternOptions;
use serde_json::{Map, Value};
use std::collections::{BTreeMap, BTreeSet};

/// The most steps of a plan.
pub const MAX_STEPS: usize = 24;

/// The longest message of a validator that is repeated, in characters.
const LONGEST_MESSAGE: usize = 200;

/// Why a plan cannot be run.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PlanError {
    /// There is nothing to do.
    #[error("the plan has no steps")]
    Empty,
    /// More than [`MAX_STEPS`].
    #[error("the plan has {0} steps; at most {MAX_STEPS} are allowed")]
    TooManySteps(usize),
    /// Two steps have one id.
    #[error("two steps are called {0}")]
    Twice(StepId),
    /// The tool is not there, or not permitted.
    #[error("step {step} calls {tool}, which is not among the permitted tools")]
    UnknownTool {
        /// The step.
        step: StepId,
        /// The tool.
        tool: String,
    },
    /// A step needs one that is not in the plan.
    #[error("step {step} needs {needed}, which is not in the plan")]
    UnknownStep {
        /// The step.
        step: StepId,
        /// What it needs.
        needed: StepId,
    },
    /// Steps wait for each other.
    #[error("step {0} waits for itself, by way of the steps that it needs")]
    Cycle(StepId),
    /// A step needs one that comes later.
    #[error("step {step} needs {needed}, which comes after it")]
    Forward {
        /// The step.
        step: StepId,
        /// What it needs.
        needed: StepId,
    },
    /// An argument comes from a step that is not waited for.
    #[error("step {step} takes {argument} from {from} without waiting for it")]
    NotAwaited {
        /// The step.
        step: StepId,
        /// The argument.
        argument: String,
        /// Where it comes from.
        from: StepId,
    },
    /// The place in a result is not a JSON pointer.
    #[error("step {step} takes {argument} from {pointer:?}, which is not a JSON pointer")]
    Pointer {
        /// The step.
        step: StepId,
        /// The argument.
        argument: String,
        /// What was given.
        pointer: String,
    },
    /// The tool has no argument of this name.
    #[error("step {step}: {tool} has no argument {argument}")]
    UnknownArgument {
        /// The step.
        step: StepId,
        /// The tool.
        tool: String,
        /// The argument.
        argument: String,
    },
    /// The arguments do not fit the schema of the tool.
    #[error("step {step}: {}{message}", before_message(.argument))]
    Arguments {
        /// The step.
        step: StepId,
        /// Which one, with a path below it where it is nested: `updateData.title`; empty where it is all of them.
        argument: String,
        /// What is wrong, in the words of the validator.
        message: String,
    },
}

/// How a message about an argument begins.
fn before_message(argument: &str) -> String {
    if argument.is_empty() { String::new() } else { format!("{argument}: ") }
}

/// Checks a plan.
///
/// # Errors
/// The first thing that is wrong.
pub fn check(plan: &Plan, tools: &[ToolDescription]) -> Result<(), PlanError> {
    if plan.steps.is_empty() {
        return Err(PlanError::Empty);
    }
    if plan.steps.len() > MAX_STEPS {
        return Err(PlanError::TooManySteps(plan.steps.len()));
    }
    order(&plan.steps)?;
    let tools = Tools::new(tools);
    plan.steps.iter().try_for_each(|step| arguments(step, &tools))
}

/// What a step waits for: said so, or because an argument comes from it.
fn needed(step: &PlannedStep) -> BTreeSet<&StepId> {
    let found = step.arguments.values().filter_map(|argument| match argument {
        Argument::From(reference) => Some(&reference.step),
        Argument::Value(_) => None,
    });
    step.after.iter().chain(found).collect()
}

fn order(steps: &[PlannedStep]) -> Result<(), PlanError> {
    let mut places: BTreeMap<&StepId, usize> = BTreeMap::new();
    for (place, step) in steps.iter().enumerate() {
        if places.insert(&step.id, place).is_some() {
            return Err(PlanError::Twice(step.id.clone()));
        }
    }
    for step in steps {
        if let Some(unknown) = needed(step).into_iter().find(|id| !places.contains_key(id)) {
            return Err(PlanError::UnknownStep { step: step.id.clone(), needed: unknown.clone() });
        }
    }
    for (place, step) in steps.iter().enumerate() {
        let later = needed(step).into_iter().find(|id| places.get(id).is_none_or(|other| *other >= place));
        if let Some(later) = later {
            return Err(if reaches(later, &step.id, steps, &places) {
                PlanError::Cycle(step.id.clone())
            } else {
                PlanError::Forward { step: step.id.clone(), needed: later.clone() }
            });
        }
        for (name, argument) in &step.arguments {
            let Argument::From(reference) = argument else { continue };
            if !step.after.contains(&reference.step) {
                return Err(PlanError::NotAwaited {
                    step: step.id.clone(),
                    argument: name.clone(),
                    from: reference.step.clone(),
                });
            }
            if !(reference.pointer.is_empty() || reference.pointer.starts_with('/')) {
                return Err(PlanError::Pointer {
                    step: step.id.clone(),
                    argument: name.clone(),
                    pointer: reference.pointer.clone(),
                });
            }
        }
    }
    Ok(())
}

/// Whether one step waits for another, directly or by way of others.
fn reaches(from: &StepId, to: &StepId, steps: &[PlannedStep], places: &BTreeMap<&StepId, usize>) -> bool {
    let (mut open, mut seen) = (vec![from], BTreeSet::new());
    while let Some(id) = open.pop() {
        if id == to {
            return true;
        }
        if seen.insert(id)
            && let Some(place) = places.get(id)
        {
            open.extend(needed(&steps[*place]));
        }
    }
    false
}

/// Compares the arguments with the schema. Those that an earlier step finds are not known yet: the tool has to
/// have them, and what they are is checked at the door.
fn arguments(step: &PlannedStep, tools: &Tools<'_>) -> Result<(), PlanError> {
    let tool = tools
        .get(&step.tool)
        .ok_or_else(|| PlanError::UnknownTool { step: step.id.clone(), tool: step.tool.clone() })?;
    let properties = tool.input_schema.get("properties").and_then(Value::as_object);
    let closed = tool.input_schema.get("additionalProperties") == Some(&Value::Bool(false));
    let unknown = step
        .arguments
        .keys()
        .find(|name| closed && !properties.is_some_and(|properties| properties.contains_key(name.as_str())));
    if let Some(argument) = unknown {
        return Err(PlanError::UnknownArgument {
            step: step.id.clone(),
            tool: step.tool.clone(),
            argument: argument.clone(),
        });
    }
    let wrong = |argument: String, message: String| {
        let step = step.id.clone();
        PlanError::Arguments { step, argument, message }
    };
    let schema = without_found(&tool.input_schema, step);
    let known: Map<String, Value> = step
        .arguments
        .iter()
        .filter_map(|(name, argument)| match argument {
            Argument::Value(value) => Some((name.clone(), value.clone())),
            Argument::From(_) => None,
        })
        .collect();
    let validator = jsonschema::options()
        .should_validate_formats(true)
        .with_pattern_options(PatternOptions::regex())
        .build(&schema)
        .map_err(|error| {
            wrong(String::new(), format!("the schema of {} cannot be read: {error}", step.tool))
        })?;
    validator.validate(&Value::Object(known)).map_err(|error| {
        let argument = error.instance_path().as_str().trim_start_matches('/').replace('/', ".");
        let message: String =
            error.masked_with("the value").to_string().chars().take(LONGEST_MESSAGE).collect();
        wrong(argument, message)
    })
}

/// A schema that does not ask for the arguments that an earlier step finds.
fn without_found(schema: &Value, step: &PlannedStep) -> Value {
    let mut schema = schema.clone();
    if let Some(required) = schema.get_mut("required").and_then(Value::as_array_mut) {
        required.retain(|name| {
            let argument = name.as_str().and_then(|name| step.arguments.get(name));
            !matches!(argument, Some(Argument::From(_)))
        });
    }
    schema
}
