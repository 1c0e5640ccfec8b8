//! Logs Insights: starting, watching and stopping queries.

use std::sync::Arc;

use serde_json::{Value, json};

use super::super::error::LogsError;
use super::super::insights::{self, MOST_ROWS, ResultRow};
use super::super::names::GroupName;
use super::super::position::invalid_token;
use super::super::queries::{Outcome, Query, Request};
use super::super::store::{Group, Span};
use super::{Answer, Call, insert};

const LANGUAGE: &str = "CWLI";
/// The longest query, as AWS has it.
const LONGEST: usize = 10_000;
/// The most groups of a query.
const MOST_GROUPS: usize = 50;
/// The most rows in one answer.
const MOST_ITEMS: usize = 10_000;
/// The most queries in one answer.
const MOST_QUERIES: usize = 1000;
const STATUSES: [&str; 7] = ["Scheduled", "Running", "Complete", "Failed", "Cancelled", "Timeout", "Unknown"];

impl Call<'_> {
    pub(super) fn start_query(&mut self) -> Answer {
        self.parameters.only("queryLanguage", &json!(LANGUAGE))?;
        let names = self.queried_groups()?;
        let start = self.parameters.time("startTime")?;
        let end = self.parameters.time("endTime")?;
        let text = self.parameters.required_text("queryString")?;
        let limit = self.parameters.count("limit", MOST_ROWS)?;
        let limit = (limit < MOST_ROWS).then_some(limit);
        self.finish_parameters()?;
        let (Some(start), Some(end)) = (start, end) else {
            return Err(LogsError::invalid("the parameters startTime and endTime must be given"));
        };
        if end < start {
            return Err(LogsError::invalid(format!("endTime {end} must not be before startTime {start}")));
        }
        if text.chars().count() > LONGEST {
            return Err(LogsError::invalid(format!("queryString must have at most {LONGEST} characters")));
        }
        let groups = names.iter().map(|name| self.existing_group(name)).collect::<Result<Vec<_>, _>>()?;
        let plan = insights::compile(&text, limit)
            .map_err(|error| LogsError::MalformedQuery { query: text.clone(), error })?;
        let spans = groups.iter().map(|group| self.span(group, start, end)).collect();
        let groups = groups.into_iter().map(|group| group.name).collect();
        let request = Request { text, plan, spans, groups, created: self.now };
        let id = self.operations.queries.start(&self.operations.store, request)?;
        Ok(json!({ "queryId": id }))
    }

    /// The groups that exactly one of three parameters names, each once.
    fn queried_groups(&mut self) -> Result<Vec<GroupName>, LogsError> {
        let one = self.parameters.text("logGroupName")?;
        let several = self.parameters.texts("logGroupNames")?;
        let identifiers = self.parameters.texts("logGroupIdentifiers")?;
        let names: Result<Vec<_>, _> = match (one, several, identifiers) {
            (Some(name), None, None) => GroupName::parse(&name).map(|name| vec![name]),
            (None, Some(names), None) => names.iter().map(|name| GroupName::parse(name)).collect(),
            (None, None, Some(identifiers)) => {
                let region = &self.operations.region;
                identifiers.iter().map(|identifier| GroupName::parse_identifier(identifier, region)).collect()
            }
            _ => Err(LogsError::invalid(
                "exactly one of logGroupName, logGroupNames and logGroupIdentifiers must be given",
            )),
        };
        let mut groups: Vec<GroupName> = Vec::new();
        for name in names? {
            if !groups.contains(&name) {
                groups.push(name);
            }
        }
        if (1..=MOST_GROUPS).contains(&groups.len()) {
            return Ok(groups);
        }
        Err(LogsError::invalid(format!(
            "a query is over 1 to {MOST_GROUPS} log groups, unlike {}",
            groups.len()
        )))
    }

    /// The whole seconds from the first to the last, both included, as far as events are kept.
    fn span(&self, group: &Group, start: i64, end: i64) -> Span {
        let from = start.saturating_mul(1000).max(group.cutoff(self.now).unwrap_or(0));
        Span { group: group.id, from, to: end.saturating_mul(1000).saturating_add(999) }
    }

    fn query(&mut self) -> Result<Arc<Query>, LogsError> {
        let id = self.parameters.required_text("queryId")?;
        self.operations.queries.get(&id).ok_or_else(|| LogsError::no_query(&id))
    }

    pub(super) fn get_query_results(&mut self) -> Answer {
        let query = self.query()?;
        let most = self.parameters.count("maxItems", MOST_ITEMS)?;
        let start = self.offset()?;
        self.finish_parameters()?;
        let outcome = query.outcome();
        let rows: &[ResultRow] = match &outcome {
            Outcome::Complete(rows) => rows,
            _ => &[],
        };
        let page = rows.get(start..).ok_or_else(invalid_token)?;
        let next = (page.len() > most).then(|| (start + most).to_string());
        let statistics = query.statistics();
        let mut answer = json!({
            "queryLanguage": LANGUAGE,
            "results": page.iter().take(most).map(described_row).collect::<Vec<_>>(),
            "statistics": {
                "recordsMatched": as_double(statistics.matched),
                "recordsScanned": as_double(statistics.scanned),
                "bytesScanned": as_double(statistics.bytes),
                "estimatedRecordsSkipped": 0.0,
                "estimatedBytesSkipped": 0.0,
                "logGroupsScanned": as_double(query.groups.len() as u64),
                "resultCount": rows.len(),
            },
            "status": outcome.status(),
        });
        insert(&mut answer, "nextToken", next);
        Ok(answer)
    }

    /// Where a page begins in a list that does not change.
    fn offset(&mut self) -> Result<usize, LogsError> {
        let token = self.parameters.text("nextToken")?;
        token.map_or(Ok(0), |token| token.parse().map_err(|_| invalid_token()))
    }

    pub(super) fn stop_query(&mut self) -> Answer {
        let query = self.query()?;
        self.finish_parameters()?;
        if query.stop() {
            return Ok(json!({ "success": true }));
        }
        let message = format!("the query {} is over: {}", query.id, query.outcome().status());
        Err(LogsError::invalid(message))
    }

    pub(super) fn describe_queries(&mut self) -> Answer {
        let group = self.parameters.text("logGroupName")?.map(|name| GroupName::parse(&name)).transpose()?;
        let status = self.parameters.text("status")?;
        let most = self.parameters.count("maxResults", MOST_QUERIES)?;
        let after = self.parameters.text("nextToken")?;
        self.parameters.only("queryLanguage", &json!(LANGUAGE))?;
        self.finish_parameters()?;
        if let Some(status) = status.as_deref().filter(|status| !STATUSES.contains(status)) {
            return Err(LogsError::invalid(format!(
                "status must be one of {}, unlike {status}",
                STATUSES.join(", ")
            )));
        }
        if let Some(group) = &group {
            self.existing_group(group)?;
        }
        let mut queries = self.operations.queries.latest_first();
        queries.retain(|query| {
            // Ids are in the order of time.
            after.as_ref().is_none_or(|after| query.id < *after)
                && status.as_ref().is_none_or(|status| query.outcome().status() == status)
                && group.as_ref().is_none_or(|group| query.groups.iter().any(|name| name == group.as_str()))
        });
        let has_more = queries.len() > most;
        queries.truncate(most);
        let next = queries.last().filter(|_| has_more).map(|query| query.id.clone());
        let mut answer =
            json!({ "queries": queries.iter().map(|query| described_query(query)).collect::<Vec<_>>() });
        insert(&mut answer, "nextToken", next);
        Ok(answer)
    }
}

fn described_row(row: &ResultRow) -> Value {
    row.iter().map(|(field, value)| json!({ "field": field, "value": value })).collect()
}

fn described_query(query: &Query) -> Value {
    let mut described = json!({
        "queryLanguage": LANGUAGE,
        "queryId": query.id,
        "queryString": query.text,
        "status": query.outcome().status(),
        "createTime": query.created,
        "bytesScanned": as_double(query.statistics().bytes),
    });
    insert(&mut described, "logGroupName", query.groups.first().cloned());
    insert(&mut described, "queryDuration", query.duration());
    described
}

/// Statistics are doubles on the wire.
#[expect(clippy::cast_precision_loss, reason = "counts stay below 2⁵³")]
fn as_double(count: u64) -> f64 {
    count as f64
}
