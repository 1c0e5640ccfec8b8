//! What is written of a run: the e-mail, and the JSON of a webhook.

use super::kept::Run;
use crate::engine::catalog::automation::due;
use crate::engine::mail::Mail;
use crate::model::automation::RunState;
use jiff::Timestamp;
use serde_json::json;

/// The longest subject, in characters.
const LONGEST_SUBJECT: usize = 120;

/// The e-mail about a run. It has the line that answers; figures and sources are on the page.
pub(super) fn mail(run: &Run, to: String, site: &str) -> Mail {
    let view = &run.view;
    let subject: String = format!("{}: {}", run.name, view.state.label().to_lowercase())
        .chars()
        .map(|c| if c.is_control() { ' ' } else { c })
        .take(LONGEST_SUBJECT)
        .collect();
    let outcome = view.outcome.as_deref().unwrap_or_default();
    let remark = view.remark.as_ref().map(|remark| format!("{remark}\n\n")).unwrap_or_default();
    let needs_you = view.state == RunState::NeedsYou;
    let what = if needs_you { "To look at it and decide" } else { "The answer with its sources" };
    let task = view.task.as_ref().map(|task| format!("{what}: {site}/tasks/{task}\n"));
    let text = format!(
        "{outcome}\n\n{remark}{}The automation, to change or to pause it: {site}/tasks/automation/{}\n\n\
         Patchline sends this because you set the automation “{}”. It ran {}.\n",
        task.unwrap_or_default(),
        run.automation,
        run.name,
        view.cause,
    );
    Mail { to, subject, text }
}

/// What a webhook is told about a run, as JSON.
pub(super) fn webhook(run: &Run, site: &str, now: Timestamp) -> String {
    let view = &run.view;
    json!({
        "type": "automation.run",
        "timestamp": due(now),
        "data": {
            "automation": { "id": run.automation, "name": run.name },
            "run": view.id,
            "cause": view.cause,
            "dueAt": view.due_at,
            "state": view.state.id(),
            "outcome": view.outcome,
            "task": view.task,
            "url": view.task.as_ref().map(|task| format!("{site}/tasks/{task}")),
        }
    })
    .to_string()
}
