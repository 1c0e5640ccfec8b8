//! The history of a server as a strip of days.

use crate::components::date::short_date;
use crate::components::format::{counted, grouped, percent};
use crate::components::health_badge::tone;
use crate::model::fleet::{DayView, HISTORY_DAYS, Health};
use jiff::ToSpan;
use jiff::civil::Date;
use leptos::prelude::*;

/// A day for each cell; days of which nothing is known are empty, not good.
#[component]
pub fn HistoryStrip(
    /// What is known.
    history: Vec<DayView>,
    /// The last day of the strip.
    today: Date,
) -> impl IntoView {
    let days = calendar(&history, today);
    let summary = summary(&history);
    let cells = days.iter().map(|(date, day)| {
        let health = day.as_ref().map_or(Health::Unknown, DayView::health);
        view! { <span class=format!("day {}", tone(health).class()) title=day_in_words(*date, day.as_ref())></span> }
    });
    view! {
        <div class="history">
            <div class="history-strip" role="img" aria-label=summary.clone()>
                {cells.collect_view()}
            </div>
            <p class="history-words">
                <span>{format!("{HISTORY_DAYS} days ago")}</span>
                <span>{summary}</span>
                <span>"Today"</span>
            </p>
        </div>
    }
}

fn calendar(history: &[DayView], today: Date) -> Vec<(Date, Option<DayView>)> {
    let dates = (0..HISTORY_DAYS).rev().filter_map(|age| today.checked_sub(age.days()).ok());
    dates.map(|date| (date, history.iter().find(|day| day.date == date).cloned())).collect()
}

/// `Worked at 99.9 % of the checks of 12 days`.
fn summary(history: &[DayView]) -> String {
    let checks: u64 = history.iter().map(checks).sum();
    if checks == 0 {
        return "No checks yet".to_owned();
    }
    let failing: u64 = history.iter().map(|day| u64::from(day.failing)).sum();
    let days = counted(history.len() as u64, "day");
    format!("Worked at {} of the checks of {days}", share(failing, checks))
}

fn checks(day: &DayView) -> u64 {
    u64::from(day.healthy) + u64::from(day.degraded) + u64::from(day.failing)
}

/// What is not perfect never reads as 100 %.
#[expect(clippy::cast_precision_loss, reason = "counts of checks are far below 2⁵²")]
fn share(failing: u64, checks: u64) -> String {
    let uptime = 1.0 - failing as f64 / checks as f64;
    if failing > 0 && uptime > 0.999 { "99.9\u{a0}%".to_owned() } else { percent(uptime) }
}

/// What a cell says on hover.
pub(super) fn day_in_words(date: Date, day: Option<&DayView>) -> String {
    let date = short_date(date);
    let Some(day) = day else { return format!("{date}: no checks") };
    let checks = checks(day);
    let share = share(day.failing.into(), checks.max(1));
    let reason = day.reason.as_ref().map(|reason| format!(" {reason}")).unwrap_or_default();
    format!("{date}: {}, worked at {share} of {} checks.{reason}", day.health(), grouped(checks))
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    fn day(date: Date, healthy: u32, failing: u32) -> DayView {
        let reason = (failing > 0).then(|| "The bucket does not exist.".to_owned());
        DayView { date, healthy, degraded: 0, failing, reason }
    }

    #[test]
    fn a_day_without_checks_is_empty_and_not_good() {
        let today = date(2026, 11, 25);
        let days = calendar(&[day(today, 5, 0)], today);
        assert_eq!(days.len(), 90);
        assert!(days.last().is_some_and(|(_, day)| day.is_some()));
        assert_eq!(day_in_words(days[0].0, days[0].1.as_ref()), "28 Aug 2026: no checks");
    }

    #[test]
    fn a_failure_is_never_rounded_away() {
        let days = [day(date(2026, 11, 24), 99_999, 1), day(date(2026, 11, 25), 100_000, 0)];
        assert_eq!(summary(&days), "Worked at 99.9\u{a0}% of the checks of 2 days");
        assert_eq!(summary(&[]), "No checks yet");
        let words = day_in_words(days[0].date, Some(&days[0]));
        assert!(words.ends_with("of 100\u{202f}000 checks. The bucket does not exist."), "{words}");
    }
}
