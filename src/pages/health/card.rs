//! A server on the page of all servers.

use super::drain::{DrainControl, drain_replica};
use super::figures::{Figures, milliseconds};
use super::strip::HistoryStrip;
use crate::components::health_badge::HealthBadge;
use crate::components::permitted::may;
use crate::components::table::{ScrollingTable, numbers, words};
use crate::model::fleet::{FleetView, ReplicaView, ServerView, server_title};
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use leptos::prelude::*;

/// The card of a server.
#[component]
pub fn ServerCard(
    /// The id of the server.
    id: String,
    /// What the page shows.
    view: RwSignal<FleetView>,
) -> impl IntoView {
    let server = server_of(id.clone(), view);
    let health = Memo::new(move |_| server.with(|server| server.health));
    let reason = Memo::new(move |_| server.with(|server| server.reason.clone()));
    let replicas = Memo::new(move |_| server.with(|server| server.replicas.clone()));
    let history = server.with_untracked(|server| server.history.clone());
    let today = today(&view.with_untracked(|view| view.seen_at.clone()));
    let label = format!("server-{id}");
    let labelled_by = label.clone();
    view! {
        <section class="panel server" aria-labelledby=labelled_by>
            <h2 id=label>
                <a href=format!("/health/{id}")>{server_title(&id)}</a>
                {move || view! { <HealthBadge health=health.get() /> }}
            </h2>
            {move || reason.get().map(|reason| view! { <p class="server-reason">{reason}</p> })}
            <Figures server=server view=view />
            {move || (replicas.with(Vec::len) > 1).then(|| view! { <Replicas replicas=replicas.get() /> })}
            <HistoryStrip history=history today=today />
            {may("drain_server").then(|| view! { <DrainControl id=id server=server /> })}
        </section>
    }
}

/// One server of what the page shows.
pub(super) fn server_of(id: String, view: RwSignal<FleetView>) -> Memo<ServerView> {
    Memo::new(move |_| {
        view.with(|view| view.servers.iter().find(|server| server.id == id).cloned()).unwrap_or_default()
    })
}

/// The day on which the page was rendered, UTC.
pub(super) fn today(seen_at: &str) -> Date {
    let seen = seen_at.parse::<Timestamp>().unwrap_or_default();
    seen.to_zoned(TimeZone::UTC).date()
}

/// The replicas of a server.
#[component]
pub fn Replicas(
    /// The replicas.
    replicas: Vec<ReplicaView>,
    /// The id of the server, where its replicas can be drained one by one.
    #[prop(optional)]
    server: Option<String>,
) -> impl IntoView {
    let mut columns = vec![
        words("Replica"),
        words("State"),
        words("Reason"),
        words("Protocol"),
        numbers("Connections"),
        numbers("Response time"),
        numbers("Weight"),
    ];
    // One that is alone is drained with its server.
    let server = server.filter(|_| replicas.len() > 1 && may("drain_server"));
    columns.extend(server.as_ref().map(|_| words("New calls")));
    view! {
        <ScrollingTable label="Replicas" columns=columns>
            {replicas
                .into_iter()
                .map(|replica| {
                    let control = server.as_ref().map(|server| {
                        view! { <td>{drain_replica(server, &replica)}</td> }
                    });
                    view! {
                        <tr>
                            <th scope="row">{replica.name}</th>
                            <td>
                                <HealthBadge health=replica.health />
                            </td>
                            <td>{replica.reason}</td>
                            <td>{replica.era.map(|era| format!("MCP {era}"))}</td>
                            <td class="number">{replica.connections}</td>
                            <td class="number">{milliseconds(replica.latency_ms)}</td>
                            <td class="number">{replica.weight}</td>
                            {control}
                        </tr>
                    }
                })
                .collect_view()}
        </ScrollingTable>
    }
}
