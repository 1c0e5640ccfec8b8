//! A week of the label on one page: what a manager would send on.

use super::releases::{artist_name, row as release_row};
use crate::engine::catalog::Catalog;
use crate::engine::config::TableRole;
use crate::engine::tools::music::{Label, breakouts_at};
use crate::engine::tools::{Class, Context, Effect, Operation, Scope, ToolError, choices};
use crate::model::analysis::Breakout;
use crate::model::artist::Artist;
use crate::model::number::grouped;
use crate::model::release::{Release, ReleaseRow, ReleaseStatus};
use crate::model::tool::AwsResource;
use crate::model::weekly_report::{ArtistWeek, Sourced, WeekQuestion, WeeklyReport};
use crate::music::analysis::daily::{Daily, after, weekday};
use jiff::civil::Date;
use std::collections::HashMap;

/// So many whole weeks may be chosen: those whose figures are at hand, with the week before each.
const WEEKS: i32 = 12;

/// So many days after the week are looked ahead.
const AHEAD: i32 = 28;

/// A week of the label.
pub struct ViewWeeklyReport;

impl Operation for ViewWeeklyReport {
    const NAME: &'static str = "view_weekly_report";
    const EFFECT: Effect = Effect::Reads;
    const CLASS: Class = Class::Page;
    const SCOPED: bool = true;
    type Input = WeekQuestion;
    type Output = WeeklyReport;

    fn resources(_: &WeekQuestion, catalog: &Catalog) -> Result<Vec<AwsResource>, ToolError> {
        Ok(vec![
            choices::dynamodb("Scan", catalog.table(TableRole::Artists)),
            choices::dynamodb("Scan", catalog.table(TableRole::Releases)),
            choices::dynamodb("Query", catalog.table(TableRole::Analytics)),
        ])
    }

    async fn run(question: WeekQuestion, context: Context) -> Result<WeeklyReport, ToolError> {
        let (catalog, scope) = (&context.catalog, &context.scope);
        let label = Label::read(catalog).await?;
        let releases = catalog.releases().await?;
        let table = catalog.table(TableRole::Analytics);
        let mut report = WeeklyReport {
            from: None,
            to: None,
            weeks: Vec::new(),
            sentences: Vec::new(),
            artists: Vec::new(),
            breakouts: Vec::new(),
            momentum_known: 0,
            released: Vec::new(),
            coming: Vec::new(),
            as_of: label.as_of,
            source: String::new(),
            sample: label.artists.iter().any(|artist| artist.sample),
            notes: Vec::new(),
        };
        let Some(as_of) = label.as_of else {
            report.notes.push("There are no figures yet.".to_owned());
            return Ok(report);
        };
        report.weeks = mondays(as_of);
        let asked = question.week.map(monday_of);
        let from = chosen(asked, as_of)?;
        let week = Week { from, to: after(from, 6) };
        report.from = Some(week.from);
        report.to = Some(week.to);
        report.source = format!(
            "table {table}, streams of all platforms from {} to {} against the seven days before",
            week.from, week.to
        );
        let shown: Vec<&Artist> =
            label.artists.iter().filter(|artist| scope.covers(&artist.artist_id)).collect();
        report.artists = week.artists(&shown, &label);
        (report.breakouts, report.momentum_known) = breakouts_at(&label, &shown, week.to);
        (report.released, report.coming) = week.releases(&releases, scope, &label, catalog);
        report.notes.extend(asked.filter(|asked| *asked > from).map(not_whole));
        report.notes.extend(notes(shown.len(), report.artists.len()));
        report.notes.extend(still_open(week.still_open(&releases, scope)));
        report.sentences = sentences(&report, catalog);
        Ok(report)
    }
}

/// The Monday of the week of a day.
fn monday_of(day: Date) -> Date {
    after(day, -i32::try_from(weekday(day)).unwrap_or_default())
}

/// The Mondays of the newest whole weeks, newest first.
fn mondays(as_of: Date) -> Vec<Date> {
    let newest = after(monday_of(after(as_of, 1)), -7);
    (0..WEEKS).map(|week| after(newest, -7 * week)).collect()
}

/// The Monday of the week that is shown: the asked one, or the newest whole one where that is not whole yet, or none
/// was asked for.
fn chosen(asked: Option<Date>, as_of: Date) -> Result<Date, ToolError> {
    let weeks = mondays(as_of);
    let newest = weeks.first().copied().unwrap_or(as_of);
    match asked {
        Some(asked) if asked < newest && !weeks.contains(&asked) => {
            let message = format!("the figures of the week from {asked} are not at hand");
            Err(ToolError::field("week", message))
        }
        Some(asked) => Ok(asked.min(newest)),
        None => Ok(newest),
    }
}

fn not_whole(asked: Date) -> String {
    format!("The week from {asked} is not whole yet; this is the newest whole week with figures.")
}

struct Week {
    from: Date,
    to: Date,
}

impl Week {
    /// The artists of whom every day of both weeks is known.
    fn artists(&self, shown: &[&Artist], label: &Label) -> Vec<ArtistWeek> {
        let whole = |series: &Daily, from: Date, to: Date| {
            let known = series.between(from, to).known();
            (known.len() == 7).then(|| crate::engine::tools::music::whole(known.iter().sum()))
        };
        let of = |artist: &&Artist| {
            let series = label.streams(&artist.artist_id)?;
            let streams = whole(series, self.from, self.to)?;
            let before = whole(series, after(self.from, -7), after(self.to, -7))?;
            Some(ArtistWeek {
                artist_id: artist.artist_id.to_string(),
                name: artist.name.clone(),
                streams,
                before,
                change: change(streams, before),
            })
        };
        let mut weeks: Vec<ArtistWeek> = shown.iter().filter_map(of).collect();
        weeks.sort_by_key(|week| std::cmp::Reverse(week.streams));
        weeks
    }

    /// The releases of the week of which nobody has said that they are out.
    fn still_open(&self, all: &[Release], scope: &Scope) -> usize {
        let open = [ReleaseStatus::Draft, ReleaseStatus::Scheduled];
        let shown = all.iter().filter(|release| scope.covers(&release.artist_id));
        let of_week = shown.filter(|release| (self.from..=self.to).contains(&release.release_date));
        of_week.filter(|release| open.contains(&release.status)).count()
    }

    /// What came out in the week, and what comes in the four weeks after it.
    fn releases(
        &self,
        all: &[Release],
        scope: &Scope,
        label: &Label,
        catalog: &Catalog,
    ) -> (Vec<ReleaseRow>, Vec<ReleaseRow>) {
        let names: HashMap<_, _> =
            label.artists.iter().map(|artist| (&artist.artist_id, artist.name.as_str())).collect();
        let within = |from: Date, to: Date, is_there: fn(ReleaseStatus) -> bool| {
            let shown = all.iter().filter(|release| scope.covers(&release.artist_id));
            let there = shown.filter(|release| is_there(release.status));
            let mut rows: Vec<ReleaseRow> = there
                .filter(|release| (from..=to).contains(&release.release_date))
                .map(|release| release_row(release, artist_name(&names, &release.artist_id), catalog))
                .collect();
            rows.sort_by_key(|row| row.release_date);
            rows
        };
        (
            within(self.from, self.to, |status| status == ReleaseStatus::Released),
            within(after(self.to, 1), after(self.to, AHEAD), |status| status != ReleaseStatus::Withdrawn),
        )
    }
}

fn still_open(releases: usize) -> Option<String> {
    match releases {
        0 => None,
        1 => {
            Some("1 release of the week is still a draft or scheduled, so it is in neither list.".to_owned())
        }
        many => Some(format!(
            "{many} releases of the week are still drafts or scheduled, so they are in neither list."
        )),
    }
}

fn change(now: u64, before: u64) -> Option<f64> {
    use crate::engine::tools::music::number;
    (before > 0).then(|| number(now) / number(before) - 1.0)
}

/// The week in sentences, each with its source.
fn sentences(report: &WeeklyReport, catalog: &Catalog) -> Vec<Sourced> {
    let mut sentences = Vec::new();
    let mut say = |text: String, source: &str| sentences.push(Sourced { text, source: source.to_owned() });
    let (now, before) = report
        .artists
        .iter()
        .fold((0_u64, 0_u64), |(now, before), week| (now + week.streams, before + week.before));
    if !report.artists.is_empty() {
        say(whole_week(report.artists.len(), now, before), &report.source);
    }
    let by_change = |better: fn(f64, f64) -> bool| {
        report
            .artists
            .iter()
            .filter_map(|week| Some((week, week.change?)))
            .reduce(|best, other| if better(other.1, best.1) { other } else { best })
    };
    if let Some((week, change)) = by_change(|other, best| other > best).filter(|(_, change)| *change > 0.0) {
        say(
            format!(
                "{} grew most: {} streams, {} the week before.",
                week.name,
                grouped(week.streams),
                in_words(change)
            ),
            &report.source,
        );
    }
    if let Some((week, change)) = by_change(|other, best| other < best).filter(|(_, change)| *change < 0.0) {
        say(
            format!(
                "{} fell most: {} streams, {} the week before.",
                week.name,
                grouped(week.streams),
                in_words(change)
            ),
            &report.source,
        );
    }
    sentences.extend(report.breakouts.first().map(|artist| breakout(artist, report, catalog)));
    let releases = format!("table {}, release dates", catalog.table(TableRole::Releases));
    let (out, coming) = (report.released.len(), report.coming.len());
    sentences.push(Sourced {
        text: format!(
            "{} came out in the week, {} in the four weeks after it.",
            counted(out),
            will_come(coming)
        ),
        source: releases,
    });
    sentences
}

/// What all artists had of whom both weeks are known.
fn whole_week(artists: usize, now: u64, before: u64) -> String {
    let who = if artists == 1 { "1 artist".to_owned() } else { format!("{artists} artists") };
    let streams = format!("{who} with whole figures had {} streams", grouped(now));
    match change(now, before) {
        Some(_) if now == before => format!("{streams}, as many as the week before."),
        Some(change) => format!("{streams}, {} the week before ({}).", in_words(change), grouped(before)),
        None => format!("{streams}, and none the week before."),
    }
}

fn counted(releases: usize) -> String {
    match releases {
        0 => "No release".to_owned(),
        1 => "1 release".to_owned(),
        many => format!("{many} releases"),
    }
}

fn will_come(releases: usize) -> String {
    match releases {
        0 => "none comes".to_owned(),
        1 => "1 comes".to_owned(),
        many => format!("{many} come"),
    }
}

fn breakout(artist: &Breakout, report: &WeeklyReport, catalog: &Catalog) -> Sourced {
    let to = report.to.map(|day| day.to_string()).unwrap_or_default();
    Sourced {
        text: format!(
            "{} grows clearly faster than most of {} similar artists. {}",
            artist.name, artist.peers, artist.driver
        ),
        source: format!(
            "table {}, streams of the 28 days up to {to} against the 63 before, all artists",
            catalog.table(TableRole::Analytics)
        ),
    }
}

/// `12.3 % more than`.
fn in_words(change: f64) -> String {
    let direction = if change < 0.0 { "less than" } else { "more than" };
    format!("{:.1} % {direction}", 100.0 * change.abs())
}

fn notes(shown: usize, whole: usize) -> Vec<String> {
    let mut notes = vec![
        "A week is too short to prove a change: the artist's page compares 28 days and says what is proven."
            .to_owned(),
    ];
    if whole < shown {
        notes.push(format!(
            "{} of {shown} artists are left out of the sums, because a day of one of the two weeks is not known.",
            shown - whole
        ));
    }
    notes
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn weeks_are_whole_and_end_on_a_sunday_that_is_known() {
        assert_eq!(mondays(date(2026, 11, 22))[0], date(2026, 11, 16), "a Sunday ends its own week");
        assert_eq!(mondays(date(2026, 11, 21))[0], date(2026, 11, 9), "a Saturday does not");
        assert_eq!(mondays(date(2026, 11, 21)).len(), 12);
    }

    #[test]
    fn a_week_that_is_not_whole_yet_gives_way_to_the_newest_whole_one() {
        let as_of = date(2026, 11, 21);
        let chosen = |asked| chosen(asked, as_of).ok();
        assert_eq!(chosen(None), Some(date(2026, 11, 9)));
        assert_eq!(chosen(Some(date(2026, 11, 16))), Some(date(2026, 11, 9)));
        assert_eq!(chosen(Some(date(2026, 11, 2))), Some(date(2026, 11, 2)));
        assert_eq!(chosen(Some(date(2020, 11, 2))), None, "an old one is not at hand");
    }

    #[test]
    fn what_nobody_has_said_to_be_out_is_told() {
        assert_eq!(still_open(0), None);
        assert!(still_open(1).is_some_and(|note| note.starts_with("1 release of the week is still")));
        assert!(still_open(2).is_some_and(|note| note.starts_with("2 releases of the week are still")));
    }

    #[test]
    fn a_change_is_told_in_words_and_none_from_nought() {
        assert_eq!(change(110, 100).map(in_words).as_deref(), Some("10.0 % more than"));
        assert_eq!(change(90, 100).map(in_words).as_deref(), Some("10.0 % less than"));
        assert_eq!(change(5, 0), None);
        assert_eq!(
            whole_week(1, 0, 0),
            "1 artist with whole figures had 0 streams, and none the week before."
        );
        assert!(whole_week(2, 7, 7).ends_with("had 7 streams, as many as the week before."));
    }
}
