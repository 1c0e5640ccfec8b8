//! What analyses conclude, as icon, word and colour: whether a change is proven, how fast somebody grows, how
//! large a risk is.

use super::badge::{Badge, Tone};
use super::icon::{Glyph, Icon, write_icon};
use super::markup::Markup;
use crate::model::analysis::{Band, RiskLevel, Verdict};
use crate::model::day::with_short_days;
use leptos::prelude::*;

/// The word for a verdict.
pub fn verdict_word(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Proven => "Proven",
        Verdict::NotProven => "Not proven",
        Verdict::NotEnoughData => "Not enough data",
    }
}

/// Whether a change is larger than chance explains.
#[component]
pub fn VerdictBadge(
    /// The verdict.
    verdict: Verdict,
) -> impl IntoView {
    let (tone, glyph) = match verdict {
        Verdict::Proven => (Tone::Signal, Glyph::Check),
        Verdict::NotProven => (Tone::Quiet, Glyph::Level),
        Verdict::NotEnoughData => (Tone::Warning, Glyph::Question),
    };
    view! { <Badge tone=tone glyph=glyph word=verdict_word(verdict) /> }
}

/// The word for how fast somebody grows.
pub fn band_word(band: Band) -> &'static str {
    match band {
        Band::Explosive => "Explosive",
        Band::High => "High",
        Band::Moderate => "Moderate",
        Band::Steady => "Steady",
        Band::Declining => "Declining",
        Band::NotEnoughData => "Not enough data",
    }
}

fn look_of(band: Band) -> (Tone, Glyph) {
    match band {
        Band::Explosive | Band::High | Band::Moderate => (Tone::Good, Glyph::Rise),
        Band::Steady => (Tone::Quiet, Glyph::Level),
        Band::Declining => (Tone::Bad, Glyph::Fall),
        Band::NotEnoughData => (Tone::Warning, Glyph::Question),
    }
}

/// How fast an artist grows compared with others.
#[component]
pub fn BandBadge(
    /// The band.
    band: Band,
) -> impl IntoView {
    let (tone, glyph) = look_of(band);
    view! { <Badge tone=tone glyph=glyph word=band_word(band) /> }
}

/// The same as [`BandBadge`], as text.
pub(crate) fn write_band(markup: &mut Markup, band: Band) {
    let (tone, glyph) = look_of(band);
    markup.html(r#"<span class="badge "#).html(tone.class()).html(r#"">"#);
    write_icon(markup, glyph);
    markup.html(band_word(band)).html("</span>");
}

/// How likely it is that streams are artificial. A risk, never a verdict.
#[component]
pub fn RiskBadge(
    /// The risk.
    risk: RiskLevel,
) -> impl IntoView {
    let (tone, glyph, word) = match risk {
        RiskLevel::Low => (Tone::Good, Glyph::Check, "Low risk"),
        RiskLevel::Medium => (Tone::Warning, Glyph::Warning, "Medium risk"),
        RiskLevel::High => (Tone::Bad, Glyph::Warning, "High risk"),
        RiskLevel::NotEnoughData => (Tone::Warning, Glyph::Question, "Not enough data"),
    };
    view! { <Badge tone=tone glyph=glyph word=word /> }
}

/// What could not be seen, and the limits of a method: open to whoever asks, and on paper.
#[component]
pub fn Notes(
    /// Full sentences.
    notes: Vec<String>,
) -> impl IntoView {
    (!notes.is_empty()).then(|| {
        view! {
            <details class="craft-notes">
                <summary>
                    <Icon glyph=Glyph::Information />
                    "How this was worked out, and what could not be seen"
                </summary>
                <ul>{notes.into_iter().map(|note| view! { <li>{with_short_days(&note)}</li> }).collect_view()}</ul>
            </details>
        }
    })
}
