//! The streams of an artist's newest days by platform: what lists, the overview and momentum are made of. And how people
//! listened on them, by which the jumps of others are measured.

use super::RECENT_DAYS;
use super::listening::{Listening, Told};
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
    listening: BTreeMap<Platform, Listening>,
}

impl Recent {
    /// How people listened on a platform on these days; none where it told nothing.
    pub fn listening(&self, platform: Platform) -> Option<&Listening> {
        self.listening.get(&platform)
    }

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
pub(super) struct ListeningOnly {
    date: Date,
    platform: Platform,
    streams: u64,
    #[serde(default)]
    listeners: Option<u64>,
    #[serde(default)]
    saves: Option<u64>,
    #[serde(default)]
    followers: Option<u64>,
}

impl Rollup for Recent {
    const KEPT_AS: &'static str = "recent";
    const DAYS: usize = RECENT_DAYS;
    const ATTRIBUTES: &'static str = "#date, platform, streams, listeners, saves, followers";
    type Row = ListeningOnly;

    fn of(rows: Vec<ListeningOnly>) -> Self {
        let mut found = Self::default();
        let mut told: BTreeMap<Platform, Vec<Told>> = BTreeMap::new();
        for ListeningOnly { date, platform, streams, listeners, saves, followers } in rows {
            if platform.is_social() {
                let newest = found.networks.entry(platform).or_insert(date);
                *newest = date.max(*newest);
            } else {
                found.days.entry(date).or_default().set(platform, streams);
                told.entry(platform).or_default().push(Told { date, streams, listeners, saves, followers });
            }
        }
        while found.days.len() > RECENT_DAYS {
            found.days.pop_first();
        }
        if let Some(first) = found.days.keys().next().copied() {
            let listened = told.into_iter().map(|(platform, days)| (platform, Listening::of(&days, first)));
            found.listening = listened.collect();
        }
        found
    }
}

#[cfg(test)]
mod tests {
    use super::super::rollup::packed;
    use super::*;
    use jiff::ToSpan;
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
        let rows = rows.map(|(date, platform, streams)| ListeningOnly {
            date,
            platform,
            streams,
            listeners: Some(5),
            saves: None,
            followers: None,
        });
        let recent = Recent::of(rows.into());
        assert_eq!(recent.as_of(), Some(date(2026, 11, 2)));
        let totals: Vec<_> = recent.days.values().map(DayStreams::total).collect();
        assert_eq!(totals, [Some(0), Some(12)]);
        let newest = recent.newest();
        assert_eq!(newest.get(&Platform::Tiktok), Some(&date(2026, 11, 3)));
        assert_eq!((newest.get(&Platform::Deezer), newest.len()), (Some(&date(2026, 11, 2)), 3));
        let repetition =
            recent.listening(Platform::Spotify).map(|told| told.repetition().collect::<Vec<_>>());
        assert_eq!(repetition, Some(vec![0.0, 2.0]));
        assert_eq!(recent.listening(Platform::Tiktok), None);
    }

    #[test]
    fn the_streams_and_listening_of_an_artist_are_read_as_one_unit() {
        let platforms = Platform::USUAL.into_iter().zip([52_000_u64, 18_000, 7_000, 5_000]);
        let rows = (0..98_i32).flat_map(|back| {
            platforms.clone().map(move |(platform, usual)| {
                // Neither the same each day nor in any order.
                let varied = u64::from(back.unsigned_abs()) * 7_919 % 1_009;
                let streams = usual + usual * varied / 5_000;
                ListeningOnly {
                    date: date(2026, 11, 30) - back.days(),
                    platform,
                    streams,
                    listeners: Some(streams * 10 / (15 + varied % 4)),
                    saves: Some(streams * (15 + varied % 11) / 1_000),
                    followers: Some(usual * 3 - u64::from(back.unsigned_abs()) * (20 + varied % 7)),
                }
            })
        });
        let artist = "art_1".parse().expect("an id");
        let kept = packed(&artist, &Recent::of(rows.collect())).expect("it is packed").len();
        // The rest of 4 KiB is for the names of the newest rows and the mark.
        assert!(kept < 3_000, "{kept} bytes");
    }
}
