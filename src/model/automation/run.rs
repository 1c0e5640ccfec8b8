//! What an automation ran, what came of it, and who was told.

use serde::{Deserialize, Serialize};

/// How far a run is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum RunState {
    /// Its task is to be begun.
    Waiting,
    /// Its task is being done.
    Running,
    /// Its task is done.
    Done,
    /// Its task is done in part.
    Partial,
    /// Its task came to nothing.
    Failed,
    /// It was not begun: its owner may not, or the task was not understood.
    Refused,
    /// Its task waits for an answer or an approval of its owner.
    NeedsYou,
}

impl RunState {
    /// Whether its task will not be looked at any more.
    pub fn has_ended(self) -> bool {
        !matches!(self, Self::Waiting | Self::Running)
    }

    /// The word that people read.
    pub fn label(self) -> &'static str {
        match self {
            Self::Waiting => "Waiting",
            Self::Running => "Working",
            Self::Done => "Done",
            Self::Partial => "Partly done",
            Self::Failed => "Failed",
            Self::Refused => "Not done",
            Self::NeedsYou => "Needs you",
        }
    }

    /// The name as stored and on the wire.
    pub fn id(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Running => "running",
            Self::Done => "done",
            Self::Partial => "partial",
            Self::Failed => "failed",
            Self::Refused => "refused",
            Self::NeedsYou => "needsYou",
        }
    }
}

/// A run of an automation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RunView {
    /// Names it among the runs of its automation.
    pub id: String,
    /// Why it ran, in words: the schedule, what happened, or that somebody asked for it.
    pub cause: String,
    /// When it was due, RFC 3339 in UTC.
    pub due_at: String,
    /// How far it is.
    pub state: RunState,
    /// Its task; none where none was begun.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub task: Option<String>,
    /// What it came to: the line that answers, or why there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub outcome: Option<String>,
    /// What has to be known beside: that it ran late, and why.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub remark: Option<String>,
    /// Who was told.
    pub deliveries: Vec<Delivery>,
}

/// A notice of what a run came to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Delivery {
    /// By which way.
    pub way: DeliveryWay,
    /// How far it is.
    pub state: DeliveryState,
    /// How often it was tried.
    pub attempts: u32,
    /// When it was tried last, RFC 3339 in UTC.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tried_at: Option<String>,
    /// Why the last try came to nothing, a full sentence.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub problem: Option<String>,
}

/// The ways by which somebody is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum DeliveryWay {
    /// The number of new answers on the pages.
    Page,
    /// An e-mail.
    Mail,
    /// A call of an address.
    Webhook,
}

impl DeliveryWay {
    /// The word that people read.
    pub fn label(self) -> &'static str {
        match self {
            Self::Page => "Page",
            Self::Mail => "E-mail",
            Self::Webhook => "Webhook",
        }
    }
}

/// How far a notice is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum DeliveryState {
    /// It is tried, or tried again.
    Waiting,
    /// It was taken.
    Sent,
    /// It is tried no more.
    GivenUp,
}

impl DeliveryState {
    /// The word that people read.
    pub fn label(self) -> &'static str {
        match self {
            Self::Waiting => "being sent",
            Self::Sent => "sent",
            Self::GivenUp => "given up",
        }
    }
}
