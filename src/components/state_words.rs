//! What is true of this installation, in words: where its data are, and that they are sample data.

use super::preferences::state_in_words;
use leptos::prelude::*;

/// Stands between the place and the sample label.
pub(crate) const BETWEEN: &str = " · ";

/// The words. Where there is little room they are left out, unless they tell of the sample label: that is always said.
#[component]
pub fn StateWords() -> impl IntoView {
    let words = state_in_words();
    words.map(|words| {
        let (place, sample) = match words.split_once(BETWEEN) {
            Some((place, sample)) => (place.to_owned(), Some(sample.to_owned())),
            None => (words, None),
        };
        let says_sample = sample.is_some();
        view! {
            <p class="state-words" class:says-sample=says_sample>
                <span class="state-place">{place}{says_sample.then_some(BETWEEN)}</span>
                {sample}
            </p>
        }
    })
}
