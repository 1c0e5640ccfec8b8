//! `GetMetricData`: series of metrics and of expressions over them, page by page.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;

use super::error::MetricsError;
use super::expression::{Expression, Quantity, Series, evaluate, parse};
use super::paging::Question;
use super::series::{SeriesQuery, Window};
use super::store::Store;
use super::value::{Fields, Value};

/// The most queries of a request.
const QUERIES: usize = 500;
/// The most values of an answer.
const DATAPOINTS: usize = 100_800;
/// The longest expression, in characters.
const EXPRESSION_LENGTH: usize = 2048;

/// A query of a request.
struct Query {
    id: String,
    label: Option<String>,
    is_returned: bool,
    source: Source,
}

/// Where a query's values come from.
enum Source {
    Metric(SeriesQuery),
    Expression(Expression),
}

/// Where a page ended: in which of the series, and at which of its times.
type Position = (usize, Option<i64>);

/// Answers a request.
pub(super) fn get_data(store: &Store, request: Value, now: Timestamp) -> Result<Value, MetricsError> {
    let question = Question::of("GetMetricData", &request);
    let mut fields = Fields::of_request(request)?;
    let window = Window::read(&mut fields).map_err(as_validation)?;
    let is_ascending = read_order(&mut fields)?;
    let most = read_page_size(&mut fields)?;
    let from: Position = question.position(fields.text("NextToken")?)?.unwrap_or((0, None));
    let queries = read_queries(&mut fields)?;
    fields.finish()?;

    let results = run(store, &queries, window, now)?;
    let rows = rows(&queries, results, is_ascending)?;
    let begin = begin_of_page(&rows, from, is_ascending);
    page(&question, &rows, begin, most)
}

fn as_validation(error: MetricsError) -> MetricsError {
    match error {
        MetricsError::InvalidParameterValue(message) => MetricsError::Validation(message),
        other => other,
    }
}

fn read_order(fields: &mut Fields) -> Result<bool, MetricsError> {
    match fields.text("ScanBy")?.as_deref() {
        None | Some("TimestampDescending") => Ok(false),
        Some("TimestampAscending") => Ok(true),
        Some(other) => Err(MetricsError::Validation(format!("{other} is no order to scan by"))),
    }
}

fn read_page_size(fields: &mut Fields) -> Result<usize, MetricsError> {
    let Some(most) = fields.integer("MaxDatapoints")? else { return Ok(DATAPOINTS) };
    let size = usize::try_from(most).ok().filter(|size| (1..=DATAPOINTS).contains(size));
    size.ok_or_else(|| {
        MetricsError::Validation(format!("MaxDatapoints must be from 1 to {DATAPOINTS}, not {most}"))
    })
}

fn read_queries(fields: &mut Fields) -> Result<Vec<Query>, MetricsError> {
    let structures = fields.structures("MetricDataQueries")?;
    if structures.is_empty() || structures.len() > QUERIES {
        return Err(MetricsError::Validation(format!(
            "MetricDataQueries must have from 1 to {QUERIES} members, not {}",
            structures.len()
        )));
    }
    let queries = structures.into_iter().map(read_query).collect::<Result<Vec<_>, _>>()?;
    let ids: BTreeSet<&str> = queries.iter().map(|query| query.id.as_str()).collect();
    if ids.len() < queries.len() {
        return Err(MetricsError::Validation("each query must have an id of its own".to_owned()));
    }
    Ok(queries)
}

fn read_query(mut fields: Fields) -> Result<Query, MetricsError> {
    let id = fields.required_text("Id", 255)?;
    let mut characters = id.chars();
    if !characters.next().is_some_and(|first| first.is_ascii_lowercase())
        || !characters.all(|next| next.is_ascii_alphanumeric() || next == '_')
    {
        return Err(MetricsError::Validation(format!(
            "the id {id} must begin with a lower-case letter and consist of letters, digits and '_'"
        )));
    }
    let label = fields.text("Label")?;
    if label.as_ref().is_some_and(|label| label.contains("${")) {
        return Err(MetricsError::Validation(
            "the embedded AWS does not implement dynamic labels".to_owned(),
        ));
    }
    let is_returned = fields.boolean("ReturnData")?.unwrap_or(true);
    let expression = fields.text("Expression")?;
    let source = match (fields.structure("MetricStat")?, expression) {
        (Some(statistic), None) => Source::Metric(SeriesQuery::read(statistic).map_err(as_validation)?),
        (None, Some(text)) => Source::Expression(read_expression(&id, &text)?),
        _ => {
            return Err(MetricsError::Validation(format!(
                "the query {id} must have either MetricStat or Expression, and not both"
            )));
        }
    };
    fields.finish()?;
    Ok(Query { id, label, is_returned, source })
}

fn read_expression(id: &str, text: &str) -> Result<Expression, MetricsError> {
    if text.chars().count() > EXPRESSION_LENGTH {
        let message = format!("the expression {id} is longer than {EXPRESSION_LENGTH} characters");
        return Err(MetricsError::Validation(message));
    }
    parse(text).map_err(|error| MetricsError::Validation(format!("Error in expression '{id}': {error}")))
}

/// The results of all queries: first of the metrics, then of each expression as soon as those it
/// names are there.
fn run(
    store: &Store,
    queries: &[Query],
    window: Window,
    now: Timestamp,
) -> Result<BTreeMap<String, Quantity>, MetricsError> {
    let mut results = BTreeMap::new();
    let mut metrics = Vec::new();
    let mut waiting = Vec::new();
    for query in queries {
        match &query.source {
            Source::Metric(series) => {
                let label = query.label.clone().unwrap_or_else(|| series.metric.name.clone());
                let points = series.run(store, window, now)?;
                let series = Series { label, period: series.period, points };
                results.insert(query.id.clone(), Quantity::Series(series));
                metrics.push(query.id.clone());
            }
            Source::Expression(expression) => waiting.push((&query.id, expression)),
        }
    }
    while !waiting.is_empty() {
        let (ready, later): (Vec<_>, Vec<_>) = waiting
            .iter()
            .copied()
            .partition(|(_, expression)| expression.ids().iter().all(|id| results.contains_key(*id)));
        if ready.is_empty() {
            return Err(unresolved(queries, &later));
        }
        for (id, expression) in ready {
            let result = evaluate(expression, &results, &metrics)
                .map_err(|error| MetricsError::Validation(format!("Error in expression '{id}': {error}")))?;
            results.insert(id.clone(), result);
        }
        waiting = later;
    }
    Ok(results)
}

/// Why these expressions wait for ever: an id that is none, or a circle.
fn unresolved(queries: &[Query], waiting: &[(&String, &Expression)]) -> MetricsError {
    for (id, expression) in waiting {
        let unknown =
            expression.ids().into_iter().find(|named| queries.iter().all(|query| query.id != *named));
        if let Some(unknown) = unknown {
            let message = format!("Error in expression '{id}': there is no query with the id {unknown}");
            return MetricsError::Validation(message);
        }
    }
    let circle: Vec<&str> = waiting.iter().map(|(id, _)| id.as_str()).collect();
    MetricsError::Validation(format!("the expressions {} name each other in a circle", circle.join(", ")))
}

/// A series of the answer, in the order asked for.
struct Row {
    id: String,
    label: String,
    points: Vec<(i64, f64)>,
}

fn rows(
    queries: &[Query],
    mut results: BTreeMap<String, Quantity>,
    is_ascending: bool,
) -> Result<Vec<Row>, MetricsError> {
    let mut rows = Vec::new();
    for query in queries.iter().filter(|query| query.is_returned) {
        let is_expression = matches!(query.source, Source::Expression(_));
        let series = match results.remove(&query.id) {
            Some(Quantity::Series(series)) if is_expression => {
                let label = query.label.clone().unwrap_or_else(|| query.id.clone());
                vec![Series { label, ..series }]
            }
            Some(Quantity::Series(series)) => vec![series],
            Some(Quantity::Many(many)) => many,
            Some(Quantity::Number(_)) | None => {
                return Err(MetricsError::Validation(format!(
                    "Error in expression '{}': it must return a time series and not a number",
                    query.id
                )));
            }
        };
        for series in series {
            // What is divided by nothing is no value.
            let mut points: Vec<(i64, f64)> =
                series.points.into_iter().filter(|(_, value)| value.is_finite()).collect();
            if !is_ascending {
                points.reverse();
            }
            rows.push(Row { id: query.id.clone(), label: series.label, points });
        }
    }
    Ok(rows)
}

/// The series with which a page begins, and how many of its values earlier pages had.
fn begin_of_page(rows: &[Row], (first, last): Position, is_ascending: bool) -> (usize, usize) {
    let points = rows.get(first).map(|row| row.points.as_slice()).unwrap_or_default();
    let is_shown =
        |time: i64| last.is_some_and(|last| if is_ascending { time <= last } else { time >= last });
    (first, points.iter().take_while(|(time, _)| is_shown(*time)).count())
}

/// At most `most` values from this series and value on.
fn page(
    question: &Question,
    rows: &[Row],
    (first, shown_before): (usize, usize),
    most: usize,
) -> Result<Value, MetricsError> {
    let mut room = most;
    let mut results = Vec::new();
    let mut next = None;
    for (number, row) in rows.iter().enumerate().skip(first) {
        if room == 0 {
            break;
        }
        let begin = if number == first { shown_before } else { 0 };
        let left = row.points.get(begin..).unwrap_or_default();
        let shown = left.get(..room.min(left.len())).unwrap_or_default();
        let is_complete = shown.len() == left.len();
        room -= shown.len();
        results.push(result(row, shown, is_complete));
        let last = shown.last().map(|(time, _)| *time);
        if !is_complete {
            next = Some((number, last));
            break;
        }
        next = (room == 0 && number + 1 < rows.len()).then_some((number + 1, None));
    }
    let token = next.map(|position: Position| question.token(&position)).transpose()?;
    Ok(Value::structure([
        ("MetricDataResults", results.into()),
        ("NextToken", token.into()),
        ("Messages", Value::List(Vec::new())),
    ]))
}

fn result(row: &Row, points: &[(i64, f64)], is_complete: bool) -> Value {
    let times = points.iter().map(|(second, _)| Timestamp::from_second(*second).ok().into());
    let values = points.iter().map(|(_, value)| Value::Number(*value));
    Value::structure([
        ("Id", row.id.as_str().into()),
        ("Label", row.label.as_str().into()),
        ("Timestamps", Value::List(times.collect())),
        ("Values", Value::List(values.collect())),
        ("StatusCode", if is_complete { "Complete" } else { "PartialData" }.into()),
    ])
}
