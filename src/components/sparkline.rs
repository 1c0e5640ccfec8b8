//! Twenty-eight days in the height of a line: a level meter for each day.

use super::format::{compact, counted};
use leptos::prelude::*;
use std::fmt::Write;

/// The width of a day in the drawing's units; the bar takes three quarters of it.
const DAY_WIDTH: usize = 4;
/// The height of the drawing in its units.
const HEIGHT: u64 = 24;
/// The days at the end that are lit: the last week.
const LIT_DAYS: usize = 7;

/// A bar for each day, the last week lit. A missing day is a dot on the base line, never a zero.
#[component]
pub fn Sparkline(
    /// The values, oldest first.
    values: Vec<Option<u64>>,
) -> impl IntoView {
    let width = values.len() * DAY_WIDTH;
    view! {
        <svg
            class="sparkline"
            viewBox=format!("0 0 {width} {HEIGHT}")
            width=width
            height=HEIGHT
            role="img"
            aria-label=in_words(&values)
            inner_html=drawing(&values)
        ></svg>
    }
}

/// The paths as one text: a list has fifty drawings, and elements of their own would double the work.
fn drawing(values: &[Option<u64>]) -> String {
    let lit_from = values.len().saturating_sub(LIT_DAYS);
    let top = values.iter().flatten().copied().max().unwrap_or(0).max(1);
    let mut paths = String::with_capacity(24 * values.len() + 120);
    for (class, days) in [("before", 0..lit_from), ("lit", lit_from..values.len())] {
        // Writing to a string cannot fail.
        let _ = write!(paths, r#"<path class="sparkline-{class}" d=""#);
        write_bars(&mut paths, values, days, top);
        paths.push_str(r#""></path>"#);
    }
    paths.push_str(r#"<path class="sparkline-gap" d=""#);
    write_gaps(&mut paths, values);
    paths.push_str(r#""></path>"#);
    paths
}

fn write_bars(path: &mut String, values: &[Option<u64>], days: std::ops::Range<usize>, top: u64) {
    for day in days {
        if let Some(value) = values[day] {
            // In tenths of a unit, rounded: from the lowest bar, which has one unit, to the full height.
            let height = 10
                + (u128::from(value) * u128::from((HEIGHT - 1) * 10) + u128::from(top) / 2) / u128::from(top);
            let y = u128::from(HEIGHT * 10).saturating_sub(height);
            let _ = write!(path, "M{} {}.{}h3V{HEIGHT}h-3z", day * DAY_WIDTH, y / 10, y % 10);
        }
    }
}

fn write_gaps(path: &mut String, values: &[Option<u64>]) {
    for (day, _) in values.iter().enumerate().filter(|(_, value)| value.is_none()) {
        let _ = write!(path, "M{} {HEIGHT}v-2h1v2z", day * DAY_WIDTH + 1);
    }
}

fn in_words(values: &[Option<u64>]) -> String {
    let missing = values.iter().filter(|value| value.is_none()).count();
    let mut known = values.iter().flatten();
    let days = counted(u64::try_from(values.len()).unwrap_or(u64::MAX), "day");
    let Some(first) = known.next() else { return format!("Last {days}: no data") };
    let last = known.next_back().unwrap_or(first);
    let mut words = format!("Last {days}: from {} to {} streams a day", compact(*first), compact(*last));
    if missing > 0 {
        let _ = write!(words, ", {} missing", counted(u64::try_from(missing).unwrap_or(u64::MAX), "day"));
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn draws_a_missing_day_as_a_gap_and_a_zero_as_a_bar() {
        assert_eq!(
            drawing(&[Some(10), None, Some(0)]),
            r#"<path class="sparkline-before" d=""></path><path class="sparkline-lit" d="M0 0.0h3V24h-3zM8 23.0h3V24h-3z"></path><path class="sparkline-gap" d="M5 24v-2h1v2z"></path>"#
        );
    }

    #[test]
    fn says_what_it_shows() {
        assert_eq!(
            in_words(&[Some(1200), None, Some(950)]),
            "Last 3 days: from 1.2\u{a0}k to 950 streams a day, 1 day missing"
        );
        assert_eq!(in_words(&[None]), "Last 1 day: no data");
    }
}
