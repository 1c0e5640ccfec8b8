//! Parts of a waveform that are finer than its whole: asked for when the view stands still, and kept, so that zooming
//! back out and in again draws from what is there.

use super::Finer;
use super::geometry::{self, View};
use super::seen::Seen;
use crate::model::recording::{WaveformAsked, WaveformPart};
use leptos::prelude::*;
use std::time::Duration;

/// How long the view has to stand still before a finer waveform is asked for.
const PAUSE: Duration = Duration::from_millis(250);

/// How many parts are kept: from an hour down to a fiftieth of a second it takes about as many steps of the pyramid.
const MOST: usize = 16;

/// Which recording is drawn finer, and by what.
#[derive(Clone, Copy)]
pub(super) struct Source {
    pub(super) id: StoredValue<String>,
    pub(super) finer: StoredValue<Finer>,
}

/// The parts that are there, the newest last.
#[derive(Clone, Copy)]
pub(super) struct Levels {
    parts: RwSignal<Vec<WaveformPart>>,
}

/// The part that a view is drawn from: the coarsest that is fine enough, which has the fewest points; else the finest
/// that there is. None where none has all that is seen.
fn best(parts: &[WaveformPart], view: View) -> Option<&WaveformPart> {
    let covering = || parts.iter().filter(|part| geometry::covers(part, view));
    let fine = covering().filter(|part| geometry::is_fine(part, view));
    fine.max_by_key(|part| part.samples_per_pixel)
        .or_else(|| covering().min_by_key(|part| part.samples_per_pixel))
}

impl Levels {
    /// Asks for finer parts of a channel, from 1, or of all mixed, while that is shown, when the view stands still and
    /// what is there is too coarse for it.
    pub(super) fn of(source: Source, channel: Option<u32>, is_shown: Signal<bool>, seen: Seen) -> Self {
        let levels = Self { parts: RwSignal::new(Vec::new()) };
        let ask = move |view: View| {
            let Some(finer) = source.finer.try_get_value() else { return };
            let Some(id) = source.id.try_get_value() else { return };
            leptos::task::spawn_local(async move {
                let (from, to) = view.with_margin();
                let asked =
                    WaveformAsked { id, samples_per_pixel: view.samples_per_pixel(), from, to, channel };
                if let Some(drawn) = finer(asked).await {
                    levels.keep(drawn);
                }
            });
        };
        let mut ask_soon = debounce(PAUSE, ask);
        Effect::new(move |_| {
            let view = seen.get();
            let is_there = levels
                .parts
                .with_untracked(|parts| best(parts, view).is_some_and(|part| geometry::is_fine(part, view)));
            if is_shown.get() && view.is_zoomed() && !is_there {
                ask_soon(view);
            }
        });
        levels
    }

    fn keep(self, part: WaveformPart) {
        // The page may have been left in the meantime.
        self.parts.try_update(|parts| {
            if parts.len() >= MOST {
                parts.remove(0);
            }
            parts.push(part);
        });
    }

    /// Draws a view from the part that is best for it; from none where the whole has to do.
    pub(super) fn draw(self, view: View, draw: impl FnOnce(Option<&WaveformPart>) -> String) -> String {
        self.parts.with(|parts| draw(best(parts, view)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A part of a recording of 1 kHz with so many samples for each point, from its beginning to so many seconds.
    fn part(samples_per_pixel: u32, to: u32) -> WaveformPart {
        let points = usize::try_from(to * 1_000 / samples_per_pixel).expect("few");
        WaveformPart { sample_rate: 1_000, samples_per_pixel, from: 0.0, data: vec![0; points * 2] }
    }

    #[test]
    fn a_view_is_drawn_from_the_coarsest_part_that_is_fine_enough() {
        let parts = [part(100, 100), part(10, 100), part(2, 1)];
        let seen = |length, zoom| {
            let mut view = View::whole(length);
            view.zoom(zoom, 0.0);
            best(&parts, view).map(|part| part.samples_per_pixel)
        };
        assert_eq!(seen(100.0, 1.0), Some(100), "the whole");
        assert_eq!(seen(100.0, 0.2), Some(10), "20 s");
        assert_eq!(seen(100.0, 0.01), Some(2), "1 s");
        assert_eq!(seen(100.0, 0.02), Some(10), "2 s: none is fine enough, and the finest ends before");
        assert_eq!(best(&[part(2, 1)], View::whole(100.0)), None);
    }
}
