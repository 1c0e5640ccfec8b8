//! What the viewer chose (theme, folded rail) and what the server says about itself: known before the
//! first paint, the same on both sides.
//!
//! The server reads the cookies and writes its findings as attributes of `html`; the browser reads
//! those attributes. So both render the same first page, and no theme flashes.

use crate::model::account::Viewer;
use crate::model::fleet::Overall;
#[cfg(feature = "hydrate")]
use crate::model::role::Role;
use leptos::prelude::with_context;

/// What surrounds every page.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Preferences {
    /// Light, dark, or as the system has it.
    pub theme: Theme,
    /// Whether the rail shows icons only.
    pub rail_folded: bool,
    /// What is true of this installation, for the top bar; none where the server says nothing.
    pub state_in_words: Option<String>,
    /// How all servers are; none where the server says nothing.
    pub health: Option<Overall>,
    /// Who looks at the page; none where nobody is signed in.
    pub viewer: Option<Viewer>,
}

/// Given by the web layer as context: what is true of this installation, for the top bar, for
/// instance `"Embedded AWS · sample label"`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StateInWords(pub String);

/// Given by the web layer as context: how all servers are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HealthInWords(pub Overall);

/// Which colours the viewer wants.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Theme {
    /// Day.
    Light,
    /// Night.
    Dark,
    /// What the operating system asks for.
    #[default]
    System,
}

/// The cookie and the form field that carry the theme.
pub const THEME_COOKIE: &str = "theme";
/// The cookie that says whether the rail is folded.
pub const RAIL_COOKIE: &str = "rail";
/// The value of [`RAIL_COOKIE`] for a folded rail.
pub const RAIL_FOLDED: &str = "folded";
/// The value of [`RAIL_COOKIE`] for a wide rail.
pub const RAIL_WIDE: &str = "wide";
/// The attribute of `html` with the theme.
pub(crate) const THEME_ATTRIBUTE: &str = "data-theme";
/// The attribute of `html` with the rail's state.
pub(crate) const RAIL_ATTRIBUTE: &str = "data-rail";
/// The attribute of `html` with the state in words.
#[cfg(feature = "hydrate")]
const STATE_ATTRIBUTE: &str = "data-state";
/// The attribute of `html` with how all servers are.
#[cfg(feature = "hydrate")]
const HEALTH_ATTRIBUTE: &str = "data-health";
/// The attributes of `html` with who is signed in.
#[cfg(feature = "hydrate")]
const VIEWER_ATTRIBUTE: &str = "data-viewer";
#[cfg(feature = "hydrate")]
const ROLE_ATTRIBUTE: &str = "data-role";
/// The attribute of `html` with what the viewer may use, of what menus and pages ask about.
#[cfg(feature = "hydrate")]
const MAY_ATTRIBUTE: &str = "data-may";
/// The attribute of `html` that is there where the viewer is asked once more who they are, before some changes.
#[cfg(feature = "hydrate")]
const CONFIRM_ATTRIBUTE: &str = "data-confirm";

/// What is true of this installation; none where the server says nothing.
pub(crate) fn state_in_words() -> Option<String> {
    with_context(|preferences: &Preferences| preferences.state_in_words.clone()).flatten()
}

impl Theme {
    /// All of them, in the order of the switch.
    pub const ALL: [Theme; 3] = [Theme::Light, Theme::Dark, Theme::System];

    /// The value in the cookie and in the form.
    pub fn id(self) -> &'static str {
        match self {
            Theme::Light => "light",
            Theme::Dark => "dark",
            Theme::System => "system",
        }
    }

    /// The theme with this [`Theme::id`].
    pub fn from_id(id: &str) -> Option<Theme> {
        Theme::ALL.into_iter().find(|theme| theme.id() == id)
    }

    /// The name that people read.
    pub fn label(self) -> &'static str {
        match self {
            Theme::Light => "Light",
            Theme::Dark => "Dark",
            Theme::System => "As the system",
        }
    }
}

impl Preferences {
    /// What the request's cookies and the web layer say.
    #[cfg(feature = "ssr")]
    pub fn current() -> Self {
        use leptos::prelude::use_context;
        let chosen = with_context(|parts: &http::request::Parts| {
            let cookies = parts.headers.get(http::header::COOKIE).and_then(|value| value.to_str().ok());
            Self::from_cookies(cookies.unwrap_or_default())
        });
        let state_in_words = use_context::<StateInWords>().map(|StateInWords(words)| words);
        let health = use_context::<HealthInWords>().map(|HealthInWords(overall)| overall);
        let viewer = use_context::<Viewer>();
        Self { state_in_words, health, viewer, ..chosen.unwrap_or_default() }
    }

    /// What the server wrote at the `html` element.
    #[cfg(all(feature = "hydrate", not(feature = "ssr")))]
    pub fn current() -> Self {
        use super::browser::root_attribute;
        let operations = || -> Vec<String> {
            let text = root_attribute(MAY_ATTRIBUTE).unwrap_or_default();
            text.split_whitespace().map(str::to_owned).collect()
        };
        Self {
            theme: root_attribute(THEME_ATTRIBUTE).and_then(|id| Theme::from_id(&id)).unwrap_or_default(),
            rail_folded: root_attribute(RAIL_ATTRIBUTE).is_some_and(|rail| rail == RAIL_FOLDED),
            state_in_words: root_attribute(STATE_ATTRIBUTE),
            health: root_attribute(HEALTH_ATTRIBUTE).and_then(|text| Overall::from_attribute(&text)),
            viewer: root_attribute(ROLE_ATTRIBUTE)
                .and_then(|role| Role::from_id(&role))
                .zip(root_attribute(VIEWER_ATTRIBUTE))
                .map(|(role, name)| Viewer {
                    name,
                    role,
                    may: operations(),
                    confirm_due: root_attribute(CONFIRM_ATTRIBUTE).is_some(),
                }),
        }
    }

    /// What a `Cookie` header says. Unknown values count as not given.
    #[cfg(feature = "ssr")]
    fn from_cookies(header: &str) -> Self {
        let mut preferences = Self::default();
        for pair in header.split(';') {
            match pair.trim().split_once('=') {
                Some((THEME_COOKIE, id)) => preferences.theme = Theme::from_id(id).unwrap_or_default(),
                Some((RAIL_COOKIE, value)) => preferences.rail_folded = value == RAIL_FOLDED,
                _ => {}
            }
        }
        preferences
    }

    /// The value of the rail's attribute.
    #[cfg(feature = "ssr")]
    pub(crate) fn rail(&self) -> &'static str {
        if self.rail_folded { RAIL_FOLDED } else { RAIL_WIDE }
    }
}

#[cfg(all(test, feature = "ssr"))]
mod tests {
    use super::*;

    #[test]
    fn reads_theme_and_rail_from_the_cookies() {
        let preferences = Preferences::from_cookies("id=1; theme=dark; rail=folded");
        assert_eq!(preferences.theme, Theme::Dark);
        assert!(preferences.rail_folded);
    }

    #[test]
    fn follows_the_system_without_a_known_choice() {
        assert_eq!(Preferences::from_cookies("").theme, Theme::System);
        assert_eq!(Preferences::from_cookies("theme=\"><script>").theme, Theme::System);
    }
}
