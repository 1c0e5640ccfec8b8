//! The daily figures of one artist as series: a day is known when every platform that is counted reported.

use crate::engine::catalog::analytics::ByTerritory;
use crate::engine::catalog::{Catalog, CatalogError};
use crate::model::analytics::{DailyAnalytics, Platform};
use crate::model::identifier::ArtistId;
use crate::music::analysis::cadence;
use crate::music::analysis::comparison::Period;
use crate::music::analysis::daily::{Daily, after, days, days_between};
use jiff::civil::Date;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// A platform may be so many days late, or begin so many days later, and still count.
const PATIENCE: i32 = 7;

/// The newest figures of an artist.
pub(super) struct ArtistFigures {
    rows: Arc<Vec<DailyAnalytics>>,
    /// The platforms that are counted.
    platforms: BTreeSet<Platform>,
    /// The first and the last day with any figures.
    span: Option<Period>,
}

impl ArtistFigures {
    /// Reads them. Platforms that began or ended within the newest `looking_back` days are left out.
    pub(super) async fn read(
        catalog: &Catalog,
        artist: &ArtistId,
        looking_back: i32,
    ) -> Result<Self, CatalogError> {
        Ok(Self::of(catalog.history(artist).await?, looking_back))
    }

    fn of(rows: Arc<Vec<DailyAnalytics>>, looking_back: i32) -> Self {
        let days: Vec<(Date, Platform)> = rows.iter().map(|row| (row.date, row.platform)).collect();
        let span = span_of(&days);
        let platforms = steady(&days, span, looking_back);
        Self { rows, platforms, span }
    }

    /// The newest day with any figures.
    pub(super) fn as_of(&self) -> Option<Date> {
        self.span.map(|span| span.to)
    }

    /// The first day with any figures.
    pub(super) fn first(&self) -> Option<Date> {
        self.span.map(|span| span.from)
    }

    /// The newest day on which every counted platform reported.
    pub(super) fn newest_known(&self) -> Option<Date> {
        let streams = self.streams();
        streams.iter().filter(|(_, value)| value.is_some()).last().map(|(date, _)| date)
    }

    /// Whether some of it is generated.
    pub(super) fn is_sample(&self) -> bool {
        self.rows.iter().any(|row| row.source == "sample")
    }

    /// The platforms that are counted.
    pub(super) fn platforms(&self) -> impl Iterator<Item = Platform> {
        self.platforms.iter().copied()
    }

    /// The platforms that report of the artist and are not counted.
    pub(super) fn left_out(&self) -> impl Iterator<Item = Platform> {
        let all: BTreeSet<Platform> = self.rows.iter().map(|row| row.platform).collect();
        all.into_iter().filter(|platform| !self.platforms.contains(platform))
    }

    /// The rows of the platforms that are counted.
    pub(super) fn rows(&self) -> impl Iterator<Item = &DailyAnalytics> {
        self.rows.iter().filter(|row| self.platforms.contains(&row.platform))
    }

    /// Streams by day.
    pub(super) fn streams(&self) -> Daily {
        self.daily(|row| Some(row.streams))
    }

    /// Something of each row, added up over platforms; none on days on which a platform is missing or does not say it.
    pub(super) fn daily(&self, value: impl Fn(&DailyAnalytics) -> Option<u64>) -> Daily {
        self.daily_of(&self.platforms, value)
    }

    /// The same over some of the platforms that are counted.
    pub(super) fn daily_of(
        &self,
        platforms: &BTreeSet<Platform>,
        value: impl Fn(&DailyAnalytics) -> Option<u64>,
    ) -> Daily {
        let Some(span) = self.span else { return Daily { first: Date::MIN, values: Vec::new() } };
        let mut sums: BTreeMap<Date, (usize, u64)> = BTreeMap::new();
        for row in self.rows().filter(|row| platforms.contains(&row.platform)) {
            let Some(value) = value(row) else { continue };
            let (told, sum) = sums.entry(row.date).or_default();
            *told += 1;
            *sum += value;
        }
        let known = sums.into_iter().filter(|(_, (told, _))| *told == platforms.len());
        Daily::of(&known.map(|(date, (_, sum))| (date, number(sum))).collect(), span.from, span.to)
    }

    /// Streams by platform, or by territory, over days.
    pub(super) fn sums<'r>(
        &'r self,
        days: &BTreeSet<Date>,
        parts: impl Fn(&'r DailyAnalytics) -> Vec<(String, u64)>,
    ) -> BTreeMap<String, u64> {
        let mut sums = BTreeMap::new();
        for row in self.rows().filter(|row| days.contains(&row.date)) {
            for (name, streams) in parts(row) {
                *sums.entry(name).or_default() += streams;
            }
        }
        sums
    }

    /// What is missing between two days, in full sentences.
    pub(super) fn gaps(&self, from: Date, to: Date) -> Vec<String> {
        let mut notes = Vec::new();
        let told: Vec<(Date, Platform)> = self.rows.iter().map(|row| (row.date, row.platform)).collect();
        let seldom = seldom(&told);
        notes.extend(seldom.iter().map(|(platform, days)| reports_seldom(*platform, *days)));
        for platform in self.left_out().filter(|platform| !seldom.contains_key(platform)) {
            notes.push(format!(
                "{} is left out: its figures do not cover the days that are looked at.",
                platform.label()
            ));
        }
        let streams = self.streams();
        let missing: Vec<Date> = days(from, to).filter(|day| streams.on(*day).is_none()).collect();
        if let (Some(first), Some(last)) = (missing.first(), missing.last()) {
            let count = missing.len();
            let which = if first == last { first.to_string() } else { format!("from {first} to {last}") };
            let platforms = self.silent(&missing);
            notes.push(format!(
                "{count} of the days from {from} to {to} are not known ({which}; missing: {platforms}). They \
                 count as unknown, not as nought."
            ));
        }
        notes
    }

    /// The counted platforms that are missing on any of the days.
    fn silent(&self, missing: &[Date]) -> String {
        let there: BTreeSet<(Date, Platform)> = self.rows().map(|row| (row.date, row.platform)).collect();
        let silent = self
            .platforms
            .iter()
            .filter(|platform| missing.iter().any(|day| !there.contains(&(*day, **platform))));
        silent.map(|platform| platform.label()).collect::<Vec<_>>().join(", ")
    }
}

/// The streams of a territory by day, over the platforms that are counted; none on days on which one is missing.
pub(super) fn in_territory(found: &ByTerritory, territory: &str, looking_back: i32) -> Daily {
    let days: Vec<(Date, Platform)> = found.days().collect();
    let Some(span) = span_of(&days) else { return Daily { first: Date::MIN, values: Vec::new() } };
    let platforms = steady(&days, Some(span), looking_back);
    let mut sums: BTreeMap<Date, (usize, u64)> = BTreeMap::new();
    for (date, _) in days.iter().filter(|(_, platform)| platforms.contains(platform)) {
        sums.entry(*date).or_default().0 += 1;
    }
    for (date, platform, code, streams) in found.streams() {
        if code == territory && platforms.contains(&platform) {
            sums.entry(date).or_default().1 += streams;
        }
    }
    let known = sums.into_iter().filter(|(_, (count, _))| *count == platforms.len());
    Daily::of(&known.map(|(date, (_, sum))| (date, number(sum))).collect(), span.from, span.to)
}

/// The first and the last day of rows that are in order of time.
pub(super) fn span_of(days: &[(Date, Platform)]) -> Option<Period> {
    days.first().zip(days.last()).map(|((from, _), (to, _))| Period { from: *from, to: *to })
}

/// The platforms that report throughout the newest days, and on most of them; all where none does.
pub(super) fn steady(
    days: &[(Date, Platform)],
    span: Option<Period>,
    looking_back: i32,
) -> BTreeSet<Platform> {
    let platforms: BTreeSet<Platform> = days.iter().map(|(_, platform)| *platform).collect();
    let Some(span) = span else { return platforms };
    let begin = span.from.max(after(span.to, 1 - looking_back));
    let known: BTreeSet<Date> = days.iter().map(|(date, _)| *date).filter(|date| *date >= begin).collect();
    let reports_throughout = |platform: &Platform| {
        let mut own = days.iter().filter(|(_, other)| other == platform).map(|(date, _)| *date);
        let first = own.next().unwrap_or(span.to);
        let last = own.next_back().unwrap_or(first);
        let within = days.iter().filter(|(date, other)| other == platform && *date >= begin).count();
        let is_usual = within * 2 > known.len();
        is_usual && days_between(begin, first) <= PATIENCE && days_between(last, span.to) <= PATIENCE
    };
    let steady: BTreeSet<Platform> = platforms.iter().copied().filter(reports_throughout).collect();
    if steady.is_empty() { platforms } else { steady }
}

/// The platforms that do not report daily, with the days from one report to the next. Rows are in order of days.
pub(super) fn seldom(told: &[(Date, Platform)]) -> BTreeMap<Platform, i32> {
    let mut days: BTreeMap<Platform, Vec<Date>> = BTreeMap::new();
    for (date, platform) in told {
        days.entry(*platform).or_default().push(*date);
    }
    days.into_iter().filter_map(|(platform, days)| Some((platform, cadence::seldom(&days)?))).collect()
}

/// That a day without the report of a platform is none on which streams fell.
pub(super) fn reports_seldom(platform: Platform, days: i32) -> String {
    format!(
        "{} reports about every {days} days: the days between count as unknown, and where other platforms report daily \
         it is left out of what compares days. A day without its report is no fall.",
        platform.label()
    )
}

/// A count to calculate with.
#[expect(clippy::cast_precision_loss, reason = "counts of streams lie far below 2^53")]
pub(in crate::engine::tools) fn number(count: u64) -> f64 {
    count as f64
}

/// The whole number nearest to a sum of counts.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a cast of floats saturates")]
pub(in crate::engine::tools) fn whole(sum: f64) -> u64 {
    sum.round() as u64
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    fn row(day: i32, platform: Platform) -> DailyAnalytics {
        DailyAnalytics {
            artist_id: "art_1".parse().expect("an id"),
            date: after(date(2026, 11, 1), day),
            platform,
            streams: 10,
            listeners: Some(5),
            saves: Some(1),
            followers: Some(100),
            territories: BTreeMap::from([("NO".to_owned(), 10)]),
            tracks: BTreeMap::new(),
            track_saves: BTreeMap::new(),
            track_listeners: BTreeMap::new(),
            engagement: crate::model::engagement::Engagement::default(),
            source: "report".to_owned(),
        }
    }

    #[test]
    fn what_a_platform_does_not_say_of_a_day_is_unknown_and_not_nought() {
        let mut rows: Vec<_> =
            (0..3).flat_map(|day| [row(day, Platform::Spotify), row(day, Platform::AppleMusic)]).collect();
        rows[2].saves = None;
        let figures = ArtistFigures::of(Arc::new(rows), 90);
        assert_eq!(figures.daily(|row| row.saves).values, [Some(2.0), None, Some(2.0)]);
        assert_eq!(figures.streams().days_with_data(), 3);
    }

    #[test]
    fn a_day_without_one_of_the_platforms_is_unknown_and_told() {
        let mut rows: Vec<_> =
            (0..20).flat_map(|day| [row(day, Platform::Spotify), row(day, Platform::AppleMusic)]).collect();
        rows.remove(11);
        let figures = ArtistFigures::of(Arc::new(rows), 90);
        let streams = figures.streams();
        assert_eq!((streams.days_with_data(), streams.values[5]), (19, None));
        let notes = figures.gaps(date(2026, 11, 1), date(2026, 11, 20));
        assert_eq!(notes.len(), 1);
        assert!(notes[0].contains("2026-11-06") && notes[0].contains("Apple Music"), "{notes:?}");
        assert!(!notes[0].contains("Spotify"));
    }

    #[test]
    fn a_platform_that_reports_now_and_then_is_missing_on_no_day() {
        let spotify = (0..60).map(|day| row(day, Platform::Spotify));
        let deezer = [0, 30, 59].map(|day| row(day, Platform::Deezer));
        let mut rows: Vec<_> = spotify.chain(deezer).collect();
        rows.sort_by_key(|row| (row.date, row.platform));
        let streams = ArtistFigures::of(Arc::new(rows), 90).streams();
        assert_eq!((streams.days_with_data(), streams.values[30]), (60, Some(10.0)));
    }

    #[test]
    fn a_platform_that_reports_weekly_is_named_and_its_missing_days_are_not_told_as_gaps() {
        let spotify = (0..60).map(|day| row(day, Platform::Spotify));
        let deezer = (0..60).step_by(7).map(|day| row(day, Platform::Deezer));
        let mut rows: Vec<_> = spotify.chain(deezer).collect();
        rows.sort_by_key(|row| (row.date, row.platform));
        let notes =
            ArtistFigures::of(Arc::new(rows), 90).gaps(date(2026, 11, 1), after(date(2026, 11, 1), 59));
        assert_eq!(notes.len(), 1, "{notes:?}");
        assert!(notes[0].starts_with("Deezer reports about every 7 days"), "{notes:?}");
    }

    #[test]
    fn a_platform_that_stopped_is_left_out_instead_of_making_all_days_unknown() {
        let spotify = (0..60).map(|day| row(day, Platform::Spotify));
        let apple = (0..30).map(|day| row(day, Platform::AppleMusic));
        let mut rows: Vec<_> = spotify.chain(apple).collect();
        rows.sort_by_key(|row| (row.date, row.platform));
        let figures = ArtistFigures::of(Arc::new(rows), 90);
        assert_eq!(figures.streams().days_with_data(), 60);
        assert_eq!(figures.left_out().collect::<Vec<_>>(), [Platform::AppleMusic]);
        assert!(
            figures.gaps(date(2026, 11, 1), date(2026, 12, 30))[0].starts_with("Apple Music is left out")
        );
    }
}
