//! `PutMetricAlarm`, `DescribeAlarms`, `DeleteAlarms` and `SetAlarmState`.

use std::collections::BTreeSet;

use jiff::Timestamp;

use crate::embedded_aws::account::arn;
use crate::embedded_aws::metrics::error::MetricsError;
use crate::embedded_aws::metrics::paging::Question;
use crate::embedded_aws::metrics::statistics::period_of;
use crate::embedded_aws::metrics::store::Store;
use crate::embedded_aws::metrics::value::{Fields, Value};

use super::definition::Definition;
use super::record::{self, Alarm, State, StateValue};
use super::watch::evaluate_all;

/// Alarms of a page, unless fewer are asked for.
const PAGE: usize = 50;
/// The most that may be asked for, and the most names in a request.
const LARGEST_PAGE: i64 = 100;
/// The longest reason, in characters, and the longest as JSON.
const REASON_LENGTH: usize = 1023;
const REASON_DATA_LENGTH: usize = 4000;

/// `PutMetricAlarm`: makes an alarm, or changes what one watches while it keeps its state.
pub(in super::super) fn put(store: &Store, request: Fields, now: Timestamp) -> Result<Value, MetricsError> {
    let definition = Definition::read(request)?;
    store.file().write(|transaction| {
        let state = match record::find(transaction, &definition.name)? {
            Some(known) => State { configured: now, held_until: None, ..known.state },
            None => State {
                value: StateValue::InsufficientData,
                reason: "Unchecked: Initial alarm creation".to_owned(),
                reason_data: None,
                updated: now,
                transitioned: now,
                configured: now,
                held_until: None,
            },
        };
        record::save(transaction, &Alarm { definition, state })
    })?;
    Ok(Value::Map(Vec::new()))
}

/// `DeleteAlarms`: all of the names or none.
pub(in super::super) fn delete(store: &Store, mut request: Fields) -> Result<Value, MetricsError> {
    let names = read_names(&mut request)?;
    if names.is_empty() {
        return Err(request.missing("AlarmNames"));
    }
    request.finish()?;
    store.file().write(|transaction| {
        for name in names {
            if !record::remove(transaction, &name)? {
                return Err(unknown_alarm(&name));
            }
        }
        Ok(())
    })?;
    Ok(Value::Map(Vec::new()))
}

/// `SetAlarmState`: holds until the period that is running is over and the alarm is evaluated again.
pub(in super::super) fn set_state(
    store: &Store,
    mut request: Fields,
    now: Timestamp,
) -> Result<Value, MetricsError> {
    let name = request.required_text("AlarmName", 255)?;
    let value = request.required_text("StateValue", 255)?;
    let value = StateValue::named(&value).ok_or_else(|| request.invalid("StateValue", value))?;
    let reason = request.text("StateReason")?.ok_or_else(|| request.missing("StateReason"))?;
    if reason.chars().count() > REASON_LENGTH {
        return Err(request.invalid("StateReason", "of this length"));
    }
    let data = request.text("StateReasonData")?;
    if let Some(data) = &data {
        check_reason_data(data)?;
    }
    request.finish()?;
    store.file().write(|transaction| {
        let mut alarm = record::find(transaction, &name)?.ok_or_else(|| unknown_alarm(&name))?;
        let period = alarm.definition.period;
        alarm.state.held_until = Timestamp::from_second(period_of(now.as_second(), period) + period).ok();
        alarm.set_state(value, reason, data, now);
        record::save(transaction, &alarm)
    })?;
    Ok(Value::Map(Vec::new()))
}

fn check_reason_data(data: &str) -> Result<(), MetricsError> {
    let is_json = serde_json::from_str::<serde::de::IgnoredAny>(data).is_ok();
    if is_json && data.chars().count() <= REASON_DATA_LENGTH {
        return Ok(());
    }
    let message = format!("StateReasonData must be JSON of at most {REASON_DATA_LENGTH} characters");
    Err(MetricsError::InvalidFormat(message))
}

fn unknown_alarm(name: &str) -> MetricsError {
    MetricsError::ResourceNotFound(format!("there is no alarm with the name {name}"))
}

/// Which alarms `DescribeAlarms` asks for.
struct Wanted {
    names: BTreeSet<String>,
    prefix: String,
    state: Option<StateValue>,
    /// What one of the actions begins with.
    action_prefix: Option<String>,
    /// Whether simple alarms are asked for; others there are none.
    has_metric_alarms: bool,
    most: usize,
}

/// `DescribeAlarms`: evaluates the alarms, and describes them in the order of names.
pub(in super::super) fn describe(
    store: &Store,
    region: &str,
    request: Value,
    now: Timestamp,
) -> Result<Value, MetricsError> {
    let question = Question::of("DescribeAlarms", &request);
    let mut fields = Fields::of_request(request)?;
    let after: Option<String> = question.position(fields.text("NextToken")?)?;
    let wanted = read_wanted(&mut fields)?;
    fields.finish()?;

    evaluate_all(store, now)?;
    let alarms = store.file().read(|state| record::list(state, &wanted.prefix, after.as_deref()))?;
    let mut found: Vec<Alarm> = alarms.into_iter().filter(|alarm| wanted.has(alarm)).collect();
    let has_more = found.len() > wanted.most;
    found.truncate(wanted.most);
    let last = found.last().filter(|_| has_more).map(|alarm| &alarm.definition.name);
    let token = last.map(|name| question.token(name)).transpose()?;
    let describe = |alarm: &Alarm| {
        alarm.describe(arn("cloudwatch", region, &format!("alarm:{}", alarm.definition.name)))
    };
    let described = found.iter().map(describe).collect::<Result<Vec<_>, _>>()?;
    Ok(Value::structure([
        ("CompositeAlarms", Value::List(Vec::new())),
        ("MetricAlarms", Value::List(described)),
        ("NextToken", token.into()),
    ]))
}

impl Wanted {
    fn has(&self, alarm: &Alarm) -> bool {
        self.has_metric_alarms
            && (self.names.is_empty() || self.names.contains(&alarm.definition.name))
            && self.state.is_none_or(|state| state == alarm.state.value)
            && self.action_prefix.as_ref().is_none_or(|prefix| alarm.definition.has_action(prefix))
    }
}

fn read_wanted(fields: &mut Fields) -> Result<Wanted, MetricsError> {
    let names = read_names(fields)?;
    let prefix = fields.text("AlarmNamePrefix")?;
    if !names.is_empty() && prefix.is_some() {
        return Err(MetricsError::InvalidParameterCombination(
            "AlarmNames and AlarmNamePrefix cannot be given together".to_owned(),
        ));
    }
    let state = match fields.text("StateValue")? {
        None => None,
        Some(name) => Some(StateValue::named(&name).ok_or_else(|| fields.invalid("StateValue", name))?),
    };
    let types = fields.texts("AlarmTypes")?;
    if let Some(other) = types.iter().find(|name| !matches!(name.as_str(), "MetricAlarm" | "CompositeAlarm"))
    {
        return Err(fields.invalid("AlarmTypes", other));
    }
    let size = fields.integer("MaxRecords")?;
    if let Some(size) = size
        && !(1..=LARGEST_PAGE).contains(&size)
    {
        return Err(fields.invalid("MaxRecords", size));
    }
    Ok(Wanted {
        names,
        prefix: prefix.unwrap_or_default(),
        state,
        action_prefix: fields.text("ActionPrefix")?,
        has_metric_alarms: types.is_empty() || types.iter().any(|name| name == "MetricAlarm"),
        most: size.and_then(|size| usize::try_from(size).ok()).unwrap_or(PAGE),
    })
}

fn read_names(fields: &mut Fields) -> Result<BTreeSet<String>, MetricsError> {
    let names = fields.texts("AlarmNames")?;
    if i64::try_from(names.len()).unwrap_or(i64::MAX) > LARGEST_PAGE {
        return Err(MetricsError::InvalidParameterValue(format!(
            "The collection AlarmNames must not have a size greater than {LARGEST_PAGE}."
        )));
    }
    Ok(names.into_iter().collect())
}
