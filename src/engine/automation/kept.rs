//! What is kept of an automation and of its runs, beside what pages show.

use super::due::Timetable;
use crate::engine::catalog::CatalogError;
use crate::engine::catalog::automation::{AutomationRecord, due};
use crate::engine::gateway::{Channel, Origin, Principal};
use crate::model::automation::{
    AutomationView, AutomationWish, Delivery, DeliveryState, DeliveryWay, Paused, RunState, RunView, Trigger,
    When,
};
use crate::model::task::TaskRequest;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use std::fmt;
use std::net::IpAddr;

/// How long runs are kept.
pub(super) const KEPT: SignedDuration = SignedDuration::from_hours(90 * 24);

/// What is looked for, as it stands in the index.
pub(super) const SCHEDULE: &str = "schedule";
pub(super) const RELEASE_STATUS: &str = "releaseStatus";
pub(super) const UPLOAD: &str = "upload";
pub(super) const ANOMALY: &str = "anomaly";
pub(super) const NOTICE_DATE: &str = "noticeDate";
pub(super) const ALARM: &str = "alarm";
pub(super) const PAUSED: &str = "paused";
pub(super) const RUN: &str = "run";

/// What stands in the name of a run that a person has asked for.
pub(super) const ASKED: &str = "#asked#";

/// Where automations stand in the index, all of them together.
pub(super) const WATCHES: [&str; 7] = [SCHEDULE, RELEASE_STATUS, UPLOAD, ANOMALY, NOTICE_DATE, ALARM, PAUSED];

/// What signs a webhook.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub(super) struct Secret(pub(super) String);

impl fmt::Debug for Secret {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Secret(hidden)")
    }
}

/// Who set an automation, and from where: their rights are looked up at each run.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Setter {
    /// As they were when they set it.
    pub(super) principal: Principal,
    /// From where.
    pub(super) address: Option<IpAddr>,
}

impl Setter {
    /// Where what is done in their name comes from.
    pub(super) fn origin(&self, automation: &str) -> Origin {
        Origin { session: Some(automation.to_owned()), ..Origin::new(Channel::Schedule, self.address) }
    }
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct KeptAutomation {
    wish: AutomationWish,
    setter: Setter,
    paused: Option<Paused>,
    created_at: Timestamp,
    since: Timestamp,
    position: Option<String>,
    secret: Option<Secret>,
}

/// An automation.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Automation {
    pub(super) owner: String,
    pub(super) id: String,
    pub(super) version: u32,
    /// When it is due next, or to be looked at.
    pub(super) due: Timestamp,
    pub(super) wish: AutomationWish,
    pub(super) setter: Setter,
    pub(super) paused: Option<Paused>,
    pub(super) created_at: Timestamp,
    /// What happened before does not count.
    pub(super) since: Timestamp,
    /// Up to where was looked at what is watched.
    pub(super) position: Option<String>,
    pub(super) secret: Option<Secret>,
}

impl Automation {
    /// Reads one.
    pub(super) fn read(record: &AutomationRecord) -> Result<Self, CatalogError> {
        let kept: KeptAutomation = parsed(record)?;
        Ok(Self {
            owner: record.owner.clone(),
            id: record.id.clone(),
            version: record.version,
            due: moment(record)?,
            wish: kept.wish,
            setter: kept.setter,
            paused: kept.paused,
            created_at: kept.created_at,
            since: kept.since,
            position: kept.position,
            secret: kept.secret,
        })
    }

    /// Writes it.
    pub(super) fn record(&self) -> Result<AutomationRecord, CatalogError> {
        let kept = KeptAutomation {
            wish: self.wish.clone(),
            setter: self.setter.clone(),
            paused: self.paused.clone(),
            created_at: self.created_at,
            since: self.since,
            position: self.position.clone(),
            secret: self.secret.clone(),
        };
        Ok(AutomationRecord {
            owner: self.owner.clone(),
            id: self.id.clone(),
            version: self.version,
            watch: Some(self.watch().to_owned()),
            due_at: due(self.due),
            content: written(&self.id, &kept)?,
            expires_at: None,
        })
    }

    fn watch(&self) -> &'static str {
        match &self.wish.when {
            _ if self.paused.is_some() => PAUSED,
            When::Schedule { .. } => SCHEDULE,
            When::Trigger { trigger: Trigger::ReleaseStatus { .. } } => RELEASE_STATUS,
            When::Trigger { trigger: Trigger::Upload { .. } } => UPLOAD,
            When::Trigger { trigger: Trigger::Anomaly { .. } } => ANOMALY,
            When::Trigger { trigger: Trigger::NoticeDate { .. } } => NOTICE_DATE,
            When::Trigger { trigger: Trigger::Alarm { .. } } => ALARM,
        }
    }

    /// The timetable of its schedule; none of a trigger, and none where it cannot be followed any more.
    pub(super) fn timetable(&self) -> Option<Timetable> {
        match &self.wish.when {
            When::Schedule { schedule, time_zone } => Timetable::new(&schedule.cron(), time_zone).ok(),
            When::Trigger { .. } => None,
        }
    }

    /// From now on: what is due is due later, and what happened does not count.
    pub(super) fn begin_anew(&mut self, now: Timestamp) {
        self.since = now;
        self.position = None;
        self.due = self.timetable().and_then(|timetable| timetable.next(now)).unwrap_or(now);
    }

    /// As pages show it.
    pub(super) fn view(&self, runs: Vec<RunView>) -> AutomationView {
        let next = self.timetable().filter(|_| self.paused.is_none());
        AutomationView {
            id: self.id.clone(),
            owner: self.owner.clone(),
            owner_name: self.setter.principal.name.clone(),
            wish: self.wish.clone(),
            paused: self.paused.clone(),
            created_at: due(self.created_at),
            next: next.map(|timetable| timetable.in_words(self.due)),
            runs,
            version: self.version,
        }
    }
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct KeptRun {
    owner: String,
    name: String,
    setter: Setter,
    request: TaskRequest,
    task: String,
    created_at: Timestamp,
    told_since: Option<Timestamp>,
    view: RunView,
}

/// A run of an automation.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Run {
    pub(super) automation: String,
    pub(super) version: u32,
    /// When it has to be looked at next.
    pub(super) due: Timestamp,
    /// Whose it is.
    pub(super) owner: String,
    /// What the automation was called.
    pub(super) name: String,
    pub(super) setter: Setter,
    pub(super) request: TaskRequest,
    /// The id of its task, chosen before the task is begun.
    pub(super) task: String,
    pub(super) created_at: Timestamp,
    /// Since when it is tried to tell of it.
    pub(super) told_since: Option<Timestamp>,
    pub(super) view: RunView,
}

impl Run {
    /// A new one. `key` is the same for all who find the same reason for it.
    pub(super) fn new(
        automation: &Automation,
        key: String,
        cause: String,
        due_at: Timestamp,
        now: Timestamp,
    ) -> Self {
        let notice = &automation.wish.notice;
        let ways = [
            Some(DeliveryWay::Page),
            notice.mail.then_some(DeliveryWay::Mail),
            notice.webhook.is_some().then_some(DeliveryWay::Webhook),
        ];
        let delivery =
            |way| Delivery { way, state: DeliveryState::Waiting, attempts: 0, tried_at: None, problem: None };
        Self {
            automation: automation.id.clone(),
            version: 1,
            due: now,
            owner: automation.owner.clone(),
            name: automation.wish.name.clone(),
            setter: automation.setter.clone(),
            request: automation.wish.request.clone(),
            task: ulid::Ulid::new().to_string().to_lowercase(),
            created_at: now,
            told_since: None,
            view: RunView {
                id: key,
                cause,
                due_at: due(due_at),
                state: RunState::Waiting,
                task: None,
                outcome: None,
                remark: None,
                deliveries: ways.into_iter().flatten().map(delivery).collect(),
            },
        }
    }

    /// Reads one.
    pub(super) fn read(record: &AutomationRecord) -> Result<Self, CatalogError> {
        let kept: KeptRun = parsed(record)?;
        Ok(Self {
            automation: record.owner.clone(),
            version: record.version,
            due: moment(record)?,
            owner: kept.owner,
            name: kept.name,
            setter: kept.setter,
            request: kept.request,
            task: kept.task,
            created_at: kept.created_at,
            told_since: kept.told_since,
            view: kept.view,
        })
    }

    /// Writes it.
    pub(super) fn record(&self) -> Result<AutomationRecord, CatalogError> {
        let kept = KeptRun {
            owner: self.owner.clone(),
            name: self.name.clone(),
            setter: self.setter.clone(),
            request: self.request.clone(),
            task: self.task.clone(),
            created_at: self.created_at,
            told_since: self.told_since,
            view: self.view.clone(),
        };
        let expires_at = self.created_at.checked_add(KEPT).map_or(i64::MAX, Timestamp::as_second);
        Ok(AutomationRecord {
            owner: self.automation.clone(),
            id: self.view.id.clone(),
            version: self.version,
            watch: (!self.rests()).then(|| RUN.to_owned()),
            due_at: due(self.due),
            content: written(&self.view.id, &kept)?,
            expires_at: Some(expires_at),
        })
    }

    /// Whether nothing is left to do.
    fn rests(&self) -> bool {
        let is_told = self.view.deliveries.iter().all(|delivery| delivery.state != DeliveryState::Waiting);
        self.view.state.has_ended() && is_told
    }

    /// Whether a person has asked for it, so that it runs also while its automation is paused.
    pub(super) fn was_asked_for(&self) -> bool {
        self.view.id.contains(ASKED)
    }

    /// Ends it in a state.
    pub(super) fn end(&mut self, state: RunState, outcome: impl Into<String>, now: Timestamp) {
        self.view.state = state;
        self.view.outcome = Some(outcome.into());
        self.told_since = Some(now);
    }

    /// Its name among the answers that somebody has not looked at.
    pub(super) fn answer(&self) -> String {
        answer(&self.automation, &self.view.id)
    }
}

/// A run among the answers that somebody has not looked at.
pub(super) fn answer(automation: &str, run: &str) -> String {
    format!("{automation}/{run}")
}

fn parsed<T: serde::de::DeserializeOwned>(record: &AutomationRecord) -> Result<T, CatalogError> {
    serde_json::from_str(&record.content).map_err(|error| unreadable(&record.id, error.to_string()))
}

fn written<T: Serialize>(id: &str, content: &T) -> Result<String, CatalogError> {
    serde_json::to_string(content).map_err(|error| unreadable(id, error.to_string()))
}

fn moment(record: &AutomationRecord) -> Result<Timestamp, CatalogError> {
    record.due_at.parse().map_err(|_| unreadable(&record.id, format!("{} is no moment", record.due_at)))
}

fn unreadable(id: &str, detail: String) -> CatalogError {
    CatalogError::Unreadable { what: "automation", id: id.to_owned(), detail }
}
