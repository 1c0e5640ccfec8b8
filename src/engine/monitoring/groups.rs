//! The log groups: whether they exist, and making them in the embedded AWS.

use crate::engine::aws::{AwsClients, AwsFailure};
use crate::model::tool::AwsResource;
use aws_sdk_cloudwatchlogs::operation::create_log_group::CreateLogGroupError;
use jiff::Timestamp;

/// After how many days records are removed from the log groups of the embedded AWS.
const RETENTION_DAYS: i32 = 30;

/// What is known of a log group.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct LogGroupFacts {
    /// The bytes that are stored, where AWS says.
    pub(crate) stored_bytes: Option<u64>,
    /// After how many days records are removed; none where they are kept.
    pub(crate) retention_days: Option<u32>,
    /// When it was made, where AWS says.
    pub(crate) created: Option<Timestamp>,
}

/// A log group, and what is done to it.
pub(crate) fn group_resource(action: &str, group: &str) -> AwsResource {
    AwsResource { service: "logs".to_owned(), action: format!("logs:{action}"), name: group.to_owned() }
}

/// What is known of a log group; none where it does not exist.
pub(crate) async fn describe(aws: &AwsClients, group: &str) -> Result<Option<LogGroupFacts>, AwsFailure> {
    let mut next = None;
    loop {
        let answer = aws
            .logs
            .describe_log_groups()
            .log_group_name_prefix(group)
            .set_next_token(next)
            .send()
            .await
            .map_err(|e| AwsFailure::from_sdk(group_resource("DescribeLogGroups", group), &e))?;
        if let Some(found) = answer.log_groups().iter().find(|found| found.log_group_name() == Some(group)) {
            return Ok(Some(LogGroupFacts {
                stored_bytes: found.stored_bytes().and_then(|bytes| bytes.try_into().ok()),
                retention_days: found.retention_in_days().and_then(|days| days.try_into().ok()),
                created: found.creation_time().and_then(|millis| Timestamp::from_millisecond(millis).ok()),
            }));
        }
        next = answer.next_token;
        if next.is_none() {
            return Ok(None);
        }
    }
}

/// Makes a log group that is missing, and says how long records are kept. Only for the embedded AWS.
pub(crate) async fn create(aws: &AwsClients, group: &str) -> Result<(), AwsFailure> {
    let made = aws.logs.create_log_group().log_group_name(group).send().await;
    if let Err(error) = made
        && !error.as_service_error().is_some_and(CreateLogGroupError::is_resource_already_exists_exception)
    {
        return Err(AwsFailure::from_sdk(group_resource("CreateLogGroup", group), &error));
    }
    let kept =
        aws.logs.put_retention_policy().log_group_name(group).retention_in_days(RETENTION_DAYS).send().await;
    kept.map(drop).map_err(|e| AwsFailure::from_sdk(group_resource("PutRetentionPolicy", group), &e))
}
