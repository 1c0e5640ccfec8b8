//! The page `/welcome?link=…`: the first admin, or somebody new, chooses a password.

use super::query_string;
use super::sign_in::{FailedSignIn, Refusal};
use crate::components::page_heading::PageHeading;
use crate::model::account::FIRST_ADMIN_LINK;
use leptos::prelude::*;
use leptos_router::hooks::use_location;

/// The page `/welcome`.
#[component]
pub fn WelcomePage() -> impl IntoView {
    let failed = FailedSignIn::of_request();
    let opening = Resource::new(|| (), move |()| std::future::ready(failed.clone()));
    let search = use_location().search;
    view! {
        <div class="outside">
            <PageHeading title="Welcome to Patchline" />
            <Suspense>
                {move || Suspend::new(async move {
                    let failed = opening.await;
                    let link = search.with_untracked(|search| link_of(search));
                    view! { <ChoosePassword failed=failed link=link /> }
                })}
            </Suspense>
        </div>
    }
}

fn link_of(search: &str) -> String {
    query_string::fields(search).find(|(name, _)| *name == "link").map(|(_, link)| link).unwrap_or_default()
}

#[component]
fn ChoosePassword(failed: Option<FailedSignIn>, link: String) -> impl IntoView {
    let first_admin = link.starts_with(FIRST_ADMIN_LINK);
    let email = failed.as_ref().map(|failed| failed.email.clone()).unwrap_or_default();
    let words = if first_admin {
        "You make the first admin of this Patchline. The link works once."
    } else {
        "Choose the password with which you sign in from now on. The link works once."
    };
    let address = query_string::address("/welcome", &[("link", link.as_str())]);
    view! {
        {failed.map(|failed| view! { <Refusal error=failed.error /> })}
        <p>{words}</p>
        <form method="post" action=address class="outside-form">
            <input type="hidden" name="link" value=link />
            {first_admin
                .then(|| {
                    view! {
                        <div class="field">
                            <label for="name">"Your name"</label>
                            <input id="name" type="text" name="name" autocomplete="name" maxlength="100" required />
                        </div>
                        <div class="field">
                            <label for="email">"E-mail address"</label>
                            <input
                                id="email"
                                type="email"
                                name="email"
                                value=email
                                autocomplete="username"
                                maxlength="254"
                                required
                            />
                        </div>
                    }
                })}
            <div class="field">
                <label for="password">"Password"</label>
                <input
                    id="password"
                    type="password"
                    name="password"
                    autocomplete="new-password"
                    minlength="12"
                    maxlength="128"
                    aria-describedby="password-help"
                    required
                />
                <p class="field-help" id="password-help">
                    "At least 12 characters, of any kind. Several words are easier to keep in mind."
                </p>
            </div>
            <button type="submit" class="button is-primary">
                {if first_admin { "Make the admin" } else { "Keep the password" }}
            </button>
        </form>
    }
}
