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

/// Room among the constants of the browser side that nothing uses, and that no browser loads.
///
/// The splitter of cargo-leptos gives each piece the constants that it needs, all within the length that they have
/// together, and each piece begins at a new line of 16 bytes. With hundreds of pieces that takes more than there is,
/// and then it leaves the words of all pages in the main piece, which each page waits for. What nothing depends on is
/// in no piece, so its length is what they may take.
#[cfg(target_arch = "wasm32")]
#[used]
static ROOM: [u8; 64 * 1024] = [1; 64 * 1024];

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
