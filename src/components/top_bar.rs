//! The bar over every page: the menu on small screens, the place, search, state in words, theme.

use super::account::Account;
use super::health_badge::OverallHealth;
use super::icon::{Glyph, Icon};
use super::permitted::may;
use super::preferences::state_in_words;
use super::rail::{Drawer, place};
use super::theme_switch::ThemeSwitch;
use leptos::prelude::*;
use leptos_router::hooks::use_location;

/// The bar.
#[component]
pub fn TopBar() -> impl IntoView {
    let path = use_location().pathname;
    let state = state_in_words();
    view! {
        <header class="top-bar">
            <Drawer />
            <p class="place">
                {move || match path.with(|path| place(path)) {
                    Some((name, address)) => view! { <a href=address>{name}</a> }.into_any(),
                    None => view! { <a href="/">"Patchline"</a> }.into_any(),
                }}
            </p>
            {may("browse_artists").then(|| view! { <ArtistSearch /> })}
            <OverallHealth />
            {state.map(|words| view! { <p class="state-words">{words}</p> })}
            <ThemeSwitch />
            <Account />
        </header>
    }
}

#[component]
fn ArtistSearch() -> impl IntoView {
    view! {
        <form class="top-search" method="get" action="/artists" role="search" aria-label="Find an artist">
            <Icon glyph=Glyph::Search />
            <input
                type="search"
                name="search"
                aria-label="Find an artist"
                placeholder="Find an artist"
                autocomplete="off"
                maxlength="100"
            />
        </form>
    }
}
