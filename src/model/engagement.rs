//! What platforms count of an artist beside listening, and what pages show of it.

use super::analytics::Platform;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use std::fmt;

/// What is counted. Of what a day says nothing, nothing is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum EngagementMetric {
    /// Times that a track was added to a playlist on the day.
    PlaylistAdds,
    /// Followers of the playlists that have a track, at the end of the day.
    PlaylistReach,
    /// Times that a track was skipped on the day.
    Skips,
    /// Likes on the day.
    Likes,
    /// Comments on the day.
    Comments,
    /// Posts on the day, of the artist or with the artist's music.
    Posts,
    /// Views on the day.
    Views,
}

impl EngagementMetric {
    /// All of them, in the order in which pages show them.
    pub const ALL: [Self; 7] = [
        Self::PlaylistAdds,
        Self::PlaylistReach,
        Self::Skips,
        Self::Likes,
        Self::Comments,
        Self::Posts,
        Self::Views,
    ];

    /// The name in records, answers and the dictionary of metrics.
    pub fn id(self) -> &'static str {
        match self {
            Self::PlaylistAdds => "playlistAdds",
            Self::PlaylistReach => "playlistReach",
            Self::Skips => "skips",
            Self::Likes => "likes",
            Self::Comments => "comments",
            Self::Posts => "posts",
            Self::Views => "views",
        }
    }

    /// The metric of a name.
    pub fn from_id(id: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|metric| metric.id() == id)
    }

    /// Whether it is a level at the end of a day, of which the last counts, and not a count of the day.
    pub fn is_level(self) -> bool {
        self == Self::PlaylistReach
    }
}

impl fmt::Display for EngagementMetric {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.id())
    }
}

/// What a platform counted of an artist on a day; none of what nobody has told.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Engagement {
    /// See [`EngagementMetric::PlaylistAdds`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub playlist_adds: Option<u64>,
    /// See [`EngagementMetric::PlaylistReach`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub playlist_reach: Option<u64>,
    /// See [`EngagementMetric::Skips`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub skips: Option<u64>,
    /// See [`EngagementMetric::Likes`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub likes: Option<u64>,
    /// See [`EngagementMetric::Comments`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub comments: Option<u64>,
    /// See [`EngagementMetric::Posts`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub posts: Option<u64>,
    /// See [`EngagementMetric::Views`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub views: Option<u64>,
}

impl Engagement {
    /// The value of a metric.
    pub fn of(&self, metric: EngagementMetric) -> Option<u64> {
        let mut copy = *self;
        *copy.place(metric)
    }

    /// Says the value of a metric.
    pub fn set(&mut self, metric: EngagementMetric, value: Option<u64>) {
        *self.place(metric) = value;
    }

    /// Where the value of a metric stands.
    fn place(&mut self, metric: EngagementMetric) -> &mut Option<u64> {
        match metric {
            EngagementMetric::PlaylistAdds => &mut self.playlist_adds,
            EngagementMetric::PlaylistReach => &mut self.playlist_reach,
            EngagementMetric::Skips => &mut self.skips,
            EngagementMetric::Likes => &mut self.likes,
            EngagementMetric::Comments => &mut self.comments,
            EngagementMetric::Posts => &mut self.posts,
            EngagementMetric::Views => &mut self.views,
        }
    }

    /// The metrics that are known, with their values.
    pub fn known(&self) -> impl Iterator<Item = (EngagementMetric, u64)> + '_ {
        EngagementMetric::ALL.into_iter().filter_map(|metric| Some((metric, self.of(metric)?)))
    }

    /// Whether nothing is known.
    pub fn is_unknown(&self) -> bool {
        *self == Self::default()
    }

    /// It, and what another says of what it does not say.
    #[must_use]
    pub fn or(self, other: Self) -> Self {
        let mut both = self;
        for (metric, value) in other.known() {
            both.set(metric, self.of(metric).or(Some(value)));
        }
        both
    }
}

/// A metric of an artist as the page shows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct EngagementRow {
    /// Which one.
    pub metric: EngagementMetric,
    /// What people read.
    pub label: String,
    /// The unit.
    pub unit: String,
    /// How it is counted and summed.
    pub formula: String,
    /// What each platform that tells it says.
    pub platforms: Vec<PlatformEngagement>,
    /// The sum over platforms; none of what is not known, and of what is never added up.
    pub sum: Option<u64>,
}

/// A metric on a platform.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PlatformEngagement {
    /// The platform.
    pub platform: Platform,
    /// The sum of the days, or the last value of what is a level.
    pub value: u64,
    /// The days of the window that say it.
    pub days: u32,
    /// The last of them.
    pub as_of: Date,
}

/// The engagement rate of an artist on a platform: likes and comments of two months for each follower.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct EngagementRate {
    /// The platform.
    pub platform: Platform,
    /// Likes and comments for each follower, as a ratio.
    pub rate: f64,
    /// The likes and comments.
    pub reactions: u64,
    /// The followers, as they were told last.
    pub followers: u64,
    /// On how many of the days both likes and comments are known.
    pub days: u32,
    /// The last of them.
    pub as_of: Date,
}

impl EngagementRate {
    /// Of how many days it is: two months.
    pub const DAYS: i32 = 60;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_one_does_not_say_another_does() {
        let said = Engagement { likes: Some(0), ..Engagement::default() };
        let there = Engagement { likes: Some(9), views: Some(3), ..Engagement::default() };
        assert_eq!(said.or(there), Engagement { likes: Some(0), views: Some(3), ..Engagement::default() });
        assert!(Engagement::default().is_unknown() && !said.is_unknown());
        for metric in EngagementMetric::ALL {
            assert_eq!(EngagementMetric::from_id(metric.id()), Some(metric));
            let mut one = Engagement::default();
            one.set(metric, Some(7));
            assert_eq!(one.known().collect::<Vec<_>>(), [(metric, 7)]);
        }
    }

    #[test]
    fn what_nobody_knows_is_not_written() {
        let text = serde_json::to_string(&Engagement { posts: Some(1), ..Engagement::default() });
        assert_eq!(text.expect("a text"), r#"{"posts":1}"#);
    }
}
