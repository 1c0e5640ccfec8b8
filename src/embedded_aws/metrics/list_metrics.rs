//! `ListMetrics`: which metrics there are, page by page.

use jiff::Timestamp;

use super::error::MetricsError;
use super::metric::Metric;
use super::paging::Question;
use super::store::{MetricFilter, Store};
use super::value::{Fields, Value};

/// Metrics of a page.
const PAGE: usize = 500;
/// The most dimensions to filter by.
const DIMENSIONS: usize = 10;
/// Metrics without values for this long are not listed, in seconds: two weeks.
const FORGOTTEN_AFTER: i64 = 14 * 24 * 3600;
/// What `RecentlyActive` asks for, in seconds: three hours.
const RECENT: i64 = 3 * 3600;

/// Answers a request. Metrics are in the order in which they were first reported.
pub(super) fn list_metrics(store: &Store, request: Value, now: Timestamp) -> Result<Value, MetricsError> {
    let question = Question::of("ListMetrics", &request);
    let mut fields = Fields::of_request(request)?;
    let after = question.position(fields.text("NextToken")?)?.unwrap_or(0);
    let filter = read_filter(&mut fields, now)?;
    fields.finish()?;

    let mut found = store.list(&filter, after, PAGE + 1)?;
    let has_more = found.len() > PAGE;
    found.truncate(PAGE);
    let last = found.last().map(|(number, _)| *number).filter(|_| has_more);
    let token = last.map(|last| question.token(&last)).transpose()?;
    let metrics: Vec<Value> = found.iter().map(|(_, metric)| describe(metric)).collect();
    Ok(Value::structure([("Metrics", Value::List(metrics)), ("NextToken", token.into())]))
}

fn read_filter(fields: &mut Fields, now: Timestamp) -> Result<MetricFilter, MetricsError> {
    let age = match fields.text("RecentlyActive")?.as_deref() {
        None => FORGOTTEN_AFTER,
        Some("PT3H") => RECENT,
        Some(other) => return Err(fields.invalid("RecentlyActive", other)),
    };
    if fields.boolean("IncludeLinkedAccounts")?.unwrap_or(false) {
        return Err(MetricsError::InvalidParameterValue(
            "the embedded AWS has one account and no linked ones".to_owned(),
        ));
    }
    let structures = fields.structures("Dimensions")?;
    if structures.len() > DIMENSIONS {
        return Err(MetricsError::InvalidParameterValue(format!(
            "The collection Dimensions must not have a size greater than {DIMENSIONS}."
        )));
    }
    let dimensions = structures.into_iter().map(|mut dimension| {
        let read = (dimension.required_text("Name", 255)?, dimension.text("Value")?);
        dimension.finish()?;
        Ok::<_, MetricsError>(read)
    });
    Ok(MetricFilter {
        dimensions: dimensions.collect::<Result<_, _>>()?,
        namespace: fields.text("Namespace")?,
        name: fields.text("MetricName")?,
        newest_from: now.as_second() - age,
    })
}

fn describe(metric: &Metric) -> Value {
    Value::structure([
        ("Namespace", metric.namespace.as_str().into()),
        ("MetricName", metric.name.as_str().into()),
        ("Dimensions", metric.dimensions.to_value()),
    ])
}
