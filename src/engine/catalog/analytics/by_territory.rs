//! The streams of an artist's newest days by platform and territory: what markets and likeness are made of.

use super::TERRITORY_DAYS;
use super::rollup::Rollup;
use crate::model::analytics::Platform;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// An artist's newest days by territory, each territory's name once: many artists are kept at a time.
#[derive(Debug, Default, Serialize, Deserialize)]
pub struct ByTerritory {
    codes: Vec<String>,
    rows: Vec<TerritoryRow>,
}

/// A day on a platform by territory.
#[derive(Debug, Serialize, Deserialize)]
struct TerritoryRow {
    date: Date,
    platform: Platform,
    /// The place of the territory in the list of codes, and its streams.
    streams: Box<[(u16, u64)]>,
}

impl ByTerritory {
    /// Day and platform of each row, oldest first.
    pub fn days(&self) -> impl Iterator<Item = (Date, Platform)> + '_ {
        self.rows.iter().map(|row| (row.date, row.platform))
    }

    /// Day, platform, territory and streams, oldest first.
    pub fn streams(&self) -> impl Iterator<Item = (Date, Platform, &str, u64)> + '_ {
        self.rows.iter().flat_map(|row| {
            row.streams.iter().filter_map(|(place, streams)| {
                let code = self.codes.get(usize::from(*place))?;
                Some((row.date, row.platform, code.as_str(), *streams))
            })
        })
    }
}

/// What is read of a row.
#[derive(Deserialize)]
pub(super) struct TerritoriesOnly {
    date: Date,
    platform: Platform,
    territories: BTreeMap<String, u64>,
}

impl Rollup for ByTerritory {
    const KEPT_AS: &'static str = "by-territory";
    const DAYS: usize = TERRITORY_DAYS;
    const ATTRIBUTES: &'static str = "#date, platform, territories";
    type Row = TerritoriesOnly;

    fn of(rows: Vec<TerritoriesOnly>) -> Self {
        let mut found = Self::default();
        // Rows come newest first. Those of social networks have no streams.
        for row in rows.into_iter().rev().filter(|row| !row.platform.is_social()) {
            let streams = row.territories.into_iter().filter_map(|(code, streams)| {
                let place = found.codes.iter().position(|known| *known == code).unwrap_or_else(|| {
                    found.codes.push(code);
                    found.codes.len() - 1
                });
                Some((u16::try_from(place).ok()?, streams))
            });
            let streams = streams.collect();
            found.rows.push(TerritoryRow { date: row.date, platform: row.platform, streams });
        }
        found
    }
}
