//! Inviting somebody.

use super::form::{ChangeForm, roles};
use crate::api::users::ChangeUser;
use crate::model::role::Role;
use crate::model::user::{UserChange, UserForm};
use leptos::prelude::*;

/// The form.
#[component]
pub fn Invite(
    /// What was typed before and could not be taken.
    typed: Option<UserForm>,
    /// Does it.
    change: ServerAction<ChangeUser>,
) -> impl IntoView {
    let (name, email, role) = typed.map(|typed| (typed.name, typed.email, typed.role)).unwrap_or_default();
    view! {
        <section class="panel" aria-labelledby="users-invite">
            <h2 id="users-invite">"Invite somebody"</h2>
            <p>
                "They get a link from you, by which they choose a password. It works once, within a day. Patchline sends no mail."
            </p>
            <ChangeForm does=UserChange::Invite class="people-form" change=change>
                <div class="field">
                    <label for="invite-name">"Name"</label>
                    <input
                        id="invite-name"
                        type="text"
                        name="name"
                        value=name
                        autocomplete="off"
                        maxlength="100"
                        required
                    />
                </div>
                <div class="field">
                    <label for="invite-email">"E-mail address"</label>
                    <input
                        id="invite-email"
                        type="email"
                        name="email"
                        value=email
                        autocomplete="off"
                        maxlength="254"
                        required
                    />
                </div>
                <div class="field">
                    <label for="invite-role">"Role"</label>
                    <select id="invite-role" name="role" aria-describedby="invite-roles">
                        {roles(role.unwrap_or(Role::Artist))}
                    </select>
                    <p class="field-help" id="invite-roles">
                        {purposes()}
                    </p>
                </div>
                <button type="submit" class="button is-primary">
                    "Invite"
                </button>
            </ChangeForm>
        </section>
    }
}

/// What each role is for, in one line.
fn purposes() -> String {
    let purposes = Role::ALL.map(|role| format!("{}: {}", role.title(), role.purpose()));
    format!("{}.", purposes.join("; "))
}
