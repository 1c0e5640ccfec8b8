//! A day stands out in the figures of an artist: they are analysed as the person once a day, after new figures.

use super::{Event, fire, is_none_of_theirs, left_for_later, person_of, waiting};
use crate::engine::automation::Shared;
use crate::engine::automation::kept::{ANOMALY, Automation};
use crate::engine::gateway::CallError;
use crate::model::automation::{Trigger, When};
use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

/// The tool that analyses them.
const ANALYSES: &str = "analyze_artist_performance";

/// How soon is looked again: after new figures, and while there are none yet.
const DAY: SignedDuration = SignedDuration::from_hours(20);
const SOON: SignedDuration = SignedDuration::from_hours(1);

/// Looks at the figures of those artists whose turn it is.
pub(super) async fn look(shared: &Shared, now: Timestamp) -> Result<(), CallError> {
    for automation in waiting(shared, ANOMALY, Some(now)).await? {
        let When::Trigger { trigger: Trigger::Anomaly { artist_id } } = &automation.wish.when else {
            continue;
        };
        let looked = one(shared, &automation, artist_id, now).await;
        left_for_later(&automation, looked);
    }
    Ok(())
}

async fn one(
    shared: &Shared,
    automation: &Automation,
    artist_id: &str,
    now: Timestamp,
) -> Result<(), CallError> {
    let Some(person) = person_of(shared, automation, now).await? else { return Ok(()) };
    let origin = automation.setter.origin(&automation.id);
    let asked = json!({ "artistId": artist_id });
    let answer = match shared.gateway.call_tool(&person, &origin, ANALYSES, asked).await {
        Ok(answer) => answer.output,
        Err(error) if is_none_of_theirs(&error) => {
            let reason = format!("The figures of {artist_id} cannot be watched: {}", error.message);
            return Ok(shared.pause(&automation.owner, &automation.id, &reason, now).await?);
        }
        // Also a limit that is reached, or hours in which it is not allowed: another time.
        Err(error) => return Err(error),
    };
    // The newest day on which all platforms have reported: what is analysed does not go beyond it.
    let newest = day(&answer["to"]);
    let looked = automation.position.as_deref().and_then(|day| day.parse::<Date>().ok());
    let is_new = newest.is_some_and(|newest| looked.is_none_or(|looked| newest > looked));
    // The first look only notes up to where the figures go.
    if let Some(looked) = looked.filter(|_| is_new) {
        for found in answer["anomalies"].as_array().into_iter().flatten() {
            let Some(date) = day(&found["date"]).filter(|date| *date > looked) else { continue };
            let name = answer["artistName"].as_str().unwrap_or(artist_id);
            let event = Event {
                key: format!("{date}#anomaly#{artist_id}"),
                cause: format!("because {date} stands out in the figures of {name}"),
                at: now,
                parameter: Some(("artistId", artist_id.to_owned())),
            };
            fire(shared, automation, event, now).await?;
        }
    }
    let position = if is_new { newest.map(|day| day.to_string()) } else { automation.position.clone() };
    let looked = Automation {
        position,
        due: now + if is_new { DAY } else { SOON },
        version: automation.version + 1,
        ..automation.clone()
    };
    shared.catalog.change_automation_record(&looked.record()?, automation.version).await?;
    Ok(())
}

fn day(value: &Value) -> Option<Date> {
    value.as_str()?.parse().ok()
}
