//! Who changed limits and budgets, when, to what and why.

use crate::components::date::Moment;
use crate::components::table::{ScrollingTable, words};
use crate::model::settings::LimitsVersion;
use leptos::prelude::*;

/// The list.
#[component]
pub fn History(
    /// What holds.
    current: LimitsVersion,
    /// What held before.
    history: Vec<LimitsVersion>,
) -> impl IntoView {
    let versions = std::iter::once(current).chain(history).filter(|version| version.version > 0);
    let versions = versions.collect::<Vec<_>>();
    if versions.is_empty() {
        return view! { <p>"Nobody has changed anything here yet: the environment alone holds."</p> }
            .into_any();
    }
    let columns = ["Version", "By", "When", "What was set", "Why"].map(words).to_vec();
    view! {
        <section class="panel is-flush" aria-labelledby="settings-history">
            <h2 id="settings-history">"Changes"</h2>
            <ScrollingTable label="Changes of limits and budgets" columns=columns>
                {versions.into_iter().map(row).collect_view()}
            </ScrollingTable>
        </section>
    }
    .into_any()
}

fn row(version: LimitsVersion) -> impl IntoView {
    let set: Vec<_> = version.set.iter().map(|(name, text)| format!("{name}={text}")).collect();
    let set = if set.is_empty() { "Nothing: the environment holds".to_owned() } else { set.join("; ") };
    view! {
        <tr>
            <th scope="row">{version.version.to_string()}</th>
            <td>{version.by}</td>
            <td class="row-date">
                <Moment rfc3339=version.since />
            </td>
            <td>{set}</td>
            <td>{version.note}</td>
        </tr>
    }
}
