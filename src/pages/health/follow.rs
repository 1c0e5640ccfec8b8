//! Follows the servers live, as long as the page is open.

use crate::components::browser;
use crate::components::health_badge::KnownOverall;
use crate::model::fleet::FleetView;
use crate::model::written_time::{clock_with_seconds, utc};
use jiff::Timestamp;
use leptos::prelude::*;

/// What is known now, and whether it is still being told.
#[derive(Debug, Clone, Copy)]
pub struct Live {
    /// The servers.
    pub view: RwSignal<FleetView>,
    connected: RwSignal<bool>,
}

/// Begins with what the server rendered and takes over what it tells from then on.
pub(super) fn follow(fleet: FleetView) -> Live {
    let live = Live { view: RwSignal::new(fleet), connected: RwSignal::new(false) };
    let overall = use_context::<KnownOverall>();
    Effect::new(move |_| {
        let heard = move |text: String| {
            // An instance of another version may tell in another form: then the page stays as it is.
            let Ok(told) = serde_json::from_str::<FleetView>(&text) else { return };
            live.connected.set(true);
            if let Some(KnownOverall(overall)) = overall
                && overall.with_untracked(|known| *known != told.overall)
            {
                overall.set(told.overall.clone());
            }
            live.view.update(|view| take_over(view, told));
        };
        browser::listen("/events/health", "health", heard, move || live.connected.set(false));
    });
    live
}

/// Everything but the history, which is not told live; only the servers that the page shows.
fn take_over(view: &mut FleetView, told: FleetView) {
    view.overall = told.overall;
    view.seen_at = told.seen_at;
    view.instance = told.instance;
    for server in told.servers {
        if let Some(shown) = view.servers.iter_mut().find(|shown| shown.id == server.id) {
            let history = std::mem::take(&mut shown.history);
            *shown = server;
            shown.history = history;
        }
    }
}

/// Says whether the page follows by itself, and of when it is.
#[component]
pub fn Freshness(
    /// What is followed.
    live: Live,
) -> impl IntoView {
    let seen = move || live.view.with(|view| view.seen_at.clone());
    let clock = move || match seen().parse::<Timestamp>() {
        Ok(moment) => format!("{} UTC", clock_with_seconds(utc(moment).time())),
        Err(_) => seen(),
    };
    view! {
        <div class="freshness">
            <span>{move || if live.connected.get() { "Live" } else { "Not live" }} ", as of " {clock}</span>
            <span title="Each instance knows its own calls; checks and drained servers are the same at all of them.">
                "Instance " <code>{move || live.view.with(|view| short(&view.instance))}</code>
            </span>
            <a href="" rel="external" class="without-script">
                "Look again"
            </a>
        </div>
    }
}

/// The end of an id tells instances apart; its beginning is the time of its start.
fn short(instance: &str) -> String {
    let skipped = instance.chars().count().saturating_sub(6);
    instance.chars().skip(skipped).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::fleet::{DayView, Health, ServerView};
    use jiff::civil::date;

    #[test]
    fn what_is_told_leaves_the_history_and_adds_no_server_to_the_page_of_one() {
        let day = DayView { date: date(2026, 11, 25), healthy: 1, degraded: 0, failing: 0, reason: None };
        let server = |id: &str, health| ServerView { id: id.to_owned(), health, ..ServerView::default() };
        let shown = ServerView { history: vec![day.clone()], ..server("s3", Health::Healthy) };
        let mut view = FleetView { servers: vec![shown], ..FleetView::default() };
        let told = FleetView {
            servers: vec![server("dynamodb", Health::Healthy), server("s3", Health::Failing)],
            ..FleetView::default()
        };
        take_over(&mut view, told);
        assert_eq!(view.servers.len(), 1);
        assert_eq!(
            (view.servers[0].health, view.servers[0].history.as_slice()),
            (Health::Failing, &[day][..])
        );
    }
}
