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

/// Metrics that one request may ask for (a limit of `CloudWatch`).
const QUERIES_OF_A_REQUEST: usize = 500;

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

impl CallSeries {
    /// The dimensions of the series.
    pub(crate) fn dimensions(&self) -> Dimensions {
        let named = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        vec![named("server", &self.server), named("tool", &self.tool), named("outcome", &self.outcome)]
    }
}

/// Names and values of dimensions.
pub(crate) type Dimensions = Vec<(String, String)>;

/// A metric of a series, and how the values of a period become one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Wanted {
    metric: &'static str,
    dimensions: Dimensions,
    statistic: &'static str,
}

impl Wanted {
    pub(crate) fn new(metric: &'static str, dimensions: Dimensions, statistic: &'static str) -> Self {
        Self { metric, dimensions, statistic }
    }

    fn described(&self, namespace: &str) -> Metric {
        let named = self.dimensions.iter();
        let named = named.map(|(name, value)| Dimension::builder().name(name).value(value).build());
        Metric::builder()
            .namespace(namespace)
            .metric_name(self.metric)
            .set_dimensions(Some(named.collect()))
            .build()
    }
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
    /// Where each begins, epoch seconds.
    pub(crate) fn starts(self) -> Vec<i64> {
        let (first, end) = self.ends();
        let step = usize::try_from(self.seconds.max(1)).unwrap_or(1);
        (first..end).step_by(step).collect()
    }

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
    list_series(aws, namespace, metric, fixed, call_series).await
}

/// The dimensions of every series of a metric that has these among them, and whether there are more series
/// than are read.
pub(crate) async fn list_dimensions(
    aws: &AwsClients,
    namespace: &str,
    metric: &str,
    fixed: &[(&str, &str)],
) -> Result<(Vec<Dimensions>, bool), AwsFailure> {
    list_series(aws, namespace, metric, fixed, |metric| Some(dimensions(metric))).await
}

/// What `read` makes of the series of a metric, in order and each once.
async fn list_series<T: Ord>(
    aws: &AwsClients,
    namespace: &str,
    metric: &str,
    fixed: &[(&str, &str)],
    read: impl Fn(&Metric) -> Option<T>,
) -> Result<(Vec<T>, bool), AwsFailure> {
    let filter = |(name, value): &(&str, &str)| DimensionFilter::builder().name(*name).value(*value).build();
    let filters: Vec<_> = fixed.iter().map(filter).collect();
    let (mut series, mut next) = (Vec::new(), None);
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
        series.extend(answer.metrics().iter().filter_map(&read));
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

/// The dimensions of the series of a metric.
fn dimensions(metric: &Metric) -> Dimensions {
    let named = metric.dimensions().iter();
    named.filter_map(|one| Some((one.name()?.to_owned(), one.value()?.to_owned()))).collect()
}

/// The values of several series, each by each of these statistics: `values[series][statistic]`.
pub(crate) async fn read(
    aws: &AwsClients,
    namespace: &str,
    metric: &'static str,
    series: &[CallSeries],
    statistics: &[&'static str],
    periods: Periods,
) -> Result<Vec<Vec<Values>>, AwsFailure> {
    let wanted: Vec<_> = series
        .iter()
        .flat_map(|one| {
            statistics.iter().copied().map(|statistic| Wanted::new(metric, one.dimensions(), statistic))
        })
        .collect();
    let values = read_all(aws, namespace, &wanted, periods).await?;
    Ok(values.chunks(statistics.len().max(1)).map(<[Values]>::to_vec).collect())
}

/// The values of everything that is wanted, in its order.
pub(crate) async fn read_all(
    aws: &AwsClients,
    namespace: &str,
    wanted: &[Wanted],
    periods: Periods,
) -> Result<Vec<Values>, AwsFailure> {
    let mut values = Vec::with_capacity(wanted.len());
    for chunk in wanted.chunks(QUERIES_OF_A_REQUEST) {
        values.extend(read_chunk(aws, namespace, chunk, periods).await?);
    }
    Ok(values)
}

async fn read_chunk(
    aws: &AwsClients,
    namespace: &str,
    wanted: &[Wanted],
    periods: Periods,
) -> Result<Vec<Values>, AwsFailure> {
    let mut values = vec![Values::new(); wanted.len()];
    let queries: Vec<_> = wanted
        .iter()
        .enumerate()
        .map(|(place, one)| {
            let stat = MetricStat::builder()
                .metric(one.described(namespace))
                .period(i32::try_from(periods.seconds).unwrap_or(i32::MAX))
                .stat(one.statistic);
            MetricDataQuery::builder().id(format!("v{place}")).metric_stat(stat.build()).build()
        })
        .collect();
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

/// Keeps the values of one result; none when it answers no query.
fn keep(result: &MetricDataResult, values: &mut [Values]) -> Option<()> {
    let place = result.id()?.strip_prefix('v')?;
    let kept = values.get_mut(place.parse::<usize>().ok()?)?;
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
