//! What AWS would charge for the requests: an estimate that says what it is.

use super::whole;
use crate::components::table::{ScrollingTable, numbers, words};
use crate::model::performance::{CostEstimate, PerformanceView, ServiceCost};
use leptos::prelude::*;

/// The estimate by service.
#[component]
pub fn Cost(
    /// The figures.
    view: Memo<PerformanceView>,
) -> impl IntoView {
    let estimate = Memo::new(move |_| view.with(|view| view.cost.clone()));
    let row = |cost: ServiceCost| {
        view! {
            <tr>
                <th scope="row">{cost.service}</th>
                <td class="number">{whole(cost.calls)}</td>
                <td class="number">{cost.dollars.map_or_else(|| "not known".to_owned(), dollars)}</td>
            </tr>
        }
    };
    view! {
        <section class="panel is-flush" aria-labelledby="cost">
            <h2 id="cost">
                "Cost of requests" <span class="panel-period">"Estimate, US dollars"</span>
            </h2>
            <p>{move || estimate.with(in_words)}</p>
            <ScrollingTable
                label="Cost of requests by service"
                columns=vec![words("Service"), numbers("Requests"), numbers("Estimate")]
            >
                {move || estimate.get().services.into_iter().map(row).collect_view()}
            </ScrollingTable>
        </section>
    }
}

fn in_words(estimate: &CostEstimate) -> String {
    let known: f64 = estimate.services.iter().filter_map(|cost| cost.dollars).sum();
    format!(
        "About {} for this time, if an account were charged for these requests. Prices: {}, as of {}. Not in \
         it: {}.",
        dollars(known),
        estimate.source,
        estimate.as_of,
        estimate.without
    )
}

/// As many digits as say something: most requests cost far less than a cent.
fn dollars(amount: f64) -> String {
    match amount {
        0.0 => "$0".to_owned(),
        amount if amount < 0.01 => "less than 1 ¢".to_owned(),
        amount => format!("${amount:.2}"),
    }
}

#[cfg(test)]
mod tests {
    use super::dollars;

    #[test]
    fn small_amounts_are_not_nothing() {
        assert_eq!(dollars(0.0), "$0");
        assert_eq!(dollars(0.000_4), "less than 1 ¢");
        assert_eq!(dollars(12.345), "$12.35");
    }
}
