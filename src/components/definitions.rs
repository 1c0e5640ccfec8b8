//! How metrics are counted, in the words of the dictionary of metrics.

use crate::music::metric::{Metric, metric_of};
use leptos::prelude::*;

/// The formulas of metrics and what they do not say: open to whoever asks, and on paper.
#[component]
pub fn Definitions(
    /// The names of the metrics. Those that the dictionary does not have are left out.
    ids: Vec<String>,
) -> impl IntoView {
    let found: Vec<&Metric> = ids.iter().filter_map(|id| metric_of(id)).collect();
    let row = |metric: &Metric| {
        view! {
            <li>
                <strong>{metric.label}</strong>
                ": "
                {in_words(metric)}
            </li>
        }
    };
    (!found.is_empty()).then(|| {
        view! {
            <details class="craft-notes">
                <summary>"How these are counted"</summary>
                <ul>{found.into_iter().map(row).collect_view()}</ul>
            </details>
        }
    })
}

/// Formula, unit and limits of a metric.
fn in_words(metric: &Metric) -> String {
    format!("{} ({}). {}", metric.formula, metric.unit, metric.note)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_metric_is_told_with_its_formula_its_unit_and_its_limits() {
        let words = metric_of("saveRate").map(in_words);
        assert!(
            words.is_some_and(|words| words.starts_with("saves / daily listeners (saves a listener). No "))
        );
    }
}
