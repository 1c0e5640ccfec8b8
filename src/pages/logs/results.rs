//! What a search found: how much, when, the chart of its figures, its rows, and the way to take them along.

use super::address::{Address, RANGES, range_id};
use super::runner::{ROWS, Shown};
use super::series;
use super::table::{RowsTable, short_moment};
use crate::components::badge::Tone;
use crate::components::format::{counted, grouped};
use crate::components::icon::{Glyph, Icon};
use crate::components::state::EmptyState;
use crate::components::time_chart::TimeChart;
use crate::model::log_search::LogRange;
use crate::model::logs::{Histogram, LogQueryStatus, LogStatistics, StartedLogQuery};
use crate::pages::query_string;
use crate::pages::tools::form::base64::readable_size;
use jiff::Timestamp;
use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::use_navigate;

/// What was found.
#[component]
pub fn Results(
    /// The search with what it has found so far.
    shown: Shown,
    /// Whether its log group is there.
    group_exists: bool,
) -> impl IntoView {
    let Shown { asked, state } = shown;
    let is_running = state.is_running();
    let status = state.rows.status;
    let started = state.started;
    let table = state.rows.table;
    let none = table.rows.is_empty();
    let limit = ROWS;
    let timeline = series::timeline(&table, &asked.query, (&started.start_time, &started.end_time));
    let histogram =
        state.counts.map(|counts| counts.histogram).filter(|histogram| !histogram.bars.is_empty());
    // Nothing in nothing is not drawn.
    let histogram = histogram.filter(|_| !none || state.rows.statistics.records_matched > 0);
    let truncated = table.truncated;
    let export = (!none).then(|| view! { <Export query_id=started.query_id.clone() /> });
    view! {
        {status_notice(status)}
        {(is_running).then(|| view! { <LookAgain asked=asked.clone() /> })}
        <div class="list-head log-head">
            <Found rows=table.rows.len() statistics=state.rows.statistics started=started.clone() />
            {export}
        </div>
        {histogram.map(|histogram| view! { <Matches histogram=histogram asked=asked.clone() /> })}
        {timeline
            .map(|timeline| {
                let unit = if timeline.unit == "ms" { "in milliseconds" } else { "" };
                view! {
                    <section class="panel" aria-labelledby="log-chart">
                        <h2 id="log-chart">
                            "Over time"
                            <span class="panel-period">{unit}</span>
                        </h2>
                        <TimeChart label="The result over time" timeline=timeline />
                    </section>
                }
            })}
        {if none && status == LogQueryStatus::Complete {
            view! { <NothingFound asked=asked group=started.log_group_name group_exists=group_exists /> }.into_any()
        } else if none {
            ().into_any()
        } else {
            view! {
                {truncated
                    .then(|| {
                        view! {
                            <p class="log-more">
                                {format!("There may be more: the first {} rows are here. ", grouped(limit.into()))}
                                "Add a " <code>"filter"</code> ", or let " <code>"stats"</code> " put rows together."
                            </p>
                        }
                    })}
                <RowsTable table=table asked=asked />
            }
                .into_any()
        }}
    }
}

/// How much was found, in how much, from when to when.
#[component]
fn Found(rows: usize, statistics: LogStatistics, started: StartedLogQuery) -> impl IntoView {
    let rows = u64::try_from(rows).unwrap_or(u64::MAX);
    let bytes = readable_size(statistics.bytes_scanned);
    let LogStatistics { records_scanned, records_matched, .. } = statistics;
    view! {
        <p role="status">
            <strong>{counted(rows, "row")}</strong>
            {format!(". {} of {} match", grouped(records_matched), counted(records_scanned, "record"))}
            <span class="log-read">{format!(" ({bytes} read)")}</span>
            ", from "
            {short_moment(&started.start_time)}
            " to "
            {short_moment(&started.end_time)}
            " UTC in "
            <code>{started.log_group_name}</code>
            "."
        </p>
    }
}

#[component]
fn Export(query_id: String) -> impl IntoView {
    let link = move |format: &'static str, name: &'static str| {
        let limit = ROWS.to_string();
        let fields = [("id", query_id.as_str()), ("format", format), ("limit", limit.as_str())];
        view! {
            <a class="button" href=query_string::address("/export/logs", &fields) rel="external" download="">
                {name}
            </a>
        }
    };
    view! {
        <p class="log-export" role="group" aria-label="Download these rows">
            {link("csv", "CSV")}
            {link("json", "JSON")}
        </p>
    }
}

fn status_notice(status: LogQueryStatus) -> Option<impl IntoView> {
    let (tone, words, remedy) = match status {
        LogQueryStatus::Running | LogQueryStatus::Complete => return None,
        LogQueryStatus::Cancelled => (
            Tone::Quiet,
            "The search was cancelled. ",
            "Rows are there once a search has come to its end: run it again.",
        ),
        LogQueryStatus::Failed => (
            Tone::Bad,
            "CloudWatch Logs could not finish the search. ",
            "Choose a shorter range, or let the query hold less at once: group by fewer fields, sort fewer rows.",
        ),
        LogQueryStatus::TimedOut => (
            Tone::Bad,
            "CloudWatch Logs stopped the search, because it took too long. ",
            "Choose a shorter range, or filter before you count.",
        ),
    };
    Some(view! {
        <section class=format!("notice {}", tone.class()) role="status">
            <Icon glyph=Glyph::Information />
            <p>
                <strong>{words}</strong>
                {remedy}
            </p>
        </section>
    })
}

/// The way on where no script looks again by itself.
#[component]
fn LookAgain(asked: Address) -> impl IntoView {
    let waiting = Address { wait: true, ..asked }.to_address();
    view! {
        <section class="notice tone-signal without-script">
            <p>
                <strong>"The search is not finished. "</strong>
                <a href=waiting>"Search again and wait up to half a minute"</a>
            </p>
        </section>
    }
}

/// When the records that match were written. A click on a bar looks at its time alone.
#[component]
fn Matches(histogram: Histogram, asked: Address) -> impl IntoView {
    let timeline = series::matches(&histogram);
    let total: u64 = histogram.bars.iter().map(|bar| bar.count).sum();
    let navigate = use_navigate();
    let pick = Callback::new(move |(from, to): (Timestamp, Timestamp)| {
        let range = LogRange::Between(from.to_string(), to.to_string());
        navigate(&asked.in_range(range), NavigateOptions { scroll: false, ..NavigateOptions::default() });
    });
    let width = in_words(histogram.bin_seconds);
    view! {
        <section class="panel log-matches" aria-labelledby="log-matches">
            <h2 id="log-matches">
                "Matching records"
                <span class="panel-period">
                    {format!("{}, in steps of {width}", grouped(total))}
                </span>
            </h2>
            <TimeChart label="Matching records" timeline=timeline low=true pick=pick />
            <details class="chart-table">
                <summary>"View as table"</summary>
                <div
                    class="table-scroll is-short"
                    tabindex="0"
                    role="region"
                    aria-label="Matching records over time"
                >
                    <table>
                        <thead>
                            <tr>
                                <th scope="col">"From, UTC"</th>
                                <th scope="col" class="number">
                                    "Records"
                                </th>
                            </tr>
                        </thead>
                        <tbody>
                            {histogram
                                .bars
                                .into_iter()
                                .map(|bar| {
                                    view! {
                                        <tr>
                                            <th scope="row">{short_moment(&bar.time)}</th>
                                            <td class="number">{grouped(bar.count)}</td>
                                        </tr>
                                    }
                                })
                                .collect_view()}
                        </tbody>
                    </table>
                </div>
            </details>
        </section>
    }
}

/// A width of time in words: `5 minutes`.
fn in_words(seconds: u32) -> String {
    let (count, noun) = match seconds {
        day if day.is_multiple_of(86_400) => (day / 86_400, "day"),
        hour if hour.is_multiple_of(3600) => (hour / 3600, "hour"),
        minute if minute.is_multiple_of(60) => (minute / 60, "minute"),
        second => (second, "second"),
    };
    if count == 1 { format!("one {noun}") } else { counted(count.into(), noun) }
}

/// What to do when nothing matched.
#[component]
fn NothingFound(asked: Address, group: String, group_exists: bool) -> impl IntoView {
    if !group_exists {
        return view! {
            <EmptyState title="This log is empty">
                <p>
                    "Nothing has been written to " <code>{group}</code>
                    " yet. Patchline writes there a few seconds after its first calls."
                </p>
            </EmptyState>
        }
        .into_any();
    }
    let position = RANGES.iter().position(|(id, ..)| *id == range_id(&asked.range));
    let longer =
        RANGES.iter().skip(position.map_or(2, |position| position + 1)).map(move |(_, range, name)| {
            view! {
                <a class="button" href=asked.in_range(range.clone()) data-noscroll="">
                    {format!("The last {name}")}
                </a>
            }
        });
    view! {
        <EmptyState title="Nothing matches">
            <p>
                "No record of this range fits the query. Look further back, or make the filter wider: "
                "names and texts are compared letter by letter."
            </p>
            <p class="log-longer">{longer.collect_view()}</p>
        </EmptyState>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn widths_read_as_people_say_them() {
        assert_eq!(in_words(300), "5 minutes");
        assert_eq!(in_words(3600), "one hour");
        assert_eq!(in_words(90), "90 seconds");
        assert_eq!(in_words(172_800), "2 days");
    }
}
