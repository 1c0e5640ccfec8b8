//! `GetMetricStatistics`: several statistics of one metric.

use std::collections::BTreeMap;

use jiff::Timestamp;

use super::error::MetricsError;
use super::metric::{Metric, Unit};
use super::series::{Window, is_kept, read_period};
use super::statistics::{Sample, Statistic, Summary, summaries};
use super::store::Store;
use super::value::{Fields, Value};

/// The most periods that may be asked for.
const DATAPOINTS: i64 = 1440;
/// The most percentiles that may be asked for.
const PERCENTILES: usize = 10;

/// Answers a request. Periods are in the order of time, for each unit on its own.
pub(super) fn get_statistics(
    store: &Store,
    mut request: Fields,
    now: Timestamp,
) -> Result<Value, MetricsError> {
    let metric = Metric::read(&mut request)?;
    let period = read_period(&mut request)?;
    let window = Window::read(&mut request)?;
    let unit = Unit::read(&mut request)?;
    let statistics = read_statistics(&mut request)?;
    request.finish()?;
    let count = window.count(period);
    if count > DATAPOINTS {
        return Err(MetricsError::InvalidParameterCombination(format!(
            "You have requested up to {count} datapoints, which exceeds the limit of {DATAPOINTS}. You may reduce \
             the datapoints requested by increasing Period, or decreasing the time range."
        )));
    }

    let (from, to) = window.whole_periods(period);
    let mut by_unit: BTreeMap<Unit, Vec<Sample>> = BTreeMap::new();
    for sample in store.samples(&metric, from, to, unit)? {
        by_unit.entry(sample.unit).or_default().push(sample);
    }
    let mut points: Vec<(i64, Value)> = Vec::new();
    for (unit, samples) in by_unit {
        let periods = summaries(&samples, period).into_iter();
        let kept = periods.filter(|(begin, _)| is_kept(period, *begin, now.as_second()));
        points.extend(kept.map(|(begin, all)| (begin, datapoint(begin, &all, unit, &statistics))));
    }
    points.sort_by_key(|(begin, _)| *begin);
    let datapoints: Vec<Value> = points.into_iter().map(|(_, point)| point).collect();
    Ok(Value::structure([("Label", metric.name.into()), ("Datapoints", Value::List(datapoints))]))
}

fn read_statistics(request: &mut Fields) -> Result<Vec<Statistic>, MetricsError> {
    let simple = request.texts("Statistics")?;
    let extended = request.texts("ExtendedStatistics")?;
    if simple.is_empty() == extended.is_empty() {
        return Err(MetricsError::InvalidParameterCombination(
            "Must specify either Statistics or ExtendedStatistics, and not both.".to_owned(),
        ));
    }
    if extended.len() > PERCENTILES {
        return Err(MetricsError::InvalidParameterValue(format!(
            "The collection ExtendedStatistics must not have a size greater than {PERCENTILES}."
        )));
    }
    let simple = simple
        .into_iter()
        .map(|name| Statistic::simple(&name).ok_or_else(|| request.invalid("Statistics", name)));
    let extended = extended
        .into_iter()
        .map(|name| Statistic::percentile(&name).ok_or_else(|| request.invalid("ExtendedStatistics", name)));
    simple.chain(extended).collect()
}

fn datapoint(begin: i64, all: &Summary, unit: Unit, statistics: &[Statistic]) -> Value {
    let mut members = vec![("Timestamp".to_owned(), Timestamp::from_second(begin).ok().into())];
    let mut percentiles = Vec::new();
    for statistic in statistics {
        let Some(value) = all.value(statistic) else { continue };
        let members =
            if matches!(statistic, Statistic::Percentile(_)) { &mut percentiles } else { &mut members };
        members.push((statistic.to_string(), Value::Number(value)));
    }
    members.push(("Unit".to_owned(), unit.as_str().into()));
    if !percentiles.is_empty() {
        members.push(("ExtendedStatistics".to_owned(), Value::Map(percentiles)));
    }
    Value::Map(members)
}
