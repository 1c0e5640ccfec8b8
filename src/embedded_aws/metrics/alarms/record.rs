//! Alarms as they are kept: definition and state, each as JSON in a row.

use jiff::Timestamp;
use rusqlite::{OptionalExtension, Row, Transaction, params};
use serde::{Deserialize, Serialize};

use crate::embedded_aws::metrics::error::MetricsError;
use crate::embedded_aws::metrics::value::Value;

use super::definition::Definition;

/// The state of an alarm.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum StateValue {
    #[serde(rename = "OK")]
    Ok,
    #[serde(rename = "ALARM")]
    Alarm,
    #[serde(rename = "INSUFFICIENT_DATA")]
    InsufficientData,
}

impl StateValue {
    /// The state of that name.
    pub(super) fn named(name: &str) -> Option<Self> {
        [Self::Ok, Self::Alarm, Self::InsufficientData].into_iter().find(|known| known.name() == name)
    }

    /// Its name.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Ok => "OK",
            Self::Alarm => "ALARM",
            Self::InsufficientData => "INSUFFICIENT_DATA",
        }
    }
}

/// In which state an alarm is, why, and since when.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct State {
    pub(super) value: StateValue,
    pub(super) reason: String,
    /// JSON.
    pub(super) reason_data: Option<String>,
    /// When state or reason were last set.
    pub(super) updated: Timestamp,
    /// When the state last became another.
    pub(super) transitioned: Timestamp,
    /// When the definition was last put.
    pub(super) configured: Timestamp,
    /// A state set by hand holds until a further period is over.
    pub(super) held_until: Option<Timestamp>,
}

/// An alarm.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Alarm {
    pub(super) definition: Definition,
    pub(super) state: State,
}

impl Alarm {
    /// As `DescribeAlarms` shows it.
    pub(super) fn describe(&self, arn: String) -> Result<Value, MetricsError> {
        let state = &self.state;
        let mut members = self.definition.members()?;
        let more = [
            ("AlarmArn", arn.into()),
            ("AlarmConfigurationUpdatedTimestamp", state.configured.into()),
            ("StateValue", state.value.name().into()),
            ("StateReason", state.reason.as_str().into()),
            ("StateUpdatedTimestamp", state.updated.into()),
            ("StateTransitionedTimestamp", state.transitioned.into()),
        ];
        members.extend(more.map(|(name, value): (&str, Value)| (name.to_owned(), value)));
        members.extend(state.reason_data.clone().map(|data| ("StateReasonData".to_owned(), data.into())));
        Ok(Value::Map(members))
    }

    /// Changes the state. A state that stays the same keeps the time since when it is.
    pub(super) fn set_state(
        &mut self,
        value: StateValue,
        reason: String,
        reason_data: Option<String>,
        now: Timestamp,
    ) {
        if value != self.state.value {
            self.state.transitioned = now;
        }
        self.state.value = value;
        self.state.reason = reason;
        self.state.reason_data = reason_data;
        self.state.updated = now;
    }
}

/// The alarm of that name.
pub(super) fn find(state: &Transaction<'_>, name: &str) -> Result<Option<Alarm>, MetricsError> {
    let sql = "SELECT definition, state FROM alarms WHERE name = ?1";
    let row = state.prepare_cached(sql)?.query_row([name], texts).optional()?;
    row.map(from_texts).transpose()
}

/// All alarms whose names begin so, from a name on that is itself left out, in the order of names. One that
/// cannot be read is left out: it must not keep the others from being watched.
pub(super) fn list(
    state: &Transaction<'_>,
    prefix: &str,
    after: Option<&str>,
) -> Result<Vec<Alarm>, MetricsError> {
    let sql = "SELECT definition, state FROM alarms WHERE substr(name, 1, length(?1)) = ?1 \
               AND (?2 IS NULL OR name > ?2) ORDER BY name";
    let mut statement = state.prepare_cached(sql)?;
    let mut alarms = Vec::new();
    for row in statement.query_map(params![prefix, after], texts)? {
        match from_texts(row?) {
            Ok(alarm) => alarms.push(alarm),
            Err(error) => tracing::error!(%error, "an alarm of the embedded CloudWatch cannot be read"),
        }
    }
    Ok(alarms)
}

/// Writes an alarm over the one of its name.
pub(super) fn save(state: &Transaction<'_>, alarm: &Alarm) -> Result<(), MetricsError> {
    let sql = "INSERT INTO alarms (name, definition, state) VALUES (?1, ?2, ?3) \
               ON CONFLICT DO UPDATE SET definition = excluded.definition, state = excluded.state";
    let row = params![alarm.definition.name, to_json(&alarm.definition)?, to_json(&alarm.state)?];
    state.prepare_cached(sql)?.execute(row)?;
    Ok(())
}

/// Removes an alarm. False when there was none.
pub(super) fn remove(state: &Transaction<'_>, name: &str) -> Result<bool, MetricsError> {
    Ok(state.prepare_cached("DELETE FROM alarms WHERE name = ?1")?.execute([name])? > 0)
}

fn texts(row: &Row<'_>) -> rusqlite::Result<(String, String)> {
    Ok((row.get(0)?, row.get(1)?))
}

fn from_texts((definition, state): (String, String)) -> Result<Alarm, MetricsError> {
    let damaged = |error: serde_json::Error| MetricsError::Damaged(error.to_string());
    Ok(Alarm {
        definition: serde_json::from_str(&definition).map_err(damaged)?,
        state: serde_json::from_str(&state).map_err(damaged)?,
    })
}

fn to_json(value: &impl Serialize) -> Result<String, MetricsError> {
    serde_json::to_string(value).map_err(|error| MetricsError::Damaged(error.to_string()))
}
