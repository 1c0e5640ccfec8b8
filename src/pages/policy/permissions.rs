//! Who may use what.

use crate::components::table::{ScrollingTable, words};
use crate::model::policy::{PermissionView, ROLES};
use leptos::prelude::*;

/// The table of permissions.
#[component]
pub fn Permissions(
    /// A row for each operation.
    permissions: Vec<PermissionView>,
) -> impl IntoView {
    let columns = std::iter::once("Operation").chain(ROLES).map(words).collect::<Vec<_>>();
    let row = |row: PermissionView| {
        let cell = |access: String| {
            let word = match access.as_str() {
                "yes" => "Yes",
                "own" => "Own artists",
                _ => "–",
            };
            view! { <td>{word}</td> }
        };
        view! {
            <tr>
                <th scope="row">
                    <code>{row.operation}</code>
                </th>
                {row.access.into_iter().map(cell).collect_view()}
            </tr>
        }
    };
    view! {
        <section class="panel is-flush">
            <h2 id="policy-permissions">"Who may use what"</h2>
            <ScrollingTable label="Who may use what" columns=columns short=true>
                {permissions.into_iter().map(row).collect_view()}
            </ScrollingTable>
        </section>
    }
}
