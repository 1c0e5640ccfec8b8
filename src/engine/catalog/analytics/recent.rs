//! The streams of an artist's newest days by platform: what lists, the overview and momentum are made of.

use super::RECENT_DAYS;
use super::rollup::Rollup;
use crate::model::analytics::Platform;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The streams of a day by platform; what nobody has told is not in it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct DayStreams(Vec<(Platform, u64)>);

impl DayStreams {
    /// Says those of a platform.
    fn set(&mut self, platform: Platform, streams: u64) {
        match self.0.iter_mut().find(|(known, _)| *known == platform) {
            Some((_, there)) => *there = streams,
            None => self.0.push((platform, streams)),
        }
    }

    /// Those of a platform.
    pub fn of(&self, platform: Platform) -> Option<u64> {
        self.0.iter().find(|(known, _)| *known == platform).map(|(_, streams)| *streams)
    }

    /// The platforms that have told theirs, in no order.
    pub fn told(&self) -> impl Iterator<Item = (Platform, u64)> + '_ {
        self.0.iter().copied()
    }

    /// Those of all platforms that have told theirs; none where none has.
    pub fn total(&self) -> Option<u64> {
        self.told().map(|(_, streams)| streams).reduce(|a, b| a + b)
    }
}

/// Streams by day and platform, the newest days only, and the newest day of each social network, which has no streams.
#[derive(Debug, Default, Serialize, Deserialize)]
pub struct Recent {
    /// The days on which a streaming service told streams.
    pub days: BTreeMap<Date, DayStreams>,
    networks: BTreeMap<Platform, Date>,
}

impl Recent {
    /// The newest day with streams.
    pub fn as_of(&self) -> Option<Date> {
        self.days.keys().next_back().copied()
    }

    /// The newest day of each platform that has told something.
    pub fn newest(&self) -> BTreeMap<Platform, Date> {
        let mut newest = self.networks.clone();
        for (date, streams) in &self.days {
            newest.extend(streams.told().map(|(platform, _)| (platform, *date)));
        }
        newest
    }
}

/// What is read of a row.
#[derive(Deserialize)]
pub(super) struct StreamsOnly {
    date: Date,
    platform: Platform,
    streams: u64,
}

impl Rollup for Recent {
    const KEPT_AS: &'static str = "recent";
    const DAYS: usize = RECENT_DAYS;
    const ATTRIBUTES: &'static str = "#date, platform, streams";
    type Row = StreamsOnly;

    fn of(rows: Vec<StreamsOnly>) -> Self {
        let mut found = Self::default();
        for StreamsOnly { date, platform, streams } in rows {
            if platform.is_social() {
                let newest = found.networks.entry(platform).or_insert(date);
                *newest = date.max(*newest);
            } else {
                found.days.entry(date).or_default().set(platform, streams);
            }
        }
        while found.days.len() > RECENT_DAYS {
            found.days.pop_first();
        }
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn a_social_network_makes_no_day_and_is_in_no_sum() {
        let rows = [
            (date(2026, 11, 3), Platform::Tiktok, 900),
            (date(2026, 11, 2), Platform::Tiktok, 800),
            (date(2026, 11, 2), Platform::Spotify, 10),
            (date(2026, 11, 2), Platform::Deezer, 2),
            (date(2026, 11, 1), Platform::Spotify, 0),
        ];
        let rows = rows.map(|(date, platform, streams)| StreamsOnly { date, platform, streams });
        let recent = Recent::of(rows.into());
        assert_eq!(recent.as_of(), Some(date(2026, 11, 2)));
        let totals: Vec<_> = recent.days.values().map(DayStreams::total).collect();
        assert_eq!(totals, [Some(0), Some(12)]);
        let newest = recent.newest();
        assert_eq!(newest.get(&Platform::Tiktok), Some(&date(2026, 11, 3)));
        assert_eq!((newest.get(&Platform::Deezer), newest.len()), (Some(&date(2026, 11, 2)), 3));
    }
}
