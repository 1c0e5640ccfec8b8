//! From the name of an operation to what does it.

use jiff::Timestamp;

use super::alarms;
use super::error::MetricsError;
use super::get_data::get_data;
use super::get_statistics::get_statistics;
use super::list_metrics::list_metrics;
use super::put_data::put_data;
use super::store::Store;
use super::value::{Fields, Value};

/// Runs one operation; none when there is no operation of that name. Blocks on the disk.
pub(super) fn execute(
    store: &Store,
    region: &str,
    operation: &str,
    request: Value,
    now: Timestamp,
) -> Result<Option<Value>, MetricsError> {
    Ok(Some(match operation {
        "PutMetricData" => put_data(store, Fields::of_request(request)?, now)?,
        "GetMetricData" => get_data(store, request, now)?,
        "GetMetricStatistics" => get_statistics(store, Fields::of_request(request)?, now)?,
        "ListMetrics" => list_metrics(store, request, now)?,
        "PutMetricAlarm" => alarms::put(store, Fields::of_request(request)?, now)?,
        "DescribeAlarms" => alarms::describe(store, region, request, now)?,
        "DeleteAlarms" => alarms::delete(store, Fields::of_request(request)?)?,
        "SetAlarmState" => alarms::set_state(store, Fields::of_request(request)?, now)?,
        _ => return Ok(None),
    }))
}
