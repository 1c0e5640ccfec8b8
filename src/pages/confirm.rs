//! The page `/confirm`: somebody who has signed in shows once more who they are, before a change that gives
//! rights, takes them away, or cannot be taken back. A plain form, which works without JavaScript.

use super::query_string;
use super::sign_in::Refusal;
use crate::api::error::AppError;
use crate::api::own_account::find_ways_to_confirm;
use crate::components::confirm::{BEFORE, NEXT, PAGE, address};
use crate::components::page_heading::PageHeading;
use crate::components::state::{ErrorState, answer_with_status};
use crate::model::confirmation::{WaysToConfirm, asked_before};
use leptos::prelude::*;
use leptos_router::hooks::use_location;
use serde::{Deserialize, Serialize};

/// The field of the address that says why the provider has not confirmed who somebody is.
pub const FAILED: &str = "failed";

/// Given by the web layer as context when somebody has not shown who they are.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct FailedConfirmation(pub AppError);

/// Why the provider has not confirmed who somebody is, as the address of the page tells it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NotConfirmed {
    /// The provider did not let them in, or they went back.
    Refused,
    /// It says that they are somebody else, or not that they have signed in anew.
    NotShown,
    /// It cannot be asked, or something else went wrong.
    Failed,
}

impl NotConfirmed {
    /// The word in the address.
    pub fn id(self) -> &'static str {
        match self {
            Self::Refused => "refused",
            Self::NotShown => "notShown",
            Self::Failed => "failed",
        }
    }

    fn from_id(id: &str) -> Option<Self> {
        [Self::Refused, Self::NotShown, Self::Failed].into_iter().find(|why| why.id() == id)
    }

    fn in_words(self) -> &'static str {
        match self {
            Self::Refused => {
                "The provider did not let you in, or you went back. Nothing was changed. Begin again."
            }
            Self::NotShown => {
                "The provider did not say that you, and nobody else, have just signed in there. Nothing was changed. Begin again; if that does not help, sign out here and sign in again."
            }
            Self::Failed => {
                "The provider could not be asked, or the way there took too long. Nothing was changed. Begin again in a minute."
            }
        }
    }
}

/// What the page is opened with.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Opening {
    failed: Option<AppError>,
    ways: WaysToConfirm,
}

async fn open(failed: Option<AppError>) -> Result<Opening, AppError> {
    let ways = find_ways_to_confirm().await?;
    if let Some(error) = &failed {
        answer_with_status(error);
    }
    Ok(Opening { failed, ways })
}

/// The page `/confirm`.
#[component]
pub fn ConfirmPage() -> impl IntoView {
    let failed = use_context::<FailedConfirmation>().map(|FailedConfirmation(error)| error);
    let opening = Resource::new(|| (), move |()| open(failed.clone()));
    let search = use_location().search;
    view! {
        <PageHeading title="Confirm that it is you" />
        <Suspense>
            {move || Suspend::new(async move {
                match opening.await {
                    Ok(Opening { failed, ways }) => {
                        let told = search.with_untracked(|search| Told::read(search));
                        view! { <Asked failed=failed ways=ways told=told /> }.into_any()
                    }
                    Err(error) => view! { <ErrorState error=error /> }.into_any(),
                }
            })}
        </Suspense>
    }
}

/// What the address tells.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct Told {
    operation: String,
    next: String,
    not_confirmed: Option<NotConfirmed>,
}

impl Told {
    fn read(search: &str) -> Self {
        let mut told = Self::default();
        for (name, text) in query_string::fields(search) {
            match name {
                BEFORE => told.operation = text,
                NEXT => told.next = text,
                FAILED => told.not_confirmed = NotConfirmed::from_id(&text),
                _ => {}
            }
        }
        told
    }
}

#[component]
fn Asked(failed: Option<AppError>, ways: WaysToConfirm, told: Told) -> impl IntoView {
    let Told { operation, next, not_confirmed } = told;
    let about = asked_before(&operation).map_or_else(
        || "Before some changes Patchline asks once more who you are.".to_owned(),
        |change| {
            format!("You were about to {}. Before that, Patchline asks once more who you are.", change.words)
        },
    );
    let WaysToConfirm { email, password, provider, shared } = ways;
    let no_way = !password && !shared && provider.is_none();
    // What was not confirmed at the provider is told once.
    let not_confirmed = not_confirmed.filter(|_| failed.is_none());
    let form = address(PAGE, &operation, &next);
    let way_there = address("/confirm/openid", &operation, &next);
    view! {
        {failed.map(|error| view! { <Refusal error=error /> })}
        {not_confirmed
            .map(|why| {
                view! {
                    <div class="notice tone-bad" role="alert">
                        <p>{why.in_words()}</p>
                    </div>
                }
            })}
        <section class="panel" aria-labelledby="confirm-why">
            <h2 id="confirm-why">"Who is at this browser?"</h2>
            <p>{about}</p>
            <p>
                "Nothing has been changed yet. Afterwards you come back to where you were; fill in there what you had typed, and press the button again."
            </p>
            {provider.map(|name| view! { <ProviderLink name=name address=way_there /> })}
            {password.then(|| view! { <PasswordForm email=email form=form.clone() /> })}
            {shared.then(|| view! { <SharedForm form=form /> })}
            {no_way.then(|| view! { <p>"Sign out, then sign in again the way you came."</p> })}
        </section>
    }
}

#[component]
fn PasswordForm(email: String, form: String) -> impl IntoView {
    view! {
        <form method="post" action=form class="people-form">
            <input type="hidden" name="username" autocomplete="username" value=email />
            <div class="field">
                <label for="confirm-password">"Your password"</label>
                <input
                    id="confirm-password"
                    type="password"
                    name="password"
                    autocomplete="current-password"
                    maxlength="128"
                    required
                />
            </div>
            <button type="submit" class="button is-primary">
                "Confirm"
            </button>
        </form>
    }
}

/// The way to the provider. A link, as its answer leads to another site: a form must not.
#[component]
fn ProviderLink(name: String, address: String) -> impl IntoView {
    view! {
        <p class="other-way-in">
            <a class="button" href=address rel="external">
                {format!("Confirm with {name}")}
            </a>
        </p>
        <p class="muted">{format!("{name} asks you to sign in there once more.")}</p>
    }
}

/// Accounts of the demo have no password.
#[component]
fn SharedForm(form: String) -> impl IntoView {
    view! {
        <form method="post" action=form class="people-form">
            <p>"This is an account of the sample label, which has no password."</p>
            <button type="submit" name="demo" value="yes" class="button is-primary">
                "It is me"
            </button>
        </form>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_address_tells_what_was_about_to_happen_and_where() {
        let told = Told::read("?for=change_limits&next=%2Fadmin%2Fsettings%3Ffrom%3D2&failed=notShown");
        assert_eq!(
            (told.operation.as_str(), told.next.as_str()),
            ("change_limits", "/admin/settings?from=2")
        );
        assert_eq!(told.not_confirmed, Some(NotConfirmed::NotShown));
        assert_eq!(Told::read("?failed=%3Cb%3E").not_confirmed, None, "no word of others is shown");
    }
}
