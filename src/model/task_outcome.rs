//! What a task came to, in the form in which the label's programs read it.

use super::task::{Problem, Spent, StepState, TaskState, TaskView};
use super::tool::AwsResource;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// The answer to a task that a program has sent.
#[cfg_attr(feature = "ssr", derive(schemars::JsonSchema))]
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct TaskOutcome {
    /// Whether it has an answer, at least in part.
    pub success: bool,
    /// The task with its answer, its steps and what they found.
    pub data: TaskView,
    /// Why it came to nothing; null while it goes on, and where it came to something.
    pub error: Option<Problem>,
    /// What it took.
    pub metadata: TaskMetadata,
}

/// What a task took.
#[cfg_attr(feature = "ssr", derive(schemars::JsonSchema))]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct TaskMetadata {
    /// For how long the program had to wait, in milliseconds.
    pub execution_time: u64,
    /// The tools that were called.
    pub tools_used: Vec<String>,
    /// What they touched.
    pub aws_resources_accessed: Vec<AwsResource>,
    /// What calls of models have taken; left out where nothing was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub spent: Option<Spent>,
}

impl TaskOutcome {
    /// What a task came to after so many milliseconds.
    pub fn of(task: TaskView, execution_time: u64) -> Self {
        let success = matches!(task.state, TaskState::Done | TaskState::Partial);
        let error = if success { None } else { task.problem.clone().or_else(|| stopped(&task)) };
        let metadata = TaskMetadata {
            execution_time,
            tools_used: tools_of(&task).into_iter().collect(),
            aws_resources_accessed: resources_of(&task).into_iter().collect(),
            spent: task.spent.or_none(),
        };
        Self { success, data: task, error, metadata }
    }
}

fn stopped(task: &TaskView) -> Option<Problem> {
    (task.state == TaskState::Cancelled).then(|| Problem {
        message: "The task was stopped before it had an answer.".to_owned(),
        remedy: "Send it again.".to_owned(),
        nearest: Vec::new(),
    })
}

/// The tools whose steps were begun.
fn tools_of(task: &TaskView) -> BTreeSet<String> {
    let begun = task.steps.iter().filter(|step| step.attempts > 0 && step.state != StepState::Waiting);
    let planned = task.plan.iter().flat_map(|plan| &plan.steps);
    let begun: BTreeSet<_> = begun.map(|step| &step.id).collect();
    planned.filter(|step| begun.contains(&step.id)).map(|step| step.tool.clone()).collect()
}

fn resources_of(task: &TaskView) -> BTreeSet<AwsResource> {
    task.steps.iter().flat_map(|step| step.resources.iter().cloned()).collect()
}
