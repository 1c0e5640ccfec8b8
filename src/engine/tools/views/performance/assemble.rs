//! Puts series together into the lines of the page. Pure.

use super::cost::{Requests, estimate};
use crate::engine::monitoring::metrics::{CallSeries, Periods, Values};
use crate::model::fleet::server_title;
use crate::model::performance::{Line, PerformanceView, ToolFigures, Totals};
use std::collections::BTreeMap;

/// The percentiles of response times.
pub(super) const PERCENTILES: [&str; 3] = ["p50", "p95", "p99"];

/// What was read of one range.
#[derive(Debug, Default)]
pub(super) struct Read {
    /// Calls and errors of each series.
    pub(super) calls: Vec<(CallSeries, Values, Values)>,
    /// Response times by percentile, in the order of [`PERCENTILES`].
    pub(super) latency: Vec<Values>,
    /// By server.
    pub(super) saturation: Vec<(String, Values)>,
    /// By service and access: calls and retries.
    pub(super) aws: Vec<(String, bool, Values, Values)>,
    /// Whether there are more series than were read.
    pub(super) truncated: bool,
}

/// The view of a range; `before` is the range of the same length before it.
pub(super) fn view(
    read: &Read,
    before: Option<&Read>,
    periods: Periods,
    server: Option<&str>,
) -> PerformanceView {
    let starts = periods.starts();
    let length = i64::try_from(starts.len()).unwrap_or_default() * i64::from(periods.seconds);
    let line = |name: &str, values: &Values| Line {
        name: name.to_owned(),
        values: starts.iter().map(|start| values.get(start).copied()).collect(),
        before: false,
    };
    let earlier = |name: &str, values: &Values| Line {
        name: format!("{name}, before"),
        values: starts.iter().map(|start| values.get(&(start - length)).copied()).collect(),
        before: true,
    };
    let key = |series: &CallSeries| {
        if server.is_some() { series.tool.clone() } else { server_title(&series.server) }
    };
    let summed = |pick: fn(&(CallSeries, Values, Values)) -> &Values| {
        let mut sums: BTreeMap<String, Values> = BTreeMap::new();
        for series in &read.calls {
            add(sums.entry(key(&series.0)).or_default(), pick(series));
        }
        sums
    };
    let mut calls: Vec<_> =
        summed(|series| &series.1).iter().map(|(name, values)| line(name, values)).collect();
    let errors = summed(|series| &series.2);
    let mut latency: Vec<_> =
        PERCENTILES.iter().zip(&read.latency).map(|(name, values)| line(name, values)).collect();
    if let Some(before) = before {
        let mut all = Values::new();
        for (_, values, _) in &before.calls {
            add(&mut all, values);
        }
        calls.push(earlier("All calls", &all));
        if let Some(p95) = before.latency.get(1) {
            latency.push(earlier("p95", p95));
        }
    }
    let mut services: BTreeMap<&str, (Values, Values)> = BTreeMap::new();
    let mut requests = Requests::new();
    for (service, reads, asked, again) in &read.aws {
        let sums = services.entry(service).or_default();
        add(&mut sums.0, asked);
        add(&mut sums.1, again);
        let total: f64 = asked.values().sum();
        let counted = requests.entry(service.clone()).or_default();
        if *reads { counted.0 += total } else { counted.1 += total }
    }
    let mut servers: Vec<String> = read.calls.iter().map(|(series, ..)| series.server.clone()).collect();
    servers.sort_unstable();
    servers.dedup();
    PerformanceView {
        period_seconds: periods.seconds,
        now: totals(read),
        before: before.map(totals),
        latency,
        calls,
        errors: errors.iter().map(|(name, values)| line(name, values)).collect(),
        saturation: read
            .saturation
            .iter()
            .map(|(server, values)| line(&server_title(server), values))
            .collect(),
        aws_calls: services.iter().map(|(name, (asked, _))| line(name, asked)).collect(),
        aws_retries: services.iter().map(|(name, (_, again))| line(name, again)).collect(),
        tools: tools(read),
        cost: estimate(&requests),
        servers,
        truncated: read.truncated,
        starts,
    }
}

fn add(sum: &mut Values, values: &Values) {
    for (time, value) in values {
        *sum.entry(*time).or_default() += value;
    }
}

fn totals(read: &Read) -> Totals {
    let whole = |pick: fn(&(CallSeries, Values, Values)) -> &Values| {
        read.calls.iter().flat_map(|series| pick(series).values()).sum()
    };
    let middle = |index: usize| read.latency.get(index).and_then(median);
    Totals {
        calls: whole(|series| &series.1),
        errors: whole(|series| &series.2),
        p50: middle(0),
        p95: middle(1),
        p99: middle(2),
    }
}

/// The middle one of the values; the lower of two.
fn median(values: &Values) -> Option<f64> {
    let mut sorted: Vec<f64> = values.values().copied().collect();
    sorted.sort_by(f64::total_cmp);
    sorted.get(sorted.len().checked_sub(1)? / 2).copied()
}

fn tools(read: &Read) -> Vec<ToolFigures> {
    let mut sums: BTreeMap<(&str, &str), (f64, f64)> = BTreeMap::new();
    for (series, calls, errors) in &read.calls {
        let sum = sums.entry((&series.server, &series.tool)).or_default();
        sum.0 += calls.values().sum::<f64>();
        sum.1 += errors.values().sum::<f64>();
    }
    let figures = sums.into_iter().filter(|(_, (calls, _))| *calls > 0.0);
    let mut tools: Vec<_> = figures
        .map(|((server, tool), (calls, errors))| ToolFigures {
            server: server.to_owned(),
            tool: tool.to_owned(),
            calls,
            errors,
        })
        .collect();
    tools.sort_by(|a, b| b.calls.total_cmp(&a.calls));
    tools
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::monitoring::time::TimeRange;
    use jiff::Timestamp;

    fn periods() -> Periods {
        let at = |second| Timestamp::from_second(second).expect("a time");
        Periods { range: TimeRange { from: at(600), to: at(780) }, seconds: 60 }
    }

    fn values(pairs: &[(i64, f64)]) -> Values {
        pairs.iter().copied().collect()
    }

    fn series(server: &str, tool: &str, outcome: &str) -> CallSeries {
        CallSeries { server: server.to_owned(), tool: tool.to_owned(), outcome: outcome.to_owned() }
    }

    fn read() -> Read {
        Read {
            calls: vec![
                (series("s3", "a", "ok"), values(&[(600, 5.0), (720, 1.0)]), values(&[])),
                (series("s3", "a", "error"), values(&[(600, 2.0)]), values(&[(600, 2.0)])),
                (series("rds", "b", "ok"), values(&[(660, 3.0)]), values(&[])),
            ],
            latency: vec![
                values(&[(600, 10.0), (660, 30.0), (720, 20.0)]),
                values(&[(600, 40.0)]),
                Values::new(),
            ],
            aws: vec![("S3".to_owned(), true, values(&[(600, 4.0)]), values(&[(600, 1.0)]))],
            ..Read::default()
        }
    }

    #[test]
    fn outcomes_of_a_server_are_added_up_and_gaps_stay_gaps() {
        let view = view(&read(), None, periods(), None);
        assert_eq!(view.starts, [600, 660, 720]);
        let lines: Vec<_> = view.calls.iter().map(|line| (line.name.as_str(), line.values.clone())).collect();
        let expected = [
            ("Databases (RDS)", vec![None, Some(3.0), None]),
            ("Files (S3)", vec![Some(7.0), None, Some(1.0)]),
        ];
        assert_eq!(lines, expected, "in the words of the page of health");
        assert_eq!((view.now.calls, view.now.errors, view.now.error_rate()), (11.0, 2.0, Some(2.0 / 11.0)));
        assert_eq!((view.now.p50, view.now.p95, view.now.p99), (Some(20.0), Some(40.0), None));
        assert_eq!(view.tools[0].tool, "a");
        assert!((view.aws_retries[0].sum() - 1.0).abs() < 1e-9);
    }

    #[test]
    fn the_tools_of_one_server_have_a_line_each() {
        let view = view(&read(), None, periods(), Some("s3"));
        assert!(view.calls.iter().any(|line| line.name == "a"));
    }

    #[test]
    fn the_time_before_is_laid_over_this_one() {
        let before = Read {
            calls: vec![(series("s3", "a", "ok"), values(&[(420, 9.0)]), values(&[]))],
            latency: vec![Values::new(), values(&[(540, 7.0)]), Values::new()],
            ..Read::default()
        };
        let view = view(&read(), Some(&before), periods(), None);
        let earlier: Vec<_> = view.calls.iter().filter(|line| line.before).collect();
        assert_eq!(earlier[0].values, [Some(9.0), None, None]);
        let earlier: Vec<_> = view.latency.iter().filter(|line| line.before).collect();
        assert_eq!(earlier[0].values, [None, None, Some(7.0)]);
        assert_eq!(view.before.map(|totals| totals.calls), Some(9.0));
    }
}
