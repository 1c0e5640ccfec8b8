//! `get_performance_metrics`: how many calls there were, how many failed, how long they took.

use super::time_range;
use crate::engine::catalog::Catalog;
use crate::engine::monitoring::metrics::{self, CallSeries, Periods, Values};
use crate::engine::monitoring::periods;
use crate::engine::monitoring::time::TimeRange;
use crate::engine::tools::{Class, Content, Context, Effect, Operation, Server, Tool, ToolError, choices};
use crate::model::tool::AwsResource;
use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The most values that are aimed at when the period is chosen.
const AIMED_VALUES: i64 = 200;

/// The most values of a series.
const MAX_VALUES: i64 = 1440;

/// Which metric of which calls.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PerformanceMetricsInput {
    /// What is measured.
    #[schemars(title = "Metric")]
    #[serde(default)]
    pub metric: CallMetric,
    /// How the values of a period become one. `Sum` for calls and errors and `p90` for durations unless
    /// given. The average of errors is the error rate.
    #[schemars(title = "Statistic")]
    pub statistic: Option<Statistic>,
    /// Only calls of this server: `s3`, `dynamodb` …
    #[schemars(title = "Server", length(min = 1, max = 255))]
    pub server: Option<String>,
    /// Only calls of this tool.
    #[schemars(title = "Tool", length(min = 1, max = 255))]
    pub tool: Option<String>,
    /// Only calls that ended so.
    #[schemars(title = "Outcome")]
    pub outcome: Option<CallOutcome>,
    /// From when, for instance `2026-11-24T09:30:00Z`. An hour before the end unless given.
    #[schemars(title = "Start", length(max = 64))]
    pub start_time: Option<String>,
    /// Until when. Now unless given.
    #[schemars(title = "End", length(max = 64))]
    pub end_time: Option<String>,
    /// The length of a period in seconds, whole minutes. Chosen by the range unless given.
    #[schemars(title = "Period", range(min = 60, max = 86_400), extend("multipleOf" = 60))]
    pub period: Option<u32>,
}

/// What is measured of calls.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
pub enum CallMetric {
    /// Calls.
    #[default]
    Calls,
    /// Calls that failed or were refused.
    Errors,
    /// How long calls took, in milliseconds.
    Duration,
}

/// How the values of a period become one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub enum Statistic {
    /// The sum.
    Sum,
    /// The mean.
    Average,
    /// The least.
    Minimum,
    /// The greatest.
    Maximum,
    /// How many values there are.
    SampleCount,
    /// Half of the values are at most this.
    #[serde(rename = "p50")]
    P50,
    /// Nine of ten values are at most this.
    #[serde(rename = "p90")]
    P90,
    /// 99 of 100 values are at most this.
    #[serde(rename = "p99")]
    P99,
}

/// How a call ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub enum CallOutcome {
    /// It was done.
    Ok,
    /// It was begun and failed.
    Error,
    /// It was not permitted, or beyond a limit.
    Denied,
    /// It could not be understood.
    Invalid,
    /// The caller went away before it was done.
    Cancelled,
}

impl CallMetric {
    fn name(self) -> &'static str {
        match self {
            CallMetric::Calls => "Calls",
            CallMetric::Errors => "Errors",
            CallMetric::Duration => "Duration",
        }
    }

    fn usual_statistic(self) -> Statistic {
        if self == CallMetric::Duration { Statistic::P90 } else { Statistic::Sum }
    }

    fn unit(self, statistic: Statistic) -> &'static str {
        match (self, statistic) {
            (CallMetric::Duration, Statistic::SampleCount) | (CallMetric::Calls | CallMetric::Errors, _) => {
                "count"
            }
            (CallMetric::Duration, _) => "milliseconds",
        }
    }
}

impl Statistic {
    /// What has to be read for this statistic of each series and of all of them together.
    fn needed(self) -> &'static [&'static str] {
        match self {
            Statistic::Average => &["Average", "Sum", "SampleCount"],
            Statistic::Sum => &["Sum"],
            Statistic::Minimum => &["Minimum"],
            Statistic::Maximum => &["Maximum"],
            Statistic::SampleCount => &["SampleCount"],
            Statistic::P50 => &["p50"],
            Statistic::P90 => &["p90"],
            Statistic::P99 => &["p99"],
        }
    }
}

impl CallOutcome {
    fn id(self) -> &'static str {
        match self {
            CallOutcome::Ok => "ok",
            CallOutcome::Error => "error",
            CallOutcome::Denied => "denied",
            CallOutcome::Invalid => "invalid",
            CallOutcome::Cancelled => "cancelled",
        }
    }
}

/// A metric over time.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct PerformanceMetrics {
    /// All series together. None for percentiles of several series, which cannot be added up: name tool
    /// and outcome for a single one.
    pub combined: Option<Vec<MetricValue>>,
    /// A series for each tool and outcome.
    pub series: Vec<MetricSeries>,
    /// Whether there are more series than these.
    #[schemars(title = "There are more")]
    pub truncated: bool,
    /// What is measured.
    pub metric: CallMetric,
    /// How the values of a period became one.
    pub statistic: Statistic,
    /// `count` or `milliseconds`.
    pub unit: String,
    /// The length of a period in seconds.
    #[schemars(title = "Period in seconds")]
    pub period_seconds: u32,
    /// The `CloudWatch` namespace.
    pub namespace: String,
    /// From when, RFC 3339 in UTC.
    #[schemars(title = "From")]
    pub start_time: String,
    /// Until when, RFC 3339 in UTC.
    #[schemars(title = "Until")]
    pub end_time: String,
}

/// The values of one tool and outcome.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct MetricSeries {
    /// The server.
    pub server: String,
    /// The tool.
    pub tool: String,
    /// How the calls ended.
    pub outcome: String,
    /// The values; periods without calls have none.
    pub values: Vec<MetricValue>,
}

/// The value of a period.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct MetricValue {
    /// Where the period begins, RFC 3339 in UTC.
    pub time: String,
    /// The value.
    pub value: f64,
}

/// Reads metrics of calls.
pub struct GetPerformanceMetrics;

impl Operation for GetPerformanceMetrics {
    const NAME: &'static str = "get_performance_metrics";
    const EFFECT: Effect = Effect::Reads;
    const CLASS: Class = Class::Call;
    type Input = PerformanceMetricsInput;
    type Output = PerformanceMetrics;

    fn resources(input: &PerformanceMetricsInput, catalog: &Catalog) -> Result<Vec<AwsResource>, ToolError> {
        input.periods(catalog)?;
        let namespace = &catalog.monitoring.namespace;
        Ok(vec![choices::metrics("ListMetrics", namespace), choices::metrics("GetMetricData", namespace)])
    }

    async fn run(input: PerformanceMetricsInput, context: Context) -> Result<PerformanceMetrics, ToolError> {
        let catalog = &context.catalog;
        let namespace = &catalog.monitoring.namespace;
        let periods = input.periods(catalog)?;
        let statistic = input.statistic.unwrap_or_else(|| input.metric.usual_statistic());
        let fixed: Vec<_> = [
            ("server", input.server.as_deref()),
            ("tool", input.tool.as_deref()),
            ("outcome", input.outcome.map(CallOutcome::id)),
        ]
        .into_iter()
        .filter_map(|(name, value)| Some((name, value?)))
        .collect();
        let metric = input.metric.name();
        let (series, truncated) = metrics::list(&catalog.aws, namespace, metric, &fixed).await?;
        let read =
            metrics::read(&catalog.aws, namespace, metric, &series, statistic.needed(), periods).await?;
        Ok(PerformanceMetrics {
            combined: combined(&read, statistic).map(|values| listed(&values)),
            series: described(series, &read),
            truncated,
            metric: input.metric,
            statistic,
            unit: input.metric.unit(statistic).to_owned(),
            period_seconds: periods.seconds,
            namespace: namespace.clone(),
            start_time: periods.range.from.to_string(),
            end_time: periods.range.to.to_string(),
        })
    }
}

impl PerformanceMetricsInput {
    fn periods(&self, catalog: &Catalog) -> Result<Periods, ToolError> {
        let range = time_range(self.start_time.as_deref(), self.end_time.as_deref(), catalog)?;
        let least = periods::least(range, Timestamp::now());
        let seconds = match self.period {
            Some(period) if period == 0 || !period.is_multiple_of(60) => {
                return Err(ToolError::field("period", "whole minutes are needed, in seconds"));
            }
            Some(period) if period < least || range.seconds() / i64::from(period) > MAX_VALUES => {
                return Err(ToolError::field("period", too_short(range, least)));
            }
            Some(period) => period,
            None => periods::chosen(range, least, AIMED_VALUES),
        };
        Ok(Periods { range, seconds })
    }
}

fn too_short(range: TimeRange, least: u32) -> String {
    let by_number = range.seconds().div_euclid(MAX_VALUES + 1) + 1;
    let least = i64::from(least).max((by_number + 59).div_euclid(60) * 60);
    format!("for this range a period of at least {least} s is needed")
}

fn described(series: Vec<CallSeries>, read: &[Vec<Values>]) -> Vec<MetricSeries> {
    let described = series.into_iter().zip(read).map(|(series, values)| MetricSeries {
        server: series.server,
        tool: series.tool,
        outcome: series.outcome,
        values: values.first().map(listed).unwrap_or_default(),
    });
    described.filter(|series| !series.values.is_empty()).collect()
}

fn listed(values: &Values) -> Vec<MetricValue> {
    let value = |(second, value): (&i64, &f64)| {
        let time = Timestamp::from_second(*second).ok()?.to_string();
        Some(MetricValue { time, value: *value })
    };
    values.iter().filter_map(value).collect()
}

/// All series together; none where the statistic of the whole does not follow from those of its parts.
fn combined(read: &[Vec<Values>], statistic: Statistic) -> Option<Values> {
    let column = |index: usize| read.iter().filter_map(move |values| values.get(index));
    let folded = |index: usize, fold: fn(f64, f64) -> f64| {
        let mut whole = Values::new();
        for (time, value) in column(index).flatten() {
            whole.entry(*time).and_modify(|sum| *sum = fold(*sum, *value)).or_insert(*value);
        }
        whole
    };
    let add = |a: f64, b: f64| a + b;
    match statistic {
        Statistic::Sum | Statistic::SampleCount => Some(folded(0, add)),
        Statistic::Minimum => Some(folded(0, f64::min)),
        Statistic::Maximum => Some(folded(0, f64::max)),
        Statistic::Average => {
            let counts = folded(2, add);
            let sums = folded(1, add).into_iter();
            Some(sums.filter_map(|(time, sum)| Some((time, sum / counts.get(&time)?))).collect())
        }
        Statistic::P50 | Statistic::P90 | Statistic::P99 if read.len() == 1 => Some(folded(0, add)),
        Statistic::P50 | Statistic::P90 | Statistic::P99 => None,
    }
}

impl Tool for GetPerformanceMetrics {
    const SERVER: Server = Server::CloudWatch;
    const CONTENT: Content = Content::Trusted;
    const TITLE: &'static str = "Get metrics";
    const DESCRIPTION: &'static str = "Reads how many tool calls there were, how many failed and how long \
        they took, for each period, by server, tool and outcome. Values appear a minute or two after the \
        calls.";
}

#[cfg(test)]
mod tests {
    use super::*;

    fn values(pairs: &[(i64, f64)]) -> Values {
        pairs.iter().copied().collect()
    }

    #[test]
    fn the_average_of_the_whole_weighs_each_part_by_its_calls() {
        let part = |sum: f64, count: f64| {
            vec![values(&[(60, sum / count)]), values(&[(60, sum)]), values(&[(60, count)])]
        };
        let whole =
            combined(&[part(10.0, 10.0), part(90.0, 1.0), vec![Values::new(); 3]], Statistic::Average);
        assert_eq!(whole, Some(values(&[(60, 100.0 / 11.0)])));
    }

    #[test]
    fn percentiles_are_not_added_up() {
        let one = vec![values(&[(60, 5.0)])];
        assert_eq!(combined(&[one.clone(), one.clone()], Statistic::P90), None);
        assert_eq!(combined(&[one], Statistic::P90), Some(values(&[(60, 5.0)])));
    }

    #[test]
    fn the_period_follows_from_range_and_age() {
        let at = |second| Timestamp::from_second(second).expect("a time");
        let range = |from, to| TimeRange { from: at(from), to: at(to) };
        let day = 86_400;
        assert_eq!(periods::chosen(range(0, 3600), 60, AIMED_VALUES), 60);
        assert_eq!(periods::chosen(range(0, day), 60, AIMED_VALUES), 900);
        assert_eq!(periods::least(range(0, day), at(20 * day)), 300);
        assert_eq!(periods::least(range(0, day), at(70 * day)), 3600);
        assert_eq!(too_short(range(0, 2 * day), 60), "for this range a period of at least 120 s is needed");
    }
}
