//! Where one is signed in, and ending that.

use super::PATH;
use crate::api::own_account::EndOwnSession;
use crate::components::badge::{Badge, Tone};
use crate::components::date::Moment;
use crate::components::icon::Glyph;
use crate::components::table::{ScrollingTable, words};
use crate::model::own_account::{OwnChange, OwnSession};
use leptos::ev::SubmitEvent;
use leptos::form::FromFormData;
use leptos::prelude::*;

/// The sessions, each with a button that ends it, and one that ends all.
#[component]
pub fn Sessions(
    /// The sessions.
    sessions: Vec<OwnSession>,
    /// Ends one of them.
    end: ServerAction<EndOwnSession>,
) -> impl IntoView {
    let columns = ["With", "From the address", "Since", "Last used", "End it"].map(words).to_vec();
    let rows = sessions.into_iter().map(|session| row(session, end)).collect_view();
    view! {
        <section class="panel is-flush" aria-labelledby="account-sessions">
            <h2 id="account-sessions">"Where you are signed in"</h2>
            <ScrollingTable label="Table of your sessions" columns=columns>
                {rows}
            </ScrollingTable>
            <form method="post" action=PATH class="people-end">
                <input type="hidden" name="change" value=OwnChange::SignOutEverywhere.id() />
                <button type="submit" class="button">
                    "Sign out everywhere"
                </button>
                <span class="muted">"Ends all of these, this one too."</span>
            </form>
        </section>
    }
}

fn row(session: OwnSession, end: ServerAction<EndOwnSession>) -> impl IntoView + use<> {
    let OwnSession { id, device, address, signed_in_at, seen_at, is_this } = session;
    let last = if is_this {
        view! { <Badge tone=Tone::Good glyph=Glyph::Check word="This one" /> }.into_any()
    } else {
        end_form(id, &device, end).into_any()
    };
    view! {
        <tr>
            <th scope="row">{device}</th>
            <td>{address.unwrap_or_else(|| "Unknown".to_owned())}</td>
            <td>
                <Moment rfc3339=signed_in_at />
            </td>
            <td>
                <Moment rfc3339=seen_at />
            </td>
            <td>{last}</td>
        </tr>
    }
}

fn end_form(id: String, device: &str, end: ServerAction<EndOwnSession>) -> impl IntoView + use<> {
    let send = move |event: SubmitEvent| {
        // What the script cannot read is sent as the plain form that it is.
        if let Ok(typed) = EndOwnSession::from_event(&event) {
            event.prevent_default();
            end.dispatch(typed);
        }
    };
    let label = format!("End the session of {device}");
    view! {
        <form method="post" action=PATH on:submit=send>
            <input type="hidden" name="change" value=OwnChange::EndSession.id() />
            <input type="hidden" name="session" value=id />
            <button type="submit" class="button" aria-label=label>
                "End"
            </button>
        </form>
    }
}
