//! Somebody in the list, with what can be done about their account.

use super::form::{ChangeForm, roles};
use crate::api::users::ChangeUser;
use crate::components::badge::{Badge, Tone};
use crate::components::date::Moment;
use crate::components::icon::Glyph;
use crate::model::role::Role;
use crate::model::user::{UserChange, UserState, UserView};
use leptos::prelude::*;

/// The row.
pub(super) fn row(user: UserView, change: ServerAction<ChangeUser>) -> impl IntoView + use<> {
    let last = match user.signed_in_at.clone() {
        Some(moment) => view! { <Moment rfc3339=moment /> }.into_any(),
        None => "Never".into_any(),
    };
    let role = if stays(&user) { user.role.title().into_any() } else { role_form(&user, change).into_any() };
    view! {
        <tr>
            <th scope="row">{user.name.clone()}</th>
            <td>{user.email.clone()}</td>
            <td>{role}</td>
            <td>{artists(&user)}</td>
            <td>{state(user.state)}</td>
            <td class="row-date">{last}</td>
            <td>{actions(user, change)}</td>
        </tr>
    }
}

/// Whether role and state are not changed here: admins do not lock themselves out, and the accounts of the
/// sample label are as the page of sign-in offers them.
fn stays(user: &UserView) -> bool {
    user.is_viewer || user.demo
}

fn state(state: UserState) -> impl IntoView {
    let (tone, glyph, word) = match state {
        UserState::Active => (Tone::Good, Glyph::Check, "Active"),
        UserState::Invited => (Tone::Signal, Glyph::Information, "Invited"),
        UserState::Disabled => (Tone::Quiet, Glyph::Withdrawn, "Disabled"),
    };
    view! { <Badge tone=tone glyph=glyph word=word /> }
}

/// How many artists are their own, and the way to choose them. Only artists and managers see no others.
fn artists(user: &UserView) -> impl IntoView + use<> {
    let count = match user.artists {
        0 => "None".to_owned(),
        count => count.to_string(),
    };
    if !matches!(user.role, Role::Artist | Role::Manager) {
        return if user.artists == 0 { "All".into_any() } else { format!("All ({count} noted)").into_any() };
    }
    if user.demo {
        return count.into_any();
    }
    let label = format!("Choose the artists of {}", user.name);
    let address = super::artists::address(&user.id);
    view! {
        <div class="people-actions">
            <span>{count}</span>
            <a class="button" href=address rel="external" aria-label=label>
                "Choose"
            </a>
        </div>
    }
    .into_any()
}

fn role_form(user: &UserView, change: ServerAction<ChangeUser>) -> impl IntoView + use<> {
    let (id, name, role) = (user.id.clone(), user.name.clone(), user.role);
    view! {
        <ChangeForm does=UserChange::Role user=id class="people-role" change=change>
            <select name="role" aria-label=format!("Role of {name}")>
                {roles(role)}
            </select>
            <button type="submit" class="button" aria-label=format!("Change the role of {name}")>
                "Change"
            </button>
        </ChangeForm>
    }
}

fn actions(user: UserView, change: ServerAction<ChangeUser>) -> impl IntoView {
    let UserView { id, name, state, .. } = &user;
    let button = |does: UserChange, word: &'static str, label: String| {
        view! {
            <ChangeForm does=does user=id.clone() change=change>
                <button type="submit" class="button" aria-label=label>
                    {word}
                </button>
            </ChangeForm>
        }
    };
    if user.is_viewer {
        return view! { <a href=crate::pages::account::PATH>"Your account"</a> }.into_any();
    }
    let has_sessions = *state == UserState::Active;
    let see = has_sessions.then(|| {
        let (address, label) = (super::sessions::address(id), format!("Sessions of {name}"));
        view! {
            <a class="button" href=address rel="external" aria-label=label>
                "Sessions"
            </a>
        }
    });
    let end = (*state != UserState::Invited)
        .then(|| button(UserChange::EndSessions, "End sessions", format!("End sessions of {name}")));
    if user.demo {
        return view! { <div class="people-actions">{see} {end} <span class="muted">"Of the sample label"</span></div> }
            .into_any();
    }
    let link = (*state != UserState::Disabled)
        .then(|| button(UserChange::Link, "New link", format!("New link for {name}")));
    let allow = if *state == UserState::Disabled {
        button(UserChange::Enable, "Enable", format!("Enable {name}"))
    } else {
        button(UserChange::Disable, "Disable", format!("Disable {name}"))
    };
    view! { <div class="people-actions">{link} {see} {end} {allow}</div> }.into_any()
}
