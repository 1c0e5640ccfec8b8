//! What a change of a record would make of it: each value now, and as it would be.

use super::arguments::value_in_words;
use crate::components::name::humanise;
use crate::model::task::TaskView;
use leptos::prelude::*;
use serde_json::{Map, Value};

/// The argument with the new values.
pub(super) const NEW: &str = "updateData";

/// By what a record is known again in what another step has found.
const KEYS: [&str; 2] = ["releaseId", "artistId"];

/// A value of a record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Difference {
    name: String,
    /// None where no step has found the record.
    now: Option<String>,
    new: String,
}

/// What a call with these arguments would make of a record; none where it changes none.
pub(super) fn of(task: &TaskView, arguments: &Value) -> Vec<Difference> {
    let Some(new) = arguments.get(NEW).and_then(Value::as_object) else { return Vec::new() };
    let record = record(task, arguments);
    let difference = |(name, value): (&String, &Value)| Difference {
        name: humanise(name),
        now: record.map(|record| in_words(record.get(name).unwrap_or(&Value::Null))),
        new: in_words(value),
    };
    new.iter().map(difference).collect()
}

/// The record that the arguments name, as the newest step that read it has found it.
fn record<'t>(task: &'t TaskView, arguments: &Value) -> Option<&'t Map<String, Value>> {
    let (key, id) = KEYS.iter().find_map(|key| Some((*key, arguments.get(*key)?)))?;
    let results = task.steps.iter().rev().filter_map(|step| step.result.as_ref()?.get("rows")?.as_array());
    let mut rows = results.flatten().filter_map(Value::as_object);
    rows.find(|row| row.get(key) == Some(id))
}

fn in_words(value: &Value) -> String {
    let is_nothing = value.is_null() || value.as_str().is_some_and(|text| text.trim().is_empty());
    if is_nothing { "not set".to_owned() } else { value_in_words(value) }
}

/// The values as a table; nothing where there are none.
pub(super) fn table(step: &str, differences: Vec<Difference>) -> Option<impl IntoView + use<>> {
    let label = format!("What step {step} would change");
    let rows = differences.into_iter().map(|Difference { name, now, new }| {
        view! {
            <tr>
                <th scope="row">{name}</th>
                <td>{now.unwrap_or_else(|| "not looked up".to_owned())}</td>
                <td>{new}</td>
            </tr>
        }
    });
    let rows: Vec<_> = rows.collect();
    (!rows.is_empty()).then(|| {
        view! {
            <div class="table-scroll" tabindex="0" role="region" aria-label=label>
                <table class="list">
                    <thead>
                        <tr>
                            <th scope="col">"What"</th>
                            <th scope="col">"Now"</th>
                            <th scope="col">"After your approval"</th>
                        </tr>
                    </thead>
                    <tbody>{rows}</tbody>
                </table>
            </div>
        }
    })
}
