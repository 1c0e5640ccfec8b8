//! The parts of a day's score.

use super::super::rules::{Rules, days_between, days_from, in_words, plus};
use super::{Asked, Part, Planned, advised_days, least_days, processed_from};
use crate::music::analysis::holidays::national::kept_in;
use jiff::civil::{Date, Weekday};

/// What the parts can give at most. Ours: the day of the week and the time for corrections and pitching weigh
/// most, an occasion least.
const WEEKDAY: u32 = 25;
const LEAD: u32 = 25;
const HOLIDAYS: u32 = 20;
const CLASH: u32 = 20;
const SPACING: u32 = 10;
const OCCASION: u32 = 10;

/// The days after a release that matter most: those of the first four weeks.
const FIRST_DAYS: i32 = 28;

/// The days of figures from which on a season of the year can be told: two years.
const SEASON_DAYS: u32 = 730;

/// All parts of a day.
pub(super) fn of(asked: &Asked<'_>, rules: &Rules, day: Date) -> Vec<Part> {
    vec![
        weekday(rules, day),
        lead(asked, rules, day),
        holidays(asked, rules, day),
        clash(asked, rules, day),
        spacing(asked, rules, day),
        occasion(asked, day),
        season(asked),
    ]
}

/// Of a part about which nothing is known.
fn unknown(id: &'static str, label: &'static str, reason: impl Into<String>) -> Part {
    Part { id, label, points: 0, most: 0, reason: reason.into(), rule: None }
}

fn weekday(rules: &Rules, day: Date) -> Part {
    let (id, label) = ("weekday", "Day of the week");
    let Some(rule) = &rules.weekday else {
        return unknown(id, label, "No rule for the day of the week is known.");
    };
    let usual = weekday_name(rule.value);
    let (points, reason) = if day.weekday() == rule.value {
        (WEEKDAY, format!("A {usual}, the international release day."))
    } else {
        let found = weekday_name(day.weekday());
        (0, format!("A {found} gives up part of the first chart week and needs a reason; {usual} is usual."))
    };
    Part { id, label, points, most: WEEKDAY, reason, rule: Some(rule.id) }
}

/// Days of the week in English.
pub(in crate::music) fn weekday_name(day: Weekday) -> &'static str {
    match day {
        Weekday::Monday => "Monday",
        Weekday::Tuesday => "Tuesday",
        Weekday::Wednesday => "Wednesday",
        Weekday::Thursday => "Thursday",
        Weekday::Friday => "Friday",
        Weekday::Saturday => "Saturday",
        Weekday::Sunday => "Sunday",
    }
}

/// From nothing at the least lead time to all points at the upper end of what is advised.
fn lead(asked: &Asked<'_>, rules: &Rules, day: Date) -> Part {
    let (id, label) = ("lead", "Time for corrections, pitching and pre-saves");
    let (Some(rule), Some(advised)) = (&rules.advised_lead, advised_days(asked, rules)) else {
        return unknown(id, label, "No advised lead time is known.");
    };
    let least = least_days(asked, rules).map_or(0, |(days, _)| days);
    let open = rules.open_days(processed_from(asked, rules), day);
    let (over, span) = ((open - least).max(0).unsigned_abs(), (advised.most - least).max(1).unsigned_abs());
    let points = (LEAD * over.min(span) + span / 2) / span;
    let away = days_between(asked.ready, day);
    let closed = if away > open { format!(" ({} of them closed)", away - open) } else { String::new() };
    let reason = format!(
        "{away} days after everything is ready{closed}; {least} are the least, {} to {} are advised.",
        advised.least, advised.most
    );
    Part { id, label, points, most: LEAD, reason, rule: Some(rule.id) }
}

/// All points outside the closed weeks, fewer for each of the first days within them, and a quarter less where a main
/// territory of the artist keeps the day itself.
fn holidays(asked: &Asked<'_>, rules: &Rules, day: Date) -> Part {
    let (id, label) = ("holidays", "Holidays in the first four weeks");
    let Some(rule) = &rules.closed else { return unknown(id, label, "No closed weeks are known.") };
    let span = days_from(day, plus(day, FIRST_DAYS));
    let closed = u32::try_from(span.filter(|day| rule.value.contains(*day)).count()).unwrap_or(u32::MAX);
    let all = FIRST_DAYS.unsigned_abs();
    let points = (HOLIDAYS * all.saturating_sub(closed) + all / 2) / all;
    let reason = match closed {
        0 => "The first four weeks lie outside the closed weeks of the year.".to_owned(),
        _ => format!("{closed} of the first {all} days lie in the closed weeks of the year."),
    };
    let codes: Vec<&str> = asked.territories.iter().map(|territory| territory.code).collect();
    let Some((name, kept)) = kept_in(day, &codes).into_iter().next() else {
        return Part { id, label, points, most: HOLIDAYS, reason, rule: Some(rule.id) };
    };
    let known = asked.territories.iter().filter(|territory| kept.contains(&territory.code));
    let places: Vec<&str> = known.map(|territory| territory.name).collect();
    let reason = format!("{reason} The day is {name} in {}.", places.join(", "));
    Part {
        id,
        label,
        points: points.saturating_sub(HOLIDAYS / 4),
        most: HOLIDAYS,
        reason,
        rule: Some(rule.id),
    }
}

/// The nearest release of the same genre that is too near.
pub(super) fn clash_of<'a>(asked: &Asked<'a>, rules: &Rules, day: Date) -> Option<&'a Planned> {
    let apart = rules.clash.as_ref()?.value;
    let near = asked.roster.iter().filter(|other| other.genre == asked.genre);
    let near = near.filter(|other| days_between(day, other.date).abs() <= apart);
    near.min_by_key(|other| days_between(day, other.date).abs())
}

fn clash(asked: &Asked<'_>, rules: &Rules, day: Date) -> Part {
    let (id, label) = ("rosterClash", "Other releases of the label");
    let Some(rule) = &rules.clash else {
        return unknown(id, label, "No distance between releases is known.");
    };
    let (points, reason) = match clash_of(asked, rules, day) {
        None => (CLASH, format!("No other {} release of the label within {} days.", asked.genre, rule.value)),
        Some(other) => {
            let (when, title, artist) = (in_words(other.date), &other.title, &other.artist);
            (
                0,
                format!(
                    "“{title}” by {artist} comes out on {when}: the same genre, within {} days.",
                    rule.value
                ),
            )
        }
    };
    Part { id, label, points, most: CLASH, reason, rule: Some(rule.id) }
}

/// All points within the advised distance from the artist's nearest release before; fewer when it is closer, half
/// when it is further away.
fn spacing(asked: &Asked<'_>, rules: &Rules, day: Date) -> Part {
    let (id, label) = ("spacing", "Distance from the artist's last release");
    let Some(rule) = &rules.spacing else {
        return unknown(id, label, "No distance for one artist is known.");
    };
    let own = asked.roster.iter().filter(|other| other.is_own && other.date < day);
    let Some(former) = own.max_by_key(|other| other.date) else {
        return unknown(id, label, "No release of the artist before that day is known.");
    };
    let days = days_between(former.date, day);
    let (least, most) = (rule.value.least, rule.value.most);
    let points = if days < least {
        let least = least.max(1).unsigned_abs();
        (SPACING * days.max(0).unsigned_abs() + least / 2) / least
    } else if days <= most {
        SPACING
    } else {
        SPACING / 2
    };
    let reason = format!("{days} days after “{}”; {least} to {most} are best.", former.title);
    Part { id, label, points, most: SPACING, reason, rule: Some(rule.id) }
}

/// All points where a show or the like follows within four weeks.
fn occasion(asked: &Asked<'_>, day: Date) -> Part {
    let (id, label) = ("occasion", "Shows and other dates");
    if asked.occasions.is_empty() {
        return unknown(id, label, "No show, tour or sync to come is logged for the artist.");
    }
    let follows = |other: &&super::Occasion| (0..=FIRST_DAYS).contains(&days_between(day, other.date));
    let (points, reason) = match asked.occasions.iter().filter(follows).min_by_key(|other| other.date) {
        Some(next) => (OCCASION, format!("“{}” follows on {}.", next.title, in_words(next.date))),
        None => (0, format!("No logged date of the artist follows within {FIRST_DAYS} days.")),
    };
    Part { id, label, points, most: OCCASION, reason, rule: None }
}

/// A season of the year shows only when it has come round twice.
fn season(asked: &Asked<'_>) -> Part {
    let reason = if asked.days_of_figures < SEASON_DAYS {
        format!("{} days of figures; a season of the year needs {SEASON_DAYS}.", asked.days_of_figures)
    } else {
        "The artist's season of the year is not worked out here.".to_owned()
    };
    unknown("season", "The artist's season", reason)
}
