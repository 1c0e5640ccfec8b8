//! `check_system_health`: how this instance and its services are, as the page of health shows it.

use crate::engine::catalog::Catalog;
use crate::engine::tools::music::number;
use crate::engine::tools::views::{ViewFleet, ViewFleetInput};
use crate::engine::tools::{Class, Content, Context, Effect, Operation, Server, Tool, ToolError};
use crate::model::fleet::{
    CheckView, DayView, FailureView, FleetView, HISTORY_DAYS, Health, Overall, ServerFigures, ServerView,
    server_title,
};
use crate::model::tool::AwsResource;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Of which server.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SystemHealthInput {
    /// Only this server: `s3`, `dynamodb`, `bedrock`, `cloudwatch`, `rds` or `music`. Without it, all.
    #[schemars(title = "Server", length(min = 1, max = 64))]
    pub server: Option<String>,
    /// What this instance has seen of its servers. The gateway knows it, and callers cannot say it.
    #[serde(skip)]
    pub seen: FleetView,
}

impl SystemHealthInput {
    fn question(&self) -> ViewFleetInput {
        ViewFleetInput { server: self.server.clone(), seen: self.seen.clone() }
    }
}

/// How the system is.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct SystemHealth {
    /// The worst that there is, of the servers that are told of.
    pub health: Health,
    /// The same in words.
    #[schemars(title = "In words")]
    pub summary: String,
    /// The servers, or the one that was asked for.
    pub servers: Vec<ServerHealth>,
    /// Names the instance that saw it.
    pub instance: String,
    /// How often servers are checked, in seconds.
    #[schemars(title = "Checked every, seconds")]
    pub check_seconds: u32,
    /// When it was seen, RFC 3339 in UTC.
    #[schemars(title = "As of")]
    pub as_of: String,
    /// What was looked at, in words.
    #[schemars(title = "Source")]
    pub source: String,
    /// What could not be seen. Full sentences.
    #[schemars(title = "Notes")]
    pub notes: Vec<String>,
}

/// How a server and the services behind it are.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ServerHealth {
    /// The name in addresses: `s3`.
    pub server: String,
    /// What people read.
    pub title: String,
    /// How it is.
    pub health: Health,
    /// Why it is not healthy. A full sentence.
    pub reason: Option<String>,
    /// What the last check looked at, with what is wrong and what to do.
    pub checks: Vec<CheckView>,
    /// When it was last checked, RFC 3339 in UTC.
    #[schemars(title = "Checked")]
    pub checked_at: Option<String>,
    /// What its calls of the last minute were like.
    pub figures: ServerFigures,
    /// The newest failures since this instance started, newest first.
    pub failures: Vec<FailureView>,
    /// The share of checks at which it worked, over the days of which something is known; none where nothing is.
    pub uptime: Option<f64>,
    /// Over how many days that is.
    #[schemars(title = "Days known")]
    pub days_known: u32,
    /// The days on which a check found trouble, oldest first.
    #[schemars(title = "Days with trouble")]
    pub days_with_trouble: Vec<DayView>,
}

/// Checks the health.
pub struct CheckSystemHealth;

impl Operation for CheckSystemHealth {
    const NAME: &'static str = "check_system_health";
    const EFFECT: Effect = Effect::Reads;
    const CLASS: Class = Class::Call;
    type Input = SystemHealthInput;
    type Output = SystemHealth;

    fn resources(input: &SystemHealthInput, catalog: &Catalog) -> Result<Vec<AwsResource>, ToolError> {
        ViewFleet::resources(&input.question(), catalog)
    }

    async fn run(input: SystemHealthInput, context: Context) -> Result<SystemHealth, ToolError> {
        let view = ViewFleet::run(input.question(), context).await?;
        let overall = if input.server.is_some() { of_shown(&view.servers) } else { view.overall };
        Ok(SystemHealth {
            health: overall.health,
            summary: overall.words,
            source: format!(
                "checks and calls of instance {}; checks of all instances in the last {HISTORY_DAYS} days",
                view.instance
            ),
            servers: view.servers.into_iter().map(server).collect(),
            instance: view.instance,
            check_seconds: view.check_seconds,
            as_of: view.seen_at,
            notes: notes(view.history_trouble),
        })
    }
}

/// How the servers are that were asked for, in words: that all work is not said of one.
fn of_shown(servers: &[ServerView]) -> Overall {
    let titles: Vec<String> = servers.iter().map(|server| server_title(&server.id)).collect();
    let health = servers.iter().map(|server| server.health);
    let overall = Overall::of(titles.iter().map(String::as_str).zip(health));
    match (titles.as_slice(), overall.health) {
        ([title], Health::Healthy) => Overall { words: format!("{title}: works"), ..overall },
        ([title], Health::Unknown) => Overall { words: format!("{title}: is being checked"), ..overall },
        _ => overall,
    }
}

fn server(view: ServerView) -> ServerHealth {
    let (checks, failed) = view.history.iter().fold((0_u64, 0_u64), |(checks, failed), day| {
        let of_day = u64::from(day.healthy) + u64::from(day.degraded) + u64::from(day.failing);
        (checks + of_day, failed + u64::from(day.failing))
    });
    ServerHealth {
        title: server_title(&view.id),
        server: view.id,
        health: view.health,
        reason: view.reason,
        checks: view.checks,
        checked_at: view.checked_at,
        figures: view.figures,
        failures: view.failures,
        uptime: share(checks - failed, checks),
        days_known: u32::try_from(view.history.len()).unwrap_or(u32::MAX),
        days_with_trouble: view
            .history
            .into_iter()
            .filter(|day| matches!(day.health(), Health::Degraded | Health::Failing))
            .collect(),
    }
}

fn share(part: u64, whole: u64) -> Option<f64> {
    (whole > 0).then(|| number(part) / number(whole))
}

fn notes(history_trouble: Option<String>) -> Vec<String> {
    let mut notes = vec![
        "Checks, calls and failures are those of the instance that answered; other instances may see it otherwise."
            .to_owned(),
    ];
    notes.extend(history_trouble.map(|why| format!("The history could not be read: {why}.")));
    notes
}

impl Tool for CheckSystemHealth {
    const SERVER: Server = Server::Music;
    const CONTENT: Content = Content::Untrusted;
    const TITLE: &'static str = "Check the system's health";
    const DESCRIPTION: &'static str = "How Patchline and the services behind it are, as the page of health shows it: \
        each server with the reason where it is not healthy, what the last check looked at and what to do, the calls \
        of the last minute, the newest failures, and how often it worked in the last 90 days.";
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn of_one_server_only_its_own_health_is_told() {
        let told = |health| {
            let overall = of_shown(&[ServerView { id: "rds".to_owned(), health, ..ServerView::default() }]);
            (overall.health, overall.words)
        };
        assert_eq!(told(Health::Healthy), (Health::Healthy, "Databases (RDS): works".to_owned()));
        assert_eq!(told(Health::Failing), (Health::Failing, "Databases (RDS): not working".to_owned()));
        assert_eq!(told(Health::Unknown), (Health::Unknown, "Databases (RDS): is being checked".to_owned()));
    }

    #[test]
    fn a_server_worked_as_often_as_its_checks_say_and_bad_days_are_named() {
        let day = |day, healthy, failing| DayView {
            date: date(2026, 11, day),
            healthy,
            degraded: 0,
            failing,
            reason: None,
        };
        let view = ServerView { history: vec![day(1, 3, 0), day(2, 0, 1)], ..ServerView::default() };
        let found = server(view);
        assert_eq!((found.uptime, found.days_known), (Some(0.75), 2));
        assert_eq!(
            found.days_with_trouble.iter().map(|day| day.date).collect::<Vec<_>>(),
            [date(2026, 11, 2)]
        );
        assert_eq!(server(ServerView::default()).uptime, None);
    }
}
