//! Where the marks of a chart over time lie: pure arithmetic from values to paths.
//!
//! The drawing is [`WIDTH`] wide and [`HEIGHT`] high and is stretched to its place on the page.

use super::Series;
use crate::model::written_time::{clock, clock_with_seconds, day_and_month, short_month_of_year, utc};
use jiff::Timestamp;
use std::fmt::Write;

/// The width of the drawing in its units.
pub(super) const WIDTH: f64 = 1000.0;
/// The height of the drawing in its units.
pub(super) const HEIGHT: f64 = 100.0;
/// About so many steps has the vertical axis.
const STEPS: f64 = 4.0;
/// The most names along the horizontal axis.
const MOST_NAMES: i64 = 8;
/// What may lie between two names along the horizontal axis, in seconds.
const DISTANCES: [i64; 17] = [
    10, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10_800, 21_600, 43_200, 86_400, 172_800, 604_800,
    2_419_200,
];
/// Steps from here on are months, which are named one by one, in seconds.
const SHORTEST_MONTH: u32 = 28 * 86_400;
/// Right of this a name has no room.
const ROOM_FOR_A_NAME: f64 = 0.96;

/// The marks of a vertical axis from 0 up to the first round number that is no smaller than `max`. Counts
/// have whole marks only.
pub(super) fn axis(max: f64, whole: bool) -> Vec<f64> {
    let least = if whole { 1.0 } else { f64::MIN_POSITIVE };
    let step = round_up((max / STEPS).max(least));
    let step = if whole { step.ceil() } else { step };
    let steps = number((max / step).ceil().max(1.0));
    (0..=steps).map(|mark| as_float(mark) * step).collect()
}

/// The smallest 1, 2, 2.5 or 5 times a power of ten that is no smaller than `value`.
fn round_up(value: f64) -> f64 {
    let power = 10_f64.powf(value.log10().floor());
    let fits = |factor: &f64| power * factor >= value * (1.0 - 1e-9);
    [1.0, 2.0, 2.5, 5.0, 10.0].into_iter().find(fits).unwrap_or(10.0) * power
}

/// A count as a length.
#[expect(clippy::cast_precision_loss, reason = "a drawing has less than 52 bits")]
pub(super) fn as_float(count: usize) -> f64 {
    count as f64
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a small positive number of marks"
)]
fn number(count: f64) -> usize {
    count.clamp(0.0, 1000.0) as usize
}

/// The middle of a step on the horizontal axis, 0 to 1.
pub(super) fn position(slot: usize, slots: usize) -> f64 {
    (as_float(slot) + 0.5) / as_float(slots.max(1))
}

/// The step at a position, 0 to 1.
pub(super) fn slot_at(fraction: f64, slots: usize) -> Option<usize> {
    let slot = (fraction.clamp(0.0, 1.0) * as_float(slots)).floor();
    slots.checked_sub(1).map(|last| number_of_slot(slot).min(last))
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "between 0 and the number of steps"
)]
fn number_of_slot(slot: f64) -> usize {
    slot as usize
}

fn height_of(value: f64, top: f64) -> f64 {
    HEIGHT - value / top * HEIGHT
}

/// The largest value that is drawn: of sums the largest stack, of others the largest of all.
pub(super) fn largest(series: &[Series], stacked: bool) -> f64 {
    let slots = series.iter().map(|series| series.values.len()).max().unwrap_or(0);
    let at = |slot: usize| series.iter().filter_map(move |series| *series.values.get(slot)?);
    let of_slot = |slot: usize| if stacked { at(slot).sum::<f64>() } else { at(slot).fold(0.0, f64::max) };
    (0..slots).map(of_slot).fold(0.0, f64::max)
}

/// A path of bars for each series, each standing on those of the series before.
pub(super) fn stacks(series: &[Series], top: f64) -> Vec<String> {
    let slots = series.iter().map(|series| series.values.len()).max().unwrap_or(0);
    let mut below = vec![0.0; slots];
    let slot_width = WIDTH / as_float(slots.max(1));
    let width = slot_width * if slots > 200 { 1.0 } else { 0.8 };
    series
        .iter()
        .map(|series| {
            let mut path = String::new();
            for (slot, (value, below)) in series.values.iter().zip(&mut below).enumerate() {
                let Some(value) = value.filter(|value| *value > 0.0) else { continue };
                let x = slot_width * as_float(slot) + (slot_width - width) / 2.0;
                let (floor, ceiling) = (height_of(*below, top), height_of(*below + value, top));
                // Writing to a string cannot fail.
                let _ = write!(path, "M{x:.1} {ceiling:.2}h{width:.1}V{floor:.2}h-{width:.1}z");
                *below += value;
            }
            path
        })
        .collect()
}

/// A line through the known values, broken at gaps; a value alone is a dot.
pub(super) fn line(values: &[Option<f64>], top: f64) -> String {
    let mut path = String::new();
    let mut drawing = false;
    for (slot, value) in values.iter().enumerate() {
        let Some(value) = value else {
            drawing = false;
            continue;
        };
        let x = position(slot, values.len()) * WIDTH;
        let command = if drawing { 'L' } else { 'M' };
        let _ = write!(path, "{command}{x:.1} {:.2}", height_of(*value, top));
        if !drawing && values.get(slot + 1).is_none_or(Option::is_none) {
            path.push_str("h0");
        }
        drawing = true;
    }
    path
}

/// A dot at each known value, for the rows of a query are often far apart.
pub(super) fn dots(values: &[Option<f64>], top: f64) -> String {
    let mut path = String::new();
    for (slot, value) in values.iter().enumerate() {
        if let Some(value) = value {
            let _ =
                write!(path, "M{:.1} {:.2}h0", position(slot, values.len()) * WIDTH, height_of(*value, top));
        }
    }
    path
}

/// Names along the axis: round times with their positions, 0 to 1. A day's beginning has its date.
pub(super) fn names(starts: &[Timestamp], width_seconds: u32) -> Vec<(f64, String)> {
    let (Some(first), Some(last)) = (starts.first(), starts.last()) else { return Vec::new() };
    if width_seconds >= SHORTEST_MONTH {
        return names_of_months(starts);
    }
    let (first, width) = (first.as_second(), i64::from(width_seconds));
    let length = (last.as_second() + width - first).max(1);
    let fits = |distance: &i64| length / distance < MOST_NAMES;
    let distance = DISTANCES.into_iter().find(fits).unwrap_or(length);
    let mut time = first + (distance - first.rem_euclid(distance)).rem_euclid(distance);
    let mut names = Vec::new();
    while time < first + length {
        let fraction = share(time - first, length);
        if let Ok(moment) = Timestamp::from_second(time)
            && fraction < ROOM_FOR_A_NAME
        {
            let moment = utc(moment);
            let name = match (time.rem_euclid(86_400) == 0, distance < 60) {
                (true, _) => day_and_month(moment.date()),
                (false, true) => clock_with_seconds(moment.time()),
                (false, false) => clock(moment.time()),
            };
            names.push((fraction, name));
        }
        time += distance;
    }
    names
}

/// The names of steps that are not equally long, each where its step begins on the drawing.
fn names_of_months(starts: &[Timestamp]) -> Vec<(f64, String)> {
    let count = i64::try_from(starts.len()).unwrap_or(i64::MAX);
    let each = usize::try_from(count / MOST_NAMES + 1).unwrap_or(1);
    let named = (0..count).zip(starts).step_by(each);
    named.map(|(slot, start)| (share(slot, count), short_month_of_year(utc(*start).date()))).collect()
}

#[expect(clippy::cast_precision_loss, reason = "seconds of a range of time")]
fn share(part: i64, whole: i64) -> f64 {
    part as f64 / whole as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    fn series(values: &[Option<f64>]) -> Series {
        Series { name: String::new(), values: values.to_vec() }
    }

    #[test]
    fn the_axis_ends_at_a_round_number_above_the_largest_value() {
        assert_eq!(axis(0.0, true), [0.0, 1.0]);
        assert_eq!(axis(3.0, true), [0.0, 1.0, 2.0, 3.0]);
        assert_eq!(axis(9.0, true), [0.0, 3.0, 6.0, 9.0]);
        assert_eq!(axis(97.0, true), [0.0, 25.0, 50.0, 75.0, 100.0]);
        assert_eq!(axis(0.9, false), [0.0, 0.25, 0.5, 0.75, 1.0]);
        assert!(axis(0.0, false).len() == 2);
    }

    #[test]
    fn bars_stand_on_each_other() {
        let stacked = [series(&[Some(1.0), None]), series(&[Some(3.0), Some(0.0)])];
        assert!((largest(&stacked, true) - 4.0).abs() < f64::EPSILON);
        assert!((largest(&stacked, false) - 3.0).abs() < f64::EPSILON);
        assert_eq!(
            stacks(&stacked, 4.0),
            ["M50.0 75.00h400.0V100.00h-400.0z", "M50.0 0.00h400.0V75.00h-400.0z"]
        );
    }

    #[test]
    fn a_line_breaks_at_a_gap_and_a_lonely_value_stays_visible() {
        let values = [Some(100.0), Some(50.0), None, Some(0.0)];
        assert_eq!(line(&values, 100.0), "M125.0 0.00L375.0 50.00M875.0 100.00h0");
        assert_eq!(dots(&values[..1], 100.0), "M500.0 0.00h0");
    }

    #[test]
    fn the_step_under_the_pointer_is_found() {
        assert_eq!((slot_at(0.0, 10), slot_at(1.0, 10), slot_at(0.55, 10)), (Some(0), Some(9), Some(5)));
        assert_eq!(slot_at(0.5, 0), None);
    }

    #[test]
    fn round_times_are_named_and_days_have_their_date() {
        let at = |text: &str| text.parse::<Timestamp>().expect("a time");
        let starts: Vec<_> = (0..12)
            .map(|slot| {
                Timestamp::from_second(at("2026-11-23T23:32:00Z").as_second() + slot * 300).expect("a time")
            })
            .collect();
        let named: Vec<String> = names(&starts, 300).into_iter().map(|(_, name)| name).collect();
        assert_eq!(named, ["23:40", "23:50", "24 Nov", "00:10", "00:20"]);
        assert_eq!(names(&[], 300), []);
    }

    #[test]
    fn months_are_named_where_their_steps_begin() {
        let at = |text: &str| text.parse::<Timestamp>().expect("a time");
        let starts = ["2026-01-01T00:00:00Z", "2026-02-01T00:00:00Z"].map(at);
        let named = [(0.0, "Jan 2026".to_owned()), (0.5, "Feb 2026".to_owned())];
        assert_eq!(names(&starts, 30 * 86_400), named);
    }
}
