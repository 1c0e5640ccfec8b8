//! The table of addresses, and the layers that every request passes.

use super::artist_form::ArtistDetails;
use super::release_form::ReleaseDetails;
use super::{
    account_form, audio_export, audio_form, audit_export, automation_form, checks_form, confirm,
    contracts_form, craft_export, details_form, events, export, fleet, guard, health, health_form,
    imports_form, keys_form, knowledge_form, mcp, media, metrics, oauth, openapi, openid, pages, policy_form,
    preferences, release_files_form, release_form, rest, security_headers, server_functions, settings_form,
    sign_in, signed_out, site, spectrogram, statement_export, statement_form, streams, task_export,
    task_templates_form, tasks_form, tasks_rest, tools_form, turns, upload, upload_parts, users_form,
    visitors,
};
use crate::app::BrowserSide;
use crate::engine::Engine;
use crate::engine::gateway::Channel;
use axum::Router;
use axum::extract::{DefaultBodyLimit, FromRef};
use axum::middleware;
use axum::routing::{MethodRouter, any, delete, get, post, put};
use leptos::config::LeptosOptions;
use leptos_axum::LeptosRoutes;
use std::time::Duration;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::{CompressionLayer, CompressionLevel};
use tower_http::csrf::CsrfLayer;

/// The largest body that is read into memory: a file of 16 MiB in base64, with what is around it.
pub(super) const MAX_BODY: usize = 24 * 1024 * 1024;

/// How hard answers are compressed. The number means the same for all: the fastest level that still makes
/// pages small. `Fastest` would take levels of zstd that hardly compress.
const COMPRESSION: CompressionLevel = CompressionLevel::Precise(1);

/// What handlers need.
#[derive(Clone, FromRef)]
pub(super) struct AppState {
    pub(super) engine: Engine,
    pub(super) options: LeptosOptions,
    pub(super) browser_side: BrowserSide,
    pub(super) readiness: health::Readiness,
    pub(super) streams: streams::Streams,
    pub(super) turns: turns::Turns,
}

/// Everything that Patchline serves.
pub fn router(engine: Engine, options: LeptosOptions) -> Router {
    router_with(engine, options, |handler| handler)
}

/// The same with something around each handler of MCP, which is how the conformance suite gets the tools
/// that it needs without the product having them.
pub fn router_with<H>(
    engine: Engine,
    options: LeptosOptions,
    wrap: impl Fn(mcp::Handler) -> H + Clone + Send + Sync + 'static,
) -> Router
where
    H: rmcp::ServerHandler,
{
    let streams = streams::Streams::of_pages();
    let mcp = mcp::routes(&engine, &streams.of(Channel::Mcp), wrap);
    let readiness = health::Readiness::new(engine.clone(), Duration::from_secs(2));
    let browser_side = BrowserSide::new(options.clone());
    let turns = turns::Turns::new();
    let state = AppState { engine, options, browser_side, readiness, streams, turns };
    let engine = state.engine.clone();
    Router::new()
        .merge(people(&state))
        .merge(programs(&state))
        .merge(machines())
        .merge(site::files(&state.options))
        .with_state(state)
        .merge(mcp)
        .layer(middleware::from_fn_with_state(engine, oauth::lead_to_metadata))
        .layer(CsrfLayer::new().with_rejection_response(guard::foreign_page))
        .layer(middleware::from_fn(guard::other_sites_cause_nothing))
        .layer(middleware::from_fn(guard::loopback_hosts_only))
        .layer(CatchPanicLayer::new())
        .layer(middleware::from_fn(security_headers::set))
}

/// What people ask for in a browser, who are known by their session.
fn people(state: &AppState) -> Router<AppState> {
    let servers = &state.engine.config.servers;
    let files = if servers.s3 { files() } else { Router::new() };
    let knowledge = if servers.bedrock { knowledge() } else { Router::new() };
    Router::new()
        .merge(pages(state))
        .merge(files)
        .merge(knowledge)
        .route("/events/health", get(events::health))
        .route("/events/audit", get(events::audit))
        .route("/events/tasks/{id}", get(events::task))
        .route("/events/tasks/shared", get(events::shared_task))
        .fallback(pages::fallback(state))
        .layer(middleware::from_fn(visitors::lead_to_sign_in))
        .layer(middleware::from_fn_with_state(state.clone(), visitors::recognise))
        .layer(middleware::from_fn_with_state(state.clone(), visitors::sessions))
}

/// The pages, the forms on them, and what they offer for download: all that is compressed.
fn pages(state: &AppState) -> Router<AppState> {
    // The pages at these addresses are shown where somebody is not let in.
    let own = [openid::BEGIN, openid::CALLBACK, signed_out::PAGE].map(str::to_owned).to_vec();
    let routes = leptos_axum::generate_route_list_with_exclusions(crate::app::App, Some(own));
    Router::new()
        .leptos_routes_with_context(state, routes, pages::context(state), pages::document(state))
        .merge(sign_in_forms())
        .merge(administration_forms())
        .merge(task_forms())
        .merge(catalogue_forms())
        .merge(other_forms())
        .merge(exports())
        .layer(middleware::from_fn_with_state(state.clone(), server_functions::record_unread))
        .layer(DefaultBodyLimit::max(MAX_BODY))
        .layer(CompressionLayer::new().quality(COMPRESSION))
}

/// The limit of a form of a few fields.
fn small() -> DefaultBodyLimit {
    DefaultBodyLimit::max(sign_in::LARGEST_FORM)
}

/// Coming in, showing once more who one is, leaving, and one's own account.
fn sign_in_forms() -> Router<AppState> {
    Router::new()
        .route("/sign-in", post(sign_in::submit).layer(small()))
        .route(openid::BEGIN, get(openid::begin))
        .route(openid::CALLBACK, get(openid::finish))
        .route("/sign-out", post(sign_in::sign_out).layer(small()))
        .route(signed_out::PAGE, get(signed_out::show))
        .route(signed_out::LEAVE, get(signed_out::leave))
        .route("/welcome", post(sign_in::welcome).layer(small()))
        .route(confirm::PAGE, post(confirm::submit).layer(small()))
        .route(confirm::BEGIN, get(confirm::begin))
        .route("/account", post(account_form::submit).layer(small()))
}

/// What admins change, and keys, which everybody has.
fn administration_forms() -> Router<AppState> {
    Router::new()
        .route(
            "/admin/users",
            post(users_form::submit).layer(DefaultBodyLimit::max(users_form::LARGEST_FORM)),
        )
        .route(
            "/admin/policy",
            post(policy_form::submit).layer(DefaultBodyLimit::max(policy_form::LARGEST_FORM)),
        )
        .route("/admin/settings", post(settings_form::submit).layer(small()))
        .route("/keys", post(keys_form::submit).layer(small()))
        .route("/admin/keys", post(keys_form::submit_for_all).layer(small()))
        .route("/health", post(health_form::submit))
}

/// Tasks, their templates, and what begins them by itself.
fn task_forms() -> Router<AppState> {
    let task = || DefaultBodyLimit::max(tasks_form::LARGEST_FORM);
    let automation = || DefaultBodyLimit::max(automation_form::LARGEST_FORM);
    Router::new()
        .route("/tasks", post(tasks_form::start).layer(task()))
        .route("/tasks/{id}", post(tasks_form::decide).layer(small()))
        .route("/tasks/templates", post(task_templates_form::submit).layer(task()))
        .route("/tasks/automation", post(automation_form::create).layer(automation()))
        .route("/tasks/automation/{id}", post(automation_form::change).layer(automation()))
}

/// Artists, releases, contracts, recordings and imports.
fn catalogue_forms() -> Router<AppState> {
    Router::new()
        .route(
            "/contracts/{id}",
            post(contracts_form::submit).layer(DefaultBodyLimit::max(contracts_form::LARGEST_FORM)),
        )
        .route(
            "/releases/{id}",
            post(checks_form::submit).layer(DefaultBodyLimit::max(checks_form::LARGEST_FORM)),
        )
        .route(
            "/releases/{id}/edit",
            post(details_form::submit::<ReleaseDetails>)
                .layer(DefaultBodyLimit::max(release_form::LARGEST_FORM)),
        )
        .route("/releases/{id}/files", post(release_files_form::submit).layer(DefaultBodyLimit::disable()))
        .route("/artists/{id}/edit", post(details_form::submit::<ArtistDetails>).layer(small()))
        .route("/artists/{id}/statement", post(statement_form::submit).layer(small()))
        .route("/audio", post(audio_form::upload).layer(DefaultBodyLimit::disable()))
        .route("/audio/{id}", post(audio_form::change).layer(small()))
        .route("/imports", post(imports_form::bring).layer(DefaultBodyLimit::disable()))
        .route("/imports/fetch", post(imports_form::fetch))
        .route("/imports/{id}", post(imports_form::decide))
}

/// Tools, knowledge, and the colours.
fn other_forms() -> Router<AppState> {
    Router::new()
        .route("/tools", post(tools_form::submit).layer(DefaultBodyLimit::disable()))
        .route(
            "/knowledge",
            post(knowledge_form::submit).layer(DefaultBodyLimit::max(knowledge_form::LARGEST_FORM)),
        )
        .route("/theme", post(preferences::set_theme))
}

/// What pages offer for download.
fn exports() -> Router<AppState> {
    Router::new()
        .route("/export/logs", read(get(export::logs)))
        .route("/export/activity", read(get(export::activity)))
        .route("/export/audit", read(get(audit_export::audit)))
        .route("/export/releases/{id}/checks.json", read(get(checks_form::export)))
        .route("/export/audio/{name}", read(get(audio_export::recording)))
        .route("/export/artists.csv", read(get(craft_export::artists)))
        .route("/export/artists/{name}", read(get(craft_export::artist)))
        .route("/export/comparison.csv", read(get(craft_export::comparison)))
        .route("/export/market.csv", read(get(craft_export::market)))
        .route("/export/calendar.csv", read(get(craft_export::calendar)))
        .route("/export/report.csv", read(get(craft_export::report)))
        .route("/export/statements/{name}", read(get(statement_export::statement)))
        .route("/export/statement-lines/{name}", read(get(statement_export::lines)))
        .route("/export/unsettled-lines/{name}", read(get(statement_export::unsettled)))
        .route("/export/imports/{id}", read(get(imports_form::problems)))
        .route("/export/tasks/{name}", read(get(task_export::task)))
        .route("/export/tasks/shared/{name}", read(get(task_export::shared_task)))
}

/// The files of the label, out and in.
fn files() -> Router<AppState> {
    Router::new()
        .route("/media/spectrogram/{bucket}/{*key}", read(get(spectrogram::open)))
        .route("/media/{bucket}/{*key}", read(get(media::open)))
        .route("/upload/audio", streamed(put(upload::audio)))
        .route("/upload/parts", parts(post(upload_parts::begin)))
        .route("/upload/parts/{id}", parts(delete(upload_parts::cancel)))
        .route("/upload/parts/{id}/finish", parts(post(upload_parts::finish)))
        .route("/upload/parts/{id}/{number}", parts(put(upload_parts::part)))
}

/// Documents in, and answers as they are written. These are not compressed: each event must leave at once.
fn knowledge() -> Router<AppState> {
    Router::new()
        .route("/upload/document", streamed(put(upload::document)))
        .route("/events/knowledge/answer", read(get(events::answer)))
}

/// What watches over the process asks, and clients that look for the way in.
fn machines() -> Router<AppState> {
    Router::new()
        .route("/livez", get(health::live))
        .route("/readyz", get(health::ready))
        .route("/metrics", get(metrics::collect))
        .route(oauth::METADATA, get(oauth::metadata))
        .route(oauth::METADATA_OF_PATH, get(oauth::metadata_of_path))
}

/// What programs call, with a key.
fn programs(state: &AppState) -> Router<AppState> {
    Router::new()
        .route("/api/tools", get(rest::list).fallback(rest::wrong_method))
        .route("/api/tools/{name}", post(rest::run).fallback(rest::wrong_method))
        .route("/api/aws-mcp", get(tasks_rest::tell).post(tasks_rest::run).fallback(rest::wrong_method))
        .route(
            "/api/tasks/{id}",
            get(tasks_rest::view).delete(tasks_rest::cancel).fallback(rest::wrong_method),
        )
        .route("/api/fleet", get(fleet::view).fallback(rest::wrong_method))
        .route("/api/fleet/{server}", get(fleet::view_one).fallback(rest::wrong_method))
        .route("/api/fleet/{server}/approve", post(fleet::approve).fallback(rest::wrong_method))
        .route("/api/fleet/{server}/drain", post(fleet::drain).fallback(rest::wrong_method))
        .route("/api/fleet/{server}/enable", post(fleet::enable).fallback(rest::wrong_method))
        .route("/api/openapi.json", get(openapi::describe).fallback(rest::wrong_method))
        .route("/api/{*path}", any(rest::unknown))
        // Servers that are switched off, too.
        .route("/mcp/{*path}", any(rest::unknown))
        .layer(middleware::from_fn_with_state(state.clone(), guard::keys_and_no_sessions))
        .layer(DefaultBodyLimit::max(MAX_BODY))
        .layer(CompressionLayer::new().quality(COMPRESSION))
}

/// An address that other methods are told of in the form of REST.
fn read(method: MethodRouter<AppState>) -> MethodRouter<AppState> {
    method.fallback(rest::wrong_method)
}

/// An address of uploads that come in parts, which are held in memory one by one.
fn parts(upload: MethodRouter<AppState>) -> MethodRouter<AppState> {
    upload.fallback(rest::wrong_method).layer(DefaultBodyLimit::max(upload_parts::LARGEST_PART))
}

/// An address that takes a body of any size, piece by piece.
fn streamed(upload: MethodRouter<AppState>) -> MethodRouter<AppState> {
    upload.fallback(rest::wrong_method).layer(DefaultBodyLimit::disable())
}
