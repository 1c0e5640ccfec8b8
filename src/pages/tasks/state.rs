//! How far tasks and steps are, as icon, word and colour.

use crate::components::badge::{Badge, Tone};
use crate::components::icon::Glyph;
use crate::model::task::{Risk, StepState, TaskState};
use leptos::prelude::*;

/// How far a task is.
#[component]
pub fn TaskBadge(
    /// The state.
    state: TaskState,
) -> impl IntoView {
    let (tone, glyph) = match state {
        TaskState::Waiting => (Tone::Quiet, Glyph::Pulse),
        TaskState::Running => (Tone::Signal, Glyph::Wave),
        TaskState::Asking => (Tone::Warning, Glyph::Question),
        TaskState::Approving => (Tone::Warning, Glyph::Lock),
        TaskState::Done => (Tone::Good, Glyph::Check),
        TaskState::Partial => (Tone::Warning, Glyph::Warning),
        TaskState::Failed => (Tone::Bad, Glyph::Warning),
        TaskState::Refused => (Tone::Quiet, Glyph::Withdrawn),
        TaskState::Cancelled => (Tone::Quiet, Glyph::Remove),
    };
    view! { <Badge tone=tone glyph=glyph word=state.label() /> }
}

/// How far a step is.
#[component]
pub fn StepBadge(
    /// The state.
    state: StepState,
) -> impl IntoView {
    let (tone, glyph) = match state {
        StepState::Waiting => (Tone::Quiet, Glyph::Pulse),
        StepState::Running => (Tone::Signal, Glyph::Wave),
        StepState::Done => (Tone::Good, Glyph::Check),
        StepState::Failed => (Tone::Bad, Glyph::Warning),
        StepState::Skipped => (Tone::Warning, Glyph::Withdrawn),
        StepState::Cancelled => (Tone::Quiet, Glyph::Remove),
    };
    view! { <Badge tone=tone glyph=glyph word=state.label() /> }
}

/// What a step may do.
#[component]
pub fn RiskBadge(
    /// The risk.
    risk: Risk,
) -> impl IntoView {
    let (tone, glyph) = match risk {
        Risk::Low => (Tone::Quiet, Glyph::Search),
        Risk::Medium => (Tone::Signal, Glyph::Pencil),
        Risk::High => (Tone::Bad, Glyph::Warning),
    };
    view! { <Badge tone=tone glyph=glyph word=risk.label() /> }
}

/// The style class of a step in drawings.
pub(super) fn class(state: StepState) -> &'static str {
    match state {
        StepState::Waiting => "is-waiting",
        StepState::Running => "is-running",
        StepState::Done => "is-done",
        StepState::Failed => "is-failed",
        StepState::Skipped => "is-skipped",
        StepState::Cancelled => "is-cancelled",
    }
}
