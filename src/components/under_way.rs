//! Work that is under way: what is done, for how long, and a button that ends it.

use super::browser::now_millis;
use leptos::prelude::*;
use std::time::Duration;

/// How often the shown time moves on.
const TICK: Duration = Duration::from_millis(100);
/// From when on it shows, in milliseconds: what is faster needs no words.
const PATIENCE: f64 = 200.0;

/// Shows that something is under way, for how long, and ends it.
#[component]
pub fn UnderWay(
    /// What is done now.
    #[prop(into)]
    words: Signal<&'static str>,
    /// Ends it.
    cancel: Callback<()>,
    /// Whether the words are read out; a page that says it elsewhere leaves this out.
    #[prop(optional)]
    announced: bool,
    /// The id of the button that ends it.
    #[prop(optional, into)]
    button: Option<&'static str>,
    /// How far it is.
    #[prop(optional)]
    children: Option<ChildrenFn>,
) -> impl IntoView {
    let elapsed = RwSignal::new(0.0);
    // Effects run only in the browser, which alone has the clock.
    Effect::new(move |_| {
        let began = now_millis();
        if let Ok(ticking) = set_interval_with_handle(move || elapsed.set(now_millis() - began), TICK) {
            on_cleanup(move || ticking.clear());
        }
    });
    let shows = Memo::new(move |_| elapsed.get() >= PATIENCE);
    let children = StoredValue::new(children);
    view! {
        {move || {
            shows
                .get()
                .then(|| {
                    view! {
                        <span class="progress">
                            <span class="spinner" aria-hidden="true"></span>
                            <span role=announced.then_some("status")>{move || words.get()}</span>
                            {children.with_value(|children| children.as_ref().map(|children| children()))}
                            <span class="progress-time" aria-hidden="true">
                                {move || format!("{:.1}\u{a0}s", elapsed.get() / 1000.0)}
                            </span>
                            <button type="button" class="button" id=button on:click=move |_| cancel.run(())>
                                "Cancel"
                            </button>
                        </span>
                    }
                })
        }}
    }
}
