//! The form for a new key.

use super::OWN;
use crate::model::field::FieldError;
use crate::model::key::{KeyRequest, MOST_DAYS, USUAL_DAYS};
use crate::model::role::Role;
use leptos::prelude::*;

/// The form.
#[component]
pub fn KeyForm(
    /// What was typed before, where it was refused.
    typed: KeyRequest,
    /// What was wrong with it.
    wrong: Vec<FieldError>,
    /// The servers that have tools.
    servers: Vec<String>,
) -> impl IntoView {
    let is_wrong = |field: &str| wrong.iter().any(|wrong| wrong.field == field).then_some("true");
    let KeyRequest { name, scope, servers: chosen, role, days, addresses } = typed;
    let scope = if scope.is_empty() { "read".to_owned() } else { scope };
    let days = if days.is_empty() { USUAL_DAYS.to_string() } else { days };
    let server = |server: String| {
        let checked = chosen.contains(&server);
        view! {
            <label class="keys-choice">
                <input type="checkbox" name="servers" value=server.clone() checked=checked />
                <span>{server}</span>
            </label>
        }
    };
    let servers = servers.into_iter().map(server).collect_view();
    let roles = Role::ALL.into_iter().map(|one| {
        let selected = one.id() == role;
        view! {
            <option value=one.id() selected=selected>
                {one.title()}
            </option>
        }
    });
    let roles = roles.collect_view();
    view! {
        <section class="panel" aria-labelledby="keys-new">
            <h2 id="keys-new">"A new key"</h2>
            <form class="keys-form" method="post" action=OWN aria-label="Make a key">
                <input type="hidden" name="change" value="create" />
                <div class="field">
                    <label for="key-name">"Name"</label>
                    <input
                        id="key-name"
                        type="text"
                        name="name"
                        value=name
                        maxlength="60"
                        autocomplete="off"
                        aria-describedby="key-name-help"
                        aria-invalid=is_wrong("name")
                        required
                    />
                    <p class="field-help" id="key-name-help">
                        "What uses it, so that you know later which one to revoke: “Nightly report”."
                    </p>
                </div>
                <fieldset class="field-group">
                    <legend>"What it is for"</legend>
                    {choice("read", "Tools that only read", &scope)}
                    {choice("all", "All tools", &scope)}
                    {choice("servers", "The tools of these servers:", &scope)}
                    <div class="keys-servers">{servers}</div>
                </fieldset>
                <div class="field">
                    <label for="key-role">"At most as"</label>
                    <select id="key-role" name="role" aria-invalid=is_wrong("role")>
                        <option value="">"What I am now"</option>
                        {roles}
                    </select>
                    <p class="field-help">"It never has more than this role has, nor more than you have then."</p>
                </div>
                <div class="field">
                    <label for="key-days">"Works for so many days"</label>
                    <input
                        id="key-days"
                        type="number"
                        name="days"
                        value=days
                        min="1"
                        max=MOST_DAYS.to_string()
                        aria-invalid=is_wrong("days")
                    />
                </div>
                <div class="field">
                    <label for="key-addresses">"From these addresses only"</label>
                    <input
                        id="key-addresses"
                        type="text"
                        name="addresses"
                        value=addresses
                        autocomplete="off"
                        spellcheck="false"
                        aria-describedby="key-addresses-help"
                        aria-invalid=is_wrong("addresses")
                    />
                    <p class="field-help" id="key-addresses-help">
                        "Addresses or networks such as 10.0.0.0/8, separated by commas. Empty: from everywhere."
                    </p>
                </div>
                <button type="submit" class="button is-primary">
                    "Make the key"
                </button>
            </form>
        </section>
    }
}

fn choice(value: &'static str, words: &'static str, chosen: &str) -> impl IntoView + use<> {
    let checked = value == chosen;
    view! {
        <label class="keys-choice">
            <input type="radio" name="scope" value=value checked=checked />
            <span>{words}</span>
        </label>
    }
}
