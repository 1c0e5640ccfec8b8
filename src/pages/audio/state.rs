//! How far a recording is, what a store says, how much a finding weighs: as icon, word and colour.

use crate::components::badge::{Badge, Tone};
use crate::components::icon::Glyph;
use crate::model::audio::{DeliveryVerdict, FindingSeverity};
use crate::model::recording::RecordingState;
use leptos::prelude::*;

/// How far a recording is.
#[component]
pub fn RecordingBadge(
    /// The state.
    state: RecordingState,
    /// How far the work is, in percent.
    #[prop(optional)]
    progress: u32,
) -> impl IntoView {
    let (tone, glyph) = match state {
        RecordingState::Announced => (Tone::Quiet, Glyph::Calendar),
        RecordingState::Waiting => (Tone::Quiet, Glyph::Playlist),
        RecordingState::Processing => (Tone::Signal, Glyph::Wave),
        RecordingState::Passed => (Tone::Good, Glyph::Check),
        RecordingState::Warned => (Tone::Warning, Glyph::Warning),
        RecordingState::Failed | RecordingState::Unreadable => (Tone::Bad, Glyph::Withdrawn),
        RecordingState::Deleted => (Tone::Quiet, Glyph::Remove),
    };
    let word = match (state, progress) {
        (RecordingState::Processing, 1..) => format!("{}, {progress}\u{a0}%", state.word()),
        _ => state.word().to_owned(),
    };
    view! { <Badge tone=tone glyph=glyph word=word /> }
}

/// What a store says.
#[component]
pub fn VerdictBadge(
    /// The verdict.
    verdict: DeliveryVerdict,
) -> impl IntoView {
    let (tone, glyph) = match verdict {
        DeliveryVerdict::Pass => (Tone::Good, Glyph::Check),
        DeliveryVerdict::Warn => (Tone::Warning, Glyph::Warning),
        DeliveryVerdict::Fail => (Tone::Bad, Glyph::Withdrawn),
    };
    view! { <Badge tone=tone glyph=glyph word=verdict.label() /> }
}

/// How much a finding weighs.
#[component]
pub fn SeverityBadge(
    /// The weight.
    severity: FindingSeverity,
) -> impl IntoView {
    let (tone, glyph) = match severity {
        FindingSeverity::Error => (Tone::Bad, Glyph::Withdrawn),
        FindingSeverity::Warning => (Tone::Warning, Glyph::Warning),
        FindingSeverity::Information => (Tone::Quiet, Glyph::Information),
    };
    view! { <Badge tone=tone glyph=glyph word=severity.label() /> }
}

/// A level with its sign and unit: `−14.2 LUFS`; a dash where there is none.
pub(super) fn level(value: Option<f64>, unit: &str) -> String {
    match value {
        None => "–".to_owned(),
        Some(value) if value < 0.0 => format!("\u{2212}{:.1}\u{a0}{unit}", -value),
        Some(value) => format!("{value:.1}\u{a0}{unit}"),
    }
}

/// A change of level with its sign: `+1.5 dB`.
pub(super) fn change(value: f64) -> String {
    let text = format!("{:.1}", value.abs());
    match (text.as_str(), value < 0.0) {
        ("0.0", _) => "0.0\u{a0}dB".to_owned(),
        (_, true) => format!("\u{2212}{text}\u{a0}dB"),
        (_, false) => format!("+{text}\u{a0}dB"),
    }
}

/// Seconds as whole ones, for playing times.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "recordings last hours at most")]
pub(super) fn whole_seconds(seconds: f64) -> u32 {
    seconds.round().clamp(0.0, 1e6) as u32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn levels_have_their_sign_and_unit() {
        assert_eq!(level(Some(-14.23), "LUFS"), "\u{2212}14.2\u{a0}LUFS");
        assert_eq!(
            (level(Some(0.3), "dBTP"), level(None, "dBTP")),
            ("0.3\u{a0}dBTP".to_owned(), "–".to_owned())
        );
        assert_eq!((change(2.0), change(-0.04)), ("+2.0\u{a0}dB".to_owned(), "0.0\u{a0}dB".to_owned()));
    }
}
