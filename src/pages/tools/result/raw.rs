//! The result as the tool gave it.

use crate::components::copy_button::CopyButton;
use leptos::prelude::*;
use serde_json::Value;

/// The most characters that are shown. The copy always is the whole.
const SHOWN: usize = 200_000;

/// The JSON with a button that copies it.
#[component]
pub fn RawResult(
    /// The result.
    result: Value,
) -> impl IntoView {
    let text = format!("{result:#}");
    let (shown, is_cut) = beginning(&text, SHOWN);
    let shown = shown.to_owned();
    view! {
        <CopyButton text=text what="the result as JSON" />
        {is_cut.then(|| view! { <p class="muted">"Only the beginning is shown. Copy it to have the whole."</p> })}
        <pre class="result-json" role="region" tabindex="0" aria-label="Result as JSON">
            <code>{shown}</code>
        </pre>
    }
}

/// The beginning of a text, and whether something follows.
fn beginning(text: &str, most: usize) -> (&str, bool) {
    match text.char_indices().nth(most) {
        Some((end, _)) => (&text[..end], true),
        None => (text, false),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_text_is_cut_between_characters() {
        assert_eq!(beginning("äöü", 2), ("äö", true));
        assert_eq!(beginning("äöü", 3), ("äöü", false));
    }
}
