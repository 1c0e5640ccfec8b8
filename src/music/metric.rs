//! The metrics by name: what each counts, in which unit, and by which formula.

/// A metric of an artist.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Metric {
    /// The name in answers.
    pub id: &'static str,
    /// What people read.
    pub label: &'static str,
    /// The unit.
    pub unit: &'static str,
    /// What it is, as a formula or rule.
    pub formula: &'static str,
    /// How it is summed over days and platforms.
    pub summed: Summed,
    /// Whose definition it is, and what it does not say.
    pub note: &'static str,
}

/// How values of days and platforms become one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Summed {
    /// They are added up.
    Added,
    /// The last of each platform counts; the platforms are not added up, because the same people would count twice.
    LastOfEach,
    /// They are not summed: it is calculated anew of what it is made of.
    Never,
}

impl Summed {
    /// The rule for people.
    pub fn in_words(self) -> &'static str {
        match self {
            Self::Added => "Added up over days and platforms.",
            Self::LastOfEach => "The last value of each platform; never added up.",
            Self::Never => "Calculated anew for each period.",
        }
    }
}

const fn metric(
    id: &'static str,
    label: &'static str,
    unit: &'static str,
    (summed, formula): (Summed, &'static str),
    note: &'static str,
) -> Metric {
    Metric { id, label, unit, formula, summed, note }
}

/// Every metric that Patchline calculates.
pub const METRICS: &[Metric] = &[
    metric(
        "streams",
        "Streams",
        "streams",
        (Summed::Added, "sum of plays of at least 30 seconds"),
        "As platforms count them; Luminate counts at most 50 a day of one song by one listener.",
    ),
    metric(
        "streamsPerDay",
        "Streams a day",
        "streams a day",
        (Summed::Never, "mean over the days that are known"),
        "A day on which a platform's report is missing is not known.",
    ),
    metric(
        "listenersPerDay",
        "Listeners a day",
        "listeners a day",
        (Summed::Never, "mean over the days of the platforms' daily listeners, added up over platforms"),
        "Who listens on two platforms, or on two days, counts twice: it is not the number of people.",
    ),
    metric(
        "streamsPerListener",
        "Streams for each listener",
        "streams a listener",
        (Summed::Never, "streams / daily listeners"),
        "By day. Platforms show it over 28 days, where it is larger.",
    ),
    metric(
        "saves",
        "Saves",
        "saves",
        (Summed::Added, "sum of saves to a library"),
        "As platforms count them.",
    ),
    metric(
        "playlistAdds",
        "Playlist adds",
        "adds",
        (Summed::Added, "sum of times that a track was added to a playlist"),
        "As platforms count them; some count listeners' own playlists, too.",
    ),
    metric(
        "playlistReach",
        "Playlist reach",
        "followers",
        (Summed::LastOfEach, "followers of the playlists that have a track, at the end of the day"),
        "Who follows two playlists counts twice. Muso.AI counts playlists of more than 100 followers only.",
    ),
    metric(
        "skips",
        "Skips",
        "skips",
        (Summed::Added, "sum of plays that were skipped"),
        "Revelator tells them beside starts; many platforms do not supply them.",
    ),
    metric(
        "likes",
        "Likes",
        "likes",
        (Summed::Added, "sum of likes of the days"),
        "As platforms count them.",
    ),
    metric(
        "comments",
        "Comments",
        "comments",
        (Summed::Added, "sum of comments of the days"),
        "As platforms count them.",
    ),
    metric(
        "posts",
        "Posts",
        "posts",
        (Summed::Added, "sum of posts of the days"),
        "Of the artist, or with the artist's music, as the source counts them.",
    ),
    metric(
        "views",
        "Views",
        "views",
        (Summed::Added, "sum of views of the days"),
        "Each platform has a rule of its own for what a view is; they are not streams.",
    ),
    metric(
        "engagementRate",
        "Engagement rate",
        "ratio",
        (Summed::Never, "(likes + comments of the last two months) / followers"),
        "Soundcharts' definition (glossary), by platform; two months are 60 days here, of which 45 must be known. Followers \
         as they were told last.",
    ),
    metric(
        "saveRate",
        "Save rate",
        "saves a listener",
        (Summed::Never, "saves / daily listeners"),
        "No official formula exists. By day; over 28 days of unique listeners it is larger.",
    ),
    metric(
        "followers",
        "Followers",
        "people",
        (Summed::Never, "mean over the days of the followers at the end of each, added up over platforms"),
        "Who follows on two platforms counts twice.",
    ),
    metric(
        "streamVelocity",
        "Velocity",
        "ratio",
        (Summed::Never, "(last 7 days − the 7 before) / the 7 before"),
        "Our own definition.",
    ),
    metric(
        "territoryShare",
        "Share of a territory",
        "ratio",
        (Summed::Never, "streams in the territory / all streams"),
        "The squares of all shares add up to the concentration (HHI).",
    ),
    metric(
        "momentum",
        "Momentum",
        "deviations",
        (
            Summed::Never,
            "(mean of ln(1 + x) over 28 days − mean over the 63 before − the peers' median) / robust deviation of the peers' growth",
        ),
        "Bands at 1, 2 and 8 deviations, as Soundcharts draws them; not below 20 peers or 91 days.",
    ),
    metric(
        "day1",
        "First day",
        "streams",
        (Summed::Never, "streams of day 0, the day of the release"),
        "Of its own tracks where a source tells them; else the artist's above the median of the same weekday in the four \
         weeks before.",
    ),
    metric(
        "week1",
        "First week",
        "streams",
        (Summed::Never, "the same of days 0 to 6"),
        "Needs three quarters of the days; the others are filled with the mean of those.",
    ),
    metric(
        "day28",
        "First 28 days",
        "streams",
        (Summed::Never, "the same of days 0 to 27"),
        "Needs three quarters of the days; the others are filled with the mean of those.",
    ),
    metric(
        "percentile",
        "Rank of the first week",
        "ratio",
        (
            Summed::Never,
            "(earlier releases with a smaller first week + half of the equal ones) / all of them",
        ),
        "Against the artist's own earlier releases, measured by the same figures.",
    ),
    metric(
        "frontLoad",
        "Front load",
        "ratio",
        (Summed::Never, "first week / first 28 days"),
        "Not known unless both are above nought.",
    ),
    metric(
        "decayPerWeek",
        "Decay",
        "ratio a week",
        (Summed::Never, "e^b − 1, b being the least-squares slope of ln(mean of each week)"),
        "Needs three weeks. A trend that the artist has anyway is not taken out.",
    ),
    metric(
        "halfLifeWeeks",
        "Half-life",
        "weeks",
        (Summed::Never, "ln 0.5 / b, b being the same slope"),
        "Not known while the streams do not fall.",
    ),
    metric(
        "mase",
        "Error of the forecast",
        "ratio",
        (Summed::Never, "mean absolute error / mean absolute difference from a week before"),
        "Hyndman and Koehler 2006. Below 1: better than saying that it will be as a week before.",
    ),
];

/// The metric of this name.
pub fn metric_of(id: &str) -> Option<&'static Metric> {
    METRICS.iter().find(|metric| metric.id == id)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_metric_has_a_name_of_its_own() {
        for metric in METRICS {
            assert_eq!(metric_of(metric.id), Some(metric));
        }
        assert_eq!(metric_of("fame"), None);
    }
}
