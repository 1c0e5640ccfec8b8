//! The page `/sign-in`: a plain form, and in the demo a button for each role.

use super::query_string;
use crate::api::account::find_ways_in;
use crate::api::error::AppError;
use crate::components::page_heading::PageHeading;
use crate::components::state::{ErrorState, answer_with_status};
use crate::model::account::WaysIn;
use crate::model::role::Role;
use leptos::prelude::*;
use leptos_router::hooks::use_location;
use serde::{Deserialize, Serialize};

/// Given by the web layer as context when somebody was not let in.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct FailedSignIn {
    /// Why not.
    pub error: AppError,
    /// The e-mail address that they typed.
    pub email: String,
}

impl FailedSignIn {
    /// What the request that is being answered came to; the answer gets its status.
    pub(super) fn of_request() -> Option<Self> {
        let failed = use_context::<Self>();
        if let Some(failed) = &failed {
            answer_with_status(&failed.error);
        }
        failed
    }
}

/// What the page is opened with.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Opening {
    failed: Option<FailedSignIn>,
    ways: WaysIn,
}

async fn open(failed: Option<FailedSignIn>) -> Result<Opening, AppError> {
    Ok(Opening { failed, ways: find_ways_in().await? })
}

/// The page `/sign-in`.
#[component]
pub fn SignInPage() -> impl IntoView {
    let failed = FailedSignIn::of_request();
    let opening = Resource::new(|| (), move |()| open(failed.clone()));
    let search = use_location().search;
    view! {
        <div class="outside">
            <PageHeading title="Sign in" />
            <Suspense>
                {move || Suspend::new(async move {
                    match opening.await {
                        Ok(Opening { failed, ways }) => {
                            let next = search.with_untracked(|search| next_of(search));
                            view! { <SignIn failed=failed ways=ways next=next /> }.into_any()
                        }
                        Err(error) => view! { <ErrorState error=error /> }.into_any(),
                    }
                })}
            </Suspense>
        </div>
    }
}

/// The page to go on to, as the address tells.
fn next_of(search: &str) -> String {
    query_string::fields(search).find(|(name, _)| *name == "next").map(|(_, next)| next).unwrap_or_default()
}

#[component]
fn SignIn(failed: Option<FailedSignIn>, ways: WaysIn, next: String) -> impl IntoView {
    let WaysIn { demo, provider } = ways;
    let email = failed.as_ref().map(|failed| failed.email.clone()).unwrap_or_default();
    view! {
        {failed.map(|failed| view! { <Refusal error=failed.error /> })}
        {provider.map(|name| view! { <ProviderLink name=name next=next.clone() /> })}
        <form method="post" action="/sign-in" class="outside-form">
            <input type="hidden" name="next" value=next.clone() />
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
            <div class="field">
                <label for="password">"Password"</label>
                <input
                    id="password"
                    type="password"
                    name="password"
                    autocomplete="current-password"
                    maxlength="128"
                    required
                />
            </div>
            <button type="submit" class="button is-primary">
                "Sign in"
            </button>
        </form>
        {(!demo.is_empty()).then(|| view! { <DemoAccounts roles=demo next=next /> })}
    }
}

/// The way to the provider at which people sign in. A link, as its answer leads to another site: a form must
/// not.
#[component]
fn ProviderLink(name: String, next: String) -> impl IntoView {
    let address = query_string::address("/sign-in/openid", &[("next", next.as_str())]);
    view! {
        <p class="other-way-in">
            <a class="button" href=address rel="external">
                {format!("Sign in with {name}")}
            </a>
        </p>
        <p class="muted">"Or with a password of this Patchline:"</p>
    }
}

/// One click for each role of the sample label.
#[component]
fn DemoAccounts(roles: Vec<Role>, next: String) -> impl IntoView {
    let buttons = roles.into_iter().map(|role| {
        view! {
            <li>
                <button type="submit" name="demo" value=role.id() class="button">
                    {format!("Look around as {}", role.title())}
                </button>
                <span class="muted">{role.purpose()}</span>
            </li>
        }
    });
    view! {
        <section aria-labelledby="demo-heading" class="demo-accounts">
            <h2 id="demo-heading">"The sample label"</h2>
            <p>"This Patchline shows an invented label. Choose whom to be; no password is needed."</p>
            <form method="post" action="/sign-in">
                <input type="hidden" name="next" value=next />
                <ul>{buttons.collect_view()}</ul>
            </form>
        </section>
    }
}

/// Why somebody was not let in, above the form.
#[component]
pub fn Refusal(
    /// Why not.
    error: AppError,
) -> impl IntoView {
    view! {
        <div class="notice tone-bad" role="alert">
            <p>
                <strong>{error.message}</strong>
                " "
                {error.remedy}
            </p>
            {error.request_id.map(|id| view! { <p class="muted">"Request " <code>{id}</code></p> })}
        </div>
    }
}

#[cfg(test)]
mod tests {
    use super::next_of;

    #[test]
    fn the_way_back_is_read_as_it_was_written() {
        assert_eq!(next_of("?next=/artists%3Fsearch%3Da%2Bb"), "/artists?search=a+b");
        assert_eq!(next_of(""), "");
    }
}
