//! The page of health: how each server is, why, and what an admin can do about it.
//!
//! The server renders all of it; in the browser it then follows a stream of events. The buttons are forms
//! that are sent to the page's own address, so they work without JavaScript.

pub mod card;
pub mod drain;
pub mod figures;
pub mod follow;
pub mod opening;
pub mod reviews;
pub mod server;
pub mod strip;
pub mod times;

pub use opening::FailedChange;

use crate::api::error::AppError;
use crate::components::confirm::ConfirmNotice;
use crate::components::health_badge::HealthBadge;
use crate::components::page_heading::PageHeading;
use crate::components::permitted::may;
use crate::components::state::{EmptyState, ErrorState, FailedPage, Skeleton};
use crate::model::fleet::FleetView;
use card::ServerCard;
use follow::{Freshness, follow};
use leptos::prelude::*;
use opening::Opening;

/// The page `/health`.
#[component]
pub fn HealthPage() -> impl IntoView {
    let failed = use_context::<FailedChange>();
    let opening = Resource::new(|| (), move |()| opening::open(None, failed.clone()));
    let again = Callback::new(move |()| opening.refetch());
    view! {
        <Transition fallback=|| view! { <Skeleton what="the servers" lines=12 /> }>
            {move || Suspend::new(async move {
                match opening.await {
                    Ok(Opening { fleet, failed }) => view! { <Servers fleet=fleet failed=failed /> }.into_any(),
                    Err(error) => view! { <FailedPage error=error retry=again /> }.into_any(),
                }
            })}
        </Transition>
    }
}

#[component]
fn Servers(fleet: FleetView, failed: Option<AppError>) -> impl IntoView {
    let ids: Vec<String> = fleet.servers.iter().map(|server| server.id.clone()).collect();
    let trouble = fleet.history_trouble.clone();
    let live = follow(fleet);
    let overall = Memo::new(move |_| live.view.with(|view| view.overall.clone()));
    view! {
        <PageHeading title="Health">
            <Freshness live=live />
        </PageHeading>
        {failed.map(|error| view! { <ErrorState error=error /> })}
        <p class="overall" role="status">
            {move || view! { <HealthBadge health=overall.with(|overall| overall.health) /> }}
            <strong>{move || overall.with(|overall| overall.words.clone())}</strong>
        </p>
        {trouble.map(|reason| view! { <HistoryTrouble reason=reason /> })}
        {may("drain_server").then(|| view! { <ConfirmNotice /> })}
        {if ids.is_empty() {
            view! {
                <EmptyState title="No servers">
                    <p>"Every server is switched off. An operator switches them on with the ENABLE_ variables."</p>
                </EmptyState>
            }
                .into_any()
        } else {
            let cards = ids.into_iter().map(|id| view! { <ServerCard id=id view=live.view /> });
            view! { <div class="servers">{cards.collect_view()}</div> }.into_any()
        }}
    }
}

#[component]
fn HistoryTrouble(reason: String) -> impl IntoView {
    view! {
        <p class="notice tone-warning">
            <span>
                <strong>"The history cannot be read. "</strong>
                "What is shown of now is right all the same. "
                <span class="muted">{reason}</span>
            </span>
        </p>
    }
}
