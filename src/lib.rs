//! Patchline, the control room of a music label: pages, server functions and the engine behind them.
#![recursion_limit = "256"]

pub mod api;
pub mod app;
pub mod components;
#[cfg(feature = "ssr")]
pub mod document;
#[cfg(feature = "ssr")]
pub mod embedded_aws;
#[cfg(feature = "ssr")]
pub mod engine;
#[cfg(test)]
#[path = "../tests/support/fuzzing.rs"]
mod fuzzing;
pub mod model;
pub mod music;
pub mod pages;
#[cfg(feature = "ssr")]
pub mod web;

/// Takes over the page that the server rendered, once the code of that page is there, too. The browser
/// calls it when the module is loaded.
#[cfg(feature = "hydrate")]
#[wasm_bindgen::prelude::wasm_bindgen]
pub fn hydrate() {
    console_error_panic_hook::set_once();
    wasm_bindgen_futures::spawn_local(async {
        let owner = leptos::mount::hydrate_from_async(leptos::tachys::dom::body(), app::App).await;
        owner.forget();
        // Only now does everything on the page listen: tests and style sheet wait for this.
        components::browser::set_root_attribute("data-hydrated", "");
    });
}
