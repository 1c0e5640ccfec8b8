//! The page of logs: questions to this instance's own log and to others that are allowed, and what
//! somebody did.
//!
//! Everything is in the address (`/logs?group=…&query=…&range=…&run=1`), and everything works without
//! JavaScript: the form is sent by `GET`, and the server searches together with the page.

pub mod activity;
pub mod address;
pub mod cell;
pub mod desk;
pub mod examples;
pub mod form;
mod grouping;
pub mod help;
pub mod results;
pub mod runner;
pub mod saved;
mod series;
pub mod table;

use crate::api::error::AppError;
use crate::api::logs::{list_log_groups, list_saved_log_queries};
use crate::components::page_heading::PageHeading;
use crate::components::state::{ErrorState, Skeleton};
use crate::model::logs::{LogGroupList, SavedLogQuery};
use activity::{Activity, ActivityKey};
use address::{Address, View};
use desk::Desk;
use leptos::prelude::*;
use leptos_router::hooks::use_location;
use runner::First;
use serde::{Deserialize, Serialize};

/// What the search is opened with.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Opening {
    /// The log groups that may be asked.
    pub groups: LogGroupList,
    /// The queries that the viewer keeps.
    pub saved: Vec<SavedLogQuery>,
    /// What the server already found for the address.
    pub first: Option<First>,
}

/// The page `/logs`.
#[component]
pub fn LogsPage() -> impl IntoView {
    let search = use_location().search;
    let address = Memo::new(move |_| search.with(|search| Address::from_query(search)));
    let view = Memo::new(move |_| address.with(|address| address.view));
    let opening = Resource::new(move || view.get(), move |view| open(view, address.get_untracked()));
    let activity = Resource::new(move || address.with(ActivityKey::of), activity::fetch);
    let again = Callback::new(move |()| opening.refetch());
    view! {
        <PageHeading title="Logs" />
        <Questions address=address />
        {move || match view.get() {
            View::Activity => view! { <Activity address=address activity=activity /> }.into_any(),
            View::Search => {
                view! {
                    <Suspense fallback=|| view! { <Skeleton what="the log groups" lines=6 /> }>
                        {move || Suspend::new(async move {
                            match opening.await {
                                Ok(Some(opening)) => view! { <Desk opening=opening address=address /> }.into_any(),
                                Ok(None) => ().into_any(),
                                Err(error) => view! { <ErrorState error=error retry=again /> }.into_any(),
                            }
                        })}
                    </Suspense>
                }
                    .into_any()
            }
        }}
    }
}

/// Everything that the first rendering of the search needs.
async fn open(view: View, address: Address) -> Result<Option<Opening>, AppError> {
    if view != View::Search {
        return Ok(None);
    }
    let groups = list_log_groups().await?;
    // Without the kept queries the page is as good as with them.
    let saved = list_saved_log_queries().await.unwrap_or_default();
    // In the browser the page is shown at once, and the search reports how far it is.
    let first =
        if cfg!(feature = "ssr") && address.searches() { Some(runner::first(&address).await) } else { None };
    Ok(Some(Opening { groups, saved, first }))
}

/// The two questions that the page asks, as links.
#[component]
fn Questions(address: Memo<Address>) -> impl IntoView {
    let current = move |view: View| address.with(|address| address.view == view).then_some("page");
    let activity =
        move || address.with(|address| Address::of_activity(&address.user, address.activity_range));
    view! {
        <nav class="view-tabs" aria-label="Questions to the logs">
            <a href=address::PATH aria-current=move || current(View::Search)>
                "Search the log"
            </a>
            <a href=activity aria-current=move || current(View::Activity)>
                "Explain somebody’s activity"
            </a>
        </nav>
    }
}
