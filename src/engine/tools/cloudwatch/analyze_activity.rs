//! `analyze_user_activity`: what somebody did in a while, from the lines of their calls.

use crate::engine::activity::{
    Counts, PAST_RANGES, against_past, against_peers, busiest_hours, new_kinds, sessions,
};
use crate::engine::catalog::Catalog;
use crate::engine::monitoring::insights::{self, LogQuery, LogQueryError};
use crate::engine::monitoring::time::{TimeRange, from_insights};
use crate::engine::tools::{
    Class, Content, Context, Effect, Operation, Progress, Server, Tool, ToolError, choices,
};
use crate::model::activity::{ActionKind, ActivityRange, UserActivity};
use crate::model::logs::{LogTable, MAX_LOG_ROWS};
use crate::model::tool::AwsResource;
use futures::future::try_join_all;
use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use std::collections::BTreeMap;
use std::time::Duration;

/// How long each of the queries may take.
const TIME_LIMIT: Duration = Duration::from_mins(1);

/// What is said where there was more in the past than could be read.
const CUT_PAST: &str = "There were more people or kinds of actions before than can be compared with.";

/// What is said where a log does not tell how actions ended.
const NO_OUTCOMES: &str = "No line of this log tells how an action ended, so there is no rate of errors.";

/// Whose actions.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct UserActivityInput {
    /// The log group with a line for each call; the one of the audit log unless given.
    #[schemars(title = "Log group")]
    pub log_group_name: Option<String>,
    /// The person, as the field `principal` names them: `local`, `key:bootstrap` …
    #[schemars(title = "User", length(min = 1, max = 256))]
    pub user_id: String,
    /// How far back.
    #[schemars(title = "Time range")]
    #[serde(default)]
    pub time_range: ActivityRange,
}

/// Analyses somebody's actions.
pub struct AnalyzeUserActivity;

impl Operation for AnalyzeUserActivity {
    const NAME: &'static str = "analyze_user_activity";
    const EFFECT: Effect = Effect::Reads;
    const CLASS: Class = Class::Call;
    type Input = UserActivityInput;
    type Output = UserActivity;

    fn resources(input: &UserActivityInput, catalog: &Catalog) -> Result<Vec<AwsResource>, ToolError> {
        quoted(&input.user_id)?;
        Ok(vec![choices::logs("StartQuery", group(input, catalog)?)])
    }

    async fn run(input: UserActivityInput, context: Context) -> Result<UserActivity, ToolError> {
        let catalog = &context.catalog;
        let group = group(&input, catalog)?;
        let range = ending_at(context.now, input.time_range)?;
        let questions = Questions { context: &context, group, user: quoted(&input.user_id)? };
        let (kinds, minutes, people, past, past_kinds) = futures::try_join!(
            questions.kinds(range),
            questions.minutes(range),
            async { questions.people(range).await.map_err(ToolError::from) },
            questions.past_people(range),
            questions.past_kinds(range),
        )?;
        let truncated = [&kinds, &minutes, &people].iter().any(|table| table.truncated);
        let mut activity = described(&input, group, range, &kinds, &minutes, catalog);
        activity.truncated = truncated;
        if activity.actions > 0 && activity.error_rate.is_none() {
            activity.not_enough_data.push(NO_OUTCOMES.to_owned());
        }
        if is_cut(&past) || past_kinds.as_ref().is_some_and(|table| table.truncated) {
            // A past that was read in part would make the present look new and busy.
            activity.not_enough_data.push(CUT_PAST.to_owned());
        } else {
            compare(&mut activity, &people, &past, past_kinds.as_ref());
        }
        Ok(activity)
    }
}

impl Tool for AnalyzeUserActivity {
    const SERVER: Server = Server::CloudWatch;
    const CONTENT: Content = Content::Untrusted;
    const TITLE: &'static str = "Analyse a user's activity";
    const DESCRIPTION: &'static str = "Says what somebody did in the last hour, day or week: actions by \
        kind, sessions, errors, busy hours, and what stands out against their own past and against others.";

    fn complete_schema(schema: &mut Value, catalog: &Catalog) {
        choices::offer_log_groups(schema, default_group(catalog), catalog);
    }
}

/// The audit log, if it may be read; else Patchline's own.
fn default_group(catalog: &Catalog) -> &str {
    let groups = &catalog.monitoring.groups;
    groups.find(&catalog.monitoring.audit_group).unwrap_or_else(|| groups.default_group())
}

fn group<'a>(input: &'a UserActivityInput, catalog: &'a Catalog) -> Result<&'a str, ToolError> {
    match &input.log_group_name {
        Some(name) => choices::log_group(Some(name), catalog),
        None => Ok(default_group(catalog)),
    }
}

/// The id as a text in a query: data, whatever it contains.
fn quoted(user: &str) -> Result<String, ToolError> {
    if user.is_empty() || user.chars().count() > 256 || user.chars().any(char::is_control) {
        let message = "1 to 256 characters without line breaks and other control characters are needed";
        return Err(ToolError::field("userId", message));
    }
    Ok(format!("\"{}\"", user.replace('\\', "\\\\").replace('"', "\\\"")))
}

/// The range that ends with this second. Queries take whole seconds: so no second is in two ranges that
/// follow each other.
fn ending_at(now: Timestamp, range: ActivityRange) -> Result<TimeRange, ToolError> {
    let to = Timestamp::from_second(now.as_second() + 1)
        .map_err(|error| ToolError::field("timeRange", error.to_string()))?;
    shifted(to, -range.seconds()).map(|from| TimeRange { from, to })
}

fn shifted(time: Timestamp, seconds: i64) -> Result<Timestamp, ToolError> {
    time.checked_add(jiff::SignedDuration::from_secs(seconds))
        .map_err(|error| ToolError::field("timeRange", error.to_string()))
}

/// The queries that are asked.
struct Questions<'a> {
    context: &'a Context,
    group: &'a str,
    /// The person, as a text in a query.
    user: String,
}

impl Questions<'_> {
    async fn kinds(&self, range: TimeRange) -> Result<LogTable, ToolError> {
        let text = format!(
            "filter principal = {} | stats count(*) as actions, min(@timestamp) as firstSeen, \
             max(@timestamp) as lastSeen by tool, server, outcome",
            self.user
        );
        Ok(self.ask(text, range, &self.context.progress).await?)
    }

    async fn minutes(&self, range: TimeRange) -> Result<LogTable, ToolError> {
        let text = format!("filter principal = {} | stats count(*) as actions by bin(1m)", self.user);
        Ok(self.ask(text, range, &Progress::ignored()).await?)
    }

    async fn people(&self, range: TimeRange) -> Result<LogTable, LogQueryError> {
        let text = "filter ispresent(principal) | stats count(*) as actions by principal, outcome";
        self.ask(text.to_owned(), range, &Progress::ignored()).await
    }

    /// What everybody did in the equal ranges before. `None` for a range that lies before the log
    /// group's own beginning, which `CloudWatch` Logs does not take for a query.
    async fn past_people(&self, range: TimeRange) -> Result<Vec<Option<LogTable>>, ToolError> {
        let length = range.seconds();
        let asked = (1..).take(PAST_RANGES).map(|back| async move {
            let (from, to) = (shifted(range.from, -back * length)?, shifted(range.to, -back * length)?);
            or_none(self.people(TimeRange { from, to }).await)
        });
        try_join_all(asked).await
    }

    /// What the person did in all those ranges.
    async fn past_kinds(&self, range: TimeRange) -> Result<Option<LogTable>, ToolError> {
        let ranges = i64::try_from(PAST_RANGES).unwrap_or(i64::MAX);
        let from = shifted(range.from, -range.seconds() * ranges)?;
        let text = format!("filter principal = {} | stats count(*) as actions by tool", self.user);
        let past = TimeRange { from, to: range.from };
        or_none(self.ask(text, past, &Progress::ignored()).await)
    }

    async fn ask(
        &self,
        text: String,
        range: TimeRange,
        progress: &Progress,
    ) -> Result<LogTable, LogQueryError> {
        let query = LogQuery { group: self.group.to_owned(), text, range, limit: MAX_LOG_ROWS };
        // Several run at once; each would take kilobytes of the call's own future.
        let found = Box::pin(insights::run(&self.context.catalog.aws, &query, TIME_LIMIT, progress)).await?;
        Ok(found.table)
    }
}

fn or_none(answer: Result<LogTable, LogQueryError>) -> Result<Option<LogTable>, ToolError> {
    match answer {
        Ok(table) => Ok(Some(table)),
        // The queries are ours, so it is the time range that is not accepted.
        Err(LogQueryError::Malformed(_)) => Ok(None),
        Err(error) => Err(error.into()),
    }
}

fn is_cut(past: &[Option<LogTable>]) -> bool {
    past.iter().flatten().any(|table| table.truncated)
}

fn described(
    input: &UserActivityInput,
    group: &str,
    range: TimeRange,
    kinds: &LogTable,
    minutes: &LogTable,
    catalog: &Catalog,
) -> UserActivity {
    let mut by_kind: BTreeMap<(String, Option<String>), Counts> = BTreeMap::new();
    for row in &kinds.rows {
        let key = (text(row, "tool").unwrap_or_default(), text(row, "server"));
        add(by_kind.entry(key).or_default(), row);
    }
    let all = total(by_kind.values());
    let with_outcome: u64 = kinds.rows.iter().filter(|row| text(row, "outcome").is_some()).map(actions).sum();
    let mut kinds_of_actions: Vec<_> = by_kind
        .into_iter()
        .map(|((tool, server), counts)| ActionKind {
            tool,
            server,
            actions: counts.actions,
            errors: counts.errors,
        })
        .collect();
    kinds_of_actions.sort_by_key(|kind| std::cmp::Reverse(kind.actions));
    let times = |name: &'static str| kinds.rows.iter().filter_map(move |row| time(row.get(name)?));
    let by_minute: Vec<_> = minutes.rows.iter().filter_map(minute).collect();
    UserActivity {
        user_id: input.user_id.clone(),
        kinds: kinds_of_actions,
        actions: all.actions,
        errors: all.errors,
        error_rate: rate(Counts { actions: with_outcome, ..all }),
        first_seen: times("firstSeen").min().map(|time| time.to_string()),
        last_seen: times("lastSeen").max().map(|time| time.to_string()),
        sessions: sessions(&by_minute),
        busiest_hours: busiest_hours(&by_minute, &catalog.time_zone),
        time_zone: catalog.time_zone.iana_name().unwrap_or("UTC").to_owned(),
        stands_out: Vec::new(),
        not_enough_data: Vec::new(),
        truncated: false,
        log_group_name: group.to_owned(),
        start_time: range.from.to_string(),
        end_time: range.to.to_string(),
    }
}

fn compare(
    activity: &mut UserActivity,
    people: &LogTable,
    past: &[Option<LogTable>],
    past_kinds: Option<&LogTable>,
) {
    let now = Counts { actions: activity.actions, errors: activity.errors };
    let user = &activity.user_id;
    let before: Vec<_> = past
        .iter()
        .map(|table| {
            let everybody = by_person(table.as_ref()?);
            (!everybody.is_empty()).then(|| everybody.get(user).copied().unwrap_or_default())
        })
        .collect();
    let peers: Vec<_> =
        by_person(people).into_iter().filter(|(name, _)| name != user).map(|(_, counts)| counts).collect();
    let mut kinds = BTreeMap::new();
    for kind in &activity.kinds {
        *kinds.entry(kind.tool.clone()).or_default() += kind.actions;
    }
    let kinds_before: BTreeMap<_, _> = past_kinds
        .map(|table| table.rows.iter().filter_map(|row| Some((text(row, "tool")?, actions(row)))).collect())
        .unwrap_or_default();
    for (found, missing) in
        [against_past(now, &before), new_kinds(&kinds, &kinds_before), against_peers(now, &peers)]
    {
        activity.stands_out.extend(found);
        activity.not_enough_data.extend(missing);
    }
}

fn by_person(table: &LogTable) -> BTreeMap<String, Counts> {
    let mut people: BTreeMap<String, Counts> = BTreeMap::new();
    for row in &table.rows {
        if let Some(name) = text(row, "principal") {
            add(people.entry(name).or_default(), row);
        }
    }
    people
}

/// Adds a row of a query that counts by outcome.
fn add(counts: &mut Counts, row: &Map<String, Value>) {
    // A line that does not say how the action ended is no error.
    let went_wrong = text(row, "outcome").is_some_and(|outcome| !matches!(&*outcome, "ok" | "cancelled"));
    let actions = actions(row);
    counts.actions += actions;
    counts.errors += if went_wrong { actions } else { 0 };
}

fn total<'a>(counts: impl Iterator<Item = &'a Counts>) -> Counts {
    counts.fold(Counts::default(), |sum, one| Counts {
        actions: sum.actions + one.actions,
        errors: sum.errors + one.errors,
    })
}

#[expect(clippy::cast_precision_loss, reason = "counts are far below 2^53")]
fn rate(counts: Counts) -> Option<f64> {
    (counts.actions > 0).then(|| counts.errors as f64 / counts.actions as f64)
}

fn actions(row: &Map<String, Value>) -> u64 {
    row.get("actions").and_then(Value::as_u64).unwrap_or_default()
}

/// A text, also where all values of the column looked like numbers.
fn text(row: &Map<String, Value>, name: &str) -> Option<String> {
    match row.get(name)? {
        Value::String(text) if !text.is_empty() => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

fn minute(row: &Map<String, Value>) -> Option<(Timestamp, u64)> {
    let (_, value) = row.iter().find(|(name, _)| name.starts_with("bin("))?;
    Some((time(value)?, actions(row)))
}

/// A time as the table has it, or as epoch milliseconds.
fn time(value: &Value) -> Option<Timestamp> {
    match value {
        Value::String(text) => text.parse().ok().or_else(|| from_insights(text)),
        other => from_insights(&other.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_user_id_is_data_whatever_it_contains() {
        let injected = r#"x" or principal like "."#;
        assert_eq!(quoted(injected).expect("it is allowed"), r#""x\" or principal like \".""#);
        assert_eq!(quoted(r"a\").expect("it is allowed"), r#""a\\""#);
        assert!(quoted("a\n| limit 1").is_err());
        assert!(quoted("").is_err());
    }

    #[test]
    fn ranges_are_of_whole_seconds_and_hold_the_present_one() {
        let now: Timestamp = "2026-11-24T10:00:00.7Z".parse().expect("a time");
        let range = ending_at(now, ActivityRange::Hour).expect("a range");
        assert_eq!((range.from.to_string().as_str(), range.seconds()), ("2026-11-24T09:00:01Z", 3600));
        assert!(range.from < now && now < range.to);
    }

    #[test]
    fn outcomes_decide_what_is_an_error() {
        let mut counts = Counts::default();
        for (outcome, actions) in [("ok", 5), ("error", 2), ("denied", 1), ("cancelled", 1)] {
            let row = serde_json::json!({ "outcome": outcome, "actions": actions });
            add(&mut counts, row.as_object().expect("an object"));
        }
        let without = serde_json::json!({ "actions": 4 });
        add(&mut counts, without.as_object().expect("an object"));
        assert_eq!(counts, Counts { actions: 13, errors: 3 });
    }
}
