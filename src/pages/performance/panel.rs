//! One chart of the page, with its words and the same figures as a table.

use crate::components::format::decimal;
use crate::components::large_chart::LargeChart;
use crate::components::table::{ScrollingTable, numbers, words};
use crate::model::performance::{Line, PerformancePicture, PerformanceView};
use crate::model::written_time::{clock, day_and_month, utc};
use jiff::Timestamp;
use leptos::prelude::*;

/// The most rows of a table: the newest periods.
const MOST_ROWS: usize = 200;

/// What a chart shows.
#[derive(Debug, Clone, Copy)]
pub struct Measure {
    /// Its id.
    pub id: &'static str,
    /// Its title.
    pub title: &'static str,
    /// What it is, in a sentence.
    pub words: &'static str,
    /// Its unit; empty for counts.
    pub unit: &'static str,
    /// Its lines.
    pub lines: fn(&PerformanceView) -> &[Line],
}

/// A chart with its table.
#[component]
pub fn ChartPanel(
    /// What it shows.
    measure: Measure,
    /// The figures.
    picture: RwSignal<PerformancePicture>,
    /// Told from which to which second somebody has zoomed.
    on_zoom: Callback<(i64, i64)>,
) -> impl IntoView {
    let Measure { id, title, words, unit, lines } = measure;
    let option = Memo::new(move |_| picture.with(|picture| picture.chart(id)));
    let description =
        Memo::new(move |_| picture.with(|picture| described(title, unit, lines(&picture.view))));
    let has_values = Memo::new(move |_| picture.with(|picture| have_values(lines(&picture.view))));
    view! {
        <section class="panel performance-panel" aria-labelledby=id>
            <h2 id=id>{title}</h2>
            <p class="muted">{words}</p>
            {move || {
                if has_values.get() {
                    view! {
                        <LargeChart description=description option=option on_zoom=on_zoom />
                        <FigureTable measure=measure picture=picture />
                    }
                        .into_any()
                } else {
                    view! { <p class="panel-empty">"Nothing of this time."</p> }.into_any()
                }
            }}
        </section>
    }
}

/// Whether there is anything to draw: the percentiles have their lines also where there was no call.
fn have_values(lines: &[Line]) -> bool {
    lines.iter().any(|line| line.values.iter().any(Option::is_some))
}

/// What the drawing shows, for those who cannot see it.
fn described(title: &str, unit: &str, lines: &[Line]) -> String {
    let peak = lines
        .iter()
        .flat_map(|line| line.values.iter().flatten().map(move |value| (line.name.as_str(), *value)))
        .max_by(|(_, a), (_, b)| a.total_cmp(b));
    let names: Vec<_> = lines.iter().map(|line| line.name.as_str()).collect();
    let peak =
        peak.map_or(String::new(), |(name, value)| format!(" Highest: {} of {name}.", figure(value, unit)));
    format!("{title} over time: {}.{peak}", names.join(", "))
}

fn figure(value: f64, unit: &str) -> String {
    if unit.is_empty() { decimal(value) } else { format!("{}\u{a0}{unit}", decimal(value)) }
}

/// The same figures as rows, newest first.
#[component]
fn FigureTable(measure: Measure, picture: RwSignal<PerformancePicture>) -> impl IntoView {
    let Measure { title, unit, lines, .. } = measure;
    let columns = Signal::derive(move || -> Vec<_> {
        let names = picture
            .with(|picture| lines(&picture.view).iter().map(|line| line.name.clone()).collect::<Vec<_>>());
        std::iter::once(words("From, UTC")).chain(names.into_iter().map(numbers)).collect()
    });
    let rows = move || {
        picture.with(|picture| rows(&picture.view, lines(&picture.view), unit)).into_iter().collect_view()
    };
    view! {
        <details class="chart-table">
            <summary>"View as table"</summary>
            <ScrollingTable
                label=format!("{title} as a table")
                columns=columns
                short=true
            >
                {rows}
            </ScrollingTable>
        </details>
    }
}

fn rows(view: &PerformanceView, lines: &[Line], unit: &'static str) -> Vec<impl IntoView + use<>> {
    let periods = view.starts.iter().enumerate().rev();
    let known = periods
        .filter(|(period, _)| lines.iter().any(|line| line.values.get(*period).is_some_and(Option::is_some)));
    let rows = known.take(MOST_ROWS).map(|(period, start)| {
        let cells: Vec<_> = lines
            .iter()
            .map(|line| line.values.get(period).copied().flatten())
            .map(|value| view! { <td class="number">{value.map_or_else(|| "–".to_owned(), |value| figure(value, unit))}</td> })
            .collect();
        view! {
            <tr>
                <th scope="row">{moment(*start)}</th>
                {cells}
            </tr>
        }
    });
    rows.collect()
}

fn moment(second: i64) -> String {
    let moment = utc(Timestamp::from_second(second).unwrap_or_default());
    format!("{}, {}", day_and_month(moment.date()), clock(moment.time()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_without_a_figure_are_no_chart() {
        let line = |values: &[Option<f64>]| Line { values: values.to_vec(), ..Line::default() };
        assert!(!have_values(&[line(&[None, None]), line(&[])]));
        assert!(have_values(&[line(&[None, None]), line(&[None, Some(0.0)])]));
    }

    #[test]
    fn a_chart_is_told_in_words() {
        let line =
            |name: &str, values: Vec<Option<f64>>| Line { name: name.to_owned(), values, before: false };
        let lines = [line("p50", vec![Some(3.0), None]), line("p99", vec![None, Some(12.5)])];
        assert_eq!(
            described("Response time", "ms", &lines),
            "Response time over time: p50, p99. Highest: 12.5\u{a0}ms of p99."
        );
    }
}
