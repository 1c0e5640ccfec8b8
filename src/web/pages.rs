//! Rendering pages: what each of them finds as context, and the page for addresses that do not exist.

use super::router::AppState;
use super::security_headers;
use crate::app::shell;
use crate::components::permitted::ASKED;
use crate::components::preferences::{HealthInWords, StateInWords};
use crate::components::rail::first_page;
use crate::components::state_words::BETWEEN;
use crate::engine::Engine;
use crate::engine::gateway::{Confirmation, Principal};
use crate::engine::identity::SignedIn;
use crate::model::account::Viewer;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::Method;
use axum::http::request::Parts;
use axum::response::{IntoResponse, Response};
use leptos::prelude::{IntoView, provide_context, with_context};

/// What every page and server function finds as context.
pub(super) fn context(state: &AppState) -> impl Fn() + Clone + Send + Sync + 'static {
    let engine = state.engine.clone();
    let watched = matches!(state.options.env, leptos::config::Env::DEV);
    let reload = watched.then(|| format!("ws://127.0.0.1:{0} ws://localhost:{0}", state.options.reload_port));
    move || {
        provide_context(engine.clone());
        // What is true of this installation is told to those who may use it.
        if let Some(viewer) = viewer(&engine) {
            provide_context(viewer);
            provide_context(StateInWords(state_in_words(&engine)));
            provide_context(HealthInWords(engine.gateway.overall()));
        }
        security_headers::allow_own_scripts(reload.as_deref());
    }
}

/// The document around a page.
pub(super) fn document(
    state: &AppState,
) -> impl Fn() -> leptos::prelude::AnyView + Clone + Send + Sync + 'static {
    use leptos::prelude::IntoAny;
    let (options, browser_side) = (state.options.clone(), state.browser_side.clone());
    move || shell(options.clone(), &browser_side).into_view().into_any()
}

/// The page at the address of a form as the answer to it, with what came of it as further context.
pub(super) async fn with<T: Clone + Send + Sync + 'static>(
    state: &AppState,
    parts: Parts,
    told: T,
) -> Response {
    let context = context(state);
    let context = move || {
        context();
        provide_context(told.clone());
    };
    let mut page = Request::from_parts(parts, Body::empty());
    *page.method_mut() = Method::GET;
    let render = leptos_axum::render_app_async_with_context(context, document(state));
    render(page).await.into_response()
}

/// Renders the application at an address that is in no table: it says so, with status 404.
pub(super) fn fallback(
    state: &AppState,
) -> impl Fn(State<AppState>, Request) -> std::pin::Pin<Box<dyn Future<Output = Response> + Send>>
+ Clone
+ Send
+ Sync
+ 'static {
    let render = leptos_axum::render_app_async_with_context(context(state), document(state));
    move |_: State<AppState>, request: Request| {
        let rendering = render(request);
        Box::pin(async move {
            let mut response = rendering.await.into_response();
            *response.status_mut() = axum::http::StatusCode::NOT_FOUND;
            response
        })
    }
}

/// Who asks for the page, and what they may use.
fn viewer(engine: &Engine) -> Option<Viewer> {
    with_context(|parts: &Parts| viewer_of(parts, engine)).flatten()
}

fn viewer_of(parts: &Parts, engine: &Engine) -> Option<Viewer> {
    let SignedIn { principal, confirmation, .. } = parts.extensions.get::<SignedIn>()?;
    // The script of a page shows no menu.
    let asked: &[&str] = if parts.uri.path().starts_with("/fn/") { &[] } else { &ASKED };
    let may = engine.gateway.offered(principal, asked);
    Some(Viewer {
        name: principal.name.clone(),
        role: principal.role,
        may: may.into_iter().map(str::to_owned).collect(),
        confirm_due: *confirmation == Confirmation::Due,
    })
}

/// The first page of somebody's menu, where they begin.
pub(super) fn first(engine: &Engine, principal: &Principal) -> &'static str {
    first_page(|operation| engine.gateway.offers(principal, operation)).1
}

fn state_in_words(engine: &Engine) -> String {
    let place = if engine.config.embedded.is_some() { "On this machine" } else { "AWS account" };
    if engine.config.demo { format!("{place}{BETWEEN}sample label") } else { place.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::gateway::policy::PERMISSIONS;

    #[test]
    fn what_menus_and_pages_ask_about_has_a_row_in_the_table_of_permissions() {
        for operation in ASKED {
            assert!(PERMISSIONS.iter().any(|row| row.operation == operation), "{operation}");
        }
    }
}
