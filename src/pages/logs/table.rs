//! The rows of a search as a table.

use super::address::Address;
use super::cell::draw;
use super::series::unit;
use crate::components::format::{counted, grouped};
use crate::model::logs::{LogColumn, LogColumnKind, LogTable};
use crate::model::written_time::{clock_with_seconds, day_and_month, utc};
use jiff::Timestamp;
use leptos::prelude::*;
use serde_json::{Map, Value};

/// Rows that are shown at first, and with each further step.
const STEP: usize = 200;

/// The table, in a region of its own that scrolls, by the keyboard, too.
#[component]
pub fn RowsTable(
    /// The rows.
    table: LogTable,
    /// The search that found them.
    asked: Address,
) -> impl IntoView {
    let LogTable { columns, rows, .. } = table;
    let total = rows.len();
    let count = RwSignal::new(STEP.min(total));
    let heads = columns.iter().map(|column| {
        view! { <th scope="col" class=class(column.kind) title=column.name.clone()>{head(column)}</th> }
    });
    let heads = heads.collect_view();
    let rows = StoredValue::new(rows);
    let columns = StoredValue::new(columns);
    let asked = StoredValue::new(asked);
    let part = move |from: usize, to: usize| {
        rows.with_value(|rows| {
            columns.with_value(|columns| {
                asked.with_value(|asked| {
                    let shown = rows.iter().take(to).skip(from);
                    shown.map(|one| row(one, columns, asked)).collect::<Vec<_>>()
                })
            })
        })
    };
    view! {
        <div class="table-scroll log-table" tabindex="0" role="region" aria-label="Rows that were found">
            <table>
                <thead>
                    <tr>{heads}</tr>
                </thead>
                <tbody>
                    {part(0, STEP)}
                    <For each=move || 1..count.get().div_ceil(STEP).max(1) key=|step| *step let:step>
                        {part(step * STEP, (step + 1) * STEP)}
                    </For>
                </tbody>
            </table>
        </div>
        {(total > STEP)
            .then(|| {
                let words = move || {
                    let shown = count.get().min(total) as u64;
                    format!("{} of {} are shown; the download has all.", grouped(shown), counted(total as u64, "row"))
                };
                let more = move |_| count.update(|count| *count = (*count + STEP).min(total));
                view! {
                    <p class="log-more">
                        <span>{words}</span>
                        <button
                            type="button"
                            class="button needs-script"
                            class:is-hidden=move || { count.get() >= total }
                            on:click=more
                        >
                            "Show more"
                        </button>
                    </p>
                }
            })}
    }
}

fn class(kind: LogColumnKind) -> Option<&'static str> {
    match kind {
        LogColumnKind::Number => Some("number"),
        LogColumnKind::Time => Some("log-time"),
        LogColumnKind::Text => None,
    }
}

/// The name of a column with the unit of its figures, where the name itself does not say it plainly, and
/// with the zone of its times.
fn head(column: &LogColumn) -> String {
    let unit = match column.kind {
        LogColumnKind::Number => unit(&column.name),
        LogColumnKind::Time => "UTC",
        LogColumnKind::Text => "",
    };
    let name =
        if unit == "ms" { column.name.strip_suffix("Ms").unwrap_or(&column.name) } else { &column.name };
    if unit.is_empty() { column.name.clone() } else { format!("{name}, {unit}") }
}

fn row(row: &Map<String, Value>, columns: &[LogColumn], asked: &Address) -> AnyView {
    let cells = columns.iter().map(|column| {
        let value = draw(column, row.get(&column.name), asked);
        view! { <td class=class(column.kind)>{value}</td> }
    });
    view! { <tr>{cells.collect_view()}</tr> }.into_any()
}

/// A moment without its year, in UTC, to the second; the exact one shows on hover. What is no moment is
/// shown as it is.
pub(super) fn short_moment(rfc3339: &str) -> AnyView {
    let Ok(moment) = rfc3339.parse::<Timestamp>().map(utc) else { return rfc3339.to_owned().into_any() };
    let words = format!("{}, {}", day_and_month(moment.date()), clock_with_seconds(moment.time()));
    view! { <time datetime=rfc3339.to_owned() title=rfc3339.to_owned()>{words}</time> }.into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn heads_say_the_unit_of_durations_and_the_zone_of_times() {
        let column = |name: &str, kind| LogColumn { name: name.to_owned(), kind };
        assert_eq!(head(&column("avg(durationMs)", LogColumnKind::Number)), "avg(durationMs), ms");
        assert_eq!(head(&column("p95Ms", LogColumnKind::Number)), "p95, ms");
        assert_eq!(head(&column("count(*)", LogColumnKind::Number)), "count(*)");
        assert_eq!(head(&column("durationMs", LogColumnKind::Text)), "durationMs");
        assert_eq!(head(&column("bin(5m)", LogColumnKind::Time)), "bin(5m), UTC");
    }
}
