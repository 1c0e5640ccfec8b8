//! A large chart that the browser draws with ECharts: pointer over all charts of the page at once, zoom.
//!
//! The server knows the option tree already, but only the browser can draw it; what stands beside it as a
//! table is there without JavaScript, too. The script is loaded with the first chart of a visit.

use leptos::html;
use leptos::prelude::*;

/// Where the bundle of `scripts/charts` lies.
#[cfg(feature = "hydrate")]
const SCRIPT: &str = "/charts/echarts.js";

/// The place of a chart.
#[component]
pub fn LargeChart(
    /// What it shows, for those who cannot see it.
    #[prop(into)]
    description: Signal<String>,
    /// The option tree as JSON. When it changes, the chart is drawn anew and its zoom stays.
    #[prop(into)]
    option: Signal<String>,
    /// Told from which to which second somebody has zoomed.
    on_zoom: Callback<(i64, i64)>,
) -> impl IntoView {
    let node = NodeRef::<html::Div>::new();
    let failed = RwSignal::new(false);
    Effect::new(move |_| {
        let (option, description) = (option.get(), description.get());
        if let Some(element) = node.get()
            && !option.is_empty()
        {
            browser::draw(element, option, description, failed);
        }
    });
    browser::let_go(node);
    let zoomed = move |event: leptos::ev::CustomEvent| {
        if let Some(range) = browser::zoomed(&event) {
            on_zoom.run(range);
        }
    };
    view! {
        <div class="large-chart" node_ref=node role="img" aria-label=description on:zoomed=zoomed></div>
        {move || {
            failed
                .get()
                .then(|| {
                    view! { <p class="muted">"The chart could not be loaded. The table below has the same figures."</p> }
                })
        }}
    }
}

#[cfg(feature = "hydrate")]
mod browser {
    use super::SCRIPT;
    use leptos::html;
    use leptos::prelude::*;
    use send_wrapper::SendWrapper;
    use wasm_bindgen::JsCast;
    use wasm_bindgen::prelude::*;
    use wasm_bindgen_futures::JsFuture;

    #[wasm_bindgen]
    extern "C" {
        /// What the script leaves behind; missing while it is not loaded.
        #[wasm_bindgen(js_namespace = patchlineCharts, js_name = draw, catch)]
        fn draw_chart(element: &web_sys::HtmlElement, option: &str, description: &str)
        -> Result<(), JsValue>;

        #[wasm_bindgen(js_namespace = patchlineCharts, js_name = dispose, catch)]
        fn dispose_chart(element: &web_sys::HtmlElement) -> Result<(), JsValue>;
    }

    /// Draws when the script is there. An element that has left the page meanwhile is left alone.
    pub(super) fn draw(
        element: web_sys::HtmlDivElement,
        option: String,
        description: String,
        failed: RwSignal<bool>,
    ) {
        leptos::task::spawn_local(async move {
            let drawn = match loaded().await {
                Ok(()) if element.is_connected() => draw_chart(&element, &option, &description),
                other => other,
            };
            // The signal is gone when the page was left in the meantime.
            failed.try_set(drawn.is_err());
        });
    }

    /// From which to which second somebody has zoomed, as the script tells it.
    #[expect(clippy::cast_possible_truncation, reason = "seconds of the clock, which the script has rounded")]
    pub(super) fn zoomed(event: &leptos::ev::CustomEvent) -> Option<(i64, i64)> {
        let detail = event.detail();
        let second = |name: &str| js_sys::Reflect::get(&detail, &name.into()).ok()?.as_f64();
        Some((second("from")? as i64, second("to")? as i64))
    }

    /// Lets go of the chart when its place leaves the page.
    pub(super) fn let_go(node: NodeRef<html::Div>) {
        let kept = StoredValue::new_local(None::<SendWrapper<web_sys::HtmlDivElement>>);
        Effect::new(move |_| kept.set_value(node.get().map(SendWrapper::new)));
        on_cleanup(move || {
            kept.update_value(|kept| {
                if let Some(element) = kept.take() {
                    // A chart that was never drawn needs nothing.
                    dispose_chart(&element).ok();
                }
            });
        });
    }

    /// Loads the script once for each visit.
    async fn loaded() -> Result<(), JsValue> {
        if js_sys::Reflect::has(&js_sys::global(), &"patchlineCharts".into())? {
            return Ok(());
        }
        let document = document();
        let selector = format!("script[src=\"{SCRIPT}\"]");
        let script = if let Some(script) = document.query_selector(&selector)? {
            script
        } else {
            let script = document.create_element("script")?;
            script.set_attribute("src", SCRIPT)?;
            document.body().ok_or_else(|| JsValue::from("no body"))?.append_child(&script)?;
            script
        };
        let script: web_sys::EventTarget = script.unchecked_into();
        let arrives = js_sys::Promise::new(&mut |resolve, reject| {
            // Listening cannot fail for an element.
            script.add_event_listener_with_callback("load", &resolve).ok();
            script.add_event_listener_with_callback("error", &reject).ok();
        });
        JsFuture::from(arrives).await.map(drop)
    }
}

#[cfg(not(feature = "hydrate"))]
mod browser {
    use leptos::html;
    use leptos::prelude::*;

    pub(super) fn draw<E>(_: E, _: String, _: String, _: RwSignal<bool>) {}

    pub(super) fn zoomed<E>(_: &E) -> Option<(i64, i64)> {
        None
    }

    pub(super) fn let_go(_: NodeRef<html::Div>) {}
}
