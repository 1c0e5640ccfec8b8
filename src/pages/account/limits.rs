//! What is left of one's limits: calls at this moment, dollars today.

use crate::components::date::Moment;
use crate::model::settings::{BudgetLeft, OwnLimits};
use leptos::prelude::*;

/// The figures.
#[component]
pub fn Limits(
    /// What is left.
    left: OwnLimits,
) -> impl IntoView {
    let OwnLimits { calls_left, calls_a_minute, calls_at_once, budgets, renewed_at } = left;
    let has_budgets = !budgets.is_empty();
    let budget = |left: BudgetLeft| {
        let words = format!("{} of {} left today", left.left(), left.budget);
        view! {
            <div>
                <dt>{left.whose}</dt>
                <dd>{words}</dd>
            </div>
        }
    };
    view! {
        <section class="panel" aria-labelledby="account-limits">
            <h2 id="account-limits">"What is left"</h2>
            <dl class="facts-list">
                <div>
                    <dt>"Calls of tools"</dt>
                    <dd>
                        {format!(
                            "{calls_left} at this moment, of {calls_at_once} at once and {calls_a_minute} a minute",
                        )}
                    </dd>
                </div>
                {budgets.into_iter().map(budget).collect_view()}
            </dl>
            {has_budgets
                .then(|| {
                    view! {
                        <p class="muted">
                            "Budgets pay for answers of language models, and begin anew at " <Moment rfc3339=renewed_at />
                            "."
                        </p>
                    }
                })}
        </section>
    }
}
