//! What the address of the page says: the task that stands in the form, and which tasks the history shows.

use crate::model::task::{TaskQuery, TaskState};
use crate::model::task_form::TaskForm;
use crate::pages::query_string;

/// The page's own path.
pub const PATH: &str = "/tasks";

/// The page of one's own templates.
pub const TEMPLATES: &str = "/tasks/templates";

/// The id of the form in which somebody says what they thought of an answer.
pub const FEEDBACK: &str = "feedback";

/// The id of the part of a task's page in which steps are approved.
pub const APPROVAL: &str = "approval";

/// The id of the part of a task's page in which it is shared.
pub const SHARING: &str = "sharing";

/// The id of the field for the task.
pub(super) const FIELD: &str = "task";

/// All states, in the order of the filter.
const STATES: [TaskState; 9] = [
    TaskState::Waiting,
    TaskState::Running,
    TaskState::Asking,
    TaskState::Approving,
    TaskState::Done,
    TaskState::Partial,
    TaskState::Failed,
    TaskState::Refused,
    TaskState::Cancelled,
];

/// The query of the page's address.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Address {
    /// What stands in the form.
    pub form: TaskForm,
    /// Which tasks the history shows.
    pub query: TaskQuery,
}

impl Address {
    /// Reads the query as it stands in the address. What is unknown counts as not said.
    pub(super) fn read(query: &str) -> Self {
        let mut asked = TaskQuery::default();
        for (name, value) in query_string::fields(query) {
            match name {
                "state" => asked.state = state(&value),
                "text" => value.trim().clone_into(&mut asked.text),
                "before" => asked.before = Some(value).filter(|id| !id.is_empty()),
                _ => {}
            }
        }
        Self { form: TaskForm::read(query_string::fields(query)), query: asked }
    }
}

/// The address of the history with these tasks.
pub(super) fn of_history(query: &TaskQuery) -> String {
    let state = query.state.map_or("", TaskState::id);
    let before = query.before.as_deref().unwrap_or_default();
    query_string::address(PATH, &[("state", state), ("text", &query.text), ("before", before)])
}

/// The address at which a task stands in the form.
pub fn with_task(task: &str) -> String {
    query_string::address(PATH, &[("task", task)])
}

/// The address at which a task stands in the form, with role and parameters.
pub(super) fn with_form(form: &TaskForm) -> String {
    let fields: [(&str, &str); 7] = [
        ("task", &form.task),
        ("role", &form.role),
        ("artistId", &form.artist_id),
        ("releaseId", &form.release_id),
        ("from", &form.from),
        ("to", &form.to),
        ("territory", &form.territory),
    ];
    query_string::address(PATH, &fields)
}

/// The page of a task.
pub fn of_task(id: &str) -> String {
    format!("{PATH}/{}", query_string::encode(id))
}

/// Where a task is told as it changes.
pub(super) fn events_of(id: &str) -> String {
    format!("/events/tasks/{}", query_string::encode(id))
}

/// Where the task of a link is told as it changes.
pub(super) fn events_of_shared(link: &str) -> String {
    query_string::address("/events/tasks/shared", &[("link", link)])
}

/// The task of a link as a file.
pub(super) fn export_of_shared(link: &str, ending: &str) -> String {
    query_string::address(&format!("/export/tasks/shared/task.{ending}"), &[("link", link)])
}

/// A task as a file.
pub(super) fn export_of(id: &str, ending: &str) -> String {
    format!("/export/tasks/{}.{ending}", query_string::encode(id))
}

/// The states with their names in addresses and for people.
pub(super) fn states() -> [(&'static str, &'static str); 9] {
    STATES.map(|state| (state.id(), state.label()))
}

fn state(id: &str) -> Option<TaskState> {
    STATES.into_iter().find(|state| state.id() == id)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_history_is_the_same_after_writing_and_reading() {
        let query = TaskQuery {
            state: Some(TaskState::Partial),
            text: "100 % Mira".to_owned(),
            before: Some("01J".to_owned()),
        };
        let written = of_history(&query);
        assert_eq!(Address::read(written.split_once('?').map_or("", |(_, query)| query)).query, query);
        assert_eq!(of_history(&TaskQuery::default()), PATH);
    }

    #[test]
    fn a_link_fills_the_form() {
        let written = with_task("Is 5 % + real?");
        let read = Address::read(written.split_once('?').map_or("", |(_, query)| query));
        assert_eq!(read.form.task, "Is 5 % + real?");
        assert_eq!(Address::read("?state=boiling").query, TaskQuery::default());
    }

    #[test]
    fn a_template_fills_the_whole_form() {
        let form = TaskForm {
            task: "Is 5 % + real?\nSay why.".to_owned(),
            role: "manager".to_owned(),
            artist_id: "art_1".to_owned(),
            territory: "NO".to_owned(),
            ..TaskForm::default()
        };
        let written = with_form(&form);
        assert_eq!(Address::read(written.split_once('?').map_or("", |(_, query)| query)).form, form);
    }

    #[test]
    fn every_state_is_found_by_its_name() {
        for named in STATES {
            assert_eq!(state(named.id()), Some(named));
        }
    }
}
