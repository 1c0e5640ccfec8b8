//! Where things of a recording are in its drawing: 1,000 units wide, 200 high.

use crate::model::recording::{LoudnessCurve, WaveformPart};
use std::fmt::Write;

/// Columns of the waveform.
const COLUMNS: u32 = 500;
/// The width of the drawing.
const WIDTH: f64 = 1000.0;
/// Half its height.
const MIDDLE: f64 = 100.0;
/// The least that is seen, in seconds.
const CLOSEST: f64 = 0.02;
/// The loudness at the bottom of the drawing, in LUFS; the top is 0.
const QUIETEST: f64 = -60.0;
/// The rate that is thought of where a resolution is chosen, in Hz.
const USUAL_RATE: f64 = 44_100.0;

/// The part of a recording that is seen, in seconds.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct View {
    from: f64,
    to: f64,
    length: f64,
}

impl View {
    /// All of it.
    pub(super) fn whole(length: f64) -> Self {
        Self { from: 0.0, to: length, length }
    }

    /// Whether it is less than the whole.
    pub(super) fn is_zoomed(self) -> bool {
        self.to - self.from < self.length * 0.99
    }

    /// How far from a mark a pointer still means it, in seconds.
    pub(super) fn near(self) -> f64 {
        (self.to - self.from) * 0.004
    }

    /// The place at a fraction of the width.
    pub(super) fn at(&self, fraction: f64) -> f64 {
        self.from + (self.to - self.from) * fraction
    }

    /// Shows more or less around a place, which stays where it is seen.
    pub(super) fn zoom(&mut self, factor: f64, around: f64) {
        let seen = self.to - self.from;
        let wanted = (seen * factor).clamp(CLOSEST.min(self.length), self.length);
        let around = around.clamp(self.from, self.to);
        let share = (around - self.from) / seen;
        self.place(around - wanted * share, wanted);
    }

    /// Goes on to a place that is not seen.
    pub(super) fn follow(&mut self, place: f64) {
        let seen = self.to - self.from;
        if place < self.from || place > self.to {
            self.place(place - seen * 0.1, seen);
        }
    }

    fn place(&mut self, from: f64, seen: f64) {
        self.from = from.clamp(0.0, (self.length - seen).max(0.0));
        self.to = self.from + seen;
    }

    /// What is seen, with half as much on both sides.
    pub(super) fn with_margin(self) -> (f64, f64) {
        let margin = (self.to - self.from) / 2.0;
        ((self.from - margin).max(0.0), (self.to + margin).min(self.length))
    }

    /// How many samples a column stands for.
    pub(super) fn samples_per_pixel(self) -> u32 {
        whole(((self.to - self.from) * USUAL_RATE / f64::from(COLUMNS * 2)).floor()).max(2)
    }
}

/// A number that is not negative as a whole one.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "it is brought into the range first"
)]
pub(super) fn whole(number: f64) -> u32 {
    number.clamp(0.0, f64::from(u32::MAX)) as u32
}

/// Where a place is across the drawing.
pub(super) fn across(view: View, place: f64) -> String {
    format!("{:.1}", WIDTH * (place - view.from) / (view.to - view.from))
}

/// Stretches of time in the order in which they begin, as [`marks_path`] needs them.
pub(super) fn in_order(mut places: Vec<(f64, f64)>) -> Vec<(f64, f64)> {
    places.sort_by(|(one, _), (other, _)| one.total_cmp(other));
    places
}

/// Stretches of time over the whole height, as far as they are seen, in the order in which they begin. What is short
/// can still be seen, and what would be drawn over what is there already is left out.
pub(super) fn marks_path(places: &[(f64, f64)], view: View) -> String {
    const NARROWEST: f64 = 2.0;
    let mut path = String::new();
    let mut drawn_to = f64::NEG_INFINITY;
    let scale = WIDTH / (view.to - view.from);
    for (from, to) in places.iter().filter(|(from, to)| *to >= view.from && *from <= view.to) {
        let left = ((from - view.from) * scale).max(0.0);
        let right = ((to - view.from) * scale).min(WIDTH).max(left + NARROWEST);
        if right <= drawn_to {
            continue;
        }
        // Writing to a text cannot fail.
        let _ = write!(path, "M{left:.1} 0H{right:.1}V200H{left:.1}Z");
        drawn_to = right;
    }
    path
}

/// Seconds of a point of a waveform.
fn seconds_of_point(part: &WaveformPart) -> f64 {
    f64::from(part.samples_per_pixel) / f64::from(part.sample_rate.max(1))
}

fn points(part: &WaveformPart) -> u32 {
    u32::try_from(part.data.len() / 2).unwrap_or(u32::MAX)
}

/// Whether a part of a waveform has all that is seen.
pub(super) fn covers(part: &WaveformPart, view: View) -> bool {
    let point = seconds_of_point(part);
    let to = part.from + point * f64::from(points(part));
    part.from <= view.from + point && to + point >= view.to
}

/// Whether it has a point for each column.
pub(super) fn is_fine(part: &WaveformPart, view: View) -> bool {
    seconds_of_point(part) * f64::from(COLUMNS) <= view.to - view.from
}

/// The waveform as a path over the whole height: a line from low to high in each column.
pub(super) fn path(part: &WaveformPart, view: View) -> String {
    path_around(part, view, MIDDLE, MIDDLE)
}

/// The waveforms of two channels: the first in the upper half, the second in the lower one.
pub(super) fn side_path(part: &WaveformPart, view: View, is_second: bool) -> String {
    let half = MIDDLE / 2.0;
    path_around(part, view, if is_second { MIDDLE + half } else { half }, half)
}

/// The waveform around a line that is `half` away from the most that it can show.
fn path_around(part: &WaveformPart, view: View, middle: f64, half: f64) -> String {
    let point = seconds_of_point(part);
    let all = points(part);
    let mut path = String::new();
    if all == 0 || point <= 0.0 {
        return path;
    }
    let column = (view.to - view.from) / f64::from(COLUMNS);
    for number in 0..COLUMNS {
        let from = view.from + column * f64::from(number) - part.from;
        let first = whole((from / point).floor());
        let last = whole(((from + column) / point).ceil()).max(first.saturating_add(1)).min(all);
        let Some((low, high)) = extremes(part, first, last) else { continue };
        let x = WIDTH * f64::from(number) / f64::from(COLUMNS);
        let y = |value: i16| middle - f64::from(value) / 32_768.0 * half;
        // Silence is a line that can be seen, too.
        let (top, bottom) = (y(high), y(low).max(y(high) + 0.5));
        // Writing to a text cannot fail.
        let _ = write!(path, "M{x:.0} {top:.1}V{bottom:.1}");
    }
    path
}

fn extremes(part: &WaveformPart, first: u32, last: u32) -> Option<(i16, i16)> {
    let (first, last) = (usize::try_from(first).ok()?, usize::try_from(last).ok()?);
    let values = part.data.get(first * 2..last * 2)?;
    Some((values.iter().copied().min()?, values.iter().copied().max()?))
}

/// The short-term loudness as a line. Where it is silent there is none.
pub(super) fn curve_path(curve: &LoudnessCurve, view: View) -> String {
    let mut path = String::new();
    if curve.step <= 0.0 {
        return path;
    }
    let scale = WIDTH / (view.to - view.from);
    // A value for each unit of the width is enough, and only what is seen is looked at.
    let stride = whole((1.0 / (scale * curve.step)).floor()).max(1);
    let before = whole((view.from / curve.step - 1.0).ceil());
    let first = (before - before % stride).max(1);
    let last = whole((view.to / curve.step + 1.0).floor());
    let mut is_drawing = false;
    for number in (first..=last).step_by(usize::try_from(stride).unwrap_or(usize::MAX)) {
        let index = usize::try_from(number - 1).unwrap_or(usize::MAX);
        let Some(tenths) = curve.short_term.get(index) else { break };
        let loudness = f64::from(*tenths) / 10.0;
        if loudness <= -99.0 {
            is_drawing = false;
            continue;
        }
        let x = scale * (curve.step * f64::from(number) - view.from);
        let y = 2.0 * MIDDLE * (loudness / QUIETEST).clamp(0.0, 1.0);
        let step = if is_drawing { 'L' } else { 'M' };
        // Writing to a text cannot fail.
        let _ = write!(path, "{step}{x:.1} {y:.1}");
        is_drawing = true;
    }
    path
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn part(points: usize) -> WaveformPart {
        let data = (0..points).flat_map(|_| [-16_384, 16_384]).collect();
        WaveformPart { sample_rate: 1_000, samples_per_pixel: 10, from: 0.0, data }
    }

    #[test]
    fn the_whole_is_drawn_in_columns_from_low_to_high() {
        let path = path(&part(1_000), View::whole(10.0));
        assert!(path.starts_with("M0 50.0V150.0M2 50.0V150.0"), "{path}");
        assert_eq!(path.matches('M').count(), 500);
    }

    #[test]
    fn two_channels_are_drawn_above_each_other() {
        let view = View::whole(10.0);
        assert!(side_path(&part(1_000), view, false).starts_with("M0 25.0V75.0M2 25.0V75.0"));
        assert!(side_path(&part(1_000), view, true).starts_with("M0 125.0V175.0M2 125.0V175.0"));
    }

    #[test]
    fn what_is_not_there_is_not_drawn() {
        assert_eq!(path(&WaveformPart::default(), View::whole(1.0)), "");
        assert_eq!(curve_path(&LoudnessCurve::default(), View::whole(1.0)), "");
        let curve =
            LoudnessCurve { step: 0.1, momentary: vec![], short_term: vec![-1_000, -300, -300, -1_000] };
        assert_eq!(curve_path(&curve, View::whole(0.4)), "M500.0 100.0L750.0 100.0");
    }

    #[test]
    fn of_a_long_curve_only_what_is_seen_is_drawn() {
        let curve = LoudnessCurve { step: 0.1, momentary: vec![], short_term: vec![-200; 36_000] };
        assert!(
            curve_path(&curve, View::whole(3_600.0)).matches('L').count() <= 1_100,
            "a value for each unit"
        );
        let mut view = View::whole(3_600.0);
        view.zoom(1.0 / 3_600.0, 1_800.0);
        let points = curve_path(&curve, view).matches(['M', 'L']).count();
        assert!((10..=13).contains(&points), "ten a second: {points}");
    }

    #[test]
    fn marks_are_drawn_where_they_are_seen_and_once_where_they_are_close() {
        let mut view = View::whole(100.0);
        assert_eq!(marks_path(&[(10.0, 20.0)], view), "M100.0 0H200.0V200H100.0Z");
        assert_eq!(marks_path(&[(50.0, 50.0), (50.0, 50.001)], view).matches('M').count(), 1);
        assert_eq!(marks_path(&[(50.0, 60.0), (55.0, 56.0)], view).matches('M').count(), 1);
        view.zoom(0.1, 0.0);
        assert_eq!(marks_path(&[(50.0, 60.0)], view), "");
    }

    #[test]
    fn a_mark_before_those_of_another_finding_is_drawn_too() {
        let places = in_order(vec![(50.0, 60.0), (80.0, 81.0), (10.0, 12.0)]);
        assert_eq!(places[0], (10.0, 12.0));
        assert_eq!(marks_path(&places, View::whole(100.0)).matches('M').count(), 3);
    }

    #[test]
    fn zooming_keeps_the_place_where_it_is_seen() {
        let mut view = View::whole(100.0);
        view.zoom(0.5, 25.0);
        assert_eq!((view.from, view.to), (12.5, 62.5));
        assert_eq!(across(view, 25.0), "250.0");
        view.zoom(100.0, 25.0);
        assert_eq!((view.from, view.to), (0.0, 100.0));
    }

    #[test]
    fn what_is_heard_is_seen() {
        let mut view = View::whole(100.0);
        view.zoom(0.1, 0.0);
        view.follow(50.0);
        assert!(view.from < 50.0 && view.to > 50.0);
    }

    proptest! {
        #[test]
        fn the_view_stays_within_the_recording(
            steps in proptest::collection::vec((0.1_f64..4.0, -10.0_f64..400.0), 1..30), length in 0.1_f64..300.0
        ) {
            let mut view = View::whole(length);
            for (factor, place) in steps {
                view.zoom(factor, place);
                view.follow(place);
                prop_assert!(view.from >= 0.0 && view.to <= length + 1e-6 && view.from < view.to);
            }
        }
    }
}
