//! The notice date of a contract is near.

use super::{
    Event, digest, fire, is_known, is_none_of_theirs, left_for_later, pass_over, person_of, waiting,
};
use crate::engine::automation::Shared;
use crate::engine::automation::kept::{Automation, NOTICE_DATE};
use crate::engine::catalog::automation::due;
use crate::engine::gateway::CallError;
use crate::model::automation::{Trigger, When};
use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};
use serde_json::json;

/// The tool that lists a contract to whoever may see it.
const LISTS: &str = "list_contracts";

/// A contract whose notice date is near.
struct Near<'a> {
    bucket: &'a str,
    file_name: &'a str,
    notice_on: Date,
    /// The day from which on it counts as near.
    from: Date,
    today: Date,
}

/// Looks at the notice dates of all contracts once for all automations that wait for one. Who may know of a contract
/// is asked at the door where there is a new one.
pub(super) async fn look(shared: &Shared, now: Timestamp) -> Result<(), CallError> {
    let automations = waiting(shared, NOTICE_DATE, None).await?;
    if automations.is_empty() {
        return Ok(());
    }
    let today = now.to_zoned(shared.catalog.time_zone.clone()).date();
    let kept = shared.catalog.all_contract_terms().await?;
    for automation in &automations {
        let When::Trigger { trigger: Trigger::NoticeDate { days } } = &automation.wish.when else { continue };
        for known in &kept {
            let (Some(notice_on), Some((bucket, file_name))) =
                (known.terms.notice_on(), known.contract.split_once('/'))
            else {
                continue;
            };
            let Ok(from) = notice_on.checked_sub(i64::from(*days).days()) else { continue };
            if (from..=notice_on).contains(&today) {
                let near = Near { bucket, file_name, notice_on, from, today };
                let looked = answer(shared, automation, &near, now).await;
                if !left_for_later(automation, looked) {
                    break;
                }
            }
        }
    }
    Ok(())
}

async fn answer(
    shared: &Shared,
    automation: &Automation,
    near: &Near<'_>,
    now: Timestamp,
) -> Result<(), CallError> {
    let begins = near.from.to_zoned(TimeZone::UTC).map_or(now, |begins| begins.timestamp());
    let name = format!("{}/{} {}", near.bucket, near.file_name, near.notice_on);
    let key = format!("{}#notice#{}", due(begins), digest(&name));
    // The artist of a contract may become one of theirs while its date is near: that is asked once a day.
    let of_today = format!("{key}#{}", near.today);
    if is_known(shared, automation, &key).await? || is_known(shared, automation, &of_today).await? {
        return Ok(());
    }
    let Some(person) = person_of(shared, automation, now).await? else { return Ok(()) };
    let origin = automation.setter.origin(&automation.id);
    let asked = json!({ "bucketName": near.bucket, "prefix": near.file_name, "maxKeys": 1 });
    let listed = shared.gateway.call_tool(&person, &origin, LISTS, asked).await;
    let is_seen = match listed {
        Ok(answer) => answer.output["files"][0]["fileName"] == near.file_name,
        Err(error) if is_none_of_theirs(&error) => false,
        Err(error) => return Err(error),
    };
    if !is_seen {
        return Ok(pass_over(shared, automation, &of_today, now).await?);
    }
    let event = Event {
        key,
        cause: format!("because notice of {} can be given until {}", near.file_name, near.notice_on),
        at: now,
        parameter: Some(("fileName", near.file_name.to_owned())),
    };
    Ok(fire(shared, automation, event, now).await?)
}
