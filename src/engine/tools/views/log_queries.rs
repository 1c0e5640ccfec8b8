//! What the page of logs does: starting a query, looking at it, stopping it.
//!
//! A query runs at AWS and is known by its id; nothing of it is kept in the process. So any instance can
//! answer for a query that another has started.

use super::query_ownership;
use crate::engine::catalog::Catalog;
use crate::engine::monitoring::histogram::{bars, bin_seconds, counting_query};
use crate::engine::monitoring::insights::{self, LogQuery};
use crate::engine::monitoring::{groups, time::TimeRange};
use crate::engine::tools::cloudwatch::{log_query, time_range};
use crate::engine::tools::{Class, Context, Effect, Operation, ToolError, choices};
use crate::model::logs::{
    HistogramLook, HistogramState, LogGroupList, LogGroupRow, LogQueryLook, LogQueryRequest, LogQueryState,
    MAX_LOG_ROWS, StartedLogQuery,
};
use crate::model::tool::AwsResource;
use futures::future::join_all;

/// Starts a query, and the one that counts what it matches over time.
pub struct StartLogQuery;

impl Operation for StartLogQuery {
    const NAME: &'static str = "start_log_query";
    const EFFECT: Effect = Effect::Reads;
    const CLASS: Class = Class::Page;
    type Input = LogQueryRequest;
    type Output = StartedLogQuery;

    fn resources(request: &LogQueryRequest, catalog: &Catalog) -> Result<Vec<AwsResource>, ToolError> {
        Ok(vec![choices::logs("StartQuery", &read(request, catalog)?.group)])
    }

    async fn run(request: LogQueryRequest, context: Context) -> Result<StartedLogQuery, ToolError> {
        let query = read(&request, &context.catalog)?;
        let aws = &context.catalog.aws;
        let bin_seconds = bin_seconds(query.range);
        let query_id = insights::start(aws, &query).await?;
        claim_or_stop(&context, &query_id, &query).await?;
        let histogram_query_id = match counting_query(&query.text, bin_seconds) {
            Some(text) => {
                let counting = LogQuery { text, limit: MAX_LOG_ROWS, ..query.clone() };
                // The rows are worth more than the picture of their times: they come without it, too.
                let counted = start_counting(&context, &counting).await;
                counted.inspect_err(|error| tracing::warn!(%error, "a search has no histogram")).ok()
            }
            None => None,
        };
        Ok(StartedLogQuery {
            query_id,
            histogram_query_id,
            start_time: query.range.from.to_string(),
            end_time: query.range.to.to_string(),
            log_group_name: query.group,
            bin_seconds,
        })
    }
}

async fn start_counting(context: &Context, counting: &LogQuery) -> Result<String, ToolError> {
    let id = insights::start(&context.catalog.aws, counting).await?;
    claim_or_stop(context, &id, counting).await?;
    Ok(id)
}

/// Writes down whose a query is. One of which that cannot be known is stopped: nobody could look at it.
async fn claim_or_stop(context: &Context, id: &str, query: &LogQuery) -> Result<(), ToolError> {
    let Err(error) = query_ownership::claim(context, id, &query.group).await else { return Ok(()) };
    if let Err(failure) = insights::stop(&context.catalog.aws, id).await {
        tracing::warn!(%failure, query_id = id, "a query that nobody can look at could not be stopped");
    }
    Err(error.into())
}

fn read(request: &LogQueryRequest, catalog: &Catalog) -> Result<LogQuery, ToolError> {
    let range = (request.start_time.as_deref(), request.end_time.as_deref());
    log_query(request.log_group_name.as_deref(), &request.query, range, request.limit, catalog)
}

/// Looks at a query.
pub struct ReadLogQuery;

impl Operation for ReadLogQuery {
    const NAME: &'static str = "read_log_query";
    const EFFECT: Effect = Effect::Reads;
    const CLASS: Class = Class::Page;
    type Input = LogQueryLook;
    type Output = LogQueryState;

    fn resources(look: &LogQueryLook, _: &Catalog) -> Result<Vec<AwsResource>, ToolError> {
        if look.limit == 0 || look.limit > MAX_LOG_ROWS {
            return Err(ToolError::field("limit", format!("1 to {MAX_LOG_ROWS} rows are allowed")));
        }
        Ok(vec![choices::logs("GetQueryResults", query_id("queryId", &look.query_id)?)])
    }

    async fn run(look: LogQueryLook, context: Context) -> Result<LogQueryState, ToolError> {
        query_ownership::check(&context, &look.query_id).await?;
        let found = insights::look(&context.catalog.aws, &look.query_id, look.limit).await?;
        Ok(LogQueryState { status: found.status, statistics: found.statistics, table: found.table })
    }
}

/// Looks at the query that counts.
pub struct ReadLogHistogram;

impl Operation for ReadLogHistogram {
    const NAME: &'static str = "read_log_histogram";
    const EFFECT: Effect = Effect::Reads;
    const CLASS: Class = Class::Page;
    type Input = HistogramLook;
    type Output = HistogramState;

    fn resources(look: &HistogramLook, catalog: &Catalog) -> Result<Vec<AwsResource>, ToolError> {
        range_of(look, catalog)?;
        let id = query_id("histogramQueryId", &look.histogram_query_id)?;
        Ok(vec![choices::logs("GetQueryResults", id)])
    }

    async fn run(look: HistogramLook, context: Context) -> Result<HistogramState, ToolError> {
        query_ownership::check(&context, &look.histogram_query_id).await?;
        let range = range_of(&look, &context.catalog)?;
        let aws = &context.catalog.aws;
        let found = insights::look(aws, &look.histogram_query_id, MAX_LOG_ROWS).await?;
        Ok(HistogramState { status: found.status, histogram: bars(&found.table, range, look.bin_seconds) })
    }
}

fn range_of(look: &HistogramLook, catalog: &Catalog) -> Result<TimeRange, ToolError> {
    time_range(Some(&look.start_time), Some(&look.end_time), catalog)
}

/// Stops a query.
pub struct StopLogQuery;

impl Operation for StopLogQuery {
    const NAME: &'static str = "stop_log_query";
    const EFFECT: Effect = Effect::Reads;
    const CLASS: Class = Class::Page;
    type Input = String;
    type Output = ();

    fn resources(id: &String, _: &Catalog) -> Result<Vec<AwsResource>, ToolError> {
        Ok(vec![choices::logs("StopQuery", query_id("queryId", id)?)])
    }

    async fn run(id: String, context: Context) -> Result<(), ToolError> {
        query_ownership::check(&context, &id).await?;
        Ok(insights::stop(&context.catalog.aws, &id).await?)
    }
}

/// An id as AWS gives it.
fn query_id<'a>(field: &str, id: &'a str) -> Result<&'a str, ToolError> {
    let fits = (1..=256).contains(&id.len()) && id.chars().all(|c| c.is_ascii_alphanumeric() || c == '-');
    if fits { Ok(id) } else { Err(ToolError::field(field, "this is not the id of a query")) }
}

/// The log groups that may be asked.
pub struct ListLogGroups;

impl Operation for ListLogGroups {
    const NAME: &'static str = "list_log_groups";
    const EFFECT: Effect = Effect::Reads;
    const CLASS: Class = Class::Page;
    type Input = ();
    type Output = LogGroupList;

    fn resources((): &(), catalog: &Catalog) -> Result<Vec<AwsResource>, ToolError> {
        Ok(catalog.monitoring.groups.all().map(|group| choices::logs("DescribeLogGroups", group)).collect())
    }

    async fn run((): (), context: Context) -> Result<LogGroupList, ToolError> {
        let catalog = &context.catalog;
        let described = join_all(
            catalog
                .monitoring
                .groups
                .all()
                .map(|name| async move { (name, groups::describe(&catalog.aws, name).await) }),
        )
        .await;
        let mut rows = Vec::with_capacity(described.len());
        let mut failures = Vec::new();
        for (name, facts) in described {
            // One that may not be described must not hide the others, and can perhaps be searched.
            let (exists, facts) = match facts {
                Ok(facts) => (facts.is_some(), facts),
                Err(failure) => {
                    tracing::warn!(%failure, "nothing is known of a log group");
                    failures.push(failure);
                    (true, None)
                }
            };
            rows.push(LogGroupRow {
                name: name.to_owned(),
                exists,
                stored_bytes: facts.and_then(|facts| facts.stored_bytes),
                retention_days: facts.and_then(|facts| facts.retention_days),
            });
        }
        if failures.len() == rows.len()
            && let Some(failure) = failures.into_iter().next()
        {
            return Err(failure.into());
        }
        Ok(LogGroupList {
            groups: rows,
            default_group: catalog.monitoring.groups.default_group().to_owned(),
            time_zone: catalog.time_zone.iana_name().unwrap_or("UTC").to_owned(),
        })
    }
}
