//! How something is, as icon, word and colour; and all servers in words for the top of every page.

use super::badge::{Badge, Tone};
use super::icon::{Glyph, Icon};
use super::permitted::may;
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

/// All servers in words, as a link to the page that says more for those who may see it.
#[component]
pub fn OverallHealth() -> impl IntoView {
    let Some(KnownOverall(overall)) = use_context::<KnownOverall>() else { return ().into_any() };
    let health = Memo::new(move |_| overall.with(|overall| overall.health));
    let class = move || format!("overall-health {}", tone(health.get()).class());
    let words = view! {
        {move || view! { <Icon glyph=glyph(health.get()) /> }}
        <span>{move || overall.with(|overall| overall.words.clone())}</span>
    };
    if may("view_fleet") {
        view! {
            <a class=class href="/health">
                {words}
            </a>
        }
        .into_any()
    } else {
        view! { <span class=class>{words}</span> }.into_any()
    }
}
