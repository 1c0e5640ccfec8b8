//! What a statement could not settle, counted, with the file of exactly those lines.

use crate::components::format::counted;
use crate::model::royalties::AccountStatement;
use leptos::prelude::*;

/// How many lines could not be converted or matched. Nothing is shown where all could.
#[component]
pub fn Unsettled(
    /// Where the file of the lines is.
    file: String,
    /// The statement.
    statement: AccountStatement,
) -> impl IntoView {
    let sentences = sentences(&statement);
    (!sentences.is_empty()).then(|| {
        view! {
            <section class="panel" aria-labelledby="unsettled">
                <h2 id="unsettled">"Lines that are not settled"</h2>
                <ul>{sentences.into_iter().map(|words| view! { <li>{words}</li> }).collect_view()}</ul>
                <p class="muted">
                    "The file has each of these lines with its number, the import that brought it, why it is there, and what to do."
                </p>
                <p>
                    <a class="button" href=file rel="external" download="">
                        "These lines as CSV"
                    </a>
                </p>
            </section>
        }
    })
}

fn sentences(statement: &AccountStatement) -> Vec<String> {
    let unconverted: u64 = statement.unconverted.iter().map(|left| left.lines).sum();
    let unmatched = u64::from(statement.unmatched_lines);
    let told = [
        (unconverted, "in a currency that nobody has entered a rate for, in no sum"),
        (unmatched, "of recordings that are not in the catalogue"),
    ];
    let told = told.into_iter().filter(|(count, _)| *count > 0);
    told.map(|(count, why)| format!("{} {why}.", counted(count, "line"))).collect()
}
