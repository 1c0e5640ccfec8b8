//! The rules that hold, in words, and the ways to change them.

use super::address::{of_new, of_rule};
use super::fields::preview_button;
use crate::components::state::EmptyState;
use crate::components::table::{ScrollingTable, numbers, words};
use crate::model::policy::RuleView;
use crate::model::policy_form::{PolicyChange, PolicyForm};
use crate::model::rule_form::About;
use leptos::prelude::*;

/// The rules.
#[component]
pub fn Rules(
    /// Those that hold.
    rules: Vec<RuleView>,
    /// The version that is shown.
    version: u32,
    /// Whether the viewer may change them.
    may_change: bool,
) -> impl IntoView {
    let table = if rules.is_empty() {
        view! {
            <EmptyState title="No rules">
                <p>"What a role may do holds, and nothing beyond that."</p>
            </EmptyState>
        }
        .into_any()
    } else {
        let rows = rules.into_iter().map(|rule| row(rule, version, may_change)).collect_view();
        let columns = vec![
            words("Rule"),
            words("What it says"),
            words("State"),
            words("Set by"),
            numbers("Violations"),
            words("Change"),
        ];
        view! {
            <section class="panel is-flush">
                <h2 id="policy-rules">"Rules"</h2>
                <ScrollingTable label="Rules" columns=columns>
                    {rows}
                </ScrollingTable>
            </section>
        }
        .into_any()
    };
    view! {
        {table}
        {may_change.then(|| view! { <NewRule /> })}
    }
}

fn row(rule: RuleView, version: u32, may_change: bool) -> impl IntoView {
    let state = if rule.shadow { "Tried" } else { "In force" };
    let source = if rule.from_environment { "Environment" } else { "Admins" };
    let ways = (may_change && !rule.from_environment).then(|| {
        let change = PolicyChange::Remove(rule.id.clone());
        let form = PolicyForm { expected: version, note: String::new(), change };
        let label = format!("Change the rule {}", rule.id);
        view! {
            <div class="policy-actions">
                <a class="button" href=of_rule(&rule.id) rel="external" aria-label=label>
                    "Change"
                </a>
                {preview_button(&form, "Remove", format!("Remove the rule {}", rule.id))}
            </div>
        }
    });
    view! {
        <tr>
            <th scope="row">
                <code>{rule.id}</code>
            </th>
            <td>{rule.words}</td>
            <td>{state}</td>
            <td>{source}</td>
            <td class="number">{rule.violations.to_string()}</td>
            <td>{ways}</td>
        </tr>
    }
}

/// What a new rule can be about.
#[component]
fn NewRule() -> impl IntoView {
    let way = |about: About| {
        view! {
            <li>
                <a class="button" href=of_new(about) rel="external">
                    {about.title()}
                </a>
            </li>
        }
    };
    view! {
        <section class="panel" aria-labelledby="policy-new">
            <h2 id="policy-new">"Add a rule about"</h2>
            <ul class="policy-ways">{About::ALL.into_iter().map(way).collect_view()}</ul>
        </section>
    }
}
