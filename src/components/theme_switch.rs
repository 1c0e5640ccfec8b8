//! Light, dark or as the system: a form without JavaScript, at once with it.

use super::browser;
use super::icon::{Glyph, Icon};
use super::preferences::{Preferences, THEME_ATTRIBUTE, THEME_COOKIE, Theme};
use leptos::prelude::*;
use leptos_router::hooks::use_location;

/// Three buttons, of which one is pressed.
#[component]
pub fn ThemeSwitch() -> impl IntoView {
    let chosen =
        RwSignal::new(with_context(|preferences: &Preferences| preferences.theme).unwrap_or_default());
    let location = use_location();
    let here = move || {
        let search = location.search.get();
        let separator = if search.is_empty() || search.starts_with('?') { "" } else { "?" };
        format!("{}{separator}{search}", location.pathname.get())
    };
    view! {
        <form method="post" action="/theme">
            <input type="hidden" name="return" value=here />
            <div class="theme-switch" role="group" aria-label="Colours">
            {Theme::ALL
                .into_iter()
                .map(|theme| {
                    let choose = move |event: leptos::ev::MouseEvent| {
                        event.prevent_default();
                        chosen.set(theme);
                        browser::set_root_attribute(THEME_ATTRIBUTE, theme.id());
                        browser::set_cookie(THEME_COOKIE, theme.id());
                    };
                    view! {
                        <button
                            type="submit"
                            name=THEME_COOKIE
                            value=theme.id()
                            aria-pressed=move || if chosen.get() == theme { "true" } else { "false" }
                            aria-label=theme.label()
                            title=theme.label()
                            on:click=choose
                        >
                            <Icon glyph=glyph(theme) />
                        </button>
                    }
                })
                .collect_view()}
            </div>
        </form>
    }
}

fn glyph(theme: Theme) -> Glyph {
    match theme {
        Theme::Light => Glyph::Sun,
        Theme::Dark => Glyph::Moon,
        Theme::System => Glyph::Screen,
    }
}
