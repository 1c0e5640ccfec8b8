//! Days and moments: exact in the HTML, in the viewer's words once the browser is there.

use super::browser;
use crate::model::written_time::{day_and_clock, long_day, short_day, utc};
use jiff::Timestamp;
use jiff::civil::Date;
use leptos::prelude::*;

/// `20 Nov 2026`.
pub fn short_date(date: Date) -> String {
    short_day(date)
}

/// `Friday, 20 November 2026`.
pub fn long_date(date: Date) -> String {
    long_day(date)
}

/// A day seen from today: `today`, `in 12 days`, `3 months ago`.
pub fn relative_words(today: Date, day: Date) -> String {
    // The difference of two civil dates always fits: the calendar ends at the year 9999.
    let days = today.until(day).map_or(0, |span| span.get_days());
    let (count, noun) = match days.abs() {
        0 => return "today".to_owned(),
        1 => return if days > 0 { "tomorrow" } else { "yesterday" }.to_owned(),
        distance @ 2..=13 => (distance, "day"),
        distance @ 14..=59 => (distance / 7, "week"),
        distance @ 60..=729 => (distance * 2 / 61, "month"),
        distance => (distance / 365, "year"),
    };
    let plural = if count == 1 { "" } else { "s" };
    if days > 0 { format!("in {count} {noun}{plural}") } else { format!("{count} {noun}{plural} ago") }
}

/// A day. The long form shows on hover.
#[component]
pub fn Day(
    /// The day.
    date: Date,
) -> impl IntoView {
    view! { <time datetime=date.to_string() title=long_date(date)>{short_date(date)}</time> }
}

/// How far a day is from the viewer's today. Empty until the browser is there, which alone knows.
#[component]
pub fn FromToday(
    /// The day.
    date: Date,
) -> impl IntoView {
    let words = RwSignal::new(String::new());
    Effect::new(move |_| {
        if let Some(today) = browser::today() {
            words.set(relative_words(today, date));
        }
    });
    view! { <span class="from-today">{words}</span> }
}

/// A moment, stored as RFC 3339 in UTC. A text that is none is shown as it is.
#[component]
pub fn Moment(
    /// The moment as stored.
    #[prop(into)]
    rfc3339: String,
) -> impl IntoView {
    let words = match rfc3339.parse::<Timestamp>() {
        Ok(moment) => format!("{} UTC", day_and_clock(utc(moment))),
        Err(_) => rfc3339.clone(),
    };
    view! { <time datetime=rfc3339.clone() title=rfc3339>{words}</time> }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn says_days_as_people_do() {
        let today = date(2026, 11, 22);
        assert_eq!(relative_words(today, today), "today");
        assert_eq!(relative_words(today, date(2026, 11, 23)), "tomorrow");
        assert_eq!(relative_words(today, date(2026, 11, 21)), "yesterday");
        assert_eq!(relative_words(today, date(2026, 12, 4)), "in 12 days");
        assert_eq!(relative_words(today, date(2026, 11, 1)), "3 weeks ago");
        assert_eq!(relative_words(today, date(2027, 3, 1)), "in 3 months");
        assert_eq!(relative_words(today, date(2024, 5, 1)), "2 years ago");
    }

    #[test]
    fn writes_dates_without_doubt_about_day_and_month() {
        assert_eq!(short_date(date(2026, 4, 3)), "3 Apr 2026");
        assert_eq!(long_date(date(2026, 11, 22)), "Sunday, 22 November 2026");
    }
}
