//! Automations: a task that runs by itself, at its time or when something happens, in the name of whoever set it.

mod form;
mod run;
mod when;

pub use form::AutomationForm;
pub use run::{Delivery, DeliveryState, DeliveryWay, RunState, RunView};
pub use when::{DayOfWeek, Schedule, Trigger, When};

use super::task::TaskRequest;
use serde::{Deserialize, Serialize};
use std::fmt;

/// The longest name of an automation, in characters.
pub const LONGEST_NAME: usize = 80;

/// The longest address of a webhook, in bytes.
pub const LONGEST_ADDRESS: usize = 500;

/// What somebody wants to have done by itself.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AutomationWish {
    /// What it is called.
    pub name: String,
    /// The task.
    pub request: TaskRequest,
    /// When it runs.
    pub when: When,
    /// Who is told of what it came to, beside its page.
    pub notice: Notice,
}

/// Who is told of what a run came to. Its page tells it always.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Notice {
    /// Whether an e-mail goes to its owner.
    pub mail: bool,
    /// The address of a webhook; none where nobody is called.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub webhook: Option<String>,
}

/// Why an automation does not run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Paused {
    /// Why, a full sentence.
    pub reason: String,
    /// Since when, RFC 3339 in UTC.
    pub at: String,
}

/// An automation as its pages show it. What signs its webhook is not in it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AutomationView {
    /// Names it.
    pub id: String,
    /// The id of whose it is.
    pub owner: String,
    /// Whose it is, as a name for people.
    pub owner_name: String,
    /// What it does, and when.
    pub wish: AutomationWish,
    /// Why it does not run; none where it does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub paused: Option<Paused>,
    /// When it was made, RFC 3339 in UTC.
    pub created_at: String,
    /// When it runs next, in the time zone of its schedule and in words; none of a trigger, or while it is paused.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
    /// What it ran, the newest first: of a list the last one only.
    pub runs: Vec<RunView>,
    /// Counts its changes.
    pub version: u32,
}

/// Automations, and what there is to choose from for another.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct AutomationList {
    /// The automations, the oldest first.
    pub automations: Vec<AutomationView>,
    /// What there is to choose from.
    pub offer: AutomationOffer,
    /// How many answers nobody has looked at yet.
    pub unread: u32,
    /// Whether those of everybody may be seen, too.
    pub sees_all: bool,
}

/// What there is to choose from for an automation.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct AutomationOffer {
    /// Where an e-mail would go; none where none can be sent.
    pub mail_to: Option<String>,
    /// Why no e-mail can be sent, a full sentence; empty where one can.
    pub no_mail: String,
    /// Whether alarms can be watched.
    pub alarms: bool,
    /// The time zone of the label.
    pub time_zone: String,
}

/// The page of an automation.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AutomationPage {
    /// The automation with what it ran.
    pub automation: AutomationView,
    /// What there is to choose from for a change of it.
    pub offer: AutomationOffer,
}

/// An automation that was made or changed just now.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct MadeAutomation {
    /// The automation.
    pub automation: AutomationView,
    /// What signs its webhook, where it has a new one. It is shown once.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub secret: Option<String>,
}

impl fmt::Debug for MadeAutomation {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let secret = self.secret.as_ref().map(|_| "(hidden)");
        formatter
            .debug_struct("MadeAutomation")
            .field("automation", &self.automation)
            .field("secret", &secret)
            .finish()
    }
}
