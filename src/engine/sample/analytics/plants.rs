//! What the figures contain on purpose, so that analysis can be shown, and tested, to find it.

use super::super::artists::SampleArtist;
use super::super::genre::Genre;
use super::super::roster::{ROSTER, Role};
use super::super::{HISTORY_DAYS, NEWCOMER_DAYS, days_before};
use super::events;
use super::rows::{Absence, GAP_DAYS, GAP_DAYS_AGO, SURGE_DAYS, SURGE_TERRITORY};
use crate::model::identifier::ArtistId;
use crate::model::release::Release;
use jiff::civil::Date;

/// Days of steady growth, up to yesterday.
pub(super) const GROWTH_DAYS: i32 = 120;
/// ln 1.004: growth of 0.4 % a day.
pub(super) const GROWTH_PER_DAY: f64 = 0.003_992;
/// Days of steady decline, up to yesterday.
pub(super) const DECLINE_DAYS: i32 = 150;
/// ln 0.997: decline of 0.3 % a day.
pub(super) const DECLINE_PER_DAY: f64 = -0.003_005;
/// The day on which all artists fell at once.
pub(super) const SHOCK_DAYS_AGO: i32 = 73;
/// The playlist that added an artist; there is none of this name.
pub(super) const PLAYLIST_NAME: &str = "Lantern Light (sample)";

/// Something that was put into the figures.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plant {
    /// What it is.
    pub kind: PlantKind,
    /// Whom it concerns; none for all artists.
    pub artist_id: Option<ArtistId>,
    /// Its first day.
    pub first: Date,
    /// Its last day.
    pub last: Date,
    /// What there is to see, for people.
    pub sentence: String,
}

/// The kinds of things that were put into the figures.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PlantKind {
    /// A real trend upwards.
    SteadyGrowth,
    /// A real trend downwards.
    SteadyDecline,
    /// Slow wandering that looks like growth and is none.
    FalseTrend,
    /// A spike with a logged cause.
    ExplainedSpike,
    /// A spike without a cause, from one foreign territory: looks like artificial streams.
    UnexplainedSpike,
    /// Fewer streams for everyone on a holiday.
    Holiday,
    /// A week with its own shape for each genre.
    WeeklySeason,
    /// A platform's report is missing.
    MissingReport,
    /// All reports are missing for some days.
    Gap,
    /// An artist who shares the name with another.
    Namesake,
    /// An artist with too few days to say much.
    ShortHistory,
    /// One day on which everyone fell.
    MarketShock,
    /// A release and how its effect fades.
    ReleaseJump,
}

/// How many days ago a day was, negative for days to come.
pub(super) fn days_ago(date: Date, today: Date) -> i32 {
    (today - date).get_days()
}

/// Which day, from 1, of a period of this length that ends yesterday; 0 before it.
pub(super) fn days_into(length: i32, date: Date, today: Date) -> f64 {
    f64::from((length + 1 - days_ago(date, today)).max(0))
}

/// The day of the playlist addition.
pub(super) fn playlist_day(today: Date) -> Date {
    clear_of_holidays(days_before(today, 46))
}

/// The first day of the spike without a cause.
pub(super) fn surge_start(today: Date) -> Date {
    clear_of_holidays(days_before(today, 33))
}

/// The day itself, or one before Christmas if figures near it are masked because of the holidays.
fn clear_of_holidays(date: Date) -> Date {
    match (date.month(), date.day()) {
        (12, 18..) | (1, ..=7) => days_before(date, 21),
        _ => date,
    }
}

/// Everything but the lost reports.
pub(super) fn plants(today: Date, artists: &[SampleArtist], releases: &[Release]) -> Vec<Plant> {
    let mut plants: Vec<Plant> = artists.iter().filter_map(|artist| of_role(artist, today)).collect();
    plants.extend(artists.iter().filter_map(|artist| namesake(artist, today)));
    plants.extend(artists.iter().flat_map(|artist| jumps(artist, releases, today)));
    plants.extend(of_everyone(today));
    plants
}

/// What an artist's part is.
fn of_role(artist: &SampleArtist, today: Date) -> Option<Plant> {
    let name = artist.profile.name;
    let (kind, first, days, sentence) = match artist.profile.role {
        Role::Ordinary => return None,
        Role::Growth => (
            PlantKind::SteadyGrowth,
            days_before(today, GROWTH_DAYS),
            GROWTH_DAYS,
            format!("{name} grows by about 0.4 % a day."),
        ),
        Role::Decline => (
            PlantKind::SteadyDecline,
            days_before(today, DECLINE_DAYS),
            DECLINE_DAYS,
            format!("{name} falls by about 0.3 % a day."),
        ),
        Role::FalseTrend => (
            PlantKind::FalseTrend,
            days_before(today, GROWTH_DAYS),
            GROWTH_DAYS,
            format!("{name} rides a slow wave: the last weeks look like growth, no trend is proven."),
        ),
        Role::PlaylistSpike => (
            PlantKind::ExplainedSpike,
            playlist_day(today),
            28,
            format!(
                "{name} jumps by about 90 % on the day the playlist {PLAYLIST_NAME} adds a track, and fades."
            ),
        ),
        Role::ForeignSpike => (
            PlantKind::UnexplainedSpike,
            surge_start(today),
            SURGE_DAYS,
            format!(
                "{name} has {SURGE_DAYS} days of many streams from {SURGE_TERRITORY} on one platform, \
                 without saves, followers or a logged cause."
            ),
        ),
        Role::Gap => (
            PlantKind::Gap,
            days_before(today, GAP_DAYS_AGO),
            GAP_DAYS,
            format!("{name} has no figures at all for {GAP_DAYS} days."),
        ),
        Role::Newcomer => (
            PlantKind::ShortHistory,
            days_before(today, NEWCOMER_DAYS),
            NEWCOMER_DAYS,
            format!("{name} has figures for {NEWCOMER_DAYS} days only."),
        ),
    };
    let last = days_before(first, 1 - days);
    Some(Plant { kind, artist_id: Some(artist.artist_id.clone()), first, last, sentence })
}

/// A lost report of one platform.
pub(super) fn missing_report(artist: &SampleArtist, absence: &Absence) -> Option<Plant> {
    let platform = absence.platform?;
    Some(Plant {
        kind: PlantKind::MissingReport,
        artist_id: Some(artist.artist_id.clone()),
        first: absence.first,
        last: absence.last,
        sentence: format!("{} has no figures of {} on this day.", artist.profile.name, platform.label()),
    })
}

/// An artist who shares the name with another.
fn namesake(artist: &SampleArtist, today: Date) -> Option<Plant> {
    let profile = artist.profile;
    let shared = ROSTER.iter().filter(|other| other.name == profile.name).count() > 1;
    let told_apart_by = profile.disambiguation.unwrap_or_default();
    shared.then(|| Plant {
        kind: PlantKind::Namesake,
        artist_id: Some(artist.artist_id.clone()),
        first: days_before(today, HISTORY_DAYS),
        last: days_before(today, 1),
        sentence: format!("{} ({told_apart_by}) shares the name with another artist.", profile.name),
    })
}

/// The releases within the figures: each jumps, and halves within the artist's half-life.
fn jumps<'a>(
    artist: &'a SampleArtist,
    releases: &'a [Release],
    today: Date,
) -> impl Iterator<Item = Plant> + 'a {
    let within =
        move |release: &&Release| (1..HISTORY_DAYS - 14).contains(&days_ago(release.release_date, today));
    events::of_artist(artist, releases).filter(within).map(move |release| Plant {
        kind: PlantKind::ReleaseJump,
        artist_id: Some(artist.artist_id.clone()),
        first: release.release_date,
        last: days_before(release.release_date, -27).min(days_before(today, 1)),
        sentence: format!(
            "{} adds about {:.0} % on the day the {} “{}” comes out, and fades.",
            artist.profile.name,
            events::jump(release.kind) * 100.0,
            release.kind,
            release.title
        ),
    })
}

/// What concerns all artists: the week, the shock, the holidays.
fn of_everyone(today: Date) -> Vec<Plant> {
    let everyone = |kind, first, last, sentence: &str| {
        let sentence = sentence.to_owned();
        Plant { kind, artist_id: None, first, last, sentence }
    };
    let (oldest, newest) = (days_before(today, HISTORY_DAYS), days_before(today, 1));
    let shock = days_before(today, SHOCK_DAYS_AGO);
    let mut plants = vec![
        everyone(
            PlantKind::WeeklySeason,
            oldest,
            newest,
            &format!(
                "Each genre has its own week: {} peaks on Saturday, {} on Monday.",
                Genre::Electronic.label(),
                Genre::Ambient.label()
            ),
        ),
        everyone(PlantKind::MarketShock, shock, shock, "All artists fall by about 30 % for one day."),
    ];
    for year in oldest.year()..=newest.year() {
        let seasons = [((year, 12, 24), (year, 12, 26)), ((year, 12, 31), (year + 1, 1, 1))];
        for (from, to) in seasons {
            if let (Some(first), Some(last)) = (civil(from), civil(to))
                && first >= oldest
                && last <= newest
            {
                plants.push(everyone(PlantKind::Holiday, first, last, "All artists fall over the holidays."));
            }
        }
    }
    plants
}

fn civil((year, month, day): (i16, i8, i8)) -> Option<Date> {
    Date::new(year, month, day).ok()
}
