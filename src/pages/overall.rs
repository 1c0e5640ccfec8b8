//! Keeps what the top of every page says of all servers up to date.

use crate::api::fleet::overall_health;
use crate::components::browser;
use crate::components::health_badge::KnownOverall;
use crate::model::fleet::Overall;
use leptos::prelude::*;
use std::time::Duration;

/// How often it is asked for while the page is seen.
const INTERVAL: Duration = Duration::from_secs(30);

/// Provides what the server rendered, and asks for news now and again. When Patchline cannot be reached,
/// what was known last stays: the page itself will say it at the next click.
pub(crate) fn follow_overall(first: Overall) {
    let overall = RwSignal::new(first);
    provide_context(KnownOverall(overall));
    Effect::new(move |_| {
        let ask = move || {
            if browser::is_hidden() {
                return;
            }
            leptos::task::spawn_local(async move {
                if let Ok(news) = overall_health().await
                    && overall.with_untracked(|known| *known != news)
                {
                    overall.set(news);
                }
            });
        };
        if let Ok(timer) = set_interval_with_handle(ask, INTERVAL) {
            on_cleanup(move || timer.clear());
        }
    });
}
