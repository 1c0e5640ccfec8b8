//! The page of one's own account: who one is, where one is signed in, another password, which programs act for
//! one, what was done in one's name.
//!
//! All of its forms are sent to the page's own address, so they work without JavaScript.

pub mod activity;
pub mod limits;
pub mod password;
pub mod programs;
pub mod sessions;

use super::query_string;
use crate::api::error::AppError;
use crate::api::own_account::{EndOwnSession, own_activity, own_programs, view_account};
use crate::api::settings::view_own_limits;
use crate::components::browser;
use crate::components::page_heading::PageHeading;
use crate::components::state::{ErrorState, Skeleton, answer_with_status};
use crate::model::own_account::{OwnAccount, OwnChange};
use activity::{Activity, by_of};
use leptos::prelude::*;
use leptos_router::hooks::use_location;
use limits::Limits;
use password::Password;
use programs::Programs;
use serde::{Deserialize, Serialize};
use sessions::Sessions;

/// The page's own path.
pub const PATH: &str = "/account";

/// The id of the element that says what was done.
const DONE: &str = "account-done";

/// Given by the web layer as context when a form came to nothing.
#[derive(Debug, Clone, PartialEq)]
pub struct FailedOwnChange(pub AppError);

/// What the page is opened with.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Opening {
    account: OwnAccount,
    failed: Option<AppError>,
}

async fn open(failed: Option<FailedOwnChange>) -> Result<Opening, AppError> {
    let failed = failed.map(|FailedOwnChange(error)| error);
    if let Some(error) = &failed {
        answer_with_status(error);
    }
    Ok(Opening { account: view_account().await?, failed })
}

/// The page `/account`.
#[component]
pub fn AccountPage() -> impl IntoView {
    let failed = use_context::<FailedOwnChange>();
    let end = ServerAction::<EndOwnSession>::new();
    let ended = RwSignal::new(0_u32);
    let opening = Resource::new(move || ended.get(), move |_| open(failed.clone()));
    let search = use_location().search;
    let by = Memo::new(move |_| search.with(|search| by_of(search)));
    let activity = Resource::new(
        move || (ended.get(), by.get()),
        |(_, by)| async move { own_activity(by).await.map(|done| (done, by)) },
    );
    let left = Resource::new(|| (), |()| view_own_limits());
    let acting = Resource::new(|| (), |()| own_programs());
    let again = Callback::new(move |()| opening.refetch());
    let again_left = Callback::new(move |()| left.refetch());
    let again_acting = Callback::new(move |()| acting.refetch());
    let again_activity = Callback::new(move |()| activity.refetch());
    Effect::new(move |_| {
        if let Some(Ok(())) = end.value().get() {
            ended.update(|count| *count += 1);
            browser::focus_soon(DONE);
        }
    });
    let notice = move || match end.value().get() {
        Some(Ok(())) => view! { <Done change=OwnChange::EndSession /> }.into_any(),
        Some(Err(error)) => view! { <ErrorState error=error /> }.into_any(),
        None => match search.with(|search| done_of(search)) {
            Some(change) => view! { <Done change=change /> }.into_any(),
            None => ().into_any(),
        },
    };
    view! {
        <PageHeading title="Your account" />
        {notice}
        <Transition fallback=|| view! { <Skeleton what="your account" lines=12 /> }>
            {move || Suspend::new(async move {
                match opening.await {
                    Ok(Opening { account, failed }) => {
                        view! { <Shown account=account failed=failed end=end /> }.into_any()
                    }
                    Err(error) => view! { <ErrorState error=error retry=again /> }.into_any(),
                }
            })}
        </Transition>
        <Transition fallback=|| view! { <Skeleton what="what is left" lines=4 /> }>
            {move || Suspend::new(async move {
                match left.await {
                    Ok(left) => view! { <Limits left=left /> }.into_any(),
                    Err(error) => view! { <ErrorState error=error retry=again_left /> }.into_any(),
                }
            })}
        </Transition>
        <Transition fallback=|| view! { <Skeleton what="the programs that act for you" lines=4 /> }>
            {move || Suspend::new(async move {
                match acting.await {
                    Ok(acting) => view! { <Programs acting=acting /> }.into_any(),
                    Err(error) => view! { <ErrorState error=error retry=again_acting /> }.into_any(),
                }
            })}
        </Transition>
        <Transition fallback=|| view! { <Skeleton what="what was done in your name" lines=8 /> }>
            {move || Suspend::new(async move {
                match activity.await {
                    Ok((done, by)) => view! { <Activity done=done by=by /> }.into_any(),
                    Err(error) => view! { <ErrorState error=error retry=again_activity /> }.into_any(),
                }
            })}
        </Transition>
    }
}

/// What was done, as the address tells.
fn done_of(search: &str) -> Option<OwnChange> {
    let (_, done) = query_string::fields(search).find(|(name, _)| *name == "done")?;
    OwnChange::from_id(&done)
}

/// Says what was done.
#[component]
fn Done(change: OwnChange) -> impl IntoView {
    view! {
        <p class="notice tone-good" role="status" id=DONE tabindex="-1">
            {change.in_words()}
        </p>
    }
}

#[component]
fn Shown(account: OwnAccount, failed: Option<AppError>, end: ServerAction<EndOwnSession>) -> impl IntoView {
    let OwnAccount { name, email, role, has_password, keys, sessions } = account;
    view! {
        {failed.map(|error| view! { <ErrorState error=error /> })}
        <section class="panel" aria-labelledby="account-who">
            <h2 id="account-who">"You"</h2>
            <dl class="facts-list">
                <div>
                    <dt>"Name"</dt>
                    <dd>{name}</dd>
                </div>
                <div>
                    <dt>"E-mail address"</dt>
                    <dd>{email.clone()}</dd>
                </div>
                <div>
                    <dt>"Role"</dt>
                    <dd>{format!("{}: {}", role.title(), role.purpose())}</dd>
                </div>
            </dl>
            <p>
                "Programs and AI assistants call in your name with "
                <a href="/keys">"keys of your own"</a>
                {keys_in_words(keys)}
            </p>
        </section>
        <Sessions sessions=sessions end=end />
        <Password email=email has_password=has_password />
    }
}

/// How many keys work, as the end of a sentence about them.
fn keys_in_words(keys: u32) -> String {
    match keys {
        0 => ".".to_owned(),
        1 => ". One works, and goes on working when you change your password.".to_owned(),
        many => format!(". {many} work, and go on working when you change your password."),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_address_tells_what_was_done() {
        assert_eq!(done_of("?done=password"), Some(OwnChange::Password));
        assert_eq!(done_of("?done=everything"), None);
        assert_eq!(done_of(""), None);
    }
}
