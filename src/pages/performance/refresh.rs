//! When the figures were read, and reading them again: by hand, or by itself while somebody looks.

use super::address;
use crate::api::performance::view_performance;
use crate::components::browser;
use crate::components::icon::{Glyph, Icon};
use crate::model::performance::{PerformancePicture, PerformanceRequest};
use crate::model::written_time::{clock_with_seconds, utc};
use jiff::Timestamp;
use leptos::prelude::*;
use std::time::Duration;

/// How often figures are read again: new ones come once a minute.
const INTERVAL: Duration = Duration::from_mins(1);

/// The line over the figures.
#[component]
pub fn Refresh(
    /// The figures, which are replaced.
    picture: RwSignal<PerformancePicture>,
    /// What was asked.
    request: PerformanceRequest,
) -> impl IntoView {
    let here = address::write(&request);
    let request = StoredValue::new(request);
    let following = RwSignal::new(true);
    let failed = RwSignal::new(false);
    let read = move || {
        leptos::task::spawn_local(async move {
            let Some(asked) = request.try_get_value() else { return };
            let answer = view_performance(asked).await;
            // The page may have been left in the meantime.
            failed.try_set(answer.is_err());
            if let Ok(news) = answer {
                picture.try_set(news);
            }
        });
    };
    Effect::new(move |_| {
        let tick = move || {
            if following.get_untracked() && !browser::is_hidden() {
                read();
            }
        };
        if let Ok(timer) = set_interval_with_handle(tick, INTERVAL) {
            on_cleanup(move || timer.clear());
        }
    });
    let clock = move || picture.with(|picture| clock(&picture.read_at));
    let by_hand = move |event: leptos::ev::MouseEvent| {
        event.prevent_default();
        read();
    };
    view! {
        <div class="freshness">
            <span role="status">
                {move || if failed.get() { "Could not be read again; as of " } else { "As of " }} {clock}
            </span>
            <a class="button" href=here rel="external" on:click=by_hand>
                <Icon glyph=Glyph::Again />
                "Refresh"
            </a>
            <label class="follow">
                <input
                    type="checkbox"
                    checked=true
                    prop:checked=following
                    on:change=move |event| following.set(event_target_checked(&event))
                />
                "Every minute while this page is seen"
            </label>
        </div>
    }
}

fn clock(read_at: &str) -> String {
    match read_at.parse::<Timestamp>() {
        Ok(moment) => format!("{} UTC", clock_with_seconds(utc(moment).time())),
        Err(_) => read_at.to_owned(),
    }
}
