//! `FilterLogEvents`: the events of a group that match a pattern, in the order of time.

use std::collections::HashMap;

use serde_json::json;

use super::super::error::LogsError;
use super::super::names::StreamName;
use super::super::pattern::FilterPattern;
use super::super::pointer;
use super::super::position::Position;
use super::super::store::{Direction, Group, PageRequest};
use super::reading::{MOST_EVENTS, direction_of};
use super::{Answer, Call, insert};

/// How many events one call looks at: a page may end there with few events or none, and a token.
const EFFORT: usize = 100_000;
/// The most streams that can be named.
const MOST_STREAMS: usize = 100;

impl Call<'_> {
    pub(super) fn filter_log_events(&mut self) -> Answer {
        let group = self.named_group()?;
        let streams = self.chosen_streams(&group)?;
        let (from, end) = self.range()?;
        let to = end.unwrap_or(i64::MAX);
        let pattern = self.parameters.text("filterPattern")?.unwrap_or_default();
        let limit = self.parameters.count("limit", MOST_EVENTS)?;
        let starts_at_head = self.parameters.boolean("startFromHead")?.unwrap_or(true);
        let token = self.parameters.text("nextToken")?;
        // Events of several streams always come interleaved, as AWS has it since 2019.
        self.parameters.boolean("interleaved")?;
        self.parameters.only("unmask", &json!(false))?;
        self.finish_parameters()?;
        let pattern =
            FilterPattern::parse(&pattern).map_err(|error| LogsError::invalid(error.to_string()))?;
        let (direction, position) = match token {
            Some(token) => direction_of(&token)?,
            None if starts_at_head => (Direction::Forward, Position::START),
            None => (Direction::Backward, Position::END),
        };
        let request = PageRequest {
            of: group.id,
            is_stream: false,
            from: from.max(group.cutoff(self.now).unwrap_or(0)),
            to,
            position,
            direction,
            limit,
            effort: EFFORT,
        };
        let page = self
            .store()
            .page(&request, |event| streams.contains_key(&event.stream) && pattern.matches(&event.message))?;
        let events = page.events.iter().map(|event| {
            json!({
                "logStreamName": streams.get(&event.stream),
                "timestamp": event.timestamp,
                "message": event.message,
                "ingestionTime": event.ingested,
                "eventId": pointer::written(event.number),
            })
        });
        let way = if direction == Direction::Forward { "f" } else { "b" };
        let next = page.stopped_at.map(|position| format!("{way}/{}", position.token()));
        let mut answer = json!({ "events": events.collect::<Vec<_>>(), "searchedLogStreams": [] });
        insert(&mut answer, "nextToken", next);
        Ok(answer)
    }

    /// The numbers and names of the streams that `logStreamNames` or `logStreamNamePrefix` name, or of
    /// all.
    fn chosen_streams(&mut self, group: &Group) -> Result<HashMap<i64, String>, LogsError> {
        let names = self.parameters.texts("logStreamNames")?;
        let prefix = self.parameters.text("logStreamNamePrefix")?;
        let streams = match (names, prefix) {
            (Some(_), Some(_)) => {
                return Err(LogsError::invalid("logStreamNames and logStreamNamePrefix exclude each other"));
            }
            (Some(names), None) => {
                if names.is_empty() || names.len() > MOST_STREAMS {
                    return Err(LogsError::invalid(format!(
                        "logStreamNames must have 1 to {MOST_STREAMS} names"
                    )));
                }
                let streams = names.iter().map(|name| self.existing_stream(group, &StreamName::parse(name)?));
                streams.collect::<Result<_, _>>()?
            }
            (None, prefix) => {
                let mut streams = self.store().streams(group.id)?;
                streams.retain(|stream| prefix.as_ref().is_none_or(|prefix| stream.name.starts_with(prefix)));
                streams
            }
        };
        Ok(streams.into_iter().map(|stream| (stream.id, stream.name)).collect())
    }
}
