//! The figures of the day under the pointer.

use super::geometry;
use crate::components::browser;
use crate::components::date::short_date;
use crate::components::format::{compact, grouped};
use crate::model::analytics::DayTotal;
use leptos::ev::PointerEvent;
use leptos::prelude::*;

/// Covers the plot, follows the pointer, and says what the day had. The table serves the keyboard.
#[component]
pub fn ReadOut(
    /// The days of the plot.
    days: Vec<DayTotal>,
    /// The weekly mean of each day.
    smooth: Vec<Option<f64>>,
) -> impl IntoView {
    let count = days.len();
    let figures = StoredValue::new(days.into_iter().zip(smooth).collect::<Vec<_>>());
    let pointed = RwSignal::new(None::<usize>);
    let follow = move |event: PointerEvent| {
        let day = browser::fraction_across(&event).and_then(|fraction| geometry::day_at(fraction, count));
        if pointed.get_untracked() != day {
            pointed.set(day);
        }
    };
    let label = move |day: usize| {
        let at = geometry::position(day, count);
        let side = if at > 0.5 { "left" } else { "right" };
        let (date, streams, mean) = figures.with_value(|figures| {
            let (total, mean) = &figures[day];
            (short_date(total.date), total.streams.map(grouped), mean.map(mean_in_words))
        });
        view! {
            <div class="chart-pointer" style=format!("--at: {at:.4}") data-side=side>
                <p class="chart-read-out">
                    <span>{date}</span>
                    <strong>{streams.unwrap_or_else(|| "no report".to_owned())}</strong>
                    {mean.map(|mean| view! { <span>{mean}</span> })}
                </p>
            </div>
        }
    };
    view! {
        <div
            class="chart-touch"
            aria-hidden="true"
            on:pointermove=follow
            on:pointerdown=follow
            on:pointerleave=move |_| pointed.set(None)
        >
            {move || pointed.get().map(label)}
        </div>
    }
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a mean of counts")]
fn mean_in_words(mean: f64) -> String {
    format!("{} mean of {} days", compact(mean.round() as u64), geometry::SMOOTH_DAYS)
}
