//! The streams of an artist in the one territory that was asked for, which is all that figures tell by territory.

use super::Seen;
use super::changes::Compared;
use crate::engine::tools::ToolError;
use crate::model::analysis::TerritoryPerformance;
use crate::model::analytics::{DailyAnalytics, Platform};
use crate::model::territory::territory_name;
use std::collections::BTreeSet;

/// The rest of the world as it is stored.
const REST: &str = "ZZ";

/// The territory that an argument names by its code.
pub(super) fn code(text: &str) -> Result<String, ToolError> {
    let code = text.trim().to_ascii_uppercase();
    // What is not known has no name but its code.
    if code == REST || territory_name(&code) == code {
        return Err(ToolError::field(
            "territory",
            "the code of a territory is needed, such as DE for Germany",
        ));
    }
    Ok(code)
}

/// What is known of a territory, and what is not, in full sentences.
pub(super) fn described(seen: &Seen<'_>, code: &str) -> (TerritoryPerformance, Vec<String>) {
    let (figures, within) = (seen.figures, seen.first()..=seen.last());
    let rows = figures.rows().filter(|row| within.contains(&row.date) && row.territories.contains_key(code));
    let telling: BTreeSet<Platform> = rows.map(|row| row.platform).collect();
    let streams = figures.daily_of(&telling, |row| streams_in(row, code));
    let all = figures.daily_of(&telling, |row| Some(row.streams));
    let compared = Compared::of_streams(&streams, seen.now, seen.before);
    let (share, share_before) = compared.parts(&streams, &all);
    let found = TerritoryPerformance {
        territory: code.to_owned(),
        metrics: compared.metrics_of(&streams),
        share,
        share_before,
        drivers: compared.platforms_of(figures, |row| streams_in(row, code)),
    };
    (found, notes(seen, &telling, &compared, territory_name(code)))
}

/// The streams of a row in a territory. Services name the largest territories only: one that a row leaves out is a part
/// of the rest of the world, unless there is no such rest.
fn streams_in(row: &DailyAnalytics, code: &str) -> Option<u64> {
    let has_rest = row.territories.get(REST).is_some_and(|streams| *streams > 0);
    let is_told = !row.territories.is_empty() && !has_rest;
    row.territories.get(code).copied().or_else(|| is_told.then_some(0))
}

fn notes(seen: &Seen<'_>, telling: &BTreeSet<Platform>, compared: &Compared, name: &str) -> Vec<String> {
    if telling.is_empty() {
        return vec![format!(
            "The figures of these days name no streams in {name}; what there are would be part of the rest of the \
             world."
        )];
    }
    let mut notes = vec![format!(
        "Only streams are known of {name} alone: listeners, saves, followers, unusual days, the market, momentum, the \
         forecast and signs of artificial streams are of all territories together."
    )];
    let silent = seen.figures.platforms().filter(|platform| !telling.contains(platform));
    notes.extend(silent.map(|platform| {
        format!("{} does not name {name}, so it is in no figure of {name} alone.", platform.label())
    }));
    let (own, whole) = (compared.note(), Compared::of(seen.figures, seen.now, seen.before).note());
    notes.extend((own != whole).then(|| format!("In {name}: {own}")));
    notes
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(territories: &[(&str, u64)]) -> DailyAnalytics {
        DailyAnalytics {
            artist_id: "art_1".parse().expect("an id"),
            date: jiff::civil::date(2026, 11, 1),
            platform: Platform::Spotify,
            streams: territories.iter().map(|(_, streams)| streams).sum(),
            listeners: None,
            saves: None,
            followers: None,
            territories: territories.iter().map(|(code, streams)| ((*code).to_owned(), *streams)).collect(),
            tracks: std::collections::BTreeMap::new(),
            track_saves: std::collections::BTreeMap::new(),
            track_listeners: std::collections::BTreeMap::new(),
            engagement: crate::model::engagement::Engagement::default(),
            source: "report".to_owned(),
        }
    }

    #[test]
    fn what_may_be_part_of_the_rest_of_the_world_is_unknown_and_not_nought() {
        assert_eq!(streams_in(&row(&[("DE", 7), ("ZZ", 3)]), "DE"), Some(7));
        assert_eq!(streams_in(&row(&[("NO", 7), ("ZZ", 3)]), "DE"), None);
        assert_eq!(streams_in(&row(&[("NO", 7)]), "DE"), Some(0));
        assert_eq!(streams_in(&row(&[]), "DE"), None);
    }

    #[test]
    fn a_territory_is_named_by_its_code() {
        assert!(code("de").is_ok_and(|code| code == "DE"));
        for wrong in ["Germany", "ZZ", "QQ", ""] {
            assert!(code(wrong).is_err(), "{wrong}");
        }
    }
}
