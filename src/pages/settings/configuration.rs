//! Every variable with the value that holds and where it comes from. Nothing here can be changed.

use crate::components::table::{ScrollingTable, words};
use crate::model::settings::EffectiveValue;
use leptos::prelude::*;

/// The list.
#[component]
pub fn Configuration(
    /// The variables.
    values: Vec<EffectiveValue>,
) -> impl IntoView {
    let row = |value: EffectiveValue| {
        let EffectiveValue { name, value, source } = value;
        view! {
            <tr>
                <th scope="row">
                    <code>{name}</code>
                </th>
                <td class="settings-value">{value}</td>
                <td>{source.title()}</td>
            </tr>
        }
    };
    view! {
        <section class="panel is-flush" aria-labelledby="settings-configuration">
            <h2 id="settings-configuration">"Configuration of this instance"</h2>
            <ScrollingTable
                label="Variables and their values"
                columns=["Variable", "Value", "From"].map(words).to_vec()
            >
                {values.into_iter().map(row).collect_view()}
            </ScrollingTable>
            <p class="muted">"Secrets are never shown. What comes from the environment changes with a restart."</p>
        </section>
    }
}
