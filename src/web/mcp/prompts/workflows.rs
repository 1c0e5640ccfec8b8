//! The workflows of the label as prompts, from the one table of workflows.

use crate::model::workflow::{Need, WORKFLOWS, WorkflowEntry};

/// What may be added to every prompt.
pub(in crate::web::mcp) const FOCUS: &str = "focus";

/// How results are reported, whatever the workflow.
const REPORTING: &str = "Begin with run_task, which plans the steps, calls the tools and answers with a source for \
    each figure; ask further tools where its answer leaves something open. Say for each figure from which table it \
    is and up to which day it goes. Name the knowledge-base entry behind each rule. Say what is not known instead of \
    guessing. Change nothing without asking first.";

/// The workflow of a prompt.
pub(in crate::web::mcp) fn named(name: &str) -> Option<&'static WorkflowEntry> {
    WORKFLOWS.iter().find(|entry| entry.prompt == name)
}

/// Whether it is about records of artists or releases, which are attached.
pub(super) fn has_record(entry: &WorkflowEntry) -> bool {
    matches!(entry.need, Some(Need::Artist | Need::Release))
}

/// The task in words, with what it was told.
pub(super) fn text(entry: &WorkflowEntry, told: &str, focus: Option<&str>) -> String {
    let sentence = entry.first().map(|sentence| sentence.with(told)).unwrap_or_default();
    let focus = focus.map(|focus| format!("\nLook above all at: {focus}.")).unwrap_or_default();
    format!("{sentence}{focus}\n\n{REPORTING}")
}
