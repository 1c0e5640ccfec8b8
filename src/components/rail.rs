//! The menu: a rail at the left of wide screens, a drawer on small ones.

use super::account::Account;
use super::browser;
use super::health_badge::OverallHealth;
use super::icon::{Glyph, Icon, write_icon};
use super::markup::Markup;
use super::permitted::may;
use super::preferences::{Preferences, RAIL_ATTRIBUTE, RAIL_COOKIE, RAIL_FOLDED, RAIL_WIDE};
use super::state_words::StateWords;
use leptos::html;
use leptos::prelude::*;
use leptos_router::hooks::use_location;

/// A page of the menu.
struct Entry {
    name: &'static str,
    address: &'static str,
    glyph: Glyph,
    /// The operation that it needs; none where it is for everybody who has signed in.
    needs: Option<&'static str>,
}

/// Every page of the menu. Pages join when they exist. What they need is in
/// [`ASKED`](super::permitted::ASKED), too.
const ENTRIES: [Entry; 18] = [
    Entry { name: "Overview", address: "/", glyph: Glyph::Meter, needs: Some("label_overview") },
    Entry { name: "Artists", address: "/artists", glyph: Glyph::Microphone, needs: Some("browse_artists") },
    Entry { name: "Releases", address: "/releases", glyph: Glyph::Record, needs: Some("browse_releases") },
    Entry { name: "Audio", address: "/audio", glyph: Glyph::Wave, needs: Some("browse_recordings") },
    Entry { name: "Contracts", address: "/contracts", glyph: Glyph::Press, needs: Some("browse_contracts") },
    Entry { name: "Market", address: "/market", glyph: Glyph::Globe, needs: Some("view_market") },
    Entry { name: "Imports", address: "/imports", glyph: Glyph::Tray, needs: Some("list_imports") },
    Entry { name: "Tasks", address: "/tasks", glyph: Glyph::Playlist, needs: Some("start_task") },
    Entry { name: "Knowledge", address: "/knowledge", glyph: Glyph::Book, needs: Some("browse_knowledge") },
    Entry { name: "Tools", address: "/tools", glyph: Glyph::Faders, needs: None },
    Entry { name: "Health", address: "/health", glyph: Glyph::Pulse, needs: Some("view_fleet") },
    Entry {
        name: "Performance",
        address: "/performance",
        glyph: Glyph::Dial,
        needs: Some("view_performance"),
    },
    Entry { name: "Logs", address: "/logs", glyph: Glyph::Log, needs: Some("search_logs") },
    Entry { name: "People", address: "/admin/users", glyph: Glyph::Person, needs: Some("list_users") },
    Entry { name: "Keys", address: "/admin/keys", glyph: Glyph::Key, needs: Some("list_keys") },
    Entry { name: "Policy", address: "/admin/policy", glyph: Glyph::Lock, needs: Some("view_policy") },
    Entry { name: "Settings", address: "/admin/settings", glyph: Glyph::Dial, needs: Some("view_settings") },
    Entry { name: "Audit log", address: "/admin/audit", glyph: Glyph::Check, needs: Some("view_audit") },
];

/// The name and the address of the menu's entry that a path belongs to.
pub(crate) fn place(path: &str) -> Option<(&'static str, &'static str)> {
    ENTRIES.iter().find(|entry| is_within(entry.address, path)).map(|entry| (entry.name, entry.address))
}

/// The name and the address of the first page of somebody's menu.
pub(crate) fn first_page(may: impl Fn(&str) -> bool) -> (&'static str, &'static str) {
    let first = ENTRIES.iter().find(|entry| entry.needs.is_none_or(&may));
    first.map_or(("Overview", "/"), |entry| (entry.name, entry.address))
}

fn is_within(address: &str, path: &str) -> bool {
    match path.strip_prefix(address) {
        Some(rest) if address == "/" => rest.is_empty(),
        Some(rest) => rest.is_empty() || rest.starts_with('/'),
        None => false,
    }
}

/// The rail of wide screens, which can be folded to its icons.
#[component]
pub fn Rail() -> impl IntoView {
    let folded =
        RwSignal::new(with_context(|preferences: &Preferences| preferences.rail_folded).unwrap_or_default());
    // A checkbox and not a button: the style sheet sees its state, so it folds without JavaScript too.
    let fold = move |event: leptos::ev::Event| {
        let checked = event_target_checked(&event);
        folded.set(checked);
        let value = if checked { RAIL_FOLDED } else { RAIL_WIDE };
        browser::set_root_attribute(RAIL_ATTRIBUTE, value);
        browser::set_cookie(RAIL_COOKIE, value);
    };
    view! {
        <nav class="rail" aria-label="Main">
            <Brand />
            <Entries />
            <label class="rail-fold" title="Fold the menu">
                <input type="checkbox" checked=folded.get_untracked() on:change=fold />
                <Icon glyph=Glyph::Fold />
                <span>"Fold the menu"</span>
            </label>
        </nav>
    }
}

/// The menu of small screens: a `details` element, so it opens without JavaScript.
#[component]
pub fn Drawer() -> impl IntoView {
    let drawer = NodeRef::<html::Details>::new();
    let summary = NodeRef::<html::Summary>::new();
    let close = move || {
        if let Some(drawer) = drawer.get_untracked() {
            drawer.set_open(false);
        }
    };
    // A change of page closes the drawer.
    let path = use_location().pathname;
    Effect::new(move |_| {
        path.track();
        close();
    });
    let on_key = move |event: leptos::ev::KeyboardEvent| {
        if event.key() == "Escape" {
            close();
            if let Some(summary) = summary.get_untracked() {
                // An element that has left the document meanwhile needs no focus.
                summary.focus().ok();
            }
        }
    };
    view! {
        <details class="drawer" node_ref=drawer on:keydown=on_key>
            <summary class="icon-button" aria-label="Menu" node_ref=summary>
                <Icon glyph=Glyph::Menu />
            </summary>
            <nav aria-label="Main" class="drawer-panel">
                <Brand />
                <Entries />
                <OverallHealth />
                <StateWords />
                <Account />
            </nav>
        </details>
    }
}

#[component]
fn Brand() -> impl IntoView {
    let (name, address) = first_page(may);
    let label = format!("Patchline, to the {}", name.to_ascii_lowercase());
    view! {
        <a class="brand" href=address aria-label=label>
            <svg class="brand-mark" viewBox="0 0 28 28" width="28" height="28" aria-hidden="true">
                <path class="brand-cable" d="M6 19.5C6 26 14 24 14 14S22 2 22 8.5"></path>
                <circle class="brand-jack" cx="6" cy="16" r="3.5"></circle>
                <circle class="brand-jack is-live" cx="22" cy="12" r="3.5"></circle>
            </svg>
            <span class="brand-name">"Patchline"</span>
        </a>
    }
}

#[component]
fn Entries() -> impl IntoView {
    let path = use_location().pathname;
    view! {
        <ul class="entries">
            {ENTRIES
                .iter()
                .filter(|entry| entry.needs.is_none_or(may))
                .map(|entry| {
                    let current = move || path.with(|path| is_within(entry.address, path)).then_some("page");
                    view! {
                        <li>
                            <a
                                href=entry.address
                                aria-current=current
                                title=entry.name
                                inner_html=inside(entry)
                            ></a>
                        </li>
                    }
                })
                .collect_view()}
        </ul>
    }
}

/// The icon and the name of an entry, as one text: nothing in them changes.
fn inside(entry: &Entry) -> String {
    let mut markup = Markup::default();
    write_icon(&mut markup, entry.glyph);
    markup.html("<span>").html(entry.name).html("</span>");
    markup.into_string()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::components::permitted::ASKED;

    #[test]
    fn knows_to_which_entry_a_page_belongs() {
        assert_eq!(place("/"), Some(("Overview", "/")));
        assert_eq!(place("/artists/art_1"), Some(("Artists", "/artists")));
        assert_eq!(place("/releases"), Some(("Releases", "/releases")));
    }

    #[test]
    fn what_pages_need_is_asked_about() {
        let needed = ENTRIES.iter().filter_map(|entry| entry.needs);
        let unasked: Vec<_> = needed.filter(|operation| !ASKED.contains(operation)).collect();
        assert!(unasked.is_empty(), "add {unasked:?} to ASKED, or nobody sees their pages");
    }

    #[test]
    fn the_first_page_is_one_that_may_be_used() {
        assert_eq!(first_page(|_| true), ("Overview", "/"));
        assert_eq!(first_page(|operation| operation == "browse_releases"), ("Releases", "/releases"));
        assert_eq!(first_page(|_| false), ("Tools", "/tools"), "which is for everybody");
    }

    #[test]
    fn claims_no_page_that_is_not_its_own() {
        assert_eq!(place("/artistsx"), None);
        assert_eq!(place("/nowhere"), None);
    }
}
