//! Twenty-eight days in the height of a line: a level meter for each day.

use super::format::{compact, counted};
use super::markup::Markup;
use leptos::prelude::*;
use std::fmt::Write;
use std::ops::Range;

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
    let mut paths = Markup::default();
    write_paths(&mut paths, &values);
    view! {
        <svg
            class="sparkline"
            viewBox=view_box(&values)
            width=width(&values)
            height=HEIGHT
            role="img"
            aria-label=in_words(&values)
            inner_html=paths.into_string()
        ></svg>
    }
}

/// The same as [`Sparkline`], as text.
pub(crate) fn write_sparkline(markup: &mut Markup, values: &[Option<u64>]) {
    markup
        .html(r#"<svg class="sparkline" viewBox=""#)
        .text(&view_box(values))
        .html(r#"" width=""#)
        .number(width(values))
        .html(r#"" height=""#)
        .number(HEIGHT)
        .html(r#"" role="img" aria-label=""#)
        .text(&in_words(values))
        .html(r#"">"#);
    write_paths(markup, values);
    markup.html("</svg>");
}

fn width(values: &[Option<u64>]) -> u64 {
    (values.len() * DAY_WIDTH) as u64
}

/// Begins half a bar before the first, so that the middles of all bars are whole numbers, which are short.
fn view_box(values: &[Option<u64>]) -> String {
    format!("-1.5 0 {} {HEIGHT}", width(values))
}

/// The paths, which are strokes as wide as a bar.
fn write_paths(markup: &mut Markup, values: &[Option<u64>]) {
    let lit_from = values.len().saturating_sub(LIT_DAYS);
    let top = values.iter().flatten().copied().max().unwrap_or(0).max(1);
    markup.html(r#"<path class="sparkline-before" d=""#);
    write_bars(markup, values, 0..lit_from, top);
    markup.html(r#""/><path class="sparkline-lit" d=""#);
    write_bars(markup, values, lit_from..values.len(), top);
    markup.html(r#""/>"#);
    if values.contains(&None) {
        markup.html(r#"<path class="sparkline-gap" d=""#);
        write_gaps(markup, values);
        markup.html(r#""/>"#);
    }
}

fn write_bars(markup: &mut Markup, values: &[Option<u64>], days: Range<usize>, top: u64) {
    for day in days {
        if let Some(value) = values[day] {
            // In tenths of a unit, rounded: from the lowest bar, which has one unit, to the full height.
            let height = 10
                + (u128::from(value) * u128::from((HEIGHT - 1) * 10) + u128::from(top) / 2) / u128::from(top);
            let y = u64::try_from(u128::from(HEIGHT * 10).saturating_sub(height)).unwrap_or_default();
            markup.html("M").number(place(day)).html(" ").number(HEIGHT).html("V").number(y / 10);
            if y % 10 > 0 {
                markup.html(".").number(y % 10);
            }
        }
    }
}

fn write_gaps(markup: &mut Markup, values: &[Option<u64>]) {
    for (day, _) in values.iter().enumerate().filter(|(_, value)| value.is_none()) {
        markup.html("M").number(place(day)).html(" ").number(HEIGHT).html("v-2");
    }
}

fn place(day: usize) -> u64 {
    (day * DAY_WIDTH) as u64
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
        let mut paths = Markup::default();
        write_paths(&mut paths, &[Some(10), None, Some(0)]);
        assert_eq!(
            paths.into_string(),
            r#"<path class="sparkline-before" d=""/><path class="sparkline-lit" d="M0 24V0M8 24V23"/><path class="sparkline-gap" d="M4 24v-2"/>"#
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
