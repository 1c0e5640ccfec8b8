//! One value of a row: times and figures as people read them, long records folded, and links that lead on.

use super::address::Address;
use super::table::short_moment;
use crate::components::format::decimal;
use crate::model::activity::ActivityRange;
use crate::model::logs::{LogColumn, LogColumnKind};
use leptos::prelude::*;
use serde_json::Value;

/// Longer texts are folded to one line.
const LONG: usize = 120;

/// How much of a folded text is in its line; the rest would only weigh on the page.
const LINE: usize = 240;

/// Draws the value of a column; none where the row has none. Links keep the range of the search.
pub(super) fn draw(column: &LogColumn, value: Option<&Value>, asked: &Address) -> AnyView {
    let Some(value) = value.filter(|value| !value.is_null() && *value != "") else {
        return view! {
            <span class="muted" aria-hidden="true">
                "–"
            </span>
            <span class="visually-hidden">"nothing"</span>
        }
        .into_any();
    };
    match (column.kind, value) {
        (LogColumnKind::Time, Value::String(moment)) => short_moment(moment),
        (_, Value::Number(number)) => {
            let exact = number.to_string();
            let words = number.as_f64().map_or_else(|| exact.clone(), decimal);
            view! { <span title=exact>{words}</span> }.into_any()
        }
        (_, Value::String(text)) => words(&column.name, text, asked),
        (_, value) => value.to_string().into_any(),
    }
}

fn words(column: &str, text: &str, asked: &Address) -> AnyView {
    if let Some(address) = lead(column, text, asked) {
        return view! { <a href=address>{text.to_owned()}</a> }.into_any();
    }
    if let Some(record) = record(text) {
        return folded(text, format!("{record:#}"));
    }
    if text.chars().count() > LONG || text.contains('\n') {
        return folded(text, text.to_owned());
    }
    view! { <span class="log-text">{text.to_owned()}</span> }.into_any()
}

/// A text as a line that unfolds to the whole.
fn folded(text: &str, whole: String) -> AnyView {
    let line: String = text.chars().take(LINE).map(|c| if c.is_control() { ' ' } else { c }).collect();
    view! {
        <details class="log-record">
            <summary>
                <span>{line}</span>
            </summary>
            <pre>
                <code>{whole}</code>
            </pre>
        </details>
    }
    .into_any()
}

/// The JSON object or list that a text is.
fn record(text: &str) -> Option<Value> {
    let begins = text.trim_start().starts_with(['{', '[']);
    begins.then(|| serde_json::from_str::<Value>(text).ok()).flatten()
}

/// Where a value leads: a request to all that is known of it, a person to what they did.
fn lead(column: &str, text: &str, asked: &Address) -> Option<String> {
    match column {
        "requestId" => {
            let id = text.replace('\\', "\\\\").replace('"', "\\\"");
            let query = format!(
                "filter requestId = \"{id}\"\n| fields @timestamp, tool, principal, outcome, @message"
            );
            Some(asked.to_search(asked.group.clone(), &query, true))
        }
        "principal" => Some(Address::of_activity(text, ActivityRange::Day)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_objects_and_lists_are_records() {
        assert!(record("{\"a\":1}").is_some() && record(" [1]").is_some());
        assert!(record("7").is_none() && record("{broken").is_none() && record("text").is_none());
    }

    #[test]
    fn requests_and_people_lead_on() {
        let asked = Address { group: Some("/g".to_owned()), ..Address::default() };
        let request = lead("requestId", "req_1\"", &asked).expect("an address");
        assert!(
            request.starts_with("/logs?group=%2Fg&query=filter%20requestId%20%3D%20%22req_1%5C%22%22"),
            "{request}"
        );
        assert_eq!(
            lead("principal", "key:bootstrap", &asked).as_deref(),
            Some("/logs?view=activity&user=key%3Abootstrap&range=24h")
        );
        assert_eq!(lead("tool", "x", &asked), None);
    }
}
