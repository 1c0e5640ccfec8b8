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
use crate::components::confirm::ConfirmNotice;
use crate::components::page_heading::PageHeading;
use crate::components::state::{ErrorState, Skeleton, answer_with_status};
use crate::model::settings::{LimitsForm, LimitsVersion, SettingsView};
use configuration::Configuration;
use form::FiguresForm;
use history::History;
use leptos::prelude::*;
use leptos_router::hooks::use_location;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

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
        <ConfirmNotice />
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
    let begins_with = search.with_untracked(|search| begun_in(search)).filter(|_| failed.is_none());
    let older = begins_with.map(|number| older(number, current.version, &history));
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
        {older.as_ref().map(|older| view! { <BeginsWith found=older.is_some() /> })}
        <FiguresForm
            version=current.version
            figures=figures
            typed=typed.flatten().or(older.flatten())
            wrong=wrong
            without_price=without_price
            time_zone=time_zone
        />
        <History current=current history=history />
        <Configuration values=configuration />
    }
}

/// What the form begins with, where somebody wants an older version back.
#[component]
fn BeginsWith(found: bool) -> impl IntoView {
    let words = if found {
        "The form below begins with what held then. Nothing is changed until it is saved."
    } else {
        "There is no such version among those below. The form shows what holds."
    };
    view! {
        <p class="notice" role="status">
            {words}
        </p>
    }
}

/// The address of the page with a form that begins with an older version.
fn begin_from(version: u32) -> String {
    format!("{PATH}?from={version}")
}

/// Which version the form is to begin with, as the address tells.
fn begun_in(search: &str) -> Option<u32> {
    let (_, version) = query_string::fields(search).find(|(name, _)| *name == "from")?;
    version.parse().ok()
}

/// A form that puts an older version in the place of the one that holds; none where it is not known. Before the
/// first version the environment alone held.
fn older(number: u32, holds: u32, history: &[LimitsVersion]) -> Option<LimitsForm> {
    let set = match history.iter().find(|version| version.version == number) {
        Some(version) => version.set.clone(),
        None if number == 0 => BTreeMap::new(),
        None => return None,
    };
    let note = if number == 0 { "As before all changes".to_owned() } else { format!("As version {number}") };
    Some(LimitsForm { expected_version: holds, note, set })
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

    #[test]
    fn a_form_begins_with_what_held_and_is_about_the_version_that_holds() {
        let set = [("MCP_BUDGET_PERSON".to_owned(), "5".to_owned())];
        let version = LimitsVersion { version: 2, set: set.into(), ..LimitsVersion::default() };
        let form = older(2, 3, std::slice::from_ref(&version)).expect("a form");
        assert_eq!((form.expected_version, form.note.as_str()), (3, "As version 2"));
        assert_eq!(form.set, version.set);
        assert!(older(0, 3, &[]).is_some_and(|form| form.set.is_empty()));
        assert_eq!(older(7, 3, &[version]), None);
        assert_eq!(begin_from(2).split_once('?').and_then(|(_, search)| begun_in(search)), Some(2));
    }
}
