//! A task that is shared with colleagues by a link.

use super::task::TaskView;
use serde::{Deserialize, Serialize};

/// That a task is shared.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct TaskShare {
    /// Until when the link works, RFC 3339 in UTC.
    pub until: String,
}

/// A link that was just made. Its secret is told this once.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct NewTaskLink {
    /// The address with the secret in it.
    pub address: String,
    /// Until when it works, RFC 3339 in UTC.
    pub until: String,
}

/// A task as whoever has its link reads it: as it is, without what only its owner decides.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SharedTaskView {
    /// The task.
    pub task: TaskView,
    /// Until when the link works, RFC 3339 in UTC.
    pub until: String,
}
