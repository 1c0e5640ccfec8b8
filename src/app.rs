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
    EditReleaseRoute, HealthRoute, ImportRoute, ImportsRoute, KeysRoute, KnowledgeRoute, LogsRoute,
    MarketRoute, OverviewRoute, PerformanceRoute, PolicyRoute, RecordingRoute, ReleaseRoute, ReleasesRoute,
    ReportRoute, ServerRoute, SettingsRoute, SharedTaskRoute, SignInRoute, SignedOutRoute, StatementRoute,
    TaskRoute, TasksRoute, TemplatesRoute, ToolsRoute, UsersRoute, WelcomeRoute,
};
use crate::pages::not_found::NotFoundPage;
use crate::pages::overall::follow_overall;
use leptos::prelude::*;
use leptos_meta::{Title, provide_meta_context};
use leptos_router::components::{FlatRoutes, Route, Router};
use leptos_router::{Lazy, SsrMode, path};

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
                            <Route path=path!("/") view={Lazy::<OverviewRoute>::new()} ssr=SsrMode::Async />
                            <Route path=path!("/tasks") view={Lazy::<TasksRoute>::new()} ssr=SsrMode::Async />
                            <Route path=path!("/tasks/automation") view={Lazy::<AutomationsRoute>::new()} ssr=SsrMode::Async />
                            <Route path=path!("/tasks/automation/:id") view={Lazy::<AutomationRoute>::new()} ssr=SsrMode::Async />
                            <Route path=path!("/tasks/shared") view={Lazy::<SharedTaskRoute>::new()} ssr=SsrMode::Async />
                            <Route path=path!("/tasks/templates") view={Lazy::<TemplatesRoute>::new()} ssr=SsrMode::Async />
                            <Route path=path!("/tasks/:id") view={Lazy::<TaskRoute>::new()} ssr=SsrMode::Async />
                            <Route path=path!("/artists") view={Lazy::<ArtistsRoute>::new()} ssr=SsrMode::Async />
                            <Route path=path!("/artists/compare") view={Lazy::<CompareRoute>::new()} ssr=SsrMode::Async />
                            <Route path=path!("/artists/:id") view={Lazy::<ArtistRoute>::new()} ssr=SsrMode::Async />
                            <Route path=path!("/artists/:id/statement") view={Lazy::<StatementRoute>::new()} ssr=SsrMode::Async />
                            <Route path=path!("/releases") view={Lazy::<ReleasesRoute>::new()} ssr=SsrMode::Async />
                            <Route path=path!("/releases/calendar") view={Lazy::<CalendarRoute>::new()} ssr=SsrMode::Async />
                            <Route path=path!("/releases/:id") view={Lazy::<ReleaseRoute>::new()} ssr=SsrMode::Async />
                            <Route path=path!("/releases/:id/edit") view={Lazy::<EditReleaseRoute>::new()} ssr=SsrMode::Async />
                            <Route path=path!("/contracts") view={Lazy::<ContractsRoute>::new()} ssr=SsrMode::Async />
                            <Route path=path!("/contracts/:id") view={Lazy::<ContractRoute>::new()} ssr=SsrMode::Async />
                            <Route path=path!("/audio") view={Lazy::<AudioRoute>::new()} ssr=SsrMode::Async />
                            <Route path=path!("/audio/:id") view={Lazy::<RecordingRoute>::new()} ssr=SsrMode::Async />
                            <Route path=path!("/market") view={Lazy::<MarketRoute>::new()} ssr=SsrMode::Async />
                            <Route path=path!("/report") view={Lazy::<ReportRoute>::new()} ssr=SsrMode::Async />
                            <Route path=path!("/imports") view={Lazy::<ImportsRoute>::new()} ssr=SsrMode::Async />
                            <Route path=path!("/imports/:id") view={Lazy::<ImportRoute>::new()} ssr=SsrMode::Async />
                            <Route path=path!("/knowledge") view={Lazy::<KnowledgeRoute>::new()} ssr=SsrMode::Async />
                            <Route path=path!("/tools") view={Lazy::<ToolsRoute>::new()} ssr=SsrMode::Async />
                            <Route path=path!("/logs") view={Lazy::<LogsRoute>::new()} ssr=SsrMode::Async />
                            <Route path=path!("/health") view={Lazy::<HealthRoute>::new()} ssr=SsrMode::Async />
                            <Route path=path!("/health/:server") view={Lazy::<ServerRoute>::new()} ssr=SsrMode::Async />
                            <Route path=path!("/performance") view={Lazy::<PerformanceRoute>::new()} ssr=SsrMode::Async />
                            <Route path=path!("/admin/policy") view={Lazy::<PolicyRoute>::new()} ssr=SsrMode::Async />
                            <Route path=path!("/admin/settings") view={Lazy::<SettingsRoute>::new()} ssr=SsrMode::Async />
                            <Route path=path!("/keys") view={Lazy::<KeysRoute>::new()} ssr=SsrMode::Async />
                            <Route path=path!("/admin/keys") view={Lazy::<AllKeysRoute>::new()} ssr=SsrMode::Async />
                            <Route path=path!("/admin/users") view={Lazy::<UsersRoute>::new()} ssr=SsrMode::Async />
                            <Route path=path!("/account") view={Lazy::<AccountRoute>::new()} ssr=SsrMode::Async />
                            <Route path=path!("/confirm") view={Lazy::<ConfirmRoute>::new()} ssr=SsrMode::Async />
                            <Route path=path!("/admin/audit") view={Lazy::<AuditRoute>::new()} ssr=SsrMode::Async />
                            <Route path=path!("/sign-in") view={Lazy::<SignInRoute>::new()} ssr=SsrMode::Async />
                            <Route path=path!("/sign-in/openid") view={Lazy::<SignInRoute>::new()} ssr=SsrMode::Async />
                            <Route path=path!("/sign-in/openid/callback") view={Lazy::<SignInRoute>::new()} ssr=SsrMode::Async />
                            <Route path=path!("/signed-out") view={Lazy::<SignedOutRoute>::new()} ssr=SsrMode::Async />
                            <Route path=path!("/welcome") view={Lazy::<WelcomeRoute>::new()} ssr=SsrMode::Async />
                        </FlatRoutes>
                    </main>
                </div>
            </div>
        </Router>
    }
}
