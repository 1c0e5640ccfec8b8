//! The repository of budgets of calls that all instances share.
//!
//! An item holds the moment at which its budget will be whole again if nothing more is taken (the generic
//! cell rate algorithm). Each call moves it on by one interval; it may lie at most a burst ahead of now.

use super::item::table_resource;
use super::schema::LIMITS_TABLE;
use super::{Catalog, CatalogError};
use crate::engine::aws::{AwsFailure, FailureKind};
use aws_sdk_dynamodb::operation::update_item::UpdateItemError;
use aws_sdk_dynamodb::types::{AttributeValue, ReturnValuesOnConditionCheckFailure};
use jiff::Timestamp;
use std::collections::HashMap;
use std::time::Duration;

/// How often another try is made when somebody else takes at the same moment.
const TRIES: u32 = 4;

/// How long a whole budget is kept, so that clocks need not agree to the second.
const KEPT_SECONDS: i64 = 300;

const MICROS_PER_SECOND: i64 = 1_000_000;

/// What came of taking calls out of a budget.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Taken {
    /// So many calls, one at least.
    Calls(u32),
    /// Nothing, and for so long there will be nothing.
    NothingFor(Duration),
}

/// A budget at a moment, in microseconds.
#[derive(Debug, Clone, Copy)]
struct Moment {
    now: i64,
    interval: i64,
    burst: i64,
}

impl Moment {
    /// How many calls may be taken of a budget that will be whole at a time, of those that are wanted.
    fn fit(self, whole_at: i64, wanted: i64) -> i64 {
        let ahead = whole_at.max(self.now) - self.now;
        (self.burst - intervals(ahead, self.interval)).clamp(0, wanted)
    }

    /// How long until one more call fits.
    fn wait(self, whole_at: i64) -> Duration {
        let fits_at = whole_at - (self.burst - 1) * self.interval;
        Duration::from_micros(u64::try_from(fits_at - self.now).unwrap_or_default())
    }
}

/// How many intervals a time touches.
fn intervals(time: i64, interval: i64) -> i64 {
    (time + interval - 1) / interval
}

impl Catalog {
    /// Takes up to `wanted` calls out of a budget that gets one more in each interval, up to a burst.
    pub(crate) async fn take_of_budget(
        &self,
        id: &str,
        interval: Duration,
        burst: u32,
        wanted: u32,
        now: Timestamp,
    ) -> Result<Taken, CatalogError> {
        let moment = Moment {
            now: now.as_microsecond(),
            interval: i64::try_from(interval.as_micros()).unwrap_or(i64::MAX).max(1),
            burst: i64::from(burst),
        };
        let mut calls = i64::from(wanted.min(burst)).max(1);
        // A budget that is whole begins anew from now; otherwise what is known of it decides.
        let mut known = None;
        for _ in 0..TRIES {
            match self.move_budget(id, moment, known, calls).await? {
                None => return Ok(Taken::Calls(u32::try_from(calls).unwrap_or(u32::MAX))),
                Some(whole_at) => {
                    calls = moment.fit(whole_at, i64::from(wanted));
                    if calls == 0 {
                        return Ok(Taken::NothingFor(moment.wait(whole_at)));
                    }
                    known = Some(whole_at);
                }
            }
        }
        // Others took each time: so many calls at one moment are more than fit.
        Ok(Taken::NothingFor(interval))
    }

    /// How many calls could be taken out of a budget at a moment. Nothing is taken.
    pub(crate) async fn left_of_budget(
        &self,
        id: &str,
        interval: Duration,
        burst: u32,
        now: Timestamp,
    ) -> Result<u32, CatalogError> {
        let item = self.counted(id).await?;
        let whole_at = item.as_ref().and_then(|item| item.get("wholeAt")?.as_n().ok()?.parse().ok());
        let moment = Moment {
            now: now.as_microsecond(),
            interval: i64::try_from(interval.as_micros()).unwrap_or(i64::MAX).max(1),
            burst: i64::from(burst),
        };
        let left = moment.fit(whole_at.unwrap_or(moment.now), moment.burst);
        Ok(u32::try_from(left).unwrap_or(0))
    }

    /// The item of the table of limits that counts something, as it is now.
    pub(super) async fn counted(
        &self,
        id: &str,
    ) -> Result<Option<HashMap<String, AttributeValue>>, CatalogError> {
        let answer = self
            .aws
            .dynamodb
            .get_item()
            .table_name(LIMITS_TABLE)
            .key("id", AttributeValue::S(id.to_owned()))
            .consistent_read(true)
            .send()
            .await
            .map_err(|e| AwsFailure::from_sdk(table_resource("GetItem", LIMITS_TABLE), &e))?;
        Ok(answer.item)
    }

    /// Moves a budget on by some calls. None when that is done; else when the budget will be whole, because
    /// it is not what it was taken for.
    async fn move_budget(
        &self,
        id: &str,
        moment: Moment,
        known: Option<i64>,
        calls: i64,
    ) -> Result<Option<i64>, CatalogError> {
        let number = |value: i64| AttributeValue::N(value.to_string());
        let Moment { now, interval, burst } = moment;
        let step = calls.saturating_mul(interval);
        let request = self
            .aws
            .dynamodb
            .update_item()
            .table_name(LIMITS_TABLE)
            .key("id", AttributeValue::S(id.to_owned()))
            .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld)
            .expression_attribute_names("#whole", "wholeAt")
            .expression_attribute_names("#expires", "expiresAt")
            .expression_attribute_values(":expires", {
                let whole_at = known.unwrap_or(now).max(now).saturating_add(step);
                number(whole_at / MICROS_PER_SECOND + KEPT_SECONDS)
            });
        let request = match known.filter(|whole_at| *whole_at > now) {
            None => request
                .update_expression("SET #whole = :next, #expires = :expires")
                .condition_expression("attribute_not_exists(#whole) OR #whole <= :now")
                .expression_attribute_values(":next", number(now.saturating_add(step)))
                .expression_attribute_values(":now", number(now)),
            Some(_) => request
                .update_expression("SET #whole = #whole + :step, #expires = :expires")
                .condition_expression("#whole BETWEEN :now AND :latest")
                .expression_attribute_values(":step", number(step))
                .expression_attribute_values(":now", number(now))
                .expression_attribute_values(
                    ":latest",
                    number(now.saturating_add(burst.saturating_sub(calls).saturating_mul(interval))),
                ),
        };
        let Err(error) = request.send().await else { return Ok(None) };
        if let Some(UpdateItemError::ConditionalCheckFailedException(failed)) = error.as_service_error()
            && let Some(item) = failed.item()
            && let Some(whole_at) = item.get("wholeAt").and_then(|value| value.as_n().ok())
            && let Ok(whole_at) = whole_at.parse()
        {
            return Ok(Some(whole_at));
        }
        let failure = AwsFailure::from_sdk(table_resource("UpdateItem", LIMITS_TABLE), &error);
        match failure.kind {
            // It is not there any more, and so is whole.
            FailureKind::Condition => Ok(Some(now)),
            _ => Err(failure.into()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const MINUTE: Moment = Moment { now: 100_000_000, interval: 1_000_000, burst: 10 };

    #[test]
    fn as_many_fit_as_the_burst_has_room_for() {
        let now = MINUTE.now;
        for (whole_at, wanted, fit) in [
            (0, 5, 5),
            (now, 20, 10),
            (now + 1, 20, 9),
            (now + 5_000_000, 20, 5),
            (now + 9_000_000, 5, 1),
            (now + 9_000_001, 5, 0),
            (now + 60_000_000, 5, 0),
        ] {
            assert_eq!(MINUTE.fit(whole_at, wanted), fit, "{whole_at}");
        }
    }

    #[test]
    fn whoever_waits_as_long_as_told_finds_that_one_fits() {
        for ahead in [9_000_001, 9_500_000, 10_000_000, 69_000_000] {
            let whole_at = MINUTE.now + ahead;
            let wait = i64::try_from(MINUTE.wait(whole_at).as_micros()).expect("a short time");
            let later = Moment { now: MINUTE.now + wait, ..MINUTE };
            let before = Moment { now: MINUTE.now + wait - 1, ..MINUTE };
            assert_eq!((before.fit(whole_at, 5), later.fit(whole_at, 5)), (0, 1), "{ahead}");
        }
    }

    #[test]
    fn never_more_calls_than_a_burst_and_one_for_each_interval_whatever_the_order() {
        let steps = prop::collection::vec((0_i64..3_000_000, 1_i64..6), 1..200);
        proptest!(|(burst in 1_i64..20, interval in 1_i64..2_000_000, steps in steps)| {
            let (begin, mut whole_at, mut admitted) = (1_000_000_i64, 0_i64, 0_i64);
            let mut now = begin;
            for (pause, wanted) in steps {
                now += pause;
                let calls = Moment { now, interval, burst }.fit(whole_at, wanted);
                whole_at = whole_at.max(now) + calls * interval;
                admitted += calls;
                let most = burst + intervals(now - begin, interval);
                prop_assert!(admitted <= most, "{admitted} of {most}");
            }
        });
    }
}
