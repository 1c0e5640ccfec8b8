//! How something is, as icon, word and colour; and all servers in words for the top of every page.

use super::badge::{Badge, Tone};
use super::icon::{Glyph, Icon};
use crate::model::fleet::{Health, Overall};
use leptos::prelude::*;

/// What the top of the page says of all servers. Pages that know better set it.
#[derive(Debug, Clone, Copy)]
pub struct KnownOverall(pub RwSignal<Overall>);

/// The colour of a state.
pub fn tone(health: Health) -> Tone {
    match health {
        Health::Healthy => Tone::Good,
        Health::Degraded => Tone::Warning,
        Health::Failing => Tone::Bad,
        Health::Drained => Tone::Signal,
        Health::Unknown => Tone::Quiet,
    }
}

/// The picture of a state.
pub fn glyph(health: Health) -> Glyph {
    match health {
        Health::Healthy => Glyph::Check,
        Health::Degraded => Glyph::Warning,
        Health::Failing => Glyph::Withdrawn,
        Health::Drained => Glyph::Lock,
        Health::Unknown => Glyph::Question,
    }
}

/// How something is.
#[component]
pub fn HealthBadge(
    /// How it is.
    health: Health,
) -> impl IntoView {
    view! { <Badge tone=tone(health) glyph=glyph(health) word=health.to_string() /> }
}

/// All servers in words, as a link to the page that says more.
#[component]
pub fn OverallHealth() -> impl IntoView {
    let Some(KnownOverall(overall)) = use_context::<KnownOverall>() else { return ().into_any() };
    let health = Memo::new(move |_| overall.with(|overall| overall.health));
    view! {
        <a class=move || format!("overall-health {}", tone(health.get()).class()) href="/health">
            {move || view! { <Icon glyph=glyph(health.get()) /> }}
            <span>{move || overall.with(|overall| overall.words.clone())}</span>
        </a>
    }
    .into_any()
}
