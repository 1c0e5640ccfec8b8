//! The figures of the step under the pointer.

use super::{Timeline, colour, geometry};
use crate::components::browser;
use jiff::Timestamp;
use leptos::ev::{MouseEvent, PointerEvent};
use leptos::prelude::*;

/// Covers the plot, follows the pointer, and says what the step had. A table serves the keyboard.
#[component]
pub fn ReadOut(
    /// The figures.
    timeline: Timeline,
    /// Called with both ends of a step that was clicked.
    pick: Option<Callback<(Timestamp, Timestamp)>>,
) -> impl IntoView {
    let slots = timeline.starts.len();
    let timeline = StoredValue::new(timeline);
    let pointed = RwSignal::new(None::<usize>);
    let follow = move |event: PointerEvent| {
        let slot = browser::fraction_across(&event).and_then(|fraction| geometry::slot_at(fraction, slots));
        if pointed.get_untracked() != slot {
            pointed.set(slot);
        }
    };
    let choose = move |_: MouseEvent| {
        let ends =
            pointed.get_untracked().and_then(|slot| timeline.with_value(|timeline| ends(timeline, slot)));
        if let (Some(pick), Some(ends)) = (pick, ends) {
            pick.run(ends);
        }
    };
    view! {
        <div
            class="chart-touch"
            class:is-picked=pick.is_some()
            aria-hidden="true"
            on:pointermove=follow
            on:pointerdown=follow
            on:pointerleave=move |_| pointed.set(None)
            on:click=choose
        >
            {move || pointed.get().map(|slot| timeline.with_value(|timeline| label(timeline, slot)))}
        </div>
    }
}

fn ends(timeline: &Timeline, slot: usize) -> Option<(Timestamp, Timestamp)> {
    let start = *timeline.starts.get(slot)?;
    // Months are not equally long: a step ends where the next begins.
    let end = match timeline.starts.get(slot + 1) {
        Some(next) => *next,
        None => Timestamp::from_second(start.as_second() + i64::from(timeline.width_seconds)).ok()?,
    };
    Some((start, end))
}

fn label(timeline: &Timeline, slot: usize) -> impl IntoView + use<> {
    let at = geometry::position(slot, timeline.starts.len());
    let side = if at > 0.5 { "left" } else { "right" };
    let alone = timeline.series.len() == 1;
    let figures = timeline.series.iter().enumerate().filter_map(|(index, series)| {
        let value = series.values.get(slot).copied().flatten();
        // Of many series only those that have something here.
        let words = match value {
            Some(value) if alone || value > 0.0 => timeline.figure(value),
            None if alone => "nothing".to_owned(),
            _ => return None,
        };
        Some(view! {
            <span class=format!("read-out-series legend-series {}", colour(index))>
                {series.name.clone()} " " <strong>{words}</strong>
            </span>
        })
    });
    view! {
        <div class="chart-pointer" style=format!("--at: {at:.4}") data-side=side>
            <p class="chart-read-out">
                <span>{timeline.step_in_words(slot)}</span>
                {figures.collect_view()}
            </p>
        </div>
    }
}
