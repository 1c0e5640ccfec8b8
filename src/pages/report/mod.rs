//! The weekly report: one page that a manager would send on, made for paper, each sentence with its source. The week
//! is in the address (`/report?week=2026-11-16`).

use crate::api::market::view_week;
use crate::components::badge::{SampleBadge, StatusBadge};
use crate::components::date::{Day, short_date};
use crate::components::format::{grouped, signed_percent};
use crate::components::freshness::FreshnessLine;
use crate::components::page_heading::PageHeading;
use crate::components::print_button::PrintButton;
use crate::components::state::{EmptyState, ErrorState, Skeleton};
use crate::components::table::{ScrollingTable, numbers, words};
use crate::components::verdict::Notes;
use crate::model::analysis::Breakout;
use crate::model::analytics::Freshness;
use crate::model::day::with_short_days;
use crate::model::release::ReleaseRow;
use crate::model::weekly_report::{ArtistWeek, Sourced, WeekQuestion, WeeklyReport};
use crate::pages::market::Breakouts;
use crate::pages::query_string;
use jiff::civil::Date;
use leptos::prelude::*;
use leptos_router::hooks::use_location;

const PATH: &str = "/report";

/// The artists in the table; the file has all.
const MOST_ARTISTS: usize = 12;

/// The artists who stand out, and the releases of each list, that are named: so many fit on one sheet of A4.
const MOST_NAMED: usize = 6;

fn read(search: &str) -> WeekQuestion {
    let week = query_string::fields(search).find(|(name, _)| *name == "week");
    WeekQuestion { week: week.and_then(|(_, value)| value.parse().ok()) }
}

/// The page `/report`.
#[component]
pub fn ReportPage() -> impl IntoView {
    let search = use_location().search;
    let question = Memo::new(move |_| search.with(|search| read(search)));
    let report = Resource::new(move || question.get(), view_week);
    let again = Callback::new(move |()| report.refetch());
    view! {
        <PageHeading title="Weekly report">
            <PrintButton />
        </PageHeading>
        <Transition fallback=|| view! { <Skeleton what="the report" lines=14 /> }>
            {move || Suspend::new(async move {
                match report.await {
                    Ok(report) => view! { <Report report=report /> }.into_any(),
                    Err(error) => view! { <ErrorState error=error retry=again /> }.into_any(),
                }
            })}
        </Transition>
    }
}

#[component]
fn Report(report: WeeklyReport) -> impl IntoView {
    let WeeklyReport {
        from,
        to,
        weeks,
        sentences,
        artists,
        breakouts,
        momentum_known,
        released,
        coming,
        as_of,
        source,
        sample,
        notes,
    } = report;
    let Some((from, to)) = from.zip(to) else {
        return view! {
            <EmptyState title="No whole week yet">
                <p>"The report needs a week, Monday to Sunday, with figures."</p>
            </EmptyState>
        }
        .into_any();
    };
    let export = query_string::address("/export/report.csv", &[("week", &from.to_string())]);
    let freshness = Freshness { as_of, source, sample };
    view! {
        <Weeks weeks=weeks chosen=from export=export />
        <div class="report">
            <h2>{format!("{} to {}", short_date(from), short_date(to))}</h2>
            {sample.then(|| view! { <SampleBadge /> })}
            <Sentences sentences=sentences />
            <Artists artists=artists />
            <StandOut breakouts=breakouts known=momentum_known />
            <div class="panels is-halves">
                <Releases id="came-out" title="Came out" rows=released />
                <Releases id="coming-out" title="Coming out in four weeks" rows=coming />
            </div>
            <Notes notes=notes />
            <FreshnessLine freshness=freshness />
        </div>
    }
    .into_any()
}

#[component]
fn Weeks(weeks: Vec<Date>, chosen: Date, export: String) -> impl IntoView {
    view! {
        <form class="list-form" method="get" action=PATH aria-label="Choose a week">
            <label class="select-field">
                <span>"Week from"</span>
                <select name="week">
                    {weeks
                        .into_iter()
                        .map(|week| {
                            view! {
                                <option value=week.to_string() selected=week == chosen>
                                    {short_date(week)}
                                </option>
                            }
                        })
                        .collect_view()}
                </select>
            </label>
            <button type="submit" class="button">
                "Show"
            </button>
            <a class="button" href=export rel="external" download="">
                "CSV"
            </a>
        </form>
    }
}

#[component]
fn Sentences(sentences: Vec<Sourced>) -> impl IntoView {
    view! {
        <section class="panel" aria-labelledby="week">
            <h2 id="week">"The week"</h2>
            <ul class="report-sentences">
                {sentences
                    .into_iter()
                    .map(|sentence| {
                        view! {
                            <li>
                                {with_short_days(&sentence.text)} " "
                                <small class="muted">{format!("[{}]", with_short_days(&sentence.source))}</small>
                            </li>
                        }
                    })
                    .collect_view()}
            </ul>
        </section>
    }
}

#[component]
fn Artists(mut artists: Vec<ArtistWeek>) -> impl IntoView {
    artists.truncate(MOST_ARTISTS);
    if artists.is_empty() {
        return view! { <p class="panel-empty">"Of no artist both weeks are known whole."</p> }.into_any();
    }
    let row = |week: ArtistWeek| {
        view! {
            <tr>
                <th scope="row">
                    <a href=format!("/artists/{}", week.artist_id)>{week.name}</a>
                </th>
                <td class="number">{grouped(week.streams)}</td>
                <td class="number">{grouped(week.before)}</td>
                <td class="number">{week.change.map_or_else(|| "–".to_owned(), signed_percent)}</td>
            </tr>
        }
    };
    view! {
        <section class="panel" aria-labelledby="most-streams">
            <h2 id="most-streams">"Most streams"</h2>
            <ScrollingTable
                label="Artists with most streams in the week"
                columns=vec![words("Artist"), numbers("Streams"), numbers("Week before"), numbers("Change")]
            >
                {artists.into_iter().map(row).collect_view()}
            </ScrollingTable>
        </section>
    }
    .into_any()
}

/// The artists who stand out, the fastest first.
#[component]
fn StandOut(mut breakouts: Vec<Breakout>, known: u32) -> impl IntoView {
    let more = breakouts.len().saturating_sub(MOST_NAMED);
    breakouts.truncate(MOST_NAMED);
    view! {
        <Breakouts breakouts=breakouts known=known />
        <More count=more address="/market" place="the market" />
    }
}

/// How many more there are than are named, and where they stand; nothing where all are named.
#[component]
fn More(count: usize, address: &'static str, place: &'static str) -> impl IntoView {
    (count > 0).then(|| {
        view! {
            <p class="muted">
                {format!("{count} more in ")} <a href=address>{place}</a> "."
            </p>
        }
    })
}

#[component]
fn Releases(id: &'static str, title: &'static str, mut rows: Vec<ReleaseRow>) -> impl IntoView {
    let is_empty = rows.is_empty();
    let more = rows.len().saturating_sub(MOST_NAMED);
    rows.truncate(MOST_NAMED);
    view! {
        <section class="panel" aria-labelledby=id>
            <h2 id=id>{title}</h2>
            {is_empty.then(|| view! { <p class="panel-empty">"Nothing."</p> })}
            <ul class="craft-events">
                {rows
                    .into_iter()
                    .map(|row| {
                        view! {
                            <li>
                                <Day date=row.release_date />
                                <a href=format!("/releases/{}", row.release_id)>{row.title}</a>
                                <span>{row.artist_name}</span>
                                <StatusBadge status=row.status />
                            </li>
                        }
                    })
                    .collect_view()}
            </ul>
            <More count=more address="/releases/calendar" place="the calendar" />
        </section>
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn the_address_says_the_week() {
        assert_eq!(read("?week=2026-11-16").week, Some(date(2026, 11, 16)));
        assert_eq!(read("?week=last").week, None);
    }
}
