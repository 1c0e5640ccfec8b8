//! `GetLogEvents`: a stream, page by page in both directions.

use serde_json::{Value, json};

use super::super::error::LogsError;
use super::super::position::{Position, invalid_token};
use super::super::store::{Direction, PageRequest, StoredEvent};
use super::{Answer, Call};

/// The most events on a page.
pub(super) const MOST_EVENTS: usize = 10_000;

impl Call<'_> {
    pub(super) fn get_log_events(&mut self) -> Answer {
        let group = self.named_group()?;
        let name = self.stream_name()?;
        let (from, end) = self.range()?;
        let to = end.map_or(i64::MAX, |end| end.saturating_sub(1));
        let limit = self.parameters.count("limit", MOST_EVENTS)?;
        let starts_at_head = self.parameters.boolean("startFromHead")?.unwrap_or(false);
        let token = self.parameters.text("nextToken")?;
        self.parameters.only("unmask", &json!(false))?;
        self.finish_parameters()?;
        let stream = self.existing_stream(&group, &name)?;
        let (direction, position) = match &token {
            Some(token) => direction_of(token)?,
            None if starts_at_head => (Direction::Forward, Position::START),
            None => (Direction::Backward, Position::END),
        };
        let request = PageRequest {
            of: stream.id,
            is_stream: true,
            from: from.max(group.cutoff(self.now).unwrap_or(0)),
            to,
            position,
            direction,
            limit,
            effort: usize::MAX,
        };
        let mut events = self.store().page(&request, |_| true)?.events;
        if direction == Direction::Backward {
            events.reverse();
        }
        // Of an empty page both tokens are the place where reading began.
        let first = events.first().map_or(position, StoredEvent::position);
        let last = events.last().map_or(position, StoredEvent::position);
        let first = if token.is_none() && events.is_empty() { Position::END } else { first };
        let last = if token.is_none() && events.is_empty() { Position::START } else { last };
        Ok(json!({
            "events": events.iter().map(described).collect::<Vec<_>>(),
            "nextForwardToken": format!("f/{}", last.token()),
            "nextBackwardToken": format!("b/{}", first.token()),
        }))
    }
}

/// The direction and the place that a token names: towards later or earlier events from there.
pub(super) fn direction_of(token: &str) -> Result<(Direction, Position), LogsError> {
    match token.split_once('/') {
        Some(("f", position)) => Ok((Direction::Forward, Position::of_token(position)?)),
        Some(("b", position)) => Ok((Direction::Backward, Position::of_token(position)?)),
        _ => Err(invalid_token()),
    }
}

fn described(event: &StoredEvent) -> Value {
    json!({ "timestamp": event.timestamp, "message": event.message, "ingestionTime": event.ingested })
}
