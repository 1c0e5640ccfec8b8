//! Streams over time: drawn on the server, read out under the pointer in the browser, and always there
//! as a table.

mod geometry;
pub mod read_out;

use super::date::{Day, short_date};
use super::format::{compact_round, grouped};
use crate::components::table::{ScrollingTable, numbers, words};
use crate::model::analytics::DayTotal;
use crate::model::artist::ArtistEvent;
use geometry::{HEIGHT, WIDTH};
use leptos::prelude::*;
use read_out::ReadOut;

/// Up to so many days each day is a bar of its own; above, a line.
const MOST_BARS: usize = 120;

/// Right of this a month's name has no room on a small screen.
const LATE: f64 = 0.86;

/// Streams of each day with their weekly mean, and what happened on the way.
#[component]
pub fn StreamsChart(
    /// Whose streams: `"The label"`, an artist's name.
    #[prop(into)]
    of: String,
    /// Each calendar day without a hole, oldest first.
    days: Vec<DayTotal>,
    /// What happened; marked on its day if that is shown.
    #[prop(optional)]
    events: Vec<ArtistEvent>,
) -> impl IntoView {
    if days.iter().all(|day| day.streams.is_none()) {
        return view! { <p class="chart-empty">"No platform has reported a day yet."</p> }.into_any();
    }
    let summary = summary(&of, &days);
    let flags = flags(&days, &events);
    view! {
        <figure class="chart">
            <Legend days=&days />
            <Frame days=days.clone() flags=flags summary=summary />
            <DayTable of=of days=days />
        </figure>
    }
    .into_any()
}

fn summary(of: &str, days: &[DayTotal]) -> String {
    let known: Vec<&DayTotal> = days.iter().filter(|day| day.streams.is_some()).collect();
    let (Some(first), Some(last)) = (days.first(), days.last()) else { return String::new() };
    let peak = known.iter().max_by_key(|day| day.streams);
    let missing = days.len() - known.len();
    let peak_words = peak.map_or(String::new(), |day| {
        format!(" Highest: {} on {}.", grouped(day.streams.unwrap_or(0)), short_date(day.date))
    });
    let gap_words = if missing == 0 { String::new() } else { format!(" Days without a report: {missing}.") };
    format!(
        "{of}: streams per day from {} to {}.{peak_words}{gap_words}",
        short_date(first.date),
        short_date(last.date)
    )
}

/// The events within the days: number, position, and what a reader of the drawing is told.
fn flags(days: &[DayTotal], events: &[ArtistEvent]) -> Vec<(usize, f64, String)> {
    events
        .iter()
        .enumerate()
        .filter_map(|(index, event)| {
            let day = days.binary_search_by_key(&event.date, |day| day.date).ok()?;
            let title = format!("{}: {}", short_date(event.date), event.title);
            Some((index + 1, geometry::position(day, days.len()), title))
        })
        .collect()
}

#[component]
fn Legend<'a>(days: &'a [DayTotal]) -> impl IntoView {
    let has_gaps = days.iter().any(|day| day.streams.is_none());
    let smooth_days = geometry::SMOOTH_DAYS;
    view! {
        <figcaption class="chart-legend">
            <span class="legend-daily">"Streams per day"</span>
            <span class="legend-smooth">{format!("Mean of {smooth_days} days")}</span>
            {has_gaps.then(|| view! { <span class="legend-gap">"No report"</span> })}
        </figcaption>
    }
}

#[component]
fn Frame(days: Vec<DayTotal>, flags: Vec<(usize, f64, String)>, summary: String) -> impl IntoView {
    let values: Vec<Option<u64>> = days.iter().map(|day| day.streams).collect();
    let dates: Vec<_> = days.iter().map(|day| day.date).collect();
    let marks = geometry::axis(values.iter().flatten().copied().max().unwrap_or(0));
    let top = marks.last().copied().unwrap_or(1);
    let height_of = move |mark: u64| geometry::as_float(mark) / geometry::as_float(top);
    let daily = if values.len() <= MOST_BARS {
        view! { <path class="chart-bars" d=geometry::bars(&values, top)></path> }
    } else {
        let floats: Vec<Option<f64>> = values.iter().map(|value| value.map(geometry::as_float)).collect();
        view! { <path class="chart-daily" d=geometry::line(&floats, top)></path> }
    };
    let smooth = geometry::smooth(&values);
    let smooth_path = geometry::line(&smooth, top);
    view! {
        <div class="chart-frame">
            <div class="chart-scale" aria-hidden="true">
                {marks
                    .iter()
                    .map(|mark| view! { <span style=format!("--at: {:.4}", height_of(*mark))>{compact_round(*mark)}</span> })
                    .collect_view()}
            </div>
            <div class="chart-plot">
                {marks
                    .iter()
                    .map(|mark| {
                        view! { <span class="chart-line" style=format!("--at: {:.4}", height_of(*mark))></span> }
                    })
                    .collect_view()}
                <svg viewBox=format!("0 0 {WIDTH} {HEIGHT}") preserveAspectRatio="none" role="img" aria-label=summary>
                    <path class="chart-gap" d=geometry::gaps(&values)></path>
                    {daily}
                    <path class="chart-smooth" d=smooth_path></path>
                </svg>
                {flags
                    .into_iter()
                    .map(|(number, at, title)| {
                        view! {
                            <span class="chart-flag" style=format!("--at: {at:.4}") title=title aria-hidden="true">
                                <span>{number}</span>
                            </span>
                        }
                    })
                    .collect_view()}
                <ReadOut days=days smooth=smooth />
            </div>
            <div class="chart-calendar" aria-hidden="true">
                {geometry::months(&dates)
                    .into_iter()
                    .map(|(at, name)| {
                        let late = (at > LATE).then_some("is-late");
                        view! { <span class=late style=format!("--at: {at:.4}")>{name}</span> }
                    })
                    .collect_view()}
            </div>
        </div>
    }
}

/// The same figures as rows, newest first.
#[component]
fn DayTable(of: String, days: Vec<DayTotal>) -> impl IntoView {
    view! {
        <details class="chart-table">
            <summary>"View as table"</summary>
            <ScrollingTable
                label=format!("{of}: streams per day")
                columns=vec![words("Day"), numbers("Streams")]
                short=true
            >
                {days
                    .into_iter()
                    .rev()
                    .map(|day| {
                        view! {
                            <tr>
                                <th scope="row">
                                    <Day date=day.date />
                                </th>
                                <td class="number">
                                    {day.streams.map_or_else(|| "no report".to_owned(), grouped)}
                                </td>
                            </tr>
                        }
                    })
                    .collect_view()}
            </ScrollingTable>
        </details>
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::artist::EventKind;
    use jiff::civil::date;

    fn days() -> Vec<DayTotal> {
        vec![
            DayTotal { date: date(2026, 11, 1), streams: Some(1200) },
            DayTotal { date: date(2026, 11, 2), streams: None },
        ]
    }

    #[test]
    fn says_in_words_what_the_drawing_shows() {
        assert_eq!(
            summary("Vesper", &days()),
            "Vesper: streams per day from 1 Nov 2026 to 2 Nov 2026. Highest: 1\u{202f}200 on 1 Nov 2026. \
             Days without a report: 1."
        );
    }

    #[test]
    fn flags_only_what_happened_on_the_days_shown() {
        let event = |day| ArtistEvent { date: day, kind: EventKind::Press, title: "A review".to_owned() };
        let flags = flags(&days(), &[event(date(2025, 1, 1)), event(date(2026, 11, 2))]);
        assert_eq!(flags, [(2, 0.75, "2 Nov 2026: A review".to_owned())]);
    }
}
