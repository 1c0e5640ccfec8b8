//! A button that puts an identifier on the clipboard and says that it did.

use super::browser;
use super::icon::{Glyph, Icon};
use leptos::prelude::*;
use std::time::Duration;

/// How long the button says that the text is copied.
const SAID_FOR: Duration = Duration::from_secs(2);

#[derive(Clone, Copy, PartialEq, Eq)]
enum Outcome {
    NotYet,
    Copied,
    Refused,
}

/// Copies a text. Hidden where there is no JavaScript, because it would do nothing.
#[component]
pub fn CopyButton(
    /// What is copied.
    #[prop(into)]
    text: String,
    /// What the text is, for the button's name: `"UPC"`.
    #[prop(into)]
    what: String,
) -> impl IntoView {
    let outcome = RwSignal::new(Outcome::NotYet);
    let label = format!("Copy {what}");
    let copy = move |_| {
        browser::copy(text.clone(), move |worked| {
            outcome.set(if worked { Outcome::Copied } else { Outcome::Refused });
            set_timeout(
                move || {
                    // The button may have left the page meanwhile.
                    let _ = outcome.try_set(Outcome::NotYet);
                },
                SAID_FOR,
            );
        });
    };
    view! {
        <span class="copy">
            <button type="button" class="icon-button needs-script" aria-label=label.clone() title=label on:click=copy>
                {move || match outcome.get() {
                    Outcome::Copied => view! { <Icon glyph=Glyph::Check /> },
                    Outcome::NotYet | Outcome::Refused => view! { <Icon glyph=Glyph::Copy /> },
                }}
            </button>
            <span class="copy-answer" role="status">
                {move || match outcome.get() {
                    Outcome::NotYet => "",
                    Outcome::Copied => "Copied",
                    Outcome::Refused => "The browser did not allow it",
                }}
            </span>
        </span>
    }
}
