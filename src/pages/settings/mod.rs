//! The page of settings, for admins: limits and budgets with the form that changes them, and the configuration as
//! it holds.
//!
//! The form is sent to the page's own address, so it works without JavaScript.

pub mod configuration;
pub mod form;
pub mod history;

use super::query_string;
use crate::api::error::AppError;
use crate::api::settings::view_settings;
use crate::components::page_heading::PageHeading;
use crate::components::state::{ErrorState, Skeleton, answer_with_status};
use crate::model::settings::{LimitsForm, SettingsView};
use configuration::Configuration;
use form::FiguresForm;
use history::History;
use leptos::prelude::*;
use leptos_router::hooks::use_location;
use serde::{Deserialize, Serialize};

/// The page's own path.
pub const PATH: &str = "/admin/settings";

/// Given by the web layer as context when the form came to nothing.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct FailedLimits {
    /// Why.
    pub error: AppError,
    /// What was typed, where that could be read.
    pub typed: Option<LimitsForm>,
}

/// What the page is opened with.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Opening {
    settings: SettingsView,
    failed: Option<FailedLimits>,
}

async fn open(failed: Option<FailedLimits>) -> Result<Opening, AppError> {
    let settings = view_settings().await.inspect_err(answer_with_status)?;
    if let Some(FailedLimits { error, .. }) = &failed {
        answer_with_status(error);
    }
    Ok(Opening { settings, failed })
}

/// The page `/admin/settings`.
#[component]
pub fn SettingsPage() -> impl IntoView {
    let failed = use_context::<FailedLimits>();
    let opening = Resource::new(|| (), move |()| open(failed.clone()));
    let again = Callback::new(move |()| opening.refetch());
    view! {
        <PageHeading title="Settings" />
        <Transition fallback=|| view! { <Skeleton what="the settings" lines=12 /> }>
            {move || Suspend::new(async move {
                match opening.await {
                    Ok(opening) => view! { <Shown opening=opening /> }.into_any(),
                    Err(error) => view! { <ErrorState error=error retry=again /> }.into_any(),
                }
            })}
        </Transition>
    }
}

#[component]
fn Shown(opening: Opening) -> impl IntoView {
    let Opening { settings, failed } = opening;
    let SettingsView { current, unusable, history, figures, configuration, without_price, time_zone } =
        settings;
    let search = use_location().search;
    let saved = failed.is_none() && search.with_untracked(|search| saved_in(search)) == Some(current.version);
    let (error, typed) = failed.map(|failed| (failed.error, failed.typed)).unzip();
    let wrong = error.as_ref().map(|error| error.fields.clone()).unwrap_or_default();
    view! {
        {error.map(|error| view! { <ErrorState error=error /> })}
        {(!unusable.is_empty()).then(|| view! { <Unusable reason=unusable /> })}
        {saved
            .then(|| {
                view! {
                    <p class="notice tone-good" role="status">
                        "Saved. Every instance follows within two seconds."
                    </p>
                }
            })}
        <FiguresForm
            version=current.version
            figures=figures
            typed=typed.flatten()
            wrong=wrong
            without_price=without_price
            time_zone=time_zone
        />
        <History current=current history=history />
        <Configuration values=configuration />
    }
}

#[component]
fn Unusable(reason: String) -> impl IntoView {
    view! {
        <div class="notice tone-warning" role="status">
            <p>{format!("The stored limits cannot be used by this instance ({reason}).")}</p>
            <p>
                "The ones below hold here. If this instance has found no others since it was started, it asks no model that costs something. Update it, or save the limits at an instance that can use them."
            </p>
        </div>
    }
}

/// Which version was saved, as the address tells.
fn saved_in(search: &str) -> Option<u32> {
    let (_, version) = query_string::fields(search).find(|(name, _)| *name == "saved")?;
    version.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_address_tells_which_version_was_saved() {
        assert_eq!(saved_in("?saved=3"), Some(3));
        assert_eq!(saved_in("?saved=all"), None);
        assert_eq!(saved_in(""), None);
    }
}
