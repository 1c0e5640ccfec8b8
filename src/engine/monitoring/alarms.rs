//! The alarms of `CloudWatch` that fire.

use crate::engine::aws::{AwsClients, AwsFailure};
use crate::model::tool::AwsResource;
use aws_sdk_cloudwatch::types::{MetricAlarm, StateValue};
use jiff::Timestamp;

/// The most alarms that are read.
const MOST: i32 = 100;

/// An alarm that fires.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct FiringAlarm {
    /// Its name.
    pub(crate) name: String,
    /// Why it fires, in the words of `CloudWatch`.
    pub(crate) reason: String,
    /// Since when.
    pub(crate) since: Timestamp,
}

/// What reading alarms touches.
pub(crate) fn alarms_resource() -> AwsResource {
    AwsResource {
        service: "cloudwatch".to_owned(),
        action: "cloudwatch:DescribeAlarms".to_owned(),
        name: "alarms".to_owned(),
    }
}

/// The alarms that fire now.
pub(crate) async fn firing(aws: &AwsClients) -> Result<Vec<FiringAlarm>, AwsFailure> {
    let answer = aws
        .cloudwatch
        .describe_alarms()
        .state_value(StateValue::Alarm)
        .max_records(MOST)
        .send()
        .await
        .map_err(|error| AwsFailure::from_sdk(alarms_resource(), &error))?;
    Ok(answer.metric_alarms().iter().filter_map(read).collect())
}

fn read(alarm: &MetricAlarm) -> Option<FiringAlarm> {
    let since = alarm.state_transitioned_timestamp().or_else(|| alarm.state_updated_timestamp())?;
    Some(FiringAlarm {
        name: alarm.alarm_name()?.to_owned(),
        reason: alarm.state_reason().unwrap_or_default().to_owned(),
        since: Timestamp::new(since.secs(), i32::try_from(since.subsec_nanos()).ok()?).ok()?,
    })
}
