//! A list of objects as a table.

use super::cell::draw;
use super::shape::Table;
use leptos::prelude::*;

/// The table, in a region of its own that scrolls, by the keyboard, too.
#[component]
pub fn ResultTable(
    /// What it shows.
    table: Table,
) -> impl IntoView {
    let numeric: Vec<bool> = table.columns.iter().map(|column| column.numeric).collect();
    let label = table.label.clone();
    let class = |numeric: bool| numeric.then_some("number");
    view! {
        <div class="table-scroll is-short result-table" role="region" aria-label=label tabindex="0">
            <table>
                <caption>{table.label} " " <span class="muted">{table.rows.len()}</span></caption>
                <thead>
                    <tr>
                        {table
                            .columns
                            .into_iter()
                            .map(|column| view! { <th scope="col" class=class(column.numeric)>{column.label}</th> })
                            .collect_view()}
                    </tr>
                </thead>
                <tbody>
                    {table
                        .rows
                        .into_iter()
                        .map(|row| {
                            let cells = row
                                .into_iter()
                                .zip(&numeric)
                                .map(|(cell, numeric)| view! { <td class=class(*numeric)>{draw(cell)}</td> })
                                .collect_view();
                            view! { <tr>{cells}</tr> }
                        })
                        .collect_view()}
                </tbody>
            </table>
        </div>
    }
}
