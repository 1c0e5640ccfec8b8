//! The page of one server: its checks, its newest failures, its tools, its days.

use super::card::{Replicas, server_of, today};
use super::drain::DrainControl;
use super::figures::{Figures, milliseconds};
use super::follow::{Freshness, follow};
use super::opening::{self, Opening};
use super::reviews::Reviews;
use super::strip::{HistoryStrip, day_in_words};
use super::times::Ago;
use crate::components::breadcrumbs::Breadcrumbs;
use crate::components::confirm::ConfirmNotice;
use crate::components::format::decimal;
use crate::components::health_badge::HealthBadge;
use crate::components::page_heading::PageHeading;
use crate::components::permitted::may;
use crate::components::state::{FailedPage, Skeleton};
use crate::components::table::{ScrollingTable, numbers, words};
use crate::model::fleet::{DayView, FailureView, FleetView, ServerView, server_title};
use crate::pages::query_string;
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;

/// The page `/health/{server}`.
#[component]
pub fn ServerPage() -> impl IntoView {
    let params = use_params_map();
    let id = Memo::new(move |_| params.with(|params| params.get("server").unwrap_or_default()));
    let opening = Resource::new(move || id.get(), |id| opening::open(Some(id), None));
    let again = Callback::new(move |()| opening.refetch());
    view! {
        <Transition fallback=|| view! { <Skeleton what="the server" lines=12 /> }>
            {move || Suspend::new(async move {
                match opening.await {
                    Ok(Opening { fleet, .. }) => view! { <Server fleet=fleet /> }.into_any(),
                    Err(error) => view! { <FailedPage error=error retry=again /> }.into_any(),
                }
            })}
        </Transition>
    }
}

#[component]
fn Server(fleet: FleetView) -> impl IntoView {
    let shown = fleet.servers.first().cloned().unwrap_or_default();
    let ServerView { id, history, tools, strategy, reviews, .. } = shown;
    let today = today(&fleet.seen_at);
    let live = follow(fleet);
    let server = server_of(id.clone(), live.view);
    let reason = Memo::new(move |_| server.with(|server| server.reason.clone()));
    let replicas = Memo::new(move |_| server.with(|server| server.replicas.clone()));
    let title = server_title(&id);
    let id_of_replicas = id.clone();
    view! {
        <Breadcrumbs above=vec![("Health", "/health")] here=title.clone() />
        <PageHeading title=title>
            <Freshness live=live />
        </PageHeading>
        {may("drain_server").then(|| view! { <ConfirmNotice /> })}
        <section class="panel server" aria-labelledby="state">
            <h2 id="state">
                "State"
                {move || view! { <HealthBadge health=server.with(|server| server.health) /> }}
            </h2>
            {move || reason.get().map(|reason| view! { <p class="server-reason">{reason}</p> })}
            <Figures server=server view=live.view />
            {may("drain_server").then(|| view! { <DrainControl id=id.clone() server=server back="server" /> })}
        </section>
        <Reviews server=id reviews=reviews />
        <Checks server=server />
        <Failures server=server view=live.view />
        <section class="panel" aria-labelledby="replicas">
            <h2 id="replicas">
                "Replicas" <span class="panel-period">{format!("Calls go to {strategy}")}</span>
            </h2>
            {move || view! { <Replicas replicas=replicas.get() server=id_of_replicas.clone() /> }}
        </section>
        <section class="panel" aria-labelledby="history">
            <h2 id="history">"History"</h2>
            <HistoryStrip history=history.clone() today=today />
            <Days history=history />
        </section>
        <Tools tools=tools />
    }
}

/// What the last check looked at.
#[component]
fn Checks(server: Memo<ServerView>) -> impl IntoView {
    let checks = Memo::new(move |_| server.with(|server| server.checks.clone()));
    let rows = move || {
        let rows = checks.get().into_iter().map(|check| {
            let health = if check.problem.is_some() {
                crate::model::fleet::Health::Failing
            } else {
                crate::model::fleet::Health::Healthy
            };
            view! {
                <tr>
                    <th scope="row">{check.what}</th>
                    <td>
                        <HealthBadge health=health />
                    </td>
                    <td>{check.problem}</td>
                    <td class="number">{milliseconds(Some(check.took_ms))}</td>
                </tr>
            }
        });
        rows.collect_view()
    };
    view! {
        <section class="panel" aria-labelledby="checks">
            <h2 id="checks">"Last check"</h2>
            {move || {
                if checks.with(Vec::is_empty) {
                    view! { <p class="panel-empty">"Not checked yet: the first check comes within seconds."</p> }
                        .into_any()
                } else {
                    view! {
                        <ScrollingTable
                            label="What the last check looked at"
                            columns=vec![words("What"), words("State"), words("Problem"), numbers("Answer after")]
                        >
                            {rows}
                        </ScrollingTable>
                    }
                        .into_any()
                }
            }}
        </section>
    }
}

/// The newest failures with their reasons.
#[component]
fn Failures(server: Memo<ServerView>, view: RwSignal<FleetView>) -> impl IntoView {
    let failures = Memo::new(move |_| server.with(|server| server.failures.clone()));
    let seen_at = Signal::derive(move || view.with(|view| view.seen_at.clone()));
    view! {
        <section class="panel" aria-labelledby="failures">
            <h2 id="failures">
                "Newest failures" <span class="panel-period">"since this instance started"</span>
            </h2>
            {move || {
                if failures.with(Vec::is_empty) {
                    return view! { <p class="panel-empty">"None."</p> }.into_any();
                }
                let rows = failures.get().into_iter().map(move |failure| failure_row(failure, seen_at)).collect_view();
                view! {
                    <ScrollingTable
                        label="Table of the newest failures"
                        columns=vec![words("When"), words("What"), words("Why"), words("Request")]
                    >
                        {rows}
                    </ScrollingTable>
                }
                    .into_any()
            }}
        </section>
    }
}

fn failure_row(failure: FailureView, seen_at: Signal<String>) -> impl IntoView {
    let FailureView { at, what, reason, request_id } = failure;
    let request = request_id.map(|id| {
        let query = format!("filter requestId = \"{id}\"");
        let address = query_string::address("/logs", &[("query", &query), ("range", "24h"), ("run", "1")]);
        view! {
            <a href=address>
                <code>{id}</code>
            </a>
        }
    });
    view! {
        <tr>
            <td>
                <Ago seen_at=seen_at at=at />
            </td>
            <td>{what}</td>
            <td class="failure-reason">{reason}</td>
            <td>{request}</td>
        </tr>
    }
}

/// The days as rows, newest first.
#[component]
fn Days(history: Vec<DayView>) -> impl IntoView {
    let rows = history.iter().rev().map(|day| {
        view! {
            <tr>
                <th scope="row">{crate::components::date::short_date(day.date)}</th>
                <td>
                    <HealthBadge health=day.health() />
                </td>
                <td class="number">{decimal(day.uptime().unwrap_or_default() * 100.0)} "\u{a0}%"</td>
                <td>{day.reason.clone().unwrap_or_else(|| day_in_words(day.date, Some(day)))}</td>
            </tr>
        }
    });
    let rows = rows.collect_view();
    (!history.is_empty()).then(|| {
        view! {
            <details class="chart-table">
                <summary>"View as table"</summary>
                <ScrollingTable
                    label="Checks by day"
                    columns=vec![words("Day"), words("State"), numbers("Worked"), words("Newest reason")]
                    short=true
                >
                    {rows}
                </ScrollingTable>
            </details>
        }
    })
}

/// The tools of the server, each a link to its form.
#[component]
fn Tools(tools: Vec<String>) -> impl IntoView {
    let links = tools.into_iter().map(|tool| {
        let address = query_string::address("/tools", &[("tool", &tool)]);
        view! { <li><a href=address><code>{tool}</code></a></li> }
    });
    view! {
        <section class="panel" aria-labelledby="server-tools">
            <h2 id="server-tools">"Tools"</h2>
            <ul class="server-tools">{links.collect_view()}</ul>
        </section>
    }
}
