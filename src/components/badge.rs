//! Badges: a state as icon, word and colour together.

use super::icon::{Glyph, Icon};
use crate::model::artist::EventKind;
use crate::model::release::ReleaseStatus;
use leptos::prelude::*;

/// What a state means to the viewer; decides the colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tone {
    /// Nothing to do.
    Quiet,
    /// As it should be.
    Good,
    /// Worth a look.
    Warning,
    /// Something is wrong.
    Bad,
    /// On its way, or to be noticed.
    Signal,
}

impl Tone {
    /// The name of its style class.
    pub fn class(self) -> &'static str {
        match self {
            Tone::Quiet => "tone-quiet",
            Tone::Good => "tone-good",
            Tone::Warning => "tone-warning",
            Tone::Bad => "tone-bad",
            Tone::Signal => "tone-signal",
        }
    }
}

/// A state as icon, word and colour.
#[component]
pub fn Badge(
    /// What the state means.
    tone: Tone,
    /// Its picture.
    glyph: Glyph,
    /// Its word.
    #[prop(into)]
    word: String,
) -> impl IntoView {
    view! {
        <span class=format!("badge {}", tone.class())>
            <Icon glyph=glyph />
            {word}
        </span>
    }
}

/// Where a release stands.
#[component]
pub fn StatusBadge(
    /// The status.
    status: ReleaseStatus,
) -> impl IntoView {
    let (tone, glyph) = match status {
        ReleaseStatus::Draft => (Tone::Quiet, Glyph::Pencil),
        ReleaseStatus::Scheduled => (Tone::Signal, Glyph::Calendar),
        ReleaseStatus::Released => (Tone::Good, Glyph::Check),
        ReleaseStatus::Withdrawn => (Tone::Bad, Glyph::Withdrawn),
    };
    view! { <Badge tone=tone glyph=glyph word=status.to_string() /> }
}

/// What kind of thing happened.
#[component]
pub fn EventBadge(
    /// The kind.
    kind: EventKind,
) -> impl IntoView {
    let (glyph, word) = match kind {
        EventKind::Release => (Glyph::Record, "Release"),
        EventKind::Playlist => (Glyph::Playlist, "Playlist"),
        EventKind::Press => (Glyph::Press, "Press"),
        EventKind::Tour => (Glyph::Stage, "Tour"),
        EventKind::Sync => (Glyph::Film, "Sync"),
    };
    view! { <Badge tone=Tone::Quiet glyph=glyph word=word /> }
}

/// Says that figures are generated and no one's real plays.
#[component]
pub fn SampleBadge() -> impl IntoView {
    view! { <Badge tone=Tone::Warning glyph=Glyph::Information word="Sample data" /> }
}
