//! Log streams.

use std::cmp::Ordering;

use serde_json::{Value, json};

use super::super::error::LogsError;
use super::super::names::{StreamName, group_arn};
use super::super::position::{name_of_token, token_of_name};
use super::super::store::{Creation, Group, Stream};
use super::{Answer, Call, PAGE, insert, nothing};

/// What streams are ordered by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum OrderBy {
    Name,
    LastEventTime,
}

impl Call<'_> {
    /// The parameter `logStreamName`, which must be there.
    pub(super) fn stream_name(&mut self) -> Result<StreamName, LogsError> {
        StreamName::parse(&self.parameters.required_text("logStreamName")?)
    }

    pub(super) fn existing_stream(&self, group: &Group, name: &StreamName) -> Result<Stream, LogsError> {
        let stream = self.store().stream(group.id, name.as_str())?;
        stream.ok_or_else(|| LogsError::no_stream(name.as_str()))
    }

    pub(super) fn create_log_stream(&mut self) -> Answer {
        let group = self.group_name()?;
        let name = self.stream_name()?;
        self.finish_parameters()?;
        let group = self.existing_group(&group)?;
        match self.store().create_stream(group.id, name.as_str(), self.now)? {
            Creation::Made => Ok(nothing()),
            Creation::Exists => {
                Err(LogsError::AlreadyExists { what: "log stream", name: name.as_str().to_owned() })
            }
            Creation::NoGroup => Err(LogsError::no_group(&group.name)),
        }
    }

    pub(super) fn delete_log_stream(&mut self) -> Answer {
        let group = self.group_name()?;
        let name = self.stream_name()?;
        self.finish_parameters()?;
        let group = self.existing_group(&group)?;
        let is_deleted = self.store().delete_stream(group.id, name.as_str())?;
        if is_deleted { Ok(nothing()) } else { Err(LogsError::no_stream(name.as_str())) }
    }

    pub(super) fn describe_log_streams(&mut self) -> Answer {
        let group = self.named_group()?;
        let prefix = self.parameters.text("logStreamNamePrefix")?;
        let order = match self.parameters.text("orderBy")?.as_deref() {
            None | Some("LogStreamName") => OrderBy::Name,
            Some("LastEventTime") => OrderBy::LastEventTime,
            Some(other) => {
                let message = format!("orderBy must be LogStreamName or LastEventTime, unlike {other}");
                return Err(LogsError::invalid(message));
            }
        };
        let is_descending = self.parameters.boolean("descending")?.unwrap_or(false);
        let after = self.parameters.text("nextToken")?.map(|token| place_of_token(&token)).transpose()?;
        let limit = self.parameters.count("limit", PAGE)?;
        self.finish_parameters()?;
        if order == OrderBy::LastEventTime && prefix.is_some() {
            return Err(LogsError::invalid(
                "logStreamNamePrefix cannot be used when orderBy is LastEventTime",
            ));
        }
        let compare = |left: &(Option<i64>, String), right: &(Option<i64>, String)| {
            let ascending = match order {
                OrderBy::Name => left.1.cmp(&right.1),
                OrderBy::LastEventTime => left.cmp(right),
            };
            if is_descending { ascending.reverse() } else { ascending }
        };
        let mut streams = self.store().streams(group.id)?;
        streams.retain(|stream| {
            prefix.as_ref().is_none_or(|prefix| stream.name.starts_with(prefix))
                && after.as_ref().is_none_or(|after| compare(&place(stream), after) == Ordering::Greater)
        });
        streams.sort_by(|left, right| compare(&place(left), &place(right)));
        let has_more = streams.len() > limit;
        streams.truncate(limit);
        let next = streams.last().filter(|_| has_more).map(|stream| token_of_place(&place(stream)));
        let streams: Vec<_> = streams.iter().map(|stream| self.described_stream(&group, stream)).collect();
        let mut answer = json!({ "logStreams": streams });
        insert(&mut answer, "nextToken", next);
        Ok(answer)
    }

    fn described_stream(&self, group: &Group, stream: &Stream) -> Value {
        let arn = group_arn(&self.operations.region, &group.name);
        let mut described = json!({
            "logStreamName": stream.name,
            "creationTime": stream.created,
            "arn": format!("{arn}:log-stream:{}", stream.name),
            // AWS has reported no size of streams since 2019.
            "storedBytes": 0,
        });
        insert(&mut described, "firstEventTimestamp", stream.first_event);
        insert(&mut described, "lastEventTimestamp", stream.last_event);
        insert(&mut described, "lastIngestionTime", stream.last_ingestion);
        described
    }
}

/// What a stream is ordered by: streams without events come before all others.
fn place(stream: &Stream) -> (Option<i64>, String) {
    (stream.last_event, stream.name.clone())
}

fn token_of_place((last_event, name): &(Option<i64>, String)) -> String {
    let last_event = last_event.map(|time| time.to_string()).unwrap_or_default();
    token_of_name(&format!("{last_event}:{name}"))
}

fn place_of_token(token: &str) -> Result<(Option<i64>, String), LogsError> {
    let written = name_of_token(token)?;
    let (last_event, name) = written.split_once(':').ok_or_else(super::super::position::invalid_token)?;
    Ok((last_event.parse().ok(), name.to_owned()))
}
