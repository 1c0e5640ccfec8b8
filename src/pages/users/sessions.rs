//! Where somebody is signed in, and ending one of their sessions.

use super::PATH;
use super::form::ChangeForm;
use crate::api::users::ChangeUser;
use crate::components::badge::{Badge, Tone};
use crate::components::date::Moment;
use crate::components::icon::Glyph;
use crate::components::table::{ScrollingTable, words};
use crate::model::own_account::OwnSession;
use crate::model::user::UserChange;
use crate::model::user_sessions::UserSessions;
use crate::pages::query_string;
use leptos::prelude::*;

/// The address at which somebody's sessions are seen.
pub(super) fn address(user: &str) -> String {
    format!("{}#user-sessions", query_string::address(PATH, &[("sessions", user)]))
}

/// Whose sessions are seen, as the address says.
pub(super) fn read(search: &str) -> Option<String> {
    let mut fields = query_string::fields(search);
    fields.find(|(known, _)| *known == "sessions").map(|(_, user)| user).filter(|user| !user.is_empty())
}

/// The sessions, each with a button that ends it.
#[component]
pub fn SessionsOfUser(
    /// Whose, and which.
    sessions: UserSessions,
    /// Ends one of them.
    change: ServerAction<ChangeUser>,
) -> impl IntoView {
    let UserSessions { user, name, sessions } = sessions;
    let title = format!("Where {name} is signed in");
    let label = format!("Table of the sessions of {name}");
    let none = sessions.is_empty().then(|| view! { <p class="muted">"Nowhere at the moment."</p> });
    let columns = ["With", "From the address", "Since", "Last used", "End it"].map(words).to_vec();
    let rows = sessions.into_iter().map(|session| row(session, &user, &name, change)).collect_view();
    view! {
        <section class="panel is-flush" id="user-sessions" aria-labelledby="user-sessions-title">
            <h2 id="user-sessions-title">{title}</h2>
            <ScrollingTable label=label columns=columns>
                {rows}
            </ScrollingTable>
            {none}
            <p class="people-end">
                <a class="button" href=PATH rel="external">
                    "Close"
                </a>
                <span class="muted">"Keys go on: those are revoked at Keys."</span>
            </p>
        </section>
    }
}

fn row(
    session: OwnSession,
    user: &str,
    name: &str,
    change: ServerAction<ChangeUser>,
) -> impl IntoView + use<> {
    let OwnSession { id, device, address, signed_in_at, seen_at, is_this } = session;
    let last = if is_this {
        view! { <Badge tone=Tone::Good glyph=Glyph::Check word="This one" /> }.into_any()
    } else {
        let label = format!("End the session of {name} with {device}");
        view! {
            <ChangeForm does=UserChange::EndSession user=user.to_owned() change=change>
                <input type="hidden" name="session" value=id />
                <button type="submit" class="button" aria-label=label>
                    "End"
                </button>
            </ChangeForm>
        }
        .into_any()
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_address_says_whose_sessions_are_seen() {
        assert_eq!(address("usr_1"), "/admin/users?sessions=usr_1#user-sessions");
        assert_eq!(read("?done=endSession&user=usr_1&sessions=usr_1").as_deref(), Some("usr_1"));
        assert_eq!(read("?sessions="), None);
        assert_eq!(read(""), None);
    }
}
