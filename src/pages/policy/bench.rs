//! The test bench: may somebody do something, there, then, from that address?
//!
//! The question is sent by `GET`, so that an answer has an address and needs no JavaScript.

use super::address::PATH;
use crate::components::icon::{Glyph, Icon};
use crate::model::policy::{PermissionView, PolicyAnswer, PolicyQuestion, ROLES};
use crate::model::user::UserView;
use leptos::prelude::*;

const DAYS: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];

/// The form.
#[component]
pub fn Bench(
    /// What is asked now.
    question: Option<PolicyQuestion>,
    /// The operations that can be asked about.
    permissions: Vec<PermissionView>,
    /// The people who can be asked about.
    people: Vec<UserView>,
    /// What is asked where nothing is said.
    unless_said: String,
) -> impl IntoView {
    let question = question.unwrap_or_default();
    let operations = permissions.into_iter().map(|row| row.operation).collect::<Vec<_>>();
    let roles = ROLES.map(str::to_owned).to_vec();
    let days = DAYS.map(str::to_owned).to_vec();
    let bytes = question.bytes.map(|bytes| bytes.to_string()).unwrap_or_default();
    view! {
        <section class="panel" aria-labelledby="policy-bench">
            <h2 id="policy-bench">"May somebody …?"</h2>
            <p>{unless_said}</p>
            <form class="policy-bench" method="get" action=PATH aria-label="Ask the policy">
                {person(people, &question.person)}
                {choice("Role, where nobody is named", "role", None, roles, &question.role)}
                {choice("Operation", "operation", None, operations, &question.operation)}
                {text("Bucket, table or the like", "place", "text", &question.place)}
                {text("File", "file", "text", &question.file)}
                {text("Size in bytes", "bytes", "number", &bytes)}
                {text("From the address", "address", "text", &question.address)}
                {choice("Day", "day", Some("Today"), days, &question.day)}
                {text("Time", "time", "time", &question.time)}
                <label class="policy-check">
                    <input type="checkbox" name="supervisor" value="1" checked=question.by_supervisor />
                    <span>"The supervisor does it for them"</span>
                </label>
                <button type="submit" class="button is-primary">
                    "Ask"
                </button>
            </form>
        </section>
    }
}

/// Somebody, with their own role and artists.
fn person(people: Vec<UserView>, chosen: &str) -> impl IntoView + use<> {
    let chosen = chosen.to_owned();
    let option = move |person: UserView| {
        let selected = person.id == chosen || person.email == chosen;
        let words = format!("{} ({})", person.name, person.role.title());
        view! {
            <option value=person.id selected=selected>
                {words}
            </option>
        }
    };
    view! {
        <label class="log-field">
            <span>"Who"</span>
            <select name="person">
                <option value="">"Somebody of a role"</option>
                {people.into_iter().map(option).collect_view()}
            </select>
        </label>
    }
}

fn choice(
    label: &'static str,
    name: &'static str,
    none: Option<&'static str>,
    values: Vec<String>,
    chosen: &str,
) -> impl IntoView + use<> {
    let chosen = chosen.to_owned();
    let options = values
        .into_iter()
        .map(|value| {
            let selected = value == chosen;
            view! {
                <option value=value.clone() selected=selected>
                    {value.clone()}
                </option>
            }
        })
        .collect_view();
    view! {
        <label class="log-field">
            <span>{label}</span>
            <select name=name>{none.map(|none| view! { <option value="">{none}</option> })} {options}</select>
        </label>
    }
}

fn text(label: &'static str, name: &'static str, kind: &'static str, value: &str) -> impl IntoView + use<> {
    view! {
        <label class="log-field">
            <span>{label}</span>
            <input type=kind name=name value=value.to_owned() autocomplete="off" spellcheck="false" />
        </label>
    }
}

/// The answer.
#[component]
pub fn Verdict(
    /// What was answered.
    answer: PolicyAnswer,
) -> impl IntoView {
    let (glyph, tone, word) = if answer.allowed {
        (Glyph::Check, "notice tone-good", "Yes")
    } else {
        (Glyph::Lock, "notice tone-bad", "No")
    };
    let policies = (!answer.policies.is_empty())
        .then(|| view! { <p>"Decided by " <code>{answer.policies.join(", ")}</code> "."</p> });
    let would_deny = (!answer.would_deny.is_empty()).then(|| {
        view! { <p>"Would be denied by " <code>{answer.would_deny.join(", ")}</code> ", which is only to say so."</p> }
    });
    view! {
        <div class=tone role="status">
            <p>
                <Icon glyph=glyph />
                <strong>{word}</strong>
                {format!(": {}.", answer.reason)}
            </p>
            {policies}
            {would_deny}
        </div>
    }
}
