//! The timing engine: which days are impossible, and how the others compare, with visible arithmetic.
//!
//! Hard limits take days away; what is left is scored in parts. A part about which nothing is known counts
//! neither for nor against a day: the score is the points of the known parts out of the most that these
//! can give, in percent. The weights are Patchline's own; the limits are rules of the knowledge base.

use super::rules::{DayRange, Rules, days_between, days_from, in_words, plus};
use jiff::civil::Date;

mod parts;

pub(in crate::music) use parts::weekday_name;

/// The most days that are looked at.
const MOST_DAYS: i32 = 400;

/// How far ahead is looked where nobody says, after the first possible day.
const USUAL_DAYS: i32 = 84;

/// How many dates are proposed.
const PROPOSED: usize = 3;

/// A release that is planned or out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Planned {
    /// Its title.
    pub title: String,
    /// Its artist's name.
    pub artist: String,
    /// Its day.
    pub date: Date,
    /// Its genre.
    pub genre: String,
    /// Whether it is the same artist's.
    pub is_own: bool,
}

/// A logged date that a release may go with: a show, a use in a film.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Occasion {
    /// The day.
    pub date: Date,
    /// What happens.
    pub title: String,
}

/// A territory in which the artist is heard.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Territory<'a> {
    /// ISO 3166-1 alpha-2.
    pub code: &'a str,
    /// Its name.
    pub name: &'a str,
}

/// What is asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asked<'a> {
    /// The day on which everything can be delivered.
    pub ready: Date,
    /// No day before this.
    pub earliest: Option<Date>,
    /// No day after this.
    pub latest: Option<Date>,
    /// The distributor's own lead time in days, where it is known.
    pub own_lead: Option<i32>,
    /// The genre.
    pub genre: &'a str,
    /// The other releases of the label.
    pub roster: &'a [Planned],
    /// Logged dates to come.
    pub occasions: &'a [Occasion],
    /// How many days of figures there are.
    pub days_of_figures: u32,
    /// Where the artist is heard most.
    pub territories: &'a [Territory<'a>],
}

/// A part of a score.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    /// Its name for programs.
    pub id: &'static str,
    /// Its name for people.
    pub label: &'static str,
    /// The points.
    pub points: u32,
    /// The most points; zero where nothing is known.
    pub most: u32,
    /// Why so many. A full sentence.
    pub reason: String,
    /// The id of the entry of the knowledge base behind it.
    pub rule: Option<&'static str>,
}

/// A possible day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Candidate {
    /// The day.
    pub date: Date,
    /// 0 to 100.
    pub score: u32,
    /// What it is made of.
    pub parts: Vec<Part>,
}

/// Days on which a release is impossible.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Impossible {
    /// The first.
    pub from: Date,
    /// The last.
    pub to: Date,
    /// Why. A full sentence.
    pub reason: String,
    /// The id of the entry of the knowledge base; none where the caller said so.
    pub rule: Option<&'static str>,
}

/// What is advised.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Advice {
    /// The best days, best first; of equal ones the earlier first.
    pub candidates: Vec<Candidate>,
    /// The days that are impossible, in order of time.
    pub impossible: Vec<Impossible>,
    /// What would change the answer. Full sentences.
    pub would_change: Vec<String>,
}

/// The least days from readiness to release, and where that stands; none where nobody knows.
fn least_days(asked: &Asked<'_>, rules: &Rules) -> Option<(i32, Option<&'static str>)> {
    match asked.own_lead {
        Some(days) => Some((days, None)),
        None => rules.least_lead.as_ref().map(|rule| (rule.value, Some(rule.id))),
    }
}

/// The advised days from delivery to release, no less than the distributor's own.
fn advised_days(asked: &Asked<'_>, rules: &Rules) -> Option<DayRange> {
    let advised = rules.advised_lead.as_ref()?.value;
    let own = asked.own_lead.unwrap_or(0);
    Some(DayRange { least: advised.least.max(own), most: advised.most.max(own) })
}

/// The day from which on deliveries are processed.
fn processed_from(asked: &Asked<'_>, rules: &Rules) -> Date {
    rules.closed.as_ref().map_or(asked.ready, |rule| rule.value.open_after(asked.ready))
}

/// The first day that lead time and pitch allow.
fn first_possible(asked: &Asked<'_>, rules: &Rules) -> Date {
    let least = least_days(asked, rules).map_or(0, |(days, _)| days);
    let pitch = rules.pitch_floor.as_ref().map_or(0, |rule| rule.value);
    let enough =
        |day: &Date| rules.open_days(asked.ready, *day) >= least && days_between(asked.ready, *day) >= pitch;
    let end = plus(asked.ready, MOST_DAYS);
    days_from(asked.ready, end).find(enough).unwrap_or(end)
}

/// Compares the days that are asked for.
pub fn advise(asked: &Asked<'_>, rules: &Rules) -> Advice {
    let first = first_possible(asked, rules);
    let from = asked.earliest.unwrap_or(asked.ready).max(asked.ready);
    let usual_end = plus(first.max(from), USUAL_DAYS);
    let last = asked.latest.unwrap_or(usual_end).min(plus(first.max(from), MOST_DAYS));
    let ranked = ranked(asked, rules, first.max(from), last);
    Advice {
        impossible: impossible(asked, rules, from, last, first),
        would_change: would_change(asked, rules, first, last, &ranked),
        candidates: ranked.into_iter().take(PROPOSED).collect(),
    }
}

/// The possible days of a span with their scores, best first.
fn ranked(asked: &Asked<'_>, rules: &Rules, from: Date, last: Date) -> Vec<Candidate> {
    let days = days_from(from, plus(last, 1)).filter(|day| !rules.is_closed(*day));
    let mut all: Vec<Candidate> = days.map(|day| scored(asked, rules, day)).collect();
    all.sort_by(|a, b| b.score.cmp(&a.score).then(a.date.cmp(&b.date)));
    all
}

/// A day with its score.
pub fn scored(asked: &Asked<'_>, rules: &Rules, day: Date) -> Candidate {
    let parts = parts::of(asked, rules, day);
    let points: u32 = parts.iter().map(|part| part.points).sum();
    let most: u32 = parts.iter().map(|part| part.most).sum();
    // Rounded to the nearest whole.
    let score = (points * 100 + most / 2).checked_div(most).unwrap_or(0);
    Candidate { date: day, score, parts }
}

fn impossible(asked: &Asked<'_>, rules: &Rules, from: Date, last: Date, first: Date) -> Vec<Impossible> {
    let mut found = Vec::new();
    if first > from {
        let to = plus(first, -1).min(last);
        found.push(too_soon(asked, rules, from, to, first));
    }
    if let Some(rule) = &rules.closed {
        found.extend(closed_runs(rules, from, last).into_iter().map(|(from, to)| Impossible {
            from,
            to,
            reason: format!(
                "Stores and distributors are taken as closed from {} to {}, until this year's notices are read.",
                in_words(from),
                in_words(to)
            ),
            rule: Some(rule.id),
        }));
    }
    found.retain(|range| range.from <= range.to);
    found.sort_by_key(|range| range.from);
    found
}

/// Why the days before the first possible one are impossible.
fn too_soon(asked: &Asked<'_>, rules: &Rules, from: Date, to: Date, first: Date) -> Impossible {
    let least = least_days(asked, rules);
    let pitch = rules.pitch_floor.as_ref().map(|rule| (rule.value, rule.id));
    let (what, days, rule) = match (least, pitch) {
        (Some((lead, rule)), Some((pitch, _))) if lead >= pitch => ("the delivery needs", lead, rule),
        (_, Some((pitch, rule))) => ("a pitch needs", pitch, Some(rule)),
        (Some((lead, rule)), None) => ("the delivery needs", lead, rule),
        (None, None) => ("the day needs", 0, None),
    };
    let closed = days_between(asked.ready, first) - rules.open_days(asked.ready, first);
    let closed = if closed > 0 { format!(" {closed} closed days do not count.") } else { String::new() };
    Impossible {
        from,
        to,
        reason: format!(
            "Ready on {}, {} is {} days away; {what} {days}. The first possible day is {}.{closed}",
            in_words(asked.ready),
            in_words(to),
            days_between(asked.ready, to),
            in_words(first)
        ),
        rule,
    }
}

/// The closed days of a span, as runs of days.
fn closed_runs(rules: &Rules, from: Date, last: Date) -> Vec<(Date, Date)> {
    let mut runs: Vec<(Date, Date)> = Vec::new();
    for day in days_from(from, plus(last, 1)).filter(|day| rules.is_closed(*day)) {
        match runs.last_mut() {
            Some((_, end)) if plus(*end, 1) == day => *end = day,
            _ => runs.push((day, day)),
        }
    }
    runs
}

/// What would change the answer: each is worked out again without the thing.
fn would_change(
    asked: &Asked<'_>,
    rules: &Rules,
    first: Date,
    last: Date,
    ranked: &[Candidate],
) -> Vec<String> {
    let Some(best) = ranked.first() else {
        return vec!["No day of the span is possible; a later last day would change that.".to_owned()];
    };
    let mut found = Vec::new();
    found.extend(sooner(asked, rules, best, ranked));
    found.extend(open_all_year(asked, rules, last, best));
    found.extend(without_clash(asked, rules, last, best, first));
    if found.is_empty() {
        found.push("Nothing that is known here would give a better day.".to_owned());
    }
    found
}

/// The first possible usual release day, where it is not the best one: what it costs to be sooner, and by when
/// everything would have to be ready.
fn sooner(asked: &Asked<'_>, rules: &Rules, best: &Candidate, ranked: &[Candidate]) -> Option<String> {
    let weekday = rules.weekday.as_ref()?.value;
    let usual = ranked.iter().filter(|one| one.date.weekday() == weekday).min_by_key(|one| one.date)?;
    if usual.date >= best.date {
        return None;
    }
    let days = days_between(asked.ready, usual.date);
    let mut text = format!(
        "If it must be soon: {} is possible, {days} days after everything is ready, and scores {} instead of {}.",
        in_words(usual.date),
        usual.score,
        best.score
    );
    if let Some(advised) = advised_days(asked, rules).filter(|advised| days < advised.least) {
        let ready = plus(usual.date, -advised.least);
        text.push_str(&format_ready(ready, advised.least));
    }
    Some(text)
}

fn format_ready(ready: Date, days: i32) -> String {
    format!(" It would have the advised {days} days if everything had been ready on {}.", in_words(ready))
}

/// The best day without closed weeks, where it would be an earlier one.
fn open_all_year(asked: &Asked<'_>, rules: &Rules, last: Date, best: &Candidate) -> Option<String> {
    let closed = rules.closed.as_ref()?;
    let open = Rules { closed: None, ..rules.clone() };
    let from = first_possible(asked, &open).max(asked.earliest.unwrap_or(asked.ready));
    let other = ranked_first(asked, &open, from, last)?;
    (other.date < best.date).then(|| {
        format!(
            "If the distributor works through the closed weeks ({}), {} would be first, with {} points.",
            closed.id,
            in_words(other.date),
            other.score
        )
    })
}

/// The best day without the releases of the same genre near by, where it would be another one.
fn without_clash(
    asked: &Asked<'_>,
    rules: &Rules,
    last: Date,
    best: &Candidate,
    first: Date,
) -> Option<String> {
    rules.clash.as_ref()?;
    let alone = Rules { clash: None, ..rules.clone() };
    let from = first.max(asked.earliest.unwrap_or(first));
    let other = ranked_first(asked, &alone, from, last)?;
    let clash = parts::clash_of(asked, rules, other.date)?;
    (other.date != best.date).then(|| {
        format!(
            "If “{}” by {} moved away from {}, {} would be first.",
            clash.title,
            clash.artist,
            in_words(clash.date),
            in_words(other.date)
        )
    })
}

fn ranked_first(asked: &Asked<'_>, rules: &Rules, from: Date, last: Date) -> Option<Candidate> {
    ranked(asked, rules, from, last).into_iter().next()
}

#[cfg(test)]
mod tests;
