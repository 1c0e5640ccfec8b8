//! The calendar of the roster, month by month: a list for everybody and on paper, a grid beside it on wide screens.
//! All of it is in the address (`/releases/calendar?month=2026-12&artist=…`).

use crate::api::release_calendar::view_calendar;
use crate::components::badge::{Badge, Tone};
use crate::components::breadcrumbs::Breadcrumbs;
use crate::components::date::Day;
use crate::components::freshness::FreshnessLine;
use crate::components::icon::{Glyph, Icon};
use crate::components::page_heading::PageHeading;
use crate::components::state::{ErrorState, Skeleton};
use crate::components::table::{ScrollingTable, words};
use crate::components::verdict::Notes;
use crate::model::release_calendar::{
    CalendarArtist, CalendarEntry, CalendarKind, CalendarQuestion, ReleaseCalendar, month_after,
};
use crate::model::written_time::{iso_month, month_of_year};
use crate::pages::query_string;
use jiff::ToSpan;
use jiff::civil::Date;
use leptos::prelude::*;
use leptos_router::hooks::use_location;

const PATH: &str = "/releases/calendar";

/// The days of a week.
const WEEKDAYS: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];

/// Reads the address. What is unknown counts as not said.
fn read(search: &str) -> CalendarQuestion {
    let mut question = CalendarQuestion::default();
    for (name, value) in query_string::fields(search) {
        match name {
            "month" => question.month = format!("{value}-01").parse().ok(),
            "artist" => question.artist = value.parse().ok(),
            _ => {}
        }
    }
    question
}

/// Writes the address of a month.
fn address(path: &str, month: Date, question: &CalendarQuestion) -> String {
    let month = iso_month(month);
    let artist = question.artist.as_ref().map_or("", |artist| artist.as_str());
    query_string::address(path, &[("month", &month), ("artist", artist)])
}

/// The page `/releases/calendar`.
#[component]
pub fn CalendarPage() -> impl IntoView {
    let search = use_location().search;
    let question = Memo::new(move |_| search.with(|search| read(search)));
    let calendar = Resource::new(move || question.get(), view_calendar);
    let again = Callback::new(move |()| calendar.refetch());
    view! {
        <Breadcrumbs above=vec![("Releases", "/releases")] here="Calendar" />
        <PageHeading title="Release calendar" />
        <Transition fallback=|| view! { <Skeleton what="the calendar" lines=14 /> }>
            {move || Suspend::new(async move {
                let asked = question.get_untracked();
                match calendar.await {
                    Ok(calendar) => view! { <Month calendar=calendar question=asked /> }.into_any(),
                    Err(error) => view! { <ErrorState error=error retry=again /> }.into_any(),
                }
            })}
        </Transition>
    }
}

#[component]
fn Month(calendar: ReleaseCalendar, question: CalendarQuestion) -> impl IntoView {
    let ReleaseCalendar { first, today, entries, artists, freshness, notes } = calendar;
    let name = month_of_year(first);
    let before = address(PATH, month_after(first, -1), &question);
    let after = address(PATH, month_after(first, 1), &question);
    let export = address("/export/calendar.csv", first, &question);
    view! {
        <Choice first=first artists=artists question=question.clone() />
        <section class="panel" aria-labelledby="month">
            <h2 id="month">{name.clone()}</h2>
            <nav class="choice-row" aria-label="Months">
                <a class="button" href=before data-noscroll="">
                    <Icon glyph=Glyph::Left />
                    "Month before"
                </a>
                <a class="button" href=after data-noscroll="">
                    "Month after"
                    <Icon glyph=Glyph::Right />
                </a>
                <a class="button" href=export rel="external" download="">
                    "CSV"
                </a>
            </nav>
            <Grid first=first today=today entries=entries.clone() />
            <List entries=entries name=name />
            <Notes notes=notes />
            <FreshnessLine freshness=freshness />
        </section>
    }
}

#[component]
fn Choice(first: Date, artists: Vec<CalendarArtist>, question: CalendarQuestion) -> impl IntoView {
    let month = iso_month(first);
    view! {
        <form class="list-form" method="get" action=PATH aria-label="Choose a month and an artist">
            <label class="select-field">
                <span>"Month"</span>
                <input type="month" name="month" value=month />
            </label>
            <label class="select-field">
                <span>"Artist"</span>
                <select name="artist">
                    <option value="">"All artists"</option>
                    {artists
                        .into_iter()
                        .map(|artist| {
                            let selected = question.artist.as_ref() == Some(&artist.artist_id);
                            view! {
                                <option value=artist.artist_id.to_string() selected=selected>
                                    {artist.name}
                                </option>
                            }
                        })
                        .collect_view()}
                </select>
            </label>
            <button type="submit" class="button">
                "Show"
            </button>
        </form>
    }
}

/// The days that a grid of whole weeks shows for a month.
fn grid_days(first: Date) -> Vec<Date> {
    let lead = i64::from(first.weekday().to_monday_zero_offset());
    let begin = first.saturating_sub(lead.days());
    let next = month_after(first, 1);
    let days = std::iter::successors(Some(begin), |day| day.tomorrow().ok());
    let mut days: Vec<Date> = days.take_while(|day| *day < next).collect();
    while !days.len().is_multiple_of(WEEKDAYS.len()) {
        let Some(following) = days.last().and_then(|day| day.tomorrow().ok()) else { break };
        days.push(following);
    }
    days
}

/// The month as a grid. The list below says the same to those who cannot see it.
#[component]
fn Grid(first: Date, today: Date, entries: Vec<CalendarEntry>) -> impl IntoView {
    let cell = |day: Date| {
        let outside = day.month() != first.month();
        let is_today = day == today;
        let on_the_day: Vec<_> = entries
            .iter()
            .filter(|entry| entry.date == day && !outside)
            .map(|entry| {
                let class = format!("calendar-entry {}", look_of(entry.kind).0.class());
                view! { <span class=class title=entry.note.clone()>{entry.title.clone()}</span> }
            })
            .collect();
        view! {
            <div class="calendar-day" class:is-outside=outside class:is-today=is_today>
                <span class="calendar-number">{day.day()}</span>
                {on_the_day}
            </div>
        }
    };
    view! {
        <div class="calendar-grid" aria-hidden="true">
            {WEEKDAYS.map(|name| view! { <span class="calendar-weekday">{name}</span> }).collect_view()}
            {grid_days(first).into_iter().map(cell).collect_view()}
        </div>
    }
}

fn look_of(kind: CalendarKind) -> (Tone, Glyph) {
    match kind {
        CalendarKind::Release => (Tone::Signal, Glyph::Record),
        CalendarKind::Deadline => (Tone::Warning, Glyph::Calendar),
        CalendarKind::Event => (Tone::Quiet, Glyph::Stage),
        CalendarKind::Closed => (Tone::Bad, Glyph::Lock),
    }
}

#[component]
fn List(entries: Vec<CalendarEntry>, name: String) -> impl IntoView {
    if entries.is_empty() {
        return view! { <p class="panel-empty">{format!("Nothing is known of {name}.")}</p> }.into_any();
    }
    let row = |entry: CalendarEntry| {
        let (tone, glyph) = look_of(entry.kind);
        let title = match entry.address {
            Some(address) => view! { <a href=address>{entry.title}</a> }.into_any(),
            None => entry.title.into_any(),
        };
        view! {
            <tr>
                <th scope="row">
                    <Day date=entry.date />
                </th>
                <td>
                    <Badge tone=tone glyph=glyph word=entry.kind.word() />
                </td>
                <td>{title}</td>
                <td>{entry.note}</td>
            </tr>
        }
    };
    view! {
        <ScrollingTable
            label=format!("{name}, day by day")
            columns=vec![words("Day"), words("Kind"), words("What"), words("Of whom, or why")]
        >
            {entries.into_iter().map(row).collect_view()}
        </ScrollingTable>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn the_address_says_month_and_artist() {
        let question = read("?month=2026-12&artist=art_1");
        assert_eq!(question.month, Some(date(2026, 12, 1)));
        assert_eq!(
            address(PATH, date(2027, 1, 1), &question),
            "/releases/calendar?month=2027-01&artist=art_1"
        );
        assert_eq!(read("?month=soon&artist=a.b"), CalendarQuestion::default());
    }

    #[test]
    fn a_grid_has_whole_weeks_from_monday_on() {
        let days = grid_days(date(2026, 12, 1));
        assert_eq!((days[0], days.len() % 7), (date(2026, 11, 30), 0));
        assert_eq!(days.last(), Some(&date(2027, 1, 3)));
    }
}
