//! Where lines go: a log group, with a stream for each instance and day.

use super::line::Line;
use crate::engine::aws::{AwsClients, AwsFailure, FailureKind};
use crate::engine::monitoring::groups::{self, group_resource};
use crate::model::tool::AwsResource;
use aws_sdk_cloudwatchlogs::operation::create_log_stream::CreateLogStreamError;
use aws_sdk_cloudwatchlogs::types::{InputLogEvent, RejectedLogEventsInfo};
use jiff::Timestamp;

/// A log group that takes lines.
pub(super) struct Destination {
    pub(super) aws: AwsClients,
    pub(super) group: String,
    /// Names this process among the streams.
    pub(super) instance: String,
    /// Whether the group is made when it is missing: in the embedded AWS only.
    pub(super) create_group: bool,
    /// The stream that is known to be there.
    pub(super) stream: Option<String>,
}

impl Destination {
    /// Makes what is missing for today's stream, and gives its name.
    pub(super) async fn prepare(&mut self) -> Result<String, AwsFailure> {
        let today = format!("{}/{}", Timestamp::now().strftime("%Y-%m-%d"), self.instance);
        if self.stream.as_ref() == Some(&today) {
            return Ok(today);
        }
        if self.create_group {
            groups::create(&self.aws, &self.group).await?;
        }
        let request = self.aws.logs.create_log_stream().log_group_name(&self.group).log_stream_name(&today);
        if let Err(error) = request.send().await
            && !error
                .as_service_error()
                .is_some_and(CreateLogStreamError::is_resource_already_exists_exception)
        {
            return Err(AwsFailure::from_sdk(self.resource("CreateLogStream"), &error));
        }
        self.stream = Some(today.clone());
        Ok(today)
    }

    /// Sends lines in the order of their time. Answers how many of them `CloudWatch` Logs did not take
    /// because of their age.
    pub(super) async fn put(&mut self, lines: &[Line]) -> Result<usize, AwsFailure> {
        let stream = self.prepare().await?;
        let mut events = Vec::with_capacity(lines.len());
        for line in lines {
            let event = InputLogEvent::builder().timestamp(line.time).message(&line.text).build();
            events.push(event.map_err(|error| AwsFailure {
                kind: FailureKind::Invalid,
                resource: self.resource("PutLogEvents"),
                code: "BuildError".to_owned(),
                message: error.to_string(),
            })?);
        }
        let request = self.aws.logs.put_log_events().log_group_name(&self.group).log_stream_name(stream);
        match request.set_log_events(Some(events)).send().await {
            Ok(answer) => Ok(answer.rejected_log_events_info().map_or(0, |info| refused(info, lines.len()))),
            Err(error) => {
                let failure = AwsFailure::from_sdk(self.resource("PutLogEvents"), &error);
                if failure.kind == FailureKind::NoResource {
                    // Somebody removed the group or the stream.
                    self.stream = None;
                }
                Err(failure)
            }
        }
    }

    fn resource(&self, action: &str) -> AwsResource {
        group_resource(action, &self.group)
    }
}

/// Lines that were too old, too new or beyond the retention: those before one index or from another on.
fn refused(info: &RejectedLogEventsInfo, lines: usize) -> usize {
    let index = |index: Option<i32>| index.and_then(|index| usize::try_from(index).ok());
    let old = index(info.too_old_log_event_end_index()).unwrap_or_default();
    let expired = index(info.expired_log_event_end_index()).unwrap_or_default();
    let new = index(info.too_new_log_event_start_index()).map_or(0, |start| lines.saturating_sub(start));
    (old.max(expired) + new).min(lines)
}
