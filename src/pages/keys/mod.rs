//! The pages of API keys: one's own with the form for another, and for admins those of everybody.
//!
//! Keys are made and revoked by plain forms, which are sent to the page's own address and work without
//! JavaScript.

pub mod form;
pub mod made;
pub mod table;

use crate::api::error::AppError;
use crate::api::keys::{all_keys, list_own_keys};
use crate::components::confirm::ConfirmNotice;
use crate::components::page_heading::PageHeading;
use crate::components::state::{EmptyState, ErrorState, Skeleton, answer_with_status};
use crate::model::key::{KeyRequest, KeyView, MadeKey, OwnKeys};
use form::KeyForm;
use leptos::prelude::*;
use made::NewKeyPanel;
use serde::{Deserialize, Serialize};
use table::KeyTable;

/// Where one's own keys are.
pub(crate) const OWN: &str = "/keys";

/// Where the keys of everybody are.
pub(crate) const ALL: &str = "/admin/keys";

/// Given by the web layer as context when a form was sent.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum KeysOutcome {
    /// A key was made. It is shown with this answer and never again.
    Made(NewKey),
    /// It could not be done.
    Failed {
        /// Why not.
        error: AppError,
        /// What was typed.
        typed: KeyRequest,
    },
}

/// A key that was made, and how it is used.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct NewKey {
    /// The key.
    pub made: MadeKey,
    /// The address at which AI clients find Patchline.
    pub mcp: String,
}

impl KeysOutcome {
    /// What the request that is being answered came to; the answer gets its status.
    fn of_request() -> Option<Self> {
        let outcome = use_context::<Self>();
        if let Some(Self::Failed { error, .. }) = &outcome {
            answer_with_status(error);
        }
        outcome
    }

    /// Why it could not be done.
    fn error(&self) -> Option<&AppError> {
        match self {
            Self::Made(_) => None,
            Self::Failed { error, .. } => Some(error),
        }
    }
}

/// What the page of one's own keys is opened with.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Opening {
    outcome: Option<KeysOutcome>,
    own: OwnKeys,
}

async fn open(outcome: Option<KeysOutcome>) -> Result<Opening, AppError> {
    let own = list_own_keys().await?;
    Ok(Opening { outcome, own })
}

/// What the page of all keys is opened with.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct OpeningOfAll {
    failed: Option<AppError>,
    keys: Vec<KeyView>,
}

async fn open_all(failed: Option<AppError>) -> Result<OpeningOfAll, AppError> {
    let keys = all_keys().await?;
    Ok(OpeningOfAll { failed, keys })
}

/// The page `/keys`.
#[component]
pub fn KeysPage() -> impl IntoView {
    let outcome = KeysOutcome::of_request();
    let opening = Resource::new(|| (), move |()| open(outcome.clone()));
    let again = Callback::new(move |()| opening.refetch());
    view! {
        <PageHeading title="API keys" />
        <ConfirmNotice />
        <Transition fallback=|| view! { <Skeleton what="your keys" lines=8 /> }>
            {move || Suspend::new(async move {
                match opening.await {
                    Ok(Opening { outcome, own }) => view! { <OwnKeysPanel outcome=outcome own=own /> }.into_any(),
                    Err(error) => view! { <ErrorState error=error retry=again /> }.into_any(),
                }
            })}
        </Transition>
    }
}

/// Somebody's own keys, with the form for another.
#[component]
pub fn OwnKeysPanel(
    /// What a form that was sent came to.
    outcome: Option<KeysOutcome>,
    /// The keys.
    own: OwnKeys,
) -> impl IntoView {
    let OwnKeys { keys, servers, sees_all } = own;
    let (made, failed, typed) = match outcome {
        None => (None, None, KeyRequest::default()),
        Some(KeysOutcome::Made(made)) => (Some(made), None, KeyRequest::default()),
        Some(KeysOutcome::Failed { error, typed }) => (None, Some(error), typed),
    };
    let wrong = failed.as_ref().map(|error| error.fields.clone()).unwrap_or_default();
    view! {
        <p>
            "With a key a program or an AI client works in your name: never beyond what you may do yourself, and less if you say so. Records tell the key from you."
        </p>
        {sees_all.then(|| view! { <p><a href=ALL>"The keys of everybody"</a></p> })}
        {made.map(|made| view! { <NewKeyPanel made=made /> })}
        {failed.map(|error| view! { <ErrorState error=error /> })}
        {if keys.is_empty() {
            view! {
                <EmptyState title="No keys yet">
                    <p>"Make the first below."</p>
                </EmptyState>
            }
                .into_any()
        } else {
            view! { <KeyTable label="Your keys" keys=keys action=OWN of_everybody=false /> }.into_any()
        }}
        <KeyForm typed=typed wrong=wrong servers=servers />
    }
}

/// The page `/admin/keys`.
#[component]
pub fn AllKeysPage() -> impl IntoView {
    let failed = KeysOutcome::of_request().and_then(|outcome| outcome.error().cloned());
    let opening = Resource::new(|| (), move |()| open_all(failed.clone()));
    let again = Callback::new(move |()| opening.refetch());
    view! {
        <PageHeading title="Keys" />
        <ConfirmNotice />
        <Transition fallback=|| view! { <Skeleton what="the keys" lines=8 /> }>
            {move || Suspend::new(async move {
                match opening.await {
                    Ok(OpeningOfAll { failed, keys }) => view! { <AllKeys failed=failed keys=keys /> }.into_any(),
                    Err(error) => view! { <ErrorState error=error retry=again /> }.into_any(),
                }
            })}
        </Transition>
    }
}

#[component]
fn AllKeys(failed: Option<AppError>, keys: Vec<KeyView>) -> impl IntoView {
    view! {
        {failed.map(|error| view! { <ErrorState error=error /> })}
        {if keys.is_empty() {
            view! {
                <EmptyState title="No keys">
                    <p>"Nobody has made a key yet. " <a href=OWN>"Make one of your own"</a> "."</p>
                </EmptyState>
            }
                .into_any()
        } else {
            view! { <KeyTable label="Keys of everybody" keys=keys action=ALL of_everybody=true /> }.into_any()
        }}
    }
}
