//! What is heard: one recording, or two that play together, of which one is heard. On the server it is silent.

use leptos::html;
use leptos::prelude::*;

/// The elements that play.
#[derive(Clone, Copy)]
pub(super) struct Sound {
    pub(super) audio: NodeRef<html::Audio>,
    /// The recording that it is compared with.
    pub(super) beside: NodeRef<html::Audio>,
    pub(super) hears_other: RwSignal<bool>,
    /// The integrated loudness of both, in LUFS.
    pub(super) loudness: (Option<f64>, Option<f64>),
}

/// Volumes at which both are as loud as the quieter one; 1 where the loudness is not known.
#[cfg_attr(not(any(feature = "hydrate", test)), expect(dead_code, reason = "only a browser plays"))]
fn volumes((own, other): (Option<f64>, Option<f64>)) -> (f64, f64) {
    let (Some(own), Some(other)) = (own, other) else { return (1.0, 1.0) };
    let target = own.min(other);
    let volume = |loudness: f64| 10.0_f64.powf((target - loudness) / 20.0).clamp(0.0, 1.0);
    (volume(own), volume(other))
}

#[cfg(feature = "hydrate")]
impl Sound {
    /// How far apart both may be, in seconds.
    const APART: f64 = 0.05;

    fn element(node: NodeRef<html::Audio>) -> Option<web_sys::HtmlMediaElement> {
        use wasm_bindgen::JsCast;
        let element = node.get_untracked()?;
        element.dyn_ref::<web_sys::HtmlMediaElement>().cloned()
    }

    /// Where it is, in seconds.
    pub(super) fn position(self) -> f64 {
        Self::element(self.audio).map_or(0.0, |audio| audio.current_time())
    }

    /// Goes to a place.
    pub(super) fn seek(self, seconds: f64) {
        for audio in [self.audio, self.beside].into_iter().filter_map(Self::element) {
            audio.set_current_time(seconds);
        }
    }

    /// Begins to play.
    pub(super) fn play(self) {
        if let Some(audio) = Self::element(self.audio) {
            // A browser that plays only what somebody has clicked on leaves it to the click.
            audio.play().ok();
        }
    }

    /// Plays or pauses.
    pub(super) fn toggle(self) {
        match Self::element(self.audio) {
            Some(audio) if audio.paused() => self.play(),
            Some(audio) => {
                // What is paused already cannot fail to be.
                audio.pause().ok();
            }
            None => {}
        }
    }

    /// Lets the other one play along, of which nothing is heard at first.
    pub(super) fn begin_beside(self) {
        if let Some(beside) = Self::element(self.beside) {
            beside.set_current_time(self.position());
            beside.play().ok();
            self.switch();
        }
    }

    /// Pauses the other one, too.
    pub(super) fn pause_beside(self) {
        if let Some(beside) = Self::element(self.beside) {
            beside.pause().ok();
        }
    }

    /// Lets one of both be heard: they go on, so there is no gap.
    pub(super) fn switch(self) {
        let (Some(audio), Some(beside)) = (Self::element(self.audio), Self::element(self.beside)) else {
            return;
        };
        let (own, other) = volumes(self.loudness);
        audio.set_volume(own);
        beside.set_volume(other);
        let hears_other = self.hears_other.get_untracked();
        audio.set_muted(hears_other);
        beside.set_muted(!hears_other);
    }

    /// Brings both together, where they have drifted apart: the one that is not heard is moved.
    pub(super) fn keep_together(self) {
        let (Some(audio), Some(beside)) = (Self::element(self.audio), Self::element(self.beside)) else {
            return;
        };
        if audio.paused() || (audio.current_time() - beside.current_time()).abs() <= Self::APART {
            return;
        }
        if self.hears_other.get_untracked() {
            audio.set_current_time(beside.current_time());
        } else {
            beside.set_current_time(audio.current_time());
        }
    }
}

#[cfg(not(feature = "hydrate"))]
#[expect(clippy::unused_self, reason = "as in the browser")]
impl Sound {
    /// Nobody hears anything on the server.
    pub(super) fn position(self) -> f64 {
        let _ = (self.audio, self.beside, self.hears_other, self.loudness);
        0.0
    }

    /// As in the browser.
    pub(super) fn seek(self, _: f64) {}

    /// As in the browser.
    pub(super) fn play(self) {}

    /// As in the browser.
    pub(super) fn toggle(self) {}

    /// As in the browser.
    pub(super) fn begin_beside(self) {}

    /// As in the browser.
    pub(super) fn pause_beside(self) {}

    /// As in the browser.
    pub(super) fn switch(self) {}

    /// As in the browser.
    pub(super) fn keep_together(self) {}
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_louder_one_is_turned_down_to_the_quieter() {
        let (own, other) = volumes((Some(-8.0), Some(-14.0)));
        assert!((own - 0.501).abs() < 0.001 && (other - 1.0).abs() < 1e-9, "{own} {other}");
        assert_eq!(volumes((Some(-8.0), None)), (1.0, 1.0));
    }
}
