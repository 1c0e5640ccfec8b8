//! How far an import is, as icon, word and colour.

use crate::components::badge::{Badge, Tone};
use crate::components::icon::Glyph;
use crate::model::import::ImportState;
use leptos::prelude::*;

/// How far an import is.
#[component]
pub fn ImportBadge(
    /// The state.
    state: ImportState,
) -> impl IntoView {
    let (tone, glyph) = match state {
        ImportState::Checking | ImportState::Running | ImportState::Undoing => (Tone::Signal, Glyph::Wave),
        ImportState::Ready => (Tone::Warning, Glyph::Question),
        ImportState::Done => (Tone::Good, Glyph::Check),
        ImportState::Undone => (Tone::Quiet, Glyph::Withdrawn),
        ImportState::Failed => (Tone::Bad, Glyph::Warning),
    };
    view! { <Badge tone=tone glyph=glyph word=state.in_words() /> }
}
