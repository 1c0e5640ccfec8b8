//! What is looked for, as a form that is sent by `GET`, and the files with everything that was found.

use super::address::{Address, PATH};
use super::list::UNKNOWN;
use crate::model::audit::Decision;
use jiff::civil::Date;
use jiff::{Timestamp, Unit};
use leptos::prelude::*;

/// The form.
#[component]
pub fn Filters(
    /// What is asked for now.
    asked: Address,
) -> impl IntoView {
    let question = asked.question;
    let (from, to) = (in_field(&question.from), in_field(&question.to));
    view! {
        <form class="panel audit-filters" method="get" action=PATH aria-label="Search the audit log">
            {field("Who", "who", "search", question.who)}
            {field("Operation", "operation", "search", question.operation)}
            {outcomes(&question.outcome)}
            {field("File, table or the like", "resource", "search", question.resource)}
            {field("Request or task", "call", "search", question.call)}
            {field("From (UTC)", "from", "datetime-local", from)}
            {field("To (UTC)", "to", "datetime-local", to)}
            <p class="audit-actions">
                <button type="submit" class="button is-primary">
                    "Search"
                </button>
                <a class="button" href=PATH>
                    "Show all"
                </a>
            </p>
        </form>
    }
}

/// A time as a field for dates takes it: without a zone, as the whole page is in UTC, and with a time of day. What
/// cannot be read stays, and the page says that.
fn in_field(text: &str) -> String {
    if let Ok(moment) = text.parse::<Timestamp>() {
        let moment = moment.round(Unit::Millisecond).unwrap_or(moment);
        return moment.to_string().trim_end_matches('Z').to_owned();
    }
    match text.parse::<Date>() {
        Ok(date) if !text.contains(['T', ' ']) => format!("{date}T00:00"),
        _ => text.to_owned(),
    }
}

fn field(
    label: &'static str,
    name: &'static str,
    kind: &'static str,
    value: String,
) -> impl IntoView + use<> {
    view! {
        <label class="log-field">
            <span>{label}</span>
            <input type=kind name=name value=value autocomplete="off" spellcheck="false" />
        </label>
    }
}

fn outcomes(chosen: &str) -> impl IntoView + use<> {
    let words = Decision::ALL.map(|decision| (decision.id(), decision.title()));
    let options = words
        .into_iter()
        .chain([("failed", "Failed"), ("unknown", UNKNOWN)])
        .map(|(id, words)| {
            let selected = id == chosen;
            view! {
                <option value=id selected=selected>
                    {words}
                </option>
            }
        })
        .collect_view();
    view! {
        <label class="log-field">
            <span>"Outcome"</span>
            <select name="outcome">
                <option value="">"Any"</option>
                {options}
            </select>
        </label>
    }
}

/// Links to files with all records that fit, not only those of the page.
#[component]
pub fn Export(
    /// What is asked for now.
    asked: Address,
) -> impl IntoView {
    let link = |format: &'static str, words: &'static str| {
        view! {
            <a class="button" href=asked.export(format) rel="external" download="">
                {words}
            </a>
        }
    };
    view! {
        <p class="log-export" role="group" aria-label="Download all records that fit">
            {link("jsonl", "JSON lines")}
            {link("csv", "CSV")}
            {link("ocsf", "OCSF")}
        </p>
    }
}

#[cfg(test)]
mod tests {
    use super::in_field;

    #[test]
    fn a_time_is_shown_in_utc_however_it_was_asked_for() {
        for (asked, shown) in [
            ("2026-11-24T09:30:00+01:00", "2026-11-24T08:30:00"),
            ("2026-11-24T00:15:00.5+05:45", "2026-11-23T18:30:00.5"),
            ("2026-11-24T09:30:00Z", "2026-11-24T09:30:00"),
            ("2026-11-24T09:30", "2026-11-24T09:30"),
            ("2026-11-24", "2026-11-24T00:00"),
            ("yesterday", "yesterday"),
            ("", ""),
        ] {
            assert_eq!(in_field(asked), shown, "{asked}");
        }
    }
}
