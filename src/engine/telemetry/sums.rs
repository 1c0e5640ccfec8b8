//! Metrics that are not about one tool and outcome: all calls of a server together, how busy it was, and
//! what was asked of AWS.

use super::publisher::Count;
use super::tally::Counted;
use crate::engine::aws::{Asked, AwsCount};
use aws_sdk_cloudwatch::primitives::DateTime;
use aws_sdk_cloudwatch::types::{Dimension, MetricDatum, StandardUnit};
use std::collections::BTreeMap;

/// All calls of a minute of one server; of all servers where none is named.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Together {
    pub(super) minute: i64,
    pub(super) server: Option<&'static str>,
    pub(super) counted: Counted,
}

/// Adds up counts by server, and of all servers.
pub(super) fn of_servers(counts: &[Count]) -> Vec<Together> {
    let mut sums: BTreeMap<(i64, Option<&'static str>), Counted> = BTreeMap::new();
    for (minute, dimensions, counted) in counts {
        for server in [Some(dimensions.server), None] {
            sums.entry((*minute, server)).or_default().add(counted);
        }
    }
    let sums = sums.into_iter();
    sums.map(|((minute, server), counted)| Together { minute, server, counted }).collect()
}

/// The greatest share of its places that a server had in use in a minute, in percent.
pub(super) fn saturation(((minute, server), share): (&(i64, &'static str), &f64)) -> MetricDatum {
    MetricDatum::builder()
        .metric_name("Saturation")
        .timestamp(DateTime::from_secs(minute * 60))
        .dimensions(Dimension::builder().name("server").value(*server).build())
        .unit(StandardUnit::Percent)
        .value(share * 100.0)
        .build()
}

/// Requests to AWS since the last time, by service and whether they only read.
#[expect(clippy::cast_precision_loss, reason = "counts of a minute are small")]
pub(super) fn aws(calls: &BTreeMap<Asked, AwsCount>, second: i64) -> Vec<MetricDatum> {
    let data = calls.iter().flat_map(|((service, access), count)| {
        let figures =
            [("AwsCalls", count.calls), ("AwsRetries", count.retries), ("AwsFailures", count.failures)];
        figures.map(|(metric, number)| {
            MetricDatum::builder()
                .metric_name(metric)
                .timestamp(DateTime::from_secs(second))
                .dimensions(Dimension::builder().name("service").value(service).build())
                .dimensions(Dimension::builder().name("access").value(access.id()).build())
                .unit(StandardUnit::Count)
                .value(number as f64)
                .build()
        })
    });
    data.collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::telemetry::call::Outcome;
    use crate::engine::telemetry::tally::Dimensions;

    #[test]
    fn calls_are_added_up_by_server_and_all_together() {
        let count = |server: &'static str, calls: u64| {
            let dimensions = Dimensions { server, tool: format!("tool {calls}"), outcome: Outcome::Ok };
            (5, dimensions, Counted { calls, ..Counted::default() })
        };
        let sums = of_servers(&[count("s3", 2), count("s3", 3), count("rds", 4)]);
        let sums: Vec<_> = sums.iter().map(|sum| (sum.server, sum.counted.calls)).collect();
        assert_eq!(sums, [(None, 9), (Some("rds"), 4), (Some("s3"), 5)]);
    }
}
