//! Reads the metrics of calls: which series there are, and their values over time.

use super::time::TimeRange;
use crate::engine::aws::{AwsClients, AwsFailure, FailureKind};
use crate::model::tool::AwsResource;
use aws_sdk_cloudwatch::primitives::DateTime;
use aws_sdk_cloudwatch::types::{
    Dimension, DimensionFilter, Metric, MetricDataQuery, MetricDataResult, MetricStat, ScanBy,
};
use std::collections::BTreeMap;

/// The most series that are read at once.
pub(crate) const MOST_SERIES: usize = 100;

/// Pages of a listing that are read at most.
const MOST_PAGES: usize = 20;

/// What the calls of a series have in common.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct CallSeries {
    /// The server.
    pub(crate) server: String,
    /// The tool.
    pub(crate) tool: String,
    /// How the calls ended.
    pub(crate) outcome: String,
}

/// Values by the beginning of their period, epoch seconds.
pub(crate) type Values = BTreeMap<i64, f64>;

/// Periods of one length.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Periods {
    /// Which time they cover.
    pub(crate) range: TimeRange,
    /// How long each is, in seconds.
    pub(crate) seconds: u32,
}

impl Periods {
    /// Where the first begins and the last ends: whole periods, so that none is half empty.
    fn ends(self) -> (i64, i64) {
        let length = i64::from(self.seconds.max(1));
        let first = self.range.from.as_second().div_euclid(length) * length;
        let last = (self.range.to.as_millisecond() - 1).div_euclid(length * 1000);
        (first, (last + 1) * length)
    }
}

/// The metrics of a namespace, and what is done to them.
pub(crate) fn metrics_resource(action: &str, namespace: &str) -> AwsResource {
    AwsResource {
        service: "cloudwatch".to_owned(),
        action: format!("cloudwatch:{action}"),
        name: namespace.to_owned(),
    }
}

/// The series of a metric whose dimensions have these values, and whether there are more than
/// [`MOST_SERIES`].
pub(crate) async fn list(
    aws: &AwsClients,
    namespace: &str,
    metric: &str,
    fixed: &[(&str, &str)],
) -> Result<(Vec<CallSeries>, bool), AwsFailure> {
    let filter = |(name, value): &(&str, &str)| DimensionFilter::builder().name(*name).value(*value).build();
    let filters: Vec<_> = fixed.iter().map(filter).collect();
    let mut series = Vec::new();
    let mut next = None;
    for _ in 0..MOST_PAGES {
        let answer = aws
            .cloudwatch
            .list_metrics()
            .namespace(namespace)
            .metric_name(metric)
            .set_dimensions(Some(filters.clone()))
            .set_next_token(next)
            .send()
            .await
            .map_err(|e| AwsFailure::from_sdk(metrics_resource("ListMetrics", namespace), &e))?;
        series.extend(answer.metrics().iter().filter_map(call_series));
        next = answer.next_token;
        if next.is_none() || series.len() > MOST_SERIES {
            break;
        }
    }
    series.sort();
    series.dedup();
    let more = series.len() > MOST_SERIES;
    series.truncate(MOST_SERIES);
    Ok((series, more))
}

/// The series of a metric, if its dimensions are those of calls.
fn call_series(metric: &Metric) -> Option<CallSeries> {
    let dimensions = metric.dimensions();
    let value = |name: &str| {
        let found = dimensions.iter().find(|dimension| dimension.name() == Some(name))?;
        found.value().map(str::to_owned)
    };
    let series = CallSeries { server: value("server")?, tool: value("tool")?, outcome: value("outcome")? };
    (dimensions.len() == 3).then_some(series)
}

/// The values of several series, each by each of these statistics: `values[series][statistic]`.
pub(crate) async fn read(
    aws: &AwsClients,
    namespace: &str,
    metric: &str,
    series: &[CallSeries],
    statistics: &[&str],
    periods: Periods,
) -> Result<Vec<Vec<Values>>, AwsFailure> {
    let mut values = vec![vec![Values::new(); statistics.len()]; series.len()];
    if series.is_empty() {
        return Ok(values);
    }
    let mut queries = Vec::with_capacity(series.len() * statistics.len());
    for (row, one) in series.iter().enumerate() {
        for (column, statistic) in statistics.iter().enumerate() {
            let stat = MetricStat::builder()
                .metric(described(namespace, metric, one))
                .period(i32::try_from(periods.seconds).unwrap_or(i32::MAX))
                .stat(*statistic);
            let query = MetricDataQuery::builder().id(format!("v{row}x{column}")).metric_stat(stat.build());
            queries.push(query.build());
        }
    }
    let (from, to) = periods.ends();
    let mut next = None;
    loop {
        let answer = aws
            .cloudwatch
            .get_metric_data()
            .set_metric_data_queries(Some(queries.clone()))
            .start_time(DateTime::from_secs(from))
            .end_time(DateTime::from_secs(to))
            .scan_by(ScanBy::TimestampAscending)
            .set_next_token(next)
            .send()
            .await
            .map_err(|e| AwsFailure::from_sdk(metrics_resource("GetMetricData", namespace), &e))?;
        for result in answer.metric_data_results() {
            keep(result, &mut values).ok_or_else(|| unreadable(namespace, result))?;
        }
        next = answer.next_token;
        if next.is_none() {
            return Ok(values);
        }
    }
}

fn described(namespace: &str, metric: &str, series: &CallSeries) -> Metric {
    let named = |name: &str, value: &str| Dimension::builder().name(name).value(value).build();
    Metric::builder()
        .namespace(namespace)
        .metric_name(metric)
        .dimensions(named("server", &series.server))
        .dimensions(named("tool", &series.tool))
        .dimensions(named("outcome", &series.outcome))
        .build()
}

/// Keeps the values of one result; none when it answers no query.
fn keep(result: &MetricDataResult, values: &mut [Vec<Values>]) -> Option<()> {
    let (row, column) = result.id()?.strip_prefix('v')?.split_once('x')?;
    let kept = values.get_mut(row.parse::<usize>().ok()?)?.get_mut(column.parse::<usize>().ok()?)?;
    kept.extend(result.timestamps().iter().map(DateTime::secs).zip(result.values().iter().copied()));
    Some(())
}

fn unreadable(namespace: &str, result: &MetricDataResult) -> AwsFailure {
    AwsFailure {
        kind: FailureKind::Unknown,
        resource: metrics_resource("GetMetricData", namespace),
        code: "UnknownResult".to_owned(),
        message: format!("a result {:?} that was not asked for", result.id()),
    }
}

/// Whether the metrics of a namespace can be listed.
pub(crate) async fn check(aws: &AwsClients, namespace: &str) -> Result<(), AwsFailure> {
    let listed = aws.cloudwatch.list_metrics().namespace(namespace).send().await;
    listed.map(drop).map_err(|e| AwsFailure::from_sdk(metrics_resource("ListMetrics", namespace), &e))
}
