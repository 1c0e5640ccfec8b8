//! A form that does something with an account: sent by the script where there is one.

use super::PATH;
use crate::api::users::ChangeUser;
use crate::model::role::Role;
use crate::model::user::UserChange;
use leptos::ev::SubmitEvent;
use leptos::form::FromFormData;
use leptos::prelude::*;

/// The form, around its fields and its button.
#[component]
pub fn ChangeForm(
    /// What it does.
    does: UserChange,
    /// To whom; empty for somebody who is invited.
    #[prop(optional, into)]
    user: String,
    /// How it is laid out.
    #[prop(optional)]
    class: &'static str,
    /// Does it.
    change: ServerAction<ChangeUser>,
    /// Fields and button.
    children: Children,
) -> impl IntoView {
    let send = move |event: SubmitEvent| {
        // What the script cannot read is sent as the plain form that it is.
        if let Ok(typed) = ChangeUser::from_event(&event) {
            event.prevent_default();
            change.dispatch(typed);
        }
    };
    view! {
        <form method="post" action=PATH class=class on:submit=send>
            <input type="hidden" name="change" value=does.id() />
            <input type="hidden" name="user" value=user />
            {children()}
        </form>
    }
}

/// The roles to choose from.
pub(super) fn roles(chosen: Role) -> impl IntoView + use<> {
    let option = move |role: Role| {
        let selected = role == chosen;
        view! {
            <option value=role.id() selected=selected>
                {role.title()}
            </option>
        }
    };
    Role::ALL.into_iter().map(option).collect_view()
}
