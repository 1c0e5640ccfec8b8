//! The whole range in a few figures, with how they changed against the time before.

use super::whole;
use crate::components::format::{percent, signed_percent};
use crate::components::kpi::{Kpi, KpiRow};
use crate::model::performance::{PerformanceView, Totals};
use crate::pages::health::figures::milliseconds;
use leptos::prelude::*;

/// The key figures.
#[component]
pub fn TotalsRow(
    /// The figures.
    view: Memo<PerformanceView>,
) -> impl IntoView {
    move || {
        let (now, before) = view.with(|view| (view.now, view.before));
        let note = move |pick: fn(&Totals) -> Option<f64>| {
            let changed = before.map(|before| against(pick(&now), pick(&before)));
            changed.unwrap_or_default()
        };
        let typical = "The median over the periods of the range";
        view! {
            <KpiRow>
                <Kpi label="Calls" value=whole(now.calls)>
                    {note(|totals| Some(totals.calls))}
                </Kpi>
                <Kpi label="Error rate" value=now.error_rate().map_or_else(|| "–".to_owned(), percent)>
                    {note(Totals::error_rate)}
                </Kpi>
                <Kpi label="Response time, half of the calls" value=milliseconds(now.p50) exact=typical>
                    {note(|totals| totals.p50)}
                </Kpi>
                <Kpi label="95 of 100 calls" value=milliseconds(now.p95) exact=typical>
                    {note(|totals| totals.p95)}
                </Kpi>
                <Kpi label="99 of 100 calls" value=milliseconds(now.p99) exact=typical>
                    {note(|totals| totals.p99)}
                </Kpi>
            </KpiRow>
        }
    }
}

/// `+12.3 % against the time before`: without good or bad, since more calls are neither.
fn against(now: Option<f64>, before: Option<f64>) -> String {
    match (now, before) {
        (Some(now), Some(before)) if before > 0.0 => {
            format!("{} against the time before", signed_percent(now / before - 1.0))
        }
        _ => "nothing before to compare with".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::against;

    #[test]
    fn compares_only_with_what_is_known() {
        assert_eq!(against(Some(11.0), Some(10.0)), "+10.0\u{a0}% against the time before");
        assert_eq!(against(Some(11.0), None), "nothing before to compare with");
        assert_eq!(against(Some(11.0), Some(0.0)), "nothing before to compare with");
    }
}
