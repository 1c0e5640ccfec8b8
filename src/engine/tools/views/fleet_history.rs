//! What the checks of a server found, day by day: one item for each server in the table of settings.
//!
//! Each day has three numbers, which every instance adds to, and the newest reason.

use crate::engine::catalog::{Catalog, CatalogError};
use crate::engine::tools::Server;
use crate::model::fleet::{DayView, HISTORY_DAYS};
use jiff::ToSpan;
use jiff::civil::Date;
use serde_json::Value;
use std::collections::{BTreeMap, HashMap};

/// The longest reason that is kept, in characters.
const LONGEST_REASON: usize = 300;

/// How many days beyond the shown ones are looked through for what is to be removed.
const SWEPT_DAYS: i32 = 10;

/// Checks of one day that are to be added.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct DayCounts {
    /// Checks that found the server healthy.
    pub healthy: u32,
    /// Checks that found it with trouble.
    pub degraded: u32,
    /// Checks that found it failing.
    pub failing: u32,
    /// The newest reason.
    pub reason: Option<String>,
}

impl DayCounts {
    /// Adds them to the history of a server, and removes what is too old to be shown.
    ///
    /// # Errors
    /// What AWS says.
    pub async fn add(&self, catalog: &Catalog, server: Server, day: Date) -> Result<(), CatalogError> {
        let numbers = [("healthy", self.healthy), ("degraded", self.degraded), ("failing", self.failing)];
        let numbers = numbers.into_iter().filter(|(_, count)| *count > 0);
        let numbers: Vec<_> = numbers.map(|(kind, count)| (attribute(kind, day), u64::from(count))).collect();
        let reason = self
            .reason
            .iter()
            .map(|reason| (attribute("reason", day), reason.chars().take(LONGEST_REASON).collect()));
        let oldest = (0..SWEPT_DAYS).filter_map(|age| day.checked_sub((HISTORY_DAYS + age).days()).ok());
        let removed: Vec<_> = oldest
            .flat_map(|day| ["healthy", "degraded", "failing", "reason"].map(|kind| attribute(kind, day)))
            .collect();
        catalog.add_to_setting(&setting(server.id()), &numbers, &reason.collect::<Vec<_>>(), &removed).await
    }
}

/// The days of which something is known, oldest first.
pub(super) async fn read(catalog: &Catalog, server: &str) -> Result<Vec<DayView>, CatalogError> {
    let stored = catalog.setting::<HashMap<String, Value>>(&setting(server)).await?.unwrap_or_default();
    Ok(days(&stored))
}

fn days(stored: &HashMap<String, Value>) -> Vec<DayView> {
    let mut days = BTreeMap::new();
    for (name, value) in stored {
        let Some((kind, Ok(date))) = name.split_once('#').map(|(kind, date)| (kind, date.parse::<Date>()))
        else {
            continue;
        };
        let day = days.entry(date).or_insert_with(|| DayView {
            date,
            healthy: 0,
            degraded: 0,
            failing: 0,
            reason: None,
        });
        let count = || value.as_u64().and_then(|count| u32::try_from(count).ok()).unwrap_or(u32::MAX);
        match kind {
            "healthy" => day.healthy = count(),
            "degraded" => day.degraded = count(),
            "failing" => day.failing = count(),
            "reason" => day.reason = value.as_str().map(str::to_owned),
            _ => {}
        }
    }
    days.into_values().collect()
}

fn attribute(kind: &str, day: Date) -> String {
    format!("{kind}#{day}")
}

fn setting(server: &str) -> String {
    format!("healthHistory#{server}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;
    use serde_json::json;

    #[test]
    fn reads_the_days_in_their_order_and_leaves_aside_what_is_no_day() {
        let stored = json!({
            "name": "healthHistory#s3", "healthy#2026-11-25": 12, "failing#2026-11-24": 3,
            "reason#2026-11-24": "The bucket does not exist."
        });
        let stored: HashMap<_, _> = serde_json::from_value(stored).expect("a map");
        let read = days(&stored);
        assert_eq!(
            read.iter().map(|day| day.date).collect::<Vec<_>>(),
            [date(2026, 11, 24), date(2026, 11, 25)]
        );
        assert_eq!((read[0].failing, read[1].healthy), (3, 12));
        assert_eq!(read[0].reason.as_deref(), Some("The bucket does not exist."));
    }
}
