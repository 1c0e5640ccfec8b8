//! The pages as routes whose code the browser loads when they are opened, each as a file of its own.
//!
//! Files of their own need `cargo leptos build --split` with the feature `lazy-pages`, as `scripts/build`
//! calls it. Without, as in `cargo leptos watch`, the same routes are in one file.

use super::account::AccountPage;
use super::artists::artist::ArtistPage;
use super::artists::compare::ComparePage;
use super::artists::edit::EditArtistPage;
use super::artists::list::ArtistsPage;
use super::artists::statement::StatementPage;
use super::audio::list::AudioPage;
use super::audio::recording::RecordingPage;
use super::audit::AuditLogPage;
use super::automation::AutomationsPage;
use super::automation::one::AutomationPage;
use super::confirm::ConfirmPage;
use super::contracts::contract::ContractPageView;
use super::contracts::list::ContractsPage;
use super::health::HealthPage;
use super::health::server::ServerPage;
use super::imports::list::ImportsPage;
use super::imports::one::ImportPage;
use super::keys::{AllKeysPage, KeysPage};
use super::knowledge::KnowledgePage;
use super::logs::LogsPage;
use super::market::MarketPage;
use super::overview::OverviewPage;
use super::performance::PerformancePage;
use super::policy::PolicyPage;
use super::releases::calendar::CalendarPage;
use super::releases::edit::EditReleasePage;
use super::releases::files::ReleaseFilesPage;
use super::releases::list::ReleasesPage;
use super::releases::release::ReleasePage;
use super::report::ReportPage;
use super::settings::SettingsPage;
use super::sign_in::SignInPage;
use super::signed_out::SignedOutPage;
use super::tasks::TasksPage;
use super::tasks::shared::SharedTaskPage;
use super::tasks::task::TaskPage;
use super::tasks::templates::TemplatesPage;
use super::tools::ToolsPage;
use super::users::UsersPage;
use super::welcome::WelcomePage;
use leptos::prelude::*;
#[cfg(any(feature = "ssr", feature = "lazy-pages"))]
use leptos_router::lazy_route;
use leptos_router::{ChooseView, LazyRoute};
use std::pin::Pin;

/// A page whose code the browser loads when it is opened, as the table of routes has it. One type for all of them: of
/// what the router needs for a type of view, one is in the part that each page loads, and not one for each page.
#[derive(Debug, Clone, Copy)]
pub struct LazyPage {
    view: fn() -> Soon<AnyView>,
    preload: fn() -> Soon<()>,
}

/// What is there when the code is.
type Soon<T> = Pin<Box<dyn Future<Output = T>>>;

impl LazyPage {
    /// The page of a route type.
    pub fn of<R: LazyRoute>() -> Self {
        Self { view: || Box::pin(R::view(R::data())), preload: || Box::pin(R::preload()) }
    }
}

impl ChooseView for LazyPage {
    async fn choose(self) -> AnyView {
        (self.view)().await
    }

    async fn preload(&self) {
        (self.preload)().await;
    }
}

/// A route type for a page. What the page reads begins with the page itself, as its code is small.
macro_rules! lazy_pages {
    ($($route:ident => $page:ident,)*) => {$(
        #[doc = concat!("The route of [`", stringify!($page), "`].")]
        #[derive(Debug)]
        pub struct $route;

        #[cfg(any(feature = "ssr", feature = "lazy-pages"))]
        #[lazy_route]
        impl LazyRoute for $route {
            fn data() -> Self {
                Self
            }

            fn view(_this: Self) -> AnyView {
                view! { <$page /> }.into_any()
            }
        }

        #[cfg(not(any(feature = "ssr", feature = "lazy-pages")))]
        impl LazyRoute for $route {
            fn data() -> Self {
                Self
            }

            async fn view(_this: Self) -> AnyView {
                view! { <$page /> }.into_any()
            }
        }
    )*};
}

lazy_pages! {
    OverviewRoute => OverviewPage,
    ArtistsRoute => ArtistsPage,
    CompareRoute => ComparePage,
    ArtistRoute => ArtistPage,
    EditArtistRoute => EditArtistPage,
    StatementRoute => StatementPage,
    ReleasesRoute => ReleasesPage,
    CalendarRoute => CalendarPage,
    ReleaseRoute => ReleasePage,
    EditReleaseRoute => EditReleasePage,
    ReleaseFilesRoute => ReleaseFilesPage,
    ContractsRoute => ContractsPage,
    ContractRoute => ContractPageView,
    AudioRoute => AudioPage,
    RecordingRoute => RecordingPage,
    MarketRoute => MarketPage,
    ReportRoute => ReportPage,
    ImportsRoute => ImportsPage,
    ImportRoute => ImportPage,
    KnowledgeRoute => KnowledgePage,
    TasksRoute => TasksPage,
    TaskRoute => TaskPage,
    SharedTaskRoute => SharedTaskPage,
    TemplatesRoute => TemplatesPage,
    AutomationsRoute => AutomationsPage,
    AutomationRoute => AutomationPage,
    ToolsRoute => ToolsPage,
    LogsRoute => LogsPage,
    HealthRoute => HealthPage,
    ServerRoute => ServerPage,
    PerformanceRoute => PerformancePage,
    PolicyRoute => PolicyPage,
    SettingsRoute => SettingsPage,
    KeysRoute => KeysPage,
    AllKeysRoute => AllKeysPage,
    UsersRoute => UsersPage,
    AccountRoute => AccountPage,
    ConfirmRoute => ConfirmPage,
    AuditRoute => AuditLogPage,
    SignInRoute => SignInPage,
    SignedOutRoute => SignedOutPage,
    WelcomeRoute => WelcomePage,
}
