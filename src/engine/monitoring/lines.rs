//! Everything that stands in a log group, line by line.

use super::groups::group_resource;
use crate::engine::aws::{AwsClients, AwsFailure};
use jiff::Timestamp;

/// A line as it is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct StoredLine {
    /// The stream in which it stands.
    pub(crate) stream: String,
    /// When it says it was written.
    pub(crate) time: Timestamp,
    /// What it says.
    pub(crate) message: String,
}

/// Looks at every line of a log group up to a moment, by the time of the lines.
pub(crate) async fn for_each(
    aws: &AwsClients,
    group: &str,
    until: Timestamp,
    mut look: impl FnMut(StoredLine),
) -> Result<(), AwsFailure> {
    let mut next = None;
    loop {
        let answer = aws
            .logs
            .filter_log_events()
            .log_group_name(group)
            .end_time(until.as_millisecond())
            .set_next_token(next)
            .send()
            .await
            .map_err(|error| AwsFailure::from_sdk(group_resource("FilterLogEvents", group), &error))?;
        for event in answer.events.unwrap_or_default() {
            let time = event.timestamp.and_then(|time| Timestamp::from_millisecond(time).ok());
            look(StoredLine {
                stream: event.log_stream_name.unwrap_or_default(),
                time: time.unwrap_or(Timestamp::UNIX_EPOCH),
                message: event.message.unwrap_or_default(),
            });
        }
        next = answer.next_token;
        if next.is_none() {
            return Ok(());
        }
    }
}
