//! Looks at the values that alarms watch and changes their states.

use jiff::Timestamp;
use serde_json::json;

use crate::embedded_aws::metrics::error::MetricsError;
use crate::embedded_aws::metrics::series::Window;
use crate::embedded_aws::metrics::statistics::period_of;
use crate::embedded_aws::metrics::store::Store;

use super::evaluation::{EXTRA_PERIODS, Judgement, Rule, Verdict};
use super::record::{self, Alarm, StateValue};

/// Evaluates all alarms. Blocks on the disk.
pub(in super::super) fn evaluate_all(store: &Store, now: Timestamp) -> Result<(), MetricsError> {
    let alarms = store.file().read(|state| record::list(state, "", None))?;
    // One that cannot be evaluated must not keep the others from it.
    let mut first_failure = Ok(());
    for alarm in &alarms {
        first_failure = first_failure.and(evaluate(store, alarm, now));
    }
    first_failure
}

/// Evaluates an alarm over the periods that are over.
fn evaluate(store: &Store, alarm: &Alarm, now: Timestamp) -> Result<(), MetricsError> {
    if alarm.state.held_until.is_some_and(|until| now < until) {
        return Ok(());
    }
    let periods = periods(store, alarm, now)?;
    let values: Vec<Option<f64>> = periods.iter().map(|(_, value)| *value).collect();
    let judgement = rule(alarm).judge(&values);
    let state = match judgement.verdict {
        Verdict::Alarm => StateValue::Alarm,
        Verdict::Ok => StateValue::Ok,
        Verdict::InsufficientData => StateValue::InsufficientData,
        Verdict::Keep => return Ok(()),
    };
    // An alarm that stays in its state keeps the reason for which it came there.
    if state == alarm.state.value {
        return Ok(());
    }
    let reason = reason(alarm, &periods, &judgement);
    let data = reason_data(alarm, &periods, &judgement, now);
    store.file().write(|transaction| {
        // It may have been put or set anew meanwhile; then the next look is early enough.
        let Some(mut current) = record::find(transaction, &alarm.definition.name)? else { return Ok(()) };
        if current != *alarm {
            return Ok(());
        }
        current.set_state(state, reason, Some(data), now);
        current.state.held_until = None;
        record::save(transaction, &current)
    })
}

fn rule(alarm: &Alarm) -> Rule {
    let definition = &alarm.definition;
    Rule {
        comparison: definition.comparison,
        threshold: definition.threshold,
        evaluation_periods: definition.evaluation_periods,
        datapoints_to_alarm: definition.datapoints_to_alarm(),
        missing: definition.missing(),
    }
}

/// The beginnings of the latest periods that are over with their values, oldest first.
fn periods(store: &Store, alarm: &Alarm, now: Timestamp) -> Result<Vec<(i64, Option<f64>)>, MetricsError> {
    let definition = &alarm.definition;
    let end = period_of(now.as_second(), definition.period);
    let count = i64::try_from(definition.evaluation_periods + EXTRA_PERIODS).unwrap_or(i64::MAX);
    let begin = end - count * definition.period;
    let instant = |second| Timestamp::from_second(second).ok();
    let window = instant(begin).zip(instant(end)).and_then(|(begin, end)| Window::between(begin, end));
    let window = window.ok_or_else(|| MetricsError::Damaged(format!("alarm {}", definition.name)))?;
    let values = definition.series()?.run(store, window, now)?;
    let begins = (0..count).map(|number| begin + number * definition.period);
    Ok(begins.map(|begin| (begin, values.get(&begin).copied())).collect())
}

/// The reason in words.
fn reason(alarm: &Alarm, periods: &[(i64, Option<f64>)], judgement: &Judgement) -> String {
    let definition = &alarm.definition;
    let count = judgement.evaluated.len();
    if judgement.verdict == Verdict::InsufficientData {
        return format!("Insufficient Data: {} datapoints were unknown.", definition.evaluation_periods);
    }
    if count == 0 {
        return format!(
            "Threshold Crossed: no datapoints were received for {} periods and missing datapoints were treated as [{}].",
            definition.evaluation_periods,
            definition.missing().name(),
        );
    }
    let points: Vec<String> = judgement
        .evaluated
        .iter()
        .map(|(place, value)| format!("{value:?} ({})", written(begin(periods, *place), "%d/%m/%y %H:%M:%S")))
        .collect();
    let is_breached = |value: f64| definition.comparison.is_breached(value, definition.threshold);
    format!(
        "Threshold Crossed: {} of the last {count} datapoints [{}] were {} the threshold ({:?}) (datapoints to alarm: \
         {} of {}).",
        judgement.evaluated.iter().filter(|(_, value)| is_breached(*value)).count(),
        points.join(", "),
        definition.comparison.in_words(),
        definition.threshold,
        definition.datapoints_to_alarm(),
        definition.evaluation_periods,
    )
}

/// The reason as JSON.
fn reason_data(
    alarm: &Alarm,
    periods: &[(i64, Option<f64>)],
    judgement: &Judgement,
    now: Timestamp,
) -> String {
    let definition = &alarm.definition;
    let recent: Vec<f64> = judgement.evaluated.iter().rev().map(|(_, value)| *value).collect();
    let evaluated: Vec<serde_json::Value> = judgement
        .evaluated
        .iter()
        .map(|(place, value)| json!({ "timestamp": iso(begin(periods, *place)), "value": value }))
        .collect();
    let data = json!({
        "version": "1.0",
        "queryDate": now.strftime("%Y-%m-%dT%H:%M:%S%.3f+0000").to_string(),
        "startDate": iso(begin(periods, 0)),
        "statistic": definition.statistic_name(),
        "period": definition.period,
        "recentDatapoints": recent,
        "threshold": definition.threshold,
        "evaluatedDatapoints": evaluated,
    });
    data.to_string()
}

fn begin(periods: &[(i64, Option<f64>)], place: usize) -> i64 {
    periods.get(place).map_or(0, |(begin, _)| *begin)
}

fn iso(second: i64) -> String {
    written(second, "%Y-%m-%dT%H:%M:%S.000+0000")
}

fn written(second: i64, form: &str) -> String {
    Timestamp::from_second(second).map_or_else(|_| String::new(), |time| time.strftime(form).to_string())
}
