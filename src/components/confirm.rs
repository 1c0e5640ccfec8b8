//! The way to the page where somebody shows once more who they are, before a change that asks for it.

use super::icon::{Glyph, Icon};
use super::preferences::Preferences;
use leptos::prelude::*;
use leptos_router::hooks::use_location;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

/// The path of that page.
pub const PAGE: &str = "/confirm";

/// The field of its address with the operation that was about to be done.
pub(crate) const BEFORE: &str = "for";

/// The field of its address with the page to come back to.
pub(crate) const NEXT: &str = "next";

/// All but the characters that RFC 3986 calls unreserved.
const RESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// A path with what was about to be done, and the page to come back to.
pub fn address(path: &str, operation: &str, next: &str) -> String {
    let (operation, next) = (utf8_percent_encode(operation, RESERVED), utf8_percent_encode(next, RESERVED));
    format!("{path}?{BEFORE}={operation}&{NEXT}={next}")
}

/// The address of the page that is shown, as a way back.
pub(crate) fn here(path: &str, search: &str) -> String {
    let search = search.trim_start_matches('?');
    if search.is_empty() { path.to_owned() } else { format!("{path}?{search}") }
}

/// Says before a form is used that its person has to show once more who they are. Nothing where they have lately.
#[component]
pub fn ConfirmNotice() -> impl IntoView {
    let viewer = use_context::<Preferences>().and_then(|preferences| preferences.viewer);
    let location = use_location();
    viewer.is_some_and(|viewer| viewer.confirm_due).then(|| {
        let here = here(&location.pathname.get_untracked(), &location.search.get_untracked());
        view! {
            <div class="notice tone-warning">
                <Icon glyph=Glyph::Lock />
                <p>
                    "It is a while ago that you showed who you are. Before you change something here, "
                    <a href=address(PAGE, "", &here) rel="external">
                        "confirm that it is you"
                    </a>
                    "."
                </p>
            </div>
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_way_back_is_one_field_of_the_address() {
        let here = here("/admin/policy", "?rule=a&b=c d");
        assert_eq!(
            address(PAGE, "change_policy", &here),
            "/confirm?for=change_policy&next=%2Fadmin%2Fpolicy%3Frule%3Da%26b%3Dc%20d"
        );
        assert_eq!(super::here("/keys", ""), "/keys");
    }
}
