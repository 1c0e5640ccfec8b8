//! Lines over steps that have names, drawn by the browser, and always there as a table.

use super::format::decimal;
use super::large_chart::LargeChart;
use super::table::{ScrollingTable, numbers, words};
use crate::model::chart::LabelledLines;
use crate::model::performance::Line;
use leptos::prelude::*;

/// From this size on a figure has no decimals.
const LARGE: f64 = 100.0;

/// A chart with its table.
#[component]
pub fn LabelledChart(
    /// What it shows: `Streams expected`.
    #[prop(into)]
    title: String,
    /// The figures.
    chart: LabelledLines,
) -> impl IntoView {
    if !chart.has_figures() {
        return view! { <p class="panel-empty">"There are no figures to draw."</p> }.into_any();
    }
    let description = described(&title, &chart.lines);
    let LabelledLines { head, labels, lines, option } = chart;
    let columns: Vec<_> =
        std::iter::once(words(head)).chain(lines.iter().map(|line| numbers(line.name.clone()))).collect();
    let rows: Vec<_> = labels
        .into_iter()
        .enumerate()
        .map(|(step, label)| {
            let cells: Vec<_> = lines
                .iter()
                .map(|line| line.values.get(step).copied().flatten())
                .map(|value| view! { <td class="number">{figure(value)}</td> })
                .collect();
            view! {
                <tr>
                    <th scope="row">{label}</th>
                    {cells}
                </tr>
            }
        })
        .collect();
    view! {
        <LargeChart description=description option=option on_zoom=Callback::new(|_: (i64, i64)| {}) />
        <details class="chart-table">
            <summary>"View as table"</summary>
            <ScrollingTable label=format!("{title} as a table") columns=columns short=true>
                {rows}
            </ScrollingTable>
        </details>
    }
    .into_any()
}

/// A figure of a line; a dash where it is not known.
pub fn figure(value: Option<f64>) -> String {
    match value {
        None => "–".to_owned(),
        Some(value) if value.abs() >= LARGE => decimal(value.round()),
        Some(value) => decimal(value),
    }
}

/// What the drawing shows, for those who cannot see it.
fn described(title: &str, lines: &[Line]) -> String {
    let names: Vec<_> = lines.iter().map(|line| line.name.as_str()).collect();
    let highest = lines
        .iter()
        .flat_map(|line| line.values.iter().flatten().map(|value| (line.name.as_str(), *value)))
        .max_by(|(_, one), (_, other)| one.total_cmp(other));
    let highest = highest
        .map_or_else(String::new, |(name, value)| format!(" Highest: {} of {name}.", figure(Some(value))));
    format!("{title}: {}.{highest}", names.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_chart_is_told_in_words_and_what_is_unknown_is_a_dash() {
        let line =
            |name: &str, values: Vec<Option<f64>>| Line { name: name.to_owned(), values, before: false };
        let lines = [line("This", vec![Some(3.0), None]), line("Median", vec![None, Some(1234.4)])];
        assert_eq!(described("Uplift", &lines), "Uplift: This, Median. Highest: 1\u{202f}234 of Median.");
        assert_eq!((figure(None).as_str(), figure(Some(0.25)).as_str()), ("–", "0.25"));
    }
}
