//! The page `/signed-out`: the session here has ended, and whoever came by a provider can end that one, too.

use crate::components::page_heading::PageHeading;
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

/// Given by the web layer as context: what is so after a sign-out.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignedOut {
    /// What people call the provider, and what is so there; none where there is no provider.
    pub provider: Option<(String, AtProvider)>,
}

/// What is so at the provider at which people sign in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum AtProvider {
    /// It has a page where people sign out.
    HasWayOut,
    /// It has none that it tells of.
    HasNone,
    /// It does not answer.
    Away,
    /// It has sent somebody back who was led to that page.
    CameBack,
}

/// The page `/signed-out`.
#[component]
pub fn SignedOutPage() -> impl IntoView {
    let told = use_context::<SignedOut>().unwrap_or_default();
    let opening = Resource::new(|| (), move |()| std::future::ready(told.clone()));
    view! {
        <div class="outside">
            <PageHeading title="You are signed out of Patchline" />
            <Suspense>
                {move || Suspend::new(async move {
                    let SignedOut { provider } = opening.await;
                    provider.map(|(name, so)| view! { <ThereToo name=name so=so /> })
                })}
            </Suspense>
            <p>
                <a href="/sign-in" rel="external">
                    "Sign in again"
                </a>
            </p>
        </div>
    }
}

/// What is so at the provider, with the way out there.
#[component]
fn ThereToo(name: String, so: AtProvider) -> impl IntoView {
    let words = match so {
        AtProvider::HasWayOut => format!(
            "You may still be signed in at {name}. Then whoever uses this browser next can come in without a \
             password."
        ),
        AtProvider::HasNone => format!(
            "You may still be signed in at {name}, which tells no page where you could sign out. Sign out on \
             its own pages if others use this browser."
        ),
        AtProvider::Away => format!(
            "You may still be signed in at {name}, which does not answer just now. Try again in a minute, or \
             sign out on its own pages if others use this browser."
        ),
        AtProvider::CameBack => {
            format!(
                "You are back from {name}. If you agreed there to sign out, you are signed out there, too."
            )
        }
    };
    let link = (so == AtProvider::HasWayOut).then(|| {
        view! {
            <p class="other-way-in">
                <a class="button" href="/sign-out/openid" rel="external">
                    {format!("Sign out at {name}, too")}
                </a>
            </p>
        }
    });
    view! {
        <p>{words}</p>
        {link}
    }
}
