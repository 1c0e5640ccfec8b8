//! Rendering pages: what each of them finds as context, and the page for addresses that do not exist.

use super::router::AppState;
use super::security_headers;
use crate::app::shell;
use crate::components::preferences::{HealthInWords, StateInWords};
use crate::engine::Engine;
use crate::engine::identity::SignedIn;
use crate::model::account::Viewer;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::Method;
use axum::http::request::Parts;
use axum::response::{IntoResponse, Response};
use leptos::prelude::{IntoView, provide_context, use_context};

/// What every page and server function finds as context.
pub(super) fn context(state: &AppState) -> impl Fn() + Clone + Send + Sync + 'static {
    let engine = state.engine.clone();
    let watched = matches!(state.options.env, leptos::config::Env::DEV);
    let reload = watched.then(|| format!("ws://127.0.0.1:{0} ws://localhost:{0}", state.options.reload_port));
    move || {
        provide_context(engine.clone());
        // What is true of this installation is told to those who may use it.
        if let Some(viewer) = viewer() {
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
    let options = state.options.clone();
    move || shell(options.clone()).into_view().into_any()
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

/// Who asks for the page.
fn viewer() -> Option<Viewer> {
    let parts = use_context::<Parts>()?;
    let SignedIn { principal, .. } = parts.extensions.get::<SignedIn>()?;
    Some(Viewer { name: principal.name.clone(), role: principal.role })
}

fn state_in_words(engine: &Engine) -> String {
    let place = if engine.config.embedded.is_some() { "On this machine" } else { "AWS account" };
    let sample = if engine.config.demo { " · sample label" } else { "" };
    format!("{place}{sample}")
}
