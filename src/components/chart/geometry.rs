//! Where the marks of a chart lie: pure arithmetic from days to paths, without a clock or a screen.
//!
//! The drawing is [`WIDTH`] wide and [`HEIGHT`] high and is stretched to its place on the page.

use crate::model::written_time::{short_month, short_month_of_year};
use jiff::civil::Date;
use std::fmt::Write;

/// The width of the drawing in its units.
pub(crate) const WIDTH: f64 = 1000.0;
/// The height of the drawing in its units.
pub(crate) const HEIGHT: f64 = 100.0;
/// The days that the smooth line is the mean of.
pub(crate) const SMOOTH_DAYS: usize = 7;
/// Right of this a month's name has no room.
const ROOM_FOR_A_NAME: f64 = 0.96;
/// With fewer known days among [`SMOOTH_DAYS`] the smooth line has a gap.
const SMOOTH_MINIMUM: usize = 4;
/// About so many steps has the vertical axis.
const STEPS: u64 = 4;

/// The marks of a vertical axis from 0 up to the first round number that is no smaller than `max`.
pub(crate) fn axis(max: u64) -> Vec<u64> {
    let step = round_up(max.div_ceil(STEPS).max(1));
    let last = max.div_ceil(step).max(1);
    (0..=last).map(|mark| mark * step).collect()
}

/// The smallest 1, 2, 2.5 or 5 times a power of ten that is no smaller than `value`.
fn round_up(value: u64) -> u64 {
    let mut power = 1_u64;
    loop {
        for candidate in [power, power * 2, power * 5 / 2, power * 5] {
            if candidate >= value {
                return candidate;
            }
        }
        match power.checked_mul(10) {
            Some(next) if next < u64::MAX / 5 => power = next,
            _ => return value,
        }
    }
}

/// The mean of each day and the six before it, over the days that are known.
pub(crate) fn smooth(values: &[Option<u64>]) -> Vec<Option<f64>> {
    (0..values.len())
        .map(|day| {
            let window = &values[(day + 1).saturating_sub(SMOOTH_DAYS)..=day];
            let known: Vec<u64> = window.iter().flatten().copied().collect();
            (known.len() >= SMOOTH_MINIMUM && values[day].is_some())
                .then(|| as_float(known.iter().sum()) / as_float(known.len() as u64))
        })
        .collect()
}

/// A count as a length. Counts on a chart are far below 2⁵².
#[expect(clippy::cast_precision_loss, reason = "a drawing has less than 52 bits")]
pub(crate) fn as_float(count: u64) -> f64 {
    count as f64
}

/// The middle of a day on the horizontal axis, 0 to 1.
pub(crate) fn position(day: usize, days: usize) -> f64 {
    (as_float(day as u64) + 0.5) / as_float(days.max(1) as u64)
}

/// The day at a position, 0 to 1.
pub(crate) fn day_at(fraction: f64, days: usize) -> Option<usize> {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "between 0 and the number of days"
    )]
    let day = (fraction.clamp(0.0, 1.0) * as_float(days as u64)) as usize;
    days.checked_sub(1).map(|last| day.min(last))
}

fn height_of(value: f64, top: u64) -> f64 {
    HEIGHT - value / as_float(top.max(1)) * HEIGHT
}

/// A line through the known values, broken at gaps. A day alone between gaps is a dot.
pub(crate) fn line(values: &[Option<f64>], top: u64) -> String {
    let mut path = String::new();
    let mut drawing = false;
    for (day, value) in values.iter().enumerate() {
        let Some(value) = value else {
            drawing = false;
            continue;
        };
        let x = position(day, values.len()) * WIDTH;
        let command = if drawing { 'L' } else { 'M' };
        // Writing to a string cannot fail.
        let _ = write!(path, "{command}{x:.1} {:.2}", height_of(*value, top));
        let is_alone = !drawing && values.get(day + 1).is_none_or(Option::is_none);
        if is_alone {
            path.push_str("h0");
        }
        drawing = true;
    }
    path
}

/// A bar for each known value.
pub(crate) fn bars(values: &[Option<u64>], top: u64) -> String {
    let slot = WIDTH / as_float(values.len().max(1) as u64);
    let width = slot * 0.72;
    let mut path = String::new();
    for (day, value) in values.iter().enumerate() {
        if let Some(value) = value {
            let x = slot * as_float(day as u64) + (slot - width) / 2.0;
            let _ = write!(
                path,
                "M{x:.1} {:.2}h{width:.1}V{HEIGHT}h-{width:.1}z",
                height_of(as_float(*value), top)
            );
        }
    }
    path
}

/// A box over the whole height for each run of missing days.
pub(crate) fn gaps(values: &[Option<u64>]) -> String {
    let slot = WIDTH / as_float(values.len().max(1) as u64);
    let mut path = String::new();
    let mut day = 0;
    while day < values.len() {
        let run = values[day..].iter().take_while(|value| value.is_none()).count();
        if run > 0 {
            let (x, width) = (slot * as_float(day as u64), slot * as_float(run as u64));
            let _ = write!(path, "M{x:.1} 0h{width:.1}V{HEIGHT}h-{width:.1}z");
        }
        day += run.max(1);
    }
    path
}

/// The first days of the months, with the position of each and its name; the year stands at the first
/// mark and at each January. At most about a dozen marks: with more months, every second one.
pub(crate) fn months(dates: &[Date]) -> Vec<(f64, String)> {
    let firsts: Vec<usize> = (0..dates.len()).filter(|day| dates[*day].day() == 1).collect();
    let stride = if firsts.len() > 8 { 2 } else { 1 };
    firsts
        .into_iter()
        .step_by(stride)
        .filter(|day| position(*day, dates.len()) < ROOM_FOR_A_NAME)
        .enumerate()
        .map(|(mark, day)| {
            let date = dates[day];
            let has_year = mark == 0 || usize::try_from(date.month()).is_ok_and(|month| month <= stride);
            let name = if has_year { short_month_of_year(date) } else { short_month(date).to_owned() };
            (position(day, dates.len()), name)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::ToSpan;
    use jiff::civil::date;

    #[test]
    fn ends_the_axis_at_a_round_number_above_the_largest_value() {
        assert_eq!(axis(0), [0, 1]);
        assert_eq!(axis(3), [0, 1, 2, 3]);
        assert_eq!(axis(97), [0, 25, 50, 75, 100]);
        assert_eq!(axis(41_200), [0, 20_000, 40_000, 60_000]);
    }

    #[test]
    fn breaks_the_line_at_a_gap_and_keeps_a_lonely_day_visible() {
        let values = [Some(100.0), Some(50.0), None, Some(0.0)];
        assert_eq!(line(&values, 100), "M125.0 0.00L375.0 50.00M875.0 100.00h0");
    }

    #[test]
    fn marks_a_run_of_missing_days_once() {
        assert_eq!(gaps(&[Some(1), None, None, Some(2)]), "M250.0 0h500.0V100h-500.0z");
        assert_eq!(gaps(&[Some(1)]), "");
    }

    #[test]
    fn smooths_over_the_week_and_only_where_most_of_it_is_known() {
        let smoothed = smooth(&[Some(7), Some(7), Some(7), Some(7), None, Some(14)]);
        assert_eq!(smoothed[2], None);
        assert_eq!(smoothed[3], Some(7.0));
        assert_eq!(smoothed[4], None);
        assert_eq!(smoothed[5], Some(8.4));
    }

    #[test]
    fn finds_the_day_under_the_pointer() {
        assert_eq!(day_at(0.0, 10), Some(0));
        assert_eq!(day_at(1.0, 10), Some(9));
        assert_eq!(day_at(0.55, 10), Some(5));
        assert_eq!(day_at(0.5, 0), None);
    }

    #[test]
    fn names_the_months_along_the_axis() {
        let first = date(2026, 11, 20);
        let dates: Vec<Date> = (0..80).map(|day| first + day.days()).collect();
        let names: Vec<String> = months(&dates).into_iter().map(|(_, name)| name).collect();
        assert_eq!(names, ["Dec 2026", "Jan 2027", "Feb"]);
    }
}
