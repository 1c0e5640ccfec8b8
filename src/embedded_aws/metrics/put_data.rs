//! `PutMetricData`: what is reported, checked as AWS checks it, into the store.

use jiff::Timestamp;

use super::error::MetricsError;
use super::metric::{Dimensions, Metric, Unit, read_name, read_namespace};
use super::statistics::{Sample, period_of};
use super::store::{Report, Store};
use super::value::{Fields, Value};

/// The most metrics of a request.
const METRICS: usize = 1000;
/// The most values of a metric in a request.
const VALUES: usize = 150;
/// How old a value may be, in seconds: two weeks.
const OLDEST: i64 = 14 * 24 * 3600;
/// How far ahead of the clock a value may be, in seconds: two hours.
const NEWEST: i64 = 2 * 3600;
/// Values lie between minus and plus this: 2³⁶⁰.
const LARGEST: f64 = 2.348_542_582_773_833e108;
/// Samples of ordinary metrics are kept by the minute, others by the second.
const ORDINARY_RESOLUTION: i64 = 60;

/// Writes the values of a request, all or none.
pub(super) fn put_data(store: &Store, request: Fields, now: Timestamp) -> Result<Value, MetricsError> {
    store.put(&read(request, now)?)?;
    Ok(Value::Map(Vec::new()))
}

fn read(mut request: Fields, now: Timestamp) -> Result<Vec<Report>, MetricsError> {
    let namespace = read_namespace(&mut request)?;
    if namespace.starts_with("AWS/") {
        return Err(request.invalid("Namespace", namespace));
    }
    let data = request.structures("MetricData")?;
    if data.is_empty() {
        return Err(request.missing("MetricData"));
    }
    if data.len() > METRICS {
        return Err(MetricsError::InvalidParameterValue(format!(
            "The collection MetricData must not have a size greater than {METRICS}."
        )));
    }
    request.finish()?;
    data.into_iter().map(|datum| read_datum(datum, &namespace, now)).collect()
}

fn read_datum(mut datum: Fields, namespace: &str, now: Timestamp) -> Result<Report, MetricsError> {
    let name = read_name(&mut datum)?;
    let dimensions = Dimensions::read(&mut datum)?;
    let unit = Unit::read(&mut datum)?.unwrap_or(Unit::NONE);
    let time = read_time(&mut datum, now)?;
    let samples = read_values(&mut datum, unit, time)?;
    datum.finish()?;
    Ok(Report { metric: Metric { namespace: namespace.to_owned(), name, dimensions }, samples })
}

/// The second at which the value is kept.
fn read_time(datum: &mut Fields, now: Timestamp) -> Result<i64, MetricsError> {
    let time = datum.time("Timestamp")?.unwrap_or(now).as_second();
    let age = now.as_second() - time;
    if !(-NEWEST..=OLDEST).contains(&age) {
        return Err(MetricsError::InvalidParameterValue(format!(
            "The parameter {} must specify a time within the past two weeks and no more than two hours in the future.",
            datum.name_of("Timestamp")
        )));
    }
    match datum.integer("StorageResolution")? {
        None | Some(ORDINARY_RESOLUTION) => Ok(period_of(time, ORDINARY_RESOLUTION)),
        Some(1) => Ok(time),
        Some(other) => Err(datum.invalid("StorageResolution", other)),
    }
}

fn read_values(datum: &mut Fields, unit: Unit, time: i64) -> Result<Vec<Sample>, MetricsError> {
    let value = datum.number("Value")?;
    let values = datum.numbers("Values")?;
    let counts = datum.numbers("Counts")?;
    let set = datum.structure("StatisticValues")?;
    let sample = |value: f64, count: f64| Sample {
        time,
        unit,
        count,
        sum: value * count,
        minimum: value,
        maximum: value,
    };
    match (value, values, set) {
        (Some(value), None, None) if counts.is_none() => {
            check(datum, "Value", value)?;
            Ok(vec![sample(value, 1.0)])
        }
        (None, Some(values), None) => {
            let counts = checked_counts(datum, &values, counts)?;
            values.iter().try_for_each(|value| check(datum, "Values", *value))?;
            Ok(values.into_iter().zip(counts).map(|(value, count)| sample(value, count)).collect())
        }
        (None, None, Some(set)) if counts.is_none() => Ok(vec![read_set(set, unit, time)?]),
        (None, None, None) => Err(MetricsError::MissingParameter(format!(
            "At least one of the parameters {}, {} and {} must be specified.",
            datum.name_of("Value"),
            datum.name_of("Values"),
            datum.name_of("StatisticValues")
        ))),
        _ => Err(MetricsError::InvalidParameterCombination(format!(
            "The parameters {}, {} with {} and {} are mutually exclusive and you have specified more than one.",
            datum.name_of("Value"),
            datum.name_of("Values"),
            datum.name_of("Counts"),
            datum.name_of("StatisticValues")
        ))),
    }
}

/// How often each of the values occurred: once, unless counts are given.
fn checked_counts(
    datum: &Fields,
    values: &[f64],
    counts: Option<Vec<f64>>,
) -> Result<Vec<f64>, MetricsError> {
    if values.is_empty() || values.len() > VALUES {
        return Err(MetricsError::InvalidParameterValue(format!(
            "The collection {} must have a size from 1 to {VALUES}.",
            datum.name_of("Values")
        )));
    }
    let Some(counts) = counts else { return Ok(vec![1.0; values.len()]) };
    if counts.len() != values.len() {
        return Err(MetricsError::InvalidParameterValue(format!(
            "The parameters {} and {} must be of the same size.",
            datum.name_of("Values"),
            datum.name_of("Counts")
        )));
    }
    match counts.iter().find(|count| !is_count(**count)) {
        Some(count) => Err(datum.invalid("Counts", count)),
        None => Ok(counts),
    }
}

fn read_set(mut set: Fields, unit: Unit, time: i64) -> Result<Sample, MetricsError> {
    let mut number = |name: &str| {
        let number = set.number(name)?.ok_or_else(|| set.missing(name))?;
        check(&set, name, number)?;
        Ok::<_, MetricsError>(number)
    };
    let (count, sum) = (number("SampleCount")?, number("Sum")?);
    let (minimum, maximum) = (number("Minimum")?, number("Maximum")?);
    if !is_count(count) {
        return Err(set.invalid("SampleCount", count));
    }
    if minimum > maximum {
        return Err(MetricsError::InvalidParameterValue(format!(
            "The parameter {} must not be greater than {}.",
            set.name_of("Minimum"),
            set.name_of("Maximum")
        )));
    }
    set.finish()?;
    Ok(Sample { time, unit, count, sum, minimum, maximum })
}

fn is_count(number: f64) -> bool {
    number > 0.0 && number <= LARGEST
}

fn check(fields: &Fields, name: &str, number: f64) -> Result<(), MetricsError> {
    if number.abs() <= LARGEST { Ok(()) } else { Err(fields.invalid(name, number)) }
}
