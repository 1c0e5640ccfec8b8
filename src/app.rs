//! HTML shell and the table of routes.

#[cfg(feature = "ssr")]
mod browser_side;

#[cfg(feature = "ssr")]
pub use browser_side::BrowserSide;

use crate::components::page_heading::FocusedPath;
use crate::components::preferences::Preferences;
use crate::components::rail::Rail;
use crate::components::top_bar::TopBar;
use crate::pages::lazy::{
    AccountRoute, AllKeysRoute, ArtistRoute, ArtistsRoute, AudioRoute, AuditRoute, AutomationRoute,
    AutomationsRoute, CalendarRoute, CompareRoute, ConfirmRoute, ContractRoute, ContractsRoute,
    EditArtistRoute, EditReleaseRoute, HealthRoute, ImportRoute, ImportsRoute, KeysRoute, KnowledgeRoute,
    LazyPage, LogsRoute, MarketRoute, OverviewRoute, PerformanceRoute, PolicyRoute, RecordingRoute,
    ReleaseFilesRoute, ReleaseRoute, ReleasesRoute, ReportRoute, ServerRoute, SettingsRoute, SharedTaskRoute,
    SignInRoute, SignedOutRoute, StatementRoute, TaskRoute, TasksRoute, TemplatesRoute, ToolsRoute,
    UsersRoute, WelcomeRoute,
};
use crate::pages::not_found::NotFoundPage;
use crate::pages::overall::follow_overall;
use leptos::prelude::*;
use leptos_meta::{Title, provide_meta_context};
use leptos_router::components::{FlatRoutes, Route, Router};
use leptos_router::{SsrMode, path};

/// The document around [`App`], for `leptos_axum`. What is known of the viewer is written at the
/// `html` element, where style sheet and browser find it before the first paint.
#[cfg(feature = "ssr")]
pub fn shell(options: LeptosOptions, browser_side: &BrowserSide) -> impl IntoView + use<> {
    use crate::model::fleet::Overall;
    use leptos_meta::MetaTags;

    let preferences = Preferences::current();
    view! {
        <!DOCTYPE html>
        <html
            lang="en"
            data-theme=preferences.theme.id()
            data-rail=preferences.rail()
            data-state=preferences.state_in_words
            data-health=preferences.health.as_ref().map(Overall::to_attribute)
            data-viewer=preferences.viewer.as_ref().map(|viewer| viewer.name.clone())
            data-role=preferences.viewer.as_ref().map(|viewer| viewer.role.id())
            data-may=preferences.viewer.as_ref().map(|viewer| viewer.may.join(" "))
            data-confirm=preferences.viewer.as_ref().filter(|viewer| viewer.confirm_due).map(|_| "due")
        >
            <head>
                <meta charset="utf-8" />
                <meta name="viewport" content="width=device-width, initial-scale=1" />
                <meta name="color-scheme" content="light dark" />
                <meta name="description" content="Patchline, the control room of a music label" />
                <link
                    rel="preload"
                    href="/fonts/instrument-sans-latin-wght-normal.woff2"
                    r#as="font"
                    r#type="font/woff2"
                    crossorigin="anonymous"
                />
                <link rel="icon" href="/favicon.svg" r#type="image/svg+xml" />
                <AutoReload options=options />
                {browser_side.tags()}
                <MetaTags />
            </head>
            <body>
                <App />
            </body>
        </html>
    }
}

/// The whole page.
#[component]
pub fn App() -> impl IntoView {
    provide_meta_context();
    let preferences = Preferences::current();
    let signed_in = preferences.viewer.is_some();
    let frame = if signed_in { "shell" } else { "shell is-outside" };
    if signed_in {
        follow_overall(preferences.health.clone().unwrap_or_default());
    }
    provide_context(preferences);
    provide_context(FocusedPath::new());
    view! {
        <Title formatter=|title: String| {
            if title.is_empty() { "Patchline".to_owned() } else { format!("{title} · Patchline") }
        } />
        <Router>
            <a class="skip-link" href="#main" rel="external">
                "Skip to the content"
            </a>
            <div class=frame>
                {signed_in.then(|| view! { <Rail /> })}
                <div class="stage">
                    {signed_in.then(|| view! { <TopBar /> })}
                    <main id="main" tabindex="-1">
                        <FlatRoutes fallback=NotFoundPage>
                            <Route path=path!("/") view={LazyPage::of::<OverviewRoute>()} ssr=SsrMode::Async />
                            <Route path=path!("/tasks") view={LazyPage::of::<TasksRoute>()} ssr=SsrMode::Async />
                            <Route path=path!("/tasks/automation") view={LazyPage::of::<AutomationsRoute>()} ssr=SsrMode::Async />
                            <Route path=path!("/tasks/automation/:id") view={LazyPage::of::<AutomationRoute>()} ssr=SsrMode::Async />
                            <Route path=path!("/tasks/shared") view={LazyPage::of::<SharedTaskRoute>()} ssr=SsrMode::Async />
                            <Route path=path!("/tasks/templates") view={LazyPage::of::<TemplatesRoute>()} ssr=SsrMode::Async />
                            <Route path=path!("/tasks/:id") view={LazyPage::of::<TaskRoute>()} ssr=SsrMode::Async />
                            <Route path=path!("/artists") view={LazyPage::of::<ArtistsRoute>()} ssr=SsrMode::Async />
                            <Route path=path!("/artists/compare") view={LazyPage::of::<CompareRoute>()} ssr=SsrMode::Async />
                            <Route path=path!("/artists/:id") view={LazyPage::of::<ArtistRoute>()} ssr=SsrMode::Async />
                            <Route path=path!("/artists/:id/edit") view={LazyPage::of::<EditArtistRoute>()} ssr=SsrMode::Async />
                            <Route path=path!("/artists/:id/statement") view={LazyPage::of::<StatementRoute>()} ssr=SsrMode::Async />
                            <Route path=path!("/releases") view={LazyPage::of::<ReleasesRoute>()} ssr=SsrMode::Async />
                            <Route path=path!("/releases/calendar") view={LazyPage::of::<CalendarRoute>()} ssr=SsrMode::Async />
                            <Route path=path!("/releases/:id") view={LazyPage::of::<ReleaseRoute>()} ssr=SsrMode::Async />
                            <Route path=path!("/releases/:id/edit") view={LazyPage::of::<EditReleaseRoute>()} ssr=SsrMode::Async />
                            <Route path=path!("/releases/:id/files") view={LazyPage::of::<ReleaseFilesRoute>()} ssr=SsrMode::Async />
                            <Route path=path!("/contracts") view={LazyPage::of::<ContractsRoute>()} ssr=SsrMode::Async />
                            <Route path=path!("/contracts/:id") view={LazyPage::of::<ContractRoute>()} ssr=SsrMode::Async />
                            <Route path=path!("/audio") view={LazyPage::of::<AudioRoute>()} ssr=SsrMode::Async />
                            <Route path=path!("/audio/:id") view={LazyPage::of::<RecordingRoute>()} ssr=SsrMode::Async />
                            <Route path=path!("/market") view={LazyPage::of::<MarketRoute>()} ssr=SsrMode::Async />
                            <Route path=path!("/report") view={LazyPage::of::<ReportRoute>()} ssr=SsrMode::Async />
                            <Route path=path!("/imports") view={LazyPage::of::<ImportsRoute>()} ssr=SsrMode::Async />
                            <Route path=path!("/imports/:id") view={LazyPage::of::<ImportRoute>()} ssr=SsrMode::Async />
                            <Route path=path!("/knowledge") view={LazyPage::of::<KnowledgeRoute>()} ssr=SsrMode::Async />
                            <Route path=path!("/tools") view={LazyPage::of::<ToolsRoute>()} ssr=SsrMode::Async />
                            <Route path=path!("/logs") view={LazyPage::of::<LogsRoute>()} ssr=SsrMode::Async />
                            <Route path=path!("/health") view={LazyPage::of::<HealthRoute>()} ssr=SsrMode::Async />
                            <Route path=path!("/health/:server") view={LazyPage::of::<ServerRoute>()} ssr=SsrMode::Async />
                            <Route path=path!("/performance") view={LazyPage::of::<PerformanceRoute>()} ssr=SsrMode::Async />
                            <Route path=path!("/admin/policy") view={LazyPage::of::<PolicyRoute>()} ssr=SsrMode::Async />
                            <Route path=path!("/admin/settings") view={LazyPage::of::<SettingsRoute>()} ssr=SsrMode::Async />
                            <Route path=path!("/keys") view={LazyPage::of::<KeysRoute>()} ssr=SsrMode::Async />
                            <Route path=path!("/admin/keys") view={LazyPage::of::<AllKeysRoute>()} ssr=SsrMode::Async />
                            <Route path=path!("/admin/users") view={LazyPage::of::<UsersRoute>()} ssr=SsrMode::Async />
                            <Route path=path!("/account") view={LazyPage::of::<AccountRoute>()} ssr=SsrMode::Async />
                            <Route path=path!("/confirm") view={LazyPage::of::<ConfirmRoute>()} ssr=SsrMode::Async />
                            <Route path=path!("/admin/audit") view={LazyPage::of::<AuditRoute>()} ssr=SsrMode::Async />
                            <Route path=path!("/sign-in") view={LazyPage::of::<SignInRoute>()} ssr=SsrMode::Async />
                            <Route path=path!("/sign-in/openid") view={LazyPage::of::<SignInRoute>()} ssr=SsrMode::Async />
                            <Route path=path!("/sign-in/openid/callback") view={LazyPage::of::<SignInRoute>()} ssr=SsrMode::Async />
                            <Route path=path!("/signed-out") view={LazyPage::of::<SignedOutRoute>()} ssr=SsrMode::Async />
                            <Route path=path!("/welcome") view={LazyPage::of::<WelcomeRoute>()} ssr=SsrMode::Async />
                        </FlatRoutes>
                    </main>
                </div>
            </div>
        </Router>
    }
}
