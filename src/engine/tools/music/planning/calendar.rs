//! The calendar of a month: the roster's releases with the deadlines before them, what is logged of the artists,
//! holidays, and weeks in which nothing is processed.

use super::deadlines;
use super::figures::{came_out, today};
use super::rules::Shelf;
use crate::engine::catalog::Catalog;
use crate::engine::config::TableRole;
use crate::engine::tools::{Class, Context, Effect, Operation, Scope, Subject, ToolError, choices};
use crate::model::analytics::Freshness;
use crate::model::artist::Artist;
use crate::model::identifier::ArtistId;
use crate::model::release::{Release, ReleaseKind, ReleaseStatus};
use crate::model::release_calendar::{
    CalendarArtist, CalendarEntry, CalendarKind, CalendarQuestion, ReleaseCalendar, first_of_month,
    month_after,
};
use crate::model::territory::territory_name;
use crate::model::tool::AwsResource;
use crate::music::analysis::holidays::{self, national};
use crate::music::release::calendar::{Task, backwards};
use crate::music::release::rules::{days_from, in_words, plus};
use jiff::civil::Date;
use std::collections::HashMap;

/// No deadline lies further from its release than this.
const FURTHEST: i32 = 120;

/// A month of the calendar.
pub struct ViewReleaseCalendar;

impl Operation for ViewReleaseCalendar {
    const NAME: &'static str = "view_release_calendar";
    const EFFECT: Effect = Effect::Reads;
    const CLASS: Class = Class::Page;
    const SCOPED: bool = true;
    type Input = CalendarQuestion;
    type Output = ReleaseCalendar;

    fn resources(_: &CalendarQuestion, catalog: &Catalog) -> Result<Vec<AwsResource>, ToolError> {
        Ok(vec![
            choices::dynamodb("Scan", catalog.table(TableRole::Releases)),
            choices::dynamodb("Scan", catalog.table(TableRole::Artists)),
        ])
    }

    fn subject(question: &CalendarQuestion) -> Subject {
        Subject::artist(question.artist.as_ref().map(ArtistId::as_str))
    }

    async fn run(question: CalendarQuestion, context: Context) -> Result<ReleaseCalendar, ToolError> {
        let (catalog, scope) = (&context.catalog, &context.scope);
        let today = today(context.now, catalog);
        let first = first_of_month(question.month.unwrap_or(today));
        let month = Month { first, next: month_after(first, 1) };
        let (all, artists) = (catalog.releases().await?, catalog.artists().await?);
        let of_whom = |id: &ArtistId| question.artist.as_ref().is_none_or(|artist| artist == id);
        let shown = |id: &ArtistId| scope.covers(id) && of_whom(id);
        let names: HashMap<&ArtistId, &str> =
            artists.iter().map(|artist| (&artist.artist_id, artist.name.as_str())).collect();
        let releases: Vec<&Release> = all.iter().filter(|release| shown(&release.artist_id)).collect();
        let shelf = Shelf::of(today)?;
        let mut entries = month.releases(&releases, &names);
        entries.extend(month.deadlines(&releases, &shelf));
        entries.extend(month.events(artists.iter().filter(|artist| shown(&artist.artist_id))));
        entries.extend(month.closed(&shelf));
        entries.sort_by(|one, other| {
            (one.date, one.kind, &one.title).cmp(&(other.date, other.kind, &other.title))
        });
        Ok(ReleaseCalendar {
            first,
            today,
            entries,
            artists: choices_of(&artists, scope),
            freshness: Freshness {
                as_of: Some(today),
                source: format!(
                    "tables {} and {}, deadlines of the entries of the knowledge base that are in force",
                    catalog.table(TableRole::Releases),
                    catalog.table(TableRole::Artists)
                ),
                sample: releases.iter().any(|release| release.sample),
            },
            notes: vec![
                "Deadlines are the usual ones; your distributor's own may be earlier. Releases of other labels are \
                 not known here."
                    .to_owned(),
            ],
        })
    }
}

/// A month from its first day up to that of the next.
struct Month {
    first: Date,
    next: Date,
}

impl Month {
    fn contains(&self, day: Date) -> bool {
        (self.first..self.next).contains(&day)
    }

    fn releases(&self, releases: &[&Release], names: &HashMap<&ArtistId, &str>) -> Vec<CalendarEntry> {
        let within = releases.iter().filter(|release| self.contains(release.release_date));
        let out = within.filter(|release| release.status != ReleaseStatus::Withdrawn);
        out.map(|release| CalendarEntry {
            date: release.release_date,
            kind: CalendarKind::Release,
            title: release.title.clone(),
            note: format!(
                "{}, {}, {}",
                names.get(&release.artist_id).copied().unwrap_or(release.artist_id.as_str()),
                release.kind,
                release.status.to_string().to_lowercase()
            ),
            address: Some(format!("/releases/{}", release.release_id)),
            source: None,
        })
        .collect()
    }

    /// The deadlines of releases that are still to come out.
    fn deadlines(&self, releases: &[&Release], guide: &Shelf) -> Vec<CalendarEntry> {
        let last = plus(self.next, FURTHEST);
        let coming = releases
            .iter()
            .filter(|release| !came_out(release) && (self.first..last).contains(&release.release_date));
        let of_release = |release: &&Release| {
            let rules = guide.rules(release.kind);
            let days = deadlines::of(guide, &rules, None);
            let tasks = backwards(release.release_date, &days, rules.closed.map(|rule| rule.value));
            let within = tasks.into_iter().filter(|task| self.contains(task.date));
            within.map(|task| deadline(release, task)).collect::<Vec<_>>()
        };
        coming.flat_map(of_release).collect()
    }

    fn events<'a>(&self, artists: impl Iterator<Item = &'a Artist>) -> Vec<CalendarEntry> {
        let of_artist = |artist: &'a Artist| {
            let within = artist.events.iter().filter(|event| self.contains(event.date));
            within
                .map(|event| CalendarEntry {
                    date: event.date,
                    kind: CalendarKind::Event,
                    title: event.title.clone(),
                    note: artist.name.clone(),
                    address: Some(format!("/artists/{}", artist.artist_id)),
                    source: None,
                })
                .collect::<Vec<_>>()
        };
        artists.flat_map(of_artist).collect()
    }

    /// Holidays, and the first day of closed weeks within the month.
    fn closed(&self, guide: &Shelf) -> Vec<CalendarEntry> {
        let entry = |date: Date, title: &str, note: String, source: Option<String>| CalendarEntry {
            date,
            kind: CalendarKind::Closed,
            title: title.to_owned(),
            note,
            address: None,
            source,
        };
        let days = || days_from(self.first, self.next);
        let everywhere = |day: Date| {
            let title = format!("Holiday: {}", holidays::name(day)?);
            Some(entry(day, &title, "Its figures are left out of comparisons.".to_owned(), None))
        };
        let national = |day: Date| {
            national::on(day).map(move |holiday| {
                let names: Vec<&str> = holiday.territories.iter().map(|code| territory_name(code)).collect();
                let title = format!("Holiday: {}", holiday.name);
                entry(day, &title, format!("Kept in {}.", names.join(", ")), None)
            })
        };
        let mut entries: Vec<CalendarEntry> = days().filter_map(everywhere).collect();
        entries.extend(days().flat_map(national));
        if let Some(rule) = guide.rules(ReleaseKind::Single).closed
            && let Some(begin) = days().find(|day| rule.value.contains(*day))
        {
            let end = days().filter(|day| rule.value.contains(*day)).last().unwrap_or(begin);
            let note = format!("Until {} at least; deliver before.", in_words(end));
            entries.push(entry(begin, "Stores and distributors are closed", note, Some(rule.id.to_owned())));
        }
        entries
    }
}

fn deadline(release: &Release, task: Task) -> CalendarEntry {
    CalendarEntry {
        date: task.date,
        kind: CalendarKind::Deadline,
        title: format!("{}: {}", release.title, task.task),
        note: task.reason,
        address: Some(format!("/releases/{}", release.release_id)),
        source: task.rule.map(str::to_owned),
    }
}

/// The artists who may be chosen, in the order of their names.
fn choices_of(artists: &[Artist], scope: &Scope) -> Vec<CalendarArtist> {
    let shown = artists.iter().filter(|artist| scope.covers(&artist.artist_id));
    shown
        .map(|artist| CalendarArtist {
            artist_id: artist.artist_id.clone(),
            name: match &artist.disambiguation {
                None => artist.name.clone(),
                Some(note) => format!("{} ({note})", artist.name),
            },
        })
        .collect()
}
