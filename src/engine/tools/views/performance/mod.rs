//! How fast, how busy and how expensive the tools are, for the page of performance. Everything is read from
//! `CloudWatch`, so it survives restarts and is of all instances.

mod assemble;
mod cost;

use crate::engine::catalog::Catalog;
use crate::engine::monitoring::metrics::{self, Periods, Values, Wanted};
use crate::engine::monitoring::periods;
use crate::engine::monitoring::time::TimeRange;
use crate::engine::tools::cloudwatch::time_range;
use crate::engine::tools::{Class, Context, Effect, Operation, ToolError, choices};
use crate::model::performance::{PerformanceRange, PerformanceRequest, PerformanceView};
use crate::model::tool::AwsResource;
use assemble::{PERCENTILES, Read};
use jiff::{Timestamp, ToSpan};

/// The most periods on a chart.
const MOST_PERIODS: i64 = 120;

/// The figures of a range.
pub struct ViewPerformance;

impl Operation for ViewPerformance {
    const NAME: &'static str = "view_performance";
    const EFFECT: Effect = Effect::Reads;
    const CLASS: Class = Class::Page;
    type Input = PerformanceRequest;
    type Output = PerformanceView;

    fn resources(request: &PerformanceRequest, catalog: &Catalog) -> Result<Vec<AwsResource>, ToolError> {
        asked(request, catalog)?;
        let namespace = &catalog.monitoring.namespace;
        Ok(vec![choices::metrics("ListMetrics", namespace), choices::metrics("GetMetricData", namespace)])
    }

    async fn run(request: PerformanceRequest, context: Context) -> Result<PerformanceView, ToolError> {
        let catalog = &context.catalog;
        let now = asked(&request, catalog)?;
        let server = request.server.as_deref();
        // Kilobytes each, which the call's own future need not have.
        let read = Box::pin(self::read(catalog, server, now));
        let before = async {
            match earlier(now).filter(|_| request.compare) {
                Some(earlier) => Box::pin(self::read(catalog, server, earlier)).await.map(Some),
                None => Ok(None),
            }
        };
        let (read, before) = tokio::try_join!(read, before)?;
        Ok(assemble::view(&read, before.as_ref(), now, server))
    }
}

/// The range that is asked for, in whole periods.
fn asked(request: &PerformanceRequest, catalog: &Catalog) -> Result<Periods, ToolError> {
    let now = Timestamp::now();
    let range = match &request.range {
        PerformanceRange::Between(from, to) => {
            let given = |text: &'_ str| (!text.trim().is_empty()).then(|| text.to_owned());
            time_range(given(from).as_deref(), given(to).as_deref(), catalog)?
        }
        range => {
            let seconds = range.seconds_until_now().unwrap_or_default();
            TimeRange { from: now.checked_sub(seconds.seconds()).unwrap_or(now), to: now }
        }
    };
    let least = periods::least(range, now);
    Ok(Periods { range, seconds: periods::chosen(range, least, MOST_PERIODS) })
}

/// The range of as many periods before another.
fn earlier(periods: Periods) -> Option<Periods> {
    let starts = periods.starts();
    let first = *starts.first()?;
    let length = i64::try_from(starts.len()).ok()? * i64::from(periods.seconds);
    let at = |second| Timestamp::from_second(second).ok();
    Some(Periods { range: TimeRange { from: at(first - length)?, to: at(first)? }, ..periods })
}

async fn read(catalog: &Catalog, server: Option<&str>, periods: Periods) -> Result<Read, ToolError> {
    let (aws, namespace) = (&catalog.aws, &catalog.monitoring.namespace);
    let fixed: Vec<_> = server.iter().map(|server| ("server", *server)).collect();
    let (calls, busy, asked) = tokio::try_join!(
        metrics::list(aws, namespace, "Calls", &fixed),
        metrics::list_dimensions(aws, namespace, "Saturation", &fixed),
        metrics::list_dimensions(aws, namespace, "AwsCalls", &[]),
    )?;
    let (series, truncated) = calls;
    let ((busy, more_busy), (asked, more_asked)) = (busy, asked);
    let of_server: Vec<_> =
        fixed.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    let mut wanted = Vec::new();
    for one in &series {
        wanted.push(Wanted::new("Calls", one.dimensions(), "Sum"));
        wanted.push(Wanted::new("Errors", one.dimensions(), "Sum"));
    }
    wanted.extend(
        PERCENTILES.into_iter().map(|percentile| Wanted::new("Duration", of_server.clone(), percentile)),
    );
    wanted.extend(busy.iter().map(|dimensions| Wanted::new("Saturation", dimensions.clone(), "Maximum")));
    for dimensions in &asked {
        wanted.push(Wanted::new("AwsCalls", dimensions.clone(), "Sum"));
        wanted.push(Wanted::new("AwsRetries", dimensions.clone(), "Sum"));
    }
    let mut values = metrics::read_all(aws, namespace, &wanted, periods).await?.into_iter();
    let mut next = move || values.next().unwrap_or_default();
    let named = |dimensions: &[(String, String)], name: &str| {
        let found = dimensions.iter().find(|(known, _)| known == name);
        found.map(|(_, value)| value.clone()).unwrap_or_default()
    };
    Ok(Read {
        calls: series.into_iter().map(|series| (series, next(), next())).collect(),
        latency: PERCENTILES.iter().map(|_| next()).collect::<Vec<Values>>(),
        saturation: busy.iter().map(|dimensions| (named(dimensions, "server"), next())).collect(),
        aws: asked
            .iter()
            .map(|dimensions| {
                let reads = named(dimensions, "access") == "read";
                (named(dimensions, "service"), reads, next(), next())
            })
            .collect(),
        truncated: truncated || more_busy || more_asked,
    })
}
