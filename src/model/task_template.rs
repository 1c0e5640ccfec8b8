//! Tasks as a person keeps them to begin them again: a name, and what stands in the form.

use super::task_form::TaskForm;
use serde::{Deserialize, Serialize};

/// The most templates that a person keeps.
pub const MAX_TEMPLATES: usize = 50;

/// The longest name, in characters.
pub const MAX_TEMPLATE_NAME: usize = 60;

/// A task that a person keeps.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct TaskTemplate {
    /// The name, unique for the person.
    pub name: String,
    /// The task with role and parameters.
    pub form: TaskForm,
}

/// Another name for a template.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct TemplateRename {
    /// The name that it has.
    pub name: String,
    /// The name that it is to have.
    pub new_name: String,
}
