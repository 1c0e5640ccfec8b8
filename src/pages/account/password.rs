//! Another password.

use super::PATH;
use crate::model::own_account::OwnChange;
use leptos::prelude::*;

/// The form; a plain one, as the answer brings another session.
#[component]
pub fn Password(
    /// The e-mail address, for whatever keeps passwords in the browser.
    email: String,
    /// Whether there is a password.
    has_password: bool,
) -> impl IntoView {
    let form = if has_password {
        view! { <PasswordForm email=email /> }.into_any()
    } else {
        view! { <p>"This account has no password: you sign in another way."</p> }.into_any()
    };
    view! {
        <section class="panel" aria-labelledby="account-password">
            <h2 id="account-password">"Password"</h2>
            {form}
        </section>
    }
}

#[component]
fn PasswordForm(email: String) -> impl IntoView {
    view! {
        <form method="post" action=PATH class="people-form">
            <input type="hidden" name="change" value=OwnChange::Password.id() />
            <input type="hidden" name="username" autocomplete="username" value=email />
            <div class="field">
                <label for="old-password">"The password that you have now"</label>
                <input
                    id="old-password"
                    type="password"
                    name="old"
                    autocomplete="current-password"
                    maxlength="128"
                    required
                />
            </div>
            <div class="field">
                <label for="new-password">"The new password"</label>
                <input
                    id="new-password"
                    type="password"
                    name="new"
                    autocomplete="new-password"
                    minlength="12"
                    maxlength="128"
                    aria-describedby="new-password-help"
                    required
                />
                <p class="field-help" id="new-password-help">
                    "At least 12 characters, of any kind. Several words are easier to keep in mind. You are signed out everywhere else."
                </p>
            </div>
            <button type="submit" class="button is-primary">
                "Change the password"
            </button>
        </form>
    }
}
